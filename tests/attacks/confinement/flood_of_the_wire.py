"""Write rubbish on every socket, the grader's among them."""

import socket

WORKS_UNCONFINED = False


def attack(bait):
    for number in range(3, 64):
        try:
            sock = socket.socket(fileno=number)
            sock.settimeout(1)
            sock.sendall(b"\xff" * 10_000_000)
        except OSError:
            pass
    return None
