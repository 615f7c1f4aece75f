"""Read the seed that the hidden inputs are made from."""

WORKS_UNCONFINED = True


def attack(bait):
    return open(f"{bait['course']}/secret_seed").read()
