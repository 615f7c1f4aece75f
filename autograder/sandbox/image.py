"""What a container is made of: an image of empty folders, into which our own Python is bound, and its limits.

Nothing is fetched from a registry.
"""

import hashlib
import io
import os
import resource
import subprocess
import tarfile
from functools import lru_cache
from pathlib import Path

from autograder.sandbox import mounts
from autograder.sandbox.backend import PROJECT
from autograder.sandbox.limits import FOLDER_BYTES, LIMITS, SHARED_BYTES

DOOR = "/door"  # where a container fetches its descriptors
OWN_PROCESSES = 8  # the first one, and what the engine starts inside
MOST_DESCRIPTORS = 4096


def bind(source: str, target: str) -> list[str]:
    """Return the options that show a file or folder of ours inside, read-only."""
    return ["--mount", f"type=bind,source={source},target={target},readonly"]


def engine_environment() -> dict[str, str]:
    """Return what the engine's command needs of our environment; an engine would hand proxies on."""
    return {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}


@lru_cache(maxsize=64)
def options(library: Path) -> tuple[str, ...]:
    """Return what confines a container, for podman and docker alike, with the ``course/`` of `library`."""
    descriptors = min(MOST_DESCRIPTORS, resource.getrlimit(resource.RLIMIT_NOFILE)[1])
    processes = LIMITS["NPROC"] + OWN_PROCESSES
    memory = str(LIMITS["AS"])  # here of all its processes together
    found = [
        "--pull", "never", "--network", "none", "--ipc", "private", "--hostname", "sandbox", "--log-driver", "none",
        "--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--workdir", mounts.HOME,
        "--pids-limit", str(processes), "--ulimit", f"nproc={processes}:{processes}", "--ulimit", "core=0:0",
        "--ulimit", f"nofile={descriptors}:{descriptors}", "--memory", memory, "--memory-swap", memory, "--shm-size", str(SHARED_BYTES),
        "--tmpfs", f"{mounts.HOME}:rw,size={FOLDER_BYTES},mode=1777", "--tmpfs", "/sys:ro,size=4096"]
    for what, place, source in _files(library):
        if what == "--ro-bind":
            found += bind(source, place)
        elif what == "--tmpfs":
            found += ["--tmpfs", f"{place}:ro,size=4096"]
    return tuple(found)


def _files(library: Path) -> list[tuple[str, str, str]]:
    """Read bubblewrap's options: what is made, where, and of what."""
    found, options = [], iter(mounts.files(library))
    for what in options:
        first = next(options)
        found.append((what, next(options), first) if what in ("--ro-bind", "--symlink") else (what, first, ""))
    return found


@lru_cache(maxsize=4)
def image(engine: str) -> str:
    """Return the name of an image of folders and links alone, made if need be."""
    packed, made = io.BytesIO(), [*_files(PROJECT), ("--dir", mounts.HOME, ""), ("--dir", DOOR, "")]
    if "/tmp" not in mounts.files():
        made.append(("--symlink", "/tmp", mounts.HOME))
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for what, place, target in made:
            entry = tarfile.TarInfo(place.lstrip("/"))
            if what == "--dir":
                entry.type, entry.mode = tarfile.DIRTYPE, 0o1777 if place == mounts.HOME else 0o755  # a tmpfs takes it over
                tar.addfile(entry)
            elif what == "--symlink":
                entry.type, entry.linkname = tarfile.SYMTYPE, target
                tar.addfile(entry)
    name = f"localhost/student-sandbox:{hashlib.sha256(packed.getvalue()).hexdigest()[:16]}"
    if _run([engine, "image", "inspect", name]).returncode and (done := _run([engine, "import", "-", name], packed.getvalue())).returncode:
        raise OSError(done.stderr.decode(errors="replace").strip()[-500:])
    return name


def _run(command: list[str], data: bytes = b"") -> subprocess.CompletedProcess:
    return subprocess.run(command, input=data, capture_output=True, check=False, env=engine_environment())
