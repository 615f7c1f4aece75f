"""Leave processes behind that ignore every signal they can."""

import subprocess
import sys

WORKS_UNCONFINED = False


def attack(bait):
    code = "import signal, time\nfor n in set(signal.valid_signals()) - {9, 19}:\n    signal.signal(n, signal.SIG_IGN)\n"
    for _ in range(5):
        subprocess.Popen([sys.executable, "-c", code + f"time.sleep(600)  # {bait['mark']}"], start_new_session=True)
    return None
