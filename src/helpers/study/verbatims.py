"""What respondents wrote, the frame it is sorted by, and the names that quotes must not show."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from helpers.study.codebook import Codebook
from helpers.study.findings import Findings
from helpers.study.intake import Typed
from helpers.study.nearest import advice_for
from helpers.study.row_faults import report_rows

__all__ = ["check_repeats", "check_themes", "comments", "known_names"]

MARK = "theme_"
NEEDED = ("response_id", "question", "text")
PEOPLE = (
    "name", "first_name", "last_name", "surname", "full_name", "owner", "sponsor", "contact",
    "contact_name", "follow_up_owner", "excluded_by",
)  # fmt: skip


def comments(
    tables: Mapping[str, pd.DataFrame], codebook: Codebook, joined: pd.DataFrame
) -> pd.DataFrame:
    """Text answers of every wave: the table ``comments``, else the questions of that role.

    Examples
    --------
    >>> from helpers.study.codebook import Question
    >>> asked = Codebook((Question("why", "comment", "Why?", "Why"),))
    >>> rows = pd.DataFrame({"why": ["Late.", None]}, index=["r1", "r2"])
    >>> comments({}, asked, rows)[["response_id", "question", "text"]].to_dict("records")
    [{'response_id': 'r1', 'question': 'why', 'text': 'Late.'}]
    """
    if "comments" in tables:
        return tables["comments"]
    texts = [q.variable for q in codebook.of("comment") if q.variable in joined]
    language = joined.get("language")
    parts = [
        pd.DataFrame(
            {
                "response_id": joined.index,
                "question": name,
                "text": joined[name].to_numpy(dtype=object),
                "language": None if language is None else language.to_numpy(dtype=object),
            }
        )
        for name in texts
    ]
    if not parts:
        return pd.DataFrame(columns=[*NEEDED, "language"])
    return pd.concat(parts, ignore_index=True).dropna(subset="text").reset_index(drop=True)


def known_names(tables: Mapping[str, pd.DataFrame]) -> dict[str, tuple[str, ...]]:
    """Names of people and of companies in any table, for quotes to leave out.

    Examples
    --------
    >>> known_names({"accounts": pd.DataFrame({"name": ["Acme"], "owner": ["Tom Eriksen"]})})
    {'people': ('Tom Eriksen',), 'companies': ('Acme',)}
    """
    companies = _texts(tables.get("accounts"), ("name",))
    people = [
        name
        for table, frame in tables.items()
        for name in _texts(frame, [c for c in PEOPLE if (table, c) != ("accounts", "name")])
        if table not in ("products", "actions")
    ]
    return {"people": tuple(dict.fromkeys(people)), "companies": tuple(dict.fromkeys(companies))}


def _texts(frame: pd.DataFrame | None, columns: object) -> list[str]:
    if frame is None:
        return []
    there = [name for name in columns if name in frame]  # type: ignore[attr-defined]
    return [str(x) for name in there for x in frame[name].dropna().unique()]


def check_repeats(typed: Mapping[str, Typed], findings: Findings) -> None:
    """Text answers that stand in the table twice: each would count."""
    if "comments" not in typed or not set(NEEDED) <= set(typed["comments"].frame):
        return
    table = typed["comments"]
    again = table.frame.duplicated(NEEDED) & table.frame["text"].notna()
    problem = "is there already, for the same response and question, and counts again"
    advice = "Send each answer once."
    report_rows(table, again, "response_id", problem, advice, findings, warn=True)


def check_themes(typed: Mapping[str, Typed], codebook: Codebook, findings: Findings) -> None:
    """Drivers and hand-coded themes that the frame names, against those that there are."""
    if "themes" not in typed:
        return
    frame, raw = typed["themes"].frame, typed["themes"].raw
    drivers = [q.variable for q in codebook.of("driver")]
    named = frame["driver"].dropna() if "driver" in frame else pd.Series(dtype=object)
    for position, name in named[~named.isin(drivers)].items():
        file, row = raw.where(int(position))  # type: ignore[call-overload]
        advice = advice_for(str(name), drivers) if drivers else "Leave the column empty."
        problem = "is not a question with the role driver"
        findings.error(file, problem, advice, row=row, column="driver", found=str(name))
    if "words" in frame:
        bare = frame["words"].fillna("").str.contains(r"(?:^|;)\s*[*\s]+\s*(?:;|$)", regex=True)
        for position in frame.index[bare & frame["words"].notna()]:
            file, row = raw.where(int(position))
            advice = "Give each * at least a letter, as late*."
            findings.error(file, "has a wildcard alone", advice, row=row, column="words")
    if "comments" in typed and "theme" in frame:
        _check_coded(typed["comments"], list(frame["theme"].dropna().unique()), findings)


def _check_coded(said: Typed, themes: list[str], findings: Findings) -> None:
    """Themes coded by hand that the frame does not have: kept, but without rules."""
    for name in said.frame.columns:
        theme = str(name).removeprefix(MARK)
        if str(name).startswith(MARK) and theme not in themes:
            problem = "is a theme that themes does not list"
            advice = f"It is kept, without rules. {advice_for(theme, themes)}"
            findings.warn(said.raw.file, problem, advice, column=str(name))
