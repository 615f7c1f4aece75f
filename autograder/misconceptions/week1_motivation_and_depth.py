"""Typical wrong answers of ``week1/01_motivation_and_depth``."""

from typing import Any

import numpy as np

from autograder.misconceptions import edit, wrong

# --- conv2d_forward ---------------------------------------------------------------------------------------------------

edit("conv2d_forward", "kernel_flipped",
     "The kernel is flipped, as in the mathematician's convolution. Here it is laid on the image as it is: w[..., a, b] meets x[..., i+a, j+b].",
     "w[:, :, a, b]", "w[:, :, k - 1 - a, k - 1 - b]")
edit("conv2d_forward", "kernel_transposed",
     "Rows and columns of the kernel are mixed up: the first of its two places, a, goes down the rows of the image, the second, b, along the columns.",
     "w[:, :, a, b]", "w[:, :, b, a]")
edit("conv2d_forward", "first_channel_only",
     "Only the first channel is looked at. A kernel has a slice for every channel, and the products of all of them are added up.",
     '"nchw,fc->nfhw", seen, w[:, :, a, b]', '"nhw,f->nfhw", seen[:, 0], w[:, 0, a, b]')
edit("conv2d_forward", "last_channel_only",
     "The last channel overwrites the others (= where += is needed). The products of all channels are added up.",
     '"nchw,fc->nfhw", seen, w[:, :, a, b]', '"nhw,f->nfhw", seen[:, -1], w[:, -1, a, b]')
edit("conv2d_forward", "channels_averaged",
     "The channels are averaged. A convolution adds them up: its output grows with the number of channels.",
     "    return out", "    return out / x.shape[1]")
edit("conv2d_forward", "window_averaged",
     "The products of a window are averaged. A convolution adds them up, over the rows and columns of the kernel and over the channels.",
     "    return out", "    return out / w[0].size")
edit("conv2d_forward", "square_images_only",
     "The number of columns is computed from the number of rows. H and W may differ: the output has H-k+1 rows and W-k+1 columns.",
     "height, width = x.shape[2] - k + 1, x.shape[3] - k + 1", "height, width = x.shape[2] - k + 1, x.shape[2] - k + 1")
edit("conv2d_forward", "last_place_missing",
     "The output is one row and one column too small: k fits into H at H - k + 1 places and not at H - k. Count them for H = k: there is one.",
     "height, width = x.shape[2] - k + 1, x.shape[3] - k + 1", "height, width = x.shape[2] - k, x.shape[3] - k")
edit("conv2d_forward", "output_as_large_as_the_image",
     "Your output is as large as the image, and where no kernel fits it stays 0. Without padding there are fewer places: "
     "H-k+1 by W-k+1.",
     "np.zeros((x.shape[0], w.shape[0], height, width))", "np.zeros((x.shape[0], w.shape[0], *x.shape[2:]))",
     "out += np", "out[:, :, :height, :width] += np")
edit("conv2d_forward", "loops_one_short",
     "The shape is right, and the last row and column of the output stay 0: your loops end one place too early. The last place is H - k, and range stops before its end.",
     "    return out", "    out[:, :, -1] = 0\n    out[:, :, :, -1] = 0\n    return out")
edit("conv2d_forward", "filters_and_channels_swapped",
     "The kernels' two first axes are mixed up: w is (F, C, k, k), the output channel first and the input channel second. "
     "With as many kernels as channels the shapes do not give it away.",
     '"nchw,fc->nfhw"', '"nchw,cf->nfhw"')
edit("conv2d_forward", "last_weight_only",
     "Each place of the kernel overwrites what the others gave, so that only the last one is left. Add them up: += and not =.",
     "out += np", "out[:] = np")


@wrong("conv2d_forward",
       "Your output is not smaller than the image, because zeros were put around it. Here is no padding: a kernel has to fit inside the image, and the output "
       "shrinks to H-k+1 by W-k+1.")
def padded_with_zeros(x: Any, w: Any) -> Any:
    k = w.shape[2]
    framed = np.pad(x, ((0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)))
    windows = np.lib.stride_tricks.sliding_window_view(framed, (k, k), axis=(2, 3))
    return np.einsum("nchwab,fcab->nfhw", windows, w)


@wrong("conv2d_forward", "Rows and columns of the output are exchanged: its shape is (N, F, H-k+1, W-k+1).")
def output_transposed(x: Any, w: Any) -> Any:
    windows = np.lib.stride_tricks.sliding_window_view(x, w.shape[2:], axis=(2, 3))
    return np.einsum("nchwab,fcab->nfwh", windows, w)


@wrong("conv2d_forward",
       "The windows lie side by side: you step by k. The stride is 1 here, so neighbouring windows overlap.")
def stride_of_the_kernel(x: Any, w: Any) -> Any:
    windows = np.lib.stride_tricks.sliding_window_view(x, w.shape[2:], axis=(2, 3))
    return np.einsum("nchwab,fcab->nfhw", windows[:, :, :: w.shape[2], :: w.shape[2]], w)


# --- conv2d_matrix ----------------------------------------------------------------------------------------------------

edit("conv2d_matrix", "kernel_flipped",
     "The kernel stands in the rows back to front. Here it is laid on the image as it is: the weight w[f, c, a, b] of output (i, j) "
     "belongs to input (c, i+a, j+b).",
     "= w\n", "= w[:, :, ::-1, ::-1]\n")
edit("conv2d_matrix", "matrix_transposed",
     "The matrix is transposed: it would be right for x.ravel() @ A. Here it stands on the left, A @ x.ravel(), with a row for each output.",
     "channels * height * width)\n", "channels * height * width).T\n")
edit("conv2d_matrix", "channels_counted_fastest",
     "The columns count the channels fastest. The image has shape (C, H, W), so ravel() runs through the columns of a row first, "
     "then the rows, and the channels last.",
     "matrix.reshape(", "matrix.transpose(0, 1, 2, 4, 5, 3).reshape(")
edit("conv2d_matrix", "filters_counted_fastest",
     "The rows count the kernels fastest. The output has shape (F, H', W'), so all places of the first kernel come first, then those of the next.",
     "matrix.reshape(", "matrix.transpose(1, 2, 0, 3, 4, 5).reshape(")
edit("conv2d_matrix", "first_channel_only",
     "Only the first channel has weights in the matrix. A kernel has a slice for every channel, and each stands in the columns of its channel.",
     "matrix[:, i, j, :, i : i + k, j : j + k] = w", "matrix[:, i, j, 0, i : i + k, j : j + k] = w[:, 0]")
edit("conv2d_matrix", "first_place_only",
     "Each kernel stands at the first place only. Every place of the output has a row of its own, with the same weights moved along.",
     "matrix[:, i, j, :, i : i + k, j : j + k] = w", "matrix[:, 0, 0, :, :k, :k] = w")
edit("conv2d_matrix", "not_moved_along",
     "Every row holds the weights at the same inputs. For output (i, j) the window begins at row i and column j of the image.",
     "matrix[:, i, j, :, i : i + k, j : j + k] = w", "matrix[:, i, j, :, :k, :k] = w")
edit("conv2d_matrix", "kernel_transposed",
     "Rows and columns of the kernel are mixed up: the weight w[f, c, a, b] belongs to the input a rows further down and b columns further right.",
     "= w\n", "= w.swapaxes(2, 3)\n")
edit("conv2d_matrix", "places_counted_column_by_column",
     "The rows of the matrix go through the output column by column. ravel() goes row by row: the column counts fastest.",
     "matrix.reshape(", "matrix.swapaxes(1, 2).reshape(")
edit("conv2d_matrix", "kept_as_six_axes",
     "The array still has an axis for each index. A matrix has two: reshape it so that all outputs are rows and all inputs are columns.",
     "matrix.reshape(filters * rows * columns, channels * height * width)", "matrix")


def _by_index(w: Any, input_shape: Any, column: Any) -> np.ndarray:
    """Fill a matrix weight by weight; column(a, b, i, j, height, width) says in which column of its channel one stands."""
    (filters, channels, k, _), (_, height, width) = w.shape, (int(n) for n in input_shape)
    rows, columns = height - k + 1, width - k + 1
    matrix = np.zeros((filters * rows * columns, channels * height * width))
    for f, c, a, b, i, j in np.ndindex(filters, channels, k, k, rows, columns):
        place = c * height * width + column(a, b, i, j, height, width, columns)
        if place < matrix.shape[1]:
            matrix[f * rows * columns + i * columns + j, place] += w[f, c, a, b]
    return matrix


@wrong("conv2d_matrix",
       "The window of one row of outputs begins where the last one ended. An output row is shorter than an image row: row i of the image begins at i * W, "
       "whatever the number of outputs in a row.")
def rows_as_long_as_the_outputs(w: Any, input_shape: Any) -> Any:
    return _by_index(w, input_shape, lambda a, b, i, j, height, width, columns: a * width + b + i * columns + j)


@wrong("conv2d_matrix",
       "The rows of the matrix are numbered as if a row of the output were H' long. It has W' places, so the next row of the output begins W' numbers further on.")
def outputs_counted_as_h_long(w: Any, input_shape: Any) -> Any:
    (filters, channels, k, _), (_, height, width) = w.shape, (int(n) for n in input_shape)
    rows, columns = height - k + 1, width - k + 1
    matrix = np.zeros((filters * rows * columns, channels * height * width))
    for f, c, i, j, a, b in np.ndindex(filters, channels, rows, columns, k, k):
        matrix[f * rows * columns + i * rows + j, c * height * width + (i + a) * width + j + b] = w[f, c, a, b]
    return matrix


@wrong("conv2d_matrix",
       "Rows of the image are counted as H long. A row has W numbers: entry (i, j) of a channel is number i * W + j.")
def rows_counted_as_h_long(w: Any, input_shape: Any) -> Any:
    return _by_index(w, input_shape, lambda a, b, i, j, height, width, columns: (i + a) * height + j + b)


# --- residual_block ---------------------------------------------------------------------------------------------------

edit("residual_block", "relu_after_the_sum",
     "ReLU is applied after the sum, which cuts off every negative output, even what came through the skip. In this block it stands between the two "
     "matrices only; the blocks of He et al. (2015) have another after the sum.",
     "x + hidden @ w2", "np.maximum(x + hidden @ w2, 0.0)")
edit("residual_block", "skip_forgotten",
     "This is the branch alone, relu(x @ w1) @ w2. The block adds its input to it.",
     "x + hidden @ w2", "hidden @ w2")
edit("residual_block", "relu_forgotten",
     "There is no ReLU in it. Without one the two matrices collapse into a single matrix, and the block is linear.",
     "np.maximum(x @ w1, 0.0)", "x @ w1")
edit("residual_block", "step_for_relu",
     "The hidden units are 0 or 1: x @ w1 > 0 says whether a unit is on. ReLU hands on how much, np.maximum(x @ w1, 0).",
     "np.maximum(x @ w1, 0.0)", "(x @ w1 > 0)")
edit("residual_block", "relu_after_the_second_matrix",
     "ReLU stands after the second matrix, so the branch can only add and never take away. It belongs between the two matrices.",
     "np.maximum(x @ w1, 0.0)", "x @ w1", "x + hidden @ w2", "x + np.maximum(hidden @ w2, 0.0)")
edit("residual_block", "relu_twice",
     "The branch has a second ReLU, after w2, so it can only add and never take away. One, between the matrices, is wanted.",
     "x + hidden @ w2", "x + np.maximum(hidden @ w2, 0.0)")
edit("residual_block", "skip_before_the_activation",
     "The skip is added too early, before ReLU, so it goes through the second matrix as well. Finish the branch first, and add x to its result. "
     "Only where there are as many hidden units as features do the shapes allow the slip.",
     "np.maximum(x @ w1, 0.0)", "np.maximum(x @ w1 + x, 0.0)", "x + hidden @ w2", "hidden @ w2")
edit("residual_block", "skip_added_to_the_hidden_units",
     "x is added to the hidden units, after ReLU, and goes through the second matrix. It is added to what the second matrix gives.",
     "x + hidden @ w2", "(x + hidden) @ w2")
edit("residual_block", "relu_on_the_skip",
     "The skip goes through ReLU. It hands x on as it is, negative numbers too: that is what keeps the way open.",
     "x + hidden @ w2", "np.maximum(x, 0.0) + hidden @ w2")
edit("residual_block", "relu_before_the_first_matrix",
     "ReLU is applied to x, before the first matrix. Here it is applied to x @ w1.",
     "np.maximum(x @ w1, 0.0)", "np.maximum(x, 0.0) @ w1")
edit("residual_block", "sum_halved",
     "The sum of skip and branch is halved. Both are added in full.",
     "x + hidden @ w2", "(x + hidden @ w2) / 2")
edit("residual_block", "adds_into_the_argument",
     "x += ... adds into the caller's own array. Write x = x + ..., or return the sum: it makes a new array.",
     "    return x + hidden @ w2", "    x += hidden @ w2\n    return x")

# --- residual_block_backward ------------------------------------------------------------------------------------------

edit("residual_block_backward", "skip_forgotten",
     "dx holds what came back through the branch, and the skip is missing. x is also added to the output as it is, so grad_out is added to dx as it is.",
     "grad_out + dz @ w1.T", "dz @ w1.T")
edit("residual_block_backward", "ones_for_the_skip",
     "The skip brings 1 to dx: its slope, but not the gradient. The chain rule multiplies the slope with what arrives from above, grad_out.",
     "grad_out + dz @ w1.T", "1.0 + dz @ w1.T")
edit("residual_block_backward", "input_for_the_skip",
     "You add x to dx. The forward pass adds x; on the way back the skip hands on the gradient, grad_out.",
     "grad_out + dz @ w1.T", "x + dz @ w1.T")
edit("residual_block_backward", "branch_forgotten",
     "dx is grad_out alone. That is the skip's share; what comes back through w2, ReLU and w1 is added to it.",
     "grad_out + dz @ w1.T", "grad_out.copy()")
edit("residual_block_backward", "no_mask",
     "The gradient passes ReLU everywhere. Where z = x @ w1 is not above 0 the unit was off, and nothing comes back through it.",
     " * (z > 0)", "")
edit("residual_block_backward", "passes_at_the_kink",
     "At exactly 0 you let the gradient through. There the derivative of ReLU is a convention, and in this course it is 0.",
     "z > 0", "z >= 0")
edit("residual_block_backward", "mask_from_the_gradient",
     "The mask comes from the gradient's sign. Whether a unit was on is seen in what went into it, z = x @ w1; the gradient may have either sign.",
     "(grad_out @ w2.T) * (z > 0)", "np.maximum(grad_out @ w2.T, 0.0)")
edit("residual_block_backward", "times_the_activation",
     "The gradient is multiplied with the output of ReLU and not with its derivative, which is 0 or 1.",
     "* (z > 0)", "* hidden")
edit("residual_block_backward", "averages_again",
     "You average over the batch once more. grad_out already carries the loss's 1/N: the weights' gradients are only added up here.",
     "hidden.T @ grad_out", "hidden.T @ grad_out / len(x)", "x.T @ dz", "x.T @ dz / len(x)")
edit("residual_block_backward", "dw2_without_relu",
     "dw2 is made from x @ w1. What the second matrix saw is what came out of ReLU: h = relu(x @ w1).",
     "hidden.T @ grad_out", "z.T @ grad_out")
edit("residual_block_backward", "weights_not_transposed",
     "The gradient goes through w1 and w2 as they are. On the way back each is transposed; with as many hidden units as features the shapes do not give it away.",
     "grad_out @ w2.T", "grad_out @ w2", "dz @ w1.T", "dz @ w1")
edit("residual_block_backward", "w1_not_transposed",
     "The gradient goes back through w1 as it is. It is transposed on the way back; with as many hidden units as features the shapes do not give it away.",
     "dz @ w1.T", "dz @ w1")
edit("residual_block_backward", "skip_into_the_branch",
     "The skip's gradient is counted at the output and sent through the branch as well: grad_out counts twice on that road. Each road gets grad_out once.",
     "dz = (grad_out", "dz = (2.0 * grad_out")
edit("residual_block_backward", "adds_into_the_gradient",
     "dx = grad_out makes no copy, so dx += ... adds into the caller's own array (and a read-only one refuses). Write dx = grad_out + ..., which makes a new one.",
     "    dx = grad_out + dz @ w1.T", "    dx = grad_out\n    dx += dz @ w1.T")
edit("residual_block_backward", "weights_exchanged",
     "dw1 and dw2 have changed places. The order is that of the arguments: x, w1, w2.",
     "return dx, dw1, dw2", "return dx, dw2, dw1")
edit("residual_block_backward", "no_mask_on_the_way_to_x",
     "dw1 is right, and on the way to x you have lost the mask. The gradient at z, with the mask in it, goes to both.",
     "dx = grad_out + dz @ w1.T", "dx = grad_out + grad_out @ w2.T @ w1.T")
edit("residual_block_backward", "no_mask_on_the_way_to_w1",
     "dx is right, and on the way to w1 you have lost the mask. What w1 gets comes through z as well.",
     "dw1 = x.T @ dz", "dw1 = x.T @ (grad_out @ w2.T)")
edit("residual_block_backward", "weights_first",
     "The three gradients come in the wrong order: dx first, then dw1 and dw2.",
     "return dx, dw1, dw2", "return dw1, dw2, dx")

# --- diagnose ---------------------------------------------------------------------------------------------------------


def _diagnosis(fine: Any, optimization: Any) -> str:
    return "fine" if fine else "optimization" if optimization else "overfitting"


@wrong("diagnose",
       "You call every higher test error overfitting, as the lecture notes do. Look at the training error as well: a net that is worse on the data it was "
       "trained on does not fit too well, it was not optimised well enough.")
def always_overfitting(train: Any, test: Any, shallow_train: Any, shallow_test: Any) -> Any:
    return _diagnosis(test <= shallow_test, False)


@wrong("diagnose",
       "You call every higher test error a failure of optimisation. If the deep net fits the training data as well as the shallow one, its trouble is overfitting.")
def always_optimization(train: Any, test: Any, shallow_train: Any, shallow_test: Any) -> Any:
    return _diagnosis(test <= shallow_test, True)


@wrong("diagnose",
       "You compare the deep net's test error with its own training error. Nearly every net is worse on new data; compare training error with training error, "
       "between the two nets.")
def own_gap(train: Any, test: Any, shallow_train: Any, shallow_test: Any) -> Any:
    return _diagnosis(test <= shallow_test, test <= train)


@wrong("diagnose",
       "You compare the deep net's training error with the shallow net's test error. Compare like with like: training error with training error.")
def training_with_test_error(train: Any, test: Any, shallow_train: Any, shallow_test: Any) -> Any:
    return _diagnosis(test <= shallow_test, train > shallow_test)


@wrong("diagnose",
       "You compare the gaps between training and test error. A deep net can have the larger gap and still be worse on the training data already: "
       "compare the training errors themselves.")
def larger_gap(train: Any, test: Any, shallow_train: Any, shallow_test: Any) -> Any:
    return _diagnosis(test <= shallow_test, test - train <= shallow_test - shallow_train)


@wrong("diagnose", "Your code counts equal test errors as worse. No worse means lower or equal: <= and not <.")
def same_test_error_is_worse(train: Any, test: Any, shallow_train: Any, shallow_test: Any) -> Any:
    return _diagnosis(test < shallow_test, train > shallow_train)


@wrong("diagnose",
       "Your code counts equal training errors as a failure of optimisation. The deep net fits the training data just as well then, so it is overfitting: > and not >=.")
def same_training_error_is_worse(train: Any, test: Any, shallow_train: Any, shallow_test: Any) -> Any:
    return _diagnosis(test <= shallow_test, train >= shallow_train)


@wrong("diagnose",
       "You ask about the training error first. If the test error is no worse there is nothing to explain, even where the training error is higher.")
def training_error_first(train: Any, test: Any, shallow_train: Any, shallow_test: Any) -> Any:
    return _diagnosis(train <= shallow_train and test <= shallow_test, train > shallow_train)


@wrong("diagnose",
       "You look at the training errors only. Whether anything is wrong is decided by the test error; the training error then says what.")
def training_error_only(train: Any, test: Any, shallow_train: Any, shallow_test: Any) -> Any:
    return _diagnosis(train <= shallow_train, True)


@wrong("diagnose",
       "The two diagnoses are exchanged. Worse on the training data already: the optimisation failed. As good there and worse on new data: overfitting.")
def the_two_exchanged(train: Any, test: Any, shallow_train: Any, shallow_test: Any) -> Any:
    return _diagnosis(test <= shallow_test, train <= shallow_train)


@wrong("diagnose",
       "The arguments are read in another order than they come: train_error, test_error, shallow_train_error, shallow_test_error, the deep net's two first.")
def arguments_by_kind_of_error(train: Any, shallow_train: Any, test: Any, shallow_test: Any) -> Any:
    return _diagnosis(test <= shallow_test, train > shallow_train)


@wrong("diagnose", "The two nets are exchanged: the deep net's errors come first, and the question is whether it is worse than the shallow one.")
def nets_exchanged(train: Any, test: Any, shallow_train: Any, shallow_test: Any) -> Any:
    return _diagnosis(shallow_test <= test, shallow_train > train)


@wrong("diagnose", "Your code counts small differences as none. Compare the numbers as they are, without a margin.")
def with_a_margin(train: Any, test: Any, shallow_train: Any, shallow_test: Any) -> Any:
    return _diagnosis(test <= shallow_test + 0.01, train > shallow_train + 0.01)


@wrong("diagnose", "The diagnosis is right and spelled otherwise: the text is \"optimization\", with a z.")
def spelled_with_s(train: Any, test: Any, shallow_train: Any, shallow_test: Any) -> Any:
    return _diagnosis(test <= shallow_test, train > shallow_train).replace("z", "s")


# --- pca_subspace -----------------------------------------------------------------------------------------------------

edit("pca_subspace", "not_centred",
     "The data are not centred. The first direction then points at the mean and not along the spread: subtract each feature's mean first.",
     "x - x.mean(axis=0)", "x")
edit("pca_subspace", "centred_by_rows",
     "You subtract each point's own mean (axis=1). Centring moves the cloud to the origin: subtract each feature's mean over all points (axis=0).",
     "x.mean(axis=0)", "x.mean(axis=1, keepdims=True)")
edit("pca_subspace", "one_mean_for_all",
     "One mean is subtracted from everything. Each feature has a mean of its own: use axis=0.",
     "x.mean(axis=0)", "x.mean()")
edit("pca_subspace", "standardised",
     "Each feature is divided by its standard deviation. That changes the directions of largest spread; here the data are centred and nothing else.",
     "    centred = x - x.mean(axis=0)", "    centred = (x - x.mean(axis=0)) / x.std(axis=0)")
edit("pca_subspace", "basis_vectors_as_rows",
     "The directions are the rows of your result. Each should be a column: transpose it to shape (D, k).",
     "directions[:k].T", "directions[:k].copy()")
edit("pca_subspace", "columns_of_vt",
     "You take the first k columns of vt. svd returns the directions as the rows of vt: take the first k rows and transpose.",
     "directions[:k].T", "directions[:, :k].copy()")
edit("pca_subspace", "left_singular_vectors",
     "Your vectors have an entry for each point, and one for each feature is wanted. Either you take svd's u in place of vt, or rows and columns of the data are exchanged: np.cov, for one, wants rowvar=False.",
     "_, _, directions =", "directions, _, _ =", "directions[:k].T", "directions[:, :k].copy()")
edit("pca_subspace", "scaled_by_the_spread",
     "The columns point the right way and do not have length 1: they are scaled by the singular values. Take the directions alone.",
     "_, _, directions =", "_, sizes, directions =", "directions[:k].T", "directions[:k].T * sizes[:k]")
edit("pca_subspace", "scores_returned",
     "You return the points in their new coordinates. The basis is wanted, the directions themselves: an array of shape (D, k).",
     "directions[:k].T", "centred @ directions[:k].T")
edit("pca_subspace", "projector_returned",
     "You return the projector, basis @ basis.T. The basis itself is wanted, of shape (D, k).",
     "directions[:k].T", "directions[:k].T @ directions[:k]")
edit("pca_subspace", "centred_in_place",
     "The result is right, but x -= ... changes the caller's own array. Write x - x.mean(axis=0), which makes a new one.",
     "    centred = x - x.mean(axis=0)", "    centred = x\n    centred -= x.mean(axis=0)")


@wrong("pca_subspace",
       "These are the directions of the smallest spread. eigh returns eigenvalues in ascending order: the largest come last.")
def smallest_eigenvalues(x: Any, k: int) -> Any:
    return np.linalg.eigh(np.cov(x, rowvar=False))[1][:, :k]


@wrong("pca_subspace",
       "You return all D directions. Only the k along which the points spread most are wanted, as the columns of your result.")
def all_directions(x: Any, k: int) -> Any:
    return np.linalg.eigh(np.cov(x, rowvar=False))[1]


@wrong("pca_subspace",
       "You choose the k features that vary most. PCA looks at all directions, slanted ones too, and not at the axes alone.")
def most_variable_features(x: Any, k: int) -> Any:
    return np.eye(x.shape[1])[:, np.argsort(-x.var(axis=0))[:k]]


@wrong("pca_subspace",
       "You take rows of the matrix of eigenvectors. eigh returns them as columns: vectors[:, -k:].")
def rows_of_eigenvectors(x: Any, k: int) -> Any:
    return np.linalg.eigh(np.cov(x, rowvar=False))[1][-k:].T


# --- linear_autoencoder -----------------------------------------------------------------------------------------------

edit("linear_autoencoder", "with_a_half",
     "Everything is half as large as it should be: there is no factor 1/2 in this loss, so the 2 of the square stays in the gradients.",
     "np.sum(error**2) / len(x)", "np.sum(error**2) / len(x) / 2", "2 * error / len(x)", "error / len(x)")
edit("linear_autoencoder", "two_forgotten",
     "The gradients are half as large as they should be: the derivative of the square brings a factor 2.",
     "2 * error / len(x)", "error / len(x)")
edit("linear_autoencoder", "mean_over_features_too",
     "The squared error is averaged over the features as well. It is summed over the features and averaged over the samples: divide by N and not by N * D.",
     "np.sum(error**2) / len(x)", "np.mean(error**2)", "2 * error / len(x)", "2 * error / x.size")
edit("linear_autoencoder", "mean_over_features_in_the_loss",
     "The loss is averaged over the features as well, while the gradients are those of the sum. Divide the sum of squares by N and not by N * D.",
     "np.sum(error**2) / len(x)", "np.mean(error**2)")
edit("linear_autoencoder", "summed_over_samples",
     "Everything is summed over the samples. The loss is their mean: divide by N.",
     "np.sum(error**2) / len(x)", "np.sum(error**2)", "2 * error / len(x)", "2 * error")
edit("linear_autoencoder", "loss_not_averaged",
     "The gradients are those of a mean over the samples, and the loss is the sum. It is divided by N, too.",
     "np.sum(error**2) / len(x)", "np.sum(error**2)")
edit("linear_autoencoder", "gradients_not_averaged",
     "The loss is a mean over the samples and its gradients are not: the factor 1/N belongs to both.",
     "2 * error / len(x)", "2 * error")
edit("linear_autoencoder", "error_the_other_way_round",
     "The gradients have the wrong sign: they belong to x - output, which the square hides in the loss. A step along them would make the loss larger.",
     "2 * error / len(x)", "-2 * error / len(x)")
edit("linear_autoencoder", "centres_the_data",
     "You centre x first. Here it is used as it is given: whoever wants it centred does that before.",
     "    code = x", "    x = x - x.mean(axis=0)\n    code = x")
edit("linear_autoencoder", "decoder_not_transposed",
     "The error goes back through the decoder as it is. It has to be transposed on the way back; with a code as wide as the features the shapes do not give it away.",
     "decoder.T", "decoder")
edit("linear_autoencoder", "tied_weights",
     "You take encoder.T for the decoder. The two are separate matrices here: use the decoder that you are given.",
     "    code = x", "    decoder = encoder.T\n    code = x")
edit("linear_autoencoder", "back_through_the_encoder",
     "The error goes back through the encoder. What lies between the code and the output is the decoder: use decoder.T.",
     "decoder.T", "encoder")
edit("linear_autoencoder", "relu_on_the_code",
     "There is a ReLU on the code. This autoencoder is linear: two matrices and nothing between them.",
     "code = x @ encoder", "code = np.maximum(x @ encoder, 0)", "d_output @ decoder.T", "(d_output @ decoder.T) * (code > 0)")
edit("linear_autoencoder", "length_of_the_error",
     "The loss is the length of the errors and not its square. Leave the root out.",
     "np.sum(error**2) / len(x)", "np.sum(np.sqrt(np.sum(error**2, axis=1))) / len(x)")
edit("linear_autoencoder", "decoder_first",
     "The gradients come in the wrong order: the encoder's first, then the decoder's.",
     "return loss, d_encoder, d_decoder", "return loss, d_decoder, d_encoder")
edit("linear_autoencoder", "decoder_from_the_input",
     "d_decoder is made from x. The decoder's input is the code, x @ encoder: that is what meets the error.",
     "code.T @ d_output", "x.T @ d_output")

# --- principal_angles -------------------------------------------------------------------------------------------------


def _bases(a: Any, b: Any) -> tuple[np.ndarray, np.ndarray]:
    return np.linalg.qr(a)[0], np.linalg.qr(b)[0]


def _right(a: Any, b: Any) -> np.ndarray:
    qa, qb = _bases(a, b)
    sines = np.linalg.svd(qb - qa @ (qa.T @ qb), compute_uv=False)
    return np.arcsin(np.minimum(sines, 1.0))[::-1].copy()


def _arccos(cosines: np.ndarray) -> np.ndarray:
    return np.arccos(np.clip(cosines, -1.0, 1.0))


@wrong("principal_angles",
       "Tiny angles are lost, because they come from cosines: the cosine of 1e-9 is 1 in every digit that float64 keeps, and 1 - cosine**2 is 0 as well. "
       "Take the sines from the part of one space that sticks out of the other.")
def from_cosines(a: Any, b: Any) -> Any:
    qa, qb = _bases(a, b)
    return _arccos(np.linalg.svd(qa.T @ qb, compute_uv=False))


@wrong("principal_angles",
       "The bases are taken as they come. They are neither perpendicular nor of length 1, so the products of their columns are no cosines: "
       "make both orthonormal first, with qr for instance.")
def not_orthonormalised(a: Any, b: Any) -> Any:
    return _arccos(np.linalg.svd(a.T @ b, compute_uv=False))


@wrong("principal_angles",
       "The bases are taken as they come, and what sticks out is measured with them. They are neither perpendicular nor of length 1: "
       "make both orthonormal first, with qr for instance.")
def sines_without_orthonormalising(a: Any, b: Any) -> Any:
    return np.arcsin(np.minimum(np.linalg.svd(b - a @ (a.T @ b), compute_uv=False), 1.0))[::-1].copy()


@wrong("principal_angles",
       "The columns are divided by their lengths, and they are still not perpendicular to each other. Make both bases orthonormal, with qr for instance.")
def only_lengths_divided_out(a: Any, b: Any) -> Any:
    return _arccos(np.linalg.svd((a / np.linalg.norm(a, axis=0)).T @ (b / np.linalg.norm(b, axis=0)), compute_uv=False))


@wrong("principal_angles",
       "The columns are divided by their lengths, and what sticks out is measured with them. They are still not perpendicular to each other: "
       "make both bases orthonormal, with qr for instance.")
def sines_with_lengths_divided_out(a: Any, b: Any) -> Any:
    a, b = a / np.linalg.norm(a, axis=0), b / np.linalg.norm(b, axis=0)
    return np.arcsin(np.minimum(np.linalg.svd(b - a @ (a.T @ b), compute_uv=False), 1.0))[::-1].copy()


@wrong("principal_angles",
       "You measure the angle between the first columns, then between the second ones, and so on. The columns are one basis of many: "
       "another basis of the same space would give other angles. The singular values compare the spaces themselves.")
def column_by_column(a: Any, b: Any) -> Any:
    a, b = a / np.linalg.norm(a, axis=0), b / np.linalg.norm(b, axis=0)
    return np.sort(_arccos(np.abs(np.sum(a * b, axis=0))))


@wrong("principal_angles",
       "You made the bases orthonormal and then compared them column by column. The two spaces may be the same and their columns turned: "
       "take the singular values, which compare the spaces.")
def orthonormal_columns_compared(a: Any, b: Any) -> Any:
    qa, qb = _bases(a, b)
    return np.sort(_arccos(np.abs(np.sum(qa * qb, axis=0))))


@wrong("principal_angles", "The angles are right and come from the largest to the smallest. Turn them round: ascending order is wanted.")
def descending(a: Any, b: Any) -> Any:
    return _right(a, b)[::-1].copy()


@wrong("principal_angles", "The angles are in degrees. Radians are wanted, as numpy's functions give them.")
def in_degrees(a: Any, b: Any) -> Any:
    return np.degrees(_right(a, b))


@wrong("principal_angles", "You return the sines. For tiny angles that is nearly the same, for large ones it is not: take arcsin at the end.")
def sines_returned(a: Any, b: Any) -> Any:
    return np.sin(_right(a, b))


@wrong("principal_angles", "You return the cosines of the angles. The angles themselves are wanted, in radians.")
def cosines_returned(a: Any, b: Any) -> Any:
    return np.cos(_right(a, b))


@wrong("principal_angles", "One angle comes back, the largest. Two spaces of k dimensions have k principal angles.")
def the_largest_only(a: Any, b: Any) -> Any:
    return float(_right(a, b)[-1])


@wrong("principal_angles",
       "arcsin made nan of a sine that rounding had put a hair above 1. Cut the sines off at 1 before you take arcsin.")
def sines_above_one(a: Any, b: Any) -> Any:
    angles = _right(a, b)
    return np.where(angles > np.pi / 2 - 1e-6, np.nan, angles)


@wrong("principal_angles",
       "The bases hold the whole space: svd returns D singular vectors unless full_matrices=False, and qr does so with mode='complete'. "
       "Keep the k vectors that span the columns.")
def bases_of_the_whole_space(a: Any, b: Any) -> Any:
    qa, qb = np.linalg.svd(a)[0], np.linalg.svd(b)[0]
    return np.zeros(len(qa.T @ qb))


# --- loss_along_line --------------------------------------------------------------------------------------------------

edit("loss_along_line", "end_missing",
     "The walk stops one step before b. Both ends are included: with steps points there are steps - 1 gaps.",
     "np.linspace(0.0, 1.0, steps)", "np.arange(steps) / steps")
edit("loss_along_line", "start_missing",
     "The walk begins one step after a. Both ends are included: the first value is the loss at a itself.",
     "np.linspace(0.0, 1.0, steps)", "np.arange(1, steps + 1) / steps")
edit("loss_along_line", "both_ends_missing",
     "Only the points between a and b are there. Both ends are included: the first is a, the last is b.",
     "np.linspace(0.0, 1.0, steps)", "np.linspace(0.0, 1.0, steps + 2)[1:-1]")
edit("loss_along_line", "one_point_too_many",
     "There is one value too many: steps is the number of points and not of the gaps between them.",
     "np.linspace(0.0, 1.0, steps)", "np.linspace(0.0, 1.0, steps + 1)")
edit("loss_along_line", "rounding_decides_about_the_end",
     "For some numbers of points one comes too many: np.arange with a broken step stops before or after its end as rounding will have it. "
     "Ask for a number of points and not for a step.",
     "np.linspace(0.0, 1.0, steps)", "np.arange(0, 1 + 1 / (steps - 1), 1 / (steps - 1))")
edit("loss_along_line", "from_b_to_a",
     "The walk goes from b to a. The first value belongs to a.",
     "a + t * (b - a)", "b + t * (a - b)")
edit("loss_along_line", "a_not_subtracted",
     "The walk goes from a to a + b. To arrive at b, add a share of the way between them, t * (b - a).",
     "t * (b - a)", "t * b")
edit("loss_along_line", "one_unit_of_length",
     "The walk is one unit long, whatever the distance of a and b: you divide by it. Without that, t = 1 is exactly b.",
     "t * (b - a)", "t * (b - a) / np.linalg.norm(b - a)")
edit("loss_along_line", "list_returned",
     "You return a list. Make it an array: np.array(...).",
     "np.array([loss(a + t * (b - a)) for t in np.linspace(0.0, 1.0, steps)])", "[loss(a + t * (b - a)) for t in np.linspace(0.0, 1.0, steps)]")
edit("loss_along_line", "point_flattened",
     "loss gets a flattened point. It takes arrays shaped like a, whatever that shape is: hand it the point as it is.",
     "loss(a + t * (b - a))", "loss(np.ravel(a + t * (b - a)))")
edit("loss_along_line", "places_returned_too",
     "You return the places on the line as well. Only the losses are wanted, one array of shape (steps,).",
     "    return np.array([loss(a + t * (b - a)) for t in np.linspace(0.0, 1.0, steps)])",
     "    return np.linspace(0.0, 1.0, steps), np.array([loss(a + t * (b - a)) for t in np.linspace(0.0, 1.0, steps)])")


@wrong("loss_along_line",
       "You ask for the loss at the two ends and draw a straight line between the values. The loss is curved, and what lies between is what you want to see: "
       "move the point, and ask for its loss.")
def losses_interpolated(loss: Any, a: Any, b: Any, steps: int) -> Any:
    return np.linspace(loss(a), loss(b), steps)


@wrong("loss_along_line",
       "The step is added to a itself, so the caller's own array wanders off (and a read-only one refuses). Begin with a copy, or compute a + t * (b - a).")
def walks_with_the_argument(loss: Any, a: Any, b: Any, steps: int) -> Any:
    step, values = (b - a) / (steps - 1), [loss(a)]
    for _ in range(steps - 1):
        a += step
        values.append(loss(a))
    return np.array(values)


@wrong("loss_along_line",
       "All points are handed to loss at once, in one array. It takes one point, shaped like a: call it once for each.")
def all_points_at_once(loss: Any, a: Any, b: Any, steps: int) -> Any:
    return loss(np.linspace(a, b, steps))
