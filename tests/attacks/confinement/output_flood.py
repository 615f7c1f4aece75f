"""Print and display without end."""

WORKS_UNCONFINED = False


def attack(bait):
    for _ in range(100_000):
        print("x" * 10_000)
    for _ in range(2000):
        display({"text/plain": "y" * 100_000}, raw=True)  # noqa: F821
    return None
