"""Read who has an account here."""

WORKS_UNCONFINED = True


def attack(bait):
    return open("/etc/passwd").read()
