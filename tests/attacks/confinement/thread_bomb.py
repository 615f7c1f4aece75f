"""Start threads without end."""

import threading
import time

WORKS_UNCONFINED = False


def attack(bait):
    count = 0
    try:
        for _ in range(500):
            threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
            count += 1
    except RuntimeError:
        return count if count > 100 else None
    return count
