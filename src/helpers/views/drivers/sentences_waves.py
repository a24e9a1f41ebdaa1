"""The words of the drivers chapter on waves: which of them speak, and whether they agree."""

from __future__ import annotations

from collections.abc import Mapping

from helpers.results import Figure
from helpers.views.rendering.verdicts import by_verdict

SPEAK = "All {waves:value} waves speak"
SOME_SPEAK = "{waves:value} waves speak"
SILENT = "Without a say: {waves_silent}."
AGREED = "no driver's effect is shown to have changed between them (p = {waves_p:value})."
CHANGED = (
    "the effect of {waves_changed} changed between them (p = {waves_p:value}), and is given as it "
    "is in the last one, drawn towards the others."
)
TOGETHER = (
    "effects taken together changed between them (p = {waves_p:value}), and are given as they are "
    "in the last one, drawn towards the others."
)
NOT_TESTED = "effects are those of all of them together, without a test of whether they changed."
WAVES = by_verdict(
    "waves",
    {
        "one": ("Only the last wave speaks. " + SILENT, ""),
        **{
            verdict: (f"{SOME_SPEAK}: {text} {SILENT}", f"{SPEAK}: {text}")
            for verdict, text in (
                ("agree", AGREED),
                ("some differ", CHANGED),
                ("together", TOGETHER),
                ("not tested", NOT_TESTED),
            )
        },
    },
)


def waves(figures: Mapping[str, Figure]) -> str:
    """Which waves the effects are of, and whether any changed between them."""
    return WAVES(figures)
