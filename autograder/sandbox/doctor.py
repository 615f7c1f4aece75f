"""Says what this machine offers to confine student code, and why."""

import os
import platform
import subprocess
from dataclasses import dataclass
from pathlib import Path

from autograder.sandbox import seccomp
from autograder.sandbox.bubblewrap import program
from autograder.sandbox.canary import Found
from autograder.sandbox.ladder import LADDER, VARIABLE, NotConfined, asked_for, choose, found, how_to_get_one

# Settings by which systems keep ordinary users from making namespaces, with the value that lets bubblewrap work.
_SETTINGS = {
    "/proc/sys/user/max_user_namespaces": "not 0",
    "/proc/sys/kernel/unprivileged_userns_clone": "1",
    "/proc/sys/kernel/apparmor_restrict_unprivileged_userns": "0, or a profile for bwrap",
}


@dataclass(frozen=True)
class Examined:
    """What was found; `used` is the backend that grading takes, or empty."""

    used: str
    verdict: str
    backends: list[Found]
    machine: dict[str, str]


def examine() -> Examined:
    """Try every backend, and look at what decides whether they can work."""
    asked = asked_for()
    backends = [found(backend.name) for backend in LADDER]
    try:
        used = choose("auto" if asked == "none" else asked).name
        verdict = f"Student code is confined by {used}."
    except NotConfined:
        used = ""
        what = "Nothing here confines" if asked in ("auto", "none") else f"{VARIABLE}={asked} is set, and that does not confine"
        verdict = f"{what} student code, so grading refuses to run it. {how_to_get_one()}"
    if asked == "none":
        verdict += f" But {VARIABLE}=none is set: grading runs it unconfined."
    return Examined(used, verdict, backends, _machine())


def _machine() -> dict[str, str]:
    path = program()
    version = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout.strip() if path else "not installed"
    lines = {
        "system": f"{platform.system()} {platform.release()}, {platform.machine()}",
        "user": "root: student code gets a user of its own" if os.geteuid() == 0 else "an ordinary user",
        "bubblewrap": f"{version} ({path})" if path else version,
        "system-call filter": "built in" if seccomp.program() else f"none for {platform.machine()}",
        "total memory": "not bounded: limits are per process; run grading in a cgroup of its own if that matters (docs/security.md)",
    }
    for setting, wanted in _SETTINGS.items():
        if (file := Path(setting)).exists():
            lines[setting] = f"{file.read_text(encoding='ascii').strip()} (bubblewrap needs {wanted})"
    return lines
