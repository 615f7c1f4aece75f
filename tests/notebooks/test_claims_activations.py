"""The verdicts of week 2 on activations: other figures, another verdict; another seed, the same."""

from typing import Any

import numpy as np
import pytest

from tests.notebooks.claims import measuring as names_of
from tests.notebooks.claims import printed, rules, source_of

SOURCE = source_of("week2", "01_activations_and_saddle_points")
FIVE = np.ones(5)


@pytest.mark.parametrize(("rule", "figures", "verdict"), [
    ("verdict_a1", (1e-16, 0.5, 1.0), "holds"),
    ("verdict_a1", (0.1, 0.5, 1.0), "does not hold"),
    ("verdict_a1", (1e-16, 1.0, 1.0), "does not hold"),
    ("verdict_a1", (1e-16, 0.5, 0.7), "undecided"),
    ("verdict_a1", (1e-16, 0.85, 1.0), "undecided"),
    ("verdict_a1", (np.nan, 0.5, 1.0), "undecided"),
    ("verdict_a3", (1.0, 1e-6, 0.9, 1e-12), "holds with a condition"),
    ("verdict_a3", (1.0, 0.5, 0.9, 1e-12), "holds with a condition"),
    ("verdict_a3", (1.0, 1e-6, 0.0, 1e-12), "holds with a condition"),
    ("verdict_a3", (1.0, 0.5, 0.0, 1e-12), "holds"),
    ("verdict_a3", (1e-3, 1e-6, 0.9, 1e-12), "does not hold"),
    ("verdict_a3", (1.0, 1e-6, 0.9, 0.5), "undecided"),
    ("verdict_a3", (1.0, np.nan, 0.9, 1e-12), "undecided"),
    ("verdict_a5", (0.0, 1.0), "holds"),
    ("verdict_a5", (0.5, 0.5), "does not hold"),
    ("verdict_a5", (0.4, 0.6), "undecided"),
    ("verdict_a5", (np.nan, 1.0), "undecided"),
    ("verdict_a10", (0.98, 0.03, 0.03, 0.6), "holds with a condition"),
    ("verdict_a10", (0.98, 0.03, 0.03, 0.04), "holds"),
    ("verdict_a10", (0.8, 0.03, 0.03, 0.6), "does not hold"),
    ("verdict_a10", (0.95, 0.03, 0.2, 0.6), "does not hold"),
    ("verdict_a10", (0.98, 0.03, 0.03, np.inf), "undecided"),
])
def test_rules_of_plain_figures(rule: str, figures: tuple[float, ...], verdict: str) -> None:
    assert rules(SOURCE)[rule](*[f * FIVE for f in figures]) == verdict
    assert rules(SOURCE)[rule](*[f * FIVE[:4] for f in figures]) == "undecided"


GAP = {"ReLU": 0.18, "sigmoid": 0.21, "tanh": 0.185, "softplus": 0.2}
CORRELATION = {"ReLU": 0.2, "sigmoid": 0.35, "tanh": 0.26, "softplus": 0.24}


@pytest.mark.parametrize(("zeros", "correlation", "gap", "verdict"), [
    (0.3, {}, {}, "holds with a condition"),
    (0.3, {}, {"ReLU": 0.1}, "holds"),
    (0.3, {"ReLU": 0.25}, {}, "does not hold"),
    (0.3, {"ReLU": 0.25}, {"ReLU": 0.1}, "holds with a condition"),
    (0.0, {}, {"ReLU": 0.1}, "does not hold"),
    (np.nan, {}, {}, "undecided"),
    (0.3, {"tanh": np.nan}, {}, "undecided"),
    (0.3, {}, {"softplus": np.inf}, "undecided"),
])
def test_a2_follows_its_figures(zeros: float, correlation: dict[str, float], gap: dict[str, float], verdict: str) -> None:
    given = [{name: f * FIVE for name, f in (base | changed).items()} for base, changed in ((CORRELATION, correlation), (GAP, gap))]
    assert rules(SOURCE)["verdict_a2"](zeros * FIVE, *given) == verdict
    assert rules(SOURCE)["verdict_a2"](zeros * FIVE[:4], *given) == "undecided"


def test_a2_wants_four_seeds_of_five() -> None:
    correlation = {name: f * FIVE for name, f in CORRELATION.items()}
    gap = {"ReLU": np.array([0.1, 0.1, 0.1, 0.3, 0.3]), "tanh": 0.2 * FIVE}
    assert rules(SOURCE)["verdict_a2"](0.3 * FIVE, correlation, gap) == "holds with a condition"


BAD, GOOD = (0.9, 0.9, 0.03, 0.9, 0.9), (0.03, 0.03, 0.03, 0.04, 0.05)


@pytest.mark.parametrize(("shallow", "deep", "verdict"), [
    ((GOOD, GOOD), (BAD, BAD), "does not hold"),
    ((BAD, GOOD), (BAD, GOOD), "holds"),
    ((GOOD, GOOD), (BAD, GOOD), "holds with a condition"),
    ((GOOD, BAD), (GOOD, GOOD), "does not hold"),
    (((0.03, 0.03, 0.03, 0.03, 0.4), GOOD), (BAD, BAD), "undecided"),
    ((GOOD, GOOD), (BAD, (np.nan,) * 5), "undecided"),
])
def test_a4_follows_its_figures(shallow: tuple, deep: tuple, verdict: str) -> None:
    errors = {depth: dict(zip(("ReLU", "sigmoid"), (np.outer(e, FIVE) for e in pair), strict=True)) for depth, pair in ((1, shallow), (4, deep))}
    assert rules(SOURCE)["verdict_a4"](errors) == verdict
    assert rules(SOURCE)["verdict_a4"]({depth: {n: e[:, :4] for n, e in by.items()} for depth, by in errors.items()}) == "undecided"
    assert rules(SOURCE)["verdict_a4"]({}) == "undecided"


@pytest.mark.parametrize(("dropped", "verdict"), [
    ({"squared ReLU": 0.2 * FIVE}, "holds with a condition"),
    ({name: 0.2 * FIVE for name in ("softplus", "squared ReLU", "leaky ReLU")}, "holds"),
    ({}, "does not hold"),
    ({"squared ReLU": np.array([0.2, 0.2, 0.2, 0.3, 0.3])}, "undecided"),
    ({"squared ReLU": np.nan * FIVE}, "undecided"),
    ({"squared ReLU": 0.2 * FIVE[:4]}, "undecided"),
])
def test_a6_follows_its_figures(dropped: dict[str, np.ndarray], verdict: str) -> None:
    plain = {name: 0.25 * FIVE for name in ("softplus", "squared ReLU", "leaky ReLU")}
    assert rules(SOURCE)["verdict_a6"](plain, plain | dropped) == verdict
    assert rules(SOURCE)["verdict_a6"]({}, {}) == "undecided"


REACH, CNN = {"ReLU": 20, "sigmoid": 5, "tanh": 80, "ReLU, identity": 80}, {"ReLU": 0.03, "sigmoid": 0.09, "tanh": 0.032}


@pytest.mark.parametrize(("reach", "cnn", "verdict"), [
    ({}, {}, "holds with a condition"),
    ({"ReLU, identity": 20}, {}, "holds with a condition"),
    ({"ReLU, identity": 20}, {"tanh": 0.06}, "holds"),
    ({"ReLU": 80}, {}, "does not hold"),
    ({"ReLU": 80}, {"tanh": 0.06}, "holds with a condition"),
    ({"tanh": np.nan}, {}, "undecided"),
    ({}, {"ReLU": np.nan}, "undecided"),
])
def test_a7_follows_its_figures(reach: dict[str, float], cnn: dict[str, float], verdict: str) -> None:
    given = [{name: f * FIVE[:3] for name, f in figures.items()} for figures in (REACH | reach, CNN | cnn)]
    assert rules(SOURCE)["verdict_a7"](*given) == verdict
    assert rules(SOURCE)["verdict_a7"](*[{name: f[:2] for name, f in figures.items()} for figures in given]) == "undecided"


@pytest.mark.parametrize(("ordinary", "saturated", "outside", "verdict"), [
    ({}, {}, 0.4, "holds with a condition"),
    ({}, {"squared error": 0.02}, 0.4, "holds"),
    ({}, {"logistic loss": 0.3}, 0.4, "does not hold"),
    ({"logistic loss": 0.2}, {"logistic loss": 0.2}, 0.4, "does not hold"),
    ({}, {}, 0.0, "does not hold"),
    ({}, {"squared error": np.nan}, 0.4, "undecided"),
    ({}, {}, np.nan, "undecided"),
])
def test_a8_follows_its_figures(ordinary: dict[str, float], saturated: dict[str, float], outside: float, verdict: str) -> None:
    usual = {"logistic loss": 0.02, "squared error": 0.02, "linear": 0.02}
    given = [{name: f * FIVE for name, f in figures.items()}
             for figures in (usual | ordinary, {"logistic loss": 0.02, "squared error": 0.5} | saturated)]
    assert rules(SOURCE)["verdict_a8"](*given, outside * FIVE) == verdict
    assert rules(SOURCE)["verdict_a8"](*given, outside * FIVE[:4]) == "undecided"


@pytest.mark.parametrize(("learned", "probe", "verdict"), [
    ({}, {}, "holds with a condition"),
    ({}, {"rotation": 0.04, "the input itself": 0.05}, "holds"),
    ({"rotation": 0.95}, {}, "does not hold"),
    ({"rotation": np.nan}, {}, "undecided"),
    ({}, {"label": np.nan}, "undecided"),
])
def test_a9_follows_its_figures(learned: dict[str, float], probe: dict[str, float], verdict: str) -> None:
    given = [{name: f * FIVE for name, f in figures.items()} for figures in (
        {"label": 0.02, "the input itself": 0.2, "rotation": 0.07} | learned, {"label": 0.04, "the input itself": 0.09, "rotation": 0.18} | probe)]
    assert rules(SOURCE)["verdict_a9"](*given) == verdict
    assert rules(SOURCE)["verdict_a9"](*[{name: f[:4] for name, f in figures.items()} for figures in given]) == "undecided"


SEEDS = range(200, 205)


@pytest.fixture(scope="module")
def measuring() -> dict[str, Any]:
    return names_of(SOURCE)


def holds_as_printed(claim: str, *figures: Any) -> bool:
    return rules(SOURCE)[f"verdict_{claim.lower()}"](*figures) == printed(SOURCE)[claim]


def test_a1_stands_for_other_seeds(measuring: dict[str, Any]) -> None:
    runs = [measuring["measure_a1"](seed, measuring["collapse_linear_layers"])[:2] for seed in SEEDS]
    assert holds_as_printed("A1", [run[0] for run in runs], *([run[1][name] for run in runs] for name in ("linear", "ReLU")))


@pytest.mark.slow
def test_a2_stands_for_other_seeds(measuring: dict[str, Any]) -> None:
    rates = {"ReLU": 0.003, "sigmoid": 0.003, "tanh": 0.001, "softplus": 0.001}
    runs = {name: [measuring["few_digits"](name, 0.0, rate, seed, zero_fraction=measuring["zero_fraction"]) for seed in SEEDS] for name, rate in rates.items()}
    zeros = [run["zeros"][-1].mean() for run in runs["ReLU"]]
    correlation = {name: [run["correlation"][-1].mean() for run in by_seed] for name, by_seed in runs.items()}
    gap = {name: [run["new"] - run["training"] for run in by_seed] for name, by_seed in runs.items()}
    assert holds_as_printed("A2", zeros, correlation, gap)


def test_a3_stands_for_other_seeds(measuring: dict[str, Any]) -> None:
    ratio = {}
    for label, start in measuring["STARTS"].items():
        norms = [measuring["gradients_at_start"](*start, seed) for seed in SEEDS]
        ratio[label] = [n[0] / n[-1] for n in norms]
    dead = [measuring["share_of_dead"](1.0, seed, measuring["dead_units"])[0] for seed in SEEDS]
    assert holds_as_printed("A3", ratio["ReLU, He's weights"], ratio["ReLU, weights half of He's"], dead, ratio["sigmoid, Glorot's weights"])


@pytest.mark.slow
def test_a4_stands_for_other_seeds(measuring: dict[str, Any]) -> None:
    errors = {depth: {name: measuring["error_by_factor"](name, depth, seeds=SEEDS, rates=(0.05, 0.2), trial_seed=300) for name in ("ReLU", "sigmoid")}
              for depth in (1, 4)}
    assert holds_as_printed("A4", errors)


def test_a5_stands_for_other_seeds(measuring: dict[str, Any]) -> None:
    assert holds_as_printed("A5", *np.array([measuring["measure_a5"](seed) for seed in SEEDS]).T)


def test_a_function_without_a_corner_changes_the_verdict_on_a5(measuring: dict[str, Any]) -> None:
    slopes = [measuring["measure_a5"](seed, lambda z: z) for seed in SEEDS]
    assert rules(SOURCE)["verdict_a5"](*np.array(slopes).T) == "does not hold"


def test_the_choice_at_zero_changes_no_weight_of_an_ordinary_net(measuring: dict[str, Any]) -> None:
    changed, error, zeros, _ = measuring["effect_of_choice"](200, epochs=2)
    assert (changed, error, zeros) == (0, 0, 0)


@pytest.mark.slow
def test_a6_stands_for_other_seeds(measuring: dict[str, Any]) -> None:
    plain = {"softplus": (0.0, 0.001), "squared ReLU": (0.0, 0.01), "leaky ReLU": (0.0, 0.003)}
    dropped = {"softplus": (0.5, 0.01), "squared ReLU": (0.25, 0.003), "leaky ReLU": (0.25, 0.001)}
    errors = [{name: [measuring["few_digits"](name, *setting, seed)["new"] for seed in range(400, 405)] for name, setting in settings.items()}
              for settings in (plain, dropped)]
    assert holds_as_printed("A6", *errors)


@pytest.mark.slow
def test_a7_stands_for_other_seeds(measuring: dict[str, Any]) -> None:
    rates = {"ReLU": 0.003, "sigmoid": 0.003, "tanh": 0.003, "ReLU, identity": 0.001}
    reach = {kind: [measuring["reach"](kind, rate, seed, delays=(5, 20, 40, 60)) for seed in (200, 201, 202)] for kind, rate in rates.items()}
    cnn = {name: [measuring["conv_error"](name, 0.01, seed, epochs=4) for seed in (200, 201, 202)] for name in ("ReLU", "sigmoid", "tanh")}
    assert holds_as_printed("A7", reach, cnn)


def test_a8_stands_for_other_seeds(measuring: dict[str, Any]) -> None:
    rates = {"logistic loss": 0.3, "squared error": 0.3, "linear": 0.1}
    runs = {(output, bias): [measuring["even_or_odd"](output, bias, rates[output], seed) for seed in SEEDS]
            for output, bias in (("logistic loss", 0), ("squared error", 0), ("linear", 0), ("logistic loss", -15), ("squared error", -15))}
    ordinary, saturated = ({output: [errors[-1] for errors, _ in by_seed] for (output, b), by_seed in runs.items() if b == bias} for bias in (0, -15))
    outside = [np.mean((said < 0) | (said > 1)) for _, said in runs["linear", 0]]
    assert holds_as_printed("A8", ordinary, saturated, outside)


def test_a9_stands_for_other_seeds(measuring: dict[str, Any]) -> None:
    runs = [measuring["three_targets"](seed) for seed in SEEDS]
    assert holds_as_printed("A9", *({name: [run[part][name] for run in runs] for name in runs[0][part]} for part in (0, 1)))


def test_a10_stands_for_other_seeds(measuring: dict[str, Any]) -> None:
    runs = {way: [measuring["answer_digits"](way, 0.01, seed) for seed in SEEDS] for way in measuring["WAYS"]}
    errors = {way: [np.mean(answers != labels) for _, answers, labels in by_seed] for way, by_seed in runs.items()}
    agree = [np.mean(first[1] == second[1]) for first, second in zip(runs["cross-entropy"], runs["one-hot"], strict=True)]
    assert holds_as_printed("A10", agree, *errors.values())
