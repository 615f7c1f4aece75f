"""Whole training steps beside PyTorch eager on the CPU: ``python -m benchmarks.layers``.

A step is forward, loss, backward and SGD with momentum, in float32, on batches of 64, as `course.training.fit` does it.
Both sides take turns, so that whatever else the machine does falls on both. Each number of threads has a process of its
own, because it is taken from the environment when libraries are loaded. With more than one our convolutions share out
their images (``COURSE_THREADS``); numpy's BLAS keeps to one, as ``import course`` asks it to. Times are lower quartiles, since whatever
else runs on the machine can only add to them. The last line is the worst ratio, ours to PyTorch's: below 1 we are faster.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

THREADS = (1, 2)
BATCH = 64
NETS = ("mlp 64-128-128-10", "mlp of 20 layers with batch norm", "residual mlp of 32 layers", "cnn on 8x8", "cnn on 28x28")


def main() -> None:
    """Measure all nets with each number of threads and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, help="measure with so many threads, in this process")
    parser.add_argument("--seconds", type=float, default=4.0, help="time for each net (default %(default)s)")
    options = parser.parse_args()
    if options.threads:
        measure(options.threads, options.seconds)
        return
    print(f"{'net, batch 64, float32':<36}{'threads':>8}{'course ms':>12}{'torch ms':>12}{'ratio':>8}", flush=True)
    worst = {"mlp": 0.0, "cnn": 0.0}
    for threads in THREADS:
        settings = {name: str(threads) for name in ("COURSE_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")}
        settings["OPENBLAS_NUM_THREADS"] = "1"
        command = [sys.executable, "-m", "benchmarks.layers", "--threads", str(threads), "--seconds", str(options.seconds)]
        with subprocess.Popen(command, env=os.environ | settings, stdout=subprocess.PIPE, text=True) as process:
            for line in process.stdout or ():
                print(line, end="", flush=True)
                kind = "cnn" if line.startswith("cnn") else "mlp"
                worst[kind] = max(worst[kind], float(line.split()[-1]))
        if process.returncode:
            raise SystemExit(process.returncode)
    print(f"worst ratio: {worst['mlp']:.2f} mlp, {worst['cnn']:.2f} cnn")


def measure(threads: int, seconds: float) -> None:
    """Print one line for each net."""
    import torch

    torch.set_num_threads(threads)
    for name in NETS:
        ours, theirs = time_in_turns(course_step(name), torch_step(name), seconds)
        print(f"{name:<36}{threads:>8}{ours * 1e3:>12.3f}{theirs * 1e3:>12.3f}{ours / theirs:>8.2f}", flush=True)


def time_in_turns(first: Callable[[], None], second: Callable[[], None], seconds: float) -> tuple[float, float]:
    """Return the lower quartile of each one's times, measured in turns of a few steps."""
    times: tuple[list[float], list[float]] = ([], [])
    for step in (first, second):
        for _ in range(5):
            step()
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times[0]) < 20:
        for step, taken in zip((first, second), times, strict=True):
            step()  # not timed: what the other side left in the caches is not counted against this one
            for _ in range(3):
                start = time.perf_counter()
                step()
                taken.append(time.perf_counter() - start)
    return statistics.quantiles(times[0])[0], statistics.quantiles(times[1])[0]


def image_size(name: str) -> int:
    """Return the side of the images that a CNN is given, 0 for an MLP."""
    return int(name.split("x")[-1]) if name.startswith("cnn") else 0


def course_step(name: str) -> Callable[[], None]:
    """Return a function that does one training step with this library."""
    import numpy as np

    from course.layers import BatchNorm, Conv2d, Dense, Flatten, Layer, MaxPool2d, ReLU, Residual, Sequential
    from course.losses import softmax_cross_entropy
    from course.optimizers import SGD
    from course.training import train_step

    rng = np.random.default_rng(0)
    size, kind = image_size(name), np.float32
    x = rng.standard_normal((BATCH, 1, size, size) if size else (BATCH, 64), dtype=kind)
    labels = rng.integers(0, 10, BATCH)

    def dense(inputs: int, outputs: int, init: str = "he") -> Dense:
        return Dense(inputs, outputs, init=init, rng=rng, dtype=kind)

    layers: list[Layer] = []
    if size:
        layers = [Conv2d(1, 16, 3, padding=1, rng=rng, dtype=kind), ReLU(),
                  Conv2d(16, 32, 3, padding=1, rng=rng, dtype=kind), ReLU(),
                  MaxPool2d(2), Flatten(), dense(8 * size * size, 10)]
    elif name.startswith("residual"):
        for _ in range(15):
            layers.append(Residual(dense(64, 64), ReLU(), dense(64, 64, "zeros")))
        layers = [dense(64, 64), *layers, dense(64, 10)]
    elif "20" in name:
        for _ in range(19):
            layers += [dense(64, 64), BatchNorm(64, dtype=kind), ReLU()]
        layers.append(dense(64, 10))
    else:
        layers = [dense(64, 128), ReLU(), dense(128, 128), ReLU(), dense(128, 10)]
    net, optimizer = Sequential(*layers), SGD(0.001, momentum=0.9)
    return lambda: (train_step(net, x, labels, softmax_cross_entropy, optimizer), None)[1]


def torch_step(name: str) -> Callable[[], None]:
    """Return a function that does one training step of the same net with PyTorch."""
    import torch
    from torch import nn

    torch.manual_seed(0)
    size = image_size(name)
    x = torch.randn((BATCH, 1, size, size) if size else (BATCH, 64))
    labels = torch.randint(0, 10, (BATCH,))

    class Residual(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 64))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return x + self.inner(x)

    layers: list[nn.Module] = []
    if size:
        layers = [nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(),
                  nn.MaxPool2d(2), nn.Flatten(), nn.Linear(8 * size * size, 10)]
    elif name.startswith("residual"):
        layers = [nn.Linear(64, 64), *[Residual() for _ in range(15)], nn.Linear(64, 10)]
    elif "20" in name:
        for _ in range(19):
            layers += [nn.Linear(64, 64), nn.BatchNorm1d(64), nn.ReLU()]
        layers.append(nn.Linear(64, 10))
    else:
        layers = [nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 10)]
    net = nn.Sequential(*layers)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.001, momentum=0.9)
    loss = nn.CrossEntropyLoss()

    def step() -> None:
        optimizer.zero_grad()
        loss(net(x), labels).backward()
        optimizer.step()

    return step


if __name__ == "__main__":
    main()
