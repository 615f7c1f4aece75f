"""Start processes without end."""

import os
import time

WORKS_UNCONFINED = False


def attack(bait):
    count = 0
    try:
        for _ in range(500):
            if not os.fork():
                time.sleep(600)
            count += 1
    except OSError:
        return count if count > 100 else None
    return count
