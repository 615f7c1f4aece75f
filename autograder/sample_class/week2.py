"""The sample class of week 2."""

from autograder.right_answers.week2_vanishing_gradients_and_batch_norm import loops
from autograder.sample_class import kinds
from autograder.sample_class.kinds import Sample

NORM = "02_vanishing_gradients_and_batch_norm"
CONSTANTS = """
def batchnorm_backward(grad_out, cache):
    x_hat, inv_std, gamma = cache
    return grad_out * gamma * inv_std, (grad_out * x_hat).sum(0), grad_out.sum(0)
"""
SAMPLES = {
    "amy-perfect": Sample(NORM, kinds.perfect),
    "bob-other-style": Sample(NORM, kinds.other_style(loops)),
    "cas-half-done": Sample(NORM, kinds.half_done),
    "dov-blank": Sample(NORM, kinds.blank),
    "eli-constants": Sample(NORM, kinds.answered("batchnorm_backward", CONSTANTS)),
    "fin-momentum": Sample(NORM, kinds.mistaken("batchnorm_class", "momentum_the_wrong_way_round")),
}
