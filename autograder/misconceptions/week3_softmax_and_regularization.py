"""Typical wrong answers of ``week3/01_softmax_and_regularization``."""

from typing import Any

import numpy as np

from autograder.misconceptions import edit, wrong

# --- softmax ----------------------------------------------------------------------------------------------------------

edit("softmax", "no_shift",
     "exp overflows: above about 709 (88 in float32) it is infinite, and infinity over infinity is nan. "
     "Subtract the largest logit of the row first; the probabilities do not notice.",
     "logits - logits.max(axis=1, keepdims=True)", "logits + 0.0")
edit("softmax", "shifts_along_the_wrong_axis",
     "You subtract the largest logit of each column, a different number for each class, and that changes the probabilities. "
     "Only a constant for the whole row cancels: axis=1.",
     "logits.max(axis=1, keepdims=True)", "logits.max(axis=0, keepdims=True)")
edit("softmax", "one_maximum_for_all_rows",
     "One maximum is subtracted from the whole batch. A row that lies far below it underflows: all its exponentials are 0, and 0 / 0 is nan. "
     "Each row needs its own maximum.",
     "logits.max(axis=1, keepdims=True)", "logits.max()")
edit("softmax", "shifts_by_the_mean",
     "You subtract the row's mean. That leaves logits above 0, and a large one still overflows. Subtract the largest: then none is above 0.",
     "logits.max(axis=1, keepdims=True)", "logits.mean(axis=1, keepdims=True)")
edit("softmax", "log_of_an_underflowed_softmax",
     "log_softmax takes the logarithm of the probabilities. A small one has underflowed to 0 by then, and log(0) is minus infinity. "
     "Take the logarithm on paper first: the shifted logit minus the log of the sum.",
     "return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))", "return np.log(softmax(logits))")
edit("softmax", "log_of_a_clipped_softmax",
     "A small constant keeps log_softmax finite and makes it wrong: every small probability gets the same logarithm, and its gradient is lost. "
     "With the logarithm taken on paper no constant is needed.",
     "return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))", "return np.log(softmax(logits) + 1e-12)")
edit("softmax", "normalises_over_the_batch",
     "softmax divides by the sum over the batch, so that columns add up to 1. A row is one sample, and its probabilities add up to 1: sum over axis=1.",
     "exp / exp.sum(axis=1, keepdims=True)", "exp / exp.sum(axis=0, keepdims=True)")
edit("softmax", "one_sum_for_all_rows",
     "softmax divides by the sum over the whole batch. Each row adds up to 1 by itself.",
     "exp / exp.sum(axis=1, keepdims=True)", "exp / exp.sum()")
edit("softmax", "not_normalised",
     "The exponentials are not divided by their sum, so they are no probabilities: the largest of each row is always 1.",
     "return exp / exp.sum(axis=1, keepdims=True)", "return exp")
edit("softmax", "log_not_normalised",
     "log_softmax only shifts the logits. The logarithm of the row's sum has to come off as well; then the exponentials of a row add up to 1.",
     "return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))", "return shifted")
edit("softmax", "log_of_shifted_and_unshifted",
     "log_softmax takes the log of the sum of the *shifted* exponentials off the *unshifted* logits. What was subtracted in one place has to be subtracted in the other: shifted - log(sum).",
     "return shifted - np.log", "return logits - np.log")
edit("softmax", "straight_from_the_formula",
     "The row's largest logit is not subtracted (a fixed number does not do), so exp overflows above about 709 (88 in float32), and infinity over infinity is nan. "
     "Subtract it first; and take the logarithm on paper, not of a probability that may have become 0.",
     "logits - logits.max(axis=1, keepdims=True)", "logits + 0.0",
     "return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))", "return np.log(softmax(logits))")
edit("softmax", "columns_for_rows",
     "Everything runs down the columns (axis=0), so each class adds up to 1 over the batch. A row is one sample, and its probabilities add up to 1: axis=1.",
     "axis=1", "axis=0")
edit("softmax", "becomes_float64",
     "float32 logits come back as float64. Keep the dtype that you were given: do not call astype(float), and put results in arrays of the same dtype.",
     "logits - logits.max(axis=1, keepdims=True)", "logits.astype(np.float64) - logits.max(axis=1, keepdims=True)")

edit("softmax", "softmax_alone_not_shifted",
     "softmax overflows, and log_softmax does not: the largest logit of the row is subtracted in one of them only.",
     "np.exp(logits - logits.max(axis=1, keepdims=True))", "np.exp(logits)")
edit("softmax", "log_softmax_alone_not_shifted",
     "softmax is safe, and log_softmax overflows: subtract the largest logit of the row there as well, before exp.",
     "shifted = logits - logits.max(axis=1, keepdims=True)", "shifted = logits + 0.0")
edit("softmax", "one_maximum_in_softmax",
     "softmax subtracts one maximum from the whole batch, and a row far below it turns to 0 / 0. Take each row's own, as in your log_softmax.",
     "np.exp(logits - logits.max(axis=1, keepdims=True))", "np.exp(logits - logits.max())")
edit("softmax", "one_maximum_in_log_softmax",
     "log_softmax subtracts one maximum from the whole batch, so that a row far below it has the sum 0 and log(0). Take each row's own, as in your softmax.",
     "shifted = logits - logits.max(axis=1, keepdims=True)", "shifted = logits - logits.max()")
edit("softmax", "one_maximum_and_log_of_softmax",
     "Two things are missing. Each row needs its own maximum, for below another row's it turns to 0 / 0; and log_softmax should take the logarithm on paper, "
     "not of a probability that may have become 0.",
     "logits - logits.max(axis=1, keepdims=True)", "logits - logits.max()",
     "return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))", "return np.log(softmax(logits))")

@wrong("softmax", "Your softmax subtracts the maximum from the caller's own array (-= works in place). Make a new array of the shifted logits.",
       replaces="softmax")
def shifts_in_place(logits: Any) -> Any:
    if logits.flags.writeable:
        logits -= logits.max(axis=1, keepdims=True)
    exp = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exp / exp.sum(axis=1, keepdims=True)


# --- cross_entropy ----------------------------------------------------------------------------------------------------

LOG_P = "log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))"
PICK = "p[np.arange(len(labels)), labels] -= 1"

edit("cross_entropy", "summed_over_the_batch",
     "Loss and gradient are sums over the batch, and the mean is wanted: divide both by N.",
     "-np.mean(", "-np.sum(", "return p / len(labels)", "return p")
edit("cross_entropy", "loss_summed_gradient_averaged",
     "The loss is a sum over the batch, while your gradient is that of the mean. Take the mean of the losses as well.",
     "-np.mean(", "-np.sum(")
edit("cross_entropy", "gradient_without_the_average",
     "The loss is a mean over the batch, so its gradient carries a factor 1/N as well. Yours does not.",
     "return p / len(labels)", "return p")
edit("cross_entropy", "gradient_averaged_over_all_entries",
     "The gradient is divided by N times K, the number of all entries. The loss averages over the N samples only.",
     "return p / len(labels)", "return p / p.size")
edit("cross_entropy", "loss_with_the_wrong_sign",
     "The loss comes out negative. A log-probability is at most 0, and the loss is its negative.",
     "-np.mean(", "np.mean(")
edit("cross_entropy", "gradient_uphill",
     "The gradient has the sign turned: it is p - y, not y - p. Where p is too large, the loss rises with the logit.",
     "return p / len(labels)", "return -p / len(labels)")
edit("cross_entropy", "one_subtracted_before_normalising",
     "The 1 at the label is subtracted from the exponentials, before they are divided by their sum. Divide first: it is the probability that 1 is subtracted from.",
     f"p /= p.sum(axis=1, keepdims=True)\n    {PICK}", f"{PICK}\n    p /= p.sum(axis=1, keepdims=True)")
edit("cross_entropy", "no_shift",
     "exp overflows for large logits, and what follows is nan. Subtract each row's largest logit first.",
     "logits - logits.max(axis=1, keepdims=True)", "logits + 0.0")
edit("cross_entropy", "one_maximum_for_all_rows",
     "One maximum is subtracted from the whole batch. A row far below it underflows: all its exponentials are 0, and 0 / 0 is nan. Each row needs its own.",
     "logits.max(axis=1, keepdims=True)", "logits.max()")
edit("cross_entropy", "log_of_an_underflowed_probability",
     "The loss is infinite where the net is certain and wrong: the probability has underflowed to 0 before you took its logarithm. "
     "Work with log-probabilities from the start.",
     LOG_P, "log_p = np.log(np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True))")
edit("cross_entropy", "small_constant_in_the_logarithm",
     "A small constant inside the logarithm caps the loss at about 28, where it should grow with the logits. Work with log-probabilities; then none is needed.",
     LOG_P, "log_p = np.log(np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True) + 1e-12)")
edit("cross_entropy", "every_label_for_every_row",
     "log_p[:, labels] takes all labels from each row, N times N numbers. Each row has one label: log_p[np.arange(N), labels].",
     "log_p[np.arange(len(labels)), labels]", "log_p[:, labels]")
edit("cross_entropy", "label_not_subtracted",
     "The gradient is p / N: the labels do not appear in it. Subtract 1 at each row's label.",
     f"    {PICK}\n", "")
edit("cross_entropy", "classes_of_the_batch_only",
     "The labels are renumbered by the classes that occur in this batch, and a class may be missing from it. A label is the number of its column in the logits.",
     f"    {PICK}", "    p[np.arange(len(labels)), np.unique(labels, return_inverse=True)[1]] -= 1")


@wrong("cross_entropy",
       "Your gradient stops at the probabilities: it is -y / p. It has to go on through softmax to the logits, and there the 1 / p cancels: p - y remains.",
       replaces="softmax_cross_entropy_grad")
def stops_at_the_probabilities(logits: Any, labels: Any) -> Any:
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    with np.errstate(all="ignore"):
        return -np.eye(p.shape[1])[labels] / p / len(labels)


@wrong("cross_entropy",
       "You go back in two steps, -1 / p and then the Jacobian of softmax. On paper they cancel; in the computer 1 / p is infinite where p has underflowed, "
       "and infinity times 0 is nan. Use the joint form, p - y.",
       replaces="softmax_cross_entropy_grad")
def two_steps(logits: Any, labels: Any) -> Any:
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    with np.errstate(all="ignore"):
        dp = -np.eye(p.shape[1])[labels] / p / len(labels)
        return p * (dp - (dp * p).sum(axis=1, keepdims=True))


# --- softmax_jacobian -------------------------------------------------------------------------------------------------

JACOBIAN = "np.diag(p) - np.outer(p, p)"

edit("softmax_jacobian", "independent_sigmoids",
     "Only the diagonal is filled, with p (1 - p), as for independent sigmoids. In softmax each logit also moves the other probabilities, down, for they share one sum.",
     JACOBIAN, "np.diag(p * (1 - p))")
edit("softmax_jacobian", "others_pulled_up",
     "Off the diagonal the sign is wrong: when one logit grows, the other probabilities fall.",
     JACOBIAN, "np.diag(p - 2 * p**2) + np.outer(p, p)")
edit("softmax_jacobian", "sign_turned",
     "All signs are turned. A probability grows with its own logit, so the diagonal, p (1 - p), is positive.",
     JACOBIAN, "np.outer(p, p) - np.diag(p)")
edit("softmax_jacobian", "diagonal_forgotten",
     "The diagonal is -p squared: the term for i = j is missing. A logit moves its own probability by p - p squared.",
     JACOBIAN, "-np.outer(p, p)")
edit("softmax_jacobian", "ones_on_the_diagonal",
     "You start from the identity matrix, and the diagonal comes out as 1 - p squared. The term for i = j carries p: it is diag(p).",
     JACOBIAN, "np.eye(len(p)) - np.outer(p, p)")
edit("softmax_jacobian", "square_forgotten_on_the_diagonal",
     "The diagonal is p. When a logit grows, its own term stands in the sum below as well, and takes p squared away again: p - p squared.",
     JACOBIAN, "np.diag(p) - np.outer(p, p) * (1 - np.eye(len(p)))")
edit("softmax_jacobian", "of_log_softmax",
     "This is the Jacobian of log_softmax, with rows 1[i = j] - p_j. That of softmax has p_i as a factor in row i.",
     JACOBIAN, "np.eye(len(p)) - p")
edit("softmax_jacobian", "product_not_outer",
     "p * p multiplies entry by entry, and what comes is a vector; np.diag(p) - p * p spreads it over the rows. The product of all pairs is np.outer(p, p).",
     JACOBIAN, "np.diag(p) - p * p")
edit("softmax_jacobian", "diagonal_as_a_vector",
     "You return K numbers, the diagonal. How every logit moves every probability takes K times K numbers.",
     JACOBIAN, "p * (1 - p)")
edit("softmax_jacobian", "softmax_once_more",
     "You apply softmax to p. What you are given are the probabilities already, not the logits.",
     f"return {JACOBIAN}", "p = np.exp(p) / np.exp(p).sum()\n    return np.diag(p) - np.outer(p, p)")

# --- polynomial_features ----------------------------------------------------------------------------------------------

POWERS = "x[:, None] ** np.arange(degree + 1)"

edit("polynomial_features", "no_column_of_ones",
     "The column of ones is missing. x to the power 0 belongs to it: without it every fitted curve goes through 0.",
     POWERS, "x[:, None] ** np.arange(1, degree + 1)")
edit("polynomial_features", "stops_one_short",
     "The highest power is missing. Degree 3 has four columns, for range(4) ends at 3.",
     POWERS, "x[:, None] ** np.arange(degree)")
edit("polynomial_features", "one_power_too_many",
     "There is one column too many: the powers end at degree.",
     POWERS, "x[:, None] ** np.arange(degree + 2)")
edit("polynomial_features", "highest_power_first",
     "The columns stand in the opposite order, the highest power first, as np.vander gives them unless told increasing=True.",
     POWERS, "x[:, None] ** np.arange(degree, -1, -1)")
edit("polynomial_features", "multiples_for_powers",
     "You multiply x by 0, 1, 2 ... where it should be raised to these powers: ** and not *.",
     POWERS, "x[:, None] * np.arange(degree + 1)")
edit("polynomial_features", "points_in_columns",
     "The matrix is transposed: each point has a row, each power a column.",
     POWERS, "x ** np.arange(degree + 1)[:, None]")
edit("polynomial_features", "base_and_exponent_swapped",
     "Base and exponent are swapped: you compute 2 ** x where x ** 2 is wanted.",
     POWERS, "np.arange(degree + 1) ** x[:, None]")
edit("polynomial_features", "powers_by_logarithm",
     "You take powers through the logarithm, and that has no value for negative points and for 0. Use ** or multiply.",
     POWERS, "np.exp(np.log(x)[:, None] * np.arange(degree + 1))")
edit("polynomial_features", "columns_scaled",
     "The columns are scaled. It can be a good idea, but here the plain powers are wanted, so that the coefficients can be compared.",
     f"return {POWERS}", f"f = {POWERS}\n    return f / np.abs(f).max(axis=0)")

# --- ridge_fit --------------------------------------------------------------------------------------------------------

GRAM = "x.T @ x + strength * np.eye(x.shape[1])"

edit("ridge_fit", "no_penalty",
     "This is plain least squares: strength does not appear in it.",
     f"np.linalg.solve({GRAM}, x.T @ y)", "np.linalg.lstsq(x, y, rcond=None)[0]")
edit("ridge_fit", "strength_times_n",
     "The penalty is N times too strong: you took the mean of the squared errors. Here the errors are summed.",
     GRAM, "x.T @ x + len(x) * strength * np.eye(x.shape[1])")
edit("ridge_fit", "half_the_strength",
     "The penalty is half as strong as it should be. Both terms are squares, and both give a factor 2 that cancels.",
     GRAM, "x.T @ x + strength / 2 * np.eye(x.shape[1])")
edit("ridge_fit", "twice_the_strength",
     "The penalty is twice as strong as it should be. Both terms are squares, and both give a factor 2 that cancels.",
     GRAM, "x.T @ x + 2 * strength * np.eye(x.shape[1])")
edit("ridge_fit", "strength_squared",
     "The penalty comes out as strength squared. If you put extra rows under x, their size is the square root of strength.",
     GRAM, "x.T @ x + strength**2 * np.eye(x.shape[1])")
edit("ridge_fit", "penalty_subtracted",
     "The penalty is subtracted, and the weights grow. Setting the gradient to 0 gives (x'x + strength I) w = x'y, with a plus.",
     GRAM, "x.T @ x - strength * np.eye(x.shape[1])")
edit("ridge_fit", "first_weight_left_out",
     "The first weight is not penalised, as if its column were an intercept. Here every weight is.",
     GRAM, "x.T @ x + strength * np.diag(np.arange(x.shape[1]) > 0)")
edit("ridge_fit", "penalty_on_every_entry",
     "strength is added to every entry of the matrix. Only the diagonal gets it: strength * np.eye(D).",
     f"np.linalg.solve({GRAM}, x.T @ y)", "np.linalg.pinv(x.T @ x + strength, rcond=1e-9) @ (x.T @ y)")  # it may be singular, and then solve gives what it likes
edit("ridge_fit", "penalty_outside_the_inverse",
     "strength is added to the inverse. It belongs inside: add it to x'x, and then solve.",
     f"np.linalg.solve({GRAM}, x.T @ y)", "(np.linalg.pinv(x.T @ x) + strength * np.eye(x.shape[1])) @ (x.T @ y)")
edit("ridge_fit", "centred_first",
     "You centre x and y first, which fits an intercept that nobody asked for. The formula here has none.",
     f"return np.linalg.solve({GRAM}, x.T @ y)", f"x = x - x.mean(axis=0)\n    return np.linalg.solve({GRAM}, x.T @ y)")
edit("ridge_fit", "shrunk_afterwards",
     "You solve plain least squares and divide the result by 1 + strength. Ridge shrinks each direction of the data by its own factor: solve with the penalty.",
     f"np.linalg.solve({GRAM}, x.T @ y)", "np.linalg.lstsq(x, y, rcond=None)[0] / (1 + strength)")


@wrong("ridge_fit",
       "The normal equations sum over the wrong axis: x @ x.T compares samples with samples, (N, N). Features with features is x.T @ x, (D, D).")
def sums_over_the_wrong_axis(x: Any, y: Any, strength: float) -> Any:
    return np.linalg.solve(x @ x.T + strength * np.eye(len(x)), x @ y if x.shape[0] == x.shape[1] else y)


# --- penalties --------------------------------------------------------------------------------------------------------

edit("penalties", "biases_penalised",
     "Biases are penalised too. They do not make a function steep, only shift it: leave names that begin with b out of the sum, and give them gradient 0.",
     'if not name.startswith("b")}', "}")
edit("penalties", "only_b_itself_left_out",
     "Only the name b is left out, and b1, b2 and beta are penalised. All names that begin with a small b are biases here.",
     'if not name.startswith("b")}', 'if name != "b"}')
edit("penalties", "a_b_anywhere_in_the_name",
     "You leave out every name that has a b somewhere in it. Only names that *begin* with a small b are biases here: name.startswith(\"b\").",
     'if not name.startswith("b")}', 'if "b" not in name}')
edit("penalties", "half_before_l1_too",
     "There is a half in front of L1 as well. It belongs to the square, where it cancels the 2; the absolute value has no 2 to cancel.",
     "return strength * sum(np.sum(np.abs(w))", "return 0.5 * strength * sum(np.sum(np.abs(w))", "strength * np.sign(w) if", "0.5 * strength * np.sign(w) if")
edit("penalties", "told_by_the_number_of_axes",
     "You tell biases by their shape, one axis or none. gamma has one axis too and is no bias here: go by the name.",
     'if not name.startswith("b")}', "if w.ndim > 1}")
edit("penalties", "told_by_one_axis",
     "You take every array with one axis for a bias. gamma has one axis and is a weight here; the name tells them apart.",
     'if not name.startswith("b")}', "if w.ndim != 1}")
edit("penalties", "only_names_with_w",
     "Only names that begin with w are penalised, so gamma, scale and embedding are forgotten. Everything counts that does not begin with a small b.",
     'if not name.startswith("b")}', 'if name.startswith("w")}')
edit("penalties", "capital_b_too",
     "A capital B counts as a bias too in your answer. Only a small b at the beginning makes one here.",
     'if not name.startswith("b")}', 'if not name.lower().startswith("b")}')
edit("penalties", "biases_penalised_by_l2",
     "L1 leaves the biases out, and L2 does not. The same rule holds for both: no price on them, and a gradient of zeros.",
     'if not name.startswith("b")}\n    grads = {name: strength * w if', '}\n    grads = {name: strength * w if')
edit("penalties", "biases_penalised_by_l1",
     "L2 leaves the biases out, and L1 does not. Both keep to the same rule: biases cost nothing, and their gradient is zeros.",
     'if not name.startswith("b")}\n    grads = {name: strength * np.sign', '}\n    grads = {name: strength * np.sign')
edit("penalties", "last_array_only",
     "The penalty counts one array only, the last (= where += is needed). Add up the shares of all of them.",
     "sum(np.sum(w**2) for w in weights.values())", "[0.0, *(np.sum(w**2) for w in weights.values())][-1]",
     "sum(np.sum(np.abs(w)) for w in weights.values())", "[0.0, *(np.sum(np.abs(w)) for w in weights.values())][-1]")
edit("penalties", "l1_gradient_without_strength",
     "The L1 gradient is the sign alone. The strength multiplies the penalty, and so its slope.",
     "strength * np.sign(w) if", "1.0 * np.sign(w) if")
edit("penalties", "half_forgotten",
     "The L2 penalty is twice as large as it should be: the half is missing. Your gradient does have it right, so the two do not fit together.",
     "0.5 * strength * sum", "strength * sum")
edit("penalties", "gradient_of_the_whole_square",
     "The L2 gradient is 2 * strength * w. The penalty has a half in front, so that the 2 of the square cancels.",
     "strength * w if", "2 * strength * w if")
edit("penalties", "half_in_the_gradient",
     "The half stands in the L2 gradient as well. The derivative of half the square is w itself.",
     "strength * w if", "0.5 * strength * w if")
edit("penalties", "no_half_anywhere",
     "Your L2 penalty is strength times the squares, with its own right gradient. On this page there is a half in front of it.",
     "0.5 * strength * sum", "strength * sum", "strength * w if", "2 * strength * w if")
edit("penalties", "norm_not_squared",
     "You take the norm, with a square root. The L2 penalty is half the sum of the squares.",
     "0.5 * strength * sum(np.sum(w**2) for w in weights.values())", "0.5 * strength * sum(np.sum(w**2) for w in weights.values()) ** 0.5")
edit("penalties", "averaged_over_the_weights",
     "The penalties are means over the weights of an array. They are sums: strength counts for each weight.",
     "np.sum(w**2)", "np.mean(w**2)", "np.sum(np.abs(w))", "np.mean(np.abs(w))")
edit("penalties", "one_at_zero",
     "At a weight of exactly 0 the L1 gradient is +1. There the slope is a convention, and here it is 0, as np.sign says; otherwise zeros are pushed away.",
     "strength * np.sign(w) if", "strength * np.where(w >= 0, 1.0, -1.0) if")
edit("penalties", "minus_one_at_zero",
     "At a weight of exactly 0 the L1 gradient is -1. There the slope is a convention, and here it is 0, as np.sign says; otherwise zeros are pushed away.",
     "strength * np.sign(w) if", "strength * np.where(w > 0, 1.0, -1.0) if")
edit("penalties", "signs_cancel",
     "The L1 penalty sums the weights with their signs, so that positive and negative ones cancel. Take absolute values.",
     "np.sum(np.abs(w))", "np.sum(w)")
edit("penalties", "l1_gradient_grows_with_the_weight",
     "The L1 gradient is proportional to the weight, which is that of L2. The slope of the absolute value is the sign alone: small weights are pushed as hard as large ones.",
     "strength * np.sign(w) if", "strength * w if")
edit("penalties", "gradients_of_weights_only",
     "The gradients of the biases are missing from the dictionary. Every name has its entry; a bias has zeros.",
     "np.zeros_like(w) for name, w in params.items()}", "np.zeros_like(w) for name, w in weights.items()}")
edit("penalties", "strength_forgotten_in_the_gradients",
     "strength is missing from the gradients.",
     "strength * w if", "1.0 * w if", "strength * np.sign(w) if", "1.0 * np.sign(w) if")

# --- soft_threshold ---------------------------------------------------------------------------------------------------

SOFT = "np.sign(w) * np.maximum(np.abs(w) - threshold, 0.0)"

edit("soft_threshold", "hard_threshold",
     "This is the hard threshold: small weights become 0, and the others stay where they are. The soft one also moves the others towards 0 by the threshold.",
     SOFT, "w * (np.abs(w) > threshold)")
edit("soft_threshold", "crosses_zero",
     "Small weights jump across 0 to the other side, as in a plain subgradient step, so none is ever exactly 0. Stop at 0.",
     SOFT, "w - threshold * np.sign(w)")
edit("soft_threshold", "negative_weights_lost",
     "All negative weights become 0. Both signs move towards 0, a negative one upwards.",
     SOFT, "np.maximum(w - threshold, 0.0)")
edit("soft_threshold", "sign_lost",
     "The results are never negative: the sign is lost. Put it back with np.sign(w).",
     SOFT, "np.maximum(np.abs(w) - threshold, 0.0)")
edit("soft_threshold", "clipped",
     "Large weights are cut down to the threshold, and small ones stay. It is the other way round: this part is what has to be subtracted.",
     SOFT, "np.clip(w, -threshold, threshold)")
edit("soft_threshold", "shrunk_in_proportion",
     "Every weight is shrunk by a factor, as L2 does. L1 takes the same amount from each, whatever its size.",
     SOFT, "w * (1 - threshold)")
edit("soft_threshold", "pushed_outwards",
     "The weights that stay are moved away from 0. Subtract the threshold from the absolute value.",
     SOFT, "np.sign(w) * (np.abs(w) + threshold) * (np.abs(w) > threshold)")
edit("soft_threshold", "half_the_step",
     "The weights move by half the threshold only.",
     SOFT, "np.sign(w) * np.maximum(np.abs(w) - threshold / 2, 0.0)")
edit("soft_threshold", "zeros_turn_to_nan",
     "You get the sign as w / abs(w), and at w = 0 that is nan. np.sign(0) is 0.",
     SOFT, "w / np.abs(w) * np.maximum(np.abs(w) - threshold, 0.0)")
edit("soft_threshold", "factor_by_division",
     "You shrink by a factor with abs(w) below the fraction bar. At w = 0 with threshold 0 that is 0 / 0, and the weight turns to nan.",
     SOFT, "w * np.maximum(1 - threshold / np.abs(w), 0.0)")
edit("soft_threshold", "two_clips_that_round",
     "On paper your formula gives 0 for small weights; in the computer rounding leaves about 1e-17. An exact zero has to be asked for: np.maximum(..., 0) or np.where.",
     SOFT, "w - (np.abs(w / 3 + threshold / 3) - np.abs(w / 3 - threshold / 3)) * 1.5")

edit("soft_threshold", "subtracted_from_both_signs",
     "You subtract the threshold from negative weights too, and that moves them away from 0. Towards 0 is upwards for them.",
     SOFT, "np.where(np.abs(w) <= threshold, 0.0, w - threshold)")

@wrong("soft_threshold", "The values are right, but you write zeros into the caller's own array. Build a new one.")
def writes_into_the_argument(w: Any, threshold: float) -> Any:
    if w.flags.writeable:
        w[np.abs(w) <= threshold] = 0.0
    return np.sign(w) * np.maximum(np.abs(w) - threshold, 0.0)


# --- dropout_forward --------------------------------------------------------------------------------------------------

MASK = "mask = (rng.random(x.shape) >= rate) / (1 - rate)"

edit("dropout_forward", "drops_in_use",
     "Entries are dropped in use as well. With training=False nothing is dropped: out is x and the mask is ones.",
     "if not training:", "if False:")
edit("dropout_forward", "not_scaled",
     "What is kept is not scaled up, so out is too small on average. Divide the mask by 1 - rate.",
     MASK, "mask = (rng.random(x.shape) >= rate) * 1.0")
edit("dropout_forward", "scaled_by_the_rate",
     "What is kept is divided by the rate. The rate is the share that is lost; divide by what is kept, 1 - rate, so that the mean stays.",
     MASK, "mask = (rng.random(x.shape) >= rate) / rate")
edit("dropout_forward", "rate_is_what_is_kept",
     "You took the rate for the probability of keeping an entry, in the draw and in the scale. Here it is the probability of dropping it.",
     MASK, "mask = (rng.random(x.shape) < rate) / rate")
edit("dropout_forward", "keeps_where_it_should_drop",
     "The comparison is the wrong way round: an entry is kept with probability rate. rng.random() is below rate with probability rate, and those are dropped.",
     MASK, "mask = (rng.random(x.shape) < rate) / (1 - rate)")
edit("dropout_forward", "scales_in_use_instead",
     "You scale down in use and not up in training, as in the first papers. Inverted dropout does it in training, so that in use nothing is left to do.",
     "return x.copy(), np.ones(x.shape)", "return x * (1 - rate), np.full(x.shape, 1 - rate)",
     MASK, "mask = (rng.random(x.shape) >= rate) * 1.0")
edit("dropout_forward", "scales_down_in_use_as_well",
     "out is scaled down in use. Inverted dropout has scaled up in training already, so that in use nothing is left to do: out is x.",
     "return x.copy(), np.ones(x.shape)", "return x * (1 - rate), np.ones(x.shape)")
edit("dropout_forward", "mask_not_scaled",
     "out is right, but the mask holds zeros and ones. The backward pass multiplies with it, so the mask itself has to carry the scale: out == x * mask.",
     "return x * mask, mask", "return x * mask, (mask > 0) * 1.0")
edit("dropout_forward", "scaled_twice",
     "out is divided by 1 - rate twice, once in the mask and once more.",
     "return x * mask, mask", "return x * mask / (1 - rate), mask")
edit("dropout_forward", "one_mask_for_all_samples",
     "All samples of the batch lose the same entries. Draw a number for each entry: rng.random(x.shape).",
     "rng.random(x.shape)", "np.broadcast_to(rng.random(x.shape[1:]), x.shape)")
edit("dropout_forward", "whole_samples",
     "Whole samples are dropped or kept. Draw a number for each entry: rng.random(x.shape).",
     "rng.random(x.shape)", "np.broadcast_to(rng.random(len(x)).reshape(-1, *[1] * (x.ndim - 1)), x.shape)")
edit("dropout_forward", "exactly_the_share",
     "The same number of entries is dropped every time. Each entry is dropped by itself, so the number varies.",
     "rng.random(x.shape) >= rate", "rng.permutation(x.size).reshape(x.shape) >= round(rate * x.size)")
edit("dropout_forward", "generator_of_its_own",
     "The mask does not come from rng: the same generator gives another mask when it starts anew, so no run can be repeated. Draw with rng.random.",
     "rng.random(x.shape)", "np.random.default_rng().random(x.shape)")
edit("dropout_forward", "seeded_inside",
     "Every call gives the same mask, whatever rng is: the generator is seeded inside. Draw with the rng that you are given.",
     "rng.random(x.shape)", "np.random.default_rng(0).random(x.shape)")
edit("dropout_forward", "mask_from_the_output",
     "The mask is taken from where out is not 0, so an input of 0 counts as dropped. Keep the mask that you drew.",
     "return x * mask, mask", "return x * mask, (x * mask != 0) / (1 - rate)")
edit("dropout_forward", "small_inputs_dropped",
     "You compare x with the rate, so the size of an entry decides whether it is kept. Chance decides: draw a number for each entry.",
     MASK, "mask = (x >= rate) / (1 - rate)")
edit("dropout_forward", "mask_and_out_swapped",
     "The pair comes in the wrong order: out first, then the mask.",
     "return x * mask, mask", "return mask, x * mask")

# --- dropout_backward -------------------------------------------------------------------------------------------------

edit("dropout_backward", "no_mask",
     "The gradient passes everywhere. An entry that was dropped had no influence on the output, so its gradient is 0.",
     "grad_out * mask", "grad_out.copy()")
edit("dropout_backward", "scale_forgotten",
     "Only the zeros of the mask are used. Forward, what was kept was also scaled up, and the gradient is scaled by the same factor.",
     "grad_out * mask", "grad_out * (mask > 0)")
edit("dropout_backward", "scaled_twice",
     "The gradient is scaled twice. The mask carries the factor already: multiply with it once.",
     "grad_out * mask", "grad_out * mask**2")
edit("dropout_backward", "divided_by_the_scale",
     "The gradient is divided by the scale. The output was multiplied by it, and so is the gradient.",
     "grad_out * mask", "np.where(mask > 0, grad_out / np.maximum(mask, 1), 0.0)")
edit("dropout_backward", "mask_upside_down",
     "The gradient passes where entries were dropped and stops where they were kept.",
     "grad_out * mask", "grad_out * (mask == 0)")
edit("dropout_backward", "mask_alone",
     "You return the mask. The chain rule multiplies it with the gradient that arrives, grad_out.",
     "grad_out * mask", "mask.copy()")
edit("dropout_backward", "divided_by_the_mask",
     "You divide by the mask, and it holds zeros. out = x * mask has the slope mask.",
     "grad_out * mask", "grad_out / mask")
edit("dropout_backward", "largest_for_all",
     "The scale is applied everywhere, also where entries were dropped.",
     "grad_out * mask", "grad_out * mask.max()")


@wrong("dropout_backward",
       "A new mask is drawn on the way back. The gradient belongs to the forward pass that was made, so use the mask that it used.")
def new_mask_on_the_way_back(grad_out: Any, mask: Any) -> Any:
    kept = np.random.default_rng(0).random(mask.shape) < np.mean(mask > 0)
    return grad_out * kept * mask.max()


@wrong("dropout_backward", "The values are right, but you multiply grad_out itself (*= works in place), and the caller may still need it.")
def in_place(grad_out: Any, mask: Any) -> Any:
    grad_out *= mask
    return grad_out


# --- train_regularized ------------------------------------------------------------------------------------------------

FEW = ("steps = 64, 100, 10, 800", "steps = 64, 100, 10, 9")

edit("train_regularized", "only_small_weights",
     "Your net is sound on digits that sit in the middle, and a shift by one pixel confuses it. Weight decay and dropout cannot tell it that a shifted digit is the same digit: "
     "train on shifted copies.",
     "rng.integers(0, 3, size=2)", "(1, 1)")
edit("train_regularized", "shifted_one_way_only",
     "Your net has seen digits shifted in one direction only, it seems, and half of those it is asked about lie elsewhere. All nine places are wanted, "
     "the slanting ones too.",
     "rng.integers(0, 3, size=2)", "(1, rng.integers(0, 3))")
edit("train_regularized", "steps_too_large",
     "predict gives every picture the same label, as happens when the loss has become nan. Divide the pixels by 16 and take smaller steps; if the loss is a number, "
     "look whether the labels still belong to the pictures.",
     "lr = 0.1", "lr = 50.0")
edit("train_regularized", "labels_apart_from_pictures",
     "The net does no better than guessing. Look whether pictures and labels are still in the same order after shuffling, whether the pixels are divided by 16, "
     "whether the loss falls, and whether predict uses what was trained.",
     "padded = np.pad(", "labels = rng.permutation(labels)\n    padded = np.pad(")
edit("train_regularized", "returns_scores",
     "predict returns the scores of all ten classes. It should return one label a picture: the class with the highest score.",
     "np.argmax(hidden @ w2 + b2, axis=1)", "hidden @ w2 + b2", *FEW)
edit("train_regularized", "labels_as_floats",
     "predict returns floats. Labels are class numbers: return integers.",
     "np.argmax(hidden @ w2 + b2, axis=1)", "np.argmax(hidden @ w2 + b2, axis=1) * 1.0", *FEW)
edit("train_regularized", "best_picture_of_a_class",
     "predict returns ten numbers, whatever it is asked: the highest score is looked for among the pictures. "
     "Look for it among the classes, so that each picture gets one label.",
     "np.argmax(hidden @ w2 + b2, axis=1)", "np.argmax(hidden @ w2 + b2, axis=0)", *FEW)
