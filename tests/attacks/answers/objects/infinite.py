"""Return infinity with the right signs."""

import numpy as np


def relu_backward(grad_out, x):
    return np.where(x > 0, np.sign(grad_out) * np.inf, -np.inf)
