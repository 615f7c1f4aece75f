"""Every picture: drawn on new axes and on given ones, described in words, and honest about odd values."""

import importlib.util
import inspect
import subprocess
import sys
from pathlib import Path

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt
import numpy as np
import pytest

import course.plotting as p
from course.plotting.graph import arrange

RENDER = Path(__file__).parents[3] / "docs" / "gallery" / "render.py"
spec = importlib.util.spec_from_file_location("render", RENDER)
gallery = importlib.util.module_from_spec(spec)
spec.loader.exec_module(gallery)

PLOTS = {name: getattr(p, name) for name in p.__all__ if name.startswith("plot_")}


@pytest.fixture(autouse=True)
def no_figures_left():
    yield
    plt.close("all")


def test_neither_the_course_nor_its_plotting_loads_matplotlib():
    code = ("import sys, course, course.plotting, course.datasets; "
            "assert not any(m.split('.')[0] in ('matplotlib', 'PIL', 'IPython') for m in sys.modules), 'loaded'")
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_gallery_has_every_picture():
    source = RENDER.read_text(encoding="utf-8")
    assert [name for name in PLOTS if f"p.{name}(" not in source] == []


def y(ax):
    """The lines that are drawn with a name: heights only."""
    return [line.get_ydata() for line in ax.lines if not line.get_label().startswith("_")]


def table(ax):
    return ax.images[0].get_array()


def dots_fall_only_for_convolution(ax):
    dense, dense_shuffled, convolution, shuffled = (np.median(line.get_xdata()) for line in ax.lines[:8:2])
    return convolution > max(dense, dense_shuffled) and shuffled < min(dense, dense_shuffled)


TITLES = {  # what a title says in words must hold for what is drawn, with any version of numpy
    "error_against_depth": lambda ax: all(errors[-1] > 50 > 10 > errors[0] for errors in y(ax)),
    "pruning_curves": lambda ax: all(none < last < every for none, last, every in zip(*(a[5:] for a in y(ax)), strict=True)),
    "loss_on_the_way": lambda ax: y(ax)[0].max() > 0.5 and y(ax)[1].max() < 0.2,
    "weight_paths": lambda ax: np.all(np.diff(np.linalg.norm(y(ax), axis=0)) < 0),
    "heat_map": lambda ax: np.all(table(ax)[::2, -1] > table(ax)[1::2, -1]),
    "heat_map_epochs": lambda ax: f": {np.sum(table(ax)[:, -1] > table(ax)[:, 0])} of 8" in ax.get_title(),
    "dots": dots_fall_only_for_convolution,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", list(gallery.PICTURES))
def test_every_picture_of_the_gallery(name):
    ax = gallery.PICTURES[name]()
    words = p.description(ax)
    assert words == p.description(ax.figure) and words.endswith(".") and 20 < len(words) < 600
    assert words[0] == words[0].upper()
    assert ax.get_title() or ax.get_xlabel()
    ax.figure.canvas.draw()
    image = np.asarray(ax.figure.canvas.buffer_rgba())
    assert tuple(image[0, 0]) == (255, 255, 255, 255)  # opaque white, for the dark theme too
    assert np.mean(image[..., :3].min(axis=2) < 200) > 0.003  # something is drawn
    titled = ax.title.get_window_extent()
    assert titled.x0 >= -2 and titled.x1 <= image.shape[1] + 2, "the title is cut"
    assert TITLES.get(name, bool)(ax), "the title says something else"


@pytest.mark.parametrize("name", list(PLOTS))
def test_every_function_takes_axes_and_a_title(name):
    parameters = inspect.signature(PLOTS[name]).parameters
    assert parameters["ax"].default is None and parameters["title"].default is None
    assert PLOTS[name].__doc__ and "Parameters" in PLOTS[name].__doc__


def test_given_axes_are_used_and_returned():
    figure, (left, right) = plt.subplots(1, 2)
    assert p.plot_learning_curves({"a": [3, 2, 1]}, left) is left
    assert p.plot_dots({"a": [1, 2]}, right, xlabel="loss") is right
    assert len(plt.get_fignums()) == 1
    assert p.description(figure) == f"{p.description(left)} {p.description(right)}"


def test_curves_show_the_median_and_the_whole_range():
    values = np.array([[1.0, 5, 2], [2, 6, 9], [4, 7, 3]])
    ax = p.plot_curves([1, 2, 3], {"loss": values}, xlabel="x", ylabel="y")
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), [2, 6, 3])
    band = ax.collections[0].get_paths()[0].vertices
    assert set(map(tuple, np.round(band, 9))) == {(1, 1), (2, 5), (3, 2), (1, 4), (2, 7), (3, 9)}
    assert p.description(ax) == "Y against x: loss from 2 to 3 (median and range of 3 seeds)."
    assert ax.get_legend().get_title().get_text() == "median and range of 3 seeds"


def test_a_line_that_stops_being_finite_gets_a_cross():
    ax = p.plot_curves([1, 2, 3, 4], {"a": [1, 2, np.inf, np.nan], "b": [1, 1, 1, 1]}, xlabel="x", ylabel="y")
    crosses = [line for line in ax.lines if line.get_marker() == "x" and len(line.get_xdata())]
    assert [(c.get_xdata()[0], c.get_ydata()[0]) for c in crosses] == [(2, 2)]
    assert "a from 1 to 2 (not finite beyond 2)" in p.description(ax)
    assert ax.get_legend().get_texts()[-1].get_text() == "beyond: not finite"
    runs = p.plot_learning_curves({"a": [[3, 2, 1, 1], [3, 2, 2, np.nan]]})  # the second run ended early
    assert "a from 3 to 1 (some runs not finite beyond 3)" in p.description(runs)
    assert runs.get_legend().get_texts()[-1].get_text() == "beyond: some runs ended or not finite"
    nothing = p.plot_curves([1, 2], {"a": [np.nan, np.nan]}, xlabel="x", ylabel="y")
    assert "a nowhere finite" in p.description(nothing)


def test_lines_differ_in_more_than_colour():
    cues = [p.cue(i) for i in range(7)]
    for key in ("color", "marker"):
        assert len({str(c[key]) for c in cues}) == 7
    assert all(a["linestyle"] != b["linestyle"] for a, b in zip(cues, cues[1:], strict=False))
    assert len({tuple(map(str, p.cue(i).values())) for i in range(35)}) == 35


def test_nets_of_different_depth_share_one_picture():
    ax = p.plot_gradient_norms({"deep": np.ones((3, 8)), "shallow": np.ones(2)})
    assert [len(line.get_xdata()) for line in ax.lines] == [8, 2]
    assert "not finite" not in p.description(ax) and ax.get_yscale() == "log"


def test_errors_and_accuracies_are_drawn_in_per_cent():
    ax = p.plot_error_against_depth([0, 4], {"test": [0.25, 0.5]})
    np.testing.assert_allclose(ax.lines[0].get_ydata(), [25, 50])
    ax = p.plot_pruning_curves([1, 0.1], {"all": [0.9, 0.8]})
    np.testing.assert_allclose(ax.lines[0].get_xdata(), [100, 10])
    assert ax.xaxis_inverted() and [t.get_text() for t in ax.get_xticklabels()] == ["100", "50", "20", "10"]


def test_the_barrier_is_measured_between_the_ends():
    t = np.linspace(-0.5, 1.5, 21)
    ax = p.plot_loss_along_line(t, {"straight": np.where((t < 0) | (t > 1), 99.0, 1 + 2 * t * (1 - t))})
    assert "The barrier of straight is 0.5 above the higher end." in p.description(ax)


def test_weights_that_are_exactly_zero_are_counted():
    ax = p.plot_weight_paths([0.1, 1], [[1, 2, 3], [0, 1e-9, 0]])
    assert p.description(ax) == "Paths of 3 weights against strength of the penalty: exactly zero are 0 of them at 0.1 and 2 at 1."


def test_zeros_and_broken_values_are_told_beside_the_histogram():
    ax = p.plot_distributions({"first": [0, 0, 1, 2], "second": [np.nan, 1, 1, 1], "dead": np.zeros(3)})
    told = [t.get_text() for t in ax.texts]
    assert told == ["sd 0.829, 50 % zero", "sd 0, 25 % not finite", "sd 0, 100 % zero"]
    assert ax.yaxis_inverted()  # the first layer on top
    p.plot_distributions({"all": [np.nan]})


def test_negative_eigenvalues_are_hollow():
    ax = p.plot_spectra({"h": [-1, 3, 0.5]}, ylabel="eigenvalue")
    assert p.description(ax) == "Eigenvalue by rank: h from 3 to −1, 1 of 3 negative."
    hollow = [line for line in ax.lines if line.get_markerfacecolor() == "white" and len(line.get_xdata())]
    assert hollow[0].get_xdata().tolist() == [3] and hollow[0].get_ydata().tolist() == [1]


def test_surfaces_of_either_kind_and_with_holes():
    x, y = np.linspace(0, 1, 5), np.linspace(0, 2, 4)
    loss = np.exp(9 * (x + y[:, None]))
    p.plot_loss_surface(x, y, loss, path=[[0, 0], [1, 1]])
    loss[0, 0] = np.nan
    ax = p.plot_loss_surface(x, y, loss - 5)
    assert "Loss over a plane" in p.description(ax)


@pytest.mark.parametrize("scores", [False, True])
def test_a_boundary_from_labels_or_scores(scores):
    x = np.random.default_rng(0).uniform(-1, 1, size=(40, 2))

    def predict(points):
        right = points[:, 0] > 0
        return np.stack([~right, right], axis=1).astype(float) if scores else right.astype(int)

    labels = predict(x).argmax(axis=1) if scores else predict(x)
    ax = p.plot_decision_boundary(predict, x, 1 - labels)
    assert "100 % of the 40 samples lie in a wrong one" in p.description(ax)


def test_signed_pictures_have_zero_in_the_middle():
    image = p.plot_images([[[-1, 3]]]).images[0]
    assert image.norm.vmin == -3 and image.norm.vmax == 3
    assert p.plot_images(np.ones((13, 2, 2))).images[0].norm.vmin == 0


def test_a_heat_map_writes_its_figures():
    ax = p.plot_heat_map([[1, -2], [np.nan, 3]], rows="ab", columns="cd", xlabel="x", ylabel="y", label="gain", missing="none yet")
    assert [t.get_text() for t in ax.texts] == ["1", "−2", "none yet", "3"]
    assert p.description(ax) == "Gain by y and x: largest 3 at (b, d), smallest −2 at (a, d)."
    empty = p.plot_heat_map([[np.nan]], rows="a", columns="b", xlabel="x", ylabel="y", label="gain")
    assert "nothing finite" in p.description(empty)


def test_a_confusion_matrix_counts():
    ax = p.plot_confusion_matrix([0, 0, 1, 2], [0, 1, 1, 2], names=["cat", "dog", "owl"])
    assert p.description(ax) == "Confusion matrix of 4 samples: 1 wrong; most often cat is taken for dog (1 times)."
    assert sorted(t.get_text() for t in ax.texts) == ["1", "1", "1", "1"]
    assert p.description(p.plot_confusion_matrix([0, 1], [0, 1])) == "Confusion matrix of 2 samples: 0 wrong."


def test_dots_that_are_not_finite_are_told():
    ax = p.plot_dots({"a": [1, np.inf, 3], "b": [np.nan]}, xlabel="loss", limit=2)
    assert [t.get_text() for t in ax.texts] == ["2 (1 to 3), 1 not finite", "none finite"]
    assert ax.get_xlabel() == "loss; dotted line: limit, 2"
    assert p.description(ax) == ("Loss, median (smallest to largest) over seeds: a 2 (1 to 3), 1 not finite; b none finite; "
                                 "dotted line: limit, 2.")


def test_shares_add_up_to_the_whole():
    ax = p.plot_shares({"net": {"convolution": 1, "dense": 3}})
    assert p.description(ax) == "Net convolution 25 %, dense 75 %."
    ax = p.plot_shares({"net": {"convolution": 15350, "dense": 120}}, unit="million")
    assert ax.texts[-1].get_text() == "15,470 million; dense 0.78 %"


def test_a_title_is_as_wide_as_its_figure_and_broken_evenly():
    map_ = {"rows": "ab", "columns": "abcd", "xlabel": "x", "ylabel": "y", "label": "gain"}
    title = "At 16 layers each kind of net errs less with batch norm"  # 55 characters for 6.2 inches
    ax = p.plot_heat_map(np.ones((2, 4)), **map_, title=title)
    ax.figure.canvas.draw()
    assert ax.get_title() == title and ax.title.get_window_extent().x0 >= 0
    lines = p.plot_heat_map(np.ones((2, 4)), **map_, title=f"{title} and more words").get_title().split("\n")
    assert len(lines) == 2 and abs(len(lines[0]) - len(lines[1])) < 12


def test_a_graph_is_arranged_by_what_depends_on_what():
    edges = [("a", "c"), ("b", "c"), ("a", "d"), ("c", "d"), ("d", "e"), ("a", "e")]
    places, routes = arrange("abcde", edges)
    assert [places[n][0] for n in "abcde"] == [0, 0, 1, 2, 3]
    assert [len(r) for r in routes] == [0, 0, 1, 0, 0, 2]
    taken = [*places.values(), *(place for route in routes for place in route)]
    for column in range(4):  # nothing lies on another in a column: neither box nor arrow
        rows = sorted(row for c, row in taken if c == column)
        assert all(b - a >= 0.999 for a, b in zip(rows, rows[1:], strict=False))


def test_a_graph_can_be_placed_by_hand_and_leave_gradients_out():
    ax = p.plot_computation_graph({"x": (2, None), "y": (4, 1)}, [("x", "y")], places={"x": (0, 0), "y": (1.5, 0)})
    assert p.description(ax) == "Computation graph of 2 nodes and 1 edges: x has value 2; y has value 4 and gradient 1."


@pytest.mark.parametrize("call, words", [
    (lambda: p.plot_curves([1, 2], {"a": [1, 2, 3]}, xlabel="", ylabel=""), r"series\['a'\] must have shape \(any, 2\), got \(1, 3\)"),
    (lambda: p.plot_curves([1, 2], {}, xlabel="", ylabel=""), "series must be a dict"),
    (lambda: p.plot_curves([1, 2], [1, 2], xlabel="", ylabel=""), "series must be a dict that gives an array to each name, got list"),
    (lambda: p.plot_curves({"b": [1]}, {"a": [1]}, xlabel="", ylabel=""), r"x must have the names of series, \['a'\], got \['b'\]"),
    (lambda: p.plot_pruning_curves([0, 1], {"a": [1, 2]}), "kept must hold shares above 0 and at most 1, got 0 to 1"),
    (lambda: p.plot_weight_paths([1, 2], np.ones((3, 2))), r"weights must have shape \(2, any\), got \(3, 2\)"),
    (lambda: p.plot_loss_surface([1, 2], [1, 2, 3], np.ones((2, 3))), r"loss must have shape \(3, 2\), got \(2, 3\)"),
    (lambda: p.plot_loss_surface([1, 2], [1, 2], np.ones((2, 2)), path=[1, 2]), r"path must have shape \(any, 2\)"),
    (lambda: p.plot_decision_boundary(len, np.ones((3, 3)), [0, 1, 1]), r"x must have shape \(any, 2\), got \(3, 3\)"),
    (lambda: p.plot_images(np.ones((4, 4))), r"images must have shape \(any, any, any\), got \(4, 4\)"),
    (lambda: p.plot_images(np.ones((2, 4, 4)), names=[1]), "names must have 2 entries, one for each image, got 1"),
    (lambda: p.plot_confusion_matrix([0, 3], [0, 1], names="ab"), r"labels and predicted must lie in 0 .. 1"),
    (lambda: p.plot_shares({"a": {"x": 1}, "b": {"y": 1}}), "wholes must have the same parts"),
    (lambda: p.plot_computation_graph({"x": (1, 1)}, [("x", "y")]), "edges must be .* got .'x', 'y'."),
    (lambda: p.plot_computation_graph({"x": (1, 1), "y": (1, 1)}, [("x", "y"), ("y", "x")]), "edges must not go in a circle"),
    (lambda: p.plot_computation_graph({"x": (1, 1)}, [], places={}), "places must have the names of nodes"),
])
def test_bad_arguments_are_named(call, words):
    with pytest.raises(ValueError, match=words):
        call()
