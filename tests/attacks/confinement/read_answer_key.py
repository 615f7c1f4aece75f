"""Read the reference solutions in the source of the notebook."""

WORKS_UNCONFINED = True


def attack(bait):
    return open(f"{bait['course']}/notebooks/week3/02_backprop.md").read()[:50]
