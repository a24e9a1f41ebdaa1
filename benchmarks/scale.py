"""Account-months summed where they lie, beside plain pandas; and 1e8 rows under 1 GB of memory.

Each way runs in a process of its own, which reports its processor seconds and its largest memory,
those of the process that reads for it included. The rows, amounts as decimals, are made on disk by
DuckDB, in a folder that is removed afterwards. ``python benchmarks/scale.py 1`` leaves the 1e8
rows out.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

ACCOUNTS, LISTED, MONTHS = 100_000, 5_000, 100  # in the table; in the study; of each account
LARGEST = 10  # times as many accounts, for the table that is only summed in place
MEMORY = 1e9  # bytes that it may take
FASTER, SMALLER = 5, 5
KINDS = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
MAKE = """
COPY (
    SELECT printf('A%07d', account) AS account_id,
           CAST(DATE '2018-03-01' + to_months(CAST(month AS INTEGER)) AS DATE) AS period,
           CAST(hash(account, month) % 1000000 / 100 AS DECIMAL(18, 2)) AS revenue,
           CAST(hash(month, account) % 400000 / 100 AS DECIMAL(18, 2)) AS margin
    FROM range({accounts}) a(account), range({months}) m(month)
) TO '{path}' (FORMAT parquet)
"""
CLIENT = (
    "name: Large\nas_of: 2026-06-30\nwave: W1\nwaves: {W1: 2025-06-15}\ncurrency: EUR\n"
    "formats: {financials: {margin: money}}\n"
)
CODEBOOK = (
    "variable,text,role,label,scale_min,scale_max\nnps,Recommend?,recommend,Recommendation,0,10\n"
)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="handbook-bench-") as aside:
        folder = made(Path(aside), ACCOUNTS)
        plain, ours = measured("plain", folder), measured("ours", folder)
        rows = ACCOUNTS * MONTHS
        assert plain["cents"] == ours["cents"], (plain, ours)
        faster = plain["seconds"] / ours["seconds"]
        smaller = plain["memory"] / ours["memory"]
        print(f"{rows:.0e} account-months, {ours['rows']:,} rows wanted, one sum to the cent:")
        print(f"  pandas   {plain['seconds']:6.1f} CPU s {plain['memory'] / 1e6:6.0f} MB")
        print(f"  handbook {ours['seconds']:6.1f} CPU s {ours['memory'] / 1e6:6.0f} MB")
        print(f"  {faster:.1f} times faster, {smaller:.1f} times smaller")
    assert faster >= FASTER and smaller >= SMALLER
    if sys.argv[1:] == ["1"]:
        return
    with tempfile.TemporaryDirectory(prefix="handbook-bench-") as aside:
        folder = made(Path(aside), ACCOUNTS * LARGEST)
        large = measured("ours", folder)
        print(f"{rows * LARGEST:.0e} account-months: {large['seconds']:.1f} CPU s, "
              f"{large['memory'] / 1e6:.0f} MB (wanted: below {MEMORY / 1e6:.0f})")  # fmt: skip
    assert large["memory"] < MEMORY


def made(folder: Path, accounts: int) -> Path:
    """A client folder whose accounts are every twentieth of the table's."""
    import duckdb

    path = folder / "financials.parquet"
    with duckdb.connect(config={"memory_limit": "1GB", "threads": 2}) as connection:
        connection.execute(MAKE.format(accounts=accounts, months=MONTHS, path=path))
    ids = [f"A{number * (accounts // LISTED):07d}" for number in range(LISTED)]
    (folder / "client.yml").write_text(CLIENT)
    (folder / "codebook.csv").write_text(CODEBOOK)
    answers = "".join(f"r{id_},W1,{id_},{at % 11}\n" for at, id_ in enumerate(ids))
    (folder / "responses.csv").write_text("response_id,wave,account_id,nps\n" + answers)
    (folder / "accounts.csv").write_text("account_id,name\n" + "".join(f"{i},{i}\n" for i in ids))
    return folder


def measured(way: str, folder: Path) -> dict[str, float]:
    """Processor seconds and bytes of one way, in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, way, str(folder)], capture_output=True, text=True, check=True
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def one(way: str, folder: Path) -> None:
    began = spent()
    rows, cents = (plain if way == "plain" else ours)(folder)
    seconds = spent() - began
    memory = sum(resource.getrusage(kind).ru_maxrss for kind in KINDS) * 1024
    print(json.dumps({"seconds": seconds, "memory": memory, "rows": rows, "cents": cents}))


def spent() -> float:
    """Processor seconds so far, of this process and of those that it has waited for."""
    used = [resource.getrusage(kind) for kind in KINDS]
    return sum(each.ru_utime + each.ru_stime for each in used)


def plain(folder: Path) -> tuple[int, int]:
    """As an analyst would: read it all, keep what is needed, add up."""
    import pandas as pd

    table = pd.read_parquet(folder / "financials.parquet")
    listed = pd.read_csv(folder / "accounts.csv", dtype=str)["account_id"]
    table["revenue"] = table["revenue"].astype(float)
    table["margin"] = table["margin"].astype(float)
    table["period"] = pd.to_datetime(table["period"]).dt.to_period("M").dt.to_timestamp()
    sums = table.groupby(["account_id", "period"], as_index=False)[["revenue", "margin"]].sum()
    kept = sums[sums["account_id"].isin(listed) & (sums["period"] >= "2023-06-01")]
    return len(kept), round(float(kept["revenue"].sum()) * 100)


def ours(folder: Path) -> tuple[int, int]:
    """The table as the study holds it, every row judged."""
    from helpers.study.config import read_config
    from helpers.study.findings import Findings
    from helpers.study.in_place.reading import read_in_place
    from helpers.study.in_place.wanted import wanted
    from helpers.study.readers import confined, find_sources, read_sources

    findings = Findings()
    config = read_config(folder, findings)
    assert config is not None
    frames = {}
    for name in ("responses", "accounts"):
        raw = read_sources(find_sources(name, folder, config, findings), name, folder,
                           config.format(name), findings)  # fmt: skip
        assert raw is not None
        frames[name] = raw.frame
    sources = find_sources("financials", folder, config, findings)
    raw = read_in_place(
        sources, "financials", folder, config, lambda: wanted(frames, config), findings
    )
    confined.close()
    assert raw is not None, findings.faults
    return len(raw.frame), round(float(raw.frame["revenue"].astype(float).sum()) * 100)


if __name__ == "__main__":
    one(sys.argv[1], Path(sys.argv[2])) if len(sys.argv) > 2 else main()
