"""Hand in a pipe, which nobody ever writes to, where the time of handing in should stand."""

import os


def hand_in(folder, page, classmate):
    os.mkfifo(folder / "timestamp.txt")
