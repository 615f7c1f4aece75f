"""Resolve a name, which would carry data out through the machine's resolver."""

import os
import socket

WORKS_UNCONFINED = False


def attack(bait):
    try:
        return socket.getaddrinfo("localhost.example.org", 80)
    except OSError:
        return [f for f in ("/etc/resolv.conf", "/run/nscd/socket", "/run/systemd/resolve/io.systemd.Resolve") if os.path.exists(f)]
