"""Return views that lie backwards in memory, or on one another."""

import numpy as np


def relu_backward(grad_out, x):
    return np.lib.stride_tricks.as_strided(grad_out[..., ::-1], grad_out.shape, (0,) * grad_out.ndim)
