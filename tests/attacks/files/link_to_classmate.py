"""Hand in a link to a classmate's notebook."""


def hand_in(folder, page, classmate):
    (folder / page).symlink_to(classmate)
