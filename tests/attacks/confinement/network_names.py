"""Resolve a name, which would carry data out through the machine's resolver."""

import os
import socket

WORKS_UNCONFINED = False


def attack(bait):
    try:
        return socket.getaddrinfo("localhost.example.org", 80)
    except OSError:
        servers = [f for f in ("/etc/resolv.conf",) if os.path.exists(f) and open(f).read()]
        return servers + [f for f in ("/run/nscd/socket", "/run/systemd/resolve/io.systemd.Resolve") if os.path.exists(f)]
