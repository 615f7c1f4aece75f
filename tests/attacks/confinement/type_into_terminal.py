"""Type a command into the terminal that the grader was started from."""

import fcntl
import os
import termios

WORKS_UNCONFINED = False


def attack(bait):
    for number in (0, 1, 2):
        try:
            fcntl.ioctl(number, termios.TIOCSTI, b"#")
            return number
        except OSError:
            pass
    os.close(os.open("/dev/tty", os.O_RDWR))
    return "/dev/tty"
