"""Hand in thousands of files."""

OWN = True  # it is the student's own, and found


def hand_in(folder, page, classmate):
    for i in range(2000):
        (folder / f"{i}.txt").touch()
    (folder / page).write_bytes(classmate.read_bytes().replace(b"bob", b"eve"))
