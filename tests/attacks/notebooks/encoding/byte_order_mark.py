"""Save with a byte order mark and Windows line ends."""

import nbformat

KEEPS = True  # an honest accident: what was right keeps its marks


def hand_in(nb):
    return b"\xef\xbb\xbf" + nbformat.writes(nb).replace("\n", "\r\n").encode()
