"""What the exercises that train on digits have in common: pictures that are moved and noised, and how an error is told."""

from types import FunctionType
from typing import Any

import numpy as np

from course.datasets import load_digits
from course.exercises.backend import Failed
from course.exercises.namespace import Handle

# load_digits itself is a stub while an answer is judged, for it knows the labels of the test pictures. What it did is kept here; where
# student code is graded, that is the stub too.
digits = FunctionType(load_digits.__code__, load_digits.__globals__)


def shifted_and_noisy(x: np.ndarray, noise: float, rng: np.random.Generator) -> np.ndarray:
    """Shift each 8 x 8 picture by up to one pixel each way, zeros moving in, and add normal noise of this deviation."""
    framed = np.pad(x.reshape(-1, 8, 8), ((0, 0), (1, 1), (1, 1)))
    down, right = rng.integers(0, 3, size=(2, len(x)))
    moved = np.stack([p[d : d + 8, r : r + 8] for p, d, r in zip(framed, down, right, strict=True)])
    return moved.reshape(-1, 64) + rng.normal(scale=noise, size=x.shape)


def error_on_moved(predict: Any, x: np.ndarray, labels: np.ndarray, *, noise: float, bounds: tuple[int, int, int],
                   rng: np.random.Generator) -> Any:
    """Say how a student's `predict` does on digits that were moved; where it is not good, also on them as they are.

    Parameters
    ----------
    predict : handle or other value
        What the student's training returned.
    bounds : three ints
        Between the bands of error that are told apart, in per cent; below the first is good.
    """
    if not isinstance(predict, (Handle, Failed)):
        return "what came back is no function: return predict itself, without calling it"
    error = _band(predict(shifted_and_noisy(x, noise, rng)), labels, bounds)
    if error in _bands(bounds)[1:]:  # say more where it helps; it carries no weight
        error += f"; on digits that are not shifted: {_band(predict(x.copy()), labels, bounds)}"
    return error


def _bands(bounds: tuple[int, int, int]) -> list[str]:
    low, middle, high = bounds
    return [f"an error below {low} %", f"an error of {low} to {middle} %", f"an error of {middle} to {high} %",
            f"an error of {high} % or more"]


def _band(predicted: Any, labels: np.ndarray, bounds: tuple[int, int, int]) -> Any:
    """Say in which band the share of wrong labels lies, or why there is none."""
    if isinstance(predicted, Failed):
        return predicted
    if isinstance(predicted, (list, tuple)) and len(predicted) != len(labels):
        return "predict does not return one label for each picture"
    if isinstance(predicted, (list, tuple)) and all(isinstance(label, (int, np.integer)) for label in predicted):
        predicted = np.array(predicted, dtype=np.int64)
    if not isinstance(predicted, np.ndarray):
        return "predict does not return an array of labels"
    if predicted.shape != labels.shape:
        several = predicted.ndim > 1
        return "predict returns several numbers for each picture" if several else "predict does not return one label for each picture"
    if predicted.dtype.kind not in "iu":
        return "predict returns labels that are no integers"
    if np.all(predicted == predicted[0]):
        return "predict returns the same label for every picture"
    return _bands(bounds)[int(np.searchsorted(bounds, 100 * np.mean(predicted != labels), side="right"))]
