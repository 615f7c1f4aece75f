"""Return an integer of a million digits, and a text as long as it may be."""

def relu_backward(grad_out, x):
    return [1 << 4_000_000, 'x' * 70_000_000]
