"""The verdicts on softmax and regularization follow from the figures: others, another verdict; another seed, the same."""

from typing import Any

import numpy as np
import pytest

from tests.notebooks.claims import measuring as names_of
from tests.notebooks.claims import printed, rules, source_of

SOURCE = source_of("week3", "01_softmax_and_regularization")
FIVE = np.ones(5)
FIGURES: dict[str, dict[str, Any]] = {
    "r1": {"dies_float32": 88.8 * FIVE, "dies_float64": 709.8 * FIVE, "joint_error": 1e-7 * FIVE, "slope_difference": 1e-11 * FIVE},
    "r2": {"softmax_share": 0.5 * FIVE, "sigmoid_share": 0.0 * FIVE},
    "r3": {"overfit": 5 * FIVE, "growth": 1e4 * FIVE, "shrunk": 1e-3 * FIVE, "cured": 0.3 * FIVE},
    "r5": {"penalty_gap": 0.005 * FIVE, "weights_gap": 0.005 * FIVE},
}
STANDS = {"r1": "holds with a condition", "r2": "holds", "r3": "holds", "r5": "holds"}


def one_of(usual: float, odd: float) -> np.ndarray:
    return np.array([usual] * 4 + [odd])


@pytest.mark.parametrize(("claim", "changed", "verdict"), [
    *[(claim, {}, verdict) for claim, verdict in STANDS.items()],
    *[(claim, {name: FIVE[:4]}, "undecided") for claim, figures in FIGURES.items() for name in figures],
    *[(claim, {name: one_of(figures[name][0], np.nan)}, "undecided") for claim, figures in FIGURES.items() for name in figures],
    ("r1", {"slope_difference": 0.1 * FIVE}, "holds"),
    ("r1", {"dies_float32": np.inf * FIVE, "dies_float64": np.inf * FIVE}, "does not hold"),
    ("r1", {"dies_float64": np.inf * FIVE}, "undecided"),
    ("r1", {"dies_float32": one_of(88.8, np.inf)}, "undecided"),
    ("r1", {"joint_error": one_of(1e-7, np.inf)}, "undecided"),
    ("r2", {"sigmoid_share": 0.3 * FIVE}, "holds with a condition"),
    ("r2", {"softmax_share": 0.0 * FIVE}, "does not hold"),
    ("r2", {"softmax_share": one_of(0.5, 0.05)}, "undecided"),
    ("r3", {"overfit": FIVE}, "does not hold"),
    ("r3", {"overfit": 1.3 * FIVE}, "undecided"),
    ("r3", {"growth": one_of(1e4, 2)}, "holds with a condition"),
    ("r3", {"shrunk": 0.5 * FIVE}, "holds with a condition"),
    ("r3", {"cured": one_of(0.3, 1.5)}, "holds with a condition"),
    ("r5", {"penalty_gap": FIVE}, "does not hold"),
    ("r5", {"weights_gap": 0.8 * FIVE}, "does not hold"),
    ("r5", {"weights_gap": one_of(0.005, 0.2)}, "undecided"),
])
def test_verdicts_follow_their_figures(claim: str, changed: dict[str, Any], verdict: str) -> None:
    assert rules(SOURCE)[f"verdict_{claim}"](**{**FIGURES[claim], **changed}) == verdict


MANY, NONE = {"linear": 0.6 * FIVE, "digits": 0.5 * FIVE}, {"linear": 0 * FIVE, "digits": 0 * FIVE}


@pytest.mark.parametrize(("proximal", "ridge", "subgradient", "verdict"), [
    (MANY, NONE, NONE, "holds"),
    (MANY, {**NONE, "digits": one_of(0, 0.01)}, NONE, "holds with a condition"),
    (MANY, NONE, {**NONE, "linear": one_of(0, 0.1)}, "holds with a condition"),
    (NONE, NONE, NONE, "does not hold"),
    ({**MANY, "digits": one_of(0.5, 0.1)}, NONE, NONE, "undecided"),
    ({**MANY, "linear": FIVE[:4]}, NONE, NONE, "undecided"),
    ({**MANY, "linear": one_of(0.5, np.nan)}, NONE, NONE, "undecided"),
    (MANY, {}, NONE, "undecided"),
])
def test_r4_follows_its_figures(proximal: dict, ridge: dict, subgradient: dict, verdict: str) -> None:
    assert rules(SOURCE)["verdict_r4"](proximal, ridge, subgradient) == verdict


@pytest.fixture(scope="module")
def measuring() -> dict[str, Any]:
    return names_of(SOURCE)


@pytest.mark.parametrize("claim", STANDS)
def test_verdicts_stand_for_other_seeds(claim: str, measuring: dict[str, Any]) -> None:
    figures = np.array([measuring[f"measure_{claim}"](seed) for seed in range(100, 105)])
    assert rules(SOURCE)[f"verdict_{claim}"](*figures.T) == printed(SOURCE)[claim.upper()]


@pytest.mark.slow
def test_r4_stands_for_other_seeds(measuring: dict[str, Any]) -> None:
    runs = [measuring["measure_r4"](seed, strengths=(0.001, 0.003)) for seed in range(100, 105)]
    ways = [{"linear": [on_line[way] for on_line, _ in runs], "digits": [nets[way]["zeros"][nets[way]["judged"]] for _, nets in runs]}
            for way in measuring["NET_WAYS"]]
    assert rules(SOURCE)["verdict_r4"](*ways) == printed(SOURCE)["R4"]


def changed(names: dict[str, Any], claim: str, **functions: Any) -> str:
    """The verdict on a claim when other functions than the right ones are measured."""
    use, before = names["use"], dict(vars(names["use"]))
    vars(use).update(functions)
    try:
        figures = np.array([names[f"measure_{claim}"](seed) for seed in range(5)])
    finally:
        vars(use).update(before)
    return rules(SOURCE)[f"verdict_{claim}"](*figures.T)


def test_another_loss_than_cross_entropy_would_make_it_instead(measuring: dict[str, Any]) -> None:
    assert changed(measuring, "r1", cross_entropy=lambda z, t: np.mean(np.square(z))) == "holds"


def test_a_joint_form_that_overflows_decides_nothing(measuring: dict[str, Any]) -> None:
    def unshifted(z: np.ndarray, t: np.ndarray) -> np.ndarray:
        p = np.exp(z - z.min(axis=1, keepdims=True))
        return (p / p.sum(axis=1, keepdims=True) - np.eye(z.shape[1])[t]) / len(t)

    assert changed(measuring, "r1", gradient=unshifted) == "undecided"


def test_dropout_that_is_not_scaled_is_another_penalty(measuring: dict[str, Any]) -> None:
    def unscaled(x: np.ndarray, rate: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        mask = 1.0 * (rng.random(x.shape) >= rate)
        return x * mask, mask

    assert changed(measuring, "r5", dropout_forward=unscaled) != "holds"
