"""Hand in a link under a wrong name, to be found by what it holds."""


def hand_in(folder, page, classmate):
    (folder / "copy.ipynb").symlink_to(classmate)
