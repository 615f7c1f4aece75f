"""Open files without end."""

WORKS_UNCONFINED = False


def attack(bait):
    files = []
    try:
        for _ in range(5000):
            files.append(open("/dev/null"))
    except OSError:
        return len(files) if len(files) > 1000 else None
    return len(files)
