"""Write half characters into code, a cell of one's own, outputs, and the name of a picture."""

import json

import nbformat

from tests.attacks.small_class import cell_of

KEEPS = True  # an honest accident: what was right keeps its marks


def hand_in(nb):
    cell_of(nb, "unbroadcast-code").source = "'PLACE'"
    own = nbformat.v4.new_code_cell("print('PLACE')", outputs=[nbformat.v4.new_output("stream", text="PLACE")])
    text = nbformat.v4.new_markdown_cell("PLACE", attachments={"PLACE.png": {"image/png": "iVBORw0KGgo="}})
    nb.cells += [own, text]
    return json.dumps(nb).replace("PLACE", "\\ud800").encode()
