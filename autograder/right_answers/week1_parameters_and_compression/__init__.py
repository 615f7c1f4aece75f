"""Right answers to ``week1/02_parameters_and_compression``: ``loops`` as on paper, ``compact`` as a numpy reader would."""
