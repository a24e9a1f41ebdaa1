"""Two runs compared: which figures changed, and why."""

from helpers.press.comparing.changes import Change, Comparison, compared
from helpers.press.comparing.runs import Run, open_run

__all__ = ["Change", "Comparison", "Run", "compared", "open_run"]
