"""Right answers to ``week3/02_backprop``: ``loops`` as on paper, ``compact`` as a numpy reader would, ``other`` ideas."""
