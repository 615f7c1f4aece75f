"""Render every kind of picture: ``python docs/gallery/render.py FOLDER``.

Writes one PNG for each, a page ``index.html`` with their descriptions on a dark ground, and ``contact-sheet.png``. What the
pictures show is computed here, by small trainings of a few seconds; where a title gives a number, it is that of the run.
"""

import copy
import sys
from collections.abc import Callable
from functools import cache
from html import escape
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import course.plotting as p
from course.curvature import autoencoder_critical_points, hessian, loss_along_line, net_functions
from course.datasets import (
    load_digits,
    make_boards,
    make_moons,
    make_polynomial,
    make_signals,
    permute_features,
    train_test_split,
)
from course.layers import (
    Activation,
    BatchNorm,
    Conv1d,
    Dense,
    Flatten,
    Layer,
    ReLU,
    Sequential,
    Sigmoid,
    Tanh,
    conv_multiply_adds,
    conv_parameters,
)
from course.losses import logistic_loss, softmax_cross_entropy
from course.optimizers import SGD, Adam, apply_masks, magnitude_masks
from course.training import History, activations, backward_signals, evaluate, fit, predict, sweep

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@cache
def digits() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return training images, test images and their labels, with grey values from 0 to 1."""
    images, labels = load_digits()
    return train_test_split(images / 16, labels)


def dense_net(depth: int, seed: int, activation: type[Activation] = ReLU, norm: bool = False, width: int = 32
              ) -> Sequential:
    """Return a net for the digits with so many hidden layers, untrained."""
    rng, inputs = np.random.default_rng(seed), 64
    layers: list[Layer] = []
    for _ in range(depth):
        layers.append(Dense(inputs, width, init="he" if activation is ReLU else "xavier", rng=rng))
        layers += [BatchNorm(width), activation()] if norm else [activation()]
        inputs = width
    return Sequential(*layers, Dense(inputs, 10, init="xavier", rng=rng))


def train(net: Layer, seed: int, epochs: int, **settings: Any) -> History:
    """Train a net on the digits by gradient descent with momentum, unless told otherwise."""
    x, _, labels, _ = digits()
    settings = {"optimizer": SGD(0.05, momentum=0.9), **settings}
    return fit(net, x, labels, rng=np.random.default_rng(seed), epochs=epochs, progress=False, **settings)


@cache
def linear_classifier() -> Sequential:
    """Return a net without hidden layers, trained."""
    net = dense_net(0, seed=0)
    train(net, 0, epochs=30)
    return net


def learning_curves() -> "Axes":
    """Draw five seeds with and without batch normalization."""
    def losses(norm: bool, seed: int) -> np.ndarray:
        return train(dense_net(6, seed, norm=norm), seed, epochs=20).loss

    plain, normalized = sweep(losses, {"norm": [False, True]}, seeds=range(5), progress=False)["value"]
    lower = np.sum(np.median(normalized, axis=0) < np.median(plain, axis=0))
    return p.plot_learning_curves({"plain": plain, "batch norm": normalized},
                                  ylabel="training loss (mean cross-entropy)",
                                  title=f"Six ReLU layers: lower median loss with batch norm in {lower} of 20 epochs")


def error_against_depth() -> "Axes":
    """Draw training and test error of plain nets."""
    def errors(depth: int, seed: int) -> dict[str, float]:
        x, x_test, labels, labels_test = digits()
        net = dense_net(depth, seed, width=16)
        train(net, seed, epochs=20)
        return {"training": evaluate(net, x, labels)[1], "test": evaluate(net, x_test, labels_test)[1]}

    depths = [1, 2, 4, 8, 16, 24]
    runs = sweep(errors, {"depth": depths}, seeds=range(5), progress=False)
    return p.plot_error_against_depth(depths, {name: runs.seeds_first(name) for name in ("training", "test")},
                                      title="Plain ReLU nets: with depth the training error grows like the test error")


def curves() -> "Axes":
    """Draw the gradient of the two-step and the joint form as logits grow."""
    z = np.linspace(0, 120, 121, dtype=np.float32)
    joint = -logistic_loss(-z, np.ones_like(z))[1] * len(z)  # without the mean over the batch
    with np.errstate(all="ignore"):
        y = 1 / (1 + np.exp(z))
        return p.plot_curves(z, {"two steps: 1/y times y(1 - y)": y * (1 - y) / y, "joint form: 1 - y": joint},
                             xlabel="logit against the right class", ylabel="size of the gradient",
                             title="In float32 the two-step gradient is lost; the joint form stays")


def gradient_norms() -> "Axes":
    """Draw gradient norms by layer for untrained nets of two depths."""
    x, _, labels, _ = digits()

    def norms(activation: type[Activation], depth: int) -> np.ndarray:
        rows = []
        for seed in range(5):
            net = dense_net(depth, seed, activation)
            signals = backward_signals(net, softmax_cross_entropy(net.forward(x), labels)[1])
            rows.append([np.linalg.norm(g) for name, g in signals.items() if "Dense" not in name])
        return np.array(rows)

    sigmoid, relu = norms(Sigmoid, 20), norms(ReLU, 20)
    kept, kept_by_relu = (100 * np.median((n[:, 0] / n[:, -1]) ** (1 / 19)) for n in (sigmoid, relu))
    return p.plot_gradient_norms({"sigmoid, 20 layers": sigmoid, "ReLU, 20 layers": relu,
                                  "sigmoid, 8 layers": norms(Sigmoid, 8)},
                                 ylabel="norm of the gradient for the layer's output",
                                 title=f"Gradient passed on by an untrained layer: sigmoid {kept:.0f} %, "
                                       f"ReLU {kept_by_relu:.0f} %")


def pruning_curves() -> "Axes":
    """Draw accuracy against sparsity for three ways of retraining."""
    kept = np.array([1, 0.7, 0.5, 0.3, 0.2, 0.1, 0.05, 0.02])
    _, x_test, _, labels_test = digits()
    ways: dict[str, dict[str, Any]] = {"no retraining": {"epochs": 0}, "last layer retrained": {"epochs": 10, "only": ["4."]},
                                       "all retrained": {"epochs": 10}}

    def accuracies(seed: int) -> dict[str, list[float]]:
        net, found = dense_net(2, seed), {way: [] for way in ways}
        train(net, seed, epochs=15)
        weights = {name: value for name, value in net.params.items() if name.endswith("w")}
        for share in kept:
            masks = magnitude_masks(weights, 1 - share)
            for way, settings in ways.items():
                pruned = copy.deepcopy(net)
                apply_masks(pruned, masks)
                train(pruned, seed, epochs=settings["epochs"],
                      optimizer=SGD(0.05, momentum=0.9, masks=masks, only=settings.get("only")))
                found[way].append(1 - evaluate(pruned, x_test, labels_test)[1])
        return found

    runs = sweep(accuracies, {}, seeds=range(5), progress=False)
    return p.plot_pruning_curves(kept, {way: runs[way] for way in ways},
                                 title="Smallest weights removed: the more is retrained, the fewer weights are needed")


def loss_on_the_way() -> "Axes":
    """Draw the loss between nets trained from two starts, and from one start with different batches."""
    x, _, labels, _ = digits()

    def losses(seed: int) -> dict[str, np.ndarray]:
        first, second = dense_net(2, seed), dense_net(2, seed + 100)
        train(first, seed, epochs=2)
        branch = copy.deepcopy(first)
        train(first, seed + 200, epochs=8)
        train(branch, seed + 300, epochs=8)
        train(second, seed, epochs=10)
        f, _, start = net_functions(first, x, labels)
        return {name: loss_along_line(f, start, end.flat_params, count=29, extend=0.2)[1]
                for name, end in (("two starts", second), ("shared start, parted after 2 of 10 epochs", branch))}

    runs = sweep(losses, {}, seeds=range(5), progress=False)
    return p.plot_loss_along_line(np.linspace(-0.2, 1.2, 29), runs.values, ends=("one net", "another"),
                                  ylabel="training loss (mean cross-entropy)",
                                  title="Between trained nets: a barrier from two starts, none from a shared one")


def weight_paths() -> "Axes":
    """Draw ridge regression on the powers of x."""
    x, y = make_polynomial(20)
    powers, strengths = x[:, None] ** np.arange(1, 8), np.logspace(-8, 1, 60)
    paths = [np.linalg.solve(powers.T @ powers + s * np.eye(7), powers.T @ y) for s in strengths]
    ax = p.plot_weight_paths(strengths, paths, names=[f"$x^{k}$" for k in range(1, 8)],
                             title="Ridge regression: the stronger the penalty, the shorter the vector of weights")
    ax.set_yscale("symlog", linthresh=1)
    return ax


def untrained_activations(activation: type[Activation], scale: float) -> dict[str, np.ndarray]:
    """Return what comes out of eight layers of width 128 whose first weights are so many times their usual size."""
    net = dense_net(8, 0, activation, width=128)
    for name, value in net.params.items():
        value *= scale if name.endswith("w") else 1
    outputs = activations(net, digits()[0][:200])
    return {f"layer {i}": out for i, out in enumerate((o for n, o in outputs.items() if "Dense" not in n), start=1)}


def distributions() -> "Axes":
    """Draw activations of tanh layers with weights that are too large."""
    return p.plot_distributions(untrained_activations(Tanh, 2),
                                title="Weights twice Xavier's scale push tanh to its ends, where it is flat")


def distributions_relu() -> "Axes":
    """Draw activations of ReLU layers with small weights."""
    return p.plot_distributions(untrained_activations(ReLU, 0.75),
                                title="Weights at three quarters of He's scale: activations shrink layer by layer")


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
    """Draw what a small net makes of two moons."""
    x, labels = make_moons(200)
    rng = np.random.default_rng(0)
    net = Sequential(Dense(2, 16, init="xavier", rng=rng), Tanh(), Dense(16, 2, init="xavier", rng=rng))
    history = fit(net, x, labels, optimizer=SGD(0.1, momentum=0.9), rng=rng, epochs=100, batch_size=20, progress=False)
    return p.plot_decision_boundary(lambda points: predict(net, points), x, labels,
                                    title=f"Two moons, parted by 16 tanh units in {len(history.loss)} epochs")


def spectra() -> "Axes":
    """Draw singular values of products of random layers."""
    rng, product, kept = np.random.default_rng(0), np.eye(64), {}
    for layer in range(1, 17):
        product = product @ rng.normal(size=(64, 64)) / 8
        if layer in (1, 4, 16):
            kept[f"{layer} layer{'s'[: layer > 1]}"] = np.linalg.svd(product, compute_uv=False)
    return p.plot_spectra(kept, title="The product of random layers flattens all but a few directions")


def spectra_hessian() -> "Axes":
    """Draw the eigenvalues of a small net's Hessian before and after training."""
    x, labels = make_moons(200)
    rng, targets = np.random.default_rng(0), labels[:, None].astype(float)
    net = Sequential(Dense(2, 6, init="xavier", rng=rng), Tanh(), Dense(6, 1, init="xavier", rng=rng))
    _, grad, start = net_functions(net, x, targets, logistic_loss)
    fit(net, x, targets, loss=logistic_loss, optimizer=SGD(0.1, momentum=0.9), rng=rng, epochs=100, progress=False)
    values = {name: np.linalg.eigvalsh(hessian(grad, at)) for name, at in
              (("before training", start), ("after 100 epochs", net.flat_params))}
    before, after = (int(np.sum(v < 0)) for v in values.values())
    return p.plot_spectra(values, ylabel="eigenvalue",
                          title=f"Hessian of a small net: {before} of {len(start)} eigenvalues negative, after training {after}")


def index_against_loss() -> "Axes":
    """Draw all critical points of a linear autoencoder."""
    pooled = load_digits()[0].reshape(-1, 4, 2, 4, 2).mean(axis=(2, 4)).reshape(-1, 16) / 16
    points = autoencoder_critical_points(pooled, code_size=3)
    return p.plot_index_against_loss([point.loss for point in points], [point.index for point in points],
                                     ylabel="index: directions that lead down",
                                     title=f"A linear autoencoder of the digits: {len(points)} critical points, one minimum")


def images_digits() -> "Axes":
    """Draw digits."""
    images, labels = load_digits()
    return p.plot_images(images[:20].reshape(-1, 8, 8), names=list(labels[:20]), label="grey value (0 to 16)",
                         title="Twenty digits of 8 × 8 pixels")


def images_weights() -> "Axes":
    """Draw what a linear classifier looks for."""
    return p.plot_images(linear_classifier().params["0.w"].T.reshape(10, 8, 8), names=range(10), columns=5, label="weight",
                         title="Linear classifier: red speaks for a class, blue against it")


def images_boards() -> "Axes":
    """Draw boards and their winning squares."""
    boards, squares = make_boards(4)
    ax = p.plot_images(boards[:, 0], names=[f"row {s // 8}, column {s % 8}" for s in squares], columns=4,
                       label="own 1, other −1", title="Which square completes a line of four red stones?")
    for i, square in enumerate(squares):
        ax.plot(i * 8.8 + square % 8 + 0.5, square // 8 + 0.5, "*", color="black", ms=9)
    return ax


def heat_map() -> "Axes":
    """Draw the training error of nets of several kinds and depths."""
    def error(kind: tuple[type[Activation], bool], depth: int, seed: int) -> float:
        net = dense_net(depth, seed, *kind, width=16)
        train(net, seed, epochs=10)
        return 100 * evaluate(net, digits()[0], digits()[2])[1]

    kinds = {"sigmoid": (Sigmoid, False), "sigmoid + batch norm": (Sigmoid, True), "tanh": (Tanh, False),
             "tanh + batch norm": (Tanh, True), "ReLU": (ReLU, False), "ReLU + batch norm": (ReLU, True)}
    runs = sweep(error, {"kind": list(kinds.values()), "depth": [1, 4, 8, 16]}, seeds=range(3), progress=False)
    return p.plot_heat_map(runs.mean(), rows=list(kinds), columns=runs.settings["depth"], xlabel="hidden layers",
                           ylabel="kind of net", label="training error (%), mean of 3 seeds",
                           digits=".1f",
                           title="At 16 layers each kind of net errs less with batch norm")


def heat_map_signed() -> "Axes":
    """Draw the Jacobian of softmax."""
    y = np.array([0.5, 0.3, 0.15, 0.05])
    return p.plot_heat_map(np.diag(y) - np.outer(y, y), rows=range(4), columns=range(4), xlabel="logit",
                           ylabel="probability", label="slope", digits=".2f",
                           title="Softmax: each logit moves every probability")


def heat_map_epochs() -> "Axes":
    """Draw a statistic by layer and epoch."""
    # A smaller step than elsewhere: with eight layers the usual one is at the edge, where rounding decides whether it diverges.
    history = train(dense_net(8, 0), 0, epochs=30, watch=("activations",), optimizer=SGD(0.02, momentum=0.9))
    relu = [i for i, name in enumerate(history.activation_names) if "ReLU" in name]
    share = 100 * history.zero_fraction[:, relu].T
    more = np.sum(share[:, -1] > share[:, 0])
    return p.plot_heat_map(share, rows=range(1, 9), columns=range(1, len(history.loss) + 1), xlabel="epoch", ylabel="layer",
                           label="zero activations (%)", title=f"ReLU layers: {more} of 8 have more zeros at the end than at first")


def confusion_matrix() -> "Axes":
    """Draw the mistakes of a linear classifier on test digits."""
    _, x, _, labels = digits()
    answer = predict(linear_classifier(), x).argmax(axis=1)
    return p.plot_confusion_matrix(labels, answer, title=f"A linear classifier on {len(x)} test digits: "
                                                         f"{np.sum(answer != labels)} mistakes")


def dots() -> "Axes":
    """Draw a dense and a convolutional net on signals, in order and with shuffled points."""
    x, x_test, labels, labels_test = train_test_split(*make_signals(1600))

    def accuracy(kind: str, shuffled: bool, seed: int) -> float:
        rng = np.random.default_rng(seed)
        seen, new = (permute_features(data[:, None]) if shuffled else data[:, None] for data in (x, x_test))
        if kind == "dense":
            net = Sequential(Flatten(), Dense(40, 64, rng=rng), ReLU(), Dense(64, 64, rng=rng), ReLU(), Dense(64, 10, rng=rng))
        else:
            net = Sequential(Conv1d(1, 16, 5, stride=2, rng=rng), ReLU(), Conv1d(16, 16, 3, stride=2, rng=rng), ReLU(),
                             Flatten(), Dense(128, 10, rng=rng))
        fit(net, seen, labels, optimizer=Adam(0.003), rng=rng, epochs=15, progress=False)
        return 100 * (1 - evaluate(net, new, labels_test)[1])

    runs = sweep(accuracy, {"kind": ["dense", "convolution"], "shuffled": [False, True]}, seeds=range(5), progress=False)
    return p.plot_dots({f"{kind}, {'shuffled' if shuffled else 'in order'}": runs["value"][i, j]
                        for i, kind in enumerate(runs.settings["kind"])
                        for j, shuffled in enumerate(runs.settings["shuffled"])}, xlabel="test accuracy (%)",
                       limit=10, limit_label="guessing",
                       title="Shuffling the points of signals costs a convolution its lead over a dense net")


def shares() -> "Axes":
    """Draw where a large net has its parameters, and where its work."""
    channels = [(3, 64), (64, 64), (64, 128), (128, 128), (128, 256), (256, 256), (256, 256), (256, 512)] + 5 * [(512, 512)]
    sizes = [224, 224, 112, 112, 56, 56, 56, 28, 28, 28, 14, 14, 14]
    dense = [(512 * 7 * 7, 4096), (4096, 4096), (4096, 1000)]
    held = {"convolution": sum(conv_parameters(a, b, 3) for a, b in channels), "dense": sum(a * b + b for a, b in dense)}
    done = {"convolution": sum(conv_multiply_adds(a, b, 3, s, s) for (a, b), s in zip(channels, sizes, strict=True)),
            "dense": sum(a * b for a, b in dense)}
    return p.plot_shares({"parameters": {k: v / 1e9 for k, v in held.items()},
                          "multiply-adds": {k: v / 1e9 for k, v in done.items()}}, unit="billion", xlabel="share (%)",
                         title="VGG-16: dense layers hold most parameters, convolutions do the work")


def computation_graph() -> "Axes":
    """Draw the graph of the page on backpropagation."""
    x, w, b = 2.0, 1.5, -1.0
    u = w * x
    z, square = u + b, w**2
    q = z**2
    nodes = {"x": (x, 2 * z * w), "w": (w, 2 * z * x + 2 * w), "b": (b, 2 * z), "u = w x": (u, 2 * z),
             "z = u + b": (z, 2 * z), "q = z²": (q, 1), "p = w²": (square, 1), "L = q + p": (q + square, 1)}
    edges = [("x", "u = w x", f"w = {w:g}"), ("w", "u = w x", f"x = {x:g}"), ("b", "z = u + b", "1"),
             ("u = w x", "z = u + b", "1"), ("z = u + b", "q = z²", f"2z = {2 * z:g}"), ("w", "p = w²", f"2w = {2 * w:g}"),
             ("q = z²", "L = q + p", "1"), ("p = w²", "L = q + p", "1")]
    return p.plot_computation_graph(nodes, edges, title="Values flow to the right; gradients flow back and add up at w")


def signals() -> "Axes":
    """Draw one signal of each of seven classes."""
    x, labels = make_signals(10)
    order = np.argsort(labels)
    return p.plot_curves(np.arange(40), {f"class {labels[i]}": x[i] + 3 * k for k, i in enumerate(order[:7])},
                         xlabel="point", ylabel="signal (shifted up by 3 for each class)",
                         title="Signals: one of each of seven classes")


PICTURES: dict[str, Callable[[], "Axes"]] = {f.__name__: f for f in (
    learning_curves, error_against_depth, curves, gradient_norms, pruning_curves, loss_on_the_way, weight_paths,
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
    fig.savefig(buffer, dpi=110)
    Image.open(buffer).convert("RGB").quantize(256, method=1, kmeans=1).save(folder / "contact-sheet.png", optimize=True)
    plt.close(fig)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python docs/gallery/render.py FOLDER")
    render(Path(sys.argv[1]))
