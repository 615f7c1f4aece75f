"""Lines for the instructor about code that reaches for what it should not: what stands where, and no judgement.

Nothing here decides a mark. Looking at the text finds what is written openly, and no more; what does not show in it is held
off all the same, by where student code runs.
"""

import ast
import inspect
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from course.exercises.delegation import find

NO_EFFECT = "this had no effect on the marks"
MOST = 20  # lines for one cell
LONGEST = 100_000  # characters of a cell
PASTED = 4  # lines of the library in an answer from which on they are told
TELLING = 24  # a line shorter than this may be alike by chance
OURS = {"course", "numpy", "np", "builtins", "autograder"}
HOOKS = {
    "settrace": "traces calls", "setprofile": "traces calls", "addaudithook": "hooks into the interpreter",
    "ast_transformers": "changes code before it runs", "input_transformers_cleanup": "changes code before it runs",
    "input_transformers_post": "changes code before it runs", "meta_path": "changes how modules are imported",
    "path_hooks": "changes how modules are imported", "get_objects": "searches the interpreter's memory",
    "get_referrers": "searches the interpreter's memory", "_getframe": "looks into frames of the caller",
    "currentframe": "looks into frames of the caller", "f_back": "looks into frames of the caller",
    "f_globals": "looks into frames of the caller", "CDLL": "calls the C library", "ptrace": "calls the C library",
}
PLACES = re.compile(r"gradebook\.db|secret_seed|answer_key|right_answers|misconceptions|/etc/(passwd|shadow)|\bsubmitted/|\bautograded/"
                    r"|/proc/|\.ssh\b|\b0\d_\w+\.md\b")
CARD = re.compile(r"course-check|checks? passed\b")


def in_code(source: str, name: str) -> list[str]:
    """Say what a cell's code does beside answering, with its line.

    Parameters
    ----------
    name : str
        What the cell is called in the lines.
    """
    if len(source) > LONGEST:
        return [f"{name}: {len(source):,} characters are too many to be looked through"]
    try:
        tree = ast.parse(re.sub(r"(?m)^([^\S\n]*)[%!].*$", r"\1pass", source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    modules = _modules(tree)
    found: dict[tuple[int, str], None] = {}
    try:
        for node in ast.walk(tree):
            for what in _seen(node, modules):
                found.setdefault((getattr(node, "lineno", 1), what))
    except RecursionError:
        pass
    lines = source.splitlines()
    return [f"{name}, line {n}: {what} ({_quoted(lines[n - 1])}); {NO_EFFECT}" for n, what in sorted(found)[:MOST]]


def _seen(node: ast.AST, modules: dict[str, str]) -> Iterator[str]:
    targets: list[Any] = []
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, (ast.AugAssign, ast.AnnAssign)):
        targets = [node.target]
    elif isinstance(node, ast.Delete):
        targets = node.targets
    for target in targets:
        place = _dotted(target.value if isinstance(target, ast.Subscript) else target, modules)
        if isinstance(target, (ast.Attribute, ast.Subscript)) and place.split(".")[0] in OURS:
            yield f"replaces `{place}`"
        if place == "sys.modules":
            yield "replaces a module"
    if isinstance(node, ast.Call) and _dotted(node.func, modules) in ("setattr", "delattr") and node.args:
        place = _dotted(node.args[0], modules)
        if place.split(".")[0] in OURS:
            yield f"replaces something in `{place}`"
    if isinstance(node, (ast.Attribute, ast.Name)):
        name = node.attr if isinstance(node, ast.Attribute) else node.id
        if name in HOOKS:
            yield HOOKS[name]
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""]
        if any(n.split(".")[0] in ("autograder", "nbgrader") for n in names):
            yield "imports the grader, which is not there"
        if any(n.startswith("ctypes") for n in names):
            yield "calls the C library"
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        if named := PLACES.search(node.value):
            yield f"names `{named[0]}`, which is not there"
        if CARD.search(node.value):
            yield "writes what looks like a card of a check"


def _modules(tree: ast.AST) -> dict[str, str]:
    """Return what the imports of a cell call modules and their parts."""
    names = {"np": "numpy"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {a.asname or a.name.split(".")[0]: a.name if a.asname else a.name.split(".")[0] for a in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
    return names


def _dotted(node: Any, modules: dict[str, str]) -> str:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join([modules.get(node.id, node.id), *reversed(parts)])


def in_text(source: str, name: str) -> list[str]:
    """Say what a cell's text pretends to be."""
    lines = [n for n, line in enumerate(source.splitlines(), 1) if "course-check" in line]
    return [f"{name}, line {lines[0]}: writes what looks like a card of a check; {NO_EFFECT}"] if lines else []


def in_metadata(given: Any, ours: dict[str, Any], name: str) -> list[str]:
    """Say how a cell that decides about marks is marked otherwise than in the release.

    Parameters
    ----------
    given : object
        The cell's metadata as handed in, whatever that is.
    ours : dict
        Its metadata in the release.
    """
    given = given if isinstance(given, dict) else {}
    found = []
    tags = given.get("tags")
    added = [t for t in tags if t in ("experiment", "skip-execution") and t not in ours.get("tags", [])] if isinstance(tags, list) else []
    if added:
        found.append(f"has the tag {', '.join(sorted(set(added)))}")
    theirs, grading = given.get("nbgrader"), ours.get("nbgrader", {})
    changed = [k for k in ("points", "grade", "solution") if isinstance(theirs, dict) and k in theirs and theirs[k] != grading.get(k)]
    found += [f"has other {what} than the release" for what in [" and ".join(changed)] if changed]
    return [f"{name}: {what}; the release's own were used" for what in found]


def pasted(source: str, name: str, answers: frozenset[str]) -> list[str]:
    """Say how many lines of an answer stand in the library's own answer too; copying is shown, not marked down."""
    mine = {line.strip() for line in source.splitlines() if len(line.strip()) >= TELLING}
    found = []
    for file, lines in sorted(_library_lines(answers).items()):
        same = mine & lines
        if len(same) >= PASTED or (same and len(same) >= 0.8 * len(mine) and len(same) > 1):
            found.append(f"{name}: {len(same)} of {len(mine)} longer lines stand in the course library's {file} too, "
                         f"such as {_quoted(min(same))}")
    return found


@lru_cache(maxsize=64)
def _library_lines(answers: frozenset[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name in answers:
        target = find(name)
        file = f"course/{Path(inspect.getfile(target)).as_posix().rpartition('/course/')[2]}"
        lines = {line.strip() for line in inspect.getsource(target).splitlines()}
        telling = {line for line in lines if len(line) >= TELLING and not line.startswith(("def ", "class ", "@"))}
        found.setdefault(file, set()).update(telling)
    return found


def _quoted(line: str) -> str:
    text = "".join(c if c.isprintable() else " " for c in line.strip())
    return f"`{text[:60]}{'...' if len(text) > 60 else ''}`"
