"""Right answers in other styles than the reference: what `prove` must see accepted."""
