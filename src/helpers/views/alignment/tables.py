"""The tables of the alignment chapter."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from helpers.methods.alignment import Coverage, Gaps, Paid, Staff, Units
from helpers.methods.alignment.paid import same_function
from helpers.views.alignment.figures import DIMENSIONS, WAYS
from helpers.views.rendering.naming import Labels, named, plain
from helpers.views.rendering.records import records
from helpers.views.rendering.rules import listed
from helpers.views.rendering.sentences import Sentence, notes, show_folded
from helpers.views.rendering.tables import Column, Table, show

VERDICTS = {
    "helps": "helps customers",
    "works against": "works against customers",
    "not clear": "no reliable link",
    "not tested": "untested: measured, but for too few accounts or units",
    "not measured": "untested: not measured",
    "not for customers": "not meant for customers",
    "direction not known": "linked; direction not declared",
}
FINDINGS = {
    "no owner": "no owner",
    "nobody is paid": "nobody is paid on it",
    "works against": "what is paid works against it",
    "both ways": "one metric helps it, another works against it",
    "paid elsewhere": "paid on by others than its owner",
    "across functions": "several functions are paid on it",
    "paid": "its owner is paid on it",
    "pay not known": "what is paid is not known",
}
WRONG = {
    "against": "{function} is paid on {metric}, which works against customers",
    "tell": "Promises were delivered, and customers were not told",
    "letter": "Promises were delivered, and customers were not told",
    "unowned": "{driver} matters and nobody owns it",
    "unpaid": "{driver} matters and nobody is paid on it",
    "guess": "Staff overrate {driver}",
    "untested": "{function} is paid on {metric}, meant for {driver} and untested",
    "across": "{function} are paid on {driver}, apart from each other",
}
DONE = {
    "against": "Take the target of {metric} off one team; pay on the rating of {driver} there",
    "tell": "Tell customers, first of “{metric}”",
    "letter": "Tell customers in the letter, of “{metric}” too, which waits longest",
    "unowned": "Name who owns {driver}",
    "unpaid": "Put the rating of {driver} into the targets of {function}",
    "guess": "Show {function} what customers say of {driver}, and ask ten of them why",
    "untested": "Record {metric} by account, so that its effect on {driver} can be told",
    "across": "Agree one target for {driver} that all of them are paid on",
}
NOBODY = "to be named"


def metrics(found: Paid, labels: Labels) -> Sentence:
    """Every metric in pay, folded: its weight, its direction, and what customers say."""
    rows = found.table
    return show_folded(
        "Each metric in pay, and what customers say where it is reached",
        rows.assign(
            metric=rows["metric"].map(plain), way=rows["direction"].map(WAYS),
            driver=_drivers(rows["driver"], labels), finding=rows["verdict"].map(VERDICTS),
        ),
        caption="What functions are paid on",
        columns={
            "metric": "Metric", "function": "Function", "share": ("Share of its pay", "share"),
            "way": "Paid", "driver": "Meant for", "finding": "Finding",
            "gain": ("Rating points", "scale", "gain_low", "gain_high"), "owner": "Owner",
        },
        note="Rating points: between the quartiles of the metric, toward what is paid for. Shares "
        "are of variable pay; what is not listed is paid on nothing that was sent.",
    )  # fmt: skip


def functions(found: Paid) -> Table:
    """Each function's pay by what it does to customers."""
    return show(
        found.functions,
        caption="Variable pay by what it is on",
        columns={
            "function": "Function", "declared": ("Pay on metrics", "share"),
            "for_customers": ("Meant for customers", "share"), "helps": ("Helps them", "share"),
            "against": ("Works against them", "share"), "untested": ("Untested", "share"),
        },
        note="Helps and works against: by a link of the page on operations that is clear.",
    )  # fmt: skip


def conflicts(
    found: Paid, owned: Coverage, labels: Labels, currency: str, months: float | None
) -> Table | Sentence:
    """Metrics that are paid for against customers, whose rating, and the cost where it is known."""
    rows = found.of("works against")
    if rows.empty:
        return notes("No metric in pay is shown to work against customers")
    money, lost = f"money:{currency or 'USD'}", -rows[["money", "money_low", "money_high"]]
    rows = rows.assign(
        metric=rows["metric"].map(plain), driver=_drivers(rows["rating"], labels),
        whose=_whose(rows["owner"], rows["function"]), lost=lost["money"],
        least=lost["money_high"], most=lost["money_low"], owner_of_it=rows["rating"].map(
            dict(zip(owned.table["driver"], _whose(owned.table["owner"], owned.table["function"]),
                     strict=True))),
    )  # fmt: skip
    known = bool(currency and months) and bool(rows["lost"].notna().any())
    priced: dict[str, Column] = {
        "lost": (f"Revenue lost, {months or 0:.0f} months", money, "least", "most"),
        "saving": ("Cost avoided, a year", money),
    } if known else {}  # fmt: skip
    why = "" if known else " What it costs in money cannot be told: no link to revenue was found."
    return show(
        rows,
        caption="Paid for against customers",
        columns={
            "metric": "Metric", "whose": "Owner", "driver": "Rating",
            "owner_of_it": "Owner of the rating",
            "gain": ("Rating points", "scale", "gain_low", "gain_high"), **priced,
        },
        note="Rating points between the quartiles of the metric, toward what is paid for. Money: "
        f"were its target met by all who miss it, if each link holds.{why}",
    )  # fmt: skip


def drivers(found: Coverage, labels: Labels) -> Table:
    """Each driver: what it is worth to loyalty, who owns it, who is paid on it."""
    rows = found.table
    return show(
        rows.assign(
            driver=_drivers(rows["driver"], labels), finding=rows["finding"].map(FINDINGS),
            whose=_whose(rows["owner"], rows["function"]),
        ),
        caption="Drivers, their owners, and who is paid on them",
        columns={
            "driver": "Driver",
            "effect": ("Effect on loyalty", "decimal2", "effect_low", "effect_high"),
            "whose": "Owned by", "decision": "Feeds", "paid_by": "Paid on by",
            "finding": "Finding",
        },
        note="Effect: of one rating point, other drivers held constant; the strongest first. "
        "A driver that feeds a decision and is followed by no metric is a statement without one.",
    )  # fmt: skip


def employees(found: Staff) -> Sentence:
    """Each side inside, now and before, with its reliability, folded."""
    rows = found.table.assign(side=found.table["dimension"].map(DIMENSIONS))
    return show_folded(
        "Each side by wave, and how well its questions hang together",
        rows,
        caption="What employees say",
        columns={
            "side": "Side",
            "wave": "Wave",
            "value": ("Mean", "scale", "low", "high"),
            "base": ("Employees", "count"),
            "items": ("Questions", "count"),
            "alpha": ("Reliability", "correlation"),
        },
        note="Means on the questions' own scale; reliability is Cronbach's alpha. Employees of one "
        "function in one unit are taken as alike, where units are known.",
    )


def differences(found: Staff) -> Sentence:
    """What changed since the wave before, and who says it, folded."""
    parts = [("since the wave before", found.changes), ("who meet customers, less others",
                                                        found.facing)]  # fmt: skip
    rows = [t.assign(what=what) for what, t in parts if len(t)]
    if not rows:
        return notes("No earlier wave of employees, and no group of them, to compare with")
    both = pd.concat(rows)
    return show_folded(
        "Changes, and those who meet customers",
        both.assign(side=both["dimension"].map(DIMENSIONS)),
        caption="Differences in what employees say",
        columns={
            "side": "Side",
            "what": "Difference",
            "value": ("Points", "scale", "low", "high"),
            "p_family": ("p, all sides", "p"),
            "base": ("Employees", "count"),
            "verdict": "Finding",
        },
        note="The finding counts all sides as one family (Holm). Those who meet customers are "
        "compared with others as whole functions.",
    )


def by_function(found: Staff) -> Table:
    """Each side by function; those with too few employees withheld."""
    rows = found.functions
    wide = rows.pivot(index="function", columns="dimension", values="value")
    bases = rows.groupby("function")["base"].max()
    sides = [d for d in DIMENSIONS if d in wide]
    frame = wide.join(bases).reset_index()
    frame = frame.assign(withheld=frame["function"].isin(rows.loc[rows["withheld"], "function"]))
    frame["base"] = frame["base"].astype(float).mask(frame["withheld"])
    return show(
        frame,
        caption="What employees say, by function",
        columns={
            "function": "Function", "base": ("Employees", "count"),
            **{d: (DIMENSIONS[d], "scale") for d in sides},
        },
        note=f"Withheld: fewer than {found.smallest} employees, or what would give them away. "
        "Intervals are wide: differences between functions are shown, none is claimed.",
    )  # fmt: skip


def beside(found: Staff, rated: pd.DataFrame) -> Sentence:
    """Each function beside what customers say of what it owns, folded: too few for a claim."""
    asked = set(found.functions["dimension"])
    side = next(d for d in ("responsiveness", *DIMENSIONS) if d in asked)
    said = found.functions[found.functions["dimension"] == side]
    own = rated.assign(key=rated["function"].map(same_function)).drop(columns="function")
    keyed = said.assign(key=said["function"].map(same_function))
    both = keyed.merge(own, on="key", suffixes=("", "_rated"))
    return show_folded(
        "Functions beside what customers say of what they own",
        both,
        caption="Staff of a function, and its drivers as customers rate them",
        columns={
            "function": "Function", "value": (DIMENSIONS[side], "scale", "low", "high"),
            "drivers": ("Drivers it owns", "count"),
            "value_rated": ("Customers rate them", "scale", "low_rated", "high_rated"),
            "base_rated": ("Customers", "count"),
        },
        note="A function is one point, and these are few: nothing is claimed of how the two go "
        "together.",
    )  # fmt: skip


def gaps(found: Gaps, labels: Labels) -> Sentence:
    """What staff guess, what customers say, and what those guess who own the driver, folded."""
    rows = found.table
    return show_folded(
        "Each guess, and those who own the driver",
        rows.assign(driver=_drivers(rows["driver"], labels)),
        caption="What staff guess and what customers say",
        columns={
            "driver": "Driver", "guess": ("Staff guess", "scale"), "staff": ("Employees", "count"),
            "mean": ("Customers say", "scale"), "base": ("Customers", "count"),
            "gap": ("Gap", "scale", "gap_low", "gap_high"), "p_family": ("p, all drivers", "p"),
            "verdict": "Finding", "owner": "Owned by",
            "owner_gap": ("Gap of its owner", "scale", "owner_gap_low", "owner_gap_high"),
        },
        note="Customers by the survey's design, staff by function and unit; "
        f"{found.confidence:.0%} intervals. The finding counts all drivers as one family (Holm).",
    )  # fmt: skip


def units(found: Units) -> Sentence:
    """Each side inside against the customers' score over units, folded; those left out, and why."""
    rows = found.associations.assign(side=found.associations["dimension"].map(DIMENSIONS))
    told = set(rows["dimension"])
    left = [DIMENSIONS[d] for d in found.table["dimension"].unique() if d not in told]
    why = "Not shown, as few units have the answers or units do not differ in it beyond chance: "
    out = f"{why}{'; '.join(left)}." if left else ""
    if rows.empty:
        return notes(out)
    return show_folded(
        f"Units beside their customers, matched by {plain(found.column)}",
        rows,
        caption="Association of what staff say with their customers' score, over units",
        columns={
            "side": "Side",
            "value": ("Correlation", "correlation", "low", "high"),
            "base": ("Units", "count"),
            "p_family": ("p, all sides", "p"),
            "verdict": "Finding",
        },
        note="Each unit drawn toward the mean of all as far as few answers leave doubt. Below ten "
        f"units nothing is claimed. {out}".strip(),
    )


def written(table: pd.DataFrame, labels: Labels, due: Callable[[int], str]) -> pd.DataFrame:
    """The steps in words: what is ``wrong``, the ``act`` of which ``owner``, and ``by`` when."""
    texts = table.assign(
        metric=table["metric"].map(plain), driver=_drivers(table["driver"], labels),
        function=[listed(f.split(", ")) or "its owner" for f in table["function"]],
    )  # fmt: skip
    lines = records(texts)
    return texts.assign(
        wrong=[WRONG[r["kind"]].format(**r) for r in lines],
        act=[DONE[r["kind"]].format(**r) for r in lines],
        owner=table["owner"].replace("", NOBODY), by=[due(int(d)) for d in table["days"]],
    )  # fmt: skip


def steps(told: pd.DataFrame) -> Table | Sentence:
    """What to change, in order, as `written` words it."""
    if told.empty:
        return notes("Nothing that was sent asks for a change of targets, owners or beliefs")
    return show(
        told,
        caption="What to change, in this order",
        columns={"wrong": "What", "owner": "Owner", "act": "What is done", "by": "By"},
    )  # fmt: skip


def _whose(people: pd.Series, functions: pd.Series) -> list[str]:
    """A person and a function as one; either alone where the other is not known."""
    return [", ".join(filter(None, pair)) for pair in zip(people, functions, strict=True)]


def _drivers(names: pd.Series, labels: Labels) -> list[str]:
    """Drivers as readers know them; empty where there is none."""
    return named(names.fillna("").astype(str), labels)
