"""Another idea of the same thing."""

from typing import Any

import numpy as np

from autograder.right_answers.week3_backprop.loops import Tensor as _Closures


class _Tape(_Closures):
    """One list of all that was computed, in the order in which it happened, gone through backwards."""

    tape: list[Any] = []

    def __init__(self, data: Any, before: tuple = ()) -> None:
        super().__init__(data, before)
        _Tape.tape.append(self)

    def _new(self, value: Any, *pairs: Any) -> "_Closures":
        out = _Tape(value, tuple(t for t, _ in pairs))
        out.pairs = pairs  # type: ignore[attr-defined]
        return out

    def backward(self) -> None:
        grads = {id(self): np.ones(self.data.shape)}
        for tensor in reversed(_Tape.tape[: _Tape.tape.index(self) + 1]):
            if id(tensor) in grads:
                tensor.grad = tensor.grad + grads[id(tensor)]
                for other, local in getattr(tensor, "pairs", ()):
                    more = _Closures._fit(np.asarray(local(grads[id(tensor)])), other.data)
                    grads[id(other)] = grads.get(id(other), 0) + more

    __hash__ = object.__hash__


Tensor__tape = _Tape
