"""Compare what came with what was expected, and say in words in which way they differ."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from course.exercises.plain import is_plain


@dataclass(frozen=True)
class Difference:
    """The first way in which a value is wrong.

    Attributes
    ----------
    kind : str
        One of ``error``, ``type``, ``length``, ``keys``, ``shape``, ``dtype``, ``not finite``, ``sign``,
        ``transposed``, ``factor``, ``values``, ``finding``, ``changed input``, ``shared memory``.
    general : str
        What is wrong, without a value: safe to show for a hidden seed.
    detail : str
        The same with values, for the public seed.
    """

    kind: str
    general: str
    detail: str


def compare(got: Any, expected: Any, rtol: float, atol: float, where: str = "the result") -> Difference | None:
    """Return the first difference between two plain values, or None if they agree.

    Numbers agree when ``abs(got - expected) <= atol + rtol * abs(expected)``. Lists and tuples are
    interchangeable, and so are Python's and numpy's scalars; arrays must agree in shape and in kind of dtype.
    """
    if isinstance(expected, (list, tuple)):
        return _compare_sequences(got, expected, rtol, atol, where)
    if isinstance(expected, dict):
        return _compare_dicts(got, expected, rtol, atol, where)
    if expected is None or isinstance(expected, str):
        if type(got) is not type(expected):
            return _wrong_type(got, expected, where)
        return None if got == expected else _difference("values", f"{where} is not the right text", got, expected)
    if not (is_plain(got) and isinstance(got, (bool, int, float, np.ndarray, np.generic))):
        return _wrong_type(got, expected, where)
    if isinstance(got, int) and isinstance(expected, int) and not (isinstance(got, bool) or isinstance(expected, bool)):
        # Python's integers have no bound, numpy's have; compared as they are, none is too large.
        return None if got == expected else Difference(
            "values", f"{where} has the wrong value", f"{where} is {_short(got)}, wanted {_short(expected)}")
    return _compare_numbers(_as_array(got), _as_array(expected), rtol, atol, where)


def _as_array(value: Any) -> np.ndarray:
    array = np.asarray(value)
    return np.array(np.inf if value > 0 else -np.inf) if array.dtype == object else array  # an integer beyond 64 bits


def _compare_sequences(got: Any, expected: Any, rtol: float, atol: float, where: str) -> Difference | None:
    if not isinstance(got, (list, tuple)):
        return _wrong_type(got, expected, where)
    if len(got) != len(expected):
        general = f"{where} should have {len(expected)} entries"
        return Difference("length", general, f"{general}, not {len(got)}")
    for i, (one, other) in enumerate(zip(got, expected, strict=True)):
        found = compare(one, other, rtol, atol, f"entry {i} of {where}")
        if found:
            return found
    return None


def _compare_dicts(got: Any, expected: dict, rtol: float, atol: float, where: str) -> Difference | None:
    if not isinstance(got, dict):
        return _difference("type", f"{where} should be a dict, not {_kind_of(got)}", got, expected)
    if set(got) != set(expected):
        missing, extra = sorted(map(str, set(expected) - set(got))), sorted(map(str, set(got) - set(expected)))
        general = f"the keys of {where} are not the right ones"
        return Difference("keys", general, f"{general}: missing {missing or 'none'}, too many {extra or 'none'}")
    for key, other in expected.items():
        found = compare(got[key], other, rtol, atol, f"entry {key!r} of {where}")
        if found:
            return found
    return None


def _compare_numbers(got: np.ndarray, expected: np.ndarray, rtol: float, atol: float, where: str) -> Difference | None:
    def close(one: np.ndarray, other: np.ndarray) -> bool:
        if one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes():
            return True  # most right answers are right to the last bit, and this is seen ten times as fast
        with np.errstate(all="ignore"):
            return one.shape == other.shape and bool(np.allclose(one, other, rtol=rtol, atol=atol, equal_nan=True))

    if got.shape != expected.shape:
        general = f"{where} has the wrong shape"
        if got.ndim == 2 and close(got.T, expected):
            return Difference("transposed", f"{where} is transposed", f"{where} is transposed: "
                              f"its shape is {got.shape}, wanted {expected.shape}")
        return Difference("shape", general, f"{general}: got {got.shape}, wanted {expected.shape}")
    found = _compare_dtypes(got, expected, where)
    if found or close(got, expected):
        return found
    strange = ~np.isfinite(got) & np.isfinite(expected)
    if strange.any():
        index = _first(strange)
        what = "nan" if np.isnan(got[index]) else "infinity"
        return Difference("not finite", f"{where} holds {what}", f"{where} holds {what}{_at(index)}")
    if expected.dtype.kind == "f" and np.isfinite(expected).all():
        rounding = 1e-5 * np.abs(expected).max(initial=0.0)
        if got.dtype == np.float32 and expected.dtype == np.float64 and np.allclose(got, expected, rtol=0.0, atol=rounding):
            general = f"{where} was computed in float32"
            return Difference("dtype", general, f"{general}, and float64 is wanted")
        if got.size > 1 and not got.any():
            return Difference("values", f"{where} is zero everywhere", f"{where} is zero everywhere")
        if close(-got, expected):
            return Difference("sign", f"{where} has the wrong sign", f"{where} has the wrong sign")
        if got.ndim == 2 and close(got.T, expected):
            return Difference("transposed", f"{where} is transposed", f"{where} is transposed")
        factor = _constant_factor(got, expected, rtol)
        if factor is not None:
            return Difference("factor", f"{where} is off by a constant factor",
                              f"{where} is {factor:.6g} times what it should be")
    with np.errstate(all="ignore"):
        wrong = ~np.isclose(got, expected, rtol=rtol, atol=atol, equal_nan=True)
    index = _first(wrong)
    general = f"{where} has wrong values"
    if got.ndim == 0:
        return Difference("values", general, f"{where} is {got[()]:.9g}, wanted {expected[()]:.9g}"
                          if got.dtype.kind == "f" else f"{where} is {got[()]}, wanted {expected[()]}")
    return Difference("values", general, f"{where} is wrong in {int(wrong.sum())} of {got.size} entries, "
                      f"first{_at(index)}: got {got[index]:.9g}, wanted {expected[index] + 0.0:.9g}")  # + 0.0: 0 and not -0


def _compare_dtypes(got: np.ndarray, expected: np.ndarray, where: str) -> Difference | None:
    kinds = {"i": "i", "u": "i", "b": "b", "f": "f"}
    scalar_integer = expected.ndim == 0 and expected.dtype.kind == "f" and got.dtype.kind in "iu"
    narrow = expected.dtype == np.float32 and got.dtype != np.float32
    if (kinds[got.dtype.kind] == kinds[expected.dtype.kind] or scalar_integer) and not narrow:
        return None
    general = f"{where} has the wrong dtype"
    return Difference("dtype", general, f"{general}: got {got.dtype}, wanted {expected.dtype}")


def _constant_factor(got: np.ndarray, expected: np.ndarray, rtol: float) -> float | None:
    large = np.abs(expected) > 1e-12 * np.abs(expected).max(initial=0.0)
    if large.sum() < 2 or np.any(got[~large] != 0):
        return None
    ratios = got[large] / expected[large]
    same = np.allclose(ratios, ratios[0], rtol=max(rtol, 1e-9), atol=0.0)
    return float(ratios[0]) if same and abs(ratios[0]) > 1e-9 else None


def _first(mask: np.ndarray) -> tuple[int, ...]:
    return tuple(int(i) for i in np.argwhere(mask)[0])


def _at(index: tuple[int, ...]) -> str:
    return f" at [{', '.join(map(str, index))}]" if index else ""


def _wrong_type(got: Any, expected: Any, where: str) -> Difference:
    # The name of a student's own class could carry a hidden input out, so it is told for the public seed only.
    known = type(got) in KINDS or got is None or isinstance(got, (bool, int, float, np.ndarray, np.generic))
    wanted = f"{where} should be {_kind_of(expected)}"
    return Difference("type", f"{wanted}, not {_kind_of(got)}" if known else f"{wanted}, not an object of another kind",
                      f"{wanted}, not {_kind_of(got)}")


def _difference(kind: str, general: str, got: Any, expected: Any) -> Difference:
    shown = f"{general}: got {_short(got)}, wanted {_short(expected)}" if kind == "values" else general
    return Difference(kind, general, shown)


def _short(value: Any) -> str:
    try:
        text = repr(value)
    except ValueError:  # Python refuses to write integers of several thousand digits
        text = "a huge integer"
    return text if len(text) <= 60 else text[:57] + "..."


KINDS: dict[type, str] = {str: "a text", list: "a list", tuple: "a tuple", dict: "a dict"}


def _kind_of(value: Any) -> str:
    if value is None:
        return "None, which is what a function without return gives"
    if isinstance(value, (np.ndarray, np.generic)) and np.ndim(value) > 0:
        return "an array"
    if isinstance(value, (bool, np.bool_)):
        return "True or False"
    if isinstance(value, (int, np.integer)):
        return "an integer"
    if isinstance(value, (float, np.floating, np.ndarray)):
        return "a number"
    return KINDS.get(type(value)) or str(getattr(value, "description", f"an object of type {type(value).__name__}"))
