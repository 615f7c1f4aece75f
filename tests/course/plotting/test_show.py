"""A figure goes on the page with its description."""

import base64
from html import unescape

import matplotlib

matplotlib.use("agg")
import IPython.display
import matplotlib.pyplot as plt
import pytest

from course.plotting import describe, plot_curves, show


@pytest.fixture
def shown(monkeypatch):
    """What was displayed."""
    kept = []
    monkeypatch.setattr(IPython.display, "display", lambda data, raw: kept.append(data))
    yield kept
    plt.close("all")


def test_the_alt_text_that_is_given_is_used(shown):
    figure, _ = plt.subplots()
    show(figure, alt='a "line" & <more>')
    assert 'alt="a &quot;line&quot; &amp; &lt;more&gt;"' in shown[0]["text/html"]
    assert shown[0]["text/plain"] == '[figure] a "line" & <more>'
    assert base64.b64decode(shown[0]["image/png"]).startswith(b"\x89PNG")
    assert not plt.fignum_exists(figure.number)


def test_else_the_picture_describes_itself(shown):
    ax = plot_curves([1, 2], {"a": [1, 2]}, xlabel="x", ylabel="y")
    describe(ax, "it rises.")
    show(ax)
    assert "Y against x: a from 1 to 2. It rises." in unescape(shown[0]["text/html"])


@pytest.mark.parametrize("alt", [None, " "])
def test_a_figure_without_words_is_not_shown(shown, alt):
    figure, _ = plt.subplots()
    with pytest.raises(ValueError, match="alt is empty"):
        show(figure, alt)
    assert shown == []
