"""Import the library's own answer."""

from course.layers import relu_backward

# told: calls the library's own
