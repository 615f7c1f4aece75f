"""Layers: forward and backward passes written out in numpy, one module a family."""

from course.layers.activations import (
    Activation,
    LeakyReLU,
    ReLU,
    Sigmoid,
    Softplus,
    SquaredReLU,
    Tanh,
    leaky_relu,
    leaky_relu_grad,
    relu,
    relu_backward,
    relu_grad,
    sigmoid,
    sigmoid_grad,
    softplus,
    softplus_grad,
    squared_relu,
    squared_relu_grad,
    tanh_,
    tanh_grad,
)
from course.layers.base import Layer
from course.layers.containers import Sequential
from course.layers.convolution import (
    conv2d_backward,
    conv2d_forward,
    conv2d_matrix,
    conv_multiply_adds,
    conv_parameters,
)
from course.layers.convolution_layers import Conv1d, Conv2d
from course.layers.dense import Dense, dense_backward, dense_forward
from course.layers.dropout import Dropout, dropout_backward, dropout_forward
from course.layers.normalization import (
    BatchNorm,
    batchnorm_backward,
    batchnorm_forward,
    batchnorm_inference,
    fold_batchnorm,
    update_running_statistics,
)
from course.layers.pooling import (
    AveragePool2d,
    Flatten,
    GlobalAveragePool,
    MaxPool2d,
    average_pool2d,
    average_pool2d_backward,
    max_pool2d,
    max_pool2d_backward,
)
from course.layers.recurrent import LastStep, Recurrent, recurrent_backward, recurrent_forward
from course.layers.residual import Residual

__all__ = [
    "Activation", "AveragePool2d", "BatchNorm", "Conv1d", "Conv2d", "Dense", "Dropout", "Flatten",
    "GlobalAveragePool", "LastStep", "Layer", "LeakyReLU", "MaxPool2d", "ReLU", "Recurrent", "Residual",
    "Sequential", "Sigmoid", "Softplus", "SquaredReLU", "Tanh", "average_pool2d", "average_pool2d_backward",
    "batchnorm_backward", "batchnorm_forward", "batchnorm_inference", "conv2d_backward", "conv2d_forward", "conv2d_matrix",
    "conv_multiply_adds", "conv_parameters", "dense_backward", "dense_forward", "dropout_backward",
    "dropout_forward", "fold_batchnorm", "leaky_relu", "leaky_relu_grad", "max_pool2d", "max_pool2d_backward",
    "recurrent_backward", "recurrent_forward", "relu", "relu_backward", "relu_grad", "sigmoid", "sigmoid_grad",
    "softplus", "softplus_grad", "squared_relu", "squared_relu_grad", "tanh_", "tanh_grad",
    "update_running_statistics",
]
