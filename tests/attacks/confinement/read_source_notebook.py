"""Read the built notebook with its solutions."""

WORKS_UNCONFINED = True


def attack(bait):
    return open(f"{bait['course']}/notebooks/week3/02_backprop.ipynb").read()[:50]
