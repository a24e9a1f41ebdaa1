"""Whole runs of clients with many rows: processor seconds and memory of every process, by size.

``python benchmarks/rows.py people 30000 100000`` makes clients of so many respondents with 200
questions, 20,000 accounts and a comment of every tenth, and runs sampling, loyalty, drivers and
the book; ``accounts 5000 20000`` makes clients of so many accounts, each with ten respondents, and
runs the value map and the account list with all that they build on. Everything is made in a
folder that is removed afterwards; ``make FOLDER 30000`` leaves a client there. Without more, two
sizes of people are run.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

ACCOUNTS, MONTHS, CHUNK = 20_000, 24, 50_000
SUBJECTS, ITEMS = 4, 3  # drivers: so many subjects, of so many questions each
INTERESTS, KINDS, OTHERS = 20, 2, 140
PEOPLE = ("sampling", "loyalty", "drivers")
LISTS = ("value_map", "accounts")
OF_ACCOUNT = 10  # respondents
SMALL = ("people", "10000", "30000")
SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER: what a run leaves is ours to count
LOOK = 0.5  # seconds between looks at memory
WAVE = "2026H1"
SUBJECT_NAMES, ITEM_NAMES = (
    ("Delivery", "Quotes", "Support", "Prices"),
    ("speed", "clarity", "care"),
)
ROLES = ("decision_maker", "influencer", "user", "admin")
WORDS = (
    "delivery came late", "the quote took weeks", "support was quick", "prices rose again",
    "quality is good", "nobody called back", "the portal is slow", "a friendly team",
    "an invoice was wrong", "we would buy again",
)  # fmt: skip
CLIENT = f"""name: Many rows
currency: EUR
as_of: 2026-06-30
wave: {WAVE}
waves: {{{WAVE}: 2026-05-15}}
segments: [tier, region]
policy: {{consent: not_required}}
formats: {{financials: {{margin: money}}}}
parameters:
  sampling: {{margins: [tier, region]}}
"""


def drivers() -> list[str]:
    return [f"d{subject}_{item}" for subject in range(SUBJECTS) for item in range(ITEMS)]


def codebook() -> pd.DataFrame:
    """The 200 questions."""
    rows: list[dict[str, object]] = [
        _question("recommend", "recommend", 0, 10),
        _question("satisfaction", "satisfaction", 1, 10),
        _question("effort", "effort", 1, 7) | {"reverse": "yes"},
        *[_question(f"att_{i}", "attitude", 1, 5) for i in range(4)],
        *[_question(f"beh_{i}", "behaviour", 1, 5) for i in range(3)],
        *[_question(name, name, 1, 5) for name in ("asked", "acted", "told")],
        *[_question(name, "driver", 0, 10) for name in drivers()],
        *[_question(f"stated_{name}", "stated", 0, 10) for name in drivers()],
        *[_question(f"interest_{i}", "interest", 0, 1) for i in range(INTERESTS)],
        *[_question(f"kind_{i}", "segment") for i in range(KINDS)],
        _question("comment", "comment"),
        *[_question(f"other_{i}", "unused", 1, 5) for i in range(OTHERS)],
    ]
    return pd.DataFrame(rows)


def _label(name: str) -> str:
    """What a question is called, without digits: ``d0_1`` is Delivery, clarity."""
    if name in drivers() or name.startswith("stated_"):
        subject, item = name.split("d")[-1].split("_")
        own = f"{SUBJECT_NAMES[int(subject)]}, {ITEM_NAMES[int(item)]}"
        return f"{own}: importance" if name.startswith("stated_") else own
    letters = "".join(chr(ord("a") + int(one)) for one in name if one.isdigit())
    return f"{name.split('_')[0].capitalize()} {letters}".strip()


def _question(
    name: str, role: str, low: int | None = None, high: int | None = None
) -> dict[str, object]:
    return {"variable": name, "text": f"About {name}?", "role": role, "label": _label(name),
            "scale_min": low, "scale_max": high, "reverse": "no"}  # fmt: skip


def write(folder: Path, rows: int, accounts: int = ACCOUNTS, comments: int | None = None) -> None:
    """A client folder; a tenth of the respondents comment."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(20260630)
    (folder / "client.yml").write_text(CLIENT)
    book = codebook()
    book["scale_min"] = book["scale_min"].astype("Int64")
    book["scale_max"] = book["scale_max"].astype("Int64")
    book.to_csv(folder / "codebook.csv", index=False)
    listed = firms(accounts, rng)
    listed.drop(columns=["level", "monthly"]).to_csv(folder / "accounts.csv", index=False)
    said = (rows // 10 if comments is None else comments) / rows
    out = None
    for start in range(0, rows, CHUNK):
        table = pa.table(answers(start, min(CHUNK, rows - start), listed, said, rng))
        out = out or pq.ParquetWriter(folder / "responses.parquet", table.schema)
        out.write_table(table)
    out.close()
    months(folder / "financials.parquet", listed, rng)


def firms(accounts: int, rng: np.random.Generator) -> pd.DataFrame:
    pick, monthly = rng.choice, rng.lognormal(8, 1.2, accounts) + 100
    return pd.DataFrame({
        "account_id": [f"A{i:06}" for i in range(accounts)],
        "name": [f"Firm {i:06} Ltd." for i in range(accounts)],
        "segment": pick(["Maker", "Operator", "Trader"], accounts),
        "tier": pick(["Strategic", "Key", "Core", "Standard"], accounts, p=[0.02, 0.08, 0.3, 0.6]),
        "industry": pick(["Food", "Chemicals", "Energy", "Water"], accounts),
        "region": pick(["North", "South", "East", "West"], accounts),
        "owner": pick([f"Owner {i:02}" for i in range(60)], accounts),
        "start_date": "2015-01-01",
        "growth_pct": rng.normal(3, 6, accounts).round(1),
        "total_spend": (monthly * 12 * rng.uniform(1.5, 4, accounts)).round(-3).astype(int),
        "partnership_joint_design": rng.integers(0, 11, accounts),
        "partnership_references": rng.integers(0, 11, accounts),
        "level": rng.normal(0, 0.5, accounts),
        "monthly": monthly,
    })  # fmt: skip


def answers(
    start: int, rows: int, listed: pd.DataFrame, said: float, rng: np.random.Generator
) -> dict[str, pa.Array]:
    """Some rows of answers, by column."""
    firm = rng.integers(0, len(listed), rows)
    mood = rng.normal(0, 0.6, rows) + listed["level"].to_numpy()[firm]
    subjects = mood[:, None] + rng.normal(0, 0.8, (rows, SUBJECTS))
    effects = np.linspace(0.5, 0.05, SUBJECTS)
    pull = subjects @ effects
    number = np.arange(start, start + rows)
    found: dict[str, object] = {
        "response_id": [f"R{i:08}" for i in number],
        "wave": pa.array(np.full(rows, WAVE)),
        "contact_id": [f"C{i:08}" for i in number],
        "account_id": listed["account_id"].to_numpy()[firm],
        "role": rng.choice(ROLES, rows, p=[0.15, 0.25, 0.5, 0.1]),
        "completed_at": pd.Timestamp("2026-05-04") + pd.to_timedelta(number % 1_000_000, "s"),
        "duration_s": rng.lognormal(6, 0.4, rows).round().astype("int32"),
        "mode": rng.choice(["web", "phone"], rows, p=[0.9, 0.1]),
        "recommend": _scale(6.8 + 1.6 * pull, 1.0, 0, 10, rng),
        "satisfaction": _scale(6.9 + 1.3 * pull, 1.0, 1, 10, rng),
        "effort": _scale(3.2 - 0.7 * pull, 1.0, 1, 7, rng),
    }
    for i in range(4):
        found[f"att_{i}"] = _scale(3.5 + 0.7 * pull, 0.7, 1, 5, rng)
    for i in range(3):
        found[f"beh_{i}"] = _scale(3.5 + 0.6 * pull, 0.7, 1, 5, rng)
    for name in ("asked", "acted", "told"):
        found[name] = _scale(3 + 0.3 * mood, 1.0, 1, 5, rng)
    for name in drivers():
        subject = int(name[1:].split("_")[0])
        found[name] = _gaps(_scale(6.8 + 1.2 * subjects[:, subject], 1.2, 0, 10, rng), rng)
    for at, name in enumerate(drivers()):
        found[f"stated_{name}"] = _gaps(_scale(5 + (at % 5) + 0 * mood, 1.8, 0, 10, rng), rng)
    for i in range(INTERESTS):
        found[f"interest_{i}"] = (rng.random(rows) < 0.1).astype("int8")
    for i in range(KINDS):
        found[f"kind_{i}"] = rng.choice([f"Kind {k}" for k in range(3 + i)], rows)
    texts = np.array(WORDS)[rng.integers(0, len(WORDS), (rows, 3))]
    joined = pd.Series(texts[:, 0]) + ", " + texts[:, 1] + "; " + texts[:, 2]
    found["comment"] = pa.array(
        joined.to_numpy(dtype=object), mask=rng.random(rows) >= said, type=pa.string()
    )
    for i in range(OTHERS):
        found[f"other_{i}"] = _gaps(rng.integers(1, 6, rows).astype("int8"), rng)
    return {name: pa.array(values) for name, values in found.items()}


def _scale(
    middle: np.ndarray, noise: float, low: int, high: int, rng: np.random.Generator
) -> np.ndarray:
    drawn = middle + rng.normal(0, noise, len(middle))
    return np.clip(np.rint(drawn), low, high).astype("int8")


def _gaps(values: np.ndarray, rng: np.random.Generator) -> pa.Array:
    return pa.array(values, mask=rng.random(len(values)) < 0.05)


def months(path: Path, listed: pd.DataFrame, rng: np.random.Generator) -> None:
    begin = pd.date_range("2024-07-01", periods=MONTHS, freq="MS")
    usual = listed["monthly"].to_numpy()
    revenue = (usual[:, None] * rng.lognormal(0, 0.2, (len(listed), MONTHS))).round(2)
    table = pa.table({
        "account_id": np.repeat(listed["account_id"].to_numpy(), MONTHS),
        "period": pa.array(np.tile(begin.to_numpy().astype("datetime64[D]"), len(listed))),
        "revenue": revenue.ravel(),
        "margin": (revenue * 0.3).round(2).ravel(),
    })  # fmt: skip
    pq.write_table(table, path)


@dataclass
class Spent:
    """Of all processes of a run."""

    clock: float = 0.0
    processor: float = 0.0
    memory: float = 0.0  # bytes at once, a page that several hold counted once


@contextmanager
def counted() -> Iterator[Spent]:
    """What the processes that are started inside take."""
    spent, ended = Spent(), threading.Event()
    watch = threading.Thread(target=_watch, args=(spent, ended))
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    watch.start()
    try:
        yield spent
    finally:
        spent.clock = time.perf_counter() - began
        ended.set()
        watch.join()
        _wait()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent.processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _wait() -> None:
    """Fork servers and their kernels end after a run."""
    while True:
        try:
            os.wait()
        except ChildProcessError:
            return


def _watch(spent: Spent, ended: threading.Event) -> None:
    while not ended.wait(LOOK):
        spent.memory = max(spent.memory, sum(map(_held, _below(os.getpid()))))


def _below(process: int) -> Iterator[int]:
    for path in Path(f"/proc/{process}/task").glob("*/children"):
        for child in map(int, _text(path).split()):
            yield child
            yield from _below(child)


def _held(process: int) -> int:
    lines = _text(Path(f"/proc/{process}/smaps_rollup")).splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:  # it has ended
        return ""


def measured(
    made: Callable[[Path], None], chapters: tuple[str, ...]
) -> tuple[Spent, dict[str, float]]:
    """What a run from scratch takes, and the seconds of its chapters by the clock."""
    handbook = str(Path(sys.executable).with_name("handbook"))
    with tempfile.TemporaryDirectory(prefix="handbook-bench-") as aside:
        folder, out = Path(aside) / "many", Path(aside) / "out"
        made(folder)
        command = [handbook, "run", str(folder), "--chapters", ",".join(chapters)]
        kept = {**os.environ, "HANDBOOK_STUDIES": str(Path(aside) / "studies")}
        with counted() as spent:
            subprocess.run([*command, "--output", str(out)], env=kept, check=True,
                           stdout=subprocess.DEVNULL)  # fmt: skip
        record = json.loads((out / "many" / "manifest.json").read_text())
    return spent, {name: one["seconds"] for name, one in record["chapters"].items()}


def main() -> None:
    """Print a row a size, as it stands in README.md."""
    kind, *sizes = sys.argv[1:] or SMALL
    if kind == "make":
        write(Path(sizes[0]), *map(int, sizes[1:]))
        return
    if ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0):
        sys.exit("this system cannot count processes that outlive their parent")
    chapters = PEOPLE if kind == "people" else LISTS
    print(
        f"| {kind} | CPU s | clock s | MB | CPU s for each 1,000 | {' | '.join(chapters)} | book |"
    )
    for size in map(int, sizes):
        rows, accounts = (size, ACCOUNTS) if kind == "people" else (size * OF_ACCOUNT, size)
        spent, each = measured(lambda place, r=rows, a=accounts: write(place, r, a), chapters)
        own = " | ".join(f"{each.get(name, 0):.0f}" for name in (*chapters, "book"))
        print(f"| {size:,} | {spent.processor:.0f} | {spent.clock:.0f} | {spent.memory / 1e6:,.0f} "
              f"| {1000 * spent.processor / size:.2f} | {own} |", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
