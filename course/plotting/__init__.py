"""Figures of the course."""

from course.plotting.show import show

__all__ = ["show"]
