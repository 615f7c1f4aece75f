"""Every planted bug is found at both speeds, and nearly every one is called by its name."""

import numpy as np
import pytest

from course.gradient_check import check_gradients, check_layer
from tests.course.gradient_check.small_layers import (
    Activation,
    BatchNorm,
    Conv,
    Dense,
    Dropout,
    Pool,
    Recurrent,
    Residual,
    cross_entropy,
)

ROWS, IMAGES, SERIES = (6, 4), (3, 2, 6, 6), (4, 5, 3)
# (a function of rng and bug that makes a layer, shape of its input, {bug: (array that is wrong, what it should be called)})
BUGS = [
    ("dense", lambda rng, bug: Dense(rng, bug=bug), ROWS, {
        "dw sign": ("w", "wrong sign"), "dx sign": ("x", "wrong sign"), "db mean": ("b", "constant factor"),
        "dw mean": ("w", "constant factor"), "dw times n": ("w", "constant factor"), "db no sum": ("b", "forgotten sum"),
        "db first sample": ("b", "forgotten sum"), "dw last sample": ("w", "forgotten sum"), "db zero": ("b", "missing term"),
        "dx doubled": ("x", "constant factor"), "dx one row": ("x", "some rows"), "dw one column": ("w", "some rows"),
        "dw one entry": ("w", "some entries"), "dw transposed": ("w", "transposed"), "decay": ("w", "missing term"),
        "dw reshaped": ("w", "transposed"), "last row skipped": ("x", "some rows"), "grad forgotten": ("b", "grad missing")}),
    ("square dense", lambda rng, bug: Dense(rng, 4, 4, bug), ROWS, {
        "dw transposed": ("w", "transposed"), "w not transposed": ("x", "missing term")}),
    ("conv", lambda rng, bug: Conv(rng, bug=bug), IMAGES, {
        "dw turned": ("w", "flipped"), "dw axes swapped": ("w", "transposed"), "db mean over places": ("b", "constant factor"),
        "dw over n": ("w", "constant factor"), "db no sum": ("b", "forgotten sum"), "border lost": ("x", "some rows"),
        "dw one sample": ("w", "forgotten sum"), "one channel": ("w", "some rows"), "dx sign": ("x", "wrong sign"),
        "kernel turned": ("x", "missing term")}),
    ("max pool", lambda rng, bug: Pool("max", bug), IMAGES, {
        "to the smallest": ("x", "wrong places"), "to the corner": ("x", "wrong places"), "to all": ("x", "some entries"),
        "transposed": ("x", "transposed")}),
    ("mean pool", lambda rng, bug: Pool("mean", bug), IMAGES, {
        "no division": ("x", "constant factor"), "transposed": ("x", "transposed")}),
    ("batch norm", lambda rng, bug: BatchNorm(rng, bug=bug), ROWS, {
        "mean as constant": ("x", "missing term"), "variance as constant": ("x", "missing term"),
        "statistics as constant": ("x", "missing term"), "gamma forgotten": ("x", "missing term"),
        "dgamma mean": ("gamma", "constant factor"), "dgamma without hat": ("gamma", "missing term"),
        "dx times n": ("x", "constant factor"), "dbeta sign": ("beta", "wrong sign"), "dbeta not summed": ("beta", "forgotten sum")}),
    ("relu", lambda rng, bug: Activation("relu", bug), ROWS, {
        "passes everything": ("x", "some entries"), "sign of the slope": ("x", "wrong sign")}),
    ("leaky relu", lambda rng, bug: Activation("leaky", bug), ROWS, {"one row": ("x", "some rows"), "negative lost": ("x", "some entries")}),
    ("squared relu", lambda rng, bug: Activation("squared", bug), ROWS, {"factor lost": ("x", "constant factor")}),
    ("sigmoid", lambda rng, bug: Activation("sigmoid", bug), ROWS, {
        "out for slope": ("x", "missing term"), "one row": ("x", "some rows")}),
    ("tanh", lambda rng, bug: Activation("tanh", bug), ROWS, {"sign of the slope": ("x", "wrong sign")}),
    ("softplus", lambda rng, bug: Activation("softplus", bug), ROWS, {"negative lost": ("x", "missing term")}),
    ("residual", lambda rng, bug: Residual(rng, bug=bug), ROWS, {
        "skip forgotten": ("x", "missing term"), "skip twice": ("x", "missing term"), "branch forgotten": ("x", "missing term")}),
    ("dropout", lambda rng, bug: Dropout(rng, bug=bug), ROWS, {
        "not scaled": ("x", "constant factor"), "mask forgotten": ("x", "some entries"), "mask turned": ("x", "missing term")}),
    ("recurrent", lambda rng, bug: Recurrent(rng, bug=bug), SERIES, {
        "only the first step": ("wx", "missing term"), "cut between steps": ("x", "some rows"),
        "wh not transposed": ("x", "some rows"), "dwh transposed": ("wh", "transposed"), "time reversed": ("x", "flipped"),
        "dwx mean": ("wx", "constant factor"), "db sign": ("b", "wrong sign")}),
    ("softmax cross-entropy", None, (6, 5), {
        "mean forgotten": ("x", "constant factor"), "target minus p": ("x", "wrong sign"), "target forgotten": ("x", "missing term"),
        "over all entries": ("x", "constant factor"), "through the softmax again": ("x", "missing term"),
        "first row only": ("x", "some rows"), "mean twice": ("x", "constant factor")}),
]
CASES = [(name, make, shape, bug, *expected) for name, make, shape, bugs in BUGS for bug, expected in bugs.items()]
MAY_BE_CALLED_OTHERWISE: set[tuple[str, str]] = set()


def checked(make, shape, bug, speed, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=shape)
    if make is None:
        labels = rng.integers(shape[1], size=shape[0])
        return check_gradients(lambda z: cross_entropy(z, labels)[0], lambda z: cross_entropy(z, labels, bug)[1], x,
                               speed=speed, batch_size=shape[0], rng=rng)
    return check_layer(make(rng, bug), x, rng=rng, speed=speed)


@pytest.mark.parametrize("speed", ["full", "directions"])
@pytest.mark.parametrize(("name", "make", "shape", "bug", "array", "kind"), CASES, ids=[f"{c[0]}: {c[3]}" for c in CASES])
def test_bug_is_found_and_named(name, make, shape, bug, array, kind, speed):
    result = checked(make, shape, bug, speed)
    assert not result
    assert not result[array].ok
    assert "WRONG" in str(result)
    if (name, bug) not in MAY_BE_CALLED_OTHERWISE:
        assert result[array].diagnosis == kind, result


@pytest.mark.parametrize("speed", ["full", "directions"])
@pytest.mark.parametrize(("name", "make", "shape"), [b[:3] for b in BUGS], ids=[b[0] for b in BUGS])
def test_without_the_bug_all_is_right(name, make, shape, speed):
    for seed in range(5):
        result = checked(make, shape, "", speed, seed)
        assert result, result


def test_the_bank_is_large_enough():
    assert len(CASES) >= 30
    assert len(CASES) - len(MAY_BE_CALLED_OTHERWISE) >= 25
