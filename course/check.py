"""``check("relu_backward")``: judge the answer in this notebook against the public seed and say what is wrong."""

import sys
from contextlib import redirect_stderr
from difflib import get_close_matches
from typing import Any

from course import exercises
from course.answer_cells import record
from course.card import Card
from course.exercises.delegation import stubs
from course.exercises.local import Local
from course.exercises.probe import run
from course.exercises.verdict import Verdict, decide


class CheckFailed(Exception):
    """Raised after the card, so that Validate and nbgrader read the cell as failed; shows one line, no traceback."""

    def _render_traceback_(self) -> list[str]:
        return [f"CheckFailed: {self}"]


def check(exercise_id: str) -> None:
    """Check your answer to an exercise and show the result as a card.

    Parameters
    ----------
    exercise_id : str
        The exercise's name, as in the check cell below it.

    Raises
    ------
    CheckFailed
        If the answer is wrong or missing. The card above it says why.
    """
    known = exercises.load()
    if exercise_id not in known:
        close = get_close_matches(str(exercise_id), known, n=1)
        raise CheckFailed(f"there is no exercise called {exercise_id!r}" + (f"; did you mean {close[0]!r}?" if close else ""))
    verdict = judge_names(exercise_id, _callers_names())
    card = Card(verdict)
    _show(card)
    if verdict.state != "right":
        # Raised from nothing and caught by nobody of ours: what the student sees is one line.
        raise CheckFailed(_one_line(card)) from None


def yours_or(exercise_id: str, otherwise: Any, instead: str = "the library's is used here") -> Any:
    """Return your own answer to an exercise if it passes its check, and something else to go on with if it does not.

    Parameters
    ----------
    exercise_id : str
    otherwise : object, or tuple of them
        The library's, mostly. A tuple stands for all the functions that the exercise asks for, in the order of the page,
        and a tuple comes back; anything else for the last of them.
    instead : str
        What is said of it, where it is not the library's.
    """
    names, exercise = _callers_names(), exercises.load()[exercise_id]
    if judge_names(exercise_id, names).state == "right":
        return tuple(names[name] for name in exercise.needs) if isinstance(otherwise, tuple) else names[exercise.needs[-1]]
    print(f"{exercise_id}: {instead}, until yours passes its check")
    return otherwise


def wait_for(*exercise_ids: str) -> None:
    """Go on if your own answers to these exercises pass their checks; if not, say in one line what is awaited.

    Raises
    ------
    CheckFailed
        If one of them does not pass yet. Nothing of the cell below the call is run.
    """
    names = _callers_names()
    awaited = [name for name in exercise_ids if judge_names(name, names).state != "right"]
    if awaited:
        raise CheckFailed(f"this cell works with your answers; still to pass their checks: {', '.join(awaited)}") from None


def judge_names(exercise_id: str, names: dict[str, Any]) -> Verdict:
    """Judge the answer that stands in `names` for the public seed.

    Raises
    ------
    CheckFailed
        If it is interrupted.
    """
    exercise = exercises.load()[exercise_id]
    expected, misconceptions = exercises.public_data(exercise)
    # A warning is worth reading, but nbgrader takes whatever a check writes to stderr for a failure.
    # The library's own answers are stubs here as they are in grading, so that what passes here passes there.
    with redirect_stderr(sys.stdout), stubs(exercises.answers_in_library([exercises.module_of(exercise)])):
        try:
            outcomes = run(exercise, Local(names, exercise.seconds, stops=True), exercises.PUBLIC_SEED)
        except KeyboardInterrupt:
            raise CheckFailed(f"{exercise_id}: interrupted before the check came to its end") from None
    return decide(exercise, outcomes, expected, misconceptions)


def _callers_names() -> dict[str, Any]:
    frame = sys._getframe(2)
    return {**frame.f_globals, **frame.f_locals}


def _show(card: Card) -> None:
    if "IPython" in sys.modules:
        from IPython.core.getipython import get_ipython

        if get_ipython() is not None:
            from IPython.display import display

            display(card, metadata=record(card.verdict.exercise.id, card.verdict.exercise.needs))
            return
    print(card)


def _one_line(card: Card) -> str:
    text = card.headline()
    if card.verdict.state == "wrong":
        reason = card.hint() or dict(card.problem()).get("what is wrong", "")
        text += f". {reason}"
    return " ".join(text.split())
