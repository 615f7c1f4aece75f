"""Fill the disk."""

WORKS_UNCONFINED = False


def attack(bait):
    for i in range(40):
        with open(str(i), "wb") as file:
            file.write(bytes(32 << 20))
    return "1.25 GiB"
