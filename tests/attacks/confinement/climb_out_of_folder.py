"""Reach the course folder by ../ from the working folder."""

WORKS_UNCONFINED = True


def attack(bait):
    return open("../" * 40 + f"{bait['course']}/secret_seed").read()
