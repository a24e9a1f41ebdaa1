"""The nearest known name to one that is not known."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = ["advice_for", "nearest"]


def nearest(name: str, known: Iterable[str], *, likeness: float = 0.6) -> str | None:
    """Find the known name most like ``name``, or ``None`` where nothing is like it.

    ``likeness`` is the smallest share of letters in common (0 to 1, difflib's ratio).

    Examples
    --------
    >>> nearest("polcy", ["policy", "targets"])
    'policy'
    >>> nearest("zebra", ["policy", "targets"]) is None
    True
    """
    spelled = {_plain(other): other for other in known}
    close = get_close_matches(_plain(name), list(spelled), n=1, cutoff=likeness)
    return spelled[close[0]] if close else None


def _plain(name: str) -> str:
    return name.strip().casefold().replace(" ", "_").replace("-", "_")


def advice_for(name: str, known: Iterable[str]) -> str:
    """Say which name was probably meant, or list those there are.

    Examples
    --------
    >>> advice_for("drivr", ["driver", "segment"])
    'Did you mean driver?'
    >>> advice_for("zebra", ["driver", "segment"])
    'Known here: driver, segment.'
    """
    names = list(dict.fromkeys(known))
    meant = nearest(name, names)
    return f"Did you mean {meant}?" if meant else f"Known here: {', '.join(sorted(names))}."
