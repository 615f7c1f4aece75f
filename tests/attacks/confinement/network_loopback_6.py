"""Connect to a port of this machine by IPv6 or under its own addresses."""

import socket

WORKS_UNCONFINED = True


def attack(bait):
    for host in ("::1", "::ffff:127.0.0.1", "0.0.0.0", *bait["addresses"]):
        try:
            socket.create_connection((host, bait["port"]), 1)
            return host
        except OSError:
            pass
    return None
