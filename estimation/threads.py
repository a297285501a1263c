"""How many threads multiply matrices: one, while the package computes.

What is multiplied here is small, or tall and thin, so that threads of the algebra library mostly wait for each other,
and for those that the package starts itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import scipy.linalg  # noqa: F401 - it brings an algebra library of its own: only what is loaded can be limited
from threadpoolctl import threadpool_limits


@contextmanager
def one_thread() -> Iterator[None]:
    """Let matrices be multiplied in one thread until it ends; also a decorator of functions."""
    with threadpool_limits(1, "blas"):
        yield
