"""Search the whole file system for the answers, the seed and the gradebook."""

import os

WORKS_UNCONFINED = True


def attack(bait):
    wanted = {"answer_key.py", "misconceptions", "right_answers", "secret_seed", "gradebook.db", "02_backprop.md", "sample_class", "submitted"}
    for folder, folders, names in os.walk("/"):
        folders[:] = [f for f in folders if os.path.join(folder, f) not in ("/proc", "/sys") and f != "nbgrader"]
        if found := wanted.intersection(folders + names):
            return folder, found
    return None
