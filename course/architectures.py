"""Layer tables of three networks as their papers print them, and what networks cost in parameters and multiply-adds."""

from collections.abc import Mapping, Sequence
from typing import Any

from course.layers import conv_multiply_adds, conv_parameters

LayerTable = list[dict[str, Any]]


def conv(in_channels: int, out_channels: int, kernel_size: int, out_size: int, groups: int = 1, bias: bool = True
         ) -> dict[str, Any]:
    """Return the row of a convolution whose output is ``out_size`` by ``out_size``."""
    return {"kind": "conv", "in_channels": in_channels, "out_channels": out_channels, "kernel_size": kernel_size,
            "out_height": out_size, "out_width": out_size, "groups": groups, "bias": bias}


def dense(inputs: int, outputs: int) -> dict[str, Any]:
    """Return the row of a fully connected layer."""
    return {"kind": "dense", "inputs": inputs, "outputs": outputs, "bias": True}


def alexnet() -> LayerTable:
    """Return AlexNet: pictures of 227 x 227, some layers in two groups, one for each of two graphics cards.

    A. Krizhevsky, I. Sutskever and G. E. Hinton (2012), ImageNet classification with deep convolutional neural networks.
    The paper says 224 x 224; 227 is what its first layer needs to give 55 x 55 outputs.
    """
    return [conv(3, 96, 11, 55), conv(96, 256, 5, 27, groups=2), conv(256, 384, 3, 13), conv(384, 384, 3, 13, groups=2),
            conv(384, 256, 3, 13, groups=2), dense(256 * 6 * 6, 4096), dense(4096, 4096), dense(4096, 1000)]


def vgg16() -> LayerTable:
    """Return VGG-16, column D of the paper's table 1, for pictures of 224 x 224.

    K. Simonyan and A. Zisserman (2014), arXiv 1409.1556.
    """
    layers, channels = [], 3
    for size, widths in ((224, (64, 64)), (112, (128, 128)), (56, (256,) * 3), (28, (512,) * 3), (14, (512,) * 3)):
        for width in widths:
            layers.append(conv(channels, width, 3, size))
            channels = width
    return [*layers, dense(512 * 7 * 7, 4096), dense(4096, 4096), dense(4096, 1000)]


def resnet50() -> LayerTable:
    """Return ResNet-50 for pictures of 224 x 224, with the stride in the first 1 x 1 convolution of a block.

    K. He, X. Zhang, S. Ren and J. Sun (2015), arXiv 1512.03385, table 1. Batch normalization follows every convolution,
    so none of these has a bias.
    """
    layers: LayerTable = []

    def conv_and_norm(in_channels: int, out_channels: int, kernel_size: int, size: int) -> None:
        layers.extend([conv(in_channels, out_channels, kernel_size, size, bias=False),
                       {"kind": "norm", "channels": out_channels}])

    conv_and_norm(3, 64, 7, 112)
    channels = 64
    for size, width, blocks in ((56, 64, 3), (28, 128, 4), (14, 256, 6), (7, 512, 3)):
        for block in range(blocks):
            conv_and_norm(channels, width, 1, size)
            conv_and_norm(width, width, 3, size)
            conv_and_norm(width, 4 * width, 1, size)
            if block == 0:  # the way around has another number of channels there, so it is a 1 x 1 convolution
                conv_and_norm(channels, 4 * width, 1, size)
            channels = 4 * width
    return [*layers, dense(channels, 1000)]


def network_cost(layers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Count what a network costs for one picture.

    Parameters
    ----------
    layers : sequence of dicts
        As the tables of this module have them. A convolution's ``groups`` and ``bias`` may be absent: 1 and True.

    Returns
    -------
    dict
        ``parameters`` and ``multiply_adds``, and what part of each is in dense layers: ``dense_parameter_share`` and
        ``dense_multiply_add_share``, 0.0 where there is nothing.
    """
    parameters, multiply_adds = {"conv": 0, "dense": 0, "norm": 0}, {"conv": 0, "dense": 0, "norm": 0}
    for layer in layers:
        kind = layer["kind"]
        if kind == "conv":
            sizes = layer["in_channels"], layer["out_channels"], layer["kernel_size"]
            groups = layer.get("groups", 1)
            parameters[kind] += conv_parameters(*sizes, groups, layer.get("bias", True))
            multiply_adds[kind] += conv_multiply_adds(*sizes, layer["out_height"], layer["out_width"], groups)
        elif kind == "dense":
            weights = layer["inputs"] * layer["outputs"]
            parameters[kind] += weights + layer["bias"] * layer["outputs"]
            multiply_adds[kind] += weights
        else:
            parameters[kind] += 2 * layer["channels"]
    all_parameters, all_multiply_adds = sum(parameters.values()), sum(multiply_adds.values())
    return {
        "parameters": all_parameters, "multiply_adds": all_multiply_adds,
        "dense_parameter_share": parameters["dense"] / all_parameters if all_parameters else 0.0,
        "dense_multiply_add_share": multiply_adds["dense"] / all_multiply_adds if all_multiply_adds else 0.0,
    }
