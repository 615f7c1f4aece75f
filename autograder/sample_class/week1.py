"""The sample class of week 1."""

from autograder.right_answers.week1_motivation_and_depth import loops
from autograder.sample_class import kinds
from autograder.sample_class.kinds import Sample

FLIPPED = """
def conv2d_forward(x, w):
    k = w.shape[-1]
    windows = np.lib.stride_tricks.sliding_window_view(x, (k, k), axis=(2, 3))
    return np.tensordot(windows, np.flip(w, (2, 3)), ([1, 4, 5], [1, 2, 3])).transpose(0, 3, 1, 2)
"""
ARCCOS = """
def principal_angles(a, b):
    qa, _ = np.linalg.qr(a)
    qb, _ = np.linalg.qr(b)
    cosines = np.linalg.svd(qa.T @ qb)[1]
    return np.sort(np.arccos(np.clip(cosines, -1, 1)))
"""

DEPTH = "01_motivation_and_depth"
SAMPLES = {
    "abe-perfect": Sample(DEPTH, kinds.perfect),
    "bea-other-style": Sample(DEPTH, kinds.other_style(loops)),
    "cy-half-done": Sample(DEPTH, kinds.half_done),
    "dot-blank": Sample(DEPTH, kinds.blank),
    "eli-flipped": Sample(DEPTH, kinds.answered("conv2d_forward", FLIPPED)),
    "flo-arccos": Sample(DEPTH, kinds.answered("principal_angles", ARCCOS)),
    "gil-not-centred": Sample(DEPTH, kinds.mistaken("pca_subspace", "not_centred")),
}
