"""Reach the host of a virtual machine, which no network namespace prevents."""

import socket

WORKS_UNCONFINED = False


def attack(bait):
    return socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM).fileno()
