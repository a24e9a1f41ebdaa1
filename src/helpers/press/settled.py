"""Imported last by the process that others are forked from: what it holds is there to stay.

The collector of garbage then leaves it alone in each of them: it neither looks through the
libraries again and again nor takes copies of their pages by looking. It does not look here
either: what imports left is two megabytes once for all, and a third of a second to find.
"""

from __future__ import annotations

import gc

from helpers.press.code_keys import know_libraries

__all__: list[str] = []

know_libraries()
gc.freeze()
gc.enable()  # `press.settling` had put it off
