"""Right answers to ``week3/01_softmax_and_regularization``: ``loops`` as on paper, ``compact`` as a numpy reader would."""
