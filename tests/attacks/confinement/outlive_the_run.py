"""Leave a daemon behind, in a session of its own."""

import os
import sys

WORKS_UNCONFINED = False


def attack(bait):
    if not os.fork():
        os.setsid()
        if os.fork():
            os._exit(0)
        os.execv(sys.executable, [sys.executable, "-c", f"import time; time.sleep(600)  # {bait['mark']}"])
    return None
