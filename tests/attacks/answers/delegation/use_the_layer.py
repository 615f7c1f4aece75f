"""Use the layer that does it."""

from course.layers import ReLU


def relu_backward(grad_out, x):
    layer = ReLU()
    layer.forward(x)
    return layer.backward(grad_out)

# told: calls the library's own
