"""The same experiment for many settings and seeds, with a progress bar."""

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from course.layers.base import as_float
from course.training.progress_bar import ProgressBar


@dataclass
class Sweep:
    """Results of a run for every combination of settings and every seed.

    Attributes
    ----------
    settings : dict of str to list
        The values of each setting, in the order of the axes.
    seeds : list of int
    values : dict of str to ndarray
        Shape (one axis for each setting, seeds, shape of what the run returned). Where runs returned arrays of different
        lengths, the shorter are filled up with nan.
    """

    settings: dict[str, list[Any]]
    seeds: list[int]
    values: dict[str, np.ndarray]

    def __getitem__(self, name: str) -> np.ndarray:
        return self.values[name]

    def mean(self, name: str = "value") -> np.ndarray:
        """Return the mean over seeds; shape (settings..., result...).

        Where a seed has nan, because it stopped earlier or its result is nan, the mean is over the others; it is nan
        where all seeds have.
        """
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # of places where all seeds have nan
            return np.nanmean(self.values[name], axis=len(self.settings))

    def spread(self, name: str = "value", low: float = 0.0, high: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
        """Return two quantiles over seeds, nan left out as in `mean`; without numbers the lowest and highest value."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            below, above = np.nanquantile(self.values[name], (low, high), axis=len(self.settings))
        return below, above

    def seeds_first(self, name: str = "value") -> np.ndarray:
        """Return the values with the seeds as the first axis, as the functions of `course.plotting` take them."""
        return np.moveaxis(self.values[name], len(self.settings), 0)


def sweep(run: Callable[..., Any], settings: Mapping[str, Sequence[Any]], seeds: Sequence[int], progress: bool = True
          ) -> Sweep:
    """Call ``run(**setting, seed=seed)`` for every combination of settings and every seed.

    Parameters
    ----------
    run : callable
        Returns a number or array, or a dict of them by name; without a name it is called ``"value"``. Every call must
        return the same names, each with the same number of axes.
    settings : dict of str to sequence
        For example ``{"depth": [1, 2, 4], "lr": [0.1, 0.01]}``.
    seeds : sequence of int
    progress : bool, optional

    Returns
    -------
    Sweep
        Its arrays have the seeds after the settings; pictures take them first: see `Sweep.seeds_first`.

    Raises
    ------
    TypeError, ValueError
        If a call returned something else than numbers, or not what the first call did.
    """
    axes = {name: list(values) for name, values in settings.items()}
    seeds = list(seeds)
    shape = (*map(len, axes.values()), len(seeds))
    if 0 in shape:
        raise ValueError(f"settings and seeds must not be empty, got {axes} and {seeds}")
    results: list[dict[str, np.ndarray]] = []
    wanted: dict[str, int] = {}
    with ProgressBar(int(np.prod(shape)), progress) as bar:
        for *chosen, seed in product(*axes.values(), seeds):
            setting = dict(zip(axes, chosen, strict=True))
            result = run(**setting, seed=seed)
            call = f"run({', '.join(f'{name}={value!r}' for name, value in (setting | {'seed': seed}).items())})"
            try:
                named = result if isinstance(result, dict) else {"value": result}
                results.append({name: as_float(value, name) for name, value in named.items()})
            except (TypeError, ValueError) as error:
                raise TypeError(f"{call} must return a number or array, or a dict of them (of a History for example "
                                f"history.loss): {error}") from error
            axes_by_name = {name: array.ndim for name, array in results[-1].items()}
            wanted = wanted or axes_by_name
            if axes_by_name != wanted:
                raise ValueError(f"{call} must return the names and numbers of axes that the first call did, "
                                 f"{wanted}, got {axes_by_name}")
            bar.show(len(results), ", ".join(f"{name} {value}" for name, value in setting.items()))
    return Sweep(axes, seeds, {name: _stack([result[name] for result in results], shape) for name in results[0]})


def _stack(arrays: list[np.ndarray], shape: tuple[int, ...]) -> np.ndarray:
    largest = tuple(np.max([array.shape for array in arrays], axis=0).astype(int))
    stacked = np.full((len(arrays), *largest), np.nan)
    for number, array in enumerate(arrays):
        corner: tuple[Any, ...] = (number, *map(slice, array.shape))
        stacked[corner] = array
    return stacked.reshape(*shape, *largest)
