"""Leave a start-up file for the instructor's IPython."""

import os

WORKS_UNCONFINED = False


def attack(bait):
    os.makedirs(f"{bait['home']}/.ipython/profile_default/startup", exist_ok=True)
    with open(f"{bait['home']}/.ipython/profile_default/startup/attack.py", "w") as file:
        file.write("1")
    return None
