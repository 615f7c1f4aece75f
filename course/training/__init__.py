"""Training a net, looking into it while it learns, and repeating that for many settings and seeds."""

from course.training.loop import History, Loss, Penalty, evaluate, fit, predict, train_step
from course.training.signals import activations, backward_signals, dead_units, diagnose, sigmoid_bound, zero_fraction
from course.training.sweep import Sweep, sweep

__all__ = ["History", "Loss", "Penalty", "Sweep", "activations", "backward_signals", "dead_units", "diagnose", "evaluate", "fit",
           "predict", "sigmoid_bound", "sweep", "train_step", "zero_fraction"]
