"""Use the derivative, and a layer of another name with a slope of 0."""

from course.layers import Activation, leaky_relu_grad


def relu_backward(grad_out, x):
    layer = Activation(abs, lambda value: leaky_relu_grad(value, 0.0))
    layer.forward(x)
    return layer.backward(grad_out)

# told: calls the library's own
