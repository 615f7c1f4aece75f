"""Fill /dev, which is memory too."""

WORKS_UNCONFINED = False


def attack(bait):
    with open("/dev/attack", "wb") as file:
        return file.write(bytes(1 << 20))
