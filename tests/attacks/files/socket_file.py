"""Hand in a socket."""

import os
import socket


def hand_in(folder, page, classmate):
    here = os.getcwd()
    os.chdir(folder)  # the path of a socket has to be short
    try:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(page)
    finally:
        os.chdir(here)
