"""Render every picture with realistic data: ``python -m course.plotting.gallery FOLDER``.

Writes one PNG for each, a page ``index.html`` with their descriptions on a dark ground, and ``contact-sheet.png``.
"""

import sys
from collections.abc import Callable
from functools import cache
from html import escape
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import course.plotting as p
from course.datasets import load_digits, make_boards, make_moons, make_polynomial, make_signals, one_hot

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SEEDS, DEPTHS = 5, np.array([0, 1, 2, 3, 5, 8, 12, 20])


def noisy(curve: np.ndarray, scale: float = 0.08, seed: int = 0) -> np.ndarray:
    """Return a curve as five seeds might give it."""
    return curve * np.exp(scale * np.random.default_rng(seed).normal(size=(SEEDS, len(curve))))


@cache
def softmax_net(steps: int = 200) -> tuple[np.ndarray, np.ndarray]:
    """Return weights (64, 10) of a linear classifier on the digits, and what it predicts for all of them."""
    images, labels = load_digits()
    x, w = images / 16, np.zeros((64, 10))
    for _ in range(steps):
        e = np.exp(x @ w - (x @ w).max(axis=1, keepdims=True))
        w -= x.T @ (e / e.sum(axis=1, keepdims=True) - one_hot(labels)) / len(x)
    return w, (x @ w).argmax(axis=1)


def forward(scale: float, relu: bool) -> dict[str, np.ndarray]:
    """Return the activations of a net of eight layers of width 128 at initialisation."""
    rng, h, kept = np.random.default_rng(0), load_digits()[0][:200] / 16, {}
    h = (h - h.mean()) / h.std()
    for layer in range(1, 9):
        z = h @ rng.normal(size=(h.shape[1], 128)) * np.sqrt(scale / h.shape[1])
        h = np.maximum(z, 0) if relu else np.tanh(z)
        kept[f"layer {layer}"] = h
    return kept


def learning_curves() -> "Axes":
    """Draw five seeds with and without batch normalization."""
    t = np.arange(1, 31)
    return p.plot_learning_curves({"plain": noisy(2 * t**-0.9), "batch norm": noisy(1.4 * t**-1.4, seed=1)},
                                  ylabel="training loss (mean cross-entropy)",
                                  title="Batch normalization trains faster, and no seed is an exception")


def error_against_depth() -> "Axes":
    """Draw training and test error of plain nets."""
    train = noisy(0.02 + 0.05 * np.exp(-DEPTHS) + 0.6 / (1 + np.exp(10 - DEPTHS)), 0.15)
    return p.plot_error_against_depth(DEPTHS, {"training": train, "test": train + 0.03},
                                      title="Deeper plain nets are worse on the training data too: this is not overfitting")


def curves() -> "Axes":
    """Draw the gradient of the two-step and the joint form as logits grow."""
    z = np.linspace(0, 120, 121, dtype=np.float32)
    with np.errstate(all="ignore"):
        y = 1 / (1 + np.exp(z))
        return p.plot_curves(z, {"two steps: -1/y times y(1 - y)": y * (1 - y) / y, "joint form: 1 - y": 1 - y},
                             xlabel="logit against the right class", ylabel="size of the gradient",
                             title="In float32 the two-step gradient is lost; the joint form stays")


def gradient_norms() -> "Axes":
    """Draw gradient norms by layer for nets of two depths."""
    layer = np.arange(1, 21)
    return p.plot_gradient_norms({"sigmoid, 20 layers": noisy(0.2 ** (20.0 - layer), 0.4), "ReLU, 20 layers":
                                  noisy(0.9 ** (20.0 - layer), 0.2, 1), "sigmoid, 8 layers":
                                  noisy(0.2 ** (8.0 - layer[:8]), 0.4, 2), "bound 0.25 a layer": 0.25 ** (20.0 - layer)},
                                 title="With sigmoid, each layer keeps about a fifth of the gradient")


def pruning_curves() -> "Axes":
    """Draw accuracy against sparsity for three ways of retraining."""
    kept = np.array([1, 0.7, 0.5, 0.3, 0.2, 0.1, 0.05, 0.02, 0.01])
    return p.plot_pruning_curves(kept, {name: noisy(0.1 + 0.87 / (1 + (at / kept) ** 2), 0.02, i) for i, (name, at) in
                                        enumerate({"no retraining": 0.25, "that layer only": 0.06, "all": 0.02}.items())},
                                 title="Retraining pays once three quarters of the weights are gone")


def loss_along_line() -> "Axes":
    """Draw a barrier between two solutions, and a path around it."""
    t = np.linspace(-0.2, 1.2, 57)
    flat = 0.05 + 2 * np.clip(np.abs(t - 0.5) - 0.5, 0, None) ** 2
    return p.plot_loss_along_line(t, {"straight line": flat + 1.2 * np.exp(-((t - 0.5) ** 2) / 0.03), "curve": flat},
                                  ends=("first solution", "second solution"),
                                  title="A straight line shows a barrier that a curve avoids")


def weight_paths() -> "Axes":
    """Draw ridge regression on the powers of x."""
    x, y = make_polynomial(20)
    powers, strengths = x[:, None] ** np.arange(1, 8), np.logspace(-8, 1, 60)
    paths = [np.linalg.solve(powers.T @ powers + s * np.eye(7), powers.T @ y) for s in strengths]
    ax = p.plot_weight_paths(strengths, paths, names=[f"$x^{k}$" for k in range(1, 8)],
                             title="The weaker the penalty, the larger the weights")
    ax.set_yscale("symlog", linthresh=1)
    return ax


def distributions() -> "Axes":
    """Draw activations of tanh layers with weights that are too large."""
    return p.plot_distributions(forward(4, relu=False), title="Large weights push tanh to its ends, where it is flat")


def distributions_relu() -> "Axes":
    """Draw activations of ReLU layers with small weights."""
    return p.plot_distributions(forward(1.2, relu=True), title="Weights below He's scale: activations shrink layer by layer")


def loss_surface() -> "Axes":
    """Draw gradient descent past a saddle point."""
    x, y = np.linspace(-2, 2, 81), np.linspace(-1.5, 1.5, 61)
    path = [np.array([0.02, 1.3])]
    for _ in range(60):
        a, b = path[-1]
        path.append(path[-1] - 0.1 * np.array([a**3 - a, b]))
    return p.plot_loss_surface(x, y, (x**4 / 4 - x**2 / 2) + y[:, None] ** 2 / 2, path=path, points={"saddle": [0, 0],
                               "minima": [[-1, 0], [1, 0]]}, xlabel="$w_1$", ylabel="$w_2$",
                               title="Descent slows down at the saddle, then leaves it")


def loss_surface_factors() -> "Axes":
    """Draw a surface that spans many powers of ten."""
    x, y = np.linspace(-2, 2, 301), np.linspace(-1, 3, 301)
    return p.plot_loss_surface(x, y, (1 - x) ** 2 + 100 * (y[:, None] - x**2) ** 2 + 1e-2, points={"minimum": [1, 1]},
                               title="Rosenbrock's valley: levels spaced by factors")


def decision_boundary() -> "Axes":
    """Draw the nearest neighbour's regions on two moons."""
    x, labels = make_moons(200)

    def nearest(points: np.ndarray) -> np.ndarray:
        return labels[((points[:, None] - x) ** 2).sum(axis=2).argmin(axis=1)]

    return p.plot_decision_boundary(nearest, x, labels, title="No straight line parts two moons")


def spectra() -> "Axes":
    """Draw singular values of products of random layers."""
    rng, product, kept = np.random.default_rng(0), np.eye(64), {}
    for layer in range(1, 17):
        product = product @ rng.normal(size=(64, 64)) / 8
        if layer in (1, 4, 16):
            kept[f"{layer} layer{'s'[: layer > 1]}"] = np.linalg.svd(product, compute_uv=False)
    return p.plot_spectra(kept, title="The product of layers flattens all but a few directions")


def spectra_hessian() -> "Axes":
    """Draw eigenvalues of both signs."""
    a = np.random.default_rng(0).normal(size=(24, 24))
    return p.plot_spectra({"Hessian": np.linalg.eigvalsh(a + a.T + 3 * np.eye(24))}, ylabel="eigenvalue",
                          title="A saddle point: some eigenvalues are negative")


def index_against_loss() -> "Axes":
    """Draw critical points as in the linear autoencoder."""
    index = np.random.default_rng(0).integers(0, 15, size=90)
    index[0] = 0
    return p.plot_index_against_loss(0.3 + 0.05 * index + noisy(np.ones(90), 0.03)[0] * 0.2, index,
                                     title="The higher the loss, the more ways lead down")


def images_digits() -> "Axes":
    """Draw digits."""
    images, labels = load_digits()
    return p.plot_images(images[:20].reshape(-1, 8, 8), names=list(labels[:20]), label="grey value (0 to 16)",
                         title="Twenty digits of 8 × 8 pixels")


def images_weights() -> "Axes":
    """Draw what a linear classifier looks for."""
    return p.plot_images(softmax_net()[0].T.reshape(10, 8, 8), names=range(10), columns=5, label="weight",
                         title="Weights of a linear classifier: red speaks for the class, blue against it")


def images_boards() -> "Axes":
    """Draw boards and their winning squares."""
    boards, squares = make_boards(4)
    ax = p.plot_images(boards[:, 0], names=[f"row {s // 8}, column {s % 8}" for s in squares], columns=4,
                       label="own 1, other −1", title="Which empty square completes a line of four red stones?")
    for i, square in enumerate(squares):
        ax.plot(i * 8.8 + square % 8 + 0.5, square // 8 + 0.5, "*", color="black", ms=9)
    return ax


def heat_map() -> "Axes":
    """Draw the depth at which training fails."""
    depth = np.array([[6, 30, 20], [14, 50, 60], [30, np.nan, np.nan]])
    return p.plot_heat_map(depth, rows=["sigmoid", "tanh", "ReLU"], columns=["plain", "+ batch norm", "+ residual"],
                           xlabel="kind of net", ylabel="activation", label="depth at which training fails (layers)",
                           title="Batch norm and residuals push the limit out (grey: no failure up to 64 layers)",
                           missing="> 64")


def heat_map_signed() -> "Axes":
    """Draw the Jacobian of softmax."""
    y = np.array([0.5, 0.3, 0.15, 0.05])
    return p.plot_heat_map(np.diag(y) - np.outer(y, y), rows=range(4), columns=range(4), xlabel="logit",
                           ylabel="probability", label="slope", digits=".2f",
                           title="Softmax: each logit moves every probability")


def heat_map_epochs() -> "Axes":
    """Draw a statistic by layer and epoch."""
    share = 0.5 + 0.4 * np.outer(np.linspace(0, 1, 12), 1 - np.exp(-np.arange(40) / 8))
    return p.plot_heat_map(100 * share, rows=range(1, 13), columns=range(1, 41), xlabel="epoch", ylabel="layer",
                           label="zero activations (%)", title="Deep layers grow sparse as training goes on")


def confusion_matrix() -> "Axes":
    """Draw the mistakes of a linear classifier."""
    return p.plot_confusion_matrix(load_digits()[1], softmax_net(30)[1],
                                   title="A linear net takes 8 for 1 and 1 for 9 more often than others")


def dots() -> "Axes":
    """Draw the board task with and without pooling."""
    rng = np.random.default_rng(0)
    return p.plot_dots({f"{task}, {kind}": centre + 1.5 * rng.normal(size=SEEDS) for task, kind, centre in
                        [("board", "no pooling", 93), ("board", "pooling", 73), ("digits", "no pooling", 97.5),
                         ("digits", "pooling", 97.8)]}, xlabel="test accuracy (%)", limit=90, limit_label="solved",
                       title="Pooling hurts where the answer is a place")


def shares() -> "Axes":
    """Draw where the parameters are."""
    nets = {"AlexNet": {"convolution": 2.4e6, "dense": 58.6e6}, "VGG-16": {"convolution": 14.8e6, "dense": 123.6e6},
            "ResNet-50": {"convolution": 23.6e6, "dense": 2.0e6}}
    return p.plot_shares({net: {k: v / 1e6 for k, v in of.items()} for net, of in nets.items()}, unit="million",
                         xlabel="share of the parameters (%)", title="Dense layers held most parameters, until ResNet")


def computation_graph() -> "Axes":
    """Draw the graph of the page on backpropagation."""
    nodes = {"x": (2, 6), "w": (1.5, 11), "b": (-1, 4), "u = w x": (3, 4), "z = u + b": (2, 4), "q = z²": (4, 1),
             "p = w²": (2.25, 1), "L = q + p": (6.25, 1)}
    edges = [("x", "u = w x", "w = 1.5"), ("w", "u = w x", "x = 2"), ("b", "z = u + b", "1"),
             ("u = w x", "z = u + b", "1"), ("z = u + b", "q = z²", "2z = 4"), ("w", "p = w²", "2w = 3"),
             ("q = z²", "L = q + p", "1"), ("p = w²", "L = q + p", "1")]
    return p.plot_computation_graph(nodes, edges, title="Values flow to the right; gradients flow back and add up at w")


def signals() -> "Axes":
    """Draw signals with plain matplotlib beside what the library says of them."""
    x, labels = make_signals(10)
    order = np.argsort(labels)
    return p.plot_curves(np.arange(40), {f"class {labels[i]}": x[i] + 3 * k for k, i in enumerate(order[:7])},
                         xlabel="point", ylabel="signal (shifted up by 3 for each class)", title="Signals of seven classes")


PICTURES: dict[str, Callable[[], "Axes"]] = {f.__name__: f for f in (
    learning_curves, error_against_depth, curves, gradient_norms, pruning_curves, loss_along_line, weight_paths,
    distributions, distributions_relu, loss_surface, loss_surface_factors, decision_boundary, spectra, spectra_hessian,
    index_against_loss, images_digits, images_weights, images_boards, heat_map, heat_map_signed, heat_map_epochs,
    confusion_matrix, dots, shares, computation_graph, signals)}


def render(folder: Path) -> None:
    """Write all pictures, the page and the contact sheet into a folder."""
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as plt
    from PIL import Image  # comes with matplotlib

    folder.mkdir(parents=True, exist_ok=True)
    page = "<body style='background:#111;color:#ddd;font:15px sans-serif;max-width:900px;margin:auto'>"
    for name, draw in PICTURES.items():
        ax = draw()
        plt.figure(ax.figure.number)  # type: ignore[union-attr]
        plt.savefig(folder / f"{name}.png", dpi=110, bbox_inches="tight", facecolor="white")
        plt.close()
        page += f"<h3>{name}</h3><img src='{name}.png' alt='{escape(p.description(ax), quote=True)}'>"
        page += f"<p>{escape(p.description(ax))}</p>"
    (folder / "index.html").write_text(f"<!doctype html><meta charset=utf-8>{page}", encoding="utf-8")
    fig, grid = plt.subplots(-(-len(PICTURES) // 4), 4, figsize=(16, 16), layout="constrained")
    for cell in grid.flat:
        cell.axis("off")
    for cell, name in zip(grid.flat, PICTURES, strict=False):
        cell.imshow(plt.imread(folder / f"{name}.png"), interpolation="antialiased")
    buffer = BytesIO()
    fig.savefig(buffer, dpi=80)
    Image.open(buffer).convert("RGB").quantize(256, method=1).save(folder / "contact-sheet.png", optimize=True)
    plt.close(fig)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m course.plotting.gallery FOLDER")
    render(Path(sys.argv[1]))
