"""Typical wrong answers of ``week3/02_backprop``."""

from typing import Any

import numpy as np

from autograder.misconceptions import edit, wrong

# --- dense_backward ---------------------------------------------------------------------------------------------------

edit("dense_backward", "averages_again",
     "You average over the batch once more. grad_out already carries the loss's 1/N, so each sample's share is only added up here.",
     "x.T @ grad_out", "x.T @ grad_out / len(x)", "grad_out.sum(axis=0)", "grad_out.mean(axis=0)")
edit("dense_backward", "averages_the_bias",
     "db is averaged over the batch, while dw is summed. The same bias is added to every sample, so its gradients add up.",
     "grad_out.sum(axis=0)", "grad_out.mean(axis=0)")
edit("dense_backward", "bias_summed_over_outputs",
     "db is summed over the wrong axis: over the outputs and not over the batch. There is one bias for each output, so M numbers remain.",
     "grad_out.sum(axis=0)", "grad_out.sum(axis=1)")
edit("dense_backward", "bias_not_summed",
     "db still has a row for each sample. The bias was broadcast over the batch in the forward pass; what was repeated is summed on the way back.",
     "grad_out.sum(axis=0)", "grad_out.copy()")
edit("dense_backward", "bias_keeps_the_axis",
     "db keeps an axis of length 1 for the batch. A gradient has the shape of what it belongs to, and b has shape (M,).",
     "grad_out.sum(axis=0)", "grad_out.sum(axis=0, keepdims=True)")
edit("dense_backward", "weights_not_transposed",
     "dx goes through w as it is. On the way back the M outputs are mapped to the D features, which is the transposed matrix; "
     "with D = M the shapes do not give it away.",
     "grad_out @ w.T", "grad_out @ w")
edit("dense_backward", "dw_transposed",
     "dw is transposed: it has shape (M, D). Its entry [i, j] belongs to w[i, j], which leads from feature i to output j.",
     "x.T @ grad_out", "grad_out.T @ x")
edit("dense_backward", "dx_transposed",
     "dx is transposed: it has shape (D, N). Samples are rows here, in x and so in dx.",
     "grad_out @ w.T", "w @ grad_out.T")
edit("dense_backward", "gradient_through_the_bias_only",
     "dx is the gradient at the output, spread over the features. It has to go back through the weights that x was multiplied by.",
     "grad_out @ w.T", "grad_out.sum(axis=1, keepdims=True) * np.ones_like(x)")

edit("dense_backward", "averages_all_three",
     "dx, dw and db are all divided by N. The loss has taken its mean already, and grad_out brings the 1/N along.",
     "grad_out @ w.T, x.T @ grad_out, grad_out.sum(axis=0)", "grad_out @ w.T / len(x), x.T @ grad_out / len(x), grad_out.mean(axis=0)")
edit("dense_backward", "weights_before_the_input",
     "The three gradients come in another order: dx first, then dw, then db.",
     "grad_out @ w.T, x.T @ grad_out, grad_out.sum(axis=0)", "x.T @ grad_out, grad_out @ w.T, grad_out.sum(axis=0)")
edit("dense_backward", "bias_before_the_input",
     "dx comes last. The gradients stand in the order of the forward pass's arguments: x, w, b.",
     "grad_out @ w.T, x.T @ grad_out, grad_out.sum(axis=0)", "x.T @ grad_out, grad_out.sum(axis=0), grad_out @ w.T")

@wrong("dense_backward",
       "The cache belongs to the last forward pass, wherever the backward pass comes from. Each call has to return a cache of its own, "
       "since a layer may be used several times before the gradients come back.", replaces="dense_forward")
def one_cache_for_all(x: Any, w: Any, b: Any, _last: list[Any] = [None, None]) -> Any:  # noqa: B006
    _last[:] = [x, w]
    return x @ w + b, _last


@wrong("dense_backward", "The forward pass leaves out the bias.", replaces="dense_forward")
def bias_forgotten(x: Any, w: Any, b: Any) -> Any:
    return x @ w, (x, w)


# --- relu_backward ----------------------------------------------------------------------------------------------------


@wrong("relu_backward", "At exactly 0 you let the gradient through. There the derivative is a convention, and in this course it is 0.")
def passes_at_the_kink(grad_out: Any, x: Any) -> Any:
    return grad_out * (x >= 0)


@wrong("relu_backward", "At exactly 0 you pass half of the gradient. There the derivative is a convention, and in this course it is 0.")
def half_at_the_kink(grad_out: Any, x: Any) -> Any:
    return grad_out * np.heaviside(x, 0.5)


@wrong("relu_backward",
       "The mask comes from grad_out. Whether a unit was switched on is seen in its input x; the gradient may have either sign.")
def mask_from_the_gradient(grad_out: Any, x: Any) -> Any:
    return np.maximum(grad_out, 0.0)


@wrong("relu_backward",
       "The gradient passes everywhere, also where the unit was off. An input below 0 has no influence on the output, so its gradient is 0.")
def no_mask(grad_out: Any, x: Any) -> Any:
    return grad_out.copy()


@wrong("relu_backward", "The mask is the wrong way round: you keep the gradient where the unit was off.")
def mask_upside_down(grad_out: Any, x: Any) -> Any:
    return grad_out * (x <= 0)


@wrong("relu_backward",
       "You return the derivative of ReLU alone. The chain rule multiplies it with the gradient that arrives from above, grad_out.")
def derivative_alone(grad_out: Any, x: Any) -> Any:
    return (x > 0).astype(np.float64)


@wrong("relu_backward", "This is ReLU itself, applied to x again. The backward pass needs its derivative, times grad_out.")
def forward_again(grad_out: Any, x: Any) -> Any:
    return np.maximum(x, 0.0)


@wrong("relu_backward", "The gradient is multiplied with the output of ReLU and not with its derivative, which is 0 or 1.")
def times_the_output(grad_out: Any, x: Any) -> Any:
    return grad_out * np.maximum(x, 0.0)


@wrong("relu_backward",
       "The values are right, but you write zeros into grad_out itself, and the caller may still need it. Build a new array.")
def overwrites_the_gradient(grad_out: Any, x: Any) -> Any:
    grad_out[x <= 0] = 0.0
    return grad_out


@wrong("relu_backward", "Small positive inputs count as 0 here. The kink is at exactly 0: compare without a margin.")
def margin_at_the_kink(grad_out: Any, x: Any) -> Any:
    return grad_out * (x > 1e-6)


@wrong("relu_backward",
       "grad_out and x have changed places: you return x where the gradient is above 0. The arguments come as (grad_out, x).")
def arguments_swapped(grad_out: Any, x: Any) -> Any:
    return x * (grad_out > 0)


# --- numerical_gradient -----------------------------------------------------------------------------------------------


def _differences(f: Any, x: Any, h: float, quotient: Any) -> np.ndarray:
    """Fill in the quotient of each entry: quotient(f at + h, f in the middle, f at - h)."""
    point = np.array(x, dtype=np.float64)
    grad = np.zeros_like(point)
    middle = f(point.copy())
    for index in np.ndindex(point.shape):
        values = []
        for step in (h, -h):
            moved = point.copy()
            moved[index] += step
            values.append(f(moved))
        grad[index] = quotient(values[0], middle, values[1])
    return grad


@wrong("numerical_gradient",
       "This is the one-sided difference, f(x + h) - f(x). Its error shrinks with h only; step to both sides, and it shrinks with h squared.")
def one_sided(f: Any, x: Any, h: float = 1e-5) -> Any:
    return _differences(f, x, h, lambda above, middle, below: (above - middle) / h)


@wrong("numerical_gradient",
       "Every entry is twice as large as it should be: the two points lie 2h apart, and you divide by h.")
def divides_by_h(f: Any, x: Any, h: float = 1e-5) -> Any:
    return _differences(f, x, h, lambda above, middle, below: (above - below) / h)


@wrong("numerical_gradient", "You return the difference of the two values. A slope is that difference divided by the distance of the points.")
def forgets_to_divide(f: Any, x: Any, h: float = 1e-5) -> Any:
    return _differences(f, x, h, lambda above, middle, below: above - below)


@wrong("numerical_gradient", "The sign is turned: subtract the value at the smaller argument from the value at the larger one.")
def below_minus_above(f: Any, x: Any, h: float = 1e-5) -> Any:
    return _differences(f, x, h, lambda above, middle, below: (below - above) / (2 * h))


@wrong("numerical_gradient",
       "With integer input the steps go wrong: an array of integers cuts the decimals off, so that x + h becomes x again and x - h becomes "
       "x - 1. Make a copy of floats before you step.")
def steps_among_integers(f: Any, x: Any, h: float = 1e-5) -> Any:
    point = np.array(x)
    grad = np.zeros(point.shape)
    for index in np.ndindex(point.shape):
        centre, values = point[index].copy(), []
        for step in (h, -h):
            point[index] = centre + step
            values.append(f(point))
        point[index] = centre
        grad[index] = (values[0] - values[1]) / (2 * h)
    return grad


@wrong("numerical_gradient",
       "With integer input your result is an array of integers too (zeros_like copies the dtype), and each slope loses its decimals. "
       "Make the result an array of floats.")
def integer_result(f: Any, x: Any, h: float = 1e-5) -> Any:
    return _differences(f, x, h, lambda above, middle, below: (above - below) / (2 * h)).astype(np.asarray(x).dtype)


@wrong("numerical_gradient",
       "An entry that was moved stays moved, so the later entries are measured at another point. Put it back before you go on.")
def does_not_move_back(f: Any, x: Any, h: float = 1e-5) -> Any:
    point = np.array(x, dtype=np.float64)
    grad = np.zeros_like(point)
    for index in np.ndindex(point.shape):
        point[index] += h
        above = f(point)
        point[index] -= 2 * h
        grad[index] = (above - f(point)) / (2 * h)
    return grad


@wrong("numerical_gradient",
       "You step inside the caller's own array. It may be read-only or hold integers, and it should be left as it was: step in a copy of floats.")
def steps_in_the_argument(f: Any, x: Any, h: float = 1e-5) -> Any:
    grad = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        centre, values = x[index].copy(), []
        for step in (h, -h):
            x[index] = centre + step
            values.append(f(x))
        x[index] = centre
        grad[index] = (values[0] - values[1]) / (2 * h)
    return grad


@wrong("numerical_gradient",
       "All entries move at once, so each result is the sum of all slopes. A partial derivative moves one entry and leaves the others.")
def moves_all_at_once(f: Any, x: Any, h: float = 1e-5) -> Any:
    x = np.asarray(x, dtype=np.float64)
    return np.full(x.shape, (f(x + h) - f(x - h)) / (2 * h))


@wrong("numerical_gradient",
       "Whole rows move at once. Where x has several axes, go through every entry by its full index.")
def moves_whole_rows(f: Any, x: Any, h: float = 1e-5) -> Any:
    point = np.array(x, dtype=np.float64)
    grad = np.zeros_like(point)
    for i in range(len(point)):
        values = []
        for step in (h, -h):
            moved = point.copy()
            moved[i] += step
            values.append(f(moved))
        grad[i] = (values[0] - values[1]) / (2 * h)
    return grad


@wrong("numerical_gradient",
       "Without brackets, / 2 * h divides by 2 and then multiplies by h, so the slopes come out tiny. The whole distance belongs below the fraction bar.")
def brackets_forgotten(f: Any, x: Any, h: float = 1e-5) -> Any:
    return _differences(f, x, h, lambda above, middle, below: (above - below) / 2 * h)


@wrong("numerical_gradient", "The slopes are right, but your step is always the same. Whoever passes another h wants that one to be used.")
def always_the_same_step(f: Any, x: Any, h: float = 1e-5) -> Any:
    return _differences(f, x, 1e-5, lambda above, middle, below: (above - below) / 2e-5)


# --- relative_error ---------------------------------------------------------------------------------------------------


def _ratios(a: Any, b: Any) -> np.ndarray:
    scale = np.maximum(np.abs(a), np.abs(b))
    return np.abs(a - b) / np.where(scale == 0, 1.0, scale)


@wrong("relative_error", "You take the mean over the entries. One wrong entry among many right ones would hide in it: take the largest.")
def mean_of_the_errors(a: Any, b: Any) -> Any:
    return float(np.mean(_ratios(a, b)))


@wrong("relative_error",
       "The difference keeps its sign, so an entry that is too small counts as less than no error. Take its absolute value first.")
def signed_difference(a: Any, b: Any) -> Any:
    scale = np.maximum(np.abs(a), np.abs(b))
    return float(np.max((a - b) / np.where(scale == 0, 1.0, scale)))


@wrong("relative_error",
       "This is the absolute error. Whether a difference of 1e-6 is small depends on how large the gradient is: divide by the size of the entries.")
def absolute_error(a: Any, b: Any) -> Any:
    return float(np.max(np.abs(a - b)))


@wrong("relative_error",
       "You divide by the size of one array only. Divide by the larger of the two, so that it does not matter which one comes first.")
def divides_by_the_first(a: Any, b: Any) -> Any:
    scale = np.where(a == 0, 1.0, np.abs(a))
    return float(np.max(np.abs(a - b) / scale))


@wrong("relative_error", "You divide by the sum of the two sizes, which makes the error about half as large. Here it is the larger of the two.")
def divides_by_the_sum(a: Any, b: Any) -> Any:
    scale = np.abs(a) + np.abs(b)
    return float(np.max(np.abs(a - b) / np.where(scale == 0, 1.0, scale)))


@wrong("relative_error",
       "A small constant in the denominator turns the relative error into an absolute one where gradients are tiny. "
       "Treat the case that both are 0 by itself and leave the denominator alone.")
def constant_in_the_denominator(a: Any, b: Any) -> Any:
    return float(np.max(np.abs(a - b) / (np.maximum(np.abs(a), np.abs(b)) + 1e-8)))


@wrong("relative_error", "Where both entries are 0 you divide 0 by 0 and get nan. They agree there, so their error is 0.")
def zero_over_zero(a: Any, b: Any) -> Any:
    with np.errstate(all="ignore"):
        return float(np.max(np.abs(a - b) / np.maximum(np.abs(a), np.abs(b))))


@wrong("relative_error",
       "You compare the lengths (norms) of whole arrays. A wrong small entry then hides behind large right ones: compare entry by entry.")
def ratio_of_norms(a: Any, b: Any) -> Any:
    return float(np.linalg.norm(a - b) / max(np.linalg.norm(a), np.linalg.norm(b)))


@wrong("relative_error",
       "The largest difference is divided by the largest entry of the whole array. Each difference has to be divided by the size of its own entry, "
       "and the largest ratio taken after that.")
def largest_by_largest(a: Any, b: Any) -> Any:
    return float(np.max(np.abs(a - b)) / max(np.max(np.abs(a)), np.max(np.abs(b))))


@wrong("relative_error", "The denominator is the larger of the two numbers and not of their sizes; with negative entries the error changes sign.")
def scale_with_a_sign(a: Any, b: Any) -> Any:
    scale = np.maximum(a, b)
    return float(np.max(np.abs(a - b) / np.where(scale == 0, 1.0, scale)))


@wrong("relative_error",
       "You divide by the smaller of the two sizes, which makes the error too large. Divide by the larger one.")
def divides_by_the_smaller(a: Any, b: Any) -> Any:
    scale = np.minimum(np.abs(a), np.abs(b))
    return float(np.max(np.abs(a - b) / np.where(scale == 0, 1.0, scale)))


@wrong("relative_error",
       "An entry that is 0 in the first array counts as right, whatever stands in the second. Only where both are 0 do they agree; else the error is 1.")
def zero_in_the_first_counts_as_right(a: Any, b: Any) -> Any:
    return float(np.max(np.where(a == 0, 0.0, _ratios(a, b))))


@wrong("relative_error",
       "An entry that is 0 in one of the arrays counts as right. A gradient of 0 where the other is not is as wrong as can be: only two zeros agree.")
def zero_in_either_counts_as_right(a: Any, b: Any) -> Any:
    return float(np.max(np.where((a == 0) | (b == 0), 0.0, _ratios(a, b))))


# --- directional_check ------------------------------------------------------------------------------------------------


def _check_along(direction: Any, f: Any, grad: Any, x: Any) -> float:
    h = 1e-5
    numeric = (f(x + h * direction) - f(x - h * direction)) / (2 * h)
    return _relative(numeric, np.sum(grad(x) * direction))


def _relative(numeric: Any, analytic: Any) -> float:
    scale = max(abs(numeric), abs(analytic))
    return float(abs(numeric - analytic) / scale) if scale > 0 else 0.0


@wrong("directional_check",
       "Your directions are drawn from a few numbers, such as +1 and -1. Where two entries of a direction are equal, a swap of these two goes unseen; "
       "draw from a continuous distribution.")
def plus_minus_one(f: Any, grad: Any, x: Any, rng: Any) -> Any:
    return _check_along(rng.choice([-1.0, 1.0], size=x.shape), f, grad, x)


@wrong("directional_check",
       "The direction is always the same. Errors that cancel along it are never seen: draw a new direction with rng each time.")
def always_ones(f: Any, grad: Any, x: Any, rng: Any) -> Any:
    return _check_along(np.ones(x.shape), f, grad, x)


@wrong("directional_check",
       "The direction points along one coordinate, so a call looks at one entry only. A random direction needs all entries, to test them all at once.")
def one_coordinate(f: Any, grad: Any, x: Any, rng: Any) -> Any:
    direction = np.zeros(x.shape)
    direction.flat[rng.integers(x.size)] = 1.0
    return _check_along(direction, f, grad, x)


@wrong("directional_check",
       "The direction does not come from the generator that you were given. Use rng for all randomness, so that a check can be repeated.")
def own_generator(f: Any, grad: Any, x: Any, rng: Any) -> Any:
    return _check_along(np.random.default_rng().normal(size=x.shape), f, grad, x)


@wrong("directional_check",
       "The slope is taken to one side only. Its error shrinks with h and not with h squared, so where f is curved the right gradient looks wrong: "
       "step to both sides.")
def one_sided_slope(f: Any, grad: Any, x: Any, rng: Any) -> Any:
    direction, h = rng.normal(size=x.shape), 1e-5
    return _relative((f(x + h * direction) - f(x)) / h, np.sum(grad(x) * direction))


@wrong("directional_check",
       "The difference of the two slopes keeps its sign, so half of all wrong gradients count as better than right. Take its absolute value.")
def signed_error(f: Any, grad: Any, x: Any, rng: Any) -> Any:
    direction, h = rng.normal(size=x.shape), 1e-5
    numeric = (f(x + h * direction) - f(x - h * direction)) / (2 * h)
    analytic = np.sum(grad(x) * direction)
    scale = max(abs(numeric), abs(analytic))
    return float((numeric - analytic) / scale) if scale > 0 else 0.0


@wrong("directional_check",
       "You return the absolute difference of the slopes. For a function with tiny slopes a wrong gradient then passes: divide by the larger slope.")
def absolute_difference(f: Any, grad: Any, x: Any, rng: Any) -> Any:
    direction, h = rng.normal(size=x.shape), 1e-5
    numeric = (f(x + h * direction) - f(x - h * direction)) / (2 * h)
    return float(abs(numeric - np.sum(grad(x) * direction)))


@wrong("directional_check",
       "A constant in the denominator makes this an absolute error where slopes are tiny, and a wrong gradient then passes. "
       "Treat the case that both slopes are 0 by itself.")
def padded_denominator(f: Any, grad: Any, x: Any, rng: Any) -> Any:
    direction, h = rng.normal(size=x.shape), 1e-5
    numeric = (f(x + h * direction) - f(x - h * direction)) / (2 * h)
    analytic = np.sum(grad(x) * direction)
    return float(abs(numeric - analytic) / (max(abs(numeric), abs(analytic)) + 1e-8))


@wrong("directional_check", "The numerical slope is twice too large: the two points lie 2h apart, and you divide by h.")
def slope_divided_by_h(f: Any, grad: Any, x: Any, rng: Any) -> Any:
    direction, h = rng.normal(size=x.shape), 1e-5
    return _relative((f(x + h * direction) - f(x - h * direction)) / h, np.sum(grad(x) * direction))


@wrong("directional_check",
       "The two slopes do not belong to the same direction, so even a right gradient looks wrong. The analytic one is the gradient times the very "
       "direction that you stepped along, summed over all entries; the length of the gradient is something else.")
def length_of_the_gradient(f: Any, grad: Any, x: Any, rng: Any) -> Any:
    direction, h = rng.normal(size=x.shape), 1e-5
    return _relative((f(x + h * direction) - f(x - h * direction)) / (2 * h), np.linalg.norm(grad(x)))


@wrong("directional_check", "Where both slopes are 0 you divide 0 by 0 and get nan. They agree, so the error is 0.")
def nan_for_two_zeros(f: Any, grad: Any, x: Any, rng: Any) -> Any:
    direction, h = rng.normal(size=x.shape), 1e-5
    numeric = (f(x + h * direction) - f(x - h * direction)) / (2 * h)
    analytic = np.sum(grad(x) * direction)
    with np.errstate(all="ignore"):
        return float(np.abs(numeric - analytic) / np.maximum(np.abs(numeric), np.abs(analytic)))


# --- max_pool2d_backward ----------------------------------------------------------------------------------------------


def _spread(grad_out: Any, size: int) -> np.ndarray:
    return np.repeat(np.repeat(grad_out, size, axis=2), size, axis=3)


def _winners(x: Any, size: int, best: Any = np.max) -> np.ndarray:
    n, c, h, w = x.shape
    windows = x.reshape(n, c, h // size, size, w // size, size)
    return (windows == best(windows, axis=(3, 5), keepdims=True)).reshape(x.shape)


@wrong("max_pool2d_backward",
       "Every entry of a window gets the gradient. Only the largest one had any influence on the output: the others get 0.")
def gradient_everywhere(grad_out: Any, x: Any, size: int) -> Any:
    return _spread(grad_out, size)


@wrong("max_pool2d_backward",
       "The gradient is shared evenly over the window, which is the backward pass of average pooling. Max pooling sends all of it to the largest entry.")
def shared_over_the_window(grad_out: Any, x: Any, size: int) -> Any:
    return _spread(grad_out, size) / size**2


@wrong("max_pool2d_backward", "The gradient always goes to the first entry of a window. It belongs where the maximum was found.")
def first_entry(grad_out: Any, x: Any, size: int) -> Any:
    dx = np.zeros(x.shape)
    dx[:, :, ::size, ::size] = grad_out
    return dx


@wrong("max_pool2d_backward", "The gradient goes to the smallest entry of each window and not to the largest.")
def smallest_entry(grad_out: Any, x: Any, size: int) -> Any:
    return _spread(grad_out, size) * _winners(x, size, np.min)


@wrong("max_pool2d_backward",
       "The gradient is multiplied with the maximum itself. The derivative of a maximum with respect to its largest entry is 1, whatever its value.")
def times_the_maximum(grad_out: Any, x: Any, size: int) -> Any:
    return _spread(grad_out, size) * _winners(x, size) * x


@wrong("max_pool2d_backward",
       "You return 1 where the maximum was found. The chain rule multiplies that with the gradient of the window, grad_out.")
def mask_alone(grad_out: Any, x: Any, size: int) -> Any:
    return _winners(x, size).astype(np.float64)


@wrong("max_pool2d_backward",
       "The windows are cut wrongly: a reshape to (..., H/size, W/size, size, size) takes neighbours from one row only. "
       "The axes inside a window have to stand right behind those that count the windows: H/size, size, W/size, size.")
def reshaped_across_rows(grad_out: Any, x: Any, size: int) -> Any:
    n, c, h, w = x.shape
    windows = x.reshape(n, c, h // size, w // size, size, size)
    return ((windows == windows.max(axis=(4, 5), keepdims=True)) * grad_out[..., None, None]).reshape(x.shape)


@wrong("max_pool2d_backward",
       "The gradients are laid side by side like tiles and repeat over the whole picture. Each one belongs to its own window: stretch them instead.")
def tiled(grad_out: Any, x: Any, size: int) -> Any:
    return np.tile(grad_out, (1, 1, size, size)) * _winners(x, size)


@wrong("max_pool2d_backward",
       "Zeros stand for \"not chosen\" here, so a maximum below 0 is never found. Compare with the maximum of the window itself.")
def maximum_with_zero(grad_out: Any, x: Any, size: int) -> Any:
    return _spread(grad_out, size) * _winners(x, size) * (x > 0)


@wrong("max_pool2d_backward",
       "One winner is chosen for all channels together. Each channel is pooled by itself and has its own maximum.")
def one_winner_for_all_channels(grad_out: Any, x: Any, size: int) -> Any:
    n, c, h, w = x.shape
    windows = x.reshape(n, c, h // size, size, w // size, size)
    best = windows.max(axis=(1, 3, 5), keepdims=True)
    return _spread(grad_out, size) * (windows == best).reshape(x.shape)


# --- conv2d_backward --------------------------------------------------------------------------------------------------


def _conv_gradients(grad_out: Any, x: Any, w: Any, add: bool = True) -> tuple[np.ndarray, np.ndarray]:
    k, (height, width) = w.shape[2], grad_out.shape[2:]
    dx, dw = np.zeros(x.shape), np.zeros(w.shape)
    for i in range(k):
        for j in range(k):
            dw[:, :, i, j] = np.einsum("nfhw,nchw->fc", grad_out, x[:, :, i : i + height, j : j + width])
            part = np.einsum("nfhw,fc->nchw", grad_out, w[:, :, i, j])
            before = dx[:, :, i : i + height, j : j + width] if add else 0.0
            dx[:, :, i : i + height, j : j + width] = before + part
    return dx, dw


@wrong("conv2d_backward",
       "Where windows overlap, dx keeps only what was written last. An input that several outputs looked at collects a gradient from each: add them up.")
def overwrites_where_windows_overlap(grad_out: Any, x: Any, w: Any) -> Any:
    return _conv_gradients(grad_out, x, w, add=False)


@wrong("conv2d_backward",
       "In dx each kernel is turned by 180 degrees against what it should be. Either slide the kernel as it is and add at the place it looked at, "
       "or correlate the padded gradient with the turned kernel.")
def dx_with_turned_kernels(grad_out: Any, x: Any, w: Any) -> Any:
    dx, _ = _conv_gradients(grad_out, x, w[:, :, ::-1, ::-1])
    return dx, _conv_gradients(grad_out, x, w)[1]


@wrong("conv2d_backward",
       "dw is turned by 180 degrees. The forward pass does not turn its kernels (it is a cross-correlation), so neither does their gradient.")
def dw_turned(grad_out: Any, x: Any, w: Any) -> Any:
    dx, dw = _conv_gradients(grad_out, x, w)
    return dx, dw[:, :, ::-1, ::-1].copy()


@wrong("conv2d_backward",
       "dw is averaged over the batch. grad_out already carries the loss's 1/N: sum over the samples.")
def dw_averaged(grad_out: Any, x: Any, w: Any) -> Any:
    dx, dw = _conv_gradients(grad_out, x, w)
    return dx, dw / len(x)


@wrong("conv2d_backward", "dw sees the first sample only. The kernels were used on every sample of the batch, so their gradient sums over it.")
def dw_of_the_first_sample(grad_out: Any, x: Any, w: Any) -> Any:
    return _conv_gradients(grad_out, x, w)[0], _conv_gradients(grad_out[:1], x[:1], w)[1]


@wrong("conv2d_backward",
       "dw has its channel axes swapped. Its shape is that of w: output channels F first, then input channels C.")
def dw_channels_swapped(grad_out: Any, x: Any, w: Any) -> Any:
    dx, dw = _conv_gradients(grad_out, x, w)
    return dx, dw.swapaxes(0, 1).copy()


@wrong("conv2d_backward",
       "Rows and columns of the kernel are swapped in dw: [i, j] counts rows first, as in the pictures.")
def dw_rows_and_columns_swapped(grad_out: Any, x: Any, w: Any) -> Any:
    dx, dw = _conv_gradients(grad_out, x, w)
    return dx, dw.swapaxes(2, 3).copy()


@wrong("conv2d_backward",
       "dx has the size of the output. Every pixel of x needs a gradient, those at the border too: it has the size of x, k - 1 larger each way.")
def dx_of_the_output_size(grad_out: Any, x: Any, w: Any) -> Any:
    dx, dw = _conv_gradients(grad_out, x, w)
    return dx[:, :, : grad_out.shape[2], : grad_out.shape[3]].copy(), dw


@wrong("conv2d_backward", "The two gradients come in the wrong order: dx first, then dw.")
def dw_before_dx(grad_out: Any, x: Any, w: Any) -> Any:
    return _conv_gradients(grad_out, x, w)[::-1]


@wrong("conv2d_backward",
       "Both dx and dw are divided by the number of samples. The loss's mean has done that already, and grad_out carries it.")
def both_averaged(grad_out: Any, x: Any, w: Any) -> Any:
    dx, dw = _conv_gradients(grad_out, x, w)
    return dx / len(x), dw / len(x)


@wrong("conv2d_backward",
       "dw keeps only what the last place of the last sample gave (= where += is needed). A kernel is used at every place, and its gradient adds them all up.")
def dw_overwritten(grad_out: Any, x: Any, w: Any) -> Any:
    k = w.shape[2]
    dx, _ = _conv_gradients(grad_out, x, w)
    return dx, grad_out[-1, :, -1, -1][:, None, None, None] * x[-1, :, -k:, -k:]


@wrong("conv2d_backward",
       "dw is a mean over the places. The same weight was used at each of them, so what comes back from each is added up.")
def dw_averaged_over_places(grad_out: Any, x: Any, w: Any) -> Any:
    dx, dw = _conv_gradients(grad_out, x, w)
    return dx, dw / (grad_out.shape[2] * grad_out.shape[3])


# --- unbroadcast ------------------------------------------------------------------------------------------------------


@wrong("unbroadcast",
       "You take the mean over the copies. Each copy passed its share on to the result, so their gradients are added up.")
def mean_over_the_copies(grad: Any, shape: Any) -> Any:
    extra = grad.ndim - len(shape)
    axes = tuple(i for i in range(grad.ndim) if i < extra or shape[i - extra] == 1)
    return grad.mean(axis=axes, keepdims=True).reshape(shape)


@wrong("unbroadcast",
       "You pick one of the copies. Each of them passed its share on to the result, so their gradients are added up.")
def picks_one_copy(grad: Any, shape: Any) -> Any:
    extra = grad.ndim - len(shape)
    index = tuple(slice(0, 1) if i < extra or shape[i - extra] == 1 else slice(None) for i in range(grad.ndim))
    return grad[index].reshape(shape).copy()


@wrong("unbroadcast",
       "The axes that broadcasting put in front are summed but kept with length 1. The result needs exactly the shape that was asked for.")
def keeps_the_axes_in_front(grad: Any, shape: Any) -> Any:
    extra = grad.ndim - len(shape)
    axes = tuple(i for i in range(grad.ndim) if i < extra or shape[i - extra] == 1)
    return grad.sum(axis=axes, keepdims=True)


@wrong("unbroadcast",
       "Extra axes are summed at the end. Broadcasting lines shapes up from the right and puts new axes in front, so those in front go.")
def sums_the_last_axes(grad: Any, shape: Any) -> Any:
    while grad.ndim > len(shape):
        grad = grad.sum(axis=-1)
    axes = tuple(i for i, n in enumerate(shape) if n == 1)
    return np.array(grad.sum(axis=axes, keepdims=True))


@wrong("unbroadcast",
       "Axes of length 1 are forgotten: broadcasting stretches those too. Where the wanted shape has a 1, sum over that axis and keep it.")
def forgets_axes_of_length_one(grad: Any, shape: Any) -> Any:
    return np.array(grad.sum(axis=tuple(range(grad.ndim - len(shape)))))


@wrong("unbroadcast",
       "Only axes of length 1 are treated. Broadcasting also puts whole axes in front, and those are summed away.")
def forgets_axes_in_front(grad: Any, shape: Any) -> Any:
    extra = grad.ndim - len(shape)
    return np.array(grad.sum(axis=tuple(i + extra for i, n in enumerate(shape) if n == 1), keepdims=True))


@wrong("unbroadcast",
       "At most one axis in front is summed away. Several may have been put there: go on until the number of axes fits.")
def one_axis_in_front_only(grad: Any, shape: Any) -> Any:
    if grad.ndim > len(shape):
        grad = grad.sum(axis=0)
    return np.array(grad.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True))


@wrong("unbroadcast",
       "Where nothing was repeated you hand back grad itself. Return a new array: two tensors would otherwise share one gradient.")
def hands_back_the_argument(grad: Any, shape: Any) -> Any:
    if grad.shape == shape:
        return grad
    extra = grad.ndim - len(shape)
    axes = tuple(i for i in range(grad.ndim) if i < extra or shape[i - extra] == 1)
    return grad.sum(axis=axes, keepdims=True).reshape(shape)


@wrong("unbroadcast",
       "The sums go over axes where the wanted shape is not 1. It is the other way round: an axis of length 1 is the one that was stretched.")
def sums_the_axes_that_stay(grad: Any, shape: Any) -> Any:
    extra = grad.ndim - len(shape)
    axes = tuple(i for i in range(grad.ndim) if i >= extra and shape[i - extra] != 1)
    return np.array(grad.sum(axis=axes, keepdims=True))


# --- topological_order ------------------------------------------------------------------------------------------------


def _reachable(root: int, parents: Any) -> list[int]:
    seen, waiting = [root], [root]
    known = {root}
    while waiting:
        for parent in parents[waiting.pop()]:
            if parent not in known:
                known.add(parent)
                seen.append(parent)
                waiting.append(parent)
    return seen


def _order(root: int, parents: Any) -> list[int]:
    order: list[int] = []
    seen, stack = set(), [(root, False)]
    while stack:
        node, done = stack.pop()
        if done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((p, False) for p in parents[node])
    return order


@wrong("topological_order",
       "The order is upside down: the root comes first. Here it comes last, each id after what it is computed from.")
def root_first(root: int, parents: Any) -> Any:
    return _order(root, parents)[::-1]


@wrong("topological_order",
       "Ids are placed level by level from the root. Where a short and a long way lead to the same id that is too late for the long one: "
       "an id may be placed only when all its parents are.")
def level_by_level(root: int, parents: Any) -> Any:
    order, seen = [root], {root}
    for node in order:
        for parent in parents[node]:
            if parent not in seen:
                seen.add(parent)
                order.append(parent)
    return order[::-1]


@wrong("topological_order",
       "An id is placed when it is first seen, before its parents are done, and turning the list round at the end does not repair that. "
       "Place it when all its parents have been placed.")
def placed_when_first_seen(root: int, parents: Any) -> Any:
    order: list[int] = []
    seen, stack = set(), [root]
    while stack:
        node = stack.pop()
        if node not in seen:
            seen.add(node)
            order.append(node)
            stack.extend(reversed(parents[node]))
    return order[::-1]


@wrong("topological_order",
       "An id is placed once for each id that uses it. Remember which ones are placed already; otherwise a value that is used twice comes twice.")
def placed_once_a_use(root: int, parents: Any) -> Any:
    order = []
    for node in _order(root, parents):
        order += [p for p in parents[node]]
    return [*order, root]


@wrong("topological_order",
       "All ids of the graph are in the list. Only those that the root is computed from belong there.")
def ids_out_of_reach(root: int, parents: Any) -> Any:
    reached = _order(root, parents)
    placed = set(reached)
    return [node for node in parents if node not in placed] + reached


@wrong("topological_order",
       "Your function calls itself once for each link, and Python stops that at a depth of about 1,000. "
       "A deep network is such a chain: keep your own list of what is still to be done.")
def calls_itself(root: int, parents: Any) -> Any:
    order: list[int] = []
    seen: set[int] = set()

    def visit(node: int) -> None:
        if node not in seen:
            seen.add(node)
            for parent in parents[node]:
                visit(parent)
            order.append(node)

    visit(root)
    return order


@wrong("topological_order",
       "The ids are sorted by their numbers. A number says nothing about what an id is computed from: follow the parents.")
def sorted_by_number(root: int, parents: Any) -> Any:
    return sorted(_reachable(root, parents))


@wrong("topological_order", "The root itself is missing. It belongs at the end of the list.")
def root_forgotten(root: int, parents: Any) -> Any:
    return _order(root, parents)[:-1]


@wrong("topological_order", "Only the first parent of each id is followed. Follow all of them.")
def first_parent_only(root: int, parents: Any) -> Any:
    order = [root]
    while parents[order[-1]]:
        order.append(parents[order[-1]][0])
    return order[::-1]


@wrong("topological_order",
       "You count each id once for each id that uses it, and take one off for each time that it is named. With a parent named twice (a * a) "
       "the count is at 0 too early: count and take off the same things.")
def counted_once_taken_off_twice(root: int, parents: Any) -> Any:
    users = dict.fromkeys(_reachable(root, parents), 0)
    for node in users:
        for parent in set(parents[node]):
            users[parent] += 1
    order, ready = [], [root]
    while ready:
        node = ready.pop()
        order.append(node)
        for parent in parents[node]:
            users[parent] -= 1
            if users[parent] == 0:
                ready.append(parent)
    return order[::-1]


@wrong("topological_order",
       "An id is marked as seen when it is put on the stack, and so it keeps the place at which it was first named. A longer way that needs it earlier "
       "then finds it marked: mark it when it is taken off.")
def marked_when_put_on_the_stack(root: int, parents: Any) -> Any:
    order: list[int] = []
    seen, stack = {root}, [(root, False)]
    while stack:
        node, done = stack.pop()
        if done:
            order.append(node)
            continue
        stack.append((node, True))
        for parent in parents[node]:
            if parent not in seen:
                seen.add(parent)
                stack.append((parent, False))
    return order


@wrong("topological_order",
       "This is the order in which a depth-first search enters the ids, turned round. What counts is when it leaves them: an id is left after all its parents are.")
def order_of_entering(root: int, parents: Any) -> Any:
    order: list[int] = []
    seen, stack = set(), [root]
    while stack:
        node = stack.pop()
        if node not in seen:
            seen.add(node)
            order.append(node)
            stack.extend(parents[node])
    return order[::-1]


# --- tensor -----------------------------------------------------------------------------------------------------------

edit("tensor", "overwrites_the_gradient",
     "The gradient that arrives last overwrites the earlier ones (= where += is needed). A value that is used twice collects a gradient from each use.",
     "grads.get(id(parent), 0.0) + parent_grad", "parent_grad")
edit("tensor", "backward_not_in_order",
     "The backward pass goes through a tensor before all gradients have arrived at it. Go through the topological order from its end, "
     "so that everything that uses a tensor comes first.",
     "reversed(order)", "list(nodes)")
edit("tensor", "starts_afresh",
     "Each call of backward() replaces the old gradient. It should be added, so that calling it k times gives k times the gradient.",
     "node.grad = node.grad + grad", "node.grad = grad")
edit("tensor", "passes_on_old_gradients",
     "A second backward() passes the first one's gradients on once more, because tensors in between still hold them. "
     "Keep the gradients of one pass apart from those that add up over several.",
     "node.pull_back(grad)", "node.pull_back(node.grad)")
edit("tensor", "only_the_root_starts_anew",
     "backward() sets the root's gradient to ones and reads the others from grad, where those in between still hold what the call before left. "
     "The first call is right, and from the second on old gradients go round again.",
     "grads = {id(self): np.ones_like(self.data)}", "self.grad = np.ones_like(self.data)",
     "node, grad = nodes[key], grads[key]\n            node.grad = node.grad + grad\n", "node = nodes[key]\n",
     "node.pull_back(grad)", "node.pull_back(node.grad)",
     "grads[id(parent)] = grads.get(id(parent), 0.0) + parent_grad", "parent.grad = parent.grad + parent_grad")
edit("tensor", "power_keeps_its_exponent",
     "The derivative of a power lowers the exponent by one: x ** 3 has the slope 3 * x ** 2.",
     "self.data ** (exponent - 1)", "self.data ** exponent")
edit("tensor", "power_without_factor",
     "The derivative of a power has the exponent as a factor: x ** 3 has the slope 3 * x ** 2.",
     "g * exponent *", "g *")
edit("tensor", "exponent_is_a_constant",
     "An exponent that is a tensor gets no gradient. a ** b depends on b as well, with the derivative a ** b * log(a).",
     "(self.log() * exponent).exp()", "self ** exponent.data")
edit("tensor", "log_pulled_through_log",
     "The derivative of the logarithm is 1 / x, and not the logarithm once more.",
     "g / self.data", "g * np.log(self.data)")
edit("tensor", "exp_passes_everything",
     "The gradient passes exp() unchanged. The derivative of exp is exp itself, so multiply by the value that you computed.",
     "g * value", "g * 1.0")
edit("tensor", "mean_without_the_count",
     "mean() is the sum here: the division by the number of entries is missing. Dividing also divides the gradient.",
     "total.data.size / self.data.size", "1.0")
edit("tensor", "passes_at_the_kink",
     "relu() lets the gradient through where its input is exactly 0. There the derivative is 0 by convention in this course.",
     "self.data > 0", "self.data >= 0")
edit("tensor", "number_divided_by_tensor",
     "A number on the left of / is divided the wrong way round: 2 / a is not a / 2.",
     "as_tensor(other) * self ** -1.0", "self * as_tensor(other) ** -1.0")
edit("tensor", "matmul_not_transposed",
     "In a @ b the gradient of a goes through b as it is; it goes back through b transposed. Square matrices hide it: their shapes fit either way.",
     "g @ other.data.T", "g @ other.data")
edit("tensor", "sum_not_spread_back",
     "After a sum over an axis the gradient has lost that axis, and is spread along the wrong one. Put an axis of length 1 back before you spread it.",
     "np.expand_dims(g, axis)", "g")
edit("tensor", "numpy_takes_the_left",
     "With an array on the left numpy takes the operation apart, entry by entry, and never asks the tensor. "
     "Keep the line with __array_ufunc__ = None in the class: it tells numpy to leave the operation to you.",
     "__array_ufunc__ = None", "marker = None")

edit("tensor", "factors_swapped",
     "In a product each factor gets its own value as its slope. It is the other way round: the slope towards a is b, and that towards b is a.",
     "unbroadcast(g * other.data, self.data.shape), unbroadcast(g * self.data, other.data.shape)",
     "unbroadcast(g * self.data, self.data.shape), unbroadcast(g * other.data, other.data.shape)")
edit("tensor", "product_not_unbroadcast",
     "In * the gradients keep the shape of the product. What was repeated there has to be summed on the way back too, as the addition that is given does it.",
     "unbroadcast(g * other.data, self.data.shape), unbroadcast(g * self.data, other.data.shape)",
     "g * other.data, g * self.data")
edit("tensor", "exp_forgets_what_arrives",
     "exp() hands on its own slope alone. Each pull_back multiplies the slope by g, the gradient that arrives.",
     "g * value", "value.copy()")
edit("tensor", "log_forgets_what_arrives",
     "log() hands on 1 / x alone. The gradient g that arrives has to be multiplied by it.",
     "g / self.data", "1 / self.data")
edit("tensor", "leaves_get_nothing",
     "Tensors that were not computed from others get no gradient, and they are the ones that need it: add to grad before you ask for a pull_back.",
     "            node.grad = node.grad + grad\n            if node.pull_back is not None:\n",
     "            if node.pull_back is not None:\n                node.grad = node.grad + grad\n")
edit("tensor", "mean_forgets_keepdims",
     "mean() drops the axis even with keepdims=True. Pass keepdims on to the sum.",
     "self.sum(axis=axis, keepdims=keepdims)", "self.sum(axis=axis)")

@wrong("tensor",
       "Gradients keep the shape of the result where an operand was broadcast. What broadcasting repeated is summed on the way back (unbroadcast).",
       replaces="unbroadcast")
def no_unbroadcast(grad: Any, shape: Any) -> Any:
    return np.array(grad)


# --- sgd_momentum_step ------------------------------------------------------------------------------------------------


@wrong("sgd_momentum_step",
       "The step goes uphill: the gradient enters the velocity with a plus. Subtract it, since the loss should fall.")
def uphill(params: Any, grads: Any, velocity: Any, lr: float, momentum: float) -> Any:
    velocity = [momentum * v + lr * g for v, g in zip(velocity, grads, strict=True)]
    return [p + v for p, v in zip(params, velocity, strict=True)], velocity


@wrong("sgd_momentum_step",
       "Your velocity points the other way: it gathers gradients with a plus and is taken off at the end. Here it points along the step, "
       "both the one that comes in and the one that you hand back.")
def velocity_the_other_way(params: Any, grads: Any, velocity: Any, lr: float, momentum: float) -> Any:
    velocity = [momentum * v + lr * g for v, g in zip(velocity, grads, strict=True)]
    return [p - v for p, v in zip(params, velocity, strict=True)], velocity


@wrong("sgd_momentum_step",
       "The learning rate is applied to the whole velocity. In the formula here it scales the gradient only, when that enters the velocity.")
def rate_on_the_velocity(params: Any, grads: Any, velocity: Any, lr: float, momentum: float) -> Any:
    velocity = [momentum * v - g for v, g in zip(velocity, grads, strict=True)]
    return [p + lr * v for p, v in zip(params, velocity, strict=True)], velocity


@wrong("sgd_momentum_step",
       "The gradient is damped by 1 - momentum, as in a moving average. Here it enters in full, times the learning rate.")
def moving_average(params: Any, grads: Any, velocity: Any, lr: float, momentum: float) -> Any:
    velocity = [momentum * v - (1 - momentum) * lr * g for v, g in zip(velocity, grads, strict=True)]
    return [p + v for p, v in zip(params, velocity, strict=True)], velocity


@wrong("sgd_momentum_step", "This is Nesterov's step, which looks ahead once more. Here the parameters move by the new velocity itself.")
def nesterov(params: Any, grads: Any, velocity: Any, lr: float, momentum: float) -> Any:
    velocity = [momentum * v - lr * g for v, g in zip(velocity, grads, strict=True)]
    return [p + momentum * v - lr * g for p, v, g in zip(params, velocity, grads, strict=True)], velocity


@wrong("sgd_momentum_step", "The parameters move by the old velocity. Update the velocity first and move by the new one.")
def moves_by_the_old_velocity(params: Any, grads: Any, velocity: Any, lr: float, momentum: float) -> Any:
    moved = [p + v for p, v in zip(params, velocity, strict=True)]
    return moved, [momentum * v - lr * g for v, g in zip(velocity, grads, strict=True)]


@wrong("sgd_momentum_step", "The two lists come in the wrong order: params first, then velocity.")
def velocity_before_params(params: Any, grads: Any, velocity: Any, lr: float, momentum: float) -> Any:
    velocity = [momentum * v - lr * g for v, g in zip(velocity, grads, strict=True)]
    return velocity, [p + v for p, v in zip(params, velocity, strict=True)]


@wrong("sgd_momentum_step", "The old velocity is left out: this is plain gradient descent. Keep the share of it that momentum says.")
def no_momentum(params: Any, grads: Any, velocity: Any, lr: float, momentum: float) -> Any:
    velocity = [-lr * g for g in grads]
    return [p + v for p, v in zip(params, velocity, strict=True)], velocity


@wrong("sgd_momentum_step",
       "The parameters move by the new velocity, but the old one is returned, so that the next step forgets this one.")
def returns_the_old_velocity(params: Any, grads: Any, velocity: Any, lr: float, momentum: float) -> Any:
    new = [momentum * v - lr * g for v, g in zip(velocity, grads, strict=True)]
    return [p + v for p, v in zip(params, new, strict=True)], [v.copy() for v in velocity]


@wrong("sgd_momentum_step",
       "Your step changes the caller's arrays (+= and *= work in place). Build new arrays and leave the arguments as they were.")
def in_place(params: Any, grads: Any, velocity: Any, lr: float, momentum: float) -> Any:
    for p, g, v in zip(params, grads, velocity, strict=True):
        v *= momentum
        v -= lr * g
        p += v
    return params, velocity


@wrong("sgd_momentum_step",
       "You put the new arrays into the caller's own lists. Build new lists and leave those that you were given as they were.")
def same_lists(params: Any, grads: Any, velocity: Any, lr: float, momentum: float) -> Any:
    for i, g in enumerate(grads):
        velocity[i] = momentum * velocity[i] - lr * g
        params[i] = params[i] + velocity[i]
    return params, velocity


@wrong("sgd_momentum_step",
       "This is PyTorch's form, in which the velocity gathers gradients and lr comes in at the end, with a minus. The parameters may agree for a while; "
       "the velocity that you hand back is another one than asked for here.")
def form_of_pytorch(params: Any, grads: Any, velocity: Any, lr: float, momentum: float) -> Any:
    velocity = [momentum * v + g for v, g in zip(velocity, grads, strict=True)]
    return [p - lr * v for p, v in zip(params, velocity, strict=True)], velocity


# --- train_digits -----------------------------------------------------------------------------------------------------

edit("train_digits", "never_shifted",
     "Your net has learned from pictures that sit where they always sit, and a shift by one pixel confuses it. Train on shifted copies as well.",
     "rng.integers(0, 3, size=2)", "(1, 1)")
edit("train_digits", "shifted_one_way_only",
     "Your net knows some of the shifts, it seems: perhaps those to the sides, and not up and down. There are nine places, the slanting ones among them; show it all.",
     "rng.integers(0, 3, size=2)", "(1, rng.integers(0, 3))")
edit("train_digits", "steps_too_large",
     "Your net gives every picture the same label, as it does when the loss has become nan. Divide the pixels by 16, begin with small weights, and take smaller steps; if it is a number, look whether "
     "the labels still belong to the pictures.",
     "lr = 0.2", "lr = 50.0")
edit("train_digits", "predict_scales_otherwise",
     "The pictures are scaled in training and not in predict (or the other way round), so the net meets numbers that it has never seen. "
     "Prepare them the same way in both.",
     "pictures / 16", "pictures")
edit("train_digits", "labels_apart_from_pictures",
     "The net does no better than guessing. Look whether pictures and labels are still in the same order after shuffling, whether the pixels are divided by 16, "
     "whether the loss falls, and whether predict uses what was trained.",
     "padded = np.pad(", "labels = rng.permutation(labels)\n    padded = np.pad(")
edit("train_digits", "returns_scores",
     "predict returns the scores of all ten classes. It should return one label a picture: the class with the highest score.",
     "np.argmax(hidden @ w2 + b2, axis=1)", "hidden @ w2 + b2", "steps = 64, 96, 10, 900", "steps = 64, 96, 10, 9")
edit("train_digits", "labels_as_floats",
     "predict returns floats. Labels are class numbers: return integers.",
     "np.argmax(hidden @ w2 + b2, axis=1)", "np.argmax(hidden @ w2 + b2, axis=1) * 1.0", "steps = 64, 96, 10, 900", "steps = 64, 96, 10, 9")
edit("train_digits", "best_picture_of_a_class",
     "predict returns ten numbers, whatever it is asked: the highest score is looked for among the pictures. "
     "Look for it among the classes, so that each picture gets one label.",
     "axis=1)\n\n    return predict", "axis=0)\n\n    return predict", "steps = 64, 96, 10, 900", "steps = 64, 96, 10, 9")
