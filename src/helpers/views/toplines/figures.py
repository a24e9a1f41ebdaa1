"""What the appendix of toplines may quote."""

from __future__ import annotations

from helpers.methods.toplines import Toplines
from helpers.results import Figure
from helpers.views.rendering.declared import by_name, declare

DECLARED = declare(
    "asked", "respondents", "columns", "banners", "lettered", "compared", "withheld", "rare",
    "confidence",
)  # fmt: skip


def overview(found: Toplines) -> dict[str, Figure]:
    """How much there is to look up, how many comparisons are clear, and what is withheld."""
    away, rare = _withheld(found)
    counts = {
        "asked": (len(found.questions), "questions asked in this wave"),
        "banners": (len(found.banners), "ways to group respondents"),
        "columns": (sum(len(one.columns) for one in found.banners), "groups shown as columns"),
        "compared": (found.compared, "comparisons of two groups"),
        "lettered": (found.told_apart, "comparisons of two groups that are clear"),
        "withheld": (away, "columns withheld, by question"),
        "rare": (rare, "answers of few people, not shown by group"),
    }
    return by_name(
        Figure("respondents", found.base, unit="count", base=found.base, label="respondents"),
        Figure("confidence", found.confidence, unit="share", label="confidence of a letter"),
        *(Figure(name, number, unit="count", label=label)
          for name, (number, label) in counts.items()),
    )  # fmt: skip


def _withheld(found: Toplines) -> tuple[int, int]:
    """Columns of a question that are withheld whole, and rows that are in every other column."""
    if found.cells.empty:
        return 0, 0
    columns = found.cells.groupby(["question", "banner", "group"])["withheld"].transform("all")
    whole = found.cells[columns].drop_duplicates(["question", "banner", "group"])
    rows = found.cells[found.cells["withheld"] & ~columns]
    return len(whole), len(rows.drop_duplicates(["question", "row", "answer"]))
