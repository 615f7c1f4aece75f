"""Hand in the notebook in a folder of a folder, under a name that is markup and runs from right to left."""

OWN = True  # it is the student's own, and found


def hand_in(folder, page, classmate):
    deep = folder / "<img src=x onerror=alert(1)>" / "a" / "b"
    deep.mkdir(parents=True)
    (deep / "\u202egnp.ipynb").write_bytes(classmate.read_bytes().replace(b"bob", b"eve"))
