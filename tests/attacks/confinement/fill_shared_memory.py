"""Fill /dev/shm, which is memory."""

WORKS_UNCONFINED = False


def attack(bait):
    with open("/dev/shm/attack", "wb") as file:
        for _ in range(8):
            file.write(bytes(32 << 20))
    return "256 MiB"
