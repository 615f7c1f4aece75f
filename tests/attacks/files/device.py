"""Hand in a link to a device that never ends."""


def hand_in(folder, page, classmate):
    (folder / page).symlink_to("/dev/zero")
