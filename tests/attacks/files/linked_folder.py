"""Hand in a folder that is a link to a classmate's."""


def hand_in(folder, page, classmate):
    (folder / "work").symlink_to(classmate.parent)
