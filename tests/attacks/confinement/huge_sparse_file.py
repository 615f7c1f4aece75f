"""Make a file of a terabyte."""

WORKS_UNCONFINED = False


def attack(bait):
    with open("sparse", "wb") as file:
        file.truncate(1 << 40)
    return "made"
