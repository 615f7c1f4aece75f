"""Probes of ``week1/01_motivation_and_depth``: what is asked of each answer, without an answer."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from course.exercises.backend import Failed
from course.exercises.probe import Case, exercise, parts, read_only

Outputs = Iterator[Case | tuple[str, Any]]

SHAPES = {  # samples, channels, rows, columns, kernels, side of the kernel
    "3 x 3 kernels": (2, 2, 5, 5, 3, 3),
    "more columns than rows": (2, 1, 4, 6, 2, 3),
    "more rows than columns, even kernels": (1, 3, 5, 3, 2, 2),
    "as many kernels as channels": (2, 3, 4, 5, 3, 2),
    "1 x 1 kernels": (3, 2, 2, 3, 4, 1),
    "kernels as large as the image": (2, 2, 3, 3, 4, 3),
}


@exercise("conv2d_forward", needs=["conv2d_forward"],
          answered_by=[f"course.layers.{name}" for name in ("conv2d_forward", "Conv2d", "Conv1d", "convolution.conv2d_filter_gradient")])
def conv2d_forward(student: Any, rng: np.random.Generator) -> Outputs:
    for name, (n, c, h, w, f, k) in SHAPES.items():
        x, kernels = rng.normal(size=(n, c, h, w)), rng.normal(size=(f, c, k, k))
        yield name, student.conv2d_forward(read_only(x), np.asfortranarray(kernels))
    x = rng.normal(size=(4, 6, 2, 3)).transpose(2, 3, 1, 0)[:, :, ::2]  # a view whose axes are turned and stepped over
    yield "a view of a larger array", student.conv2d_forward(x, read_only(rng.normal(size=(2, 3, 2, 2))))


IMAGES = {  # channels, rows, columns, kernels, side of the kernel
    "one channel, one kernel": (1, 3, 4, 1, 2),
    "two channels, two kernels": (2, 3, 3, 2, 2),
    "more columns than rows": (1, 2, 5, 2, 2),
    "more rows than columns, 3 x 3 kernels": (1, 5, 3, 2, 3),
    "as many kernels as channels": (3, 2, 3, 3, 2),
    "1 x 1 kernels": (2, 2, 3, 3, 1),
    "kernels as large as the image": (2, 3, 3, 2, 3),
}


@exercise("conv2d_matrix", needs=["conv2d_matrix"],
          answered_by=[f"course.layers.{name}" for name in ("conv2d_matrix", "conv2d_forward", "Conv2d", "Conv1d")])
def conv2d_matrix(student: Any, rng: np.random.Generator) -> Outputs:
    for name, (c, h, w, f, k) in IMAGES.items():
        yield name, student.conv2d_matrix(read_only(rng.normal(size=(f, c, k, k))), (c, h, w))
    kernels = np.asfortranarray(rng.normal(size=(2, 2, 2, 2)))
    yield "the shape in numpy's integers", student.conv2d_matrix(kernels, tuple(np.array([2, 3, 4])))


BLOCKS = {  # samples, features, hidden units
    "a batch of 5, more hidden units than features": (5, 3, 6),
    "fewer hidden units than features": (4, 5, 2),
    "as many hidden units as features": (6, 4, 4),
    "one sample": (1, 3, 4),
}


def _block(rng: np.random.Generator, n: int, d: int, m: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw inputs and weights of a block with some hidden units on and some off."""
    while True:
        x, w1 = rng.normal(size=(n, d)), rng.normal(size=(d, m))
        if 0 < np.mean(x @ w1 > 0) < 1:
            return x, w1, rng.normal(size=(m, d))


@exercise("residual_block", needs=["residual_block"], answered_by=["course.layers.Residual"])
def residual_block(student: Any, rng: np.random.Generator) -> Outputs:
    for name, (n, d, m) in BLOCKS.items():
        x, w1, w2 = _block(rng, n, d, m)
        yield name, student.residual_block(read_only(x) if m > d else np.asfortranarray(x), w1, read_only(w2))
    x, w1, w2 = rng.uniform(0.5, 2, size=(3, 4)), -rng.uniform(0.5, 2, size=(4, 5)), rng.normal(size=(5, 4))
    yield Case("all hidden units off: the input comes through", student.residual_block(x, w1, w2), weight=0.0)
    x = rng.normal(size=(4, 3))
    yield "two blocks, one after the other", _twice(student, x, *(rng.normal(size=shape) for shape in ((3, 5), (5, 3), (3, 2), (2, 3))))


def _twice(student: Any, x: np.ndarray, *weights: np.ndarray) -> Any:
    between = student.residual_block(x, *weights[:2])
    return student.residual_block(between, *weights[2:])


@exercise("residual_block_backward", needs=["residual_block_backward"], answered_by=["course.layers.Residual"])
def residual_block_backward(student: Any, rng: np.random.Generator) -> Outputs:
    names = ("dx", "dw1", "dw2")
    for name, (n, d, m) in BLOCKS.items():
        (x, w1, w2), grad = _block(rng, n, d, m), rng.normal(size=(n, d))
        yield from parts(name, student.residual_block_backward(read_only(grad), np.asfortranarray(x), w1, read_only(w2)), names)
    # Small whole numbers, so that x @ w1 is exactly 0 in the first hidden unit on every machine.
    x, w1 = rng.integers(1, 4, size=(4, 3)).astype(float), rng.integers(1, 3, size=(3, 4)).astype(float)
    x[:, 1], w1[:, 0], w1[:, 1] = x[:, 0], [1.0, -1.0, 0.0], [1.0, -2.0, -1.0]
    grad, w2 = rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
    yield from parts("a hidden unit exactly at 0", student.residual_block_backward(grad, x, w1, w2), names)


@exercise("diagnose", needs=["diagnose"], answered_by=["course.training.diagnose"])
def diagnose(student: Any, rng: np.random.Generator) -> Outputs:
    def draw(low: float, high: float) -> float:
        return float(rng.uniform(low, high))

    train, test = draw(0.10, 0.15), draw(0.25, 0.30)  # of the shallow net
    gain, loss, hair = draw(0.02, 0.08), draw(0.02, 0.08), draw(0.0005, 0.001)
    nets = {  # of the deep net: training error, test error
        "both errors lower": (train - gain, test - gain),
        "both errors higher": (train + loss, test + 3 * loss),
        "training error lower, test error higher": (train - gain, test + loss),
        "training error higher, test error lower": (train + loss, test - gain / 2),
        "training error higher, test error the same": (train + loss, test),
        "training error lower, test error the same": (train - gain, test),
        "training error the same, test error higher": (train, test + loss),
        "both errors a hair higher": (train + hair, test + hair / 2),
        "training error lower, test error a hair higher": (train - gain, test + hair),
        "both errors higher, training error above test error": (test + 2 * loss, test + loss),
        "training error above the shallow net's test error": (test + loss, test + 2 * loss),
        "no training error in either net, test error higher": (0.0, test + loss),
    }
    found = {}
    for name in rng.permutation(list(nets)).tolist():  # in no order that an answer could know
        deep_train, deep_test = nets[name]
        shallow_train = 0.0 if name.startswith("no ") else train
        found[name] = student.diagnose(deep_train, deep_test, np.float64(shallow_train), np.float64(test))
        yield Case(name, found[name], weight=0.0)  # one word alone is guessed once in three times: several together count
    answers = [found[name] for name in nets]
    for name, rows in {
        "the three clear cases together": (0, 1, 2),
        "the test error decides whether anything is wrong: together": (3, 1, 6),
        "the same error is no worse: together": (4, 5, 6, 11, 1),
        "differences however small: together": (7, 8, 0),
        "high training errors: together": (9, 10, 3, 2),
    }.items():
        yield name, [answers[row] for row in rows]


def _cloud(rng: np.random.Generator, n: int, d: int, spreads: list[float], distance: float) -> tuple[np.ndarray, np.ndarray]:
    """Draw `n` points around a mean that is `distance` away, and the directions, as columns, along which they spread."""
    r = len(spreads)
    scores = rng.normal(size=(n, r))
    scores = np.linalg.qr(scores - scores.mean(axis=0))[0]
    directions = np.linalg.qr(rng.normal(size=(d, r)))[0]
    mean = rng.normal(size=d)
    return (scores * spreads) @ directions.T * np.sqrt(n) + distance * mean / np.linalg.norm(mean), directions


ORTHONORMAL, OBLIQUE = "orthonormal columns, shape (D, k)", "the columns are not orthonormal"


def basis_form(basis: Any, d: int, k: int) -> str | Failed:
    """Say whether an answer is a (d, k) array with orthonormal columns, or what it is instead."""
    if isinstance(basis, Failed):
        return basis
    if not isinstance(basis, np.ndarray):
        return "no array came back, but a list" if isinstance(basis, (list, tuple)) else "no array came back"
    if basis.dtype.kind != "f":
        return "not an array of floats"
    if basis.shape == (k, d) != (d, k):
        return "the basis vectors are rows: shape (k, D), and (D, k) is wanted"
    if basis.shape != (d, k):
        square = basis.shape == (d, d) and np.isfinite(basis).all()
        what = " (D perpendicular directions)" if square and np.allclose(basis.T @ basis, np.eye(d), rtol=0.0, atol=1e-8) else ""
        return f"an array of shape {basis.shape} came back{what}, and (D, k) = {(d, k)} is wanted"
    if not np.isfinite(basis).all():
        return "nan or infinity stands in it"
    orthonormal = np.allclose(basis.T @ basis, np.eye(k), rtol=0.0, atol=1e-8)
    return ORTHONORMAL if orthonormal else OBLIQUE


@exercise("pca_subspace", needs=["pca_subspace"],
          answered_by=["course.subspaces.pca_subspace", "course.curvature.autoencoder_critical_point", "course.curvature.autoencoder._principal"])
def pca_subspace(student: Any, rng: np.random.Generator) -> Outputs:
    # No two spreads are alike where the cut falls between them: the subspace is then the only right one.
    clouds: dict[str, tuple[int, int, list[float], float, int]] = {
        "30 points in 4 dimensions, k = 2": (30, 4, [3.0, 2.0, 1.2, 0.6], 3.0, 2),
        "k = 1, far from the origin": (20, 3, [2.0, 1.0, 0.5], 50.0, 1),
        "a large first spread, k = 3": (40, 5, [30.0, 2.0, 1.0, 0.3, 0.1], 8.0, 3),
        "k = D: the whole space": (10, 3, [2.0, 1.0, 0.5], 3.0, 3),
    }
    for i, (name, (n, d, spreads, distance, k)) in enumerate(clouds.items()):
        x, _ = _cloud(rng, n, d, spreads, distance)
        basis = student.pca_subspace(read_only(x) if i % 2 else np.asfortranarray(x), k)
        form = basis_form(basis, d, k)
        yield Case(f"{name}: the basis", form, weight=0.0, finding=True)
        span = basis @ basis.T if form in (ORTHONORMAL, OBLIQUE) else form
        yield Case(f"{name}: the projector basis @ basis.T", span, weight=float(k < d), rtol=0.0, atol=1e-8)
    # Eigenvectors of equal eigenvalues, 0 too, differ from machine to machine, so what a wrong answer makes of them is not compared.
    clouds = {
        "as many points as dimensions": (5, 5, [4.0, 2.5, 1.5, 0.8], 3.0, 2),
        "fewer points than dimensions, k as large as the rank": (4, 6, [2.0, 1.4, 0.8], 3.0, 3),
        "the two largest spreads are equal, k = 2": (25, 4, [2.0, 2.0, 1.0, 0.5], 3.0, 2),
    }
    for name, (n, d, spreads, distance, k) in clouds.items():
        x, directions = _cloud(rng, n, d, spreads, distance)
        basis = student.pca_subspace(read_only(x), np.int64(k))
        form = basis_form(basis, d, k)
        if form == ORTHONORMAL:
            same = np.allclose(basis @ basis.T, directions[:, :k] @ directions[:, :k].T, rtol=0.0, atol=1e-8)
            form = "a basis of the principal subspace" if same else "a basis of another subspace"
        yield Case(name, form, finding=True)


@exercise("linear_autoencoder", needs=["linear_autoencoder"],
          answered_by=["course.subspaces.linear_autoencoder", "course.curvature.autoencoder_functions"])
def linear_autoencoder(student: Any, rng: np.random.Generator) -> Outputs:
    names = ("loss", "d_encoder", "d_decoder")
    shapes = {  # samples, features, width of the code
        "a code of 2 for 4 features": (6, 4, 2),
        "a code of 1": (5, 3, 1),
        "one sample": (1, 4, 3),
        "a code as wide as the features": (7, 3, 3),
    }
    for i, (name, (n, d, k)) in enumerate(shapes.items()):
        x = rng.normal(size=(n, d)) + rng.normal(size=d)  # used as it is given, and its mean is not zero
        encoder, decoder = rng.normal(size=(d, k)), rng.normal(size=(k, d))
        yield from parts(name, student.linear_autoencoder(read_only(x), np.asfortranarray(encoder), decoder), names)
        if i == 0:
            yield from parts("decoder = encoder.T", student.linear_autoencoder(x, read_only(encoder), encoder.T), names)
    x = rng.normal(size=(6, 3)) + 2.0
    result = student.linear_autoencoder(x, 0.01 * rng.normal(size=(3, 2)), 0.01 * rng.normal(size=(2, 3)))
    yield from parts("small weights, far from the best", result, names)


ACCURATE = "every angle within 1e-6 * angle + 1e-12"


def _tilted(rng: np.random.Generator, d: int, angles: list[float], mixed: bool = True) -> tuple[np.ndarray, np.ndarray]:
    """Make bases of two subspaces of `d` dimensions with these principal angles, each basis well-conditioned."""
    k = len(angles)
    axes = np.linalg.qr(rng.normal(size=(d, d)))[0]
    a, b, free = axes[:, :k], axes[:, :k].copy(), k
    for i, angle in enumerate(angles):
        if angle:
            b[:, i] = np.cos(angle) * a[:, i] + np.sin(angle) * axes[:, free]
            free += 1
    return (a @ _mix(rng, k), b @ _mix(rng, k)) if mixed else (a, b @ np.linalg.qr(rng.normal(size=(k, k)))[0])


def _mix(rng: np.random.Generator, k: int) -> np.ndarray:
    turns = [np.linalg.qr(rng.normal(size=(k, k)))[0] for _ in range(2)]
    return turns[0] * rng.uniform(0.5, 2.0, size=k) @ turns[1]


def angles_found(angles: Any, true: np.ndarray) -> str | Failed:
    """Say how near the angles that came are to the true ones."""
    if isinstance(angles, Failed):
        return angles
    if not isinstance(angles, np.ndarray) or angles.dtype.kind != "f" or angles.shape != true.shape:
        return "not an array of k angles"

    def within(some: np.ndarray, relative: float, absolute: float) -> bool:
        return bool(np.all(np.abs(some - true) <= relative * true + absolute))

    if within(angles, 1e-6, 1e-12):
        return ACCURATE
    if np.isnan(angles).any() or within(angles, 1e-6, 1e-6):
        return "rounding has spoiled an angle: it is nan, or not within 1e-6 * angle + 1e-12"
    return "the right angles, but not in ascending order" if within(np.sort(angles), 1e-6, 1e-12) else "wrong angles"


@exercise("principal_angles", needs=["principal_angles"], answered_by=["course.subspaces.principal_angles"])
def principal_angles(student: Any, rng: np.random.Generator) -> Outputs:
    def draw(*ranges: tuple[float, float]) -> list[float]:
        return [float(rng.uniform(low, high)) for low, high in ranges]

    a, b = _tilted(rng, 5, draw((0.2, 0.6), (0.8, 1.3)), mixed=False)
    yield Case("orthonormal bases of two planes", student.principal_angles(a, b), rtol=1e-6, atol=1e-12)
    for name, d, angles in (
        ("bases that are not orthonormal", 5, draw((0.2, 0.6), (0.8, 1.3))),
        ("three dimensions of eight", 8, draw((0.1, 0.3), (0.5, 0.7), (0.9, 1.3))),
    ):
        a, b = _tilted(rng, d, angles)
        yield Case(name, student.principal_angles(read_only(a), np.asfortranarray(b)), rtol=1e-6, atol=1e-12)
    a, b = _tilted(rng, 3, draw((0.3, 1.2)))
    b *= -np.sign(np.sum(a * b))
    yield Case("two lines, given by vectors that point apart", student.principal_angles(a, read_only(b)), rtol=1e-6, atol=1e-12)
    # No angle of these is 0 alone: whether arccos gives exactly 0 there, or 1e-8, differs from machine to machine.
    for name, d, angles in (
        ("tiny angles", 6, draw((1e-10, 9e-10), (1e-8, 9e-8))),
        ("a tiny angle and a large one", 5, draw((2e-10, 9e-10), (1.0, 1.4))),
        ("two shared directions and a tiny angle", 4, [0.0, 0.0, *draw((2e-10, 9e-10))]),
        ("one angle of 90 degrees", 5, [*draw((0.3, 0.9)), np.pi / 2]),
    ):
        a, b = _tilted(rng, d, angles)
        yield Case(name, angles_found(student.principal_angles(a, b), np.array(angles)), finding=True)


class _Loss:
    """A curved loss that takes arrays of one shape and remembers where it was asked."""

    def __init__(self, rng: np.random.Generator, shape: tuple[int, ...]) -> None:
        self.shape = shape
        self.asked: list[np.ndarray] = []
        self.misshapen = False
        self.weights = rng.uniform(1, 3, size=shape)
        self.__doc__ = "loss(p) = sum(c * sin(p) + p**3 / 2)"

    def __call__(self, point: Any) -> float:
        if np.shape(point) != self.shape:  # before anything is computed: what is broadcast may be huge
            self.misshapen = True
            raise ValueError(f"loss was given an array of shape {np.shape(point)}, and it takes shape {self.shape}")
        self.asked.append(np.array(point, dtype=np.float64))
        return float(np.sum(self.weights * np.sin(point) + 0.5 * np.asarray(point) ** 3))

    def where(self, values: Any, a: np.ndarray, b: np.ndarray, steps: int) -> str | Failed:
        """Say whether the loss was asked at the right points and at no others."""
        if self.misshapen:
            return "loss is called with an array that is not shaped like a"
        if not self.asked:
            return values if isinstance(values, Failed) else "loss is never called"
        asked = np.reshape(self.asked, (len(self.asked), 1, -1))
        wanted = np.reshape([a + t * (b - a) for t in np.linspace(0, 1, steps)], (1, steps, -1))
        near: np.ndarray = np.isclose(asked, wanted, rtol=1e-9, atol=1e-9).all(axis=2)
        if not near.any(axis=1).all():
            return "loss is called at a point that is not one of the steps points"
        return "loss is called at the steps points" if near.any(axis=0).all() else "loss is not called at all of the points"


@exercise("loss_along_line", needs=["loss_along_line"], answered_by=["course.curvature.loss_along_line", "course.curvature.loss_on_plane"])
def loss_along_line(student: Any, rng: np.random.Generator) -> Outputs:
    for name, shape, steps in (
        ("a vector, 5 points", (4,), 5),
        ("a matrix, 10 points", (2, 3), np.int64(10)),
        ("the two ends only", (3,), 2),
        ("a number, 7 points: shape ()", (), 7),
        ("three axes, a turned view, 3 points", (2, 3, 2), 3),
    ):
        a, b = (np.array(p) for p in rng.normal(size=(2, *shape)))
        if len(shape) == 3:
            a, b = a.transpose(2, 1, 0), np.asfortranarray(b.transpose(2, 1, 0))
        loss = _Loss(rng, a.shape)
        values = student.loss_along_line(loss, read_only(a), read_only(b), steps)
        yield name, values
        yield Case(f"{name}: where loss is called", loss.where(values, a, b, int(steps)), weight=0.5, finding=True)
