"""Take all memory."""

WORKS_UNCONFINED = False


def attack(bait):
    return len(bytearray(16 << 30))
