"""Fill the notebook's metadata with what other programs act on."""

KEEPS = True  # an honest accident: what was right keeps its marks


def hand_in(nb):
    nb.metadata |= {"celltoolbar": "Create Assignment", "widgets": {"application/vnd.jupyter.widget-state+json": {"state": {}}}, "toc": {},
                    "jupytext": {"formats": "ipynb,py:percent"}, "title": "../../x", "authors": [{"name": "x"}], "course": {"experiment": []}}
    return nb
