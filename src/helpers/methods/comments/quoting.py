"""Which comments may be shown, and which few of them are."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.methods.comments.coding import Coding
from helpers.methods.comments.writing import words

__all__ = ["Quotes", "quotes"]

SHOWN = 5  # comments a theme
ALIKE = 0.7  # share of words in common from which two comments say the same


@dataclass(frozen=True)
class Quotes:
    """A few comments a theme, as they were written but for what would tell their writer.

    ``table``: theme, text, said_by (the writer's role, where enough people of that role
    name the theme; else empty). ``counts``: theme, may (who name it and agreed to be
    quoted), shown.
    """

    table: pd.DataFrame
    counts: pd.DataFrame
    base: int  # respondents of the wave who agreed

    def __post_init__(self) -> None:
        if (self.counts["shown"] > self.counts["may"]).any():
            raise ValueError("more comments are shown than may be")


def quotes(
    coding: Coding,
    texts: pd.Series,
    agreed: pd.Series,
    *,
    rng: np.random.Generator,
    roles: pd.Series | None = None,
    themes: Sequence[str] | None = None,
    minimum: int = 10,
    count: int = SHOWN,
) -> Quotes:
    """Draw a few comments a theme by lot, from those who agreed to be quoted.

    Nobody chooses them: they are drawn with a stated seed, one an account at most, no
    two alike. A role is named only where at least ``minimum`` people of that role name
    the theme.

    Parameters
    ----------
    coding
        As :func:`coded` returns it; comments of this wave are drawn.
    texts
        Redacted comments, by response_id.
    agreed
        Whether a respondent may be quoted, by response_id.
    rng
        Draws them.
    roles
        What may be said of the writer, by response_id; nothing where not given.

    Examples
    --------
    >>> from helpers.methods.comments import coded, gathered, theme_frame
    >>> said = pd.DataFrame({"response_id": list("abc"), "question": "q",
    ...                      "text": ["Late!", "late again", "ok"]})
    >>> people = pd.DataFrame({"wave": "w"}, index=list("abc"))
    >>> frame = theme_frame(pd.DataFrame({"theme": ["late"], "words": ["late"]}))
    >>> made = coded(gathered(said, people, "w"), frame, rng=np.random.default_rng(1))
    >>> agreed = pd.Series([True, False, True], index=list("abc"))
    >>> quotes(made, said.set_index("response_id")["text"], agreed,
    ...        rng=np.random.default_rng(1)).table["text"].tolist()
    ['Late!']
    """
    people = coding.codes.index[coding.current]
    may = agreed.reindex(people).fillna(False).astype(bool)
    rows: list[dict[str, object]] = []
    counts, spelled = [], texts.to_dict()
    for theme in coding.frame.themes if themes is None else themes:
        named = coding.codes.loc[people, theme] == 1
        drawn = _drawn(people[named & may], texts, coding.clusters, rng, count)
        spoken = _speakers(people[named], roles, minimum)
        rows += [
            {"theme": theme, "text": spelled[who], "said_by": spoken.get(who, "")} for who in drawn
        ]
        counts.append({"theme": theme, "may": int((named & may).sum()), "shown": len(drawn)})
    table = pd.DataFrame(rows, columns=["theme", "text", "said_by"])
    return Quotes(table, pd.DataFrame(counts, columns=["theme", "may", "shown"]), int(may.sum()))


def _drawn(
    people: pd.Index, texts: pd.Series, clusters: pd.Series, rng: np.random.Generator, count: int
) -> list[Hashable]:
    """The first of a shuffled list, one an account, no two alike."""
    accounts: set[object] = set()
    said: list[set[str]] = []
    chosen: list[Hashable] = []
    for place in rng.permutation(len(people)):
        who = people[place]
        own = set(words(str(texts.loc[who])))
        if clusters[who] in accounts or any(_alike(own, other) for other in said):
            continue
        accounts.add(clusters[who])
        said.append(own)
        chosen.append(who)
        if len(chosen) == count:
            break
    return chosen


def _alike(own: set[str], other: set[str]) -> bool:
    """Whether two comments share most of their words."""
    together = len(own | other)
    return together == 0 or len(own & other) / together >= ALIKE


def _speakers(people: pd.Index, roles: pd.Series | None, minimum: int) -> dict[object, str]:
    """Roles that may be named: enough people of the role name the theme."""
    if roles is None:
        return {}
    known = roles.reindex(people).dropna().astype(str)
    sizes = known.value_counts()
    return {who: role for who, role in known.items() if sizes[role] >= minimum}
