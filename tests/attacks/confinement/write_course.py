"""Leave a file in the course folder."""

WORKS_UNCONFINED = True


def attack(bait):
    with open(f"{bait['course']}/left", "w") as file:
        return file.write("left")
