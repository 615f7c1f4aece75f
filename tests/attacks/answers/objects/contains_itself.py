"""Return a list that contains itself, and a dict too."""

LIST = []
LIST.append(LIST)
DICT = {"a": LIST}
DICT["b"] = DICT


def relu_backward(grad_out, x):
    return [LIST, DICT]
