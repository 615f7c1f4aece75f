"""The course library as student code finds it in grading: without the functions that it is asked to write itself."""

import ast
import inspect
import py_compile
import shutil
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import course
from course.exercises.delegation import find, stub_source

COURSE = Path(course.__file__).parent
_folders: list[TemporaryDirectory] = []  # removed when this process ends


@lru_cache(maxsize=64)
def library_without(names: frozenset[str]) -> Path:
    """Return a folder that holds a copy of ``course/`` in which these functions and classes are stubs.

    They are stubs in its source already: neither importing them anew nor reading the files gives the answer.

    Parameters
    ----------
    names : frozenset of str
        Dotted names, as in `course.exercises.probe.exercise`.
    """
    if not names:
        return COURSE.parent
    places: dict[Path, dict[str, str]] = {}  # file -> qualified name -> name as students import it
    for name in names:
        target = find(name)
        places.setdefault(Path(inspect.getfile(target)).resolve(), {})[target.__qualname__] = name
    folder = TemporaryDirectory(prefix="course-")
    _folders.append(folder)
    root = Path(folder.name)
    compiled = [f"{path.stem}.*.pyc" for path in places]
    shutil.copytree(COURSE, root / "course", ignore=shutil.ignore_patterns(*compiled, "*.part"))
    for path, stubbed in places.items():
        copy = root / "course" / path.relative_to(COURSE)
        copy.write_text(_without(path.read_text(encoding="utf-8"), stubbed), encoding="utf-8")
        py_compile.compile(str(copy))
    root.chmod(0o755)
    return root


def _without(source: str, stubbed: dict[str, str]) -> str:
    tree = ast.parse(source)
    _replace(tree, "", stubbed)
    return ast.unparse(tree)


def _replace(node: ast.Module | ast.ClassDef, prefix: str, stubbed: dict[str, str]) -> None:
    for i, item in enumerate(node.body):
        if not isinstance(item, (ast.FunctionDef, ast.ClassDef)):
            continue
        qualified = prefix + item.name
        if isinstance(item, ast.FunctionDef):
            if qualified in stubbed:
                node.body[i] = _stub(stubbed[qualified], item.name)
        elif qualified in stubbed:
            item.body = [m for m in item.body if not isinstance(m, ast.FunctionDef)]
            item.body.append(_stub(stubbed[qualified], "__init__"))
        else:
            _replace(item, f"{qualified}.", stubbed)


def _stub(name: str, function: str) -> ast.stmt:
    return ast.parse(stub_source(name, function)).body[0]
