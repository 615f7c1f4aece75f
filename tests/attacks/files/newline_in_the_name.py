"""Hand in a file whose name holds new lines, markup and commands for a terminal."""

OWN = True  # it is the student's own, and found


def hand_in(folder, page, classmate):
    (folder / "a\n[red]b\x1b[2J.ipynb").write_bytes(classmate.read_bytes().replace(b"bob", b"eve"))
