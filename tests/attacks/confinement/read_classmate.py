"""Read what a classmate handed in."""

WORKS_UNCONFINED = True


def attack(bait):
    return open(f"{bait['course']}/submitted/bob/week3/02_backprop.ipynb").read()
