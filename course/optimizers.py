"""Optimizers: turn gradients into steps. A whole net is one vector to them, so a step takes a handful of operations."""

from collections.abc import Mapping, Sequence

import numpy as np

from course.generators import Rng, generator
from course.layers.base import Layer, as_float
from course.losses import is_bias, soft_threshold


class Optimizer:
    """What optimizers share: a learning rate, masks for pruned weights, a choice of what may move, weight decay.

    Parameters
    ----------
    lr : float
        Learning rate; may be changed between steps.
    weight_decay : float, optional
        Strength of the L2 penalty on weights; biases and the gamma and beta of a normalization are left alone.
    masks : dict of str to ndarray of bool, optional
        By parameter name; weights where the mask is False (or 0) are set to zero and stay there. May be changed between
        steps.
    only : sequence of str, or one str, optional
        Names, or beginnings of names such as ``"2."``, of the parameters that may move; all others are frozen.

    Raises
    ------
    ValueError
        If a number is out of range, a mask or name fits no parameter, or a mask holds more than True and False.
    """

    def __init__(self, lr: float, weight_decay: float = 0.0, masks: Mapping[str, np.ndarray] | None = None,
                 only: str | Sequence[str] | None = None) -> None:
        for name, value in (("lr", lr), ("weight_decay", weight_decay)):
            if not 0 <= value < np.inf:
                raise ValueError(f"{name} must be at least 0 and finite, got {value}")
        self.lr, self.weight_decay, self.masks = lr, weight_decay, masks
        self.only = (only,) if isinstance(only, str) else only
        self._net: Layer | None = None

    def step(self, net: Layer) -> None:
        """Change the net's parameters, in place, by one step along its present gradients."""
        params, grads = net.flatten()
        if net is not self._net or self._scratch.shape != params.shape:
            self._net = net
            self._prepare(net, params)
        if self._frozen is not None:
            before = params[self._frozen]
        self.update(params, grads)
        if self._frozen is not None:
            params[self._frozen] = before
        if self.masks:
            apply_masks(net, self.masks)

    def start(self, params: np.ndarray) -> None:
        """Make the state that is kept between steps, for a net new to this optimizer."""

    def update(self, params: np.ndarray, grads: np.ndarray) -> None:
        """Do the step on the vector of all parameters, in place."""
        raise NotImplementedError(f"{type(self).__name__} has no update")

    def _prepare(self, net: Layer, params: np.ndarray) -> None:
        """Lay out what is frozen and what decays along the vector of all parameters."""
        shapes = {name: value.shape for name, value in net.params.items()}
        for start in self.only or ():
            if not any(name.startswith(start) for name in shapes):
                raise ValueError(f"only must name parameters of the net ({', '.join(shapes)}), got {start!r}")

        def along(value_of: Mapping[str, np.ndarray]) -> np.ndarray:
            return np.concatenate([np.broadcast_to(value_of[name], shape).ravel() for name, shape in shapes.items()])

        self._decayed = along({name: params.dtype.type(not (is_bias(name) or name.endswith("gamma"))) for name in shapes})
        self._frozen = None if self.only is None else along(
            {name: np.asarray(not name.startswith(tuple(self.only))) for name in shapes})
        self._scratch = np.empty_like(params)
        self.start(params)


class SGD(Optimizer):
    """Stochastic gradient descent with momentum: ``v = momentum * v - lr * grad``, ``p = p + v`` (B. Polyak 1964).

    Parameters
    ----------
    lr, weight_decay, masks, only
        See `Optimizer`.
    momentum : float, optional
        In [0, 1).
    l1 : float, optional
        Strength of an L1 penalty on weights, by a proximal step after the other: it makes exact zeros. Momentum goes on
        with what both steps did together, so the strength means the same with and without it.
    """

    def __init__(self, lr: float, momentum: float = 0.0, weight_decay: float = 0.0,
                 masks: Mapping[str, np.ndarray] | None = None, *, l1: float = 0.0,
                 only: str | Sequence[str] | None = None) -> None:
        super().__init__(lr, weight_decay, masks, only)
        if not 0 <= momentum < 1:
            raise ValueError(f"momentum must be in [0, 1), got {momentum}")
        if not 0 <= l1 < np.inf:
            raise ValueError(f"l1 must be at least 0 and finite, got {l1}")
        self.momentum, self.l1 = momentum, l1

    def start(self, params: np.ndarray) -> None:  # noqa: D102
        self.velocity = np.zeros_like(params)

    def update(self, params: np.ndarray, grads: np.ndarray) -> None:  # noqa: D102
        step = self._scratch
        np.multiply(grads, self.lr, out=step)
        if self.weight_decay:
            step += self.lr * self.weight_decay * self._decayed * params
        self.velocity *= self.momentum
        self.velocity -= step
        params += self.velocity
        if self.l1:
            before = params.copy()
            params[:] = soft_threshold(params, self.lr * self.l1 * self._decayed)
            self.velocity += params - before  # the step that was really made, else momentum would weaken the penalty


class Adam(Optimizer):
    """Adam (D. Kingma and J. Ba 2014, arXiv 1412.6980), its weight decay apart from the gradient (AdamW).

    Parameters
    ----------
    lr, weight_decay, masks, only
        See `Optimizer`; the decay is that of I. Loshchilov and F. Hutter 2017, arXiv 1711.05101.
    beta1, beta2 : float, optional
        How long the mean gradient and the mean square are remembered, in [0, 1).
    eps : float, optional
    """

    def __init__(self, lr: float = 1e-3, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-8,
                 weight_decay: float = 0.0, masks: Mapping[str, np.ndarray] | None = None, *,
                 only: str | Sequence[str] | None = None) -> None:
        super().__init__(lr, weight_decay, masks, only)
        for name, value in (("beta1", beta1), ("beta2", beta2)):
            if not 0 <= value < 1:
                raise ValueError(f"{name} must be in [0, 1), got {value}")
        self.beta1, self.beta2, self.eps = beta1, beta2, eps

    def start(self, params: np.ndarray) -> None:  # noqa: D102
        self.steps, self.mean, self.mean_square = 0, np.zeros_like(params), np.zeros_like(params)

    def update(self, params: np.ndarray, grads: np.ndarray) -> None:  # noqa: D102
        self.steps += 1
        if self.weight_decay:
            params -= self.lr * self.weight_decay * self._decayed * params
        self.mean += (1 - self.beta1) * (grads - self.mean)
        self.mean_square += (1 - self.beta2) * (grads * grads - self.mean_square)
        denominator = np.sqrt(self.mean_square / (1 - self.beta2**self.steps), out=self._scratch)  # both start at zero,
        denominator += self.eps
        params -= self.lr / (1 - self.beta1**self.steps) * self.mean / denominator  # so both are too small at first


def apply_masks(net: Layer, masks: Mapping[str, np.ndarray]) -> None:
    """Set the net's weights to zero where the mask of their name is False, as an optimizer with masks does."""
    params = net.params
    checked = {}
    for name, given in masks.items():
        mask = np.asarray(given)
        if name not in params or params[name].shape != mask.shape:
            raise ValueError(f"masks must fit the net's parameters: {name!r} is "
                             f"{params[name].shape if name in params else 'none of them'}, its mask {mask.shape}")
        if mask.dtype != bool and not np.isin(mask, (0, 1)).all():
            raise ValueError(f"masks must be boolean, or 0 and 1; that of {name!r} holds {mask[~np.isin(mask, (0, 1))][0]}")
        checked[name] = mask.astype(bool, copy=False)
    for name, mask in checked.items():
        params[name][~mask] = 0


def magnitude_masks(weights: Mapping[str, np.ndarray] | Sequence[np.ndarray], sparsity: float
                    ) -> dict[str, np.ndarray] | list[np.ndarray]:
    """Return masks that drop the smallest weights (S. Han et al. 2015, arXiv 1506.02626).

    Parameters
    ----------
    weights : dict of str to ndarray, or sequence of ndarray
        With the names of a net's parameters, the masks fit `apply_masks` and optimizers.
    sparsity : float
        The share to drop, in [0, 1]; over all arrays together, by absolute value.

    Returns
    -------
    dict of str to ndarray of bool, or list of them
        Named and shaped like ``weights``; True stays, ``round(sparsity * n)`` entries are False.
    """
    if not 0 <= sparsity <= 1:
        raise ValueError(f"sparsity must be in [0, 1], got {sparsity}")
    arrays = [as_float(w, "weights") for w in (weights.values() if isinstance(weights, Mapping) else weights)]
    flat = np.concatenate([np.abs(w).ravel() for w in arrays])
    stays = np.ones(flat.size, dtype=bool)
    stays[np.argsort(flat, kind="stable")[: round(sparsity * flat.size)]] = False
    pieces = np.split(stays, np.cumsum([w.size for w in arrays])[:-1])
    masks = [piece.reshape(w.shape) for piece, w in zip(pieces, arrays, strict=True)]
    return dict(zip(weights, masks, strict=True)) if isinstance(weights, Mapping) else masks


def random_masks(masks: Mapping[str, np.ndarray] | Sequence[np.ndarray], rng: Rng
                 ) -> dict[str, np.ndarray] | list[np.ndarray]:
    """Return masks that keep as many entries of each array as the given ones, at places drawn at random.

    They are the control for what a mask's *places* are worth (J. Frankle and M. Carbin 2019, arXiv 1803.03635).

    Parameters
    ----------
    masks : dict of str to ndarray of bool, or sequence of ndarray of bool
    rng : int or numpy.random.Generator
        Seed, or the generator to draw from.

    Returns
    -------
    dict of str to ndarray of bool, or list of them
        Named and shaped like ``masks``.
    """
    rng = generator(rng)
    arrays = [np.asarray(mask) for mask in (masks.values() if isinstance(masks, Mapping) else masks)]
    drawn = [rng.permuted(mask.ravel()).reshape(mask.shape) for mask in arrays]
    return dict(zip(masks, drawn, strict=True)) if isinstance(masks, Mapping) else drawn
