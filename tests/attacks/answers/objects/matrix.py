"""Return a matrix, whose operators are others."""

import numpy as np


def relu_backward(grad_out, x):
    return np.matrix(grad_out.reshape(len(x), -1))
