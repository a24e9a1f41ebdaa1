"""What is planned, promised and predicted, against the day of the data and the other tables."""

from __future__ import annotations

import re
from collections.abc import Mapping

from helpers.study.codebook import Codebook
from helpers.study.config import Config
from helpers.study.findings import Findings
from helpers.study.intake import Typed
from helpers.study.nearest import nearest
from helpers.study.row_faults import report_rows

__all__ = ["check_promises"]

LONG = 60  # months until an action works
SCORES = ("nps", "recommend_mean", "satisfaction_mean", "satisfaction_top", "effort_mean",
          "loyalty_index", "loyalty", "attitude", "behaviour")  # fmt: skip
SCALE = re.compile(r"-?\d+-\d+")
QUARTER = re.compile(r"(\d{4})\W*[Qq]\W*([1-4])")


def check_promises(
    tables: Mapping[str, Typed], codebook: Codebook, config: Config, findings: Findings
) -> None:
    """Warn of actions that cannot begin or move nothing, promises told too soon, odd figures."""
    if "actions" in tables:
        _check_actions(tables["actions"], tables.get("action_effects"), config, findings)
    if "action_effects" in tables:
        _check_effects(tables["action_effects"], findings)
    if "communications" in tables:
        _check_told(tables["communications"], tables.get("actions"), findings)
    if "benchmarks" in tables:
        _check_benchmarks(tables["benchmarks"], config, findings)
    if "ledger" in tables:
        _check_ledger(tables["ledger"], findings)
    _check_names(tables, codebook, findings)


def _check_actions(typed: Typed, effects: Typed | None, config: Config, findings: Findings) -> None:
    frame = typed.frame
    if "earliest_quarter" in frame and config.as_of.year < 9999:
        now = config.as_of.year * 4 + (config.as_of.month - 1) // 3
        quarters = frame["earliest_quarter"].astype("object").map(_quarter)
        problem = f"is over before as_of ({config.as_of})"
        advice = "Write the quarter in which it can begin, or leave the cell empty."
        rows = quarters < now
        report_rows(typed, rows, "earliest_quarter", problem, advice, findings, warn=True)
    if "months" in frame and frame["months"].dtype.kind == "f":
        problem = "is the number of months until the action works"
        advice = "If days are meant, divide them by 30."
        rows = frame["months"] > LONG
        report_rows(typed, rows, "months", problem, advice, findings, warn=True)
    if {"function", "name"} <= set(frame):
        _check_rare_functions(typed, findings)
        again = frame["name"].str.casefold().duplicated() & frame["name"].notna()
        problem = "is the name of an earlier action too"
        advice = "Each may be chosen: take one out, or tell them apart."
        report_rows(typed, again, "name", problem, advice, findings, warn=True)
    if effects is not None and {"action_id"} <= set(frame) & set(effects.frame):
        rows = ~frame["action_id"].isin(effects.frame["action_id"]) & frame["action_id"].notna()
        problem = f"has no row in {effects.raw.file}: it is taken to move nothing"
        advice = "Send what it moves, or take it out of the list."
        report_rows(typed, rows, "action_id", problem, advice, findings, warn=True)


def _quarter(text: object) -> float:
    found = QUARTER.search(str(text))
    return int(found[1]) * 4 + int(found[2]) - 1 if found else float("nan")


def _check_rare_functions(typed: Typed, findings: Findings) -> None:
    """A function of one action, nearly called as that of several."""
    names = typed.frame["function"].astype("object")
    counts = names.value_counts()
    often = [str(name) for name in counts.index[counts > 1]]
    for name in (str(one) for one in counts.index[counts == 1]):
        if meant := nearest(name, often):
            problem = f"is a function of its own, beside {meant}"
            advice = "Use one name: the days of a function are those of its actions."
            report_rows(typed, names.eq(name), "function", problem, advice, findings, warn=True)


def _check_effects(typed: Typed, findings: Findings) -> None:
    names = [n for n in ("change_low", "change_mid", "change_high") if n in typed.frame]
    if len(names) < 3 or any(typed.frame[n].dtype.kind != "f" for n in names):
        return
    nothing = typed.frame[names].eq(0).all(axis=1)
    problem = "and its ends are 0: the action is said to move nothing"
    advice = "Send by how many points it moves the driver, or take the row out."
    report_rows(typed, nothing, "change_mid", problem, advice, findings, warn=True)
    middle = typed.frame["change_mid"].abs()
    if len(middle) >= 5 and 0 < middle.max() < 0.03:
        problem = f"is at most {middle.max():g} points in all {len(middle)} rows"
        advice = "If shares of the scale are meant, write points of it: 0.01 of 0 to 10 are 0.1."
        findings.warn(typed.raw.file, problem, advice, column="change_mid")


def _check_told(typed: Typed, actions: Typed | None, findings: Findings) -> None:
    frame = typed.frame
    if {"told_at", "promised_at"} <= set(frame):
        early = frame["told_at"] < frame["promised_at"]
        problem = "lies before promised_at of its row"
        advice = "It is when customers were told that the promise was kept: correct one of the two."
        report_rows(typed, early, "told_at", problem, advice, findings, warn=True)
    if {"told_at", "delivered_at"} <= set(frame):
        bare = frame["told_at"].notna() & frame["delivered_at"].isna()
        problem = "is filled in, and delivered_at is empty: told of what was not delivered"
        advice = "Fill in delivered_at, or leave told_at empty."
        report_rows(typed, bare, "told_at", problem, advice, findings, warn=True)
    if actions is not None and {"action_id"} <= set(frame) & set(actions.frame):
        known = actions.frame["action_id"]
        rows = frame["action_id"].notna() & ~frame["action_id"].isin(known)
        told = any(f.file in typed.raw.files and f.column == "action_id" for f in findings.faults)
        if not told:
            problem = f"is no action_id of {actions.raw.file}"
            advice = "Correct it, or leave it empty where the promise belongs to no action."
            report_rows(typed, rows, "action_id", problem, advice, findings, warn=True)


def _check_benchmarks(typed: Typed, config: Config, findings: Findings) -> None:
    frame = typed.frame
    if "scale" in frame:
        odd = ~frame["scale"].astype("object").map(
            lambda text: SCALE.fullmatch(str(text).strip()) is not None
        )
        problem = "is no scale that is compared"
        advice = "Write its ends with a hyphen between them, as 0-10."
        report_rows(typed, odd & frame["scale"].notna(), "scale", problem, advice, findings,
                    warn=True)  # fmt: skip
    if "year" in frame and config.as_of.year < 9999:
        odd = (frame["year"] > config.as_of.year) | (frame["year"] < 1950)
        problem = f"is no year up to as_of ({config.as_of})"
        report_rows(typed, odd, "year", problem, "Write it in four digits.", findings, warn=True)
    if {"metric", "p50"} <= set(frame) and frame["p50"].dtype.kind == "f":
        quantiles = frame.filter(regex=r"^p\d\d$").abs().max(axis=1)
        odd = frame["metric"].astype(str).str.casefold().eq("nps") & (quantiles <= 1)
        problem = "is in points of a hundred"
        advice = "Write a net promoter score of 0.26 as 26."
        report_rows(typed, odd & frame["p50"].ne(0), "p50", problem, advice, findings, warn=True)


def _check_ledger(typed: Typed, findings: Findings) -> None:
    frame = typed.frame
    if {"predicted", "low", "high"} <= set(frame):
        for column, odd in (("low", frame["low"] > frame["predicted"]),
                            ("high", frame["high"] < frame["predicted"])):  # fmt: skip
            side = "above" if column == "low" else "below"
            problem = f"lies {side} predicted, of which it is an end"
            advice = "The handbook writes this table: send it as it was written."
            report_rows(typed, odd, column, problem, advice, findings, warn=True)
    nothing = "actual" in frame and frame["actual"].dropna().eq(0).all()
    if nothing and frame["actual"].count() > 1:
        problem = "is 0 in every row that is filled in"
        advice = "Leave it empty until the figure is known."
        report_rows(typed, frame["actual"].eq(0), "actual", problem, advice, findings, warn=True)


def _check_names(tables: Mapping[str, Typed], codebook: Codebook, findings: Findings) -> None:
    """Names that are nearly those of questions or scores, and lead nowhere as they stand."""
    drivers = [q.variable for q in codebook.of("driver")]
    scores = [*SCORES, *(q.variable for q in codebook.questions if q.scaled)]
    comments = [q.variable for q in codebook.of("comment")]
    for table, column, known in (("comments", "question", comments), ("ledger", "metric", scores),
                                 ("tickets", "root_cause", drivers),
                                 ("benchmarks", "metric", scores)):  # fmt: skip
        if table not in tables or column not in tables[table].frame or not known:
            continue
        names = tables[table].frame[column].astype("object")
        for name in (str(one) for one in names.dropna().unique() if one not in known):
            if meant := nearest(name, known, likeness=0.75):
                problem = f"is nearly {meant}, and leads nowhere as it stands"
                advice = f"Write {meant}, if that is meant."
                report_rows(tables[table], names.eq(name), column, problem, advice, findings,
                            warn=True)  # fmt: skip
