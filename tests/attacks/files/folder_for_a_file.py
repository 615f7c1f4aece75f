"""Hand in a folder of the notebook's name, with the notebook in it."""

OWN = True  # it is the student's own, and found


def hand_in(folder, page, classmate):
    (folder / page).mkdir()
    (folder / page / page).write_bytes(classmate.read_bytes().replace(b"bob", b"eve"))
