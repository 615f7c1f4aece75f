"""The two speeds: every entry, or random directions and, after a failure, bisection."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from course.gradient_check.differences import Judged, Slopes


@dataclass
class Evidence:
    """What was measured: slopes along directions, and what was found out about single entries."""

    slopes: Slopes
    directions: list[tuple[np.ndarray, Judged]] = field(default_factory=list)
    entries: dict[int, Judged] = field(default_factory=dict)

    def flat(self, *verdicts: str) -> list[int]:
        """Return the flat indices of the entries with one of these verdicts, in order."""
        return sorted(i for i, judged in self.entries.items() if judged.verdict in verdicts)

    def any(self, verdict: str) -> bool:
        """Tell whether any direction or entry has this verdict."""
        return any(j.verdict == verdict for j in (*self.entries.values(), *(j for _, j in self.directions)))

    @property
    def finite(self) -> bool:
        """Whether `f` was finite around all that was measured."""
        return all(np.isfinite(j.best.slope) for j in (*self.entries.values(), *(j for _, j in self.directions)))

    @property
    def complete(self) -> bool:
        """Whether every entry was measured."""
        return len(self.entries) == self.slopes.g.size

    def explained_by(self, gradient: np.ndarray) -> bool:
        """Tell whether another gradient would agree with all that was measured."""
        candidate = np.asarray(gradient, dtype=np.float64).reshape(-1)
        pairs = [(float(candidate @ v), j) for v, j in self.directions if j.verdict in ("right", "wrong")]
        pairs += [(float(candidate[i]), j) for i, j in self.entries.items() if j.verdict in ("right", "wrong")]
        return bool(pairs) and all(
            abs(got - j.best.slope) <= 3 * j.best.tolerance + 30 * self.slopes.rtol * max(abs(got), abs(j.best.slope))
            for got, j in pairs)

    def measured(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the measurements as a matrix of directions, one a row, and their numeric slopes."""
        size, known = self.slopes.g.size, [pair for pair in self.directions if pair[1].verdict in ("right", "wrong")]
        if known:
            return np.array([v for v, _ in known]), np.array([judged.best.slope for _, judged in known])
        order = self.flat("right", "wrong")
        return np.eye(size)[order], np.array([self.entries[i].best.slope for i in order])


def every_entry(slopes: Slopes) -> Evidence:
    """Measure every entry: ``2 n + 1`` evaluations, more where an entry does not agree at once."""
    return Evidence(slopes, entries={i: slopes.entry(i) for i in range(slopes.g.size)})


def random_directions(slopes: Slopes, count: int, rng: np.random.Generator, budget: int,
                      explained: Callable[[Evidence], bool] = lambda _: False) -> Evidence:
    """Measure `count` random directions; after a failed one find the wrong entries.

    The directions are normally distributed: with entries of +-1 half of all swapped pairs would go unseen. One wrong
    entry is enough if the directions themselves tell what is wrong everywhere.
    """
    found = Evidence(slopes)
    tried = [rng.normal(size=slopes.g.size) * slopes.unit for _ in range(count if slopes.g.size else 0)]
    first = [(v, slopes.central(slice(None), v)) for v in tried]
    judged = None
    for v, d in sorted(first, key=lambda pair: -abs(pair[1].error) / pair[1].tolerance):
        if judged is None or judged.verdict != "wrong":
            judged = slopes.judge(slice(None), v, d)
            found.directions.append((v, judged))
            failed = v
        else:  # the worst one was looked at closely, that is enough
            found.directions.append((v, Judged("right" if d.agrees else "wrong" if np.isfinite(d.slope) else "unclear", d)))
    if judged is not None and judged.verdict == "wrong":
        limit = slopes.evaluations + budget
        enough = 1 if explained(found) else failed.size if failed.size <= 400 else 40
        found.entries = bisect(slopes, failed, judged, limit, enough)
    return found


def bisect(slopes: Slopes, v: np.ndarray, judged: Judged, limit: int, most: int) -> dict[int, Judged]:
    """Find the entries that make a direction fail, those that count most first.

    Slopes add up: the error of a direction is that of its first half plus that of its second half, so one central
    difference splits a range in two. One wrong entry among `n` costs ``2 log2(n)`` evaluations, and all of them no
    more than trying every entry.
    """
    ratio = judged.best.ratio
    leaves: dict[int, Judged] = {}
    ranges = [(0, -abs(judged.best.error), 0, v.size, judged.best.error)]
    while ranges and slopes.evaluations < limit and len(leaves) < most:
        _, _, low, high, error = heapq.heappop(ranges)
        if high - low == 1:
            leaves[low] = slopes.entry(low)
            continue
        middle = (low + high) // 2
        left = slopes.central(slice(low, middle), v[low:middle], ratio)
        doubt = left.tolerance + slopes.tolerance(slice(middle, high), v[middle:high], ratio)
        for a, b, part, bar in ((low, middle, left.error, left.tolerance), (middle, high, error - left.error, doubt)):
            if abs(part) > bar:
                heapq.heappush(ranges, (b - a if most == 1 else 0, -abs(part), a, b, part))
    return leaves
