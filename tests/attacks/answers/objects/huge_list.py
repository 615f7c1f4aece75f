"""Return more than anybody wants to read."""

def relu_backward(grad_out, x):
    return [0.0] * 30_000_000
