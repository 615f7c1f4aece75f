"""Hand in a link that leads to itself, and a folder that holds itself."""


def hand_in(folder, page, classmate):
    (folder / page).symlink_to(folder / page)
    (folder / "again").symlink_to(folder)
