"""Many small matrix products run on one core.

The linear algebra library splits each of them among all cores, whose threads then
mostly wait for one another: on a busy machine with two cores that takes five times
the CPU seconds and twenty times as long.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import numpy as np  # noqa: F401 - has a linear algebra library
import scipy.linalg  # noqa: F401 - has another
from threadpoolctl import ThreadpoolController

__all__ = ["one_core"]

P = ParamSpec("P")
R = TypeVar("R")


LIBRARIES = ThreadpoolController()  # found when this is imported, after those that it names


def one_core(work: Callable[P, R]) -> Callable[P, R]:
    """The same function, with linear algebra held to one core while it runs.

    Examples
    --------
    >>> import numpy as np
    >>> @one_core
    ... def total(size):
    ...     return float((np.ones((size, size)) @ np.ones(size)).sum())
    >>> total(3)
    9.0
    """

    @wraps(work)
    def held(*given: P.args, **named: P.kwargs) -> R:
        with LIBRARIES.limit(limits=1, user_api="blas"):
            return work(*given, **named)

    return held
