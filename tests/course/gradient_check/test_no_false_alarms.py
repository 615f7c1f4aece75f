"""Right gradients pass, however awkward the function, the point or the number type."""

from collections import Counter

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

# (f, gradient) elementwise in a weight c and the point x, then summed
FUNCTIONS = {
    "sin": (lambda c, x: c * np.sin(3 * x), lambda c, x: 3 * c * np.cos(3 * x)),
    "cube": (lambda c, x: c * x**3, lambda c, x: 3 * c * x**2),
    "relu": (lambda c, x: c * np.maximum(x, 0), lambda c, x: c * (x > 0)),
    "absolute value": (lambda c, x: c * np.abs(x), lambda c, x: c * np.sign(x)),
    "logistic": (lambda c, x: c * np.logaddexp(0, x), lambda c, x: c * np.exp(-np.logaddexp(0, -x))),
    "log": (lambda c, x: c * np.log(np.abs(x) + 2), lambda c, x: c * np.sign(x) / (np.abs(x) + 2)),
    "constant": (lambda c, x: c + 0 * x, lambda c, x: 0 * x),
}
LAYERS = {
    "dense": lambda rng, dtype: (Dense(rng, dtype=dtype), (int(rng.integers(1, 8)), 4)),
    "conv": lambda rng, dtype: (Conv(rng, 1, 2, dtype=dtype), (2, 1, 5, 5)),
    "max pool": lambda rng, dtype: (Pool("max"), (2, 1, 4, 4)),
    "batch norm": lambda rng, dtype: (BatchNorm(rng, 3, dtype=dtype), (int(rng.integers(3, 9)), 3)),
    "residual": lambda rng, dtype: (Residual(rng, dtype=dtype), (3, 4)),
    "dropout": lambda rng, dtype: (Dropout(rng), (5, 4)),
    "recurrent": lambda rng, dtype: (Recurrent(rng, dtype=dtype), (2, 3, 3)),
    **{kind: lambda rng, dtype, kind=kind: (Activation(kind), (4, 5))
       for kind in ("relu", "leaky", "tanh", "sigmoid", "softplus", "squared")},
}


def right_case(seed):
    """Check one random right gradient; return its name and the result."""
    rng = np.random.default_rng(seed)
    dtype = np.float32 if rng.random() < 0.3 else np.float64
    speed = "full" if rng.random() < 0.5 else "directions"
    scale = 10.0 ** rng.integers(-3, 3)
    if rng.random() < 0.4:
        name = str(rng.choice(sorted(FUNCTIONS)))
        f, grad = FUNCTIONS[name]
        shape = tuple(rng.integers(1, 5, size=rng.integers(0, 4)))
        x = np.asarray(scale * rng.normal(size=shape)).astype(dtype)
        x = np.where(rng.random(size=shape) < 0.2, dtype(0), x)  # kinks
        c = rng.normal(size=shape).astype(dtype) * dtype(10.0 ** rng.integers(-6, 4))
        return name, check_gradients(lambda x: np.sum(f(c, x)), lambda x: grad(c, x), x, speed=speed, rng=rng)
    if rng.random() < 0.2:
        z = (scale * rng.normal(size=(4, 3))).astype(dtype)
        labels = rng.integers(3, size=4)
        return "cross-entropy", check_gradients(lambda z: cross_entropy(z, labels)[0], lambda z: cross_entropy(z, labels)[1],
                                                z, speed=speed, rng=rng)
    name = str(rng.choice(sorted(LAYERS)))
    layer, shape = LAYERS[name](rng, dtype)
    x = (min(scale, 10) * rng.normal(size=shape)).astype(dtype)
    return name, check_layer(layer, x, rng=rng, speed=speed)


def test_no_false_alarm_in_a_thousand_right_cases():
    alarms, seen = [], Counter()
    for seed in range(1000):
        name, result = right_case(seed)
        seen[name] += 1
        if not result:
            alarms.append(f"seed {seed}, {name}:\n{result}")
    assert not alarms, "\n".join([f"{len(alarms)} false alarms", *alarms[:5]])
    assert len(seen) > 15


@pytest.mark.parametrize("speed", ["full", "directions"])
def test_relu_net_with_inputs_exactly_at_the_kink(speed):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(8, 5)) * (rng.random((8, 5)) < 0.5)
    result = check_layer(Activation("relu"), x, rng=rng, speed=speed)
    assert result, result
    assert "kink" in str(result)
