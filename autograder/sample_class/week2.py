"""The sample class of week 2."""

from autograder.right_answers.week2_activations_and_saddle_points import loops as curvature_loops
from autograder.right_answers.week2_vanishing_gradients_and_batch_norm import loops
from autograder.sample_class import kinds
from autograder.sample_class.kinds import Sample

SADDLES, NORM = "01_activations_and_saddle_points", "02_vanishing_gradients_and_batch_norm"
CONSTANTS = """
def batchnorm_backward(grad_out, cache):
    x_hat, inv_std, gamma = cache
    return grad_out * gamma * inv_std, (grad_out * x_hat).sum(0), grad_out.sum(0)
"""
ON_THE_WAY = """
def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def sigmoid_grad(x):
    return sigmoid(x) * (1 - sigmoid(x))
"""
SAMPLES = {
    "amy-perfect": Sample(NORM, kinds.perfect),
    "bob-other-style": Sample(NORM, kinds.other_style(loops)),
    "cas-half-done": Sample(NORM, kinds.half_done),
    "dov-blank": Sample(NORM, kinds.blank),
    "eli-constants": Sample(NORM, kinds.answered("batchnorm_backward", CONSTANTS)),
    "fin-momentum": Sample(NORM, kinds.mistaken("batchnorm_class", "momentum_the_wrong_way_round")),
    "gia-perfect": Sample(SADDLES, kinds.perfect),
    "hui-other-style": Sample(SADDLES, kinds.other_style(curvature_loops)),
    "ian-half-done": Sample(SADDLES, kinds.half_done),
    "jin-blank": Sample(SADDLES, kinds.blank),
    "kay-overflows": Sample(SADDLES, kinds.answered("sigmoid", ON_THE_WAY)),
    "lou-zeros-as-minimum": Sample(SADDLES, kinds.mistaken("classify_critical_point", "zero_read_as_minimum")),
}
