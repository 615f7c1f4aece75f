"""Write a file anywhere but in the working folder."""

import os

WORKS_UNCONFINED = False


def attack(bait):
    for folder, folders, _ in os.walk("/"):
        folders[:] = [f for f in folders if os.path.join(folder, f) not in ("/proc", "/sys", "/dev/shm", os.environ["HOME"])]
        try:
            os.close(os.open(os.path.join(folder, "attack"), os.O_CREAT | os.O_WRONLY))
            return folder
        except OSError:
            pass
    return None
