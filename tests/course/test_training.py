"""The training loop: it learns, repeats itself exactly, stops when asked, and records what happened."""

import sys
import warnings
from types import SimpleNamespace

import numpy as np
import pytest

from course.datasets import load_digits
from course.layers import BatchNorm, Dense, Dropout, ReLU, Residual, Sequential
from course.losses import l1_penalty, logistic_loss, softmax_cross_entropy, squared_error
from course.optimizers import SGD, Adam
from course.training import (
    History,
    activations,
    backward_signals,
    dead_units,
    evaluate,
    fit,
    predict,
    sweep,
    zero_fraction,
)


def mlp(seed=0, widths=(64, 32, 10), dtype=np.float64):
    rng = np.random.default_rng(seed)
    layers = []
    for inputs, outputs in zip(widths, widths[1:], strict=False):
        layers += [Dense(inputs, outputs, rng=rng, dtype=dtype), ReLU()]
    return Sequential(*layers[:-1])


@pytest.fixture(scope="module")
def digits():
    x, labels = load_digits()
    return x[:600] / 16, labels[:600]


def train(net, x, targets, **more):
    settings = {"optimizer": SGD(0.1, 0.9), "rng": np.random.default_rng(1), "epochs": 5, "progress": False} | more
    return fit(net, x, targets, **settings)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_classifier(digits, dtype):
    x, labels = digits
    net = mlp(dtype=dtype)
    history = train(net, x[:500], labels[:500], validation=(x[500:], labels[500:]), epochs=10)
    assert history.loss.shape == history.validation_error.shape == (10,)
    assert history.loss[-1] < history.loss[0] / 4 and history.validation_error[-1] < 0.2
    assert not net.training and not history.diverged and history.seconds > 0
    loss, error = evaluate(net, x[500:], labels[500:])
    assert (loss, error) == (history.validation_loss[-1], history.validation_error[-1])
    assert predict(net, x).shape == (600, 10)


def test_the_same_loop_for_an_autoencoder_and_for_yes_or_no(digits):
    x, labels = digits
    history = train(mlp(widths=(64, 16, 64)), x, x, loss=squared_error, optimizer=Adam(0.01))
    assert history.loss[-1] < 0.5 * history.loss[0] and history.error[-1] == pytest.approx(history.loss[-1])
    history = train(mlp(widths=(64, 16, 1)), x, (labels[:, None] % 2), loss=logistic_loss, epochs=10)
    assert history.error[-1] < 0.08


def test_two_runs_are_the_same_to_the_last_bit(digits):
    def run():
        rng = np.random.default_rng(3)
        net = Sequential(Dense(64, 16, rng=rng), BatchNorm(16), ReLU(), Dropout(0.2, rng), Dense(16, 10, rng=rng))
        return train(net, *digits, rng=rng, epochs=2).loss.tolist(), net.flat_params.tolist()
    assert run() == run()


def test_what_is_watched(digits):
    history = train(mlp(), *digits, epochs=3, watch=("gradient_norms", "activations"))
    assert history.gradient_norms.shape == (3, 2) and history.gradient_names == ["0 Dense", "2 Dense"]
    assert history.activation_mean.shape == history.activation_std.shape == history.zero_fraction.shape == (3, 3)
    assert history.activation_names == ["0 Dense", "1 ReLU", "2 Dense"]
    assert (history.gradient_norms > 0).all() and 0.1 < history.zero_fraction[-1, 1] < 0.9


def test_activations_and_signals_by_layer(digits):
    x, labels = digits
    net = mlp()
    outputs = activations(net, x)
    assert list(outputs) == ["0 Dense", "1 ReLU", "2 Dense"] and outputs["1 ReLU"].shape == (600, 32)
    signals = backward_signals(net, softmax_cross_entropy(outputs["2 Dense"], labels)[1])
    assert {name: a.shape for name, a in signals.items()} == {name: a.shape for name, a in outputs.items()}
    assert list(signals) == list(outputs)


def test_zeros_are_counted_exactly_and_a_dead_unit_is_silent_for_all():
    a = np.array([[0.0, 1.0, -0.0, -1.0, 1e-300], [0.0, 0.0, 0.0, 1.0, 0.0]])
    assert zero_fraction([a, np.ones((2, 2, 2)), np.zeros(3)]) == [0.6, 0.0, 1.0]
    assert dead_units(a).tolist() == [True, False, True, False, False]


@pytest.mark.parametrize("outputs", [4, 3])
def test_a_residual_block_is_one_layer(outputs):
    rng = np.random.default_rng(0)
    block = Residual(Dense(4, outputs, rng=rng), shortcut=Dense(4, outputs, rng=rng))
    x, grad = rng.normal(size=(5, 4)), np.ones((5, outputs))
    shown = activations(block, x)
    assert list(shown) == ["Residual"] and np.array_equal(shown["Residual"], block.forward(x))
    assert list(backward_signals(block, grad)) == ["Residual"]
    history = train(block, x, np.zeros(5, int), epochs=1, watch=("activations",))
    assert history.activation_names == ["Residual"]
    assert list(activations(Sequential(block, ReLU()), x)) == ["0 Residual", "1 ReLU"]


def test_one_thing_to_watch_may_stand_alone(digits):
    history = train(mlp(), *digits, epochs=1, watch="activations")
    assert history.activation_mean.shape == (1, 3) and history.gradient_norms.size == 0


def test_it_stops_early(digits):
    x, labels = digits
    rng = np.random.default_rng(0)
    net, validation = mlp(), (x[300:], rng.permutation(labels[300:]))
    history = train(net, x[:40], labels[:40], validation=validation, epochs=200, early_stop=3)
    assert len(history.loss) < 200 and np.argmin(history.validation_loss) == len(history.loss) - 4
    assert evaluate(net, *validation)[0] == history.validation_loss[-1], "the weights are those of the last epoch"
    history = train(mlp(), x, labels, epochs=50, after_epoch=lambda net, history: history.error[-1] < 0.05)
    assert len(history.loss) < 50 and history.error[-1] < 0.05 <= history.error[-2]


def test_a_run_that_diverges_ends_and_says_so(digits):
    x, _ = digits
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # the history tells it, no warning
        history = train(mlp(widths=(64, 16, 64)), x * 1e9, x * 1e9, loss=squared_error, optimizer=SGD(1e300), epochs=30)
    assert history.diverged and len(history.loss) < 30


def test_a_validation_loss_that_is_not_finite_counts_as_diverged(digits):
    x, _ = digits
    huge = x * 1e200
    history = train(mlp(widths=(64, 16, 64)), x, x, loss=squared_error, optimizer=SGD(0.001), validation=(huge, huge))
    assert np.isfinite(history.loss).all() and history.diverged and len(history.loss) == 1


def test_a_penalty_counts_in_loss_and_step(digits):
    x, labels = digits
    free, bound = mlp(), mlp()
    train(free, x, labels, optimizer=SGD(0.1))
    train(bound, x, labels, optimizer=SGD(0.1), penalty=lambda params: l1_penalty(params, 0.01))
    assert l1_penalty(bound.params, 1.0)[0] < 0.8 * l1_penalty(free.params, 1.0)[0]
    only = train(mlp(), x, labels, optimizer=SGD(0.0), epochs=1, penalty=lambda params: (100.0, l1_penalty(params, 0.0)[1]))
    assert only.loss[0] > 100


def test_the_validation_loss_is_without_the_penalty(digits):
    history = train(mlp(), *digits, epochs=1, validation=digits, penalty=lambda params: (100.0, l1_penalty(params, 0.0)[1]))
    assert history.loss[0] > 100 > history.validation_loss[0]


def test_few_samples_are_one_batch():
    history = train(mlp(), np.ones((3, 64)), np.zeros(3, int), epochs=2, batch_size=64)
    assert len(history.loss) == 2
    assert train(mlp(), np.ones((3, 64)), np.zeros(3, int), epochs=0).loss.shape == (0,)


def test_no_bar_where_nobody_looks(digits, capsys):
    train(mlp(), *digits, epochs=2, progress=True)
    assert capsys.readouterr() == ("", "")


def test_the_bar_in_a_terminal_is_cleared(digits, capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    train(mlp(), *digits, epochs=2, progress=True)
    shown = capsys.readouterr().err
    assert "1/2  loss" in shown and shown.endswith("\r\x1b[K")


def test_the_bar_in_jupyter_leaves_an_empty_line(digits, monkeypatch):
    shown = []

    class Handle:
        def update(self, data, raw):
            shown.append(data["text/plain"])

    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: SimpleNamespace(kernel=True)))
    monkeypatch.setitem(sys.modules, "IPython.display", SimpleNamespace(display=lambda *_, **__: Handle()))
    train(mlp(), *digits, epochs=2, progress=True)
    assert "1/2  loss" in shown[0] and shown[-1] == ""


@pytest.mark.parametrize("message, change", [
    ("x must be finite, got 1 nan or inf", {"x": np.where(np.arange(128).reshape(2, 64) == 5, np.nan, 0.0)}),
    ("x must have shape (N, ...), not empty, got (0, 64)", {"x": np.zeros((0, 64))}),
    ("x and its targets must be of one length, got (3, 64) and (2,)", {"x": np.zeros((3, 64))}),
    ("labels must be from 0 to 9, got values from 0 to 10", {"targets": np.array([0, 10])}),
    ("validation must have shape", {"validation": (np.zeros(3), np.zeros(3))}),
    ("early_stop needs validation data", {"early_stop": 3}),
    ("watch must hold 'gradient_norms' or 'activations'", {"watch": ("weights",)}),
    ("rng must be a numpy.random.Generator, as np.random.default_rng(0) gives, got 0", {"rng": 0}),
    ("epochs must be an integer, got 1.5", {"epochs": 1.5}),
    ("batch_size must be at least 1, got 0", {"batch_size": 0}),
])
def test_errors(message, change):
    data = {"x": np.zeros((2, 64)), "targets": np.zeros(2, int)} | change
    with pytest.raises((ValueError, TypeError)) as error:
        train(mlp(), **data)
    assert message in str(error.value)


def test_sweeps_are_tidy():
    def run(depth, lr, seed):
        return {"error": depth + 10 * lr + 100 * seed, "curve": np.arange(depth)}

    result = sweep(run, {"depth": [1, 2, 3], "lr": [0.1, 0.2]}, seeds=range(4), progress=False)
    assert result["error"].shape == (3, 2, 4) and result["error"][2, 1, 3] == 305
    assert result["curve"].shape == (3, 2, 4, 3) and np.isnan(result["curve"][0, 0, 0]).tolist() == [False, True, True]
    assert result.mean("error").shape == (3, 2) and result.mean("error")[0, 0] == 152
    low, high = result.spread("error")
    assert low[0, 0] == 2 and high[0, 0] == 302
    assert sweep(lambda a, seed: a * seed, {"a": [2]}, [3], progress=False)["value"].tolist() == [[6.0]]
    with pytest.raises(ValueError, match="must not be empty"):
        sweep(run, {"depth": []}, [1])


def test_a_seed_that_stopped_earlier_is_left_out_of_the_mean():
    curves = {0: [1.0, 2.0], 1: [3.0, 4.0, 5.0], 2: [5.0, np.nan, np.nan, np.nan]}
    result = sweep(lambda a, seed: np.array(curves[seed]), {"a": [0]}, seeds=range(3), progress=False)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        mean, (low, high) = result.mean(), result.spread()
    np.testing.assert_array_equal(mean, [[3, 3, 5, np.nan]])
    np.testing.assert_array_equal(low, [[1, 2, 5, np.nan]])
    np.testing.assert_array_equal(high, [[5, 4, 5, np.nan]])


def test_seeds_can_be_put_first():
    result = sweep(lambda a, b, seed: [100 * seed + 10 * a + b] * 3, {"a": [0, 1], "b": [0, 1]}, [0, 1], progress=False)
    assert result.seeds_first().shape == (2, 2, 2, 3)
    assert result.seeds_first()[1, 0, 1].tolist() == [101] * 3 == result["value"][0, 1, 1].tolist()


@pytest.mark.parametrize("run, message", [
    (lambda a, seed: {"loss": 1, "error": 2} if a + seed == 0 else {"loss": 1},
     "run(a=0, seed=1) must return the names and numbers of axes that the first call did, {'loss': 0, 'error': 0}, got {'loss': 0}"),
    (lambda a, seed: 1.0 if a == 0 else [1.0], "run(a=1, seed=0) must return the names and numbers of axes that the first call "
                                               "did, {'value': 0}, got {'value': 1}"),
    (lambda a, seed: History(), "run(a=0, seed=0) must return a number or array, or a dict of them (of a History for example "
                                "history.loss): value must be an array of real numbers, got History"),
    (lambda a, seed: {"h": History()}, "h must be an array of real numbers, got History"),
    (lambda a, seed: None, "value must be an array of real numbers, got NoneType"),
    (lambda a, seed: [[1], [1, 2]], "run(a=0, seed=0) must return a number or array"),
])
def test_a_result_that_does_not_fit_is_told_with_its_setting(run, message):
    with pytest.raises((TypeError, ValueError)) as error:
        sweep(run, {"a": [0, 1]}, [0, 1], progress=False)
    assert message in str(error.value)
