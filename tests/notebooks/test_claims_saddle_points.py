"""The verdicts of week 2 on saddle points: other figures, another verdict; another seed, the same."""

from typing import Any

import numpy as np
import pytest

from course import curvature
from tests.notebooks.claims import measuring as names_of
from tests.notebooks.claims import printed, rules, source_of

SOURCE = source_of("week2", "01_activations_and_saddle_points")
FIVE = np.ones(5)
SILENT, RIGHT, WRONG = ("minimum", "degenerate"), ("minimum", "minimum"), ("saddle", "minimum")


@pytest.mark.parametrize(("regular", "flat", "verdict"), [
    (FIVE, [RIGHT, SILENT], "holds with a condition"),
    (FIVE, [RIGHT], "holds"),
    (FIVE, [SILENT, WRONG], "undecided"),
    (0.5 * FIVE, [SILENT], "does not hold"),
    (np.array([1, 1, 1, 1, 0.99]), [SILENT], "undecided"),
    (FIVE[:4], [SILENT], "undecided"),
    (np.nan * FIVE, [SILENT], "undecided"),
    (FIVE, [], "undecided"),
])
def test_s1_follows_its_figures(regular: np.ndarray, flat: list[tuple[str, str]], verdict: str) -> None:
    assert rules(SOURCE)["verdict_s1"](regular, flat) == verdict


SADDLES, SLOPES = [-0.1] * 12, [-1e-5] * 12


@pytest.mark.parametrize(("lowest", "trapped", "verdict"), [
    ((SADDLES, SADDLES), (0, 0), "holds"),
    ((SADDLES, SADDLES), (0, 4), "holds with a condition"),
    ((SADDLES + SADDLES, []), (0, 4), "holds with a condition"),
    ((SLOPES, SLOPES), (0, 0), "does not hold"),
    ((SADDLES, SADDLES), (15, 15), "does not hold"),
    ((SADDLES, SADDLES), (0, 15), "undecided"),
    ((SADDLES, SLOPES), (0, 0), "undecided"),
    ((SADDLES, []), (0, 0), "undecided"),
    ((SADDLES, SADDLES[:11] + [np.nan]), (0, 0), "undecided"),
])
def test_s2_follows_its_figures(lowest: tuple[list[float], ...], trapped: tuple[int, ...], verdict: str) -> None:
    shares = dict(zip("ab", lowest, strict=True))
    ends = {family: [run < count for run in range(20)] for family, count in zip("ab", trapped, strict=True)}
    assert rules(SOURCE)["verdict_s2"](shares, ends) == verdict
    assert rules(SOURCE)["verdict_s2"](shares, {family: e[:19] for family, e in ends.items()}) == "undecided"
    assert rules(SOURCE)["verdict_s2"]({}, {}) == "undecided"


@pytest.mark.parametrize(("agree", "minima", "arrived", "verdict"), [
    (1, 1, 1, "holds"),
    (0.8, 1, 1, "does not hold"),
    (1, 2, 1, "does not hold"),
    (1, 1, 0.5, "does not hold"),
    (0.99, 1, 1, "undecided"),
    (1, 0, 1, "undecided"),
    (1, 1, np.nan, "undecided"),
])
def test_s3_follows_its_figures(agree: float, minima: float, arrived: float, verdict: str) -> None:
    figures = [agree * FIVE, minima * FIVE, arrived * FIVE]
    assert rules(SOURCE)["verdict_s3"](*figures) == verdict
    assert rules(SOURCE)["verdict_s3"](*[f[:4] for f in figures]) == "undecided"


@pytest.fixture(scope="module")
def names() -> dict[str, Any]:
    return names_of(SOURCE)


def test_a_dip_is_between_two_times_of_a_longer_gradient(names: dict[str, Any]) -> None:
    assert names["dips"]([9, 5, 2, 1, 2, 4, 9, 2, 1, 0.5]) == [3]
    assert names["dips"]([9, 5, 4, 5, 9]) == []
    assert names["dips"]([1, 9, 20, 30]) == [], "the start is no dip"
    assert names["dips"]([9, 1, 9, 1, 9]) == [1, 3]


def test_random_matrices_are_positive_definite_as_often_as_is_known(names: dict[str, Any]) -> None:
    exact = [1 / 2, (2 - np.sqrt(2)) / 4, (np.pi - 2 * np.sqrt(2)) / (4 * np.pi)]
    for n, share in enumerate(exact, 1):
        measured = names["positive_definite"](n, 200, draws=100_000)
        assert abs(measured - share) < 5 * np.sqrt(share / 100_000)


def test_s1_stands_for_other_seeds(names: dict[str, Any]) -> None:
    instruments = (names["numerical_hessian"], names["saddle_index"], names["classify_critical_point"])
    runs = [names["measure_s1"](seed, *instruments, n=3) for seed in range(200, 205)]
    regular = [names["share_right"](found, n=3) for found, _ in runs]
    assert rules(SOURCE)["verdict_s1"](regular, [pair for _, flat in runs for pair in flat]) == printed(SOURCE)["S1"]


def test_s1_notices_an_instrument_that_counts_zeros_as_ways_down(names: dict[str, Any]) -> None:
    def never_degenerate(hessian: np.ndarray) -> str:
        return "saddle" if np.linalg.eigvalsh(hessian)[0] < 1e-3 else "minimum"

    found, flat = names["measure_s1"](200, names["numerical_hessian"], names["saddle_index"], never_degenerate, n=3)
    assert rules(SOURCE)["verdict_s1"]([names["share_right"](found, n=3)] * 5, flat) == "undecided"


@pytest.mark.slow
def test_s3_stands_for_other_seeds(names: dict[str, Any]) -> None:
    instruments = (names["autoencoder_critical_point"], names["hessian_vector_product"], names["saddle_index"])
    runs = [names["measure_s3"](seed, *instruments) for seed in range(200, 205)]
    agree, minima, arrived = zip(*[(np.mean(rows[:, 2] == rows[:, 3]), np.sum(rows[:, 2] == 0), np.mean(ends < 1.001)) for rows, ends in runs], strict=True)
    assert rules(SOURCE)["verdict_s3"](agree, minima, arrived) == printed(SOURCE)["S3"]
    assert max(rows[:, 1].max() for rows, _ in runs) < 1e-10, "these are critical points"


@pytest.mark.slow
@pytest.mark.parametrize("between", [2.0, 5.0, 100.0, "a random matrix"])
def test_s3_stands_whatever_invertible_matrix_stands_between_encoder_and_decoder(names: dict[str, Any], between: Any) -> None:
    def mixed(x: Any, components: Any, code_size: int) -> Any:
        encoder, decoder = names["autoencoder_critical_point"](x, components, code_size)
        matrix = between * np.eye(code_size) if isinstance(between, float) else np.random.default_rng(1).normal(size=(code_size, code_size))
        return encoder @ matrix, np.linalg.inv(matrix) @ decoder

    rows, ends = names["measure_s3"](200, mixed, names["hessian_vector_product"], names["saddle_index"])
    assert np.all(rows[:, 2] == rows[:, 3]) and np.sum(rows[:, 2] == 0) == 1 and np.all(ends < 1.001)
    assert rows[:, 1].max() < 1e-10


def test_the_predicted_index_is_that_of_the_library(names: dict[str, Any]) -> None:
    for kept in names["SETS"]:
        assert names["predicted_index"](kept) == curvature.autoencoder_index(kept, 8, 3)


@pytest.mark.slow
def test_s2_stands_for_other_seeds(names: dict[str, Any]) -> None:
    runs = {family: [names["measure_s2"](family, seed, names["hessian_vector_product"]) for seed in range(200, 230)] for family in names["FAMILIES"]}
    lowest = {family: [plateau[3] for run in some for plateau in run["plateaus"]] for family, some in runs.items()}
    trapped = {family: [run["trapped"] for run in some] for family, some in runs.items()}
    assert rules(SOURCE)["verdict_s2"](lowest, trapped) == printed(SOURCE)["S2"]
