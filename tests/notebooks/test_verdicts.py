"""The verdicts follow from the measured figures: other figures, another verdict; and another seed, the same one."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import jupytext
import nbformat
import numpy as np
import pytest

from autograder.answer_key import AnswerKey, sources
from autograder.build import built_path

REPOSITORY = Path(__file__).resolve().parents[2]
WORDS = {"holds", "holds with a condition", "does not hold", "undecided"}
BACKPROP = REPOSITORY / "notebooks" / "week3" / "02_backprop.md"


def tagged(source: Path, tag: str) -> str:
    cells = jupytext.read(source)["cells"]
    return "\n".join(c.source for c in cells if tag in c.metadata.get("tags", []))


@cache
def rules(source: Path) -> dict[str, Any]:
    """The rules of a notebook, run with its imports and nothing else."""
    names: dict[str, Any] = {}
    code = AnswerKey(source).setup + "\n" + tagged(source, "rule")
    exec(compile(code, f"<rules of {source.name}>", "exec"), names)
    return {name: value for name, value in names.items() if name.startswith("verdict_")}


def printed(source: Path) -> dict[str, str]:
    """The verdicts that the built notebook prints, by claim."""
    code = [c for c in nbformat.read(built_path(source), as_version=4).cells if c.cell_type == "code"]
    text = "\n".join(o.text for c in code for o in c.outputs if o.output_type == "stream")
    return dict(re.findall(rf"^([A-Z]+\d+): ({'|'.join(sorted(WORDS, key=len, reverse=True))})$", text, re.MULTILINE))


@pytest.mark.parametrize("source", sources(REPOSITORY), ids=lambda s: f"{s.parent.name}/{s.stem}")
def test_every_rule_has_its_verdict_and_every_verdict_its_rule(source: Path) -> None:
    assert {name.removeprefix("verdict_").upper() for name in rules(source)} == set(printed(source))


@pytest.mark.parametrize("source", sources(REPOSITORY), ids=lambda s: f"{s.parent.name}/{s.stem}")
def test_a_rule_stands_before_the_run_that_feeds_it(source: Path) -> None:
    cells = jupytext.read(source)["cells"]
    for name in rules(source):
        written = next(i for i, c in enumerate(cells) if c.cell_type == "code" and f"def {name}(" in c.source)
        used = next(i for i, c in enumerate(cells) if c.cell_type == "code" and re.search(rf"(?<!def ){name}\(", c.source))
        assert written < used


GOOD = [1e-9, 2e-9, 1e-8, 3e-9, 4e-7]
APART = [1.0] * 5


@pytest.mark.parametrize(("smooth", "kinks", "verdict"), [
    ({"dense": GOOD, "pool": GOOD}, GOOD, "holds"),
    ({"dense": GOOD, "pool": GOOD}, APART, "holds with a condition"),
    ({"dense": GOOD, "pool": APART}, APART, "does not hold"),
    ({"dense": GOOD, "pool": [1e-9] * 4 + [0.5]}, APART, "undecided"),
    ({"dense": GOOD, "pool": GOOD[:4]}, APART, "undecided"),
    ({"dense": GOOD, "pool": GOOD}, APART[:4], "undecided"),
    ({"dense": GOOD, "pool": GOOD[:4] + [np.nan]}, APART, "undecided"),
    ({"dense": GOOD, "pool": GOOD}, APART[:4] + [np.inf], "undecided"),
    ({}, APART, "undecided"),
])
def test_b1_follows_its_figures(smooth: dict[str, list[float]], kinks: list[float], verdict: str) -> None:
    assert rules(BACKPROP)["verdict_b1"](smooth, kinks) == verdict


MEASURED = {
    "gradient_difference": [3e-16] * 5, "test_error": [0.03] * 5, "reverse_growth": [-0.1] * 5,
    "forward_growth": [1.0] * 5, "difference_growth": [1.0] * 5,
}


@pytest.mark.parametrize(("changed", "verdict"), [
    ({}, "holds"),
    ({"reverse_growth": [0.9] * 5}, "holds with a condition"),
    ({"forward_growth": [0.1] * 5}, "holds with a condition"),
    ({"difference_growth": [0.2] * 5}, "holds with a condition"),
    ({"reverse_growth": [0.0] * 4 + [0.9]}, "holds"),
    ({"gradient_difference": [0.4] * 5}, "does not hold"),
    ({"gradient_difference": [3e-16] * 4 + [0.4]}, "undecided"),
    ({"gradient_difference": [1e-6] * 5}, "undecided"),
    ({"test_error": [0.03] * 4 + [0.8]}, "undecided"),
    *[({name: figures[:4]}, "undecided") for name, figures in MEASURED.items()],
    *[({name: [*figures[:4], np.nan]}, "undecided") for name, figures in MEASURED.items()],
])
def test_b2_follows_its_figures(changed: dict[str, list[float]], verdict: str) -> None:
    assert rules(BACKPROP)["verdict_b2"](**{**MEASURED, **changed}) == verdict


@pytest.fixture(scope="module")
def measuring() -> dict[str, Any]:
    """The names of the backpropagation notebook after its imports, its solutions and what it measures with."""
    names = AnswerKey(BACKPROP).names()
    exec(compile(tagged(BACKPROP, "measure"), "<measurements>", "exec"), names)
    return names


def test_b1_stands_for_other_seeds(measuring: dict[str, Any]) -> None:
    runs = [measuring["measure_b1"](seed) for seed in range(100, 105)]
    smooth = {layer: [errors[layer] for errors, _ in runs] for layer in runs[0][0]}
    assert rules(BACKPROP)["verdict_b1"](smooth, [kink for _, kink in runs]) == printed(BACKPROP)["B1"]


def test_a_wrong_backward_pass_changes_the_verdict(measuring: dict[str, Any]) -> None:
    def turned(grad: np.ndarray, x: np.ndarray) -> np.ndarray:
        return grad * (x <= 0)

    right = measuring["relu_backward"]
    measuring["relu_backward"] = turned
    try:
        runs = [measuring["measure_b1"](seed) for seed in range(5)]
    finally:
        measuring["relu_backward"] = right
    smooth = {layer: [errors[layer] for errors, _ in runs] for layer in runs[0][0]}
    assert rules(BACKPROP)["verdict_b1"](smooth, [kink for _, kink in runs]) == "does not hold"


def test_three_ways_to_the_same_gradient(measuring: dict[str, Any]) -> None:
    rng = np.random.default_rng(100)
    params, batch = measuring["initial_params"](3, rng), measuring["digit_batch"](20, rng)
    params = [p + 0.01 * rng.normal(size=p.shape) for p in params]
    derived = measuring["hand_written_gradient"](params, *batch)
    ways = {"reverse_mode_gradient": 1e-12, "forward_mode_gradient": 1e-12, "finite_difference_gradient": 1e-8}
    for way, tolerance in ways.items():
        for got, expected in zip(measuring[way](params, *batch), derived, strict=True):
            np.testing.assert_allclose(got, expected, rtol=0, atol=tolerance)
