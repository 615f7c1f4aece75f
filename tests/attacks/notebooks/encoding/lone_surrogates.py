"""Write half characters and zeros, which cannot be written again."""

import json

from tests.attacks.small_class import cell_of

KEEPS = True  # an honest accident: what was right keeps its marks


def hand_in(nb):
    cell_of(nb, "question-checker").source = "half PLACE"
    return json.dumps(nb).replace("PLACE", "\\ud800 \\u0000").encode()
