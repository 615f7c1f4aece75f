"""What the reference and the misconceptions of a notebook's exercises give, each computed when it is first asked for."""

from contextlib import suppress
from typing import Any

from autograder.answer_key import AnswerKey
from autograder.expected import expected_outputs, stored_outputs, wrong_outputs
from course.exercises.probe import PUBLIC_SEED, Exercise
from course.exercises.verdict import Expected, Misconception

Seed = int | list[int]


class References:
    """What answers are compared with, by exercise and seed.

    It can be pickled, with what it has computed, so that processes need not all compute the same. For the public seed it is
    what `check` reads in the notebook, so that a card shows what the notebook showed.

    Parameters
    ----------
    key : AnswerKey
        The solutions of the notebook.
    """

    def __init__(self, key: AnswerKey) -> None:
        self._key = key
        self._expected: dict[tuple[str, Any], list[Expected]] = {}
        self._wrong: dict[tuple[str, Any], list[Misconception]] = {}

    def expected(self, exercise: Exercise, seed: Seed) -> list[Expected]:
        """Return what the reference gives.

        Raises
        ------
        KeyProblem
            If there is none, or it fails.
        """
        place = exercise.id, _hashable(seed)
        if place not in self._expected:
            self._key.require(exercise.id)
            stored = stored_outputs(exercise) if seed == PUBLIC_SEED else None
            self._expected[place] = stored[0] if stored else expected_outputs(exercise, self._key, seed)
        return self._expected[place]

    def wrong(self, exercise: Exercise, seed: Seed) -> list[Misconception]:
        """Return what each misconception gives."""
        place = exercise.id, _hashable(seed)
        if place not in self._wrong:
            stored = stored_outputs(exercise) if seed == PUBLIC_SEED else None
            self._wrong[place] = stored[1] if stored else wrong_outputs(exercise, self._key, seed, self.expected(exercise, seed))
        return self._wrong[place]

    def prepare(self, exercise: Exercise, secret: int) -> None:
        """Compute what decides marks; what fails fails again when it is asked for, and is told then."""
        with suppress(Exception):
            for seed in hidden_seeds(exercise, secret):
                self.expected(exercise, seed)


def hidden_seeds(exercise: Exercise, secret: int) -> list[Seed]:
    """Return the seeds that decide the mark of an exercise in a course with this secret one."""
    return [[secret, k] for k in range(exercise.hidden_seeds)]


def _hashable(seed: Seed) -> Any:
    return seed if isinstance(seed, int) else tuple(seed)
