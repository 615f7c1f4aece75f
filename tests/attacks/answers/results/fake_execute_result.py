"""Show a number as a check shows the marks."""

5.0


def relu_backward(grad_out, x):
    return grad_out + 0.0

# --- next cell ---
5.0
# --- next cell ---
print(5.0); 5.0
