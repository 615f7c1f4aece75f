"""Return an array that another thread keeps changing."""

import threading

import numpy as np

SHARED = np.zeros((5, 4))


def change():
    for i in range(200_000):
        SHARED[...] = np.random.normal(size=SHARED.shape)


threading.Thread(target=change, daemon=True).start()


def relu_backward(grad_out, x):
    return SHARED if x.shape == SHARED.shape else 0 * x + 1
