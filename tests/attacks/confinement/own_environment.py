"""Find more in the environment than a Python needs."""

import os

WORKS_UNCONFINED = False


def attack(bait):
    return [n for n in os.environ if "PASSWORD" in n or "TOKEN" in n or n in ("VIRTUAL_ENV", "SSH_AUTH_SOCK", "OLDPWD", "PYTEST_CURRENT_TEST")]
