"""The verdicts on the backpropagation notebook's claims follow from the figures: others, another verdict; another seed, the same."""

from typing import Any

import numpy as np
import pytest

from tests.notebooks.claims import measuring as names_of
from tests.notebooks.claims import printed, rules, source_of

BACKPROP = source_of("week3", "02_backprop")
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
    return names_of(BACKPROP)


def test_b1_stands_for_other_seeds(measuring: dict[str, Any]) -> None:
    runs = [measuring["measure_b1"](seed) for seed in range(100, 105)]
    smooth = {layer: [errors[layer] for errors, _ in runs] for layer in runs[0][0]}
    assert rules(BACKPROP)["verdict_b1"](smooth, [kink for _, kink in runs]) == printed(BACKPROP)["B1"]


def test_a_wrong_backward_pass_changes_the_verdict(measuring: dict[str, Any]) -> None:
    def turned(grad: np.ndarray, x: np.ndarray) -> np.ndarray:
        return grad * (x <= 0)

    use = measuring["use"]
    right, use.relu_backward = use.relu_backward, turned
    try:
        runs = [measuring["measure_b1"](seed) for seed in range(5)]
    finally:
        use.relu_backward = right
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
