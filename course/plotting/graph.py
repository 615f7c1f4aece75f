"""Computation graphs with the values and gradients that run through them."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from course.plotting.style import BLUE, GREY, ORANGE, figures, finish, mapping, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Edge = tuple[str, str] | tuple[str, str, str]
Place = tuple[float, float]
APART = np.array([2.9, -1.5])  # of two boxes, across and down; a box is 1.8 wide and 1 high


def arrange(names: Sequence[str], edges: Sequence[Edge]) -> tuple[dict[str, Place], list[list[Place]]]:
    """Give each node a place (column, row), and each edge the places between boxes that it runs through.

    A node stands after all it depends on and just before its first use; in a column, near what it is joined to.
    Raises ValueError where the edges go in a circle.
    """
    before: dict[str, list[str]] = {n: [e[0] for e in edges if e[1] == n] for n in names}
    after: dict[str, list[str]] = {n: [e[1] for e in edges if e[0] == n] for n in names}
    column = dict.fromkeys(names, 0)
    for _ in names:
        column = {n: max((column[b] + 1 for b in before[n]), default=0) for n in names}
    if any(column[e[1]] <= column[e[0]] for e in edges):
        raise ValueError("edges must not go in a circle")
    for n in sorted(names, key=column.__getitem__, reverse=True):
        column[n] = min((column[a] - 1 for a in after[n]), default=column[n])
    routes = []
    for i, (start, end, *_) in enumerate(edges):  # where an edge passes a column, it holds a row free for itself
        between = [f"edge {i} in column {k}" for k in range(column[start] + 1, column[end])]
        column |= {n: column[start] + 1 + k for k, n in enumerate(between)}
        for one, next_one in pairwise([start, *between, end]):
            before[next_one] = [*before.get(next_one, []), one]
            after[one] = [*after.get(one, []), next_one]
        routes.append(between)
    stacks = [[n for n in column if column[n] == k] for k in range(max(column.values()) + 1)]
    row = {n: i - (len(stack) - 1) / 2 for stack in stacks for i, n in enumerate(stack)}
    for sweep in range(8):  # towards the mean row of the neighbours on one side, then on the other
        joined = before if sweep % 2 == 0 else after
        for stack in stacks if sweep % 2 == 0 else stacks[::-1]:
            wanted = {n: float(np.mean([row[m] for m in joined.get(n) or [n]])) for n in stack}
            stack.sort(key=wanted.__getitem__)
            shift = float(np.mean(list(wanted.values()))) - (len(stack) - 1) / 2
            row |= {n: i + shift for i, n in enumerate(stack)}
    return {n: (column[n], row[n]) for n in names}, [[(column[n], row[n]) for n in route] for route in routes]


def plot_computation_graph(nodes: Mapping[str, tuple[float, float | None]], edges: Sequence[Edge],
                           ax: "Axes | None" = None, *, places: Mapping[str, Place] | None = None,
                           title: str | None = None) -> "Axes":
    """Draw a small graph: a box for each node with its value and gradient, an arrow for each edge with its slope.

    Parameters
    ----------
    nodes : dict of pairs (value, gradient)
        By what stands in bold, such as "z = u + b"; a gradient of None is left out.
    edges : sequence of (start, end) or (start, end, slope)
        Names of two nodes; slope is text such as "2z = 4".
    places : dict of pairs (column, row), optional
        Rows count downwards; fractions are allowed. Unless told, nodes are arranged by `arrange`.
    """
    boxes = mapping("nodes", nodes)
    for edge in edges:
        if len(edge) not in (2, 3) or edge[0] not in boxes or edge[1] not in boxes:
            raise ValueError(f"edges must be (start, end) or (start, end, slope) with names of nodes, got {edge!r}")
    routes: list[list[Place]] = [[] for _ in edges]
    if places is None:
        places, routes = arrange(list(boxes), edges)
    if places.keys() != boxes.keys():
        raise ValueError(f"places must have the names of nodes, {list(boxes)}, got {list(places)}")
    at = {name: np.array(place) * APART for name, place in places.items()}
    ways = [[at[e[0]] + [0.9, 0], *(np.array(p) * APART + [s, 0] for p in route for s in (-0.9, 0.9)), at[e[1]] - [0.92, 0]]
            for e, route in zip(edges, routes, strict=True)]
    low, high = (f([*at.values(), *(p for way in ways for p in way)], axis=0) for f in (np.min, np.max))
    ax = new_axes(ax, tuple(np.clip((high - low + [2.2, 1.6]) * 0.75, [5, 2], [12, 8])))  # type: ignore[arg-type]
    room = ax.figure.figure.get_size_inches() * ax.get_position(original=True).size / 0.8  # type: ignore[union-attr]
    scale = min(1.0, *(room / (high - low + [2.2, 1.4]) / 0.72))  # letters shrink where a box is under an inch wide
    middle: dict[str, Any] = {"ha": "center", "va": "center", "zorder": 3}
    for (_, _, *slope), way in zip(edges, ways, strict=True):
        ax.plot(*np.array(way[:-1]).T, color=GREY, lw=1.4, zorder=1)
        ax.annotate("", way[-1], way[-2], arrowprops={"arrowstyle": "-|>", "color": GREY, "lw": 1.4, "shrinkA": 0,
                                                      "shrinkB": 0}, zorder=1)
        if slope:
            x, y = (way[0] + way[1]) / 2
            ax.text(x, y, slope[0], **middle, fontsize=9.5 * scale, bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5})
    for name, (value, gradient) in boxes.items():
        x, y = at[name]
        ax.fill([x - 0.9, x + 0.9, x + 0.9, x - 0.9], [y - 0.5, y - 0.5, y + 0.5, y + 0.5], facecolor="white",
                edgecolor="black", zorder=2)
        ax.text(x, y + 0.28, name, **middle, fontsize=11 * scale * min(1, 15 / len(name)), fontweight="bold")
        ax.text(x, y - 0.03, "value {}".format(*figures(value)), **middle, fontsize=10 * scale, color=BLUE)
        if gradient is not None:
            ax.text(x, y - 0.32, "gradient {}".format(*figures(gradient)), **middle, fontsize=10 * scale, color=ORANGE, style="italic")
    ax.set(xlim=(low[0] - 1.1, high[0] + 1.1), ylim=(low[1] - 0.7, high[1] + 0.7))
    ax.axis("off")
    told = "; ".join(f"{name} has value " + " and gradient ".join(figures(*[p for p in pair if p is not None]))
                     for name, pair in boxes.items())
    return finish(ax, title, f"Computation graph of {len(boxes)} nodes and {len(edges)} edges: {told}.")
