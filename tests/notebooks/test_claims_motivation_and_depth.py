"""The verdicts on motivation and depth follow from the figures: others, another verdict; other seeds, the same."""

from typing import Any

import numpy as np
import pytest

from tests.notebooks.claims import measuring as names_of
from tests.notebooks.claims import printed, rules, source_of

DEPTH = source_of("week1", "01_motivation_and_depth")
SEEDS = range(200, 205)


def five(figure: float) -> list[float]:
    return [figure] * 5


def spoilt(figures: list[float]) -> list[list[float]]:
    """The same figures with one missing, and with one that is no number."""
    return [figures[:4], [*figures[:4], np.nan]]


def judge(claim: str, *figures: Any, **more: Any) -> str:
    return rules(DEPTH)[f"verdict_{claim.lower()}"](*figures, **more)


@pytest.fixture(scope="module")
def measuring() -> dict[str, Any]:
    return names_of(DEPTH)


OPTIMIZATION, OVERFITTING, FINE = (["optimization"] * 5, ["overfitting"] * 5, ["fine"] * 5)


@pytest.mark.parametrize(("digits", "signals", "helped", "verdict"), [
    (OPTIMIZATION, OPTIMIZATION, 0.05, "does not hold"),
    (OPTIMIZATION, OPTIMIZATION, -0.1, "does not hold"),
    (FINE, FINE, 0.05, "does not hold"),
    (OVERFITTING, OVERFITTING, 0.05, "holds"),
    (OVERFITTING, OVERFITTING, 0.0, "holds with a condition"),
    (OVERFITTING, OPTIMIZATION, 0.05, "holds with a condition"),
    (OVERFITTING, FINE, 0.05, "undecided"),
    (["optimization"] * 4 + ["fine"], OPTIMIZATION, 0.05, "does not hold"),
    (["optimization"] * 3 + ["fine"] * 2, OPTIMIZATION, 0.05, "undecided"),
    (OPTIMIZATION[:4], OPTIMIZATION, 0.05, "undecided"),
    (OPTIMIZATION, OPTIMIZATION, np.nan, "undecided"),
])
def test_d1_follows_its_figures(digits: list[str], signals: list[str], helped: float, verdict: str) -> None:
    assert judge("D1", {"digits": digits, "signals": signals}, {"digits": 0.05, "signals": helped}) == verdict


@pytest.mark.parametrize(("dense", "conv", "difference", "verdict"), [
    ([0.5, 0.5, 0.5], [0.3, 0.2, 0.1], five(0), "holds"),
    ([0.5, 0.5, 0.5], [0.1, 0.1, 0.1], five(0), "holds with a condition"),
    ([0.1, 0.1, 0.1], [0.3, 0.2, 0.1], five(0), "does not hold"),
    ([0.1, 0.1, 0.1], [0.3, 0.2, 0.2], five(0), "does not hold"),
    ([0.13, 0.1, 0.1], [0.3, 0.2, 0.07], five(0), "undecided"),
    ([0.5, 0.5, 0.5], [0.3, 0.2, 0.1], five(0.1), "undecided"),
    ([0.5, np.nan, 0.5], [0.3, 0.2, 0.1], five(0), "undecided"),
    *[([0.5, 0.5, 0.5], [0.3, 0.2, 0.1], bad, "undecided") for bad in spoilt(five(0))],
])
def test_d2_follows_its_figures(dense: list[float], conv: list[float], difference: list[float], verdict: str) -> None:
    assert judge("D2", *(np.tile(np.array(e)[:, None], 5) for e in (dense, conv)), difference) == verdict
    assert judge("D2", *(np.tile(np.array(e)[:, None], 4) for e in (dense, conv)), difference) == "undecided"


D3 = {"sigmoid_ratio": five(1e-9), "tanh_ratio": five(0.3), "sigmoid_shallow": five(0.0), "sigmoid_deep": five(0.9), "tanh_deep": five(0.04)}


@pytest.mark.parametrize(("changed", "verdict"), [
    ({}, "holds"),
    ({"sigmoid_deep": five(0.05)}, "does not hold"),
    ({"sigmoid_deep": five(0.15)}, "undecided"),
    ({"tanh_deep": five(0.9)}, "does not hold"),
    ({"sigmoid_ratio": five(0.5)}, "undecided"),
    ({"tanh_ratio": five(1e-6)}, "undecided"),
    ({"sigmoid_shallow": five(0.5)}, "undecided"),
    *[({name: bad}, "undecided") for name, figures in D3.items() for bad in spoilt(figures)],
])
def test_d3_follows_its_figures(changed: dict[str, list[float]], verdict: str) -> None:
    assert judge("D3", **{**D3, **changed}) == verdict


def arms(one: float, two: float) -> dict[str, list[float]]:
    return {"without BN": five(one), "with BN": five(two)}


@pytest.mark.parametrize(("ratio", "plain", "residual", "verdict"), [
    (arms(0.5, 400), arms(0.4, 0.4), arms(0, 0), "does not hold"),
    (arms(1e-5, 1e-4), arms(0.4, 0.4), arms(0, 0), "holds"),
    (arms(1e-5, 1), arms(0.4, 0.4), arms(0, 0), "holds with a condition"),
    (arms(1e-5, 1), arms(0.4, 0.0), arms(0, 0), "holds"),
    (arms(1, 1e-5), arms(0.4, 0.0), arms(0, 0), "does not hold"),
    (arms(1e-5, 1e-5), arms(0.1, 0.1), arms(0.1, 0.2), "undecided"),
    (arms(np.nan, 1), arms(0.4, 0.4), arms(0, 0), "undecided"),
    ({"without BN": five(1)[:4]}, {"without BN": five(0.4)}, {"without BN": five(0)}, "undecided"),
    ({}, {}, {}, "undecided"),
])
def test_d4_follows_its_figures(ratio: dict, plain: dict, residual: dict, verdict: str) -> None:
    assert judge("D4", ratio, plain, residual) == verdict


@pytest.mark.parametrize(("plain", "residual", "verdict"), [
    ([0.03, 0.5], [0.03, 0.04], "does not hold"),
    ([0.03, 0.03], [0.03, 0.04], "holds"),
    ([0.03, 0.06], [0.03, 0.04], "undecided"),
    ([0.03, 0.03], [0.03, 0.5], "holds"),
    ([0.03, np.nan], [0.03, 0.04], "undecided"),
])
def test_d5_follows_its_figures(plain: list[float], residual: list[float], verdict: str) -> None:
    figures = [np.tile(np.array(e)[:, None], 5) for e in (plain, residual)]
    assert judge("D5", (3, 31), *figures) == verdict
    assert judge("D5", (3, 101), *figures) == "undecided", "the claim is about depths below 101"
    assert judge("D5", (3, 31), *(f[:, :4] for f in figures)) == "undecided"


@pytest.mark.parametrize(("ends", "low_path", "verdict"), [
    ([0.01] * 10, five(0.02), "does not hold"),
    ([0.01] * 10, five(0.2), "undecided"),
    ([0.01] * 8 + [0.3] * 2, five(0.02), "holds with a condition"),
    ([0.3] * 5 + [0.01] * 5, five(0.02), "holds"),
    ([0.01] * 9, five(0.02), "undecided"),
    ([0.01] * 9 + [np.nan], five(0.02), "undecided"),
    *[([0.01] * 10, bad, "undecided") for bad in spoilt(five(0.02))],
])
def test_d6_follows_its_figures(ends: list[float], low_path: list[float], verdict: str) -> None:
    assert judge("D6", ends, low_path) == verdict


@pytest.mark.parametrize(("linear", "nonlinear", "verdict"), [
    (five(1.0), five(0.5), "holds with a condition"),
    (five(1.0), five(1.0), "does not hold"),
    (five(1.2), five(0.5), "holds"),
    ([*five(1.0)[:4], 1.1], five(0.5), "holds"),
    *[(bad, five(0.5), "undecided") for bad in spoilt(five(1.0))],
    *[(five(1.0), bad, "undecided") for bad in spoilt(five(0.5))],
])
def test_d7_follows_its_figures(linear: list[float], nonlinear: list[float], verdict: str) -> None:
    assert judge("D7", {2: five(1.0), 4: linear}, {2: nonlinear, 4: nonlinear}) == verdict
    assert judge("D7", {}, {}) == "undecided"


def shuffling(dense: float, conv: float, dense_shuffled: float, conv_shuffled: float) -> dict[str, list[float]]:
    return {"dense": five(dense), "conv": five(conv), "dense shuffled": five(dense_shuffled), "conv shuffled": five(conv_shuffled)}


NO_LEAD = shuffling(0.08, 0.07, 0.08, 0.08)


@pytest.mark.parametrize(("signals", "more", "verdict"), [
    (shuffling(0.5, 0.1, 0.5, 0.5), 0.4, "does not hold"),
    (shuffling(0.5, 0.1, 0.5, 0.5), 0.1, "holds with a condition"),
    (shuffling(0.5, 0.1, 0.5, 0.15), 0.4, "holds"),
    (shuffling(0.5, 0.48, 0.5, 0.5), 0.4, "holds"),
    (shuffling(0.5, 0.1, 0.7, 0.7), 0.4, "undecided"),
    (shuffling(0.5, np.nan, 0.5, 0.5), 0.4, "undecided"),
    (shuffling(0.5, 0.1, 0.5, 0.5), np.nan, "undecided"),
])
def test_d8_follows_its_figures(signals: dict[str, list[float]], more: float, verdict: str) -> None:
    assert judge("D8", {"signals": signals, "digits": NO_LEAD}, {"signals": five(more)}) == verdict
    few = {name: errors[:4] for name, errors in signals.items()}
    assert judge("D8", {"signals": few, "digits": NO_LEAD}, {"signals": five(more)}) == "undecided"


@pytest.mark.parametrize(("ratios", "days", "verdict"), [
    (five(1.3), [5, 100, 40], "holds"),
    (five(1.3), [0.5, 100, 40], "holds with a condition"),
    (five(1.3), [0.5, 0.1, 0.4], "does not hold"),
    ([*five(1.3)[:4], 4.0], [5, 100, 40], "undecided"),
    ([*five(1.3)[:4], 0.2], [5, 100, 40], "undecided"),
    (five(1.3), [], "undecided"),
    (five(1.3), [5, np.inf, 40], "undecided"),
    *[(bad, [5, 100, 40], "undecided") for bad in spoilt(five(1.3))],
])
def test_d9_follows_its_figures(ratios: list[float], days: list[float], verdict: str) -> None:
    assert judge("D9", ratios, days) == verdict


@pytest.mark.parametrize(("angle", "unit", "verdict"), [
    (five(0.01), five(40), "holds with a condition"),
    (five(0.01), five(0.1), "holds"),
    ([*five(0.01)[:4], 2.0], five(40), "undecided"),
    (five(30), five(40), "does not hold"),
    *[(bad, five(40), "undecided") for bad in spoilt(five(0.01))],
    *[(five(0.01), bad, "undecided") for bad in spoilt(five(40))],
])
def test_d10_follows_its_figures(angle: list[float], unit: list[float], verdict: str) -> None:
    assert judge("D10", angle, unit) == verdict


# reduced forms on seeds that the page does not use, at one learning rate each

def trained(measuring: dict[str, Any], depth: int, lr: float, seeds: range = SEEDS, **kind: Any) -> dict[str, np.ndarray]:
    runs = [measuring["train_deep"](measuring["digit_split"], depth, lr, seed, **kind) for seed in seeds]
    return {name: np.array([run[name] for run in runs]) for name in ("training", "test")}


@pytest.fixture(scope="module")
def plain_deep(measuring: dict[str, Any]) -> dict[str, np.ndarray]:
    return trained(measuring, 31, 0.003)


@pytest.fixture(scope="module")
def residual_deep(measuring: dict[str, Any]) -> dict[str, np.ndarray]:
    return trained(measuring, 31, 0.01, kind="residual")


@pytest.mark.slow
def test_d1_stands_for_other_seeds(measuring: dict[str, Any], plain_deep: dict[str, np.ndarray]) -> None:
    def train(setting: int, lr: float, seed: int) -> dict[str, float]:
        return measuring["train_deep"](measuring["signal_split"], setting, lr, seed)

    signals = measuring["at_best_rate"](train, (0, 1, 15), (0.01, 0.1), SEEDS, (300,))[2]
    signals = {what: signals[what] for what in ("training", "test")}
    digits = {what: np.stack([trained(measuring, 0, 0.1)[what], trained(measuring, 1, 0.1)[what], plain_deep[what]])
              for what in ("training", "test")}
    words, helped = {}, {}
    for name, errors in (("digits", digits), ("signals", signals)):
        words[name] = [measuring["diagnose"](*figures) for figures in zip(
            errors["training"][2], errors["test"][2], errors["training"][1], errors["test"][1], strict=True)]
        helped[name] = np.median(errors["test"][0]) - np.median(errors["test"][1])
    assert helped["signals"] > 0.05, "a hidden layer helps, as the page says"
    assert judge("D1", words, helped) == printed(DEPTH)["D1"]


@pytest.mark.slow
def test_a_deep_net_that_trains_changes_the_verdicts(
    measuring: dict[str, Any], plain_deep: dict[str, np.ndarray], residual_deep: dict[str, np.ndarray]
) -> None:
    words = [measuring["diagnose"](*figures) for figures in zip(
        residual_deep["training"], residual_deep["test"], plain_deep["training"], plain_deep["test"], strict=True)]
    assert words == FINE, "skip connections take the failure away"
    assert judge("D5", (31,), residual_deep["test"][None], residual_deep["test"][None]) == "holds"


@pytest.mark.slow
def test_d3_stands_for_other_seeds(measuring: dict[str, Any]) -> None:
    activations = {"sigmoid": measuring["Sigmoid"], "tanh": measuring["Tanh"]}
    ratio = {name: measuring["first_over_last"]([measuring["hidden_gradients"](15, seed, activation=a) for seed in SEEDS])
             for name, a in activations.items()}
    figures = [trained(measuring, depth, lr, activation=activations[name])["training"]
               for name, depth, lr in (("sigmoid", 1, 1.0), ("sigmoid", 15, 0.3), ("tanh", 15, 0.03))]
    assert judge("D3", ratio["sigmoid"], ratio["tanh"], *figures) == printed(DEPTH)["D3"]


@pytest.mark.slow
def test_d4_and_d5_stand_for_other_seeds(
    measuring: dict[str, Any], plain_deep: dict[str, np.ndarray], residual_deep: dict[str, np.ndarray]
) -> None:
    few = range(200, 203)
    normed = {kind: trained(measuring, 31, 0.01, few, kind=kind, norm=True)["training"] for kind in ("plain", "residual")}
    ratio = {arm: measuring["first_over_last"]([measuring["hidden_gradients"](31, seed, norm=norm) for seed in few])
             for arm, norm in (("without BN", False), ("with BN", True))}
    plain, residual = ({"without BN": deep["training"][:3], "with BN": normed[kind]}
                       for kind, deep in (("plain", plain_deep), ("residual", residual_deep)))
    assert judge("D4", ratio, plain, residual, seeds=3) == printed(DEPTH)["D4"]
    assert judge("D5", (31,), plain_deep["test"][None], residual_deep["test"][None]) == printed(DEPTH)["D5"]


@pytest.mark.slow
def test_d2_and_d8_stand_for_other_seeds(measuring: dict[str, Any]) -> None:
    def errors(kind: str, layers: int, lr: float = 0.01, **more: Any) -> list[float]:
        return [measuring["train_shape"]("signals", kind, layers, lr, seed, **more)["test"] for seed in range(200, 203)]

    dense = [errors("dense", layers) for layers in (1, 3)]
    conv = [errors("conv", 1, lr=0.03), errors("conv", 3)]  # each at the rate that the page chose for it
    difference = [measuring["matrix_facts"](seed)[1] for seed in range(200, 203)]
    assert judge("D2", dense, conv, difference, seeds=3) == printed(DEPTH)["D2"]
    named = {"dense": dense[0], "conv": conv[1], "dense shuffled": errors("dense", 1, shuffled=True),
             "conv shuffled": errors("conv", 3, shuffled=True)}
    assert judge("D8", {"signals": named}, {"signals": errors("dense", 1, n=8000)}, seeds=3) == printed(DEPTH)["D8"]


@pytest.mark.slow
def test_d6_stands_for_other_seeds(measuring: dict[str, Any]) -> None:
    walks = [measuring["walk"](seed) for seed in range(100, 103)]
    ends = np.concatenate([end / begin for begin, end, *_ in walks])
    tops = [ways["matched, with a bend"].max() / begin.mean() for begin, _, _, ways, _ in walks]
    assert judge("D6", ends, tops, runs=6, pairs=3) == printed(DEPTH)["D6"]
    assert all(changed < 1e-9 for _, _, changed, _, _ in walks), "hidden units in another order compute the same"
    assert all(ways["straight"].max() > ways["units matched"].max() for *_, ways, _ in walks)


@pytest.mark.slow
def test_d7_and_d10_stand_for_other_seeds(measuring: dict[str, Any]) -> None:
    runs = [measuring["autoencode"](seed, codes=(4,)) for seed in range(200, 203)]
    linear, nonlinear = ({4: [run[kind][4] for run in runs]} for kind in ("linear", "nonlinear"))
    assert judge("D7", linear, nonlinear, seeds=3) == printed(DEPTH)["D7"]
    angles, units = ([run[name].max() for run in runs] for name in ("angles", "units"))
    assert judge("D10", angles, units, seeds=3) == printed(DEPTH)["D10"]


def test_a_code_that_is_not_centred_changes_d10(measuring: dict[str, Any]) -> None:
    x, _, mean = measuring["centred_digits"](200)
    _, decoder, _ = measuring["train_linear"](x + mean, 4, np.random.default_rng(200), lr=0.005)
    assert measuring["angles_to_pca"](x, decoder)[0].max() > 5


def test_d9_counts_every_multiplication(measuring: dict[str, Any]) -> None:
    rng = np.random.default_rng(0)
    net = measuring["Sequential"](measuring["Dense"](64, 5, rng=rng), measuring["ReLU"](), measuring["Dense"](5, 3, rng=rng))
    forward, weights, inputs = 64 * 5 + 5 * 3, 64 * 5 + 5 * 3, 5 * 3
    assert measuring["training_multiply_adds"](net, 7, 2) == 14 * (forward + weights + inputs)


def test_d9_does_not_hang_on_this_computer(measuring: dict[str, Any]) -> None:
    assert judge("D9", five(1.0), list(measuring["days"](5e11).values())) == printed(DEPTH)["D9"]
    slow, fast = (measuring["days"](rate)["ResNet-50 (2015)"] for rate in (1e9, 1e12))
    assert slow == pytest.approx(1000 * fast)
