"""Give oneself full marks in the gradebook."""

import sqlite3

WORKS_UNCONFINED = False


def attack(bait):
    with sqlite3.connect(f"file:{bait['course']}/gradebook.db?mode=rw", uri=True) as gradebook:
        gradebook.execute("UPDATE grade SET points = 5")
    return "changed"
