"""Connect to a port of this machine."""

import socket

WORKS_UNCONFINED = True


def attack(bait):
    socket.create_connection(("127.0.0.1", bait["port"]), 2)
    return "connected"
