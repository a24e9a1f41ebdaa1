"""Today's alerts as files: CSV for a spreadsheet, JSON for a daily job.

A text that a spreadsheet would run as a formula has an apostrophe before it in CSV. The person
and the reason of a case are there only where the person agreed to be named.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from helpers import results
from helpers.errors import HandbookError
from helpers.methods import account_list, accounts, recovery
from helpers.press import plans
from helpers.press.belonging import owner_problem
from helpers.press.chapters import Chapter, load_chapters
from helpers.press.spreadsheets import harmless
from helpers.study import Study

__all__ = ["CHAPTER", "Alerts", "alerts", "write_alerts"]

CHAPTER = "recovery"  # whose parameters hold for the command as well
DATES = ("since", "due", "due_working", "contract_end", "snoozed_until")
SCHEMA = 1  # of the JSON; raised when its parts change


@dataclass(frozen=True)
class Alerts:
    """The inbox of a day, of whom it is, and what a reader has to know of it."""

    study: Study
    inbox: recovery.Inbox
    notes: tuple[str, ...]


def alerts(client: str | Path, project: Path, *, on: pd.Timestamp | None = None) -> Alerts:
    """The alerts of a day, with the settings of ``client.yml``.

    Parameters
    ----------
    on
        The day; that of the data if not given.

    Raises
    ------
    InputFaults
        Every fault of the folder and of its parameters.
    HandbookError
        Where the client sent no cases, or lists no account.
    """
    known = load_chapters(project)
    study = plans.checked_study(client, known, {})
    if not study.has("tickets"):
        raise HandbookError(
            f"{study.name} sent no tickets: send tickets.csv, a row a case, to have alerts of it"
        )
    if study.known_accounts is None:
        raise HandbookError(f"{study.name} lists no account: send accounts.csv")
    day = (study.as_of if on is None else on).normalize()
    told = _settings(known[CHAPTER], study)
    targets = study.targets
    promises = recovery.Promises.declared(
        targets.first_contact_hours, targets.plan_days, targets.close_days
    )
    working = recovery.WorkingTime(**study.working_time)
    risk = _handed_on(study, project, "linkage", "risk")
    sent = study.table("tickets")
    cases = recovery.cases(sent, as_of=day, accounts=study.accounts["account_id"])
    held = account_list.on_hold(_handed_on(study, project, "accounts", "accounts"))
    made = _inbox(study, cases, promises, working, risk, told, day, held)
    unranked = () if risk is not None else (
        "no report with revenue at risk yet: alerts are ranked by revenue; see handbook run",
    )  # fmt: skip
    return Alerts(study, made, (*cases.notes, *promises.notes, *working.notes, *unranked))


def _settings(chapter: Chapter, study: Study) -> dict[str, Any]:
    declared = study.config.parameters.get(CHAPTER, {})
    return {name: declared.get(name, one.default) for name, one in chapter.parameters.items()}


def _handed_on(study: Study, project: Path, chapter: str, name: str) -> pd.DataFrame | None:
    """A table of this client's own last report."""
    root = project / "build"
    if owner_problem(study.folder, root, study.name):
        return None
    return results.table(chapter, name, root / study.slug / "results")


def _inbox(
    study: Study, cases: recovery.Cases, promises: recovery.Promises,
    working: recovery.WorkingTime, risk: pd.DataFrame | None, told: dict[str, Any],
    day: pd.Timestamp, held: frozenset[str],
) -> recovery.Inbox:  # fmt: skip
    sent, asked = study.tables, study.items("recommend")
    live = accounts.with_revenue(
        accounts.live(study.accounts, on=day), sent.get("financials"), until=study.as_of
    )
    contacts, consent = sent.get("contacts"), study.policy.consent
    signals = recovery.signals(
        study.responses, contacts, question=asked[0] if asked else "", high=told["thank_at"],
        interests=study.items("interest"), labels=study.labels, consent=consent,
        on=study.wave_day,
    )  # fmt: skip
    return recovery.inbox(
        study.table("tickets"), live, as_of=day, promises=promises, found=cases, signals=signals,
        agreed=recovery.named(contacts, consent=consent),
        at_stake=recovery.stakes(live.set_index("account_id").get("revenue"), risk),
        contract_ends=account_list.contract_ends(sent.get("contracts"), as_of=day),
        working=working, capacity=told["per_week"], held=held,
    )  # fmt: skip


def write_alerts(made: Alerts, folder: Path) -> tuple[Path, Path]:
    """Write ``alerts.csv`` and ``alerts.json``, each in one step; the same day gives the same bytes.

    Returns
    -------
    tuple of Path
        Both files.
    """  # noqa: E501 - what is written, in one line
    folder.mkdir(parents=True, exist_ok=True)
    paths = (folder / "alerts.csv", folder / "alerts.json")
    rows = made.inbox.table.copy()
    for name in DATES:
        rows[name] = rows[name].dt.strftime("%Y-%m-%d")
    drafts = [path.with_name(f".{path.name}.part") for path in paths]
    _write_csv(rows, drafts[0])
    drafts[1].write_text(_json(made, rows), encoding="utf-8")
    for draft, path in zip(drafts, paths, strict=True):
        draft.replace(path)
    return paths


def _write_csv(rows: pd.DataFrame, path: Path) -> None:
    safe = rows.copy()
    for name in safe.select_dtypes(exclude=["number", "bool"]):
        safe[name] = harmless(safe[name])
    safe["at_stake"], safe["revenue"] = safe["at_stake"].round(2), safe["revenue"].round(2)
    safe.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n",
                quoting=csv.QUOTE_MINIMAL)  # fmt: skip


def _json(made: Alerts, rows: pd.DataFrame) -> str:
    box = made.inbox
    plain = rows.round({"at_stake": 2, "revenue": 2}).astype(object)
    record = {
        "schema": SCHEMA, "client": made.study.name, "as_of": f"{box.as_of:%Y-%m-%d}",
        "per_week": box.capacity, "overdue": len(box.overdue),
        "currency": made.study.currency, "notes": list(made.notes),
        "alerts": plain.where(plain.notna(), None).to_dict("records"),
    }  # fmt: skip
    return json.dumps(record, indent=1, ensure_ascii=False, default=_plain) + "\n"


def _plain(value: Any) -> Any:  # noqa: ANN401 - a number of numpy's
    return value.item()
