"""Imported first by the process that others are forked from: what is imported is no garbage.

To look for some among it, over and over while it grows, takes a fifth of all importing.
`press.settled` looks once, when everything is there.
"""

from __future__ import annotations

import gc

__all__: list[str] = []

gc.disable()
