"""Figures of the course. Every function takes axes (`ax=`, new ones unless told) and returns them.

What all of them share: `title` is a sentence that says what to see; colours are told apart by colour-blind readers and
come with a second cue (line style, marker, hatching, figures); what the picture shows is kept in words
(`description(ax)`), and `show` uses that as alt text. Figures are opaque and white on purpose, so that they are legible
in JupyterLab's dark theme too. matplotlib is loaded when the first picture is asked for.
"""

from course.plotting.comparisons import plot_dots, plot_shares
from course.plotting.curves import (
    plot_curves,
    plot_error_against_depth,
    plot_gradient_norms,
    plot_learning_curves,
    plot_loss_along_line,
    plot_pruning_curves,
    plot_weight_paths,
)
from course.plotting.graph import plot_computation_graph
from course.plotting.landscape import (
    plot_decision_boundary,
    plot_index_against_loss,
    plot_loss_surface,
    plot_spectra,
)
from course.plotting.layers import plot_distributions
from course.plotting.pictures import plot_confusion_matrix, plot_heat_map, plot_images
from course.plotting.show import show
from course.plotting.style import BLUE, COLORS, GREEN, GREY, ORANGE, PURPLE, cue, describe, description

__all__ = [
    "BLUE", "COLORS", "GREEN", "GREY", "ORANGE", "PURPLE", "cue", "describe", "description", "plot_computation_graph",
    "plot_confusion_matrix", "plot_curves", "plot_decision_boundary", "plot_distributions", "plot_dots",
    "plot_error_against_depth", "plot_gradient_norms", "plot_heat_map", "plot_images", "plot_index_against_loss",
    "plot_learning_curves", "plot_loss_along_line", "plot_loss_surface", "plot_pruning_curves", "plot_shares",
    "plot_spectra", "plot_weight_paths", "show",
]
