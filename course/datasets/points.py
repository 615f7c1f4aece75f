"""Points in the plane and on a curve: data that can be drawn."""

from collections.abc import Sequence

import numpy as np

from course.datasets._arguments import number, whole
from course.generators import Rng, generator


def make_moons(n: int, noise: float = 0.15, rng: Rng = 0) -> tuple[np.ndarray, np.ndarray]:
    """Draw two half circles that reach into one another; no straight line parts them.

    Parameters
    ----------
    n, noise, rng
        Number of points, standard deviation of what is added to each coordinate (the radius is 1), seed or generator.

    Returns
    -------
    x, labels : ndarray of float64, shape (n, 2), and of int64, shape (n,)
        0 is the upper moon, 1 the lower one.
    """
    n, noise, rng = whole("n", n, 2), number("noise", noise, 0), generator(rng)
    labels = rng.permutation(np.arange(n) % 2)
    angle = np.pi * rng.uniform(size=n)
    upper = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    x = np.where(labels[:, None] == 0, upper, [1.0, 0.5] - upper)
    return x + noise * rng.normal(size=x.shape), labels


def make_spirals(n: int, arms: int = 2, turns: float = 1.0, noise: float = 0.03,
                 rng: Rng = 0) -> tuple[np.ndarray, np.ndarray]:
    """Draw spirals that wind around the origin, one class an arm.

    Parameters
    ----------
    n, noise, rng
        Number of points, standard deviation of what is added to each coordinate, seed or generator.
    arms, turns
        Number of arms, at least 2; how often each winds around the origin from radius 0.1 to radius 1.

    Returns
    -------
    x, labels : ndarray of float64, shape (n, 2), and of int64, shape (n,)
    """
    arms = whole("arms", arms, 2)
    n, turns, noise, rng = whole("n", n, arms), number("turns", turns, 0), number("noise", noise, 0), generator(rng)
    labels = rng.permutation(np.arange(n) % arms)
    along = rng.uniform(size=n)
    angle, radius = 2 * np.pi * (turns * along + labels / arms), 0.1 + 0.9 * along
    x = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return x + noise * rng.normal(size=x.shape), labels


def make_xor(n: int = 4, noise: float = 0.0, rng: Rng = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return the corners of the square, labelled with XOR; with noise, a cloud around each corner.

    Parameters
    ----------
    n, noise, rng
        Number of points (4 are the corners in the order of the truth table; they take turns), standard deviation of
        what is added to each coordinate (the side is 1), seed or generator.

    Returns
    -------
    x, labels : ndarray of float64, shape (n, 2), and of int64, shape (n,)
        1 where exactly one coordinate of the corner is 1.

    References
    ----------
    M. Minsky and S. Papert (1969), Perceptrons, MIT Press.
    """
    n, noise, rng = whole("n", n, 4), number("noise", noise, 0), generator(rng)
    first, second = np.divmod(np.arange(n) % 4, 2)
    x = np.stack([first, second], axis=1).astype(np.float64)
    return x + noise * rng.normal(size=x.shape), first ^ second


def make_blobs(n: int, classes: int = 3, features: int = 2, spread: float = 1.0,
               rng: Rng = 0) -> tuple[np.ndarray, np.ndarray]:
    """Draw round normal clouds, one class each; their centres are drawn too, uniformly from -5 to 5.

    Parameters
    ----------
    n, classes, features, rng
        Number of points, of clouds and of coordinates; seed or generator.
    spread : float
        Standard deviation of a cloud in every direction.

    Returns
    -------
    x, labels : ndarray of float64, shape (n, features), and of int64, shape (n,)
    """
    classes, features = whole("classes", classes, 1), whole("features", features, 1)
    n, spread, rng = whole("n", n, classes), number("spread", spread, 0), generator(rng)
    centres = rng.uniform(-5, 5, size=(classes, features))
    labels = rng.permutation(np.arange(n) % classes)
    return centres[labels] + spread * rng.normal(size=(n, features)), labels


def make_polynomial(n: int, coefficients: Sequence[float] = (0.0, 10.4, -31.2, 20.8), noise: float = 0.25,
                    rng: Rng = 0) -> tuple[np.ndarray, np.ndarray]:
    """Draw points on a polynomial over 0 to 1, with noise: what a fit of too high an order makes too much of.

    Parameters
    ----------
    n, noise, rng
        Number of points, standard deviation of what is added to the curve, seed or generator.
    coefficients : sequence of float
        ``c[0] + c[1] x + c[2] x**2 + ...``; as given, a cubic that swings once up and once down by 1, as the sine
        of Bishop's figure does.

    Returns
    -------
    x, y : ndarray of float64, shape (n,)
        x is evenly spaced from 0 to 1.

    References
    ----------
    C. M. Bishop (2006), Pattern Recognition and Machine Learning, section 1.1.
    """
    n, noise, rng = whole("n", n, 1), number("noise", noise, 0), generator(rng)
    c = np.asarray(coefficients, dtype=np.float64)
    if c.ndim != 1 or c.size == 0 or not np.all(np.isfinite(c)):
        raise ValueError(f"coefficients must be a sequence of finite numbers, got {coefficients!r}")
    x = np.linspace(0, 1, n)
    return x, np.polynomial.polynomial.polyval(x, c) + noise * rng.normal(size=n)
