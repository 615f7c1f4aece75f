"""Hand in a link that climbs out of the folder."""

import os


def hand_in(folder, page, classmate):
    (folder / page).symlink_to(os.path.relpath(classmate, folder))
