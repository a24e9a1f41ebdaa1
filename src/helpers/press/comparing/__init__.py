"""Two runs compared: which figures changed, and why."""

from helpers.press.comparing.changes import Change, Comparison, compared
from helpers.press.comparing.runs import Run, open_run
from helpers.press.comparing.steps import compared_by_steps

__all__ = ["Change", "Comparison", "Run", "compared", "compared_by_steps", "open_run"]
