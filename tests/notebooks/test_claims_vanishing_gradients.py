"""The verdicts of week 2 on vanishing gradients and batch normalization: other figures, another verdict; another seed, the same."""

from typing import Any

import numpy as np
import pytest

from tests.notebooks.claims import measuring as names_of
from tests.notebooks.claims import printed, rules, source_of

SOURCE = source_of("week2", "02_vanishing_gradients_and_batch_norm")
FIVE = np.ones(5)


@pytest.mark.parametrize(("vanishing", "exploding", "fit", "verdict"), [
    (-0.6 * FIVE, 0.2 * FIVE, FIVE, "holds"),
    (-0.01 * FIVE, 0.01 * FIVE, FIVE, "does not hold"),
    (-0.6 * FIVE, 0.01 * FIVE, FIVE, "undecided"),
    (-0.6 * FIVE, 0.2 * FIVE, 0.5 * FIVE, "undecided"),
    (-0.6 * FIVE[:4], 0.2 * FIVE[:4], FIVE[:4], "undecided"),
    (-0.6 * FIVE, 0.2 * FIVE, np.nan * FIVE, "undecided"),
])
def test_v1_follows_its_figures(vanishing: Any, exploding: Any, fit: Any, verdict: str) -> None:
    slopes, fits = {"vanishing": vanishing, "exploding": exploding}, {"vanishing": fit, "exploding": fit}
    assert rules(SOURCE)["verdict_v1"](slopes, fits) == verdict


@pytest.mark.parametrize(("alone", "against", "verdict"), [
    ((-0.3, 0.3), (-0.1, 0.1), "holds"),
    ((-0.3, 0.3), (0.3, -0.3), "holds with a condition"),
    ((0.3, 0.3), (0.3, -0.3), "does not hold"),
    ((-0.3, 0.3), (0.3, 0.1), "undecided"),
    ((-0.3, np.nan), (0.3, -0.3), "undecided"),
])
def test_v2_follows_its_figures(alone: tuple, against: tuple, verdict: str) -> None:
    given = [{"below 1": low * FIVE, "above 1": high * FIVE} for low, high in (alone, against)]
    assert rules(SOURCE)["verdict_v2"](*given) == verdict
    assert rules(SOURCE)["verdict_v2"](*[{k: v[:4] for k, v in g.items()} for g in given]) == "undecided"


@pytest.mark.parametrize(("small", "entries", "excess", "verdict"), [
    (0.1, 0.2, 0.9, "holds"),
    (0.1, 0.4, 0.9, "holds with a condition"),
    (0.3, 0.4, 0.9, "does not hold"),
    (0.1, 0.4, 1.2, "undecided"),
    (0.1, np.nan, 0.9, "undecided"),
])
def test_v3_follows_its_figures(small: float, entries: float, excess: float, verdict: str) -> None:
    assert rules(SOURCE)["verdict_v3"](small * FIVE, entries * FIVE, excess * FIVE) == verdict
    assert rules(SOURCE)["verdict_v3"](small * FIVE[:4], entries * FIVE[:4], excess * FIVE[:4]) == "undecided"


def _errors(**changed: float) -> dict[str, dict[str, np.ndarray]]:
    """Errors of three seeds at two depths: every cure works, but for what is changed (as `relu_plain=0.5`)."""
    base = {name: {cure: 0.8 if (name, cure) == ("sigmoid", "plain") else 0.01 for cure in ("plain", "BN", "residual")} for name in ("sigmoid", "tanh", "relu")}
    return {name: {cure: np.full((3, 2), changed.get(f"{name}_{cure}", e)) for cure, e in by_cure.items()} for name, by_cure in base.items()}


@pytest.mark.parametrize(("changed", "verdict"), [
    ({}, "holds"),
    ({"tanh_plain": 0.7}, "holds"),
    ({"relu_plain": 0.3}, "holds with a condition"),
    ({"sigmoid_residual": 0.3}, "holds with a condition"),
    ({"tanh_BN": 0.3}, "holds with a condition"),
    ({"sigmoid_BN": 0.85, "tanh_BN": 0.3, "relu_BN": 0.3}, "does not hold"),
    ({"sigmoid_BN": 0.7}, "undecided"),
    ({"sigmoid_BN": 0.7, "tanh_plain": 0.7}, "holds with a condition"),
    ({"relu_plain": 0.7}, "undecided"),
    ({"relu_BN": np.nan}, "undecided"),
])
def test_v4_follows_its_figures(changed: dict[str, float], verdict: str) -> None:
    errors = _errors(**changed)
    assert rules(SOURCE)["verdict_v4"](errors) == verdict
    few = {name: {cure: e[:2] for cure, e in by_cure.items()} for name, by_cure in errors.items()}
    assert rules(SOURCE)["verdict_v4"](few) == "undecided"


GOOD = {"plain": 15.0, "normalized": 2.0, "noisy": 2.0, "plain_shift": 0.2, "noisy_shift": 0.3, "normalized_slope": 0.2, "plain_slope": 0.1}


@pytest.mark.parametrize(("changed", "verdict"), [
    ({}, "holds with a condition"),
    ({"plain": np.inf}, "holds with a condition"),
    ({"noisy": 15.0}, "holds"),
    ({"noisy": 15.0, "normalized_slope": 0.1}, "undecided"),
    ({"normalized": 20.0}, "does not hold"),
    ({"noisy_shift": 0.1}, "undecided"),
    ({"plain_shift": 0.4}, "undecided"),
    ({"plain": np.nan}, "undecided"),
])
def test_v5_follows_its_figures(changed: dict[str, float], verdict: str) -> None:
    figures = GOOD | changed
    assert rules(SOURCE)["verdict_v5"](**{k: v * FIVE for k, v in figures.items()}) == verdict
    assert rules(SOURCE)["verdict_v5"](**{k: v * FIVE[:4] for k, v in figures.items()}) == "undecided"


TEN = np.ones(10)
CHANCE = np.array([1.0, -1.0] * 5)


@pytest.mark.parametrize(("advantage", "verdict"), [
    ({"tanh": 2 * TEN + CHANCE, "relu": 5 * TEN}, "holds"),
    ({"tanh": CHANCE, "relu": -5 * TEN}, "does not hold"),
    ({"tanh": 0.5 * TEN + CHANCE, "relu": 0 * TEN}, "does not hold"),
    ({"tanh": CHANCE, "relu": 5 * TEN}, "holds with a condition"),
    ({"tanh": 5 * CHANCE, "relu": 0 * TEN}, "undecided"),
    ({"tanh": 3 * TEN, "relu": 5 * TEN[:9]}, "undecided"),
    ({"tanh": np.nan * TEN}, "undecided"),
    ({}, "undecided"),
])
def test_v6_follows_its_figures(advantage: dict[str, np.ndarray], verdict: str) -> None:
    assert rules(SOURCE)["verdict_v6"](advantage) == verdict


@pytest.mark.parametrize(("rule", "figures", "verdict"), [
    ("verdict_v7", (1e-15, 0.08, 0.01), "holds"),
    ("verdict_v7", (0.1, 0.08, 0.01), "does not hold"),
    ("verdict_v7", (1e-15, 0.01, 0.01), "does not hold"),
    ("verdict_v7", (1e-15, 0.08, np.nan), "undecided"),
    ("verdict_v8", (2.0, 40.0, 1e-14), "does not hold"),
    ("verdict_v8", (2.0, 2.5, 1e-14), "holds"),
    ("verdict_v8", (2.0, 40.0, 1e-3), "undecided"),
    ("verdict_v8", (2.0, 6.0, 1e-14), "undecided"),
    ("verdict_v8", (np.nan, 40.0, 1e-14), "undecided"),
    ("verdict_v9", (2.0, 20.0, 2.5), "holds with a condition"),
    ("verdict_v9", (2.0, 20.0, 15.0), "holds"),
    ("verdict_v9", (2.0, 4.0, 2.0), "does not hold"),
    ("verdict_v9", (2.0, np.nan, 2.0), "undecided"),
])
def test_v7_to_v9_follow_their_figures(rule: str, figures: tuple[float, ...], verdict: str) -> None:
    assert rules(SOURCE)[rule](*[f * FIVE for f in figures]) == verdict
    assert rules(SOURCE)[rule](*[f * FIVE[:4] for f in figures]) == "undecided"


def test_seeds_that_disagree_are_undecided() -> None:
    mixed = np.array([2.0, 2.0, 2.0, 2.0, 20.0])
    assert rules(SOURCE)["verdict_v8"](2.0 * FIVE, mixed, 1e-14 * FIVE) == "undecided"
    assert rules(SOURCE)["verdict_v9"](2.0 * FIVE, mixed, 2.0 * FIVE) == "undecided"


@pytest.fixture(scope="module")
def measuring() -> dict[str, Any]:
    return names_of(SOURCE)


SEEDS = range(200, 205)


def test_v1_to_v3_stand_for_other_seeds(measuring: dict[str, Any]) -> None:
    kinds = {"vanishing": "sigmoid, Glorot's weights", "exploding": "ReLU, weights 1.4 times as large"}
    runs = [measuring["measure_v1"](seed) for seed in SEEDS]
    lines = {kind: np.array([measuring["straight_line"](run[name]) for run in runs]) for kind, name in kinds.items()}
    slopes, fits = ({kind: values[:, i] for kind, values in lines.items()} for i in (0, 1))
    assert rules(SOURCE)["verdict_v1"](slopes, fits) == printed(SOURCE)["V1"]
    factor = measuring["factor_of_slope_net"]
    alone, against = ({"below 1": [factor(0.5, low, s) for s in SEEDS], "above 1": [factor(2.0, high, s) for s in SEEDS]} for low, high in ((1.0, 1.0), (4.0, 0.25)))
    assert rules(SOURCE)["verdict_v2"](alone, against) == printed(SOURCE)["V2"]
    v3 = np.array([measuring["measure_v3"](seed, measuring["sigmoid_bound"]) for seed in SEEDS])
    below_1 = np.where(v3[..., 2] < 1, v3[..., 0], 0.0)
    assert rules(SOURCE)["verdict_v3"](v3[:, 0, 0], below_1.max(axis=1), (v3[..., 0] / v3[..., 1]).max(axis=1)) == printed(SOURCE)["V3"]


@pytest.mark.slow
def test_v4_stands_for_other_seeds(measuring: dict[str, Any]) -> None:
    errors = {name: {cure: np.array([[measuring["measure_v4"](name, cure, depth, seed) for depth in (4, 16)] for seed in range(200, 203)])
                     for cure in measuring["CURES"]} for name in measuring["UNITS"]}
    assert rules(SOURCE)["verdict_v4"](errors) == printed(SOURCE)["V4"]


@pytest.mark.slow
def test_v5_stands_for_other_seeds(measuring: dict[str, Any]) -> None:
    runs = {kind: [measuring["measure_v5"](kind, 0.3, seed) for seed in SEEDS] for kind in ("plain", "normalized", "noisy")}
    epochs = [[measuring["epochs_to"](run["error"]) for run in runs[kind]] for kind in runs]
    shift, slope = ({kind: [run[name] for run in r] for kind, r in runs.items()} for name in ("shift", "slope"))
    verdict = rules(SOURCE)["verdict_v5"](*epochs, shift["plain"], shift["noisy"], slope["normalized"], slope["plain"])
    assert verdict == printed(SOURCE)["V5"]


@pytest.mark.slow
def test_v6_stands_for_other_seeds(measuring: dict[str, Any]) -> None:
    advantage = {name: [measuring["error_by_order"](name, "behind", seed) - measuring["error_by_order"](name, "before", seed) for seed in range(200, 210)]
                 for name in ("tanh", "sigmoid")}
    assert rules(SOURCE)["verdict_v6"](advantage) == printed(SOURCE)["V6"]


@pytest.mark.slow
def test_v7_to_v9_stand_for_other_seeds(measuring: dict[str, Any]) -> None:
    identity = [measuring["measure_v7"](seed, measuring["batchnorm_forward"]) for seed in SEEDS]
    without, with_both = ([measuring["step_net"](16, affine, seed)[2] for seed in SEEDS] for affine in (False, True))
    assert rules(SOURCE)["verdict_v7"](identity, without, with_both) == printed(SOURCE)["V7"]
    kept, left_out, _, difference = np.array([measuring["measure_v8"](seed, measuring["fold_batchnorm"]) for seed in SEEDS]).T
    assert rules(SOURCE)["verdict_v8"](kept, left_out, difference) == printed(SOURCE)["V8"]
    light = np.array([measuring["measure_v9"](seed) for seed in SEEDS])
    assert rules(SOURCE)["verdict_v9"](light[:, 0, 1], light[:, 1, 1], light[:, 1, 2]) == printed(SOURCE)["V9"]


def test_without_its_division_the_normalization_does_not_give_back(measuring: dict[str, Any]) -> None:
    def wrong(x: Any, gamma: Any, beta: Any) -> Any:
        return gamma * (x - x.mean(axis=0)) + beta, None

    identity = [measuring["measure_v7"](seed, wrong) for seed in SEEDS]
    assert rules(SOURCE)["verdict_v7"](identity, 0.08 * FIVE, 0.01 * FIVE) == "does not hold"
