"""Exercises and their probes: small generators of named outputs, the same for every namespace they meet."""

import builtins
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from course.exercises.backend import Backend, Failed, ProbeStopped
from course.exercises.compare import Difference, compare
from course.exercises.namespace import Handle, Namespace, Record

PUBLIC_SEED = 0


@dataclass(frozen=True)
class Case:
    """One named output of a probe, with its weight in the mark and its tolerances.

    A `finding` is a text that the probe itself wrote about what came, such as "an id stands twice". It is told as it
    stands, for hidden seeds too; a text that the student's code made never is.
    """

    name: str
    value: Any
    weight: float = 1.0
    rtol: float = 1e-7
    atol: float = 1e-10
    finding: bool = False


@dataclass(frozen=True)
class Outcome:
    """One output as it came: the case, what the probe called to get it, and how the student's code behaved."""

    case: Case
    record: Record
    shares_memory: bool = False


Probe = Callable[[Any, np.random.Generator], Iterator[Case | tuple[str, Any]]]


@dataclass(frozen=True)
class Exercise:
    """An exercise: its id (the `grade_id` of its check cell), the names it needs, its probe and its limits."""

    id: str
    needs: tuple[str, ...]
    probe: Probe
    seconds: float
    hidden_seeds: int = 2
    answered_by: tuple[str, ...] = ()


REGISTRY: dict[str, Exercise] = {}


def exercise(
    id: str, needs: list[str], seconds: float = 3.0, hidden_seeds: int = 2, answered_by: Sequence[str] = ()
) -> Callable[[Probe], Probe]:
    """Register a probe under the exercise's id.

    Parameters
    ----------
    id : str
        The `grade_id` of the exercise's check cell.
    needs : list of str
        Names that the probe takes from the student's namespace.
    seconds : float
        Computing time that one call may take.
    hidden_seeds : int
        How many secret seeds an answer is graded on: one is enough where the probe trains, or asks much the same many times.
    answered_by : sequence of str
        Functions and classes of the course library that would answer the exercise, by dotted names as students import
        them: ``"course.layers.dense_forward"``, ``"course.layers.Dense"``. While any answer of the same notebook is judged,
        in grading and by `check`, they are stubs that say "this is what you are asked to write"; what the library builds on
        them stops there too. Nothing but cells tagged ``experiment`` may need them.
    """

    def register(probe: Probe) -> Probe:
        if id in REGISTRY:
            raise ValueError(f"two exercises are called {id!r}; give one of them another id")
        REGISTRY[id] = Exercise(id, tuple(needs), probe, seconds, hidden_seeds, tuple(answered_by))
        return probe

    return register


def parts(name: str, result: Any, names: tuple[str, ...], **options: Any) -> Iterator[Case]:
    """Yield each entry of a returned tuple as a case of its own, so that each earns its share of the mark."""
    right_length = isinstance(result, (list, tuple)) and len(result) == len(names)
    for i, part in enumerate(names):
        # Something that cannot be taken apart is shown whole: the comparison then says what came instead.
        yield Case(f"{name}: {part}", result[i] if right_length else _not_parts(result, names), **options)


def _not_parts(result: Any, names: tuple[str, ...]) -> Any:
    if isinstance(result, Failed):
        return result
    wanted = f"{len(names)} values ({', '.join(names)})"
    if isinstance(result, (list, tuple)):
        return Failed("unusable", message=f"{len(result)} values came back, and {wanted} were wanted")
    what = "None came back, which is what a function without return gives," if result is None else "one value came back,"
    return Failed("unusable", message=f"{what} and {wanted} were wanted")


def read_only(array: np.ndarray) -> np.ndarray:
    """Return the array locked against writing, as a library may hand it over."""
    array.flags.writeable = False
    return array


def run(exercise: Exercise, backend: Backend, seed: int | list[int]) -> list[Outcome]:
    """Run a probe against a backend and return its outcomes, in order; it may end early, but never raises.

    Parameters
    ----------
    seed : int or list of int
        The same seed gives the same inputs to every namespace.
    """
    digest = int.from_bytes(hashlib.sha256(exercise.id.encode()).digest()[:8], "big")
    rng = np.random.default_rng([digest, *np.atleast_1d(np.asarray(seed, dtype=object)).tolist()])
    student = Namespace(backend)
    outcomes: list[Outcome] = []
    record = Record()
    cases = exercise.probe(student, rng)
    while True:
        try:
            item = next(cases)
        except StopIteration:
            return outcomes
        except ProbeStopped as stop:
            return [*outcomes, Outcome(Case("", stop.failed), student._take_record(None)[0])]
        except Exception as error:  # the probe choked on a value that the student's code made
            failed = Failed("unusable", type(error).__name__, f"the check could not work with what came back ({error})")
            return [*outcomes, Outcome(Case("", failed), student._take_record(None)[0])]
        case = item if isinstance(item, Case) else Case(*item)
        if isinstance(case.value, Handle):
            case = replace(case, value=Unfit(case.value.description))
        if isinstance(case.value, (list, tuple, dict)):  # several results in one output: if one failed, the output did
            several = case.value.values() if isinstance(case.value, dict) else case.value
            case = replace(case, value=next((v for v in several if isinstance(v, Failed)), case.value))
        latest, shares_memory = student._take_record(case.value)
        record = latest if latest.calls else record  # a further part of the same result: it came of the same calls
        outcomes.append(Outcome(case, record, shares_memory))


@dataclass(frozen=True)
class Unfit:
    """Stands for an output that is not plain data; it equals nothing."""

    description: str


def judge(outcome: Outcome | None, expected: Any, expected_shares: bool = False) -> Difference | None:
    """Compare one outcome with the expected value: None if right, else the first difference."""
    if outcome is None:
        return Difference("error", "the check did not get this far", "the check did not get this far")
    value, case = outcome.case.value, outcome.case
    if isinstance(value, Failed):
        return Difference("error", _hidden(value), _told(value))
    if case.finding:
        found = None if value == expected else Difference("finding", str(value), str(value))
    else:
        try:
            found = compare(value, expected, case.rtol, case.atol)
        except Exception as error:  # no value, however odd, may stop the judging of the others
            text = "the result cannot be compared with what is expected"
            found = Difference("type", text, f"{text} ({type(error).__name__})")
    if found is None and outcome.record.changed_arguments:
        text = "an argument was changed in place; leave arguments as they were and return new arrays"
        return Difference("changed input", text, text)
    if found is None and outcome.shares_memory and not expected_shares:
        text = "the result shares memory with an argument; return a new array"
        return Difference("shared memory", text, text)
    return found


def align(outcomes: list[Outcome], names: list[str]) -> list[Outcome | None]:
    """Put outcomes in the order of the expected names; where the probe ended early its failure stands for the rest."""
    ended = next((o for o in outcomes if o.case.name == ""), None)
    by_name = {o.case.name: o for o in outcomes}
    return [by_name.get(name, ended) for name in names]


def _hidden(failed: Failed) -> str:
    # For a hidden seed the student's own words may hold hidden inputs (the name of an exception's class may, too),
    # so only the kind of failure is told.
    if failed.error == "RuntimeWarning":
        return "a warning came on the way to the result"
    if failed.kind == "raised":
        built_in = getattr(builtins, failed.error, None)
        known = isinstance(built_in, type) and issubclass(built_in, BaseException) or failed.error in ("LinAlgError", "AxisError")
        return f"it raised {failed.error}" if known else "it raised an exception of its own"
    return {"missing": failed.message, "not attempted": "not written yet", "too slow": "no answer within the time limit",
            "delegated": "it calls what it should itself be, from the course library"}.get(
        failed.kind, "it gave nothing that could be judged")


def _told(failed: Failed) -> str:
    if failed.error == "RuntimeWarning":
        return f"a warning came on the way to the result: {failed.message}"
    if failed.kind != "raised":
        return failed.message
    text = f"it raised {failed.error}: {failed.message}"
    return text + next((f"; {advice}" for words, advice in ADVICE.items() if words in failed.message), "")


ADVICE = {  # what to do about errors of numpy and Python whose own words do not help a beginner
    "read-only": "leave arguments as they were, and change a copy",
    "truth value of an array": "if and max want a single yes or no, and an array has many: np.where and np.maximum go entry by entry",
    "QRResult": "np.linalg.qr gives two arrays, Q and R: take the one that you need",
    "be converted to Python scalars": "the functions of math take one number: those of numpy take arrays",
}
