"""Inputs that are read as they stand and mean something else: told, and no number moved."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from hostile.world import TABLES, Folder, as_csv
from hypothesis import strategies as st

__all__ = ["MESSY", "Messy"]

SAID = "Delivery number {} came later than you had promised us, and nobody called before"
MONTHS = pd.period_range("2025-05", "2026-04", freq="M").astype(str)
MODES = ("online", "Web", "CAWI", "paper")


@dataclass(frozen=True)
class Messy:
    """What is put into a folder's tables, and what has to be said of it."""

    what: str
    tables: dict[str, pd.DataFrame]
    said: str

    def __repr__(self) -> str:
        return self.what

    def apply(self, folder: Folder) -> None:
        folder.files |= {f"{name}.csv": as_csv(frame) for name, frame in self.tables.items()}


def _empty(word: str, count: int) -> Messy:
    answers = TABLES["responses"].copy()
    answers.loc[answers.index[:count], "why"] = word
    return Messy(f"{count} comments {word!r}", {"responses": answers}, "replies that say nothing")


def _cut(length: int) -> Messy:
    answers = TABLES["responses"].copy()
    answers["why"] = [
        SAID.format(n)[: length if n % 3 else 8 + n % 12] for n in range(len(answers))
    ]
    return Messy(f"comments cut at {length}", {"responses": answers}, "they were cut")


def _no_end(day: str, row: int) -> Messy:
    accounts = TABLES["accounts"].assign(end_date="")
    accounts.loc[row, "end_date"] = day
    return Messy(f"account {row} ends {day}", {"accounts": accounts}, "stands for no end")


def _contract(day: str, row: int) -> Messy:
    ids = TABLES["accounts"]["account_id"]
    sent = pd.DataFrame({"contract_id": [f"K{i}" for i in ids], "account_id": ids,
                         "start": "2024-01-01", "end": "2026-12-31", "value": "5000"})  # fmt: skip
    sent.loc[row, "end"] = day
    return Messy(f"contract {row} ends {day}", {"contracts": sent}, "stands for no end")


def _divided(parts: int) -> Messy:
    ids = TABLES["accounts"]["account_id"]
    rows = [(own, f"{month}-01", f"{(9_000 + 77 * n) / parts:.2f}")
            for n, own in enumerate(ids) for month in MONTHS]  # fmt: skip
    sent = pd.DataFrame(rows, columns=["account_id", "period", "revenue"])
    return Messy(f"revenue divided by {parts}", {"financials": sent}, "is that of the month before")


def _thousands(own: int, first: int) -> Messy:
    ids = TABLES["accounts"]["account_id"]
    rows = [(i, f"{month}-01", (9_000 + 770 * n + (37 * n + 61 * m) % 90 * 10)
             / (1000 if n == own and first <= m < first + 3 else 1))
            for n, i in enumerate(ids) for m, month in enumerate(MONTHS)]  # fmt: skip
    sent = pd.DataFrame(rows, columns=["account_id", "period", "revenue"])
    sent["revenue"] = sent["revenue"].map("{:.2f}".format)
    return Messy(f"months of account {own} in thousands", {"financials": sent}, "a 1,000th of what")


def _tried(name: str, row: int) -> Messy:
    answers = TABLES["responses"].copy()
    answers.loc[row, "response_id"] = name
    return Messy(f"answer {row} is called {name}", {"responses": answers}, "seems to be of a test")


def _offer(row: int, times: float) -> Messy:
    ids = TABLES["accounts"]["account_id"]
    amounts = [20_000.0 + 1_700 * n for n in range(len(ids))]
    amounts[row] *= times
    sent = pd.DataFrame({"opportunity_id": [f"O{i}" for i in ids], "account_id": ids,
                         "created": "2026-01-10", "stage": "proposal",
                         "amount": [f"{amount:g}" for amount in amounts]})  # fmt: skip
    return Messy(f"offer {row} times {times:g}", {"opportunities": sent}, "would be among them")


def _action(row: int, column: str) -> Messy:
    sent = pd.DataFrame({
        "action_id": [f"A{n}" for n in range(8)], "name": [f"Action {n}" for n in range(8)],
        "function": "Service", "cost_once": [40_000 + 5_000 * n for n in range(8)],
        "cost_year": [12_000 + 900 * n for n in range(8)], "effort_days": range(40, 120, 10),
        "months": 4, "adoption_low": 0.5, "adoption_mid": 0.6, "adoption_high": 0.7,
    })  # fmt: skip
    sent[column] = sent[column].astype(float)
    sent.loc[row, column] /= 1000
    effects = pd.DataFrame({"action_id": sent["action_id"], "driver": "ease", "change_low": 0.2,
                            "change_mid": 0.4, "change_high": 0.6, "basis": "pilot"})  # fmt: skip
    tables = {"actions": sent.astype(str), "action_effects": effects.astype(str)}
    return Messy(f"{column} of action {row} in thousands", tables, "would be among them")


def _benchmark(mode: str) -> Messy:
    answers = TABLES["responses"].assign(mode="web")
    outside = pd.DataFrame(
        {
            "metric": ["nps"],
            "scale": "0-10",
            "mode": mode,
            "source": "panel",
            "year": "2025",
            "p25": "10",
            "p50": "20",
            "p75": "30",
            "n": "60",
        }
    )
    tables = {"responses": answers, "benchmarks": outside}
    return Messy(f"benchmark of mode {mode}", tables, "is no mode of our answers")


_rows, _days = st.integers(0, 7), st.sampled_from(["9999-12-31", "2999-12-31", "2099-12-31"])
MESSY = {  # several at once where they are of different tables
    "replies, accounts, a year divided, offers": st.tuples(
        st.builds(_empty, st.sampled_from(["n/a", "none", "-", "k.A."]), st.integers(1, 9)),
        st.builds(_no_end, _days, _rows),
        st.builds(_divided, st.integers(1, 12)),
        st.builds(_offer, _rows, st.sampled_from([1e-3, 1e3])),
    ),
    "comments cut, contracts, months, actions": st.tuples(
        st.builds(_cut, st.integers(30, 70)),
        st.builds(_contract, _days, _rows),
        st.builds(_thousands, _rows, st.integers(0, 9)),
        st.builds(_action, _rows, st.sampled_from(["cost_once", "cost_year"])),
    ),
    "answers of tests": st.tuples(
        st.builds(_tried, st.sampled_from(["TEST1", "R-test-02", "xxx"]), _rows)
    ),
    "benchmarks": st.tuples(st.builds(_benchmark, st.sampled_from(MODES))),
}
