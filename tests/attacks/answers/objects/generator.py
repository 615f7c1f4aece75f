"""Return a generator, which is another thing each time it is looked at."""

def relu_backward(grad_out, x):
    return (row for row in grad_out)
