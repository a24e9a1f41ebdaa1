"""Imported first by the process that others are forked from: what is imported is no garbage.

To look for some among it, over and over while it grows, takes a fifth of all importing.
`press.settled` lets the collector look again, at what comes after. And when that process ends,
all goes with it at once: to take apart what it imported, piece by piece, would take as long as a
chapter.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys

__all__ = ["is_server"]

SERVER = "multiprocessing.forkserver"  # in the words that such a process is started with


def is_server() -> bool:
    """Whether this process is one that others are forked from.

    >>> is_server()
    False
    """
    return any(SERVER in word for word in sys.orig_argv)


gc.disable()
if is_server():  # the first to be registered is the last to be called
    atexit.register(os._exit, 0)
