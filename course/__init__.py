"""Helper library of the course *Deep Learning by Hand*: what the notebooks import.

Import it before numpy: it asks numpy's BLAS for one thread, which is faster for nets of the size that we train.
"""

import os

for _name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ.setdefault(_name, "1")

from course.check import check  # noqa: E402  (the threads must be set before numpy is imported)

__all__ = ["check"]
__version__ = "0.1.0"
