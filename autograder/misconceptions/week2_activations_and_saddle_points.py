"""Typical wrong answers of ``week2/01_activations_and_saddle_points``."""

from typing import Any

import numpy as np

from autograder.misconceptions import edit, wrong

# --- leaky_relu -------------------------------------------------------------------------------------------------------

LEAKY, LEAKY_GRAD = "np.where(x > 0, x, slope * x)", "np.where(x > 0, 1.0, slope)"
edit("leaky_relu", "slope_on_the_wrong_side",
     "The slope is on the wrong side: you weaken what is positive. Positive inputs pass as they are, the others are multiplied by the slope.",
     LEAKY, "np.where(x > 0, slope * x, x)", LEAKY_GRAD, "np.where(x > 0, slope, 1.0)")
edit("leaky_relu", "nothing_leaks", "This is the ordinary ReLU: below 0 nothing leaks through. There the value is slope * x and the derivative is the slope.",
     LEAKY, "np.maximum(x, 0.0)", LEAKY_GRAD, "np.where(x > 0, 1.0, 0.0)")
edit("leaky_relu", "derivative_of_relu",
     "The function is right, and the derivative is that of the ordinary ReLU. The derivative below 0 is the slope: that is what leaks back.",
     LEAKY_GRAD, "np.where(x > 0, 1.0, 0.0)")
edit("leaky_relu", "passes_at_the_kink", "At exactly 0 your derivative is 1. In this course it is the one from the left: the slope.", LEAKY_GRAD, "np.where(x >= 0, 1.0, slope)")
edit("leaky_relu", "mean_at_the_kink", "At exactly 0 you take the mean of both sides. That is a legal choice in general; in this course the derivative at 0 is the slope.",
     LEAKY_GRAD, "np.where(x > 0, 1.0, slope) + (x == 0) * (1 - slope) / 2")
edit("leaky_relu", "slope_fixed", "The slope is always 0.01, whatever is asked for. Use the argument.", LEAKY, "np.where(x > 0, x, 0.01 * x)", LEAKY_GRAD, "np.where(x > 0, 1.0, 0.01)")
edit("leaky_relu", "slope_fixed_in_the_derivative", "The derivative always leaks 0.01, whatever slope is asked for. Use the argument there too.", LEAKY_GRAD, "np.where(x > 0, 1.0, 0.01)")
edit("leaky_relu", "slope_zero_ignored", "A slope of 0 is taken for no slope at all, so that the usual 0.01 steps in. 0 is a legal slope: that is the ordinary ReLU.",
     LEAKY, "np.where(x > 0, x, (slope or 0.01) * x)", LEAKY_GRAD, "np.where(x > 0, 1.0, slope or 0.01)")
edit("leaky_relu", "negative_side_mirrored", "Negative inputs come out positive, so the function turns at 0 like an absolute value. Below 0 it goes on falling: slope * x.",
     LEAKY, "np.where(x > 0, x, -slope * x)")
edit("leaky_relu", "slope_without_x", "Below 0 you return the slope itself. The function there is slope times x; the slope alone is its derivative.", LEAKY, "np.where(x > 0, x, slope)")
edit("leaky_relu", "derivative_times_x", "Your derivative is the function itself: x where the derivative is 1. The derivative is 1 above 0 and the slope below.",
     LEAKY_GRAD, "np.where(x > 0, x, slope * x)")


@wrong("leaky_relu", "The values are right, but you change the caller's array. Return a new one.", replaces="leaky_relu")
def leaky_in_place(x: Any, slope: float = 0.01) -> Any:
    if x.flags.writeable:
        x[x <= 0] *= slope
        return x.copy()
    return np.where(x > 0, x, slope * x)


# --- softplus ---------------------------------------------------------------------------------------------------------

PLUS, PLUS_GRAD = "np.logaddexp(x, 0.0)", "np.exp(-np.logaddexp(-x, 0.0))"
edit("softplus", "overflows", "exp(x) overflows for large inputs, and the function is inf where it should be about x. Use logaddexp, or max(x, 0) + log(1 + exp(-|x|)).",
     PLUS, "np.log(1 + np.exp(x))")
edit("softplus", "derivative_overflows", "The derivative is infinity over infinity for large inputs. Divide both by exp(x), or write it with exp(-|x|).",
     PLUS_GRAD, "np.exp(x) / (1 + np.exp(x))")
edit("softplus", "derivative_warns", "The values are right, but the derivative computes exp(1000) on the way, and numpy warns. Let nothing but exp(-|x|) be computed.",
     PLUS_GRAD, "1 / (1 + np.exp(-x))")
edit("softplus", "both_overflow",
     "Function and derivative both compute exp(x), which overflows above 709. Use logaddexp for the one, and exp(-|x|) for the other.",
     PLUS, "np.log(1 + np.exp(x))", PLUS_GRAD, "np.exp(x) / (1 + np.exp(x))")
edit("softplus", "overflows_here_and_warns_there",
     "exp overflows in both: the function turns to inf for large inputs, and the derivative warns for very negative ones. Let nothing but exp(-|x|) be computed.",
     PLUS, "np.log(1 + np.exp(x))", PLUS_GRAD, "1 / (1 + np.exp(-x))")
edit("softplus", "where_computes_both",
     "np.where computes both of its parts everywhere and chooses afterwards, so the part that is thrown away overflows all the same. Use logaddexp, or exp(-|x|) alone.",
     PLUS, "np.where(x > 30, x, np.log(1 + np.exp(x)))")
edit("softplus", "clipped", "You clip the input to stay clear of the overflow, so the function stops growing at 20. For large x it is x itself.",
     PLUS, "np.log(1 + np.exp(np.clip(x, -20, 20)))")
edit("softplus", "derivative_from_the_output",
     "Your derivative is right if softplus(x) is passed to it: it treats its argument as the output. It gets the input x, and is the sigmoid of that.",
     PLUS_GRAD, "1 - np.exp(-x)")
edit("softplus", "derivative_of_relu", "Your derivative is that of ReLU, with a step at 0. Softplus is smooth: its derivative is the sigmoid.", PLUS_GRAD, "np.where(x > 0, 1.0, 0.0)")
edit("softplus", "derivative_of_the_sigmoid", "That is the derivative of the sigmoid. The derivative of softplus is the sigmoid itself.",
     PLUS_GRAD, "np.exp(-np.abs(x)) / (1 + np.exp(-np.abs(x)))**2")
edit("softplus", "relu_itself", "This is ReLU and its derivative, with a corner at 0. Softplus rounds that corner off: log(1 + exp(x)), whose derivative is the sigmoid.",
     PLUS, "np.maximum(x, 0.0)", PLUS_GRAD, "np.where(x > 0, 1.0, 0.0)")
edit("softplus", "mirrored", "The sign of x is turned round: your function falls from left to right. It is log(1 + exp(x)), with a plus.", PLUS, "np.logaddexp(-x, 0.0)")
edit("softplus", "derivative_mirrored", "The sign in the derivative's exponent is turned round: your derivative falls from 1 to 0. It rises from 0 to 1.", PLUS_GRAD, "np.exp(-np.logaddexp(x, 0.0))")
edit("softplus", "logarithm_to_base_two", "You take the logarithm to base 2. Here, as in all formulas of the course, log is the natural one.", PLUS, "np.logaddexp(x, 0.0) / np.log(2)")
edit("softplus", "larger_part_forgotten",
     "log(1 + exp(-|x|)) is the small part alone. The part that was taken out of the logarithm, max(x, 0), has to be added again.", PLUS, "np.log1p(np.exp(-np.abs(x)))")

# --- squared_relu -----------------------------------------------------------------------------------------------------

SQUARED, SQUARED_GRAD = "np.maximum(x, 0.0) ** 2", "2 * np.maximum(x, 0.0)"
edit("squared_relu", "square_without_mask", "You square negative inputs too. They are cut off first: max(x, 0), and then the square.", SQUARED, "x**2")
edit("squared_relu", "derivative_without_mask", "The derivative has lost its mask: below 0 the function is 0, and its slope is 0 there, not 2x.", SQUARED_GRAD, "2 * x")
edit("squared_relu", "no_mask_at_all", "There is no ReLU in it: you square x and take 2x for the derivative. Negative inputs are cut off in both.", SQUARED, "x**2", SQUARED_GRAD, "2 * x")
edit("squared_relu", "derivative_of_relu", "Your derivative is that of ReLU, 1 where x is positive. The square brings a factor of its own: 2 * max(x, 0).", SQUARED_GRAD, "np.where(x > 0, 1.0, 0.0)")
edit("squared_relu", "factor_two_forgotten", "The factor 2 is missing in the derivative.", SQUARED_GRAD, "np.maximum(x, 0.0)")
edit("squared_relu", "inner_value_forgotten", "The outer derivative is 2u at u = max(x, 0), not 2 alone. Your slope does not grow with x.", SQUARED_GRAD, "np.where(x > 0, 2.0, 0.0)")
edit("squared_relu", "derivative_from_the_output", "Your derivative is 2 times the output. It is 2 times the input, where that is positive; the square is already differentiated.",
     SQUARED_GRAD, "2 * np.maximum(x, 0.0)**2")
edit("squared_relu", "not_squared", "The square is missing: this is the ordinary ReLU.", SQUARED, "np.maximum(x, 0.0)")
edit("squared_relu", "sign_kept", "Negative inputs come out as minus their square. They are cut off: the function is 0 there.", SQUARED, "x * np.abs(x)")
edit("squared_relu", "doubled", "You multiply by 2 where a square is asked for.", SQUARED, "np.maximum(x, 0.0) * 2")

# --- sigmoid ----------------------------------------------------------------------------------------------------------

SIGMOID = "e = np.exp(-np.abs(x))\n    return np.where(x >= 0, 1.0, e) / (1 + e)"
SIGMOID_GRAD = "e = np.exp(-np.abs(x))\n    return e / (1 + e) ** 2"
edit("sigmoid", "derivative_from_the_output",
     "You compute x * (1 - x), which is the derivative if the output sigmoid(x) is passed in. Here the input comes in: take the sigmoid of it first.", SIGMOID_GRAD, "return x * (1 - x)")
edit("sigmoid", "sigmoid_taken_twice", "The derivative takes the sigmoid of the sigmoid. Compute s = sigmoid(x) once; then the derivative is s * (1 - s).",
     SIGMOID_GRAD, "s = sigmoid(sigmoid(x))\n    return s * (1 - s)")
edit("sigmoid", "exp_overflows",
     "The values are right, but exp overflows on the way and numpy warns. Compute e = exp(-|x|), which never exceeds 1, and choose the numerator by the sign of x: "
     "np.where around two whole fractions computes both, so it warns too.",
     SIGMOID, "return 1 / (1 + np.exp(-x))", SIGMOID_GRAD, "s = sigmoid(x)\n    return s * (1 - s)")
edit("sigmoid", "function_overflows", "The values are right, but in the function exp overflows on the way and numpy warns. Compute e = exp(-|x|), and choose the numerator by the sign of x.",
     SIGMOID, "return 1 / (1 + np.exp(-x))")
edit("sigmoid", "derivative_overflows",
     "The derivative is infinity over infinity at one end, which is nan. It is symmetric, so compute it with exp(-|x|).", SIGMOID_GRAD, "return np.exp(-x) / (1 + np.exp(-x))**2")
edit("sigmoid", "infinity_over_infinity", "exp(x) / (1 + exp(x)) is infinity over infinity for large inputs. It is 1 / (1 + exp(-x)) there: choose by the sign of x.",
     SIGMOID, "return np.exp(x) / (1 + np.exp(x))")
edit("sigmoid", "falls", "The sign in the exponent is missing: your function falls from 1 to 0. The sigmoid rises.", SIGMOID, "e = np.exp(-np.abs(x))\n    return np.where(x >= 0, e, 1.0) / (1 + e)")
edit("sigmoid", "derivative_is_the_sigmoid", "You return the sigmoid itself as its derivative. The derivative is s * (1 - s).", SIGMOID_GRAD, "return sigmoid(x)")
edit("sigmoid", "one_minus_forgotten", "The derivative is s * (1 - s); you multiply s by itself.", SIGMOID_GRAD, "return sigmoid(x)**2")
edit("sigmoid", "derivative_of_tanh", "1 - s**2 is the pattern of tanh. The sigmoid's derivative is s * (1 - s).", SIGMOID_GRAD, "return 1 - sigmoid(x)**2")
edit("sigmoid", "right_half_mirrored",
     "1 / (1 + exp(-|x|)) is right for x >= 0, and you take it for negative x too, so the two sides are alike. For x < 0 the numerator is exp(-|x|) instead of 1.",
     SIGMOID, "return 1 / (1 + np.exp(-np.abs(x)))")
edit("sigmoid", "tanh_for_sigmoid", "This goes from -1 to 1: it is tanh. The sigmoid goes from 0 to 1.", SIGMOID, "return np.tanh(x)")
edit("sigmoid", "tanh_of_the_whole", "The sigmoid is (1 + tanh(x / 2)) / 2. The half in the argument is missing, so your function is twice as steep.", SIGMOID, "return (1 + np.tanh(x)) / 2")

# --- tanh_ ------------------------------------------------------------------------------------------------------------

TANH, TANH_GRAD = "np.tanh(x)", "1 - np.tanh(x) ** 2"
edit("tanh_", "derivative_from_the_output", "You compute 1 - x**2, which is the derivative if the output tanh(x) is passed in. Here the input comes in: take its tanh first.", TANH_GRAD, "1 - x**2")
edit("tanh_", "tanh_taken_twice", "The derivative takes tanh of tanh(x). Take it once, and then 1 - t**2.", TANH_GRAD, "1 - np.tanh(np.tanh(x)) ** 2")
edit("tanh_", "square_of_the_difference", "You square the whole difference, (1 - tanh(x))**2. Only the tanh is squared: 1 - tanh(x)**2.", TANH_GRAD, "(1 - np.tanh(x)) ** 2")
edit("tanh_", "square_forgotten", "The square is missing: the derivative is 1 - tanh(x)**2.", TANH_GRAD, "1 - np.tanh(x)")
edit("tanh_", "pattern_of_the_sigmoid", "t * (1 - t) is the pattern of the sigmoid. The derivative of tanh is 1 - t**2.", TANH_GRAD, "np.tanh(x) * (1 - np.tanh(x))")
edit("tanh_", "plus_for_minus", "There is a plus where a minus belongs: your slope exceeds 1. It is 1 - tanh(x)**2, at most 1.", TANH_GRAD, "1 + np.tanh(x) ** 2")
edit("tanh_", "derivative_is_the_function", "You return tanh itself as its derivative. The derivative is 1 - tanh(x)**2.", TANH_GRAD, "np.tanh(x)")
edit("tanh_", "quotient_overflows", "Written with exp(x) and exp(-x), or with sinh and cosh, the function is infinity over infinity far from 0. np.tanh does it right.",
     "    return np.tanh(x)", "    return (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))")
edit("tanh_", "derivative_warns", "The values are right, but cosh overflows far from 0 and numpy warns. 1 - tanh(x)**2 has no such trouble.", TANH_GRAD, "1 / np.cosh(x) ** 2")
edit("tanh_", "sigmoid_stretched", "This is 2 * sigmoid(x) - 1, which is tanh(x / 2). tanh(x) is 2 * sigmoid(2 * x) - 1.", "    return np.tanh(x)", "    return np.tanh(x / 2)")
edit("tanh_", "sigmoid_for_tanh", "This goes from 0 to 1: it is the sigmoid. tanh goes from -1 to 1.", "    return np.tanh(x)", "    return (1 + np.tanh(x / 2)) / 2")
edit("tanh_", "tangent", "np.tan is the tangent of an angle. Wanted is the hyperbolic one, np.tanh.", "    return np.tanh(x)", "    return np.tan(x)")

# --- collapse_linear_layers -------------------------------------------------------------------------------------------

STEP = "w, b = w @ next_w, b @ next_w + next_b"
edit("collapse_linear_layers", "last_bias_only", "Only the last bias is left. Those before it go through the layers that follow, and are added.", STEP, "w, b = w @ next_w, next_b.copy()")
edit("collapse_linear_layers", "last_bias_forgotten", "The biases go through the layers, but the next layer's own bias is not added.", STEP, "w, b = w @ next_w, b @ next_w")
edit("collapse_linear_layers", "next_bias_through_its_own_weight", "The next layer's bias is sent through that layer's own weight. It is added behind it: b @ next_w + next_b.",
     STEP, "w, b = w @ next_w, (b + next_b) @ next_w if len(b) == len(next_b) else b @ next_w + next_b")
edit("collapse_linear_layers", "only_two_layers", "Only the first two layers are collapsed. Go on, with the pair (w, b) of all layers so far, to the end of the list.",
     "zip(weights[1:], biases[1:])", "zip(weights[1:2], biases[1:2])")
edit("collapse_linear_layers", "first_layer_forgotten", "The first layer is missing in the product.", "weights[0].copy(), biases[0].copy()", "np.eye(len(biases[0])), 0 * biases[0]")
edit("collapse_linear_layers", "relu_between", "There is a ReLU between the layers. Here is none: that is why the stack collapses.", STEP, "w, b = w @ next_w, np.maximum(b, 0.0) @ next_w + next_b")
edit("collapse_linear_layers", "bias_kept_as_a_row", "The bias has an axis too many: its shape is (M,), not (1, M).", "    return w, b", "    return w, b[None]")
edit("collapse_linear_layers", "weight_transposed", "The weight is transposed: samples are rows and the layer computes x @ w, so w has the shape (inputs, outputs).", "    return w, b", "    return w.T.copy(), b")
edit("collapse_linear_layers", "bias_first_in_the_pair", "The two results have changed places: the weight comes first.", "    return w, b", "    return b, w")
edit("collapse_linear_layers", "bias_as_seen_from_zero_input_twice", "The first bias is counted twice: it is in b already when the layer's own is added.",
     "    return w, b", "    first = biases[0]\n    for next_w in weights[1:]:\n        first = first @ next_w\n    return w, b + first")


@wrong("collapse_linear_layers", "You add the biases up as they are. A bias goes through all layers that come after it: b @ next_w + next_b.")
def biases_added(weights: Any, biases: Any) -> Any:
    w = weights[0].copy()
    for next_w in weights[1:]:
        w = w @ next_w
    return w, sum(biases[1:], biases[0].copy())


@wrong("collapse_linear_layers", "The matrices stand in the wrong order. x meets the first one first: x @ w1 @ w2, so the product is w1 @ w2 in the order of the list.")
def product_reversed(weights: Any, biases: Any) -> Any:
    w, b = weights[0].copy(), biases[0].copy()
    for next_w, next_b in zip(weights[1:], biases[1:], strict=True):
        w, b = next_w @ w, b @ next_w + next_b
    return w, b


# --- xor_network ------------------------------------------------------------------------------------------------------

edit("xor_network", "or", "This is OR: at the corner (1, 1) it gives 1. After the sum has passed 1 the output has to come down again, with slope -1.", "[1.0, -2.0]", "[1.0, -1.0]")
edit("xor_network", "and", "This is AND: only the corner (1, 1) gives 1.", "[1.0, -2.0]", "[0.0, 1.0]")
edit("xor_network", "turned_round", "The answers are turned round: equal inputs give 1 and different ones 0. Turn the sign of w2 and adapt b2.", "[1.0, -2.0]", "[-1.0, 2.0]", ", 0.0", ", 1.0")
edit("xor_network", "no_bias_in_the_hidden_layer",
     "Both hidden units bend at the same place, so together they are one line. Give one of them a bias, so that it begins later.", "[0.0, -1.0]", "[0.0, 0.0]")
edit("xor_network", "linear_units", "At (1, 1) your net says 2: the sum of the inputs alone comes out. The second unit has to bend it down from a sum of 1 on; yours begins too late, or is not there to bend.", "[1.0, -2.0]", "[1.0, 0.0]")
edit("xor_network", "step_units",
     "This would be right with units that jump from 0 to 1, at 0.5 and at 1.5. A ReLU does not jump: it rises from there on, so the corners lie on slopes.",
     "[0.0, -1.0]", "[-0.5, -1.5]", "[1.0, -2.0]", "[1.0, -1.0]")
edit("xor_network", "twice_as_large", "The pattern is right and all outputs are twice as large. 1 is wanted at (0, 1) and (1, 0): halve w2.", "[1.0, -2.0]", "[2.0, -4.0]")
edit("xor_network", "half_as_large", "The pattern is right and all outputs are half as large. 1 is wanted at (0, 1) and (1, 0): double w2.", "[1.0, -2.0]", "[0.5, -1.0]")
edit("xor_network", "sign_of_the_bias", "The second unit has the bias +1, so it begins at a sum of -1, before everything. It has to begin at +1, and that is a bias of -1.", "[0.0, -1.0]", "[0.0, 1.0]")
edit("xor_network", "w2_as_a_column", "w2 has an axis too many: its shape is (2,), not (2, 1).", "[1.0, -2.0]", "[[1.0], [-2.0]]")
edit("xor_network", "b2_as_an_array", "b2 is an array. There is one output unit, so b2 is a number.", ", 0.0", ", np.zeros(1)")
edit("xor_network", "one_half_everywhere", "All corners get 0.5: the best that a linear function can do, and what training ends with when it is stuck.", "[1.0, -2.0]", "[0.0, 0.0]", ", 0.0", ", 0.5")
edit("xor_network", "minus_and_plus_one", "The wanted outputs are 0 and 1, not -1 and 1. Halve w2, and take b2 so that equal inputs give 0.", "[1.0, -2.0]", "[2.0, -4.0]", ", 0.0", ", -1.0")

# --- zero_fraction ----------------------------------------------------------------------------------------------------

SHARE = "float(np.mean(a == 0))"
edit("zero_fraction", "not_positive", "Negative values are counted as zeros too. What is asked for is what is exactly zero: a == 0.", SHARE, "float(np.mean(a <= 0))")
edit("zero_fraction", "share_that_is_not_zero", "This is the share of entries that are not zero: the density, where the sparsity is asked for.", SHARE, "float(np.mean(a != 0))")
edit("zero_fraction", "percent", "These are percentages. A share lies between 0 and 1.", SHARE, "float(100 * np.mean(a == 0))")
edit("zero_fraction", "counts", "These are counts. Divide by the number of entries.", SHARE, "int(np.sum(a == 0))")
edit("zero_fraction", "divided_by_the_samples", "You divide by the number of samples. Divide by the number of all entries.", SHARE, "float(np.sum(a == 0) / len(a))")
edit("zero_fraction", "nearly_zero", "Tiny values are counted as zeros (np.isclose does that). What is asked for is what is exactly zero.", SHARE, "float(np.mean(np.isclose(a, 0.0)))")
edit("zero_fraction", "all_layers_together", "This is one share over all layers. One number for each array is asked for.",
     "[float(np.mean(a == 0)) for a in activations]", "sum(np.sum(a == 0) for a in activations) / sum(a.size for a in activations)")
edit("zero_fraction", "mean_of_the_layers", "You average the layers' shares. One number for each array is asked for.",
     "[float(np.mean(a == 0)) for a in activations]", "float(np.mean([np.mean(a == 0) for a in activations]))")
edit("zero_fraction", "by_unit", "These are the shares of each unit, over the samples. One number for a whole array is asked for.", SHARE, "np.mean(a == 0, axis=0)")
edit("zero_fraction", "an_array", "The shares are right, but they stand in an array. A list of floats is asked for.",
     "[float(np.mean(a == 0)) for a in activations]", "np.array([np.mean(a == 0) for a in activations])")
edit("zero_fraction", "dead_units_counted", "You count units that are zero for all samples. Here every single zero counts.", SHARE, "float(np.mean(np.all(a == 0, axis=0)))")

# --- dead_units -------------------------------------------------------------------------------------------------------

DEAD = "np.all(activations == 0, axis=0)"
edit("dead_units", "silent_once", "You find units that are zero for some sample. A dead unit is zero for all of them: all, not any.", DEAD, "np.any(activations == 0, axis=0)")
edit("dead_units", "not_positive", "A unit that is negative is counted as dead. It is not zero, so it lives: ask for == 0.", DEAD, "np.all(activations <= 0, axis=0)")
edit("dead_units", "largest_is_zero", "You ask whether the largest value is zero. Beside zeros a unit may have negative values, and those are signs of life: ask about every value.",
     DEAD, "activations.max(axis=0) == 0")
edit("dead_units", "sum_is_zero", "You ask whether the sum (or the mean) is zero. Positive and negative values can cancel: ask whether every one of them is zero.", DEAD, "np.abs(activations.sum(axis=0)) < 1e-15")
edit("dead_units", "the_living", "It is turned round: these are the units that are alive.", DEAD, "np.any(activations != 0, axis=0)")
edit("dead_units", "samples_for_units", "You go over the units of each sample. A unit is a column: the question is asked over the samples, axis 0.", DEAD, "np.all(activations == 0, axis=1)")
edit("dead_units", "indices", "These are the numbers of the dead units. What is asked for is an array of booleans, one for each unit.", DEAD, "np.flatnonzero(np.all(activations == 0, axis=0))")
edit("dead_units", "nearly_zero", "A tiny activation is counted as dead (np.isclose does that). It still passes a gradient: ask for exactly zero.", DEAD, "np.all(np.isclose(activations, 0.0), axis=0)")
edit("dead_units", "first_sample_only", "Only the first sample is looked at. A dead unit is zero for all of them.", DEAD, "activations[0] == 0")
edit("dead_units", "zeros_and_ones", "These are zeros and ones. Booleans are asked for: an array of true and false.", DEAD, "np.all(activations == 0, axis=0).astype(int)")
edit("dead_units", "how_many", "This is the number of dead units. What is asked for is which ones: a boolean for each unit.", DEAD, "int(np.all(activations == 0, axis=0).sum())")
edit("dead_units", "mostly_zero", "You call a unit dead that is zero for more than half of the samples. A dead unit is zero for all.", DEAD, "np.mean(activations == 0, axis=0) > 0.5")

# --- numerical_hessian ------------------------------------------------------------------------------------------------

CORNER = "(f(x + a + b) - f(x + a - b) - f(x - a + b) + f(x - a - b)) / (4 * h**2)"
edit("numerical_hessian", "one_sided", "The steps go to one side only, so the error falls as h and not as h**2. Step to both sides: four corners around x.",
     CORNER, "(f(x + a + b) - f(x + a) - f(x + b) + f(x)) / h**2")
edit("numerical_hessian", "backward", "The steps go to one side only, downwards. Step to both sides: four corners around x.", CORNER, "(f(x - a - b) - f(x - a) - f(x - b) + f(x)) / h**2")
edit("numerical_hessian", "four_forgotten", "All is four times too large: the corners lie 2h apart in each direction, so the divisor is 4 h**2.", "(4 * h**2)", "h**2")
edit("numerical_hessian", "two_for_four", "All is twice too large: the corners lie 2h apart in each of two directions, so the divisor is 4 h**2.", "(4 * h**2)", "(2 * h**2)")
edit("numerical_hessian", "square_forgotten", "You divide by h once. Two differences were taken, one in each direction, so the divisor is 4 h**2.", "(4 * h**2)", "(4 * h)")
edit("numerical_hessian", "diagonal_only", "Only the second derivatives of single coordinates are there. The mixed ones, off the diagonal, belong to the Hessian too.", "range(i + 1)", "range(i, i + 1)")
edit("numerical_hessian", "upper_half_empty", "The half above the diagonal is empty. The Hessian is symmetric: what is computed for (i, j) stands at (j, i) too.",
     "hessian[j, i] = hessian[i, j]", "hessian[j, i] += 0.0")
edit("numerical_hessian", "diagonal_four_times_too_small", "The diagonal is four times too small: f(x + h) - 2 f(x) + f(x - h) is divided by h**2, not by 4 h**2.",
     CORNER, "(f(x + a + b) - f(x + a - b) - f(x - a + b) + f(x - a - b) if i != j else f(x + a) - 2 * f(x) + f(x - a)) / (4 * h**2)")
edit("numerical_hessian", "mixed_terms_four_times_too_large", "The diagonal is right, and the other entries are four times too large: their corners lie 2h apart in each direction.",
     CORNER, "(f(x + a + b) - f(x + a - b) - f(x - a + b) + f(x - a - b)) / (h**2 if i != j else 4 * h**2)")
edit("numerical_hessian", "mixed_terms_doubled", "The entries off the diagonal are doubled, as if (i, j) and (j, i) were added. Each of the two is the same single derivative.",
     "hessian[j, i] = hessian[i, j]", "hessian[i, j] = hessian[j, i] = hessian[i, j] * (1 if i == j else 2)")
edit("numerical_hessian", "signs_of_the_corners", "The corners have the wrong signs. Where one coordinate goes up and the other down the sign is minus, at the two other corners plus.",
     CORNER, "(f(x + a + b) - f(x - a + b) + f(x + a - b) - f(x - a - b)) / (4 * h**2)")


edit("numerical_hessian", "second_step_wipes_out_the_first",
     "The diagonal has three quarters of its value. There both steps are steps along the same coordinate and have to add up, x + h - h; yours overwrite each other.",
     "(f(x + a + b) - f(x + a - b) - f(x - a + b) + f(x - a - b))",
     "(f(x + a + b) - f(x + a * (i != j) - b) - f(x - a * (i != j) + b) + f(x - a - b))")


@wrong("numerical_hessian", "These are the n second derivatives of single coordinates, which is the diagonal alone. The Hessian is the whole matrix, (n, n), with the mixed ones in it.")
def diagonal_as_a_vector(f: Any, x: Any, h: float = 1e-4) -> Any:
    return np.array([(f(x + e) - 2 * f(x) + f(x - e)) / h**2 for e in h * np.eye(len(x))])


def _slopes(f: Any, x: Any, h: float) -> np.ndarray:
    return np.array([(f(x + e) - f(x - e)) / (2 * h) for e in h * np.eye(len(x))])


@wrong("numerical_hessian",
       "Your matrix is not symmetric: the gradient inside is central, but its change is taken to one side only. Take the change of the gradient on both sides too.")
def asymmetric(f: Any, x: Any, h: float = 1e-4) -> Any:
    here = _slopes(f, x, h)
    return np.array([(_slopes(f, x + e, h) - here) / h for e in h * np.eye(len(x))])


@wrong("numerical_hessian", "This is the product of the gradient with itself. It holds first derivatives only; the Hessian holds second ones.")
def outer_product_of_the_gradient(f: Any, x: Any, h: float = 1e-4) -> Any:
    slopes = _slopes(f, x, h)
    return np.outer(slopes, slopes)


@wrong("numerical_hessian", "This is the gradient, (n,). The Hessian is its derivative: a matrix (n, n).")
def gradient_alone(f: Any, x: Any, h: float = 1e-4) -> Any:
    return _slopes(f, x, h)


edit("numerical_hessian", "step_written_into_the_code", "The step is 0.0001, whatever h is passed. Whoever calls may choose another one: use the argument.",
     "    n = len(x)\n", "    n = len(x)\n    h = 1e-4\n")
edit("numerical_hessian", "parentheses_forgotten",
     "All entries are nearly zero. Is the whole of 4 h**2 in the denominator? Without parentheses Python divides by 4 and then multiplies by h**2.", "/ (4 * h**2)", "/ 4 * h**2")
edit("numerical_hessian", "steps_overwrite_each_other",
     "The diagonal is zero. There both steps go along the same coordinate, where they have to add up; the second of yours overwrites the first.",
     "x + a", "x + a * (i != j)", "x - a", "x - a * (i != j)")


# --- hessian_vector_product -------------------------------------------------------------------------------------------

PRODUCT = "(grad(x + step) - grad(x - step)) * (length / (2 * h))"
edit("hessian_vector_product", "one_sided", "You step to one side of x only, so the error falls as h and not as h**2. Ask on both sides: x + step and x - step.",
     PRODUCT, "(grad(x + step) - grad(x)) * (length / h)")
edit("hessian_vector_product", "step_not_scaled",
     "The step is h * v, so a very long vector leaps far away, and a very short one drowns in rounding. Step by h * v / norm, and multiply by norm at the end.",
     "h * v / length", "h * v", PRODUCT, "(grad(x + step) - grad(x - step)) / (2 * h)")
edit("hessian_vector_product", "length_forgotten", "You multiply the Hessian by the unit vector along v. The length of v has to come back: multiply by it at the end.", "(length / (2 * h))", "(1 / (2 * h))")
edit("hessian_vector_product", "step_written_into_the_code", "The step is always 0.00001 long. Whoever calls may choose another h: use the argument.",
     "    if length == 0:", "    h = 1e-5\n    if length == 0:")
edit("hessian_vector_product", "two_forgotten", "All is twice too large: the two gradients lie 2h apart.", "(length / (2 * h))", "(length / h)")
edit("hessian_vector_product", "sign_turned", "The sign is turned round: ahead minus behind, grad(x + step) - grad(x - step).", PRODUCT, "(grad(x - step) - grad(x + step)) * (length / (2 * h))")
edit("hessian_vector_product", "along_v_only", "This is the curvature along v, the number v @ H @ v. What is asked for is the vector H @ v.", PRODUCT, "float(v @ (grad(x + step) - grad(x - step))) * (length / (2 * h))")
edit("hessian_vector_product", "entry_by_entry", "You multiply the change of the gradient by v entry by entry. The change along v is already the product.",
     PRODUCT, "v * (grad(x + step) - grad(x - step)) / (2 * h)")
edit("hessian_vector_product", "squared_length", "You divide or multiply by the squared length where the length belongs.", "(length / (2 * h))", "(length**2 / (2 * h))")


edit("hessian_vector_product", "root_forgotten", "You take the sum of squares for the length, so the step is not h long: too short for a long vector, too long for a short one. The root is missing.",
     "np.linalg.norm(v)", "v @ v")
edit("hessian_vector_product", "small_number_added",
     "A small number is added to the length, so that nothing is divided by zero. Next to a vector of length 1e-9 it is not small. Ask whether the length is 0 instead.",
     "h * v / length", "h * v / (length + 1e-8)")
edit("hessian_vector_product", "short_taken_for_zero",
     "A short vector is taken for the zero vector. It has a product too: nothing but a length of exactly 0 is the special case.", "if length == 0:", "if length < 1e-6:")


@wrong("hessian_vector_product", "For the zero vector you divide by its length, 0 / 0. The result there is zeros: ask for the length before you divide.")
def divides_by_zero(grad: Any, x: Any, v: Any, h: float = 1e-5) -> Any:
    length = np.linalg.norm(v)
    with np.errstate(all="ignore"):
        step = h * v / length
    return (grad(x + step) - grad(x - step)) * (length / (2 * h))


@wrong("hessian_vector_product",
       "The result is right, but you build the whole Hessian first, with two gradients for each coordinate. Two in all are enough: the change of the gradient along v is the product.")
def whole_hessian(grad: Any, x: Any, v: Any, h: float = 1e-5) -> Any:
    return np.array([(grad(x + e) - grad(x - e)) / (2 * h) for e in h * np.eye(len(x))]).T @ v


@wrong("hessian_vector_product", "This is how f changes along v, entry by entry: the gradient times v. What is asked for is how the gradient changes.")
def gradient_times_v(grad: Any, x: Any, v: Any, h: float = 1e-5) -> Any:
    return grad(x) * v


# --- saddle_index -----------------------------------------------------------------------------------------------------

BELOW = "values < -1e-6 * np.abs(values).max()"
edit("saddle_index", "zeros_counted", "Zero eigenvalues are counted as negative. Along such a direction the second derivatives say nothing; only what is below the threshold counts.",
     BELOW, "values <= 1e-6 * np.abs(values).max()")
edit("saddle_index", "no_threshold", "You count everything below 0. A zero eigenvalue comes out of the computer as some tiny number of either sign, so it is counted or not by accident. Use the threshold.",
     BELOW, "values < 0")
edit("saddle_index", "threshold_does_not_scale", "Your threshold is the fixed number -1e-6. Measured in other units the same point gets another index: take 1e-6 times the largest absolute eigenvalue.",
     BELOW, "values < -1e-6")
edit("saddle_index", "largest_without_the_absolute_value", "You take the largest eigenvalue for the scale. Where all lead down or nearly so, that is tiny or negative: take the largest absolute value.",
     BELOW, "values < -1e-6 * values.max()")
edit("saddle_index", "directions_up", "You count the directions that lead up. The index is the number of those that lead down.", BELOW, "values > 1e-6 * np.abs(values).max()")
edit("saddle_index", "threshold_too_large", "Your threshold is far too large, so slight ways down are missed. It is 1e-6 times the largest absolute eigenvalue.", BELOW, "values < -1e-2 * np.abs(values).max()")


@wrong("saddle_index", "You count the negative entries on the diagonal. They are the curvatures along the axes; the eigenvalues are those along the principal directions.")
def diagonal_entries(hessian: Any) -> Any:
    values = np.diag(hessian)
    return int(np.sum(values < -1e-6 * np.abs(values).max()))


@wrong("saddle_index", "You count the negative entries of the matrix. They say nothing by themselves: turn the coordinates, and others are negative. Count negative eigenvalues.")
def negative_entries(hessian: Any) -> Any:
    return int(np.sum(hessian < 0))


@wrong("saddle_index", "You say whether it is a saddle, 0 or 1. The index is a count: how many directions lead down.")
def yes_or_no(hessian: Any) -> Any:
    values = np.linalg.eigvalsh(hessian)
    return int(values[0] < -1e-6 * np.abs(values).max())


@wrong("saddle_index", "You say 0 to every matrix, as if nothing ever led down. Some of these have negative eigenvalues (singular values have no sign).")
def always_zero(hessian: Any) -> Any:
    return 0


@wrong("saddle_index", "This is the share of directions that lead down. The index is their number.")
def share(hessian: Any) -> Any:
    values = np.linalg.eigvalsh(hessian)
    return float(np.mean(values < -1e-6 * np.abs(values).max()))


@wrong("saddle_index", "Where there is no way up you return 0, as if only saddles had an index. A maximum has one too: all of its directions lead down.")
def saddles_only(hessian: Any) -> Any:
    values = np.linalg.eigvalsh(hessian)
    zero = 1e-6 * np.abs(values).max()
    return int(np.sum(values < -zero)) if np.any(values > zero) else 0


@wrong("saddle_index", "You count by the sign of the determinant. It tells only whether the number of directions down is odd.")
def sign_of_the_determinant(hessian: Any) -> Any:
    values = np.linalg.eigvalsh(hessian)
    return int(np.sum(values < -1e-6 * np.abs(values).max())) % 2


# --- classify_critical_point ------------------------------------------------------------------------------------------

edit("classify_critical_point", "zero_read_as_minimum",
     "Where no eigenvalue is negative you say minimum, zeros or not. A zero says that the second derivatives cannot tell: x**2 - y**4 has the same Hessian as x**2 + y**4.",
     "if np.any(np.abs(values) <= zero):", "if down and np.any(np.abs(values) <= zero):", 'return "minimum" if up else "maximum"', 'return "maximum" if down else "minimum"')
edit("classify_critical_point", "zeros_first", "A zero eigenvalue makes you say degenerate, even where there is a way up and a way down. With both signs it is a saddle, whatever the others are.",
     "if up and down:", "if up and down and np.all(np.abs(values) > zero):")
edit("classify_critical_point", "minimum_and_maximum_swapped", "Minimum and maximum have changed places. Positive curvature in every direction is a bowl, and that is a minimum.", '"minimum" if up else "maximum"', '"maximum" if up else "minimum"')
edit("classify_critical_point", "threshold_does_not_scale", "What counts as zero is a fixed number for you. Take 1e-6 times the largest absolute eigenvalue, so that the units do not matter.", "1e-6 * np.abs(values).max()", "1e-6")
edit("classify_critical_point", "largest_without_the_absolute_value", "You take the largest eigenvalue for the scale. Where all lead down or nearly so that is tiny or negative: take the largest absolute value.",
     "1e-6 * np.abs(values).max()", "1e-6 * values.max()")
edit("classify_critical_point", "no_threshold", "You compare with 0 itself. A zero eigenvalue comes out of the computer as some tiny number of either sign: use the threshold.", "1e-6 * np.abs(values).max()", "0.0")
edit("classify_critical_point", "threshold_too_large", "Too much counts as zero. The threshold is 1e-6 times the largest absolute eigenvalue, so a slight way down still makes a saddle.", "1e-6 * np.abs(values).max()", "1e-2 * np.abs(values).max()")
edit("classify_critical_point", "never_degenerate", "You never say degenerate: with zeros and one sign you take the point for a minimum or a maximum, and nothing but zeros for a maximum. There the second derivatives cannot tell.",
     "if np.any(np.abs(values) <= zero):", "if False:")
edit("classify_critical_point", "saddle_by_any_way_down", "You say saddle as soon as there is a way down. A maximum has nothing but ways down; a saddle needs a way up too.", "if up and down:", "if down:")
edit("classify_critical_point", "only_all_zeros_are_degenerate", "You say degenerate only where every eigenvalue is zero. One zero is enough, where the others have one sign.", "np.any(np.abs(values) <= zero)", "np.all(np.abs(values) <= zero)")


@wrong("classify_critical_point", "You always say minimum. That the gradient is zero does not make a minimum: the signs of the eigenvalues decide.")
def zero_gradient_is_a_minimum(hessian: Any) -> Any:
    return "minimum"


@wrong("classify_critical_point",
       "You decide by the determinant, as in two dimensions. In three or more it does not tell: two directions down make it positive again. Look at all eigenvalues.")
def by_the_determinant(hessian: Any) -> Any:
    values = np.linalg.eigvalsh(hessian)
    if np.any(np.abs(values) <= 1e-6 * np.abs(values).max()):
        return "degenerate"
    if np.sum(values < 0) % 2:
        return "saddle"
    return "minimum" if hessian[0, 0] > 0 else "maximum"


@wrong("classify_critical_point",
       "You use the rule from school: the sign of the determinant, and of the first entry. It holds in two dimensions, and it does not see a zero, "
       "since a computed determinant is hardly ever exactly 0. Look at all eigenvalues.")
def rule_from_school(hessian: Any) -> Any:
    determinant = np.linalg.det(hessian)
    if determinant == 0:
        return "degenerate"
    return "saddle" if determinant < 0 else "minimum" if hessian[0, 0] > 0 else "maximum"


@wrong("classify_critical_point", "You look at the diagonal entries. They are the curvatures along the axes; between the axes it may go down. Look at the eigenvalues.")
def by_the_diagonal(hessian: Any) -> Any:
    values = np.diag(hessian)
    zero = 1e-6 * np.abs(values).max()
    if np.any(values > zero) and np.any(values < -zero):
        return "saddle"
    if np.any(np.abs(values) <= zero):
        return "degenerate"
    return "minimum" if np.any(values > zero) else "maximum"


# --- escape_direction -------------------------------------------------------------------------------------------------

edit("escape_direction", "highest_eigenvalue", "You return the eigenvector of the highest eigenvalue: the steepest way up. eigh sorts ascending, so the lowest comes first.", "vectors[:, 0]", "vectors[:, -1]")
edit("escape_direction", "row_for_column", "You take a row of the matrix of eigenvectors. They are its columns: vectors[:, 0].", "vectors[:, 0]", "vectors[0]")
edit("escape_direction", "always_a_direction", "You return a direction even where nothing leads down. There the answer is None.", "    if values[0] >= -1e-6 * np.abs(values).max():\n        return None\n", "")
edit("escape_direction", "no_threshold", "A tiny negative eigenvalue, which stands for zero, is taken for a way down. It has to be below -1e-6 times the largest absolute value.", "-1e-6 * np.abs(values).max()", "0")
edit("escape_direction", "threshold_does_not_scale", "Your threshold is the fixed number -1e-6. Measured in other units the same saddle has a way down or has none: take 1e-6 times the largest absolute eigenvalue.",
     "-1e-6 * np.abs(values).max()", "-1e-6")
edit("escape_direction", "steepest_of_all", "You take the eigenvalue with the largest absolute value. That may be a way up: take the lowest.", "vectors[:, 0]", "vectors[:, np.argmax(np.abs(values))]")
edit("escape_direction", "times_its_eigenvalue", "The line is right, and the length is not 1: you multiply by the eigenvalue.", "vectors[:, 0]", "vectors[:, 0] * values[0]")
edit("escape_direction", "gentlest_way_down", "You return the negative eigenvalue that is nearest to 0: the gentlest way down. What is asked for is the lowest eigenvalue, the steepest one.",
     "vectors[:, 0]", "vectors[:, np.flatnonzero(values < -1e-6 * np.abs(values).max())[-1]]")
edit("escape_direction", "nearest_to_zero", "You take the eigenvalue with the smallest absolute value: that is the flattest direction, up or down. Take the lowest one, the most negative.",
     "vectors[:, 0]", "vectors[:, np.argmin(np.abs(values))]")
edit("escape_direction", "eigenvalue_alone", "You return the eigenvalue: how strongly it curves down. The way itself is its eigenvector.", "vectors[:, 0]", "values[0]")
edit("escape_direction", "pair_of_both", "You return the eigenvalue and its eigenvector together. The eigenvector alone is wanted.", "vectors[:, 0]", "(values[0], vectors[:, 0])")
edit("escape_direction", "all_directions", "You return all eigenvectors, as a matrix. One of them is wanted, the one that belongs to the lowest eigenvalue.", "vectors[:, 0]", "vectors")
edit("escape_direction", "zeros_for_none", "Where nothing leads down you return a vector of zeros. None is asked for.", "return None", "return np.zeros(len(values))")
edit("escape_direction", "as_a_column", "The direction has an axis too many: its shape is (n,), a vector and not a matrix of one row or column.", "vectors[:, 0]", "vectors[:, :1]")
edit("escape_direction", "none_at_a_maximum", "Where everything leads down you return None. A maximum can be left too, and the lowest eigenvalue says where.",
     "    if values[0]", "    if values[-1] < 0 and len(values) > 1:\n        return None\n    if values[0]")


@wrong("escape_direction", "You return the axis whose diagonal entry is lowest. The steepest way down lies between the axes: it is an eigenvector.")
def lowest_axis(hessian: Any) -> Any:
    values = np.linalg.eigvalsh(hessian)
    return None if values[0] >= -1e-6 * np.abs(values).max() else np.eye(len(hessian))[np.argmin(np.diag(hessian))]


# --- autoencoder_critical_point ---------------------------------------------------------------------------------------

CENTRED, FIRST, KEPT = "centred = x - x.mean(axis=0)", "vectors[:, ::-1]", "largest_first[:, list(components)]"
edit("autoencoder_critical_point", "not_centred", "The data are not centred, so the first component points at the mean. Subtract the mean of each feature first.", CENTRED, "centred = x")
edit("autoencoder_critical_point", "one_mean_for_all", "You subtract one mean, that of all numbers. Each feature has its own: x.mean(axis=0).", CENTRED, "centred = x - x.mean()")
edit("autoencoder_critical_point", "mean_of_each_sample", "You subtract from each sample its own mean. What has to go is the mean of each feature, over the samples: x.mean(axis=0).",
     CENTRED, "centred = x - x.mean(axis=1, keepdims=True)")
edit("autoencoder_critical_point", "standardised", "You also divide by the standard deviation. That is another covariance, with other components: subtract the mean, and nothing more.",
     CENTRED, "centred = (x - x.mean(axis=0)) / x.std(axis=0)")
edit("autoencoder_critical_point", "smallest_first", "Your component 0 is the one with the smallest eigenvalue: eigh sorts ascending. Here 0 is the largest.", FIRST, "vectors")
edit("autoencoder_critical_point", "the_first_ones", "You keep the largest components, whatever was chosen. Keep those whose numbers stand in components.", KEPT, "largest_first[:, : len(components)]")
edit("autoencoder_critical_point", "the_largest_always", "You keep the code_size largest components, whatever was chosen. Keep those whose numbers stand in components, and no others.",
     "encoder[:, : len(components)] = largest_first[:, list(components)]", "encoder[:] = largest_first[:, :code_size]")
edit("autoencoder_critical_point", "all_units_in_use", "You keep code_size components even where fewer are chosen. Units that are not needed get zero weights on both sides.",
     "encoder[:, : len(components)] = largest_first[:, list(components)]",
     "encoder[:] = largest_first[:, (list(components) + [c for c in range(x.shape[1]) if c not in components])[:code_size]]")
edit("autoencoder_critical_point", "encoder_too_narrow", "The matrices are only as wide as there are components. The code has code_size units: the unneeded ones get zero weights.",
     "np.zeros((x.shape[1], code_size))", "np.zeros((x.shape[1], len(components)))")
edit("autoencoder_critical_point", "decoder_not_transposed", "The decoder has the shape of the encoder. It leads from the code back, (code_size, D): it is the transposed encoder.", "encoder.T.copy()", "encoder.copy()")
edit("autoencoder_critical_point", "unused_decoder_rows", "The product is right, but a decoder row of an unused unit is not zero, so changing its encoder column would lower the loss: the gradient is not zero there.",
     "return encoder, encoder.T.copy()", "decoder = encoder.T.copy()\n    decoder[len(components):] = largest_first[:, 0]\n    return encoder, decoder")
edit("autoencoder_critical_point", "scaled_twice", "The product is not a projector: it is twice one. encoder @ decoder has to leave what is kept at its length.", "encoder.T.copy()", "2 * encoder.T")
edit("autoencoder_critical_point", "eigenvalues_in_it", "You multiply by the eigenvalues on the way. The product has to be a projector, so directions enter with length 1.",
     "_, vectors =", "spread, vectors =", "encoder.T.copy()", "(encoder * 0 + encoder @ np.diag(np.r_[spread[::-1][list(components)], np.zeros(code_size - len(components))])).T")
edit("autoencoder_critical_point", "rows_for_columns", "You take the directions along the wrong axis of their matrix. np.linalg.eigh has them as columns, the last result of np.linalg.svd as rows.", KEPT, "largest_first[list(components)].T")
edit("autoencoder_critical_point", "the_others", "You keep what was to be left out, and leave out what was chosen.", "encoder[:, : len(components)] = largest_first[:, list(components)]",
     "others = [c for c in range(x.shape[1]) if c not in components][:code_size]\n    encoder[:, : len(others)] = largest_first[:, others]")
