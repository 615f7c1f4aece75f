"""Checks gradients by differences, and says what is wrong with them.

>>> from course.gradient_check import check_gradients, check_layer
"""

from course.gradient_check.check import check_gradients
from course.gradient_check.differences import numerical_gradient, relative_error
from course.gradient_check.layer import check_layer
from course.gradient_check.result import CheckedArray, GradientCheck

__all__ = ["CheckedArray", "GradientCheck", "check_gradients", "check_layer", "numerical_gradient", "relative_error"]
