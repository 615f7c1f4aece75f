"""Send a datagram to anywhere, and see network devices."""

import socket

WORKS_UNCONFINED = False


def attack(bait):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        return sock.sendto(b"answers?", ("192.0.2.1", 53))
    except OSError:
        return [name for _, name in socket.if_nameindex() if name != "lo"]
