"""Use up the stack, of Python and of C."""

import sys

sys.setrecursionlimit(2**31 - 1)


def relu_backward(grad_out, x):
    return relu_backward(x, grad_out)
