"""Which comments may be shown, and which few of them are."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.methods.comments.coding import Coding
from helpers.methods.comments.redaction import legible
from helpers.methods.comments.writing import words

__all__ = ["Quotes", "quotes"]

SHOWN = 5  # comments a theme
ALIKE = 0.7  # share of words in common from which two comments say the same


@dataclass(frozen=True)
class Quotes:
    """A few comments a theme, as they were written but for what would tell their writer.

    ``table``: theme, text, said_by (the writer's role, where enough people of that role
    name the theme; else empty). ``counts``: theme, may (who name it and agreed to be
    quoted in a script that redaction can read), shown. Nobody is in the table twice.
    """

    table: pd.DataFrame
    counts: pd.DataFrame
    base: int  # respondents of the wave who agreed
    unreadable: int = 0  # of them, those whose comments hold letters of other scripts

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

    Nobody chooses them: they are drawn with a stated seed, a theme at a time in turns, over
    all themes one an account at most and no two alike. A role is named only where at least
    ``minimum`` people of that role name the theme. Comments in scripts without capitals,
    where names that no list holds cannot be found, are not drawn.

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
    willing = agreed.reindex(people).fillna(False).astype(bool)
    may = willing & legible(texts.reindex(people))
    chosen = list(coding.frame.themes) if themes is None else list(themes)
    named = {theme: coding.codes.loc[people, theme] == 1 for theme in chosen}
    queues = {
        theme: list(rng.permutation(people[named[theme] & may].to_numpy())) for theme in chosen
    }
    spelled = texts.to_dict()
    drawn = _drawn(queues, spelled, coding.clusters.to_dict(), count)
    rows: list[tuple[str, object, str]] = []
    for theme in chosen:
        spoken = _speakers(people[named[theme]], roles, minimum)
        rows += [(theme, spelled[who], spoken.get(who, "")) for who in drawn[theme]]
    counts = [(theme, int((named[theme] & may).sum()), len(drawn[theme])) for theme in chosen]
    return Quotes(
        pd.DataFrame(rows, columns=["theme", "text", "said_by"]),
        pd.DataFrame(counts, columns=["theme", "may", "shown"]),
        int(willing.sum()),
        int((willing & ~may).sum()),
    )


def _drawn(
    queues: Mapping[str, list[Hashable]],
    texts: Mapping[Hashable, object],
    clusters: Mapping[Hashable, object],
    count: int,
) -> dict[str, list[Hashable]]:
    """The first of each shuffled list, in turns: one an account, no two alike."""
    accounts: set[object] = set()
    said: list[set[str]] = []
    chosen: dict[str, list[Hashable]] = {theme: [] for theme in queues}
    for theme in [*queues] * count:
        while queues[theme]:
            who = queues[theme].pop(0)
            own = set(words(str(texts[who])))
            if clusters[who] not in accounts and not any(_alike(own, one) for one in said):
                accounts.add(clusters[who])
                said.append(own)
                chosen[theme].append(who)
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
