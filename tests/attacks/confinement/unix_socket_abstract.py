"""Connect to an abstract Unix socket of the host."""

import socket

WORKS_UNCONFINED = True


def attack(bait):
    socket.socket(socket.AF_UNIX).connect("\0" + bait["abstract"])
    return "connected"
