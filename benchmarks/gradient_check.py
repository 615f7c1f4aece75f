"""The gradient checker beside ``torch.autograd.gradcheck``: ``python -m benchmarks.gradient_check``.

The function is the cross-entropy of a net of 90-990-10 tanh units on 8 samples, as a function of its 100,000 parameters
in one vector, in float64; the same for both. Evaluations are counted where the function is called. The wrong gradient
has one entry set to 0, drawn anew for each of several trials from the half of the entries with the larger gradients
(one entry among 100,000 that is itself nearly 0 cannot be seen along random directions by anybody).
"""

import argparse
import time
from collections.abc import Callable
from typing import Any

import course  # noqa: F401  (before numpy: one thread)

import numpy as np  # isort: skip

from course.gradient_check import check_gradients

INPUTS, HIDDEN, CLASSES, BATCH = 90, 990, 10, 8
SIZES = [(INPUTS, HIDDEN), (HIDDEN,), (HIDDEN, CLASSES), (CLASSES,)]
PARAMETERS = sum(int(np.prod(size)) for size in SIZES)
PART = 2000


def unpack(theta: Any) -> list:
    """Return the weights and biases that a parameter vector holds."""
    ends = np.cumsum([int(np.prod(size)) for size in SIZES])
    return [theta[end - int(np.prod(size)):end].reshape(size) for size, end in zip(SIZES, ends, strict=True)]


class Net:
    """Loss and gradient in numpy, and the loss in PyTorch; counts evaluations."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.x, self.labels = rng.normal(size=(BATCH, INPUTS)), rng.integers(CLASSES, size=BATCH)
        self.theta = np.concatenate([rng.normal(size=size).ravel() / np.sqrt(size[0]) for size in SIZES])
        self.evaluations = 0

    def loss(self, theta: np.ndarray) -> float:
        """Return the mean cross-entropy."""
        self.evaluations += 1
        w1, b1, w2, b2 = unpack(theta)
        logits = np.tanh(self.x @ w1 + b1) @ w2 + b2
        return float(np.mean(np.logaddexp.reduce(logits, axis=1) - logits[np.arange(BATCH), self.labels]))

    def gradient(self, theta: np.ndarray) -> np.ndarray:
        """Return its gradient, by backpropagation."""
        w1, b1, w2, b2 = unpack(theta)
        hidden = np.tanh(self.x @ w1 + b1)
        logits = hidden @ w2 + b2
        d = np.exp(logits - np.logaddexp.reduce(logits, axis=1, keepdims=True))
        d[np.arange(BATCH), self.labels] -= 1
        d /= BATCH
        back = d @ w2.T * (1 - hidden**2)
        return np.concatenate([(self.x.T @ back).ravel(), back.sum(0), (hidden.T @ d).ravel(), d.sum(0)])

    def torch_loss(self, torch: Any, wrong: int | None = None) -> Callable[[Any], Any]:
        """Return the same function for PyTorch, its gradient 0 at entry `wrong`."""
        x, labels = torch.tensor(self.x), torch.tensor(self.labels)

        class Through(torch.autograd.Function):
            @staticmethod
            def forward(context: Any, theta: Any) -> Any:
                return theta.view_as(theta)

            @staticmethod
            def backward(context: Any, grad: Any) -> Any:
                grad = grad.clone()
                grad[wrong] = 0
                return grad

        def loss(theta: Any) -> Any:
            self.evaluations += 1
            w1, b1, w2, b2 = unpack(theta if wrong is None else Through.apply(theta))
            return torch.nn.functional.cross_entropy(torch.tanh(x @ w1 + b1) @ w2 + b2, labels)

        return loss


def row(what: str, result: str, net: Net, seconds: float, note: str = "") -> None:
    """Print one line of the table and begin counting anew."""
    print(f"{what:<58}{result:<22}{net.evaluations:>12}{seconds:>12.3f}  {note}".rstrip(), flush=True)
    net.evaluations = 0


def ours(net: Net, trials: int) -> None:
    """Check the right gradient, then gradients with one wrong entry."""
    start = time.perf_counter()
    result = check_gradients(net.loss, net.gradient, net.theta, speed="directions")
    row("course, 8 directions, right gradient", "right" if result else "WRONG", net, time.perf_counter() - start)
    g, rng = net.gradient(net.theta), np.random.default_rng(1)
    large = np.flatnonzero(np.abs(g) >= np.median(np.abs(g)))
    found, counts, seconds = 0, [], []
    for trial in range(trials):
        wrong = g.copy()
        entry = int(rng.choice(large))
        wrong[entry] = 0.0
        start = time.perf_counter()
        result = check_gradients(net.loss, lambda _, wrong=wrong: wrong, net.theta, speed="directions",
                                 rng=np.random.default_rng(trial))
        seconds.append(time.perf_counter() - start)
        counts.append(net.evaluations)
        net.evaluations = 0
        found += not result and result.wrong == [(entry,)]
    net.evaluations = max(counts)
    row(f"course, 8 directions, one wrong entry, {trials} trials", f"{found} found and named", net, max(seconds),
        "largest of the trials")
    part = np.arange(PART)

    def loss_of_part(values: np.ndarray) -> float:
        theta = net.theta.copy()
        theta[part] = values
        return net.loss(theta)

    start = time.perf_counter()
    result = check_gradients(loss_of_part, lambda _: g[part], net.theta[part])
    row(f"course, every entry of the first {PART}", "right" if result else "WRONG", net, time.perf_counter() - start)


def theirs(net: Net, full: bool) -> None:
    """Do the same with PyTorch."""
    import torch

    torch.set_num_threads(1)
    theta = torch.tensor(net.theta, requires_grad=True)
    entry = int(np.argmax(np.abs(net.gradient(net.theta))))
    strict = {"fast_mode": True, "atol": 0.0}  # the default, 1e-5, is more than most entries
    runs: list[tuple[str, dict, int | None]] = [
        ("fast mode, right gradient", {"fast_mode": True}, None),
        ("fast mode, largest entry wrong", {"fast_mode": True}, entry),
        ("fast mode, atol=0, right gradient", strict, None)]
    slow: list[tuple[str, dict, int | None]] = [
        ("full, right gradient", {}, None),
        ("fast mode, atol=0, largest entry wrong", strict, entry)]  # full mode words the error
    for what, options, wrong in runs + (slow if full else []):
        start, answer, note = time.perf_counter(), "right", ""
        try:
            torch.autograd.gradcheck(net.torch_loss(torch, wrong), (theta,), **options)
        except RuntimeError as error:  # gradcheck's own is a subclass
            answer = "wrong"
            note = "names the entry" if str(wrong) in str(error) else "names no entry"
        row(f"torch gradcheck, {what}", answer, net, time.perf_counter() - start, note)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=20, help="wrong entries to look for (default %(default)s)")
    parser.add_argument("--no-full", action="store_true", help="leave out PyTorch's full mode, one to two minutes")
    options = parser.parse_args()
    net = Net(np.random.default_rng(0))
    print(f"a function of {PARAMETERS:,} parameters")
    print(f"{'check':<58}{'answer':<22}{'evaluations':>12}{'seconds':>12}")
    ours(net, options.trials)
    try:
        theirs(net, not options.no_full)
    except ImportError:
        print("PyTorch is not installed: pip install torch to compare")


if __name__ == "__main__":
    main()
