"""Return arrays of records, text, times, complex numbers and long doubles."""

import numpy as np

KINDS = iter([np.dtype([("a", float)]), np.dtype("U5"), np.dtype("M8[s]"), np.dtype(complex), np.dtype(np.longdouble), np.dtype("S3"), np.dtype("V8")] * 9)


def relu_backward(grad_out, x):
    return np.zeros(x.shape, next(KINDS))
