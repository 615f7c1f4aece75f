"""Open raw, packet and netlink sockets."""

import socket

WORKS_UNCONFINED = True


def attack(bait):
    for family, kind in ((socket.AF_INET, socket.SOCK_RAW), (socket.AF_PACKET, socket.SOCK_RAW), (socket.AF_NETLINK, socket.SOCK_RAW)):
        try:
            return str(socket.socket(family, kind, 1 if family == socket.AF_INET else 0))
        except OSError:
            pass
    return None
