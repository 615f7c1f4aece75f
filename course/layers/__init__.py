"""Layers: forward and backward passes written out in numpy, one module a family."""

from course.layers.activations import LeakyReLU, ReLU, Sigmoid, Softplus, SquaredReLU, Tanh
from course.layers.base import Layer
from course.layers.containers import Sequential
from course.layers.dense import Dense

__all__ = ["Dense", "Layer", "LeakyReLU", "ReLU", "Sequential", "Sigmoid", "Softplus", "SquaredReLU", "Tanh"]
