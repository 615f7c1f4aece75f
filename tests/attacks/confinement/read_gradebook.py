"""Read all marks."""

import sqlite3

WORKS_UNCONFINED = True


def attack(bait):
    with sqlite3.connect(f"file:{bait['course']}/gradebook.db?mode=ro", uri=True) as gradebook:
        return gradebook.execute("SELECT * FROM grade").fetchall()
