"""Connect to a Unix socket in the file system of the host, as docker's and D-Bus's are."""

import socket

WORKS_UNCONFINED = True


def attack(bait):
    for path in (bait["unix"], "/run/docker.sock", "/var/run/docker.sock", "/run/dbus/system_bus_socket"):
        try:
            socket.socket(socket.AF_UNIX).connect(path)
            return path
        except OSError:
            pass
    return None
