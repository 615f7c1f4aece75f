"""Typical wrong answers of ``week1/02_parameters_and_compression``."""

from typing import Any

import numpy as np

from autograder.misconceptions import edit, wrong

# --- conv_parameters --------------------------------------------------------------------------------------------------

edit("conv_parameters", "square_forgotten",
     "A kernel has k weights along each of two sides, so k squared for each channel that it sees, and you count k. "
     "Kernels of 1 x 1 do not show the difference.",
     "kernel_size**2", "kernel_size")
edit("conv_parameters", "groups_ignored",
     "The groups make no difference in your count. In g groups a kernel sees only the channels of its own group, in_channels / g of them.",
     "(in_channels // groups)", "in_channels")
edit("conv_parameters", "one_group_only",
     "You count one group and there are several. Each group has out_channels / g kernels, and g such groups together have out_channels again.",
     "weights = out_channels", "weights = out_channels // groups")
edit("conv_parameters", "groups_multiply",
     "More groups make your count larger. They cut connections: a kernel in a group sees fewer channels, so there are fewer weights.",
     "(in_channels // groups)", "in_channels * groups")
edit("conv_parameters", "bias_lost",
     "The biases are missing. With bias=True each output channel has one.",
     "return weights + out_channels if bias else weights", "return weights")
edit("conv_parameters", "bias_always",
     "You count the biases even where bias=False says that there are none.",
     "return weights + out_channels if bias else weights", "return weights + out_channels")
edit("conv_parameters", "one_bias_for_all",
     "You count one bias for the whole layer. Each output channel has its own.",
     "weights + out_channels if", "weights + 1 if")
edit("conv_parameters", "bias_for_each_input",
     "You count a bias for each input channel. A bias is added to an output, so there is one for each output channel.",
     "weights + out_channels if", "weights + in_channels if")
edit("conv_parameters", "bias_for_each_plane",
     "You count a bias for each pair of an input and an output channel. A kernel adds up all its channels first, and one bias is added to the sum.",
     "weights + out_channels if", "weights + out_channels * (in_channels // groups) if")
edit("conv_parameters", "kernel_without_channels",
     "Your kernels are flat: k squared weights each. A kernel reaches through all the channels that it sees, with k squared weights for each of them.",
     "(in_channels // groups) * ", "")
edit("conv_parameters", "divides_to_a_float",
     "The numbers are right, but / makes a float of them, and a count is an integer. Divide with //.",
     "in_channels // groups", "in_channels / groups")

# --- conv_multiply_adds -----------------------------------------------------------------------------------------------

edit("conv_multiply_adds", "places_forgotten",
     "This is the number of weights. Each of them is used once at every place of the output, so the places multiply it.",
     " * out_height * out_width", "")
edit("conv_multiply_adds", "square_forgotten",
     "A kernel has k squared weights for each channel that it sees, and you count k.",
     "kernel_size**2", "kernel_size")
edit("conv_multiply_adds", "groups_ignored",
     "The groups make no difference in your count. In g groups a kernel sees, and multiplies, in_channels / g channels only.",
     "(in_channels // groups)", "in_channels")
edit("conv_multiply_adds", "one_group_only",
     "You count the work of one group and there are several: together they have out_channels kernels.",
     "weights = out_channels", "weights = out_channels // groups")
edit("conv_multiply_adds", "square_picture",
     "You take the output for a square and use one of its sides twice. The places are height times width.",
     "out_height * out_width", "out_height * out_height")
edit("conv_multiply_adds", "square_of_the_width",
     "You take the output for a square and use its width twice. The places are height times width.",
     "out_height * out_width", "out_width * out_width")
edit("conv_multiply_adds", "counted_apart",
     "Your count is twice what is wanted: a multiplication and the addition that follows it count as one here.",
     "return weights", "return 2 * weights")
edit("conv_multiply_adds", "bias_counted",
     "You count the additions of the bias. Nothing is multiplied there, and the page leaves them out.",
     "return weights * out_height * out_width", "return (weights + out_channels) * out_height * out_width")
edit("conv_multiply_adds", "one_output_channel",
     "You count one kernel. Every place of the output is computed by each of the out_channels kernels.",
     "out_channels * ", "")
edit("conv_multiply_adds", "kernel_without_channels",
     "Your kernels are flat. Each multiplies k squared numbers in every channel that it sees.",
     "(in_channels // groups) * ", "")
edit("conv_multiply_adds", "divides_to_a_float",
     "The numbers are right, but / makes a float of them, and a count is an integer. Divide with //.",
     "in_channels // groups", "in_channels / groups")

# --- network_cost -----------------------------------------------------------------------------------------------------

edit("network_cost", "convolutions_without_bias_by_default",
     "A convolution that says nothing about its bias has one: where the key is absent, bias is True.",
     'layer.get("bias", True)', 'layer.get("bias", False)')
edit("network_cost", "bias_of_convolutions_always",
     "You count the biases of every convolution, even where bias is False.",
     'if layer.get("bias", True):', "if True:")
edit("network_cost", "groups_ignored",
     "The groups of a convolution make no difference in your totals, and they divide the channels that each kernel sees.",
     ' // layer.get("groups", 1)', "")
edit("network_cost", "output_places_as_parameters",
     "You count a convolution's weights anew at every place of the output. They are shared: the places multiply the work, and not the parameters.",
     "parameters += weights\n            if layer.get", 'parameters += weights * layer["out_height"] * layer["out_width"]\n            if layer.get')
edit("network_cost", "output_places_forgotten",
     "A convolution does the work of its weights at every place of its output, and you count it once.",
     ' * layer["out_height"] * layer["out_width"]', "")
edit("network_cost", "square_forgotten",
     "A kernel has k squared weights for each channel that it sees, and you count k.",
     'layer["kernel_size"] ** 2', 'layer["kernel_size"]')
edit("network_cost", "dense_bias_lost",
     "The biases of the dense layers are missing: where bias is true there is one for each output.",
     'dense_parameters += layer["outputs"]', "pass")
edit("network_cost", "dense_bias_always",
     "You count the biases of every dense layer, even where bias is False.",
     'if layer["bias"]:', "if True:")
edit("network_cost", "dense_bias_as_work",
     "You count the biases of the dense layers among the multiply-adds. Nothing is multiplied there; the work is one multiply-add for each weight.",
     "dense_multiply_adds += weights", 'dense_multiply_adds += weights + layer["bias"] * layer["outputs"]')
edit("network_cost", "dense_bias_out_of_the_share",
     "Your share counts the weights of the dense layers and leaves out their biases. They are parameters of those layers, too.",
     'dense_parameters += layer["outputs"]', 'parameters += layer["outputs"]')
edit("network_cost", "norm_forgotten",
     "The norms are missing from your parameters. Each channel has two: gamma, which scales, and beta, which shifts.",
     '2 * layer["channels"]', "0")
edit("network_cost", "norm_counted_once",
     "You count one parameter for each channel of a norm. There are two: gamma, which scales, and beta, which shifts.",
     '2 * layer["channels"]', 'layer["channels"]')
edit("network_cost", "norm_as_work",
     "You count multiply-adds for the norms. The page leaves them out: they are few, and when a net is used they can be folded into the layer before.",
     'parameters += 2 * layer["channels"]', 'parameters += 2 * layer["channels"]\n            multiply_adds += 2 * layer["channels"]')
edit("network_cost", "share_of_the_rest",
     "Your share compares the dense layers with the other layers. A share compares a part with the whole, which includes the part.",
     "dense_parameters / parameters if parameters else 0.0",
     "dense_parameters / (parameters - dense_parameters) if parameters > dense_parameters else 0.0",
     "dense_multiply_adds / multiply_adds if multiply_adds else 0.0",
     "dense_multiply_adds / (multiply_adds - dense_multiply_adds) if multiply_adds > dense_multiply_adds else 0.0")
edit("network_cost", "share_in_per_cent",
     "Your shares are in per cent. From 0.0 to 1.0 is wanted.",
     "dense_parameters / parameters", "100 * dense_parameters / parameters",
     "dense_multiply_adds / multiply_adds", "100 * dense_multiply_adds / multiply_adds")
edit("network_cost", "shares_exchanged",
     "The two shares are exchanged: the one of the parameters stands under multiply_adds.",
     '"dense_parameter_share": ', '"SHARE": ', '"dense_multiply_add_share": ', '"dense_parameter_share": ', '"SHARE": ', '"dense_multiply_add_share": ')
edit("network_cost", "dense_left_out_of_the_totals",
     "The totals hold no dense layers. They belong to the net like all others.",
     '"parameters": parameters,', '"parameters": parameters - dense_parameters,',
     '"multiply_adds": multiply_adds,', '"multiply_adds": multiply_adds - dense_multiply_adds,')

# --- magnitude_masks --------------------------------------------------------------------------------------------------

edit("magnitude_masks", "signed_values",
     "You drop the most negative weights. A weight of -4 does as much as one of 4: what counts is the absolute value.",
     "np.abs(w)", "w")
edit("magnitude_masks", "drops_the_largest",
     "You drop the largest weights and keep the smallest. It is the small ones whose loss is hardly felt.",
     "np.argsort(sizes)", "np.argsort(-sizes)")
edit("magnitude_masks", "upside_down",
     "The masks are the wrong way round: True marks what stays.",
     "reshape(w.shape))", "reshape(w.shape) == False)")
edit("magnitude_masks", "share_that_stays",
     "You keep the share that is to be dropped. A sparsity of 0.9 leaves one weight in ten.",
     "round(sparsity * len(sizes))", "round((1 - sparsity) * len(sizes))")
edit("magnitude_masks", "always_rounded_down",
     "The number of dropped weights is cut off and not rounded: of 7.7 weights 8 should go.",
     "round(sparsity * len(sizes))", "int(sparsity * len(sizes))")


def _split(weights: Any, stays: Any) -> Any:
    pieces = np.split(np.asarray(stays), np.cumsum([w.size for w in weights])[:-1])
    return [piece.reshape(w.shape) for piece, w in zip(pieces, weights, strict=True)]


def _sizes(weights: Any) -> Any:
    return np.concatenate([np.abs(w).ravel() for w in weights])


@wrong("magnitude_masks",
       "You drop the share in each array by itself. Rank the weights of all arrays together: an array of small weights then loses more than one of large ones.")
def each_array_by_itself(weights: Any, sparsity: Any) -> Any:
    masks = []
    for w in weights:
        stays = np.ones(w.size, dtype=bool)
        stays[np.argsort(np.abs(w).ravel())[: round(sparsity * w.size)]] = False
        masks.append(stays.reshape(w.shape))
    return masks


@wrong("magnitude_masks",
       "You take the sparsity for a limit and drop the weights below it. It is the share of the weights that goes, however large they are.")
def sparsity_as_limit(weights: Any, sparsity: Any) -> Any:
    return [np.asarray(np.abs(w) > sparsity) for w in weights]


@wrong("magnitude_masks",
       "You drop what lies below a share of the largest weight. Sparsity is a share of their number: rank the weights and count.")
def share_of_the_largest(weights: Any, sparsity: Any) -> Any:
    return [np.asarray(np.abs(w) > sparsity * _sizes(weights).max()) for w in weights]


@wrong("magnitude_masks",
       "One weight too many goes: the weight at the limit itself stays. Compare with >=, or mark the first so many of the sorted order.")
def limit_goes_too(weights: Any, sparsity: Any) -> Any:
    sizes = np.sort(_sizes(weights))
    return _split(weights, _sizes(weights) > sizes[min(round(sparsity * len(sizes)), len(sizes) - 1)])


@wrong("magnitude_masks",
       "A quantile as the limit drops one weight even where the sparsity is 0. Count how many go, and mark so many in the sorted order.")
def above_the_quantile(weights: Any, sparsity: Any) -> Any:
    return _split(weights, _sizes(weights) > np.quantile(_sizes(weights), sparsity))


@wrong("magnitude_masks",
       "A quantile as the limit keeps one weight even where the sparsity is 1. Count how many go, and mark so many in the sorted order.")
def at_least_the_quantile(weights: Any, sparsity: Any) -> Any:
    return _split(weights, _sizes(weights) >= np.quantile(_sizes(weights), sparsity))


@wrong("magnitude_masks",
       "Where all weights should go, all stay: order[-0:] is the whole of order and not its empty end. Mark what goes, order[:drop], and not what stays.")
def last_none_is_all(weights: Any, sparsity: Any) -> Any:
    sizes = _sizes(weights)
    stays = np.zeros(sizes.size, dtype=bool)
    stays[np.argsort(sizes)[-(sizes.size - round(sparsity * sizes.size)) :]] = True
    return _split(weights, stays)


@wrong("magnitude_masks",
       "You take what argsort gives for ranks. It tells which weight comes first, second and so on; where a weight comes in that order is another matter.")
def argsort_taken_for_ranks(weights: Any, sparsity: Any) -> Any:
    sizes = _sizes(weights)
    return _split(weights, np.argsort(sizes) >= round(sparsity * sizes.size))


@wrong("magnitude_masks", "You return the pruned weights. The masks are wanted: True where a weight stays.")
def pruned_weights(weights: Any, sparsity: Any) -> Any:
    sizes = _sizes(weights)
    stays = np.ones(sizes.size, dtype=bool)
    stays[np.argsort(sizes)[: round(sparsity * sizes.size)]] = False
    return [w * mask for w, mask in zip(weights, _split(weights, stays), strict=True)]


@wrong("magnitude_masks", "Your masks hold 0.0 and 1.0. A mask is boolean, so that it can choose entries: True stays and False goes.")
def zeros_and_ones(weights: Any, sparsity: Any) -> Any:
    sizes = _sizes(weights)
    stays = np.ones(sizes.size)
    stays[np.argsort(sizes)[: round(sparsity * sizes.size)]] = 0
    return _split(weights, stays)


# --- masked_sgd_step --------------------------------------------------------------------------------------------------


@wrong("masked_sgd_step",
       "You mask the weights before the step, and then the gradient brings the pruned ones back. The mask comes after the step.")
def mask_before_the_step(w: Any, grad: Any, mask: Any, lr: Any) -> Any:
    return w * mask - lr * grad


@wrong("masked_sgd_step",
       "You mask the gradient only, so a pruned weight stays where it is, and that need not be 0. Mask the result of the step.")
def mask_on_the_gradient_only(w: Any, grad: Any, mask: Any, lr: Any) -> Any:
    return w - lr * grad * mask


@wrong("masked_sgd_step", "The mask is not used, so pruned weights come back.")
def mask_forgotten(w: Any, grad: Any, mask: Any, lr: Any) -> Any:
    return w - lr * grad


@wrong("masked_sgd_step", "The mask is the wrong way round: you keep what should go. True stays.")
def mask_upside_down(w: Any, grad: Any, mask: Any, lr: Any) -> Any:
    return (w - lr * grad) * ~mask


@wrong("masked_sgd_step", "The step goes uphill. The gradient points to where the loss grows, so it is subtracted.")
def uphill(w: Any, grad: Any, mask: Any, lr: Any) -> Any:
    return (w + lr * grad) * mask


@wrong("masked_sgd_step", "The learning rate is missing: a step is lr times the gradient.")
def rate_forgotten(w: Any, grad: Any, mask: Any, lr: Any) -> Any:
    return (w - grad) * mask


@wrong("masked_sgd_step", "The learning rate scales the weights too. It belongs to the gradient alone.")
def rate_on_the_weights(w: Any, grad: Any, mask: Any, lr: Any) -> Any:
    return lr * (w - grad) * mask


@wrong("masked_sgd_step", "You return the step. The new weights are wanted: the old ones and the step.")
def step_alone(w: Any, grad: Any, mask: Any, lr: Any) -> Any:
    return -lr * grad * mask


@wrong("masked_sgd_step",
       "The values are right, but you write into w itself, and the caller may still need it. Build a new array.")
def steps_in_place(w: Any, grad: Any, mask: Any, lr: Any) -> Any:
    w -= lr * grad
    w[~mask] = 0
    return w


# --- random_masks -----------------------------------------------------------------------------------------------------


@wrong("random_masks",
       "The number that is kept changes from draw to draw: a coin is tossed for each entry, or entries are drawn with repetition. Exactly as many as before should stay: shuffle the entries.")
def tosses_a_coin(masks: Any, rng: Any) -> Any:
    return [np.asarray(rng.random(m.shape) < m.mean()) for m in masks]


@wrong("random_masks",
       "You move whole rows: rng.permutation and rng.shuffle work along the first axis. Flatten the array first, so that every entry moves by itself.")
def moves_rows(masks: Any, rng: Any) -> Any:
    return [rng.permutation(m) for m in masks]


@wrong("random_masks",
       "You move rows and columns, or shuffle within them, one after the other. Many choices of places can never come out that way: "
       "flatten the array first, so that every entry moves by itself.")
def moves_rows_and_columns(masks: Any, rng: Any) -> Any:
    def moved(m: Any) -> Any:
        for axis in range(m.ndim):
            m = rng.permutation(m, axis=axis)
        return m

    return [moved(m) for m in masks]


@wrong("random_masks",
       "You mix the entries of all arrays. Each array should keep as many as it had, or two things change at once: how many a layer has, and where.")
def mixes_all_arrays(masks: Any, rng: Any) -> Any:
    return _split(masks, rng.permutation(np.concatenate([m.ravel() for m in masks])))


@wrong("random_masks",
       "Places are drawn with repetition, so some are drawn twice and fewer entries are kept. Draw without putting back (replace=False), or shuffle.")
def draws_with_repetition(masks: Any, rng: Any) -> Any:
    drawn = []
    for m in masks:
        flat = np.zeros(m.size, dtype=bool)
        flat[rng.integers(m.size, size=m.sum())] = True
        drawn.append(flat.reshape(m.shape))
    return drawn


@wrong("random_masks", "You keep as many entries as were dropped. True stays, so count the True ones.")
def keeps_the_dropped_number(masks: Any, rng: Any) -> Any:
    return [rng.permutation(~m.ravel()).reshape(m.shape) for m in masks]


@wrong("random_masks",
       "The same masks come out for every generator: the places are fixed, or come from a seed of your own. Draw them from the rng that you are given.")
def own_seed(masks: Any, rng: Any) -> Any:
    own = np.random.default_rng(0)
    return [own.permutation(m.ravel()).reshape(m.shape) for m in masks]


@wrong("random_masks",
       "The same generator gives other masks when it starts anew, so your experiment cannot be repeated. Draw from rng and from nothing else.")
def another_generator(masks: Any, rng: Any) -> Any:
    own = np.random.default_rng()
    return [own.permutation(m.ravel()).reshape(m.shape) for m in masks]


@wrong("random_masks",
       "The pattern is only moved along: entries that were neighbours stay neighbours. Every entry should find its place by itself.")
def rolls_along(masks: Any, rng: Any) -> Any:
    return [np.roll(m, rng.integers(max(m.size, 1))) for m in masks]


@wrong("random_masks",
       "Two arrays of one shape get the same places. Draw anew for each array, from the same generator.")
def one_draw_for_all(masks: Any, rng: Any) -> Any:
    seed = rng.integers(2**31)
    return [np.random.default_rng(seed).permutation(m.size).reshape(m.shape) < m.sum() for m in masks]


@wrong("random_masks", "Your masks hold numbers. A mask is boolean: True stays and False goes.")
def numbers_for_booleans(masks: Any, rng: Any) -> Any:
    return [rng.permutation(m.ravel().astype(float)).reshape(m.shape) for m in masks]


@wrong("random_masks", "Every row gets a draw of its own, so a row keeps as many as it had. Shuffle all entries of an array together.")
def shuffles_within_rows(masks: Any, rng: Any) -> Any:
    return [rng.permuted(m, axis=-1) for m in masks]


# --- max_pool2d -------------------------------------------------------------------------------------------------------

edit("max_pool2d", "mean_of_the_window",
     "You take the mean of each window. Max pooling keeps the largest entry.",
     ".max(axis=(3, 5))", ".mean(axis=(3, 5))")
edit("max_pool2d", "smallest_of_the_window",
     "You take the smallest entry of each window. Max pooling keeps the largest.",
     ".max(axis=(3, 5))", ".min(axis=(3, 5))")
edit("max_pool2d", "rows_taken_for_windows",
     "The reshape cuts out pieces of rows, and not windows. In memory the order is row block, row inside, column block, column inside.",
     "x.reshape(n, c, h // size, size, w // size, size).max(axis=(3, 5))", "x.reshape(n, c, h // size, w // size, size, size).max(axis=(4, 5))")
edit("max_pool2d", "windows_torn_apart",
     "The entries that you compare lie far apart. In memory a block of rows comes before the rows inside it, so the number of blocks stands before the size; "
     "with the two exchanged each window is torn apart.",
     "x.reshape(n, c, h // size, size, w // size, size).max(axis=(3, 5))", "x.reshape(n, c, size, h // size, size, w // size).max(axis=(2, 4))")
edit("max_pool2d", "over_the_blocks",
     "The maximum goes over the blocks and leaves the places inside a window: your result has size rows and columns. It should leave one number for each block.",
     ".max(axis=(3, 5))", ".max(axis=(2, 4))")
edit("max_pool2d", "largest_in_size",
     "A large negative entry wins over a small positive one. The largest entry is meant, and not the largest absolute value.",
     "x.reshape(", "np.abs(x).reshape(")


@wrong("max_pool2d", "Nothing below 0 comes out, as if every window held a 0. The largest entry of a window may be negative.")
def starts_at_zero(x: Any, size: Any) -> Any:
    n, c, h, w = x.shape
    return np.maximum(x.reshape(n, c, h // size, size, w // size, size).max(axis=(3, 5)), 0.0)


@wrong("max_pool2d",
       "Your windows overlap: they move on by one place. Here they lie side by side, so they move on by size.")
def windows_overlap(x: Any, size: Any) -> Any:
    return np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(2, 3)).max(axis=(-1, -2))


@wrong("max_pool2d",
       "Your windows move on by one place, and you keep the first so many of them. Here they lie side by side, so they move on by size.")
def first_overlapping_windows(x: Any, size: Any) -> Any:
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(2, 3)).max(axis=(-1, -2))
    return windows[:, :, : x.shape[2] // size, : x.shape[3] // size]


@wrong("max_pool2d", "You take the upper left entry of each window, whatever it is. Max pooling keeps the largest.")
def upper_left_entry(x: Any, size: Any) -> Any:
    return x[:, :, ::size, ::size].copy()


@wrong("max_pool2d", "The maximum goes over the channels too. Each channel is pooled by itself.")
def over_the_channels(x: Any, size: Any) -> Any:
    n, c, h, w = x.shape
    return x.reshape(n, c, h // size, size, w // size, size).max(axis=(1, 3, 5))


@wrong("max_pool2d", "The maximum goes over all samples and channels. Each channel of each sample is pooled by itself: max(axis=(2, 3)).")
def over_samples_and_channels(x: Any, size: Any) -> Any:
    n, c, h, w = x.shape
    largest = x.reshape(n, c, h // size, size, w // size, size).max(axis=(0, 1, 3, 5))
    return np.tile(largest, (n, c, 1, 1))


@wrong("max_pool2d", "Rows are pooled and columns are not. A window is size by size.")
def rows_only(x: Any, size: Any) -> Any:
    n, c, h, w = x.shape
    return x.reshape(n, c, h // size, size, w).max(axis=3)


@wrong("max_pool2d", "This is the maximum over the whole image. Each window gives an entry of its own.")
def whole_image(x: Any, size: Any) -> Any:
    return x.max(axis=(2, 3))


# --- distinguishable_boards -------------------------------------------------------------------------------------------


def _pooled(boards: Any, size: Any, how: Any = np.max) -> Any:
    b, h, w = boards.shape
    return how(boards.reshape(b, h // size, size, w // size, size), axis=(2, 4)).reshape(b, -1)


@wrong("distinguishable_boards",
       "You count the boards before they are pooled. What is asked is how many different results are left afterwards.")
def before_pooling(boards: Any, size: Any) -> Any:
    return len(np.unique(boards.reshape(len(boards), -1), axis=0))


@wrong("distinguishable_boards", "You count all results, and equal ones several times. Count the different ones.")
def counts_all(boards: Any, size: Any) -> Any:
    return len(_pooled(boards, size))


@wrong("distinguishable_boards",
       "You count different numbers. What is to be counted are different arrays: np.unique needs axis=0, and a set needs each array as one tuple.")
def counts_numbers(boards: Any, size: Any) -> Any:
    return len(np.unique(_pooled(boards, size)))


@wrong("distinguishable_boards", "You pool with the mean, which forgets less. Max pooling keeps the largest entry of each window.")
def mean_pooling(boards: Any, size: Any) -> Any:
    return len(np.unique(_pooled(boards, size, np.mean), axis=0))


@wrong("distinguishable_boards",
       "You tell the results apart by their sum. Different arrays may have the same sum: compare all their entries.")
def told_apart_by_the_sum(boards: Any, size: Any) -> Any:
    return len(np.unique(_pooled(boards, size).sum(axis=1)))


@wrong("distinguishable_boards",
       "Your windows overlap: they move on by one place, so less is forgotten. Here they lie side by side.")
def windows_overlap_on_boards(boards: Any, size: Any) -> Any:
    windows = np.lib.stride_tricks.sliding_window_view(boards, (size, size), axis=(1, 2)).max(axis=(-1, -2))
    return len(np.unique(windows.reshape(len(boards), -1), axis=0))


@wrong("distinguishable_boards",
       "Numbers that lie close together fall into one: they are rounded, turned into integers or compared with a tolerance. Compare them as they are.")
def nearly_equal_is_equal(boards: Any, size: Any) -> Any:
    return len(np.unique(np.round(_pooled(boards, size), 6), axis=0))


@wrong("distinguishable_boards",
       "Nothing below 0 survives your pooling, as if every window held an empty square. The largest entry of a window may be negative.")
def empty_square_wins(boards: Any, size: Any) -> Any:
    return len(np.unique(np.maximum(_pooled(boards, size), 0), axis=0))


@wrong("distinguishable_boards",
       "The reshape cuts out pieces of rows, and not windows. In memory the order is row block, row inside, column block, column inside.")
def rows_for_windows(boards: Any, size: Any) -> Any:
    b, h, w = boards.shape
    return len(np.unique(boards.reshape(b, h // size, w // size, size * size).max(axis=-1).reshape(b, -1), axis=0))


@wrong("distinguishable_boards",
       "You find one result, whatever the boards are. If they went into the pooling as the channels of a single image, one image is what you counted: "
       "the axis for the channel comes second, after that of the boards.")
def one_image_of_many_channels(boards: Any, size: Any) -> Any:
    return len({_pooled(boards, size).tobytes()})


@wrong("distinguishable_boards",
       "You look only at whether an entry is above 0. Two results are the same if all their entries are equal, so compare the numbers themselves.")
def above_zero_or_not(boards: Any, size: Any) -> Any:
    return len(np.unique(_pooled(boards, size) > 0, axis=0))


@wrong("distinguishable_boards", "You count the boards that no other board equals after pooling. A result that several share counts once, too.")
def counts_the_unique_ones(boards: Any, size: Any) -> Any:
    counts = np.unique(_pooled(boards, size), axis=0, return_counts=True)[1]
    return int(np.sum(counts == 1))
