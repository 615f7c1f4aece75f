"""List the instructor's home folder."""

import os

WORKS_UNCONFINED = True


def attack(bait):
    return [n for n in os.listdir(bait["real_home"]) if n not in (".pyenv", "miniconda3", "anaconda3")]
