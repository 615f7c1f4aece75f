"""Typical wrong answers of ``week2/02_vanishing_gradients_and_batch_norm``."""

from typing import Any

import numpy as np

from autograder.misconceptions import edit, wrong

# --- backpropagated_norms ---------------------------------------------------------------------------------------------

edit("backpropagated_norms", "last_layer_first",
     "The norms are right, in the wrong order: you collect them on the way down, so the last layer stands first. The list starts with the first layer.",
     "norms[::-1]", "norms")
edit("backpropagated_norms", "last_derivative_forgotten",
     "You start as if grad_out were the gradient at the last z. It is the one at the last activation: the derivative there is still to be multiplied in.",
     "grad = grad * activation_grad(z)", "grad = grad * (activation_grad(z) if z is not pre_activations[-1] else 1.0)")
edit("backpropagated_norms", "no_derivatives",
     "The gradient only goes through the weights. Between two of them stands the activation: multiply by activation_grad(z) in each layer.",
     "grad = grad * activation_grad(z)", "grad = grad + 0.0")
edit("backpropagated_norms", "at_the_activations",
     "These are the norms at the activations, before the derivative of the layer is multiplied in. The gradient at z comes one move later.",
     "        grad = grad * activation_grad(z)\n        norms.append(float(np.linalg.norm(grad)))",
     "        norms.append(float(np.linalg.norm(grad)))\n        grad = grad * activation_grad(z)")
edit("backpropagated_norms", "weights_not_transposed",
     "The gradient goes through w as it is. Down from layer l leads the transposed matrix; where all layers have one width, the shapes do not give it away.",
     "grad @ w.T", "grad @ w")
edit("backpropagated_norms", "weight_of_the_layer_below",
     "You step down through the weight of the layer below. From z_l to a_(l-1) leads w_l, the weight that z_l was computed with.",
     "zip(reversed(weights), reversed(pre_activations))", "zip(list(reversed(weights))[1:] + weights[:1], reversed(pre_activations))")
edit("backpropagated_norms", "squared_norms",
     "These are the squared norms: the root is missing.", "float(np.linalg.norm(grad))", "float(np.sum(grad**2))")
edit("backpropagated_norms", "spectral_norms",
     "This is the spectral norm of the gradient, its largest singular value. What is asked for is the Frobenius norm, the root of the sum of all squares.",
     "np.linalg.norm(grad)", "np.linalg.norm(grad, 2)")
edit("backpropagated_norms", "mean_over_samples",
     "You average the samples' norms. Here the batch counts as one: the root of the sum of the squares of all its entries.",
     "np.linalg.norm(grad)", "np.mean(np.linalg.norm(grad, axis=1))")
edit("backpropagated_norms", "divided_by_the_samples",
     "You divide by the number of samples. grad_out carries the loss's 1/N already, and the norm is that of the whole batch: nothing more is divided.",
     "np.linalg.norm(grad)", "np.linalg.norm(grad) / len(grad)")
edit("backpropagated_norms", "one_move_too_far",
     "These are the norms one move farther down, at the input of each layer: the gradient has been through the weights already. Take the norm at z, before that.",
     "        norms.append(float(np.linalg.norm(grad)))\n        grad = grad @ w.T", "        grad = grad @ w.T\n        norms.append(float(np.linalg.norm(grad)))")
edit("backpropagated_norms", "root_mean_square",
     "You divide by the number of entries under the root. Layers of different width are compared by the whole length here, so nothing is averaged.",
     "np.linalg.norm(grad)", "np.sqrt(np.mean(grad**2))")

# --- sigmoid_bound ----------------------------------------------------------------------------------------------------

edit("sigmoid_bound", "frobenius_norms",
     "You multiply Frobenius norms, numpy's default for a matrix. That is a bound too, but a looser one; asked for is the spectral norm, the largest singular value.",
     "np.linalg.norm(w, 2)", "np.linalg.norm(w)")
edit("sigmoid_bound", "no_quarters",
     "The derivative of the sigmoid is missing: each layer brings at most a quarter of it.", "0.25 * ", "")
edit("sigmoid_bound", "one_quarter_for_all",
     "There is one quarter for all layers together. Every layer has a sigmoid of its own, so there are as many quarters as matrices.",
     "bound = 1.0", "bound = 0.25", "0.25 * ", "")
edit("sigmoid_bound", "one_quarter_too_few",
     "One quarter is missing: the last layer has a sigmoid too. There are as many quarters as matrices.", "bound = 1.0", "bound = 4.0")
edit("sigmoid_bound", "half_for_a_quarter",
     "The slope of the sigmoid at 0 is a quarter; one half is its value there.", "0.25", "0.5")
edit("sigmoid_bound", "largest_entries",
     "You take the largest entry of each matrix. A matrix can lengthen a vector by more than that: ask for its largest singular value.",
     "np.linalg.norm(w, 2)", "np.abs(w).max()")
edit("sigmoid_bound", "norm_of_the_product",
     "You take one norm, of the product of all matrices. Between them stand the sigmoids, so each matrix counts by itself: the product of the norms.",
     "    for w in weights:\n        bound *= 0.25 * np.linalg.norm(w, 2)\n",
     "    product = np.eye(len(weights[0]))\n    for w in weights:\n        bound, product = 0.25 * bound, product @ w\n    bound *= np.linalg.norm(product, 2)\n")
edit("sigmoid_bound", "squared_singular_values",
     "These are the squares of the singular values, the eigenvalues of w.T @ w: the root is missing.", "np.linalg.norm(w, 2)", "np.linalg.norm(w, 2)**2")
edit("sigmoid_bound", "added_up", "The factors are added. Each layer multiplies what comes from the one above, so it is their product.",
     "bound = 1.0", "bound = 0.0", "bound *=", "bound +=")
edit("sigmoid_bound", "smallest_singular_values",
     "This is built from the smallest singular values. They say how little is left at least; the bound from above needs the largest.",
     "np.linalg.norm(w, 2)", "np.linalg.norm(w, -2)")
edit("sigmoid_bound", "column_sums",
     "np.linalg.norm(w, 1) is the largest sum of absolute values in a column, another norm of the matrix. The spectral norm is np.linalg.norm(w, 2).",
     "np.linalg.norm(w, 2)", "np.linalg.norm(w, 1)")
edit("sigmoid_bound", "row_sums",
     "You take the largest sum of absolute values in a row or column, which is another norm of the matrix. The spectral norm is np.linalg.norm(w, 2).",
     "np.linalg.norm(w, 2)", "np.linalg.norm(w, np.inf)")

# --- initial_std ------------------------------------------------------------------------------------------------------

edit("initial_std", "variance_for_deviation",
     "You return the variance. The standard deviation is its square root.",
     "np.sqrt(2 / (fan_in + fan_out))", "2 / (fan_in + fan_out)", "np.sqrt(2 / fan_in)", "2 / fan_in")
edit("initial_std", "he_with_fan_out", "For ReLU you divide by fan_out. He's recipe for the way forward counts what comes in: fan_in.",
     "np.sqrt(2 / fan_in)", "np.sqrt(2 / fan_out)")
edit("initial_std", "he_without_the_two",
     "For ReLU the 2 is missing. ReLU sets half of the units to 0, and twice the variance makes up for it.", "np.sqrt(2 / fan_in)", "np.sqrt(1 / fan_in)")
edit("initial_std", "xavier_without_the_two",
     "Glorot's 2 is missing: 2 / (fan_in + fan_out) is one over the mean of the two.", "np.sqrt(2 / (fan_in + fan_out))", "np.sqrt(1 / (fan_in + fan_out))")
edit("initial_std", "xavier_by_fan_in",
     "For linear, sigmoid and tanh you use fan_in alone. Glorot's recipe looks both ways: 2 / (fan_in + fan_out).",
     "np.sqrt(2 / (fan_in + fan_out))", "np.sqrt(1 / fan_in)")
edit("initial_std", "uniform_limit",
     "This is the limit of a uniform distribution, with 6 under the root. What is asked for is the standard deviation, with 2.",
     "np.sqrt(2 / (fan_in + fan_out))", "np.sqrt(6 / (fan_in + fan_out))", "np.sqrt(2 / fan_in)", "np.sqrt(6 / fan_in)")
edit("initial_std", "xavier_for_all", "ReLU gets Glorot's recipe too. It loses half of the signal in each layer and needs He's: 2 / fan_in under the root.",
     "np.sqrt(2 / fan_in)", "np.sqrt(2 / (fan_in + fan_out))")
edit("initial_std", "he_for_all", "All activations get He's recipe. It is made for ReLU; the others get Glorot's.",
     "np.sqrt(2 / (fan_in + fan_out))", "np.sqrt(2 / fan_in)")
edit("initial_std", "recipes_swapped", "The two recipes are swapped: He's is for ReLU, Glorot's for the others.",
     "np.sqrt(2 / (fan_in + fan_out))", "np.sqrt(2 / -fan_in)", "np.sqrt(2 / fan_in)", "np.sqrt(2 / (fan_in + fan_out))", "-fan_in", "fan_in")
edit("initial_std", "unknown_names_accepted",
     "An unknown name gets a number without a word. Whoever mistypes a name should be told: raise ValueError.",
     'raise ValueError(f"activation must be linear, sigmoid, tanh or relu, not {activation!r}")', "return float(np.sqrt(2 / (fan_in + fan_out)))")
edit("initial_std", "unknown_names_give_none",
     "An unknown name gives None, and whoever uses it will notice much later. Say so at once: raise ValueError.",
     'raise ValueError(f"activation must be linear, sigmoid, tanh or relu, not {activation!r}")', "return None")
edit("initial_std", "another_error",
     "An unknown name raises an error, but another one (a look-up in a dictionary raises KeyError, a misspelt error NameError). It should be ValueError, with a sentence that says which names there are.",
     "raise ValueError(", "raise KeyError(")
edit("initial_std", "part_of_a_name_will_do",
     "`activation in \"linear sigmoid tanh\"` looks for a piece of text, so \"tan\" passes too. Compare with whole names: a tuple or a set of them.",
     'activation in ("linear", "sigmoid", "tanh")', 'activation in "linear sigmoid tanh"')
edit("initial_std", "relu_inside_a_name",
     "You look for relu inside the name, so leaky_relu gets He's recipe too. Compare with the whole name.",
     'activation == "relu"', '"relu" in activation')
edit("initial_std", "error_returned",
     "For an unknown name you hand back an error, and whoever called goes on as if it were a number. An error has to be raised.",
     "raise ValueError(", "return ValueError(")
edit("initial_std", "capitals_do_not_matter",
     "You accept ReLU for relu. Names are matched exactly here, so that there is one way to write each.",
     'activation == "relu"', 'activation.lower() == "relu"')

# --- batchnorm_forward ------------------------------------------------------------------------------------------------

edit("batchnorm_forward", "divides_by_n_minus_one",
     "The variance is divided by N - 1. To normalize the batch at hand, batch normalization divides by N; N - 1 comes in where the running variance is kept.",
     "(centred**2).mean(axis=0)", "(centred**2).sum(axis=0) / (len(x) - 1)")
edit("batchnorm_forward", "eps_outside_the_root",
     "eps stands outside the root. It is added to the variance, and the root is taken of the sum.",
     "1 / np.sqrt(var + eps)", "1 / (np.sqrt(var) + eps)")
edit("batchnorm_forward", "eps_forgotten", "eps is missing. Without it a feature that is the same in the whole batch divides by 0.",
     "1 / np.sqrt(var + eps)", "1 / np.sqrt(var + 1e-300)")
edit("batchnorm_forward", "eps_written_into_the_code",
     "eps is written into the code as 1e-5. Use the argument: whoever calls may choose another.",
     "1 / np.sqrt(var + eps)", "1 / np.sqrt(var + 1e-5)")
edit("batchnorm_forward", "over_the_features",
     "You normalize each sample over its features: that is layer normalization. Here each feature is normalized over the batch, axis 0.",
     "x.mean(axis=0)", "x.mean(axis=1, keepdims=True)", "(centred**2).mean(axis=0)", "(centred**2).mean(axis=1, keepdims=True)")
edit("batchnorm_forward", "one_mean_for_all",
     "There is one mean and one variance for the whole array. Each feature has its own.",
     "x.mean(axis=0)", "x.mean()", "(centred**2).mean(axis=0)", "(centred**2).mean()")
edit("batchnorm_forward", "divides_by_the_variance", "You divide by the variance. Its square root, the standard deviation, has the unit of x.",
     "1 / np.sqrt(var + eps)", "1 / (var + eps)")
edit("batchnorm_forward", "mean_of_squares_minus_square",
     "The variance is computed as the mean of squares minus the square of the mean. For large numbers almost all digits cancel: subtract the mean first, then square.",
     "(centred**2).mean(axis=0)", "np.abs((x**2).mean(axis=0) - x.mean(axis=0)**2)")
edit("batchnorm_forward", "gamma_and_beta_forgotten", "You return x normalized, without gamma and beta.", "gamma * x_hat + beta", "x_hat + 0 * gamma")
edit("batchnorm_forward", "shift_before_scale", "beta is added before gamma multiplies. The shift comes last: gamma * x_hat + beta.",
     "gamma * x_hat + beta", "gamma * (x_hat + beta)")
edit("batchnorm_forward", "mean_not_subtracted", "The mean is not subtracted from what is scaled: the output still has it.",
     "x_hat = centred * inv_std", "x_hat = x * inv_std")
edit("batchnorm_forward", "gamma_and_beta_swapped", "gamma and beta have changed places: gamma scales, beta shifts.", "gamma * x_hat + beta", "beta * x_hat + gamma")

# --- batchnorm_backward -----------------------------------------------------------------------------------------------

DX = "inv_std / n * (n * g - g.sum(axis=0) - x_hat * (g * x_hat).sum(axis=0))"
edit("batchnorm_backward", "mean_and_variance_as_constants",
     "You treat the mean and the variance as constants. Both are computed from x, so moving one sample moves them, and with them the outputs of all others.",
     DX, "inv_std * g")
edit("batchnorm_backward", "variance_as_constant",
     "The route through the variance is missing: the term with x_hat. The columns of your dx sum to 0 already, which is what the mean contributes.",
     DX, "inv_std / n * (n * g - g.sum(axis=0))")
edit("batchnorm_backward", "mean_as_constant",
     "The route through the mean is missing. With grad_out all ones dx must be 0, and yours is not.",
     DX, "inv_std / n * (n * g - x_hat * (g * x_hat).sum(axis=0))")
edit("batchnorm_backward", "one_over_n_missing",
     "The sums over the batch lack their 1/N. It does not come from the loss: the mean and the variance are averages, so each sample moves them by 1/N only.",
     DX, "inv_std * (g - g.sum(axis=0) - x_hat * (g * x_hat).sum(axis=0))")
edit("batchnorm_backward", "n_times_too_large",
     "dx is N times too large: the bracket with N g in it has 1/N in front.",
     DX, "inv_std * (n * g - g.sum(axis=0) - x_hat * (g * x_hat).sum(axis=0))")
edit("batchnorm_backward", "dgamma_and_dbeta_swapped", "dgamma and dbeta have changed places: the order is dx, dgamma, dbeta.",
     "return dx, dgamma, dbeta", "return dx, dbeta, dgamma")
edit("batchnorm_backward", "sums_without_gamma",
     "gamma is missing on the way to dx: grad_out has to be multiplied by it before it goes on to x_hat.",
     "g = grad_out * gamma", "g = grad_out * np.ones_like(gamma)")
edit("batchnorm_backward", "dgamma_averaged",
     "dgamma and dbeta are averaged over the batch. grad_out already carries the loss's 1/N: add up.",
     "(grad_out * x_hat).sum(axis=0), grad_out.sum(axis=0)", "(grad_out * x_hat).mean(axis=0), grad_out.mean(axis=0)")
edit("batchnorm_backward", "dgamma_without_x_hat", "dgamma is the sum of grad_out, which is dbeta. gamma was multiplied with x_hat, so x_hat stands in its gradient.",
     "(grad_out * x_hat).sum(axis=0)", "grad_out.sum(axis=0)")
edit("batchnorm_backward", "dgamma_with_gamma", "dgamma is built from the gradient at x_hat, which has gamma in it already. It takes grad_out itself.",
     "(grad_out * x_hat).sum(axis=0)", "(grad_out * gamma * x_hat).sum(axis=0)")
edit("batchnorm_backward", "not_divided_by_the_deviation", "The factor 1 / sqrt(var + eps) is missing in dx: x was divided by it on the way forward.",
     "inv_std / n *", "1 / n *")
edit("batchnorm_backward", "variance_with_the_wrong_sign",
     "The term with x_hat has the wrong sign. A larger variance makes the outputs smaller, so this route takes away.",
     "- x_hat * (g * x_hat)", "+ x_hat * (g * x_hat)")
edit("batchnorm_backward", "summed_over_the_features", "The sums run over the features. The mean and the variance were taken over the batch, axis 0, and so are the sums on the way back.",
     "g.sum(axis=0) - x_hat * (g * x_hat).sum(axis=0)", "g.sum(axis=1, keepdims=True) - x_hat * (g * x_hat).sum(axis=1, keepdims=True)")


@wrong("batchnorm_backward",
       "eps is missing on the way back: s = 1 / sqrt(var + eps), as on the way forward, and x_hat is made with it.",
       replaces="batchnorm_forward")
def eps_only_forward(x: Any, gamma: Any, beta: Any, eps: float = 1e-5) -> Any:
    centred, var = x - x.mean(axis=0), x.var(axis=0)
    return gamma * centred / np.sqrt(var + eps) + beta, (centred / np.sqrt(var), 1 / np.sqrt(var), gamma)


@wrong("batchnorm_backward",
       "You keep out in the cache and use it as x_hat. x_hat comes before gamma and beta.",
       replaces="batchnorm_forward")
def output_for_x_hat(x: Any, gamma: Any, beta: Any, eps: float = 1e-5) -> Any:
    inv_std = 1 / np.sqrt(x.var(axis=0) + eps)
    out = gamma * (x - x.mean(axis=0)) * inv_std + beta
    return out, (out.copy(), inv_std, gamma)


@wrong("batchnorm_backward",
       "The cache belongs to the last forward pass, wherever the backward pass comes from. Each call has to return a cache of its own.",
       replaces="batchnorm_forward")
def one_cache_for_all(x: Any, gamma: Any, beta: Any, eps: float = 1e-5, _last: list[Any] = [0, 0, 0]) -> Any:  # noqa: B006
    inv_std = 1 / np.sqrt(x.var(axis=0) + eps)
    _last[:] = [(x - x.mean(axis=0)) * inv_std, inv_std, gamma]
    return gamma * _last[0] + beta, _last


# --- update_running_statistics ----------------------------------------------------------------------------------------

OLD_MEAN, OLD_VAR = "(1 - momentum) * running_mean + momentum * mean", "(1 - momentum) * running_var + momentum * var"
edit("update_running_statistics", "momentum_the_wrong_way_round",
     "momentum is the share of the new batch here; you give that share to the old average.",
     OLD_MEAN, "momentum * running_mean + (1 - momentum) * mean", OLD_VAR, "momentum * running_var + (1 - momentum) * var")
edit("update_running_statistics", "momentum_written_into_the_code",
     "momentum is written into the code as 0.1. Use the argument: whoever calls may choose another.",
     OLD_MEAN, "0.9 * running_mean + 0.1 * mean", OLD_VAR, "0.9 * running_var + 0.1 * var")
edit("update_running_statistics", "divides_by_n",
     "The batch's variance is divided by N. For the running variance it is divided by N - 1 (ddof=1), in the paper as in PyTorch.", "ddof=1", "ddof=0")
edit("update_running_statistics", "keeps_the_batch_alone", "You return the statistics of this batch. They are mixed with the running ones: (1 - momentum) * running + momentum * batch.",
     OLD_MEAN, "mean", OLD_VAR, "var")
edit("update_running_statistics", "deviation_for_variance", "You keep a running standard deviation. What is kept is the variance; the root is taken when it is used.",
     "x.var(axis=0, ddof=1)", "x.std(axis=0, ddof=1)")
edit("update_running_statistics", "old_not_weakened", "The old average is not multiplied by 1 - momentum, so it grows with every batch.",
     "(1 - momentum) * running_mean", "running_mean", "(1 - momentum) * running_var", "running_var")
edit("update_running_statistics", "variance_around_the_running_mean",
     "You measure the variance around the running mean. The batch's variance is measured around the batch's own mean.",
     "x.var(axis=0, ddof=1)", "((x - running_mean)**2).sum(axis=0) / (len(x) - 1)")
edit("update_running_statistics", "mean_and_variance_swapped", "The two results have changed places: the mean comes first.",
     f"{OLD_MEAN}, {OLD_VAR}", f"{OLD_VAR}, {OLD_MEAN}")


@wrong("update_running_statistics", "The values are right, but you change the caller's arrays. Return new ones.")
def in_place(running_mean: Any, running_var: Any, x: Any, momentum: float = 0.1) -> Any:
    running_mean *= 1 - momentum
    running_mean += momentum * x.mean(axis=0)
    running_var *= 1 - momentum
    running_var += momentum * x.var(axis=0, ddof=1)
    return running_mean, running_var


@wrong("update_running_statistics", "You take one mean and one variance of the whole array. Each feature has its own: average over the batch, axis 0.")
def one_for_all(running_mean: Any, running_var: Any, x: Any, momentum: float = 0.1) -> Any:
    return (1 - momentum) * running_mean + momentum * x.mean(), (1 - momentum) * running_var + momentum * x.var(ddof=1)


@wrong("update_running_statistics", "Means and variances are taken over the features of each sample. A statistic belongs to a feature: average over the batch, axis 0.")
def over_the_features(running_mean: Any, running_var: Any, x: Any, momentum: float = 0.1) -> Any:
    mean, var = x.mean(axis=1), x.var(axis=1, ddof=1)
    return (1 - momentum) * running_mean + momentum * mean, (1 - momentum) * running_var + momentum * var


# --- batchnorm_inference ----------------------------------------------------------------------------------------------


@wrong("batchnorm_inference", "You use the statistics of the batch. At prediction time the running ones take their place, so that one sample's answer does not depend on the others.")
def batch_statistics(x: Any, gamma: Any, beta: Any, running_mean: Any, running_var: Any, eps: float = 1e-5) -> Any:
    return gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps) + beta


@wrong("batchnorm_inference", "The variance is the running one, but the mean is still that of the batch.")
def mean_of_the_batch(x: Any, gamma: Any, beta: Any, running_mean: Any, running_var: Any, eps: float = 1e-5) -> Any:
    return gamma * (x - x.mean(axis=0)) / np.sqrt(running_var + eps) + beta


@wrong("batchnorm_inference", "The mean is the running one, but the variance is still that of the batch.")
def variance_of_the_batch(x: Any, gamma: Any, beta: Any, running_mean: Any, running_var: Any, eps: float = 1e-5) -> Any:
    return gamma * (x - running_mean) / np.sqrt(x.var(axis=0) + eps) + beta


edit("batchnorm_inference", "eps_outside_the_root", "eps stands outside the root. It is added to the variance, and the root is taken of the sum.",
     "np.sqrt(running_var + eps)", "(np.sqrt(running_var) + eps)")
edit("batchnorm_inference", "eps_forgotten", "eps is missing: training had it in the root, so prediction needs it too.", "running_var + eps", "running_var")
edit("batchnorm_inference", "divides_by_the_variance", "You divide by the variance and not by its square root.", "np.sqrt(running_var + eps)", "(running_var + eps)")
edit("batchnorm_inference", "mean_not_subtracted", "The running mean is not subtracted.", "(x - running_mean)", "x")
edit("batchnorm_inference", "gamma_and_beta_forgotten", "gamma and beta are missing. They were learned, and the layers behind count on them.",
     "gamma * (x - running_mean) / np.sqrt(running_var + eps) + beta", "(x - running_mean) / np.sqrt(running_var + eps)")
edit("batchnorm_inference", "normalization_left_out",
     "You leave the normalization out and only scale and shift. The layers behind have learned from normalized inputs: the running statistics are needed.",
     "gamma * (x - running_mean) / np.sqrt(running_var + eps) + beta", "gamma * x + beta")
edit("batchnorm_inference", "shift_before_scale", "beta is added before gamma multiplies. The shift comes last.",
     "gamma * (x - running_mean) / np.sqrt(running_var + eps) + beta", "gamma * ((x - running_mean) / np.sqrt(running_var + eps) + beta)")

# --- fold_batchnorm ---------------------------------------------------------------------------------------------------

edit("fold_batchnorm", "bias_without_the_mean",
     "The mean is missing in the bias. Multiply out: what stands without x is (b - mean) * scale + beta.", "(b - mean) * scale + beta", "b * scale + beta")
edit("fold_batchnorm", "mean_not_scaled", "The mean is taken off after the scaling. It comes off before, like the old bias comes in before: both are scaled.",
     "(b - mean) * scale + beta", "b * scale + beta - mean")
edit("fold_batchnorm", "bias_not_scaled", "The old bias is taken over unscaled. It is an input of the normalization like the rest, so it is scaled with it.",
     "(b - mean) * scale + beta", "b - mean * scale + beta")
edit("fold_batchnorm", "bias_as_it_was", "The bias stays as it was. The normalization moves it: by the mean, the scale and beta.", "(b - mean) * scale + beta", "b + 0 * scale")
edit("fold_batchnorm", "bias_without_the_scale", "The bias lacks the scale: what the normalization gets is divided by its spread and multiplied by gamma, and the old bias less the mean is part of that.",
     "(b - mean) * scale + beta", "b - mean + beta")
edit("fold_batchnorm", "old_bias_forgotten", "The old bias is lost: it comes in before the mean is taken off.", "(b - mean) * scale + beta", "beta - mean * scale")
edit("fold_batchnorm", "beta_scaled", "beta is scaled too. It is added after the scale, so it stays as it is.", "(b - mean) * scale + beta", "(b - mean + beta) * scale")
edit("fold_batchnorm", "rows_scaled",
     "You scale the rows of w. There is one scale for each output, and outputs are columns; with as many inputs as outputs the shapes do not give it away.",
     "w * scale", "w * scale[:, None]")
edit("fold_batchnorm", "weights_as_they_were", "The weights stay as they were: they have to take in the scale gamma / sqrt(var + eps).", "w * scale", "w * np.ones_like(scale)")
edit("fold_batchnorm", "root_forgotten", "You divide by the variance and not by its square root.", "gamma / np.sqrt(var + eps)", "gamma / (var + eps)")
edit("fold_batchnorm", "eps_outside_the_root", "eps stands outside the root. It is added to the variance, and the root is taken of the sum.",
     "np.sqrt(var + eps)", "(np.sqrt(var) + eps)")
edit("fold_batchnorm", "gamma_forgotten", "gamma is missing in the scale.", "gamma / np.sqrt(var + eps)", "1 / np.sqrt(var + eps)")
edit("fold_batchnorm", "mean_added", "The mean is added where it should be taken off.", "(b - mean)", "(b + mean)")

# --- batchnorm_class --------------------------------------------------------------------------------------------------

edit("batchnorm_class", "updates_in_evaluation",
     "Evaluation changes the running statistics too. Then a prediction depends on the predictions made before it: only training may update them.",
     "        if not self.training:\n            return",
     "        if not self.training:\n            m = self.momentum\n"
     "            self.running_mean = (1 - m) * self.running_mean + m * x.mean(axis=0)\n"
     "            self.running_var = (1 - m) * self.running_var + m * x.var(axis=0)\n            return")
edit("batchnorm_class", "updates_before_it_looks",
     "The running statistics are updated before you ask whether this is training, so evaluation changes them too, and uses what it has just changed. Ask first.",
     "        if not self.training:\n            return",
     "        m = self.momentum\n        self.running_mean = (1 - m) * self.running_mean + m * x.mean(axis=0)\n"
     "        with np.errstate(all=\"ignore\"):\n"
     "            self.running_var = (1 - m) * self.running_var + m * np.sum((x - x.mean(axis=0))**2, axis=0) / np.float64(len(x) - 1)\n"
     "        if not self.training:\n            return",
     "        self.running_mean = (1 - m) * self.running_mean + m * mean\n        self.running_var = (1 - m) * self.running_var + m * x.var(axis=0, ddof=1)\n", "")
edit("batchnorm_class", "momentum_written_into_the_code",
     "momentum is written into the code as 0.1. Keep the argument in __init__ and use it.", "x.mean(axis=0), self.momentum", "x.mean(axis=0), 0.1")
edit("batchnorm_class", "batch_statistics_in_evaluation",
     "Evaluation still uses the batch's own statistics. With training set to False, forward takes the running ones.",
     "if not self.training:", "if not self.training:\n            return self.gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + self.eps) + self.beta\n        if False:")
edit("batchnorm_class", "running_statistics_in_training",
     "Training normalizes with the running statistics. It takes the batch's own, and only updates the running ones.",
     "return self.gamma * self.x_hat + self.beta", "return self.gamma * (x - self.running_mean) / np.sqrt(self.running_var + self.eps) + self.beta")
edit("batchnorm_class", "momentum_the_wrong_way_round",
     "momentum is the share of the new batch here; you give that share to the old average.", "self.momentum\n        self.inv_std", "1 - self.momentum\n        self.inv_std")
edit("batchnorm_class", "running_variance_by_n",
     "The running variance is fed with a variance divided by N. It gets the one divided by N - 1; N is for the normalization itself.", "ddof=1", "ddof=0")
edit("batchnorm_class", "normalizes_by_n_minus_one",
     "The batch is normalized with a variance divided by N - 1. That one is for the running variance; the normalization divides by N.",
     "((x - mean)**2).mean(axis=0)", "x.var(axis=0, ddof=1)")
edit("batchnorm_class", "gradients_added_up",
     "dgamma and dbeta are added to those of the last backward pass. Here they are written anew each time.",
     "self.training = True", "self.training = True\n        self.dgamma = self.dbeta = 0.0",
     "self.dgamma, self.dbeta = (grad_out * self.x_hat).sum(axis=0), grad_out.sum(axis=0)",
     "self.dgamma, self.dbeta = self.dgamma + (grad_out * self.x_hat).sum(axis=0), self.dbeta + grad_out.sum(axis=0)")
edit("batchnorm_class", "gradients_averaged",
     "dgamma and dbeta are averaged over the batch. grad_out already carries the loss's 1/N: add up.",
     "(grad_out * self.x_hat).sum(axis=0), grad_out.sum(axis=0)", "(grad_out * self.x_hat).mean(axis=0), grad_out.mean(axis=0)")
edit("batchnorm_class", "statistics_as_constants",
     "backward treats the mean and the variance as constants. Both are computed from x, and the gradient passes through them too.",
     "self.inv_std / n * (n * g - g.sum(axis=0) - self.x_hat * (g * self.x_hat).sum(axis=0))", "self.inv_std * g")
edit("batchnorm_class", "starts_in_evaluation",
     "training starts as False, so forward takes the running statistics from the first batch on and never updates them. It starts as True.",
     "self.training = True", "self.training = False")
edit("batchnorm_class", "eps_written_into_the_code", "eps is written into the code as 1e-5. Keep the argument in __init__ and use it.",
     "self.momentum, self.eps = momentum, eps", "self.momentum, self.eps = momentum, 1e-5")
edit("batchnorm_class", "gamma_and_beta_ignored",
     "gamma and beta are attributes, but forward and backward do not look at them: another value given from outside changes nothing. Read them anew in every call.",
     "return self.gamma * self.x_hat + self.beta", "return self.x_hat", "grad_out * self.gamma", "grad_out",
     "return self.gamma * (x - self.running_mean) / np.sqrt(self.running_var + self.eps) + self.beta",
     "return (x - self.running_mean) / np.sqrt(self.running_var + self.eps)")
edit("batchnorm_class", "updates_after_evaluating",
     "Evaluation answers with the running statistics and then changes them, so the next answer depends on this one. Only training may update them.",
     "            return self.gamma * (x - self.running_mean) / np.sqrt(self.running_var + self.eps) + self.beta\n",
     "            out = self.gamma * (x - self.running_mean) / np.sqrt(self.running_var + self.eps) + self.beta\n            m = self.momentum\n"
     "            self.running_mean = (1 - m) * self.running_mean + m * x.mean(axis=0)\n"
     "            self.running_var = (1 - m) * self.running_var + m * x.var(axis=0, ddof=1)\n            return out\n")
edit("batchnorm_class", "never_updated", "The running statistics stay as they began: forward in training has to update them.",
     "        self.running_mean = (1 - m) * self.running_mean + m * mean\n        self.running_var = (1 - m) * self.running_var + m * x.var(axis=0, ddof=1)\n", "")
edit("batchnorm_class", "running_variance_starts_at_zero",
     "running_var starts as zeros. It starts as ones, so that a layer that has seen nothing yet leaves its input almost alone.",
     "np.zeros(features), np.ones(features)", "np.zeros(features), np.zeros(features)")
edit("batchnorm_class", "gamma_starts_at_zero", "gamma starts as zeros, so the layer puts out zeros and nothing behind it learns. It starts as ones.",
     "np.ones(features), np.zeros(features)\n        self.running_mean", "np.zeros(features), np.zeros(features)\n        self.running_mean")
edit("batchnorm_class", "eps_outside_the_root", "eps stands outside the root. It is added to the variance, and the root is taken of the sum.",
     "np.sqrt(self.running_var + self.eps)", "(np.sqrt(self.running_var) + self.eps)",
     "np.sqrt(((x - mean)**2).mean(axis=0) + self.eps)", "(np.sqrt(((x - mean)**2).mean(axis=0)) + self.eps)")

# --- clip_by_global_norm ----------------------------------------------------------------------------------------------

CLIPPED = "[np.array(g * scale) for g in grads]"
edit("clip_by_global_norm", "each_array_by_itself",
     "Each array is clipped by its own norm. There is one norm over all arrays together, and one factor for all: otherwise the gradient turns.",
     CLIPPED, "[np.array(g * min(1.0, max_norm / max(np.linalg.norm(g), 1e-300))) for g in grads]")
edit("clip_by_global_norm", "always_scaled", "The gradients are scaled to max_norm even where they are shorter. Short ones stay as they are.",
     "max_norm / norm if norm > max_norm else 1.0", "max_norm / norm if norm > 0 else 1.0")
edit("clip_by_global_norm", "entries_clipped",
     "You cut each entry at max_norm. That turns the gradient; shorten it as a whole, by one factor.", CLIPPED, "[np.clip(g, -max_norm, max_norm) for g in grads]")
edit("clip_by_global_norm", "divided_by_the_norm_plus_one",
     "You divide by the norm plus 1, so what is long comes out too short. Where the norm is above max_norm, which is above 0, there is nothing to guard against.",
     "max_norm / norm if", "max_norm / (norm + 1.0) if")
edit("clip_by_global_norm", "norms_added",
     "You add the norms of the arrays. Lengths add as squares: the root of the sum of all squares.", "np.sqrt(sum(np.sum(g**2) for g in grads))", "sum(np.linalg.norm(g) for g in grads)")
edit("clip_by_global_norm", "root_forgotten", "The root is missing: the sum of squares is the squared norm.", "np.sqrt(sum(np.sum(g**2) for g in grads))", "sum(np.sum(g**2) for g in grads)")
edit("clip_by_global_norm", "largest_norm", "You take the largest of the arrays' norms. What is asked for is one norm over all of them together.",
     "np.sqrt(sum(np.sum(g**2) for g in grads))", "max(np.linalg.norm(g) for g in grads)")
edit("clip_by_global_norm", "scaled_to_length_one", "Long gradients are scaled to length 1 and not to max_norm.", "max_norm / norm if", "1.0 / norm if")
edit("clip_by_global_norm", "factor_upside_down", "The factor is upside down: to shorten, multiply by max_norm / norm, which is below 1.", "max_norm / norm if", "norm / max_norm if")
edit("clip_by_global_norm", "largest_entry", "You compare the largest entry with max_norm. The norm is the root of the sum of all squares.",
     "np.sqrt(sum(np.sum(g**2) for g in grads))", "max(np.abs(g).max() for g in grads)")


@wrong("clip_by_global_norm", "Where nothing has to be shortened you hand back the arrays that came in. Return new arrays always, so that no later step changes two things at once.")
def same_arrays(grads: Any, max_norm: float) -> Any:
    norm = np.sqrt(sum(np.sum(g**2) for g in grads))
    return [np.array(g * max_norm / norm) for g in grads] if norm > max_norm else list(grads)


@wrong("clip_by_global_norm", "The values are right, but you shorten the caller's own arrays. Return new ones.")
def shortened_in_place(grads: Any, max_norm: float) -> Any:
    norm = np.sqrt(sum(np.sum(g**2) for g in grads))
    for g in grads if norm > max_norm else []:
        g *= max_norm / norm
    return [g.copy() for g in grads]
