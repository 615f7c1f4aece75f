"""The sample class of week 3."""

from autograder.right_answers.week3_backprop import loops
from autograder.right_answers.week3_softmax_and_regularization import loops as regularization_loops
from autograder.sample_class import kinds
from autograder.sample_class.kinds import Sample

AVERAGES = """
def dense_forward(x, w, b):
    return np.dot(x, w) + b, {"x": x, "w": w}

def dense_backward(grad_out, cache):
    n = len(grad_out)
    return grad_out.dot(cache["w"].T), cache["x"].T.dot(grad_out) / n, grad_out.mean(0)
"""
ONE_SIDED = """
def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    slopes = []
    for i in range(x.size):
        step = np.zeros(x.size)
        step[i] = h
        slopes.append((f(x + step.reshape(x.shape)) - f(x)) / h)
    return np.array(slopes).reshape(x.shape)
"""
RECURSION = """
def topological_order(root, parents):
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for parent in parents[node]:
                visit(parent)
            order.append(node)

    visit(root)
    return order
"""
ENDLESS = "def relu_backward(grad_out, x):\n    while True:\n        pass"
KINK = "def relu_backward(grad_out, x):\n    return np.where(x >= 0, grad_out, 0.0)"
ABSOLUTE = "def relative_error(a, b):\n    return np.abs(np.asarray(a) - b).max()"
NO_COLON = "def unbroadcast(grad, shape)\n    return grad"

BACKPROP, SOFTMAX = "02_backprop", "01_softmax_and_regularization"
SAMPLES = {
    "ada-perfect": Sample(BACKPROP, kinds.perfect),
    "ben-other-style": Sample(BACKPROP, kinds.other_style(loops)),
    "cleo-half-done": Sample(BACKPROP, kinds.half_done),
    "dan-blank": Sample(BACKPROP, kinds.blank),
    "eve-kink": Sample(BACKPROP, kinds.answered("relu_backward", KINK)),
    "fay-overwrites": Sample(BACKPROP, kinds.mistaken("tensor", "overwrites_the_gradient")),
    "gus-averages": Sample(BACKPROP, kinds.answered("dense_backward", AVERAGES)),
    "hal-one-sided": Sample(BACKPROP, kinds.answered("numerical_gradient", ONE_SIDED)),
    "ivy-absolute": Sample(BACKPROP, kinds.answered("relative_error", ABSOLUTE)),
    "joy-recursion": Sample(BACKPROP, kinds.answered("topological_order", RECURSION)),
    "jon-crash": Sample(BACKPROP, kinds.crash_before("relu_backward")),
    "kim-endless": Sample(BACKPROP, kinds.answered("relu_backward", ENDLESS)),
    "leo-check-gone": Sample(BACKPROP, kinds.check_cell_gone("relu_backward")),
    "mia-check-twice": Sample(BACKPROP, kinds.check_cell_twice("relu_backward")),
    "ned-broken-file": Sample(BACKPROP, kinds.perfect, cut=0.5),
    "oda-wrong-name": Sample(BACKPROP, kinds.perfect, name=f"{BACKPROP} (final version).ipynb"),
    "pia-syntax-error": Sample(BACKPROP, kinds.answered("unbroadcast", NO_COLON)),
    "rob-other-style": Sample(SOFTMAX, kinds.other_style(regularization_loops)),
    "sue-log-of-softmax": Sample(SOFTMAX, kinds.mistaken("softmax", "log_of_an_underflowed_softmax")),
    "tom-one-notebook": Sample(SOFTMAX, kinds.mistaken("dropout_forward", "drops_in_use"), alone=True),
}
