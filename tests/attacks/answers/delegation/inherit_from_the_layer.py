"""Inherit from the layer that does it, without its start."""

from course.layers import ReLU


class Mine(ReLU):
    def __init__(self):
        self._cache = None


def relu_backward(grad_out, x):
    layer = Mine()
    layer.forward(x)
    return layer.backward(grad_out)
