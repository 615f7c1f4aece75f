"""Right answers to ``week1/01_motivation_and_depth``: ``loops`` as on paper, ``compact`` as a numpy reader would, ``other`` ideas."""
