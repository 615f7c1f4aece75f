"""Put a figure on the page together with a description for those who cannot see it."""

import base64
from html import escape
from io import BytesIO
from typing import TYPE_CHECKING

from course.plotting.style import description

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def show(figure: "Figure | Axes", alt: str | None = None) -> None:
    """Display a figure with alt text, and close it.

    Parameters
    ----------
    figure : matplotlib.figure.Figure or matplotlib.axes.Axes
        Of axes, the whole figure is shown.
    alt : str, optional
        One or two sentences that say what the figure shows; unless told, what its `plot_...` functions say.

    Raises
    ------
    ValueError
        If there is no alt text.

    Notes
    -----
    JupyterLab drops an ``alt`` given in the metadata of an image, so the figure is also sent as an HTML ``<img>``;
    tools that know no HTML take the plain PNG beside it.
    """
    import matplotlib.pyplot as plt
    from IPython.display import display
    from matplotlib.figure import Figure

    page = figure if isinstance(figure, Figure) else figure.figure.figure  # the outermost one
    alt = description(page) if alt is None else alt
    if not alt.strip():
        raise ValueError("alt is empty: say in a sentence what the figure shows")
    buffer = BytesIO()
    page.savefig(buffer, format="png", dpi=110, bbox_inches="tight", facecolor="white")
    plt.close(page)
    data = base64.b64encode(buffer.getvalue()).decode("ascii")
    html = f'<img alt="{escape(alt, quote=True)}" style="max-width:100%" src="data:image/png;base64,{data}">'
    display({"text/html": html, "image/png": data, "text/plain": f"[figure] {alt}"}, raw=True)
