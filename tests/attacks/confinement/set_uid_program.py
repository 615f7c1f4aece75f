"""Become root through a set-uid program."""

WORKS_UNCONFINED = True


def attack(bait):
    with open("/proc/self/status") as file:
        status = dict(line.split(":", 1) for line in file)
    return status["NoNewPrivs"].strip() != "1"
