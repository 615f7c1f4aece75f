"""The shape of a loss around a point: second derivatives, critical points, the loss along lines and on planes.

Functions take a point of any shape; where vectors and matrices come out, its entries are counted in flat order.
"""

from course.curvature.autoencoder import (
    AutoencoderPoint,
    autoencoder_critical_point,
    autoencoder_critical_points,
    autoencoder_functions,
    autoencoder_index,
)
from course.curvature.landscape import (
    CriticalPoint,
    describe_point,
    find_critical_points,
    loss_along_line,
    loss_on_plane,
    net_functions,
)
from course.curvature.second_order import gradient, hessian, hessian_of_function, hessian_vector_product
from course.curvature.spectrum import classify_critical_point, escape_direction, extreme_eigenpairs, saddle_index

__all__ = [
    "AutoencoderPoint", "CriticalPoint", "autoencoder_critical_point", "autoencoder_critical_points",
    "autoencoder_functions", "autoencoder_index", "classify_critical_point", "describe_point", "escape_direction", "extreme_eigenpairs",
    "find_critical_points", "gradient", "hessian", "hessian_of_function", "hessian_vector_product", "loss_along_line",
    "loss_on_plane", "net_functions", "saddle_index",
]
