"""Plain data: the only kind of value that a mark is decided from, and its form in a JSON file."""

import base64
from collections.abc import Iterable
from itertools import chain
from typing import Any

import numpy as np

SCALARS = (type(None), bool, int, float, str)
_SCALARS = frozenset(SCALARS)
ARRAY_KINDS = "biuf"
MAX_DEPTH = 20


def is_plain_array(value: object) -> bool:
    """Say whether `value` is exactly an ``ndarray`` of booleans, integers or floats of a common size."""
    return type(value) is np.ndarray and value.dtype.kind in ARRAY_KINDS and value.dtype.itemsize <= 8


def only_scalars(value: object) -> bool:
    """Say whether `value` is a list or dict of scalars, or one of lists of scalars.

    It is found out without a step of Python's for each entry: there may be 100,000.
    """
    if type(value) not in (list, tuple, dict):
        return False
    entries: Iterable[Any] = value.values() if type(value) is dict else value  # type: ignore[attr-defined, assignment]
    kinds = set(map(type, entries))
    return kinds <= _SCALARS or (kinds == {list} and set(map(type, chain.from_iterable(entries))) <= _SCALARS)


def is_plain(value: object, depth: int = 0) -> bool:
    """Say whether `value` is made of scalars, arrays, lists, tuples and dicts, and of nothing else."""
    if type(value) in SCALARS or is_plain_array(value):
        return True
    if isinstance(value, np.generic):
        return is_plain_array(np.asarray(value))
    if depth >= MAX_DEPTH:
        return False
    if depth < MAX_DEPTH - 1 and only_scalars(value):
        return type(value) is not dict or set(map(type, value)) <= {str, int}
    if type(value) in (list, tuple):
        return all(is_plain(item, depth + 1) for item in value)  # type: ignore[attr-defined]
    if type(value) is dict:
        return all(type(key) in (str, int) and is_plain(item, depth + 1) for key, item in value.items())
    return False


def copied(value: Any) -> Any:
    """Copy a plain value, as ``copy.deepcopy`` does, without a step of Python's for each entry where all are scalars."""
    if isinstance(value, np.ndarray):
        return value.copy("K")
    if type(value) is dict:
        return dict(value) if _SCALARS.issuperset(map(type, value.values())) else {k: copied(v) for k, v in value.items()}
    if type(value) in (list, tuple):
        return type(value)(value if _SCALARS.issuperset(map(type, value)) else map(copied, value))
    return value


def arrays_in(value: object) -> list[np.ndarray]:
    """List the arrays anywhere inside a plain value, from left to right."""
    if isinstance(value, np.ndarray):
        return [value]
    if only_scalars(value):
        return []
    if isinstance(value, (list, tuple)):
        return [array for item in value for array in arrays_in(item)]
    if isinstance(value, dict):
        return [array for item in value.values() for array in arrays_in(item)]
    return []


def to_json(value: Any) -> Any:
    """Turn a plain value into what ``json.dump`` can write; `from_json` is the way back."""
    if isinstance(value, (np.ndarray, np.generic)):
        array = np.asarray(value)
        data = base64.b64encode(np.ascontiguousarray(array).tobytes()).decode("ascii")
        return {"array": data, "dtype": array.dtype.str, "shape": list(array.shape)}
    if isinstance(value, tuple):
        return {"tuple": [to_json(item) for item in value]}
    if isinstance(value, list):
        return [to_json(item) for item in value]
    if isinstance(value, dict):
        return {"dict": [[key, to_json(item)] for key, item in value.items()]}
    return value


def from_json(value: Any) -> Any:
    """Read back what `to_json` made."""
    if isinstance(value, list):
        return [from_json(item) for item in value]
    if isinstance(value, dict):
        if "array" in value:
            flat = np.frombuffer(base64.b64decode(value["array"]), dtype=value["dtype"])
            return flat.reshape(value["shape"]).copy()
        if "tuple" in value:
            return tuple(from_json(item) for item in value["tuple"])
        return {key: from_json(item) for key, item in value["dict"]}
    return value
