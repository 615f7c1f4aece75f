"""The sample class of week 1."""

from autograder.right_answers.week1_motivation_and_depth import loops as depth_by_loops
from autograder.right_answers.week1_parameters_and_compression import loops as compression_by_loops
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
EACH_ARRAY = """
def magnitude_masks(weights, sparsity):
    masks = []
    for w in weights:
        order = np.argsort(np.abs(w).ravel())
        mask = np.ones(w.size, dtype=bool)
        mask[order[:round(sparsity * w.size)]] = False
        masks.append(mask.reshape(w.shape))
    return masks
"""

DEPTH, COMPRESSION = "01_motivation_and_depth", "02_parameters_and_compression"
SAMPLES = {
    "abe-perfect": Sample(DEPTH, kinds.perfect),
    "bea-other-style": Sample(DEPTH, kinds.other_style(depth_by_loops)),
    "cy-half-done": Sample(DEPTH, kinds.half_done),
    "dot-blank": Sample(DEPTH, kinds.blank),
    "eli-flipped": Sample(DEPTH, kinds.answered("conv2d_forward", FLIPPED)),
    "flo-arccos": Sample(DEPTH, kinds.answered("principal_angles", ARCCOS)),
    "gil-not-centred": Sample(DEPTH, kinds.mistaken("pca_subspace", "not_centred")),
    "noa-perfect": Sample(COMPRESSION, kinds.perfect),
    "olu-other-style": Sample(COMPRESSION, kinds.other_style(compression_by_loops)),
    "pau-half-done": Sample(COMPRESSION, kinds.half_done),
    "quy-blank": Sample(COMPRESSION, kinds.blank),
    "rae-square-forgotten": Sample(COMPRESSION, kinds.mistaken("conv_parameters", "square_forgotten")),
    "sol-each-array": Sample(COMPRESSION, kinds.answered("magnitude_masks", EACH_ARRAY)),
}
