"""The verdicts on parameters and compression follow from the figures: others, another verdict; other seeds, the same."""

from typing import Any

import numpy as np
import pytest

from tests.notebooks.claims import measuring as names_of
from tests.notebooks.claims import printed, rules, source_of

SOURCE = source_of("week1", "02_parameters_and_compression")
OTHER_SEEDS = range(100, 105)


@pytest.mark.parametrize(("before_resnet", "resnet", "verdict"), [
    ([(0.9, 0.8), (0.9, 0.6)], (0.1, 0.1), "holds"),
    ([(0.9, 0.1), (0.9, 0.0)], (0.1, 0.0), "holds with a condition"),
    ([(0.1, 0.9), (0.2, 0.8)], (0.1, 0.0), "holds with a condition"),
    ([(0.9, 0.1), (0.4, 0.0)], (0.1, 0.0), "does not hold"),
    ([(0.9, 0.1), (0.9, 0.0)], (0.8, 0.0), "does not hold"),
    ([(0.9, 0.9)], (0.1, 0.1), "undecided"),
    ([(0.9, np.nan), (0.9, 0.6)], (0.1, 0.1), "undecided"),
])
def test_p1_follows_its_figures(before_resnet: list, resnet: tuple, verdict: str) -> None:
    assert rules(SOURCE)["verdict_p1"](before_resnet, resnet) == verdict


def errors(*by_share: float, seeds: int = 5) -> np.ndarray:
    return np.tile(by_share, (seeds, 1))


SPLIT = errors(0.05, 0.05) + np.array([[0.0, 0.1], [0.0, 0.1], [0.0, 0.1], [0.0, -0.1], [0.0, -0.1]])


@pytest.mark.parametrize(("none", "layer", "whole", "verdict"), [
    (errors(0.2, 0.5), errors(0.1, 0.2), errors(0.05, 0.05), "holds"),
    (errors(0.2, 0.5), errors(0.05, 0.2), errors(0.05, 0.05), "holds with a condition"),
    (errors(0.05, 0.5), errors(0.1, 0.2), errors(0.05, 0.05), "holds with a condition"),
    (errors(0.2, 0.5), errors(0.05, 0.055), errors(0.05, 0.05), "does not hold"),
    (errors(0.2, 0.5), errors(0.04, 0.03), errors(0.05, 0.05), "does not hold"),
    (errors(0.2, 0.5), SPLIT, errors(0.05, 0.05), "undecided"),
    (errors(0.2, 0.5, seeds=4), errors(0.1, 0.2, seeds=4), errors(0.05, 0.05, seeds=4), "undecided"),
    (errors(0.2, 0.5), errors(0.1, np.nan), errors(0.05, 0.05), "undecided"),
])
def test_p2_follows_its_figures(none: np.ndarray, layer: np.ndarray, whole: np.ndarray, verdict: str) -> None:
    assert rules(SOURCE)["verdict_p2"](none, layer, whole) == verdict


TRAINING, BETTER, WORSE = errors(0.6, 0.1, 0.0), errors(0.7, 0.35, 0.3), errors(0.65, 0.25, 0.3)
APART, ALIKE, TORN = [0.1] * 5, [0.01] * 5, [0.1] * 3 + [-0.1] * 2


@pytest.mark.parametrize(("training", "test", "structures", "verdict"), [
    (TRAINING, WORSE, {"a": APART}, "holds"),
    (TRAINING, WORSE, {"a": ALIKE, "b": [-f for f in APART]}, "holds"),
    (TRAINING, BETTER, {"a": ALIKE, "b": APART}, "holds with a condition"),
    (TRAINING, WORSE, {"a": ALIKE}, "does not hold"),
    (errors(0.6, 0.3, 0.2), errors(0.65, 0.35, 0.25), {"a": APART}, "does not hold"),
    (TRAINING, WORSE, {"a": TORN}, "undecided"),
    (TRAINING, WORSE, {"a": APART[:4]}, "undecided"),
    (TRAINING[:4], WORSE[:4], {"a": APART}, "undecided"),
    (TRAINING, errors(0.65, np.nan, 0.3), {"a": APART}, "undecided"),
    (TRAINING, WORSE, {"a": [*APART[:4], np.inf]}, "undecided"),
    (TRAINING, WORSE, {}, "undecided"),
])
def test_p3_follows_its_figures(training: np.ndarray, test: np.ndarray, structures: dict, verdict: str) -> None:
    assert rules(SOURCE)["verdict_p3"](training, test, structures) == verdict


@pytest.mark.parametrize(("rewound", "fresh", "verdict"), [
    (errors(0.05, 0.1), errors(0.05, 0.1), "holds"),
    (errors(0.05, 0.1), errors(0.0, 0.01), "holds with a condition"),
    (errors(0.0, 0.1), errors(0.05, 0.1), "holds with a condition"),
    (errors(0.0, 0.01), errors(0.0, -0.1), "does not hold"),
    (SPLIT - 0.05, errors(0.0, 0.0), "undecided"),
    (errors(0.05, 0.1, seeds=4), errors(0.05, 0.1), "undecided"),
    (errors(0.05, np.nan), errors(0.05, 0.1), "undecided"),
])
def test_p4_follows_its_figures(rewound: np.ndarray, fresh: np.ndarray, verdict: str) -> None:
    assert rules(SOURCE)["verdict_p4"]({"rewound": rewound, "fresh": fresh}) == verdict


def test_p4_without_figures_is_undecided() -> None:
    assert rules(SOURCE)["verdict_p4"]({}) == "undecided"


@pytest.mark.parametrize(("place", "kind", "digits", "verdict"), [
    ([0.2] * 5, [-0.1] * 5, [0.0] * 5, "holds with a condition"),
    ([0.2] * 5, [0.1] * 5, [0.0] * 5, "holds"),
    ([0.2] * 5, [-0.1] * 3 + [0.1] * 2, [0.0] * 5, "holds"),
    ([0.0] * 5, [-0.1] * 5, [0.0] * 5, "does not hold"),
    ([-0.3] * 5, [-0.1] * 5, [0.0] * 5, "does not hold"),
    ([0.2] * 5, [-0.1] * 5, [0.2] * 5, "undecided"),
    ([0.04] * 5, [-0.1] * 5, [0.0] * 5, "undecided"),
    ([0.2] * 3 + [-0.2] * 2, [-0.1] * 5, [0.0] * 5, "undecided"),
    ([0.2] * 4, [-0.1] * 5, [0.0] * 5, "undecided"),
    ([0.2] * 5, [-0.1] * 4 + [np.nan], [0.0] * 5, "undecided"),
])
def test_p5_follows_its_figures(place: list, kind: list, digits: list, verdict: str) -> None:
    assert rules(SOURCE)["verdict_p5"](place, kind, digits) == verdict


@pytest.fixture(scope="module")
def measuring() -> dict[str, Any]:
    return names_of(SOURCE)


def test_p1_stands_for_the_librarys_count(measuring: dict[str, Any]) -> None:
    assert measuring["cost_of"] is measuring["network_cost"], "the page's own answer is used, not the library's"
    shares = []
    for layers in measuring["nets"].values():
        cost = measuring["library_network_cost"](layers)
        shares.append((cost["dense_parameter_share"], cost["dense_multiply_add_share"]))
    assert rules(SOURCE)["verdict_p1"](shares[:-1], shares[-1]) == printed(SOURCE)["P1"]


@pytest.mark.slow
def test_p2_stands_for_other_seeds(measuring: dict[str, Any]) -> None:
    runs = [measuring["measure_p2"](seed, (0.5, 0.02)) for seed in OTHER_SEEDS]
    ways = [np.array([run[way] for run in runs]) for way in measuring["WAYS"]]
    assert rules(SOURCE)["verdict_p2"](*ways) == printed(SOURCE)["P2"]


@pytest.mark.slow
def test_p2_with_masks_that_drop_the_largest_is_another_claim(measuring: dict[str, Any]) -> None:
    right = measuring["prune"]
    measuring["prune"] = lambda weights, sparsity: [~mask for mask in right(weights, 1 - sparsity)]
    try:
        wrong = measuring["measure_p2"](100, (0.5,))["no retraining"]
    finally:
        measuring["prune"] = right
    assert wrong > 5 * measuring["measure_p2"](100, (0.5,))["no retraining"]


@pytest.mark.slow
def test_p3_stands_for_other_seeds(measuring: dict[str, Any]) -> None:
    widths = np.array([measuring["measure_widths"](seed, (2, 32, 512)) for seed in OTHER_SEEDS])
    gaps = []
    for seed in OTHER_SEEDS:
        pairs = measuring["signals_of_two_structures"](seed, 700)
        dense, shared = (measuring["fitted_errors"](*pair, seed, epochs=60) for pair in pairs)
        gaps.append(dense[1] - dense[0] - shared[1] + shared[0])
    assert rules(SOURCE)["verdict_p3"](widths[:, 0], widths[:, 1], {"signals": gaps}) == printed(SOURCE)["P3"]


def test_structures_have_the_same_number_of_parameters(measuring: dict[str, Any]) -> None:
    for two in ("digits_of_two_structures", "signals_of_two_structures"):
        (dense, _), (shared, _) = measuring[two](100)
        assert dense.parameter_count() == pytest.approx(shared.parameter_count(), rel=0.01)


@pytest.mark.slow
def test_p4_stands_for_other_seeds(measuring: dict[str, Any]) -> None:
    runs = [measuring["measure_p4"](seed, (0.2, 0.05)) for seed in OTHER_SEEDS]
    gaps = {start: np.array([run[start, "foreign"] - run[start, "own"] for run in runs]) for start in ("rewound", "fresh")}
    assert rules(SOURCE)["verdict_p4"](gaps) == printed(SOURCE)["P4"]
    dense = np.median([run["dense"] for run in runs])
    assert dense < np.median([run["rewound", "random"][1] for run in runs]), "the control is worse than the whole net"


@pytest.mark.slow
def test_p5_stands_for_other_seeds(measuring: dict[str, Any]) -> None:
    def difference(question: str, pooled: str, **options: int) -> list[float]:
        error = measuring[question]
        return [error(pooled, seed, **options) - error("no pooling", seed, **options) for seed in OTHER_SEEDS]

    place = difference("which_square", "local pooling", training=1600)
    kind = difference("which_direction", "global pooling", training=1600)
    assert rules(SOURCE)["verdict_p5"](place, kind, difference("which_digit", "local pooling")) == printed(SOURCE)["P5"]


def test_directions_are_those_of_the_line_that_the_square_completes(measuring: dict[str, Any]) -> None:
    steps = ((0, 1), (1, 0), (1, 1), (1, -1))
    boards, squares = np.zeros((16, 1, 8, 8)), []
    for i in range(16):  # every direction, with every one of the four stones missing
        down, right = steps[i // 4]
        line = [(2 + k * down, 4 + k * right if right >= 0 else 5 + k * right) for k in range(4)]
        for k, (row, column) in enumerate(line):
            if k == i % 4:
                squares.append(row * 8 + column)
            else:
                boards[i, 0, row, column] = 1
    directions = measuring["line_directions"](boards, np.array(squares))
    assert np.array_equal(directions, np.arange(4) == (np.arange(16) // 4)[:, None])


def test_every_board_has_a_direction(measuring: dict[str, Any]) -> None:
    boards, squares = measuring["make_boards"](300, rng=100)
    before = boards.copy()
    assert np.all(measuring["line_directions"](boards, squares).any(axis=1))
    assert np.array_equal(boards, before)
