"""Wrong answers about gradients and batch normalization as students write them: the right sentence comes all the same."""

import numpy as np
import pytest

from autograder.answer_key import AnswerKey
from course.check import judge_names
from tests.autograder.conftest import KEYS


@pytest.fixture(scope="module")
def key() -> AnswerKey:
    return KEYS["week2_vanishing_gradients_and_batch_norm"]


def norms_without_the_last_slope(weights, pre_activations, activation_grad, grad_out):
    norms = [np.linalg.norm(grad_out)]
    for n in range(len(weights) - 1, 0, -1):
        grad_out = grad_out @ weights[n].T * activation_grad(pre_activations[n - 1])
        norms.insert(0, np.linalg.norm(grad_out))
    return norms


def bound_of_the_product(weights):
    return float(np.linalg.norm(weights[0] if len(weights) == 1 else np.linalg.multi_dot(weights), 2) / 4 ** len(weights))


def bound_by_eigenvalues(weights):
    return float(np.prod([max(np.linalg.eigvalsh(w.T @ w)) / 4 for w in weights]))


def std_by_a_dictionary(fan_in, fan_out, activation):
    xavier = (2 / (fan_in + fan_out)) ** 0.5
    return {"linear": xavier, "sigmoid": xavier, "tanh": xavier, "relu": (2 / fan_in) ** 0.5}[activation]


def std_by_a_text(fan_in, fan_out, activation):
    if activation in "linear, sigmoid, tanh":
        return (2 / (fan_in + fan_out)) ** 0.5
    if activation == "relu":
        return (2 / fan_in) ** 0.5
    raise ValueError(activation)


def std_that_falls_through(fan_in, fan_out, activation):
    if activation == "relu":
        return (2 / fan_in) ** 0.5
    if activation in ["linear", "sigmoid", "tanh"]:
        return (2 / (fan_in + fan_out)) ** 0.5


def forward_with_its_own_eps(x, gamma, beta, eps=1e-5):
    out = (x - x.mean(0)) / np.sqrt(x.var(0) + 1e-5) * gamma + beta
    return out, None


def backward_without_one_over_n(grad_out, cache):
    x_hat, inv_std, gamma = cache
    dgamma, dbeta = np.sum(grad_out * x_hat, 0), np.sum(grad_out, 0)
    return gamma * inv_std * (len(x_hat) * grad_out - dbeta - x_hat * dgamma), dgamma, dbeta


def backward_in_another_order(grad_out, cache):
    x_hat, inv_std, gamma = cache
    dgamma, dbeta = np.sum(grad_out * x_hat, 0), np.sum(grad_out, 0)
    return gamma * inv_std * (grad_out - dbeta / len(x_hat) - x_hat * dgamma / len(x_hat)), dbeta, dgamma


def statistics_at_a_tenth(running_mean, running_var, x, momentum=0.1):
    return running_mean * 0.9 + 0.1 * x.mean(0), running_var * 0.9 + 0.1 * x.var(0, ddof=1)


def clip_by_largest(grads, max_norm):
    largest = max(np.sqrt((g**2).sum()) for g in grads)
    return [g * max_norm / largest if largest > max_norm else g.copy() for g in grads]


class UpdatesFirst:
    def __init__(self, features, momentum=0.1, eps=1e-5):
        self.gamma, self.beta, self.running_mean, self.running_var = np.ones(features), np.zeros(features), np.zeros(features), np.ones(features)
        self.training, self.m, self.eps = True, momentum, eps

    def forward(self, x):
        mean = x.mean(0)
        self.running_mean = self.running_mean * (1 - self.m) + mean * self.m
        self.running_var = self.running_var * (1 - self.m) + x.var(0, ddof=1) * self.m
        if self.training:
            self.inv = 1 / np.sqrt(x.var(0) + self.eps)
            self.x_hat = (x - mean) * self.inv
            return self.x_hat * self.gamma + self.beta
        return (x - self.running_mean) / np.sqrt(self.running_var + self.eps) * self.gamma + self.beta

    def backward(self, grad_out):
        self.dgamma, self.dbeta, n = (grad_out * self.x_hat).sum(0), grad_out.sum(0), len(grad_out)
        return self.gamma * self.inv * (grad_out - self.dbeta / n - self.x_hat * self.dgamma / n)


def std_of_all_that_hold_relu(fan_in, fan_out, activation):
    if "relu" in activation:
        return float(np.sqrt(2 / fan_in))
    return std_that_hands_the_error_back(fan_in, fan_out, activation, raises=True)


def std_that_hands_the_error_back(fan_in, fan_out, activation, raises=False):
    if activation == "relu":
        return float(np.sqrt(2 / fan_in))
    if activation in ("linear", "sigmoid", "tanh"):
        return float(np.sqrt(2 / (fan_in + fan_out)))
    if raises:
        raise ValueError(activation)
    return ValueError("unknown activation")


def norms_below_the_weights(weights, pre_activations, activation_grad, grad_out, below=True):
    out = []
    for w, z in zip(weights[::-1], pre_activations[::-1], strict=True):
        at_z = grad_out * activation_grad(z)
        grad_out = at_z @ w.T
        out.insert(0, float(np.sqrt(np.sum((grad_out if below else at_z / len(z))**2))))
    return out


class StartsInEvaluation(UpdatesFirst):
    def __init__(self, features, momentum=0.1, eps=1e-5):
        super().__init__(features, momentum, eps)
        self.training = False

    def forward(self, x):
        if self.training:
            return super().forward(x)
        return (x - self.running_mean) / np.sqrt(self.running_var + self.eps) * self.gamma + self.beta


WRONG = [
    ("backpropagated_norms", norms_below_the_weights, "one_move_too_far"),
    ("backpropagated_norms", lambda *args: norms_below_the_weights(*args, below=False), "divided_by_the_samples"),
    ("initial_std", std_of_all_that_hold_relu, "relu_inside_a_name"),
    ("initial_std", std_that_hands_the_error_back, "error_returned"),
    ("batchnorm_inference", lambda x, gamma, beta, mean, var, eps=1e-5: gamma * (x - x.mean(0)) / (var + eps)**0.5 + beta, "mean_of_the_batch"),
    ("fold_batchnorm", lambda w, b, gamma, beta, mean, var, eps=1e-5: (w * gamma / np.sqrt(var + eps), b - mean + beta), "bias_without_the_scale"),
    ("update_running_statistics", lambda m, v, x, momentum=0.1: (m + momentum * (np.mean(x) - m), v + momentum * (np.var(x, ddof=1) - v)), "one_for_all"),
    ("BatchNorm", StartsInEvaluation, "starts_in_evaluation"),
    ("backpropagated_norms", norms_without_the_last_slope, "last_derivative_forgotten"),
    ("sigmoid_bound", bound_of_the_product, "norm_of_the_product"),
    ("sigmoid_bound", bound_by_eigenvalues, "squared_singular_values"),
    ("initial_std", std_by_a_dictionary, "another_error"),
    ("initial_std", std_by_a_text, "part_of_a_name_will_do"),
    ("initial_std", std_that_falls_through, "unknown_names_give_none"),
    ("batchnorm_forward", forward_with_its_own_eps, "eps_written_into_the_code"),
    ("batchnorm_backward", backward_without_one_over_n, "n_times_too_large"),
    ("batchnorm_backward", backward_in_another_order, "dgamma_and_dbeta_swapped"),
    ("update_running_statistics", statistics_at_a_tenth, "momentum_written_into_the_code"),
    ("clip_by_global_norm", clip_by_largest, "largest_norm"),
    ("BatchNorm", UpdatesFirst, "updates_before_it_looks"),
]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("name", "answer", "named"), WRONG, ids=[named for _, _, named in WRONG])
def test_a_students_wrong_answer_is_recognised(key, name, answer, named):
    verdict = judge_names({"BatchNorm": "batchnorm_class"}.get(name, name), key.names() | {name: answer})
    assert verdict.state == "wrong"
    assert verdict.misconception is not None
    assert verdict.misconception.id == named


def test_a_result_without_its_cache_is_told_so(key):
    verdict = judge_names("batchnorm_forward", key.names() | {"batchnorm_forward": lambda x, gamma, beta, eps=1e-5: (x - x.mean(0)) * gamma + beta})
    assert verdict.mark == 0.0 and "the pair (out, cache) was wanted" in verdict.first_wrong.difference.detail


@pytest.mark.parametrize(("answer", "said"), [
    (lambda x, gamma, beta, eps=1e-5: None, "None came back, which is what a function without return gives"),
    (lambda x, gamma, beta, eps=1e-5: ((x - x.mean(0)) / np.sqrt(x.var(0) + eps) * gamma + beta, x, eps), "more than two values came back"),
])
def test_what_is_not_a_pair_is_told_so(key, answer, said):
    verdict = judge_names("batchnorm_forward", key.names() | {"batchnorm_forward": answer})
    assert verdict.mark == 0.0 and said in verdict.first_wrong.difference.detail


def test_the_derivative_is_not_computed_of_what_no_layer_has(key):
    def asks_for_much(weights, pre_activations, activation_grad, grad_out):
        return activation_grad(np.broadcast_to(0.0, (10**6, 10**6)))

    verdict = judge_names("backpropagated_norms", key.names() | {"backpropagated_norms": asks_for_much})
    assert verdict.mark == 0.0 and "an array of shape (1000000, 1000000)" in verdict.first_wrong.difference.detail


@pytest.mark.parametrize("missing", ["training", "momentum"])
def test_an_attribute_that_is_missing_is_named_and_no_misconception(key, missing):
    class Without(key.names()["BatchNorm"]):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            delattr(self, missing)

    verdict = judge_names("batchnorm_class", key.names() | {"BatchNorm": Without})
    assert verdict.misconception is None and f"no attribute '{missing}'" in verdict.first_wrong.difference.detail


def test_statistics_that_are_updated_in_their_own_arrays_are_right(key):
    class InPlace(key.names()["BatchNorm"]):
        def forward(self, x):
            mean, var = self.running_mean, self.running_var
            out = super().forward(x)
            mean[:], var[:] = self.running_mean, self.running_var
            self.running_mean, self.running_var = mean, var
            return out

    assert judge_names("batchnorm_class", key.names() | {"BatchNorm": InPlace}).state == "right"
