"""Which files a confined Python sees: itself, the libraries it needs, course/ and the student's side of the wire."""

import os
import sys
import sysconfig
from collections.abc import Iterable
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from autograder.sandbox.backend import PROJECT

HOME = "/student"
MATPLOTLIB = f"{HOME}/.matplotlib"
LIBRARY = "/library"  # where course/ and our own files are seen
OWN_FILES = tuple(f"autograder/{name}.py" for name in ("__init__", "protocol", "student_process", "template", "namespaces"))
_SYSTEM = ("/", "/usr", "/usr/local")
_LIBRARIES = ("/usr/lib", "/usr/lib32", "/usr/lib64", "/lib", "/lib64", "/etc/ld.so.cache", "/usr/share/fonts", "/usr/local/share/fonts")
_PACKAGES = ("numpy", "matplotlib", "IPython", "msgpack", "matplotlib_inline")


@lru_cache(maxsize=64)
def files(library: Path = PROJECT) -> tuple[str, ...]:
    """Return bubblewrap's options that bind all of it, read-only, with the ``course/`` of `library`."""
    paths = _outermost([*_LIBRARIES, *_interpreter(), *_site_packages()])
    # Folders on the way, which bubblewrap would make for its own user alone.
    parents = {str(parent) for path in (*paths, f"{LIBRARY}/autograder/_", "/usr/bin/sh") for parent in Path(path).parents}
    options = [part for parent in sorted(parents - {"/"}) for part in ("--dir", parent)]
    for path in paths:
        # On many systems /lib is a link to /usr/lib; what is bound stays where Python looks for it.
        options += ["--symlink", os.readlink(path), path] if os.path.islink(path) else ["--ro-bind", path, path]
    # `!command` in a cell needs a shell; without the commands it says that they are not found, and the cell goes on.
    options += ["--ro-bind", os.path.realpath("/bin/sh"), "/usr/bin/sh", "--symlink", "usr/bin", "/bin"]
    for path in _hidden():
        options += ["--tmpfs", path, "--remount-ro", path]
    options += ["--ro-bind", str(library / "course"), f"{LIBRARY}/course"]
    for name in OWN_FILES:
        options += ["--ro-bind", str(PROJECT / name), f"{LIBRARY}/{name}"]
    if fonts := font_cache():
        options += ["--ro-bind", str(fonts), f"{LIBRARY}/{fonts.name}"]
    return tuple(options)


def links() -> dict[str, str]:
    """Return the links to make in an empty working folder, with what they lead to."""
    fonts = font_cache()
    return {f"{MATPLOTLIB}/{fonts.name}": f"{LIBRARY}/{fonts.name}"} if fonts else {}


def font_cache() -> Path | None:
    """Return matplotlib's list of fonts, made if need be: without it each process would search for seconds."""
    import matplotlib
    from matplotlib.font_manager import FontManager

    path = Path(matplotlib.get_cachedir()) / f"fontlist-v{FontManager.__version__}.json"
    return path if path.is_file() else None


def python_path() -> str:
    """Return where the confined Python looks before its own places: our library, and packages kept in a user's home."""
    own = [p for p in sorted(set(_site_packages())) if not any(Path(p).is_relative_to(prefix) for prefix in (sys.prefix, sys.base_prefix))]
    return os.pathsep.join([LIBRARY, *own])


def _interpreter() -> list[str]:
    """Return the files of our Python; of a prefix that it has for itself, not what else is kept there."""
    found = [os.path.realpath(sys.executable), *sysconfig.get_paths().values()]
    found = [p for p in found if "include" not in p and p != sysconfig.get_path("scripts") and p != sysconfig.get_path("data")]
    for prefix in {sys.prefix, sys.base_prefix, sys.base_exec_prefix}:
        if prefix not in _SYSTEM:
            found += [f"{prefix}/lib", f"{prefix}/lib64", f"{prefix}/pyvenv.cfg"]
    library = sysconfig.get_config_var("INSTSONAME") or ""
    found += [f"{sysconfig.get_config_var('LIBDIR')}/{library}"] if ".so" in library else []
    link = sys.executable
    while os.path.islink(link):  # .venv/bin/python -> python3 -> the real one
        found.append(link)
        link = os.path.join(os.path.dirname(link), os.readlink(link))
    return found


def _site_packages() -> list[str]:
    specs = (find_spec(name) for name in _PACKAGES)
    return [str(Path(spec.origin).parent.parent) for spec in specs if spec and spec.origin]


def _hidden() -> list[str]:
    """Return what lies in bound folders and must not be seen: our own packages, where they are installed as files."""
    places = _outermost([*_interpreter(), *_site_packages()])
    own = [os.path.join(p, name) for p in (str(PROJECT), *_site_packages()) for name in ("autograder", "course")]
    return sorted({p for p in own if os.path.isdir(p) and any(p.startswith(place + "/") for place in places)})


def _outermost(paths: Iterable[str]) -> list[str]:
    """Keep the paths that exist and do not lie in another of them, in order."""
    kept: list[str] = []
    for path in sorted({os.path.normpath(p) for p in paths if os.path.lexists(p)}):
        if not any(path.startswith(k + "/") and not os.path.islink(k) for k in kept):
            kept.append(path)
    return kept
