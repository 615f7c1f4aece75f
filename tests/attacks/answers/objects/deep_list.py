"""Return a list a hundred thousand deep."""

DEEP = []
for _ in range(100_000):
    DEEP = [DEEP]


def relu_backward(grad_out, x):
    return DEEP
