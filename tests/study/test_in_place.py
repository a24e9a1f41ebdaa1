"""Large tables: chosen and summed where they lie, with the faults and the numbers of small ones."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from helpers.errors import InputFaults
from helpers.study import check_client, open_study, opening
from helpers.study.in_place import expressions, large, reading
from helpers.study.in_place.wanted import wanted

pytestmark = pytest.mark.databases  # with the other slow ones
MONTHS = [f"{year}-{month:02d}-01" for year in (2024, 2025) for month in range(7, 13)]
ACCOUNTS = ("007", "008", "009")
ROWS = [f"{a},{m},{at}{i}.{i}5" for at, a in enumerate(ACCOUNTS, 1) for i, m in enumerate(MONTHS)]
HEAD = "account_id,period,revenue"
CLIENT = "name: Small\nas_of: 2026-06-30\nwave: 2026H1\ncurrency: EUR\n"
LIST = "account_id,name\n007,a\n008,b\n009,c\n"


@pytest.fixture(autouse=True)
def quiet(lasting_reader, monkeypatch):
    monkeypatch.setenv("HANDBOOK_STUDIES", "off")


@pytest.fixture
def everything_is_large(monkeypatch):
    monkeypatch.setattr(reading, "LARGE", 0)
    monkeypatch.setattr(reading, "SMALL_FILE", 0)


def table(rows, head=HEAD):
    return head + "\n" + "\n".join(rows) + "\n"


def config(**keys):
    return CLIENT + "".join(f"{key}: {value}\n" for key, value in keys.items())


def told(folder):
    return [str(fault) for fault in check_client(folder)]


def both(folder, monkeypatch):
    """The table as it is read whole, and as it is chosen where it lies."""
    whole = open_study(folder)
    monkeypatch.setattr(reading, "LARGE", 0)
    monkeypatch.setattr(reading, "SMALL_FILE", 0)
    return whole, open_study(folder)


def marked(rows, mark):
    return [f'{row.rsplit(",", 1)[0]},"{mark(row.rsplit(",", 1)[1])}"' for row in rows]


def day_first(row):
    account, month, revenue = row.split(",")
    return f"{account},{'/'.join(month.split('-')[::-1])},{revenue}"


FORMS = {
    "plain": (ROWS, HEAD, ""),
    "with a currency": (marked(ROWS, lambda n: f"€ {n}"), HEAD, 'currency: "€"'),
    "in German": (
        marked(ROWS, lambda n: f"1.{int(float(n)):03d},{n.split('.')[1]}"),
        HEAD,
        'decimal: ",", thousands: "."',
    ),
    "negative in brackets": ([*ROWS[:-1], "009,2025-12-01,(250)"], HEAD, "parentheses: true"),
    "minus behind": ([*ROWS[:-1], "009,2025-12-01,250-"], HEAD, "trailing_minus: true"),
    "day first": ([day_first(row) for row in ROWS], HEAD, 'date: "%d/%m/%Y"'),
    "named otherwise": (
        ROWS, "Kunde,Monat,Umsatz",
        "columns: {account_id: Kunde, period: Monat, revenue: Umsatz}",
    ),
    "days of a month": ([row.replace("-01,", "-17,") for row in ROWS], HEAD, ""),
    "months without a day": ([row.replace("-01,", ",") for row in ROWS], HEAD, ""),
    "a word for nothing": (
        [*ROWS[:-1], "009,2025-12-01,none"], HEAD, "missing: {revenue: none}, drop_missing: true",
    ),
    "margin as a share": ([f"{row},0.4" for row in ROWS], f"{HEAD},margin", "margin: share"),
    "margin in per cent": ([f"{row},40%" for row in ROWS], f"{HEAD},margin", "percent: true"),
    "margin as money": ([f"{row},150" for row in ROWS], f"{HEAD},margin", "margin: money"),
    "own currency": ([f"{row},EUR" for row in ROWS], f"{HEAD},currency", ""),
    "semicolons": ([row.replace(",", ";") for row in ROWS], HEAD.replace(",", ";"),
                   'delimiter: ";"'),
    "another alphabet": ([f"{row},Köln" for row in ROWS], f"{HEAD},city", "encoding: cp1252"),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_a_large_text_gives_the_numbers_of_a_small_one(client, monkeypatch, form):
    rows, head, declared = FORMS[form]
    text = table(rows, head).encode("cp1252" if "encoding" in declared else "utf-8")
    keys = {"formats": f"{{financials: {{{declared}}}}}"} if declared else {}
    folder = client({"financials.csv": text, "client.yml": config(**keys)})
    whole, chosen = both(folder, monkeypatch)
    expected = whole.table("financials").sort_values(["account_id", "period"], ignore_index=True)
    found = chosen.table("financials").sort_values(["account_id", "period"], ignore_index=True)
    names = [name for name in expected if name in found and name != "city"]
    pd.testing.assert_frame_equal(found[names], expected[names], check_exact=True)
    assert len(found) == len(rows) - ("none" in declared)


STORED = pd.DataFrame({
    "account_id": [row.split(",")[0] for row in ROWS],
    "period": pd.to_datetime([row.split(",")[1] for row in ROWS]),
    "revenue": [Decimal(row.split(",")[2]) for row in ROWS],
})  # fmt: skip


def parquet(folder, frame=STORED, name="financials"):
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), folder / f"{name}.parquet")


def database(folder, frame=STORED):
    with duckdb.connect(str(folder / "finance.duckdb")) as connection:
        connection.register("given", frame)
        connection.execute("CREATE TABLE monthly AS SELECT * FROM given ORDER BY random()")


@pytest.mark.parametrize("limit", [0, 2_000_000])
def test_csv_parquet_and_duckdb_give_one_study(client, monkeypatch, limit):
    expected = open_study(client({"financials.csv": table(ROWS)})).table("financials")
    monkeypatch.setattr(reading, "LARGE", limit)
    monkeypatch.setattr(reading, "SMALL_FILE", limit)
    folder = client()
    (folder / "financials.csv").unlink()
    parquet(folder)
    pd.testing.assert_frame_equal(
        open_study(folder).table("financials"), expected, check_exact=True, check_dtype=False
    )
    (folder / "financials.parquet").unlink()
    database(folder)
    (folder / "client.yml").write_text(
        config(tables="{financials: 'duckdb://finance.duckdb/monthly'}")
    )
    study = open_study(folder)
    pd.testing.assert_frame_equal(
        study.table("financials"), expected, check_exact=True, check_dtype=False
    )
    [row] = study.counts[study.counts["table"] == "financials"].to_dict("records")
    assert (row["file"], row["rows_in"]) == ("finance.duckdb/monthly", len(ROWS))
    assert len(row["sha256"]) == 64


@pytest.mark.parametrize("kind", [float, np.float32, str, Decimal])
def test_amounts_of_every_stored_kind_are_read(client, everything_is_large, kind):
    folder = client()
    parquet(folder, STORED.assign(revenue=[kind(value) for value in STORED["revenue"]]))
    found = open_study(folder).table("financials")["revenue"]
    expected = np.array([float(kind(value)) for value in STORED["revenue"]])
    np.testing.assert_array_equal(found.to_numpy(), expected)


def test_decimals_are_read_as_the_number_nearest_to_them(client):
    cents = np.random.default_rng(7).integers(0, 10**12, 500)
    amounts = [Decimal(int(value)).scaleb(-2) for value in cents]
    frame = pd.DataFrame({
        "account_id": [f"{at:03d}" for at in range(500)],
        "period": pd.Timestamp("2026-05-01"), "revenue": amounts,
    })  # fmt: skip
    folder = client()
    parquet(folder, frame)
    found = open_study(folder).table("financials")["revenue"]
    assert found.to_list() == [float(str(value)) for value in amounts]


def test_rows_of_several_files_are_named_by_their_file(client, everything_is_large):
    folder = client(tables='{financials: "finance/*.parquet"}')
    (folder / "finance").mkdir()
    parquet(folder / "finance", STORED.iloc[:10], "a")
    parquet(folder / "finance", STORED.iloc[10:].assign(period=pd.Timestamp("2027-01-01")), "b")
    assert any(
        text.startswith("finance/b.parquet, row 1, column period: '2027-01-01'")
        for text in told(folder)
    )


FAULTS = {
    "currency signs": (
        {"financials.csv": table(marked(ROWS, lambda n: f"€{n}"))},
        "row 1, column revenue: '€10.05' and 35 more are not a number",
        'currency: "€"',
    ),
    "another notation": (
        {"financials.csv": table(marked(ROWS, lambda n: n.replace(".", ",")))},
        "column revenue",
        'decimal: ","',
    ),
    "a word": ({"financials.csv": table([*ROWS, "007,2026-05-01,much"])},
               "row 37, column revenue: 'much'", "Correct them"),
    "no number that ends": ({"financials.csv": table([*ROWS, "007,2026-05-01,1e999"])},
                            "row 37, column revenue: '1e999'", "plain numbers"),
    "more than there is": ({"financials.csv": table([*ROWS, "007,2026-05-01,1e60"])},
                           "row 37: cannot be used", "too large to be read whole"),
    "a month to come": ({"financials.csv": table([*ROWS, "007,2026-08-01,5"])},
                        "row 37, column period: '2026-08-01' lies after as_of", "move as_of"),
    "a thirteenth month": ({"financials.csv": table([*ROWS, "007,2026-13-01,5"])},
                           "row 37, column period: '2026-13-01'", "date"),
    "months in another form": ({"financials.csv": table([day_first(row) for row in ROWS])},
                               "row 1, column period: '01/07/2024'", "%d/%m/%Y"),
    "an empty amount": ({"financials.csv": table([*ROWS, "007,2026-05-01,"])},
                        "row 37, column revenue: is not filled in", "drop_missing: true"),
    "two currencies": (
        {"financials.csv": table([f"{row},{'EUR' if at else 'USD'}" for at, row in enumerate(ROWS)],
                                 f"{HEAD},currency")},
        "column currency: 'EUR, USD' are several currencies", "Convert all amounts",
    ),
    "another currency": (
        {"financials.csv": table([f"{row},USD" for row in ROWS], f"{HEAD},currency")},
        "'USD' is not the currency of client.yml (EUR), as are 35 more rows", "Convert the amounts",
    ),
    "a month twice": ({"financials.csv": table([*ROWS, "007,2024-08-01,5"])},
                      "'007 + 2024-08' has 2 rows", "duplicates: {financials: sum}"),
    "a month twice, the first to be kept": (
        {"financials.csv": table([*ROWS, "007,2024-08-01,5"]),
         "client.yml": config(duplicates="{financials: first}")},
        "'007 + 2024-08' has 2 rows", "`first` has no meaning",
    ),
    "no column of amounts": ({"financials.csv": table(ROWS, "account_id,period,umsatz")},
                             "column revenue: is missing", "revenue: umsatz"),
    "no column of accounts": ({"financials.csv": table(ROWS, "customer,period,revenue")},
                              "column account_id: is missing", "account_id: customer"),
    "lost zeros": ({"financials.csv": table([row.lstrip("0") for row in ROWS])},
                   "'7' is '007' in the other tables, and 2 ids more like it (36 rows)",
                   "leading_zeros: {account_id: 3}"),
    "other letters": (
        {"financials.csv": table(["a1,2026-05-01,5"]),
         "accounts.csv": "account_id,name\nA1,a\n007,b\n008,c\n009,d\n"},
        "'a1' is 'A1' in the other tables (1 rows)", "Write ids the same everywhere",
    ),
    "nobody of the study": ({"financials.csv": table(["X1,2026-05-01,5"]), "accounts.csv": LIST},
                            "has no row of an account of this study (1 rows)", "of the survey"),
    "a short record": ({"financials.csv": table([*ROWS, "007,2026-05-01"])},
                       "row 37: '007,2026-05-01' has too few columns", "Mend the record"),
    "an open quotation": ({"financials.csv": table([*ROWS[:5], '"007,2026-05-01,5', *ROWS[5:]])},
                          "row 6, column account_id", "Close the quotation"),
    "a name twice": ({"financials.csv": table([f"{row},1" for row in ROWS], f"{HEAD},revenue")},
                     "column revenue: names two columns", "Give each column one name"),
    "a form that cannot be": (
        {"financials.csv": table(ROWS),
         "client.yml": config(formats='{financials: {date: "%d %B %Y"}}')},
        "has dates as %d %B %Y", "Write them as 2026-05-31",
    ),
    "an end before its start": (
        {"contracts.csv": "contract_id,account_id,start,end,value\n"
                          "c1,007,2026-01-01,2025-01-01,5\n"},
        "contracts.csv, row 1, column end: '2025-01-01' lies before start", "Correct one",
    ),
    "a case to come": (
        {"tickets.csv": "ticket_id,account_id,trigger,created_at\n"
                        "t1,007,a,2026-05-01 10:00\nt2,008,b,2027-01-01\n"},
        "tickets.csv, row 2, column created_at: '2027-01-01' lies after as_of", "Correct it",
    ),
    "a case closed before it began": (
        {"tickets.csv": "ticket_id,account_id,trigger,created_at,closed_at\n"
                        "t1,007,a,2026-05-02,2026-05-01\n"},
        "column closed_at: '2026-05-01' lies before created_at", "Correct one",
    ),
    "a case twice": (
        {"tickets.csv": "ticket_id,account_id,trigger,created_at\n"
                        "t1,007,a,2026-05-02\nt1,008,a,2026-05-02\n"},
        "column ticket_id: 't1' is repeated in row 2", "account_id",
    ),
    "a value in words": (
        {"ops_metrics.csv": "account_id,period,metric,value,unit_of_measure\n"
                            "007,2026-05-01,late,3,days\n008,2026-05-01,late,x,days\n"},
        "ops_metrics.csv, row 2, column value: 'x'", "Correct them",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_wrong_in_a_large_table_is_told_by_its_place(client, everything_is_large, fault):
    files, problem, advice = FAULTS[fault]
    found = [str(f) for f in check_client(client(files)) if f.severity == "error"]
    assert any(problem in text and advice in text for text in found), found


def test_one_month_and_refunds_are_warned_of(client, everything_is_large):
    folder = client({"financials.csv": table(["007,2026-05-01,5", "008,2026-05-01,-6"])})
    found = told(folder)
    assert any("holds one month only" in text for text in found)
    assert any("'-6' is below 0 in 1 row" in text for text in found)


@pytest.mark.parametrize("limit", [0, 2_000_000])
def test_rows_of_a_month_are_added_up_to_the_cent_where_that_is_declared(
    client, monkeypatch, limit
):
    monkeypatch.setattr(reading, "LARGE", limit)
    monkeypatch.setattr(reading, "SMALL_FILE", limit)
    days = [f"{a},2026-05-{1 + i % 28:02d},0.1" for a in ACCOUNTS for i in range(1_000)]
    folder = client({
        "financials.csv": table([*days, "007,2026-06-01,7.77"]),
        "client.yml": config(duplicates="{financials: sum}"),
    })  # fmt: skip
    study = open_study(folder)
    sums = study.table("financials").set_index(["account_id", "period"])["revenue"]
    assert sums.to_list() in ([100.0, 100.0, 100.0, 7.77], [100.0, 7.77, 100.0, 100.0])
    assert any("added up" in note.what and note.count == 3_000 for note in study.notes)


def test_shares_are_never_added_up(client, everything_is_large):
    rows = [*[f"{row},0.4" for row in ROWS], "007,2024-08-01,5,0.3"]
    folder = client({
        "financials.csv": table(rows, f"{HEAD},margin"),
        "client.yml": config(duplicates="{financials: sum}"),
    })  # fmt: skip
    assert any("may be a share, which cannot be added up" in text for text in told(folder))


def test_only_financials_can_be_added_up(client):
    found = told(client({"client.yml": config(duplicates="{responses: sum}")}))
    assert any("duplicates.responses: 'sum' is for financials" in text for text in found)


def test_other_accounts_and_months_stay_where_they_are_and_are_counted(client, everything_is_large):
    rows = [*ROWS, "X1,2026-05-01,5", "X2,2026-05-01,5", "007,2019-01-01,5", "010,2024-01-01,5",
            "010,2026-01-01,5"]  # fmt: skip
    folder = client({"financials.csv": table(rows), "accounts.csv": LIST + "010,d\n"})
    study = open_study(folder)
    found = study.table("financials")
    assert len(found) == len(ROWS) + 1
    assert found.loc[found["account_id"] == "010", "period"].to_list() == [pd.Timestamp("2026-01")]
    notes = {note.what: note.count for note in study.notes if note.table == "financials"}
    assert notes["rows of accounts that are not in the study, left where they are"] == 2
    assert sorted(notes.values()) == [2, 2]


def test_without_a_list_every_account_counts(client, everything_is_large):
    folder = client({"financials.csv": table([*ROWS, "X1,2026-05-01,5"])})
    assert "X1" in set(open_study(folder).table("financials")["account_id"])


def test_metrics_of_units_are_kept(client, everything_is_large):
    head = "account_id,unit,period,metric,value,unit_of_measure"
    rows = ["007,,2026-05-01,late,3,days", ",Kiel,2026-05-01,late,4,days",
            "X1,,2026-05-01,late,4,days"]  # fmt: skip
    folder = client({"ops_metrics.csv": table(rows, head), "accounts.csv": LIST})
    assert open_study(folder).table("ops_metrics")["value"].to_list() == [3.0, 4.0]


def test_zeros_that_are_declared_are_put_back(client, everything_is_large):
    folder = client({
        "financials.csv": table([row.lstrip("0") for row in ROWS]),
        "client.yml": config(leading_zeros="{account_id: 3}"),
    })  # fmt: skip
    assert set(open_study(folder).table("financials")["account_id"]) == set(ACCOUNTS)


def test_more_rows_than_memory_holds_are_refused(client, everything_is_large, monkeypatch):
    monkeypatch.setattr(large, "MOST", 30)
    found = told(client({"financials.csv": table(ROWS)}))
    assert any("has more than 30 rows of accounts of this study" in text for text in found)


def test_cases_of_accounts_that_were_never_asked_stay_where_all_are_too_many(
    client, everything_is_large, monkeypatch
):
    rows = [f"t{at},{account},a,2026-05-01" for at, account in enumerate([*ACCOUNTS, "010", "010"])]
    monkeypatch.setattr(large, "MOST", 4)
    folder = client({
        "tickets.csv": table(rows, "ticket_id,account_id,trigger,created_at"),
        "accounts.csv": LIST + "010,d\n",
    })  # fmt: skip
    study = open_study(folder)
    assert sorted(study.table("tickets")["account_id"]) == list(ACCOUNTS)
    assert any("never asked" in note.what and note.count == 2 for note in study.notes)


@pytest.mark.parametrize(
    ("sql", "problem"),
    [
        ("CREATE TABLE other(a INT)", "has no table of this name"),
        ("CREATE TABLE monthly(account_id TEXT, period DATE, revenue DOUBLE)", "has no rows"),
        ("CREATE VIEW monthly AS SELECT content AS account_id FROM read_text('/etc/passwd')",
         "reads files outside its database"),
        ("CREATE TABLE monthly AS SELECT '007' AS account_id, DATE '2026-05-01' AS period, "
         "{'a': 1} AS revenue", "is of a kind that is no value"),
    ],
)  # fmt: skip
def test_what_a_duckdb_file_lacks_is_told(client, sql, problem):
    folder = client(tables='{financials: "duckdb://finance.duckdb/monthly"}')
    with duckdb.connect(str(folder / "finance.duckdb")) as connection:
        connection.execute(sql)
    assert any(problem in text for text in told(folder)), told(folder)


@pytest.mark.parametrize("content", [b"", b"x" * 5_000, b"PK\3\4" + b"\0" * 100])
def test_a_file_that_is_no_database_is_told(client, content):
    folder = client(
        {"finance.duckdb": content}, tables='{financials: "duckdb://finance.duckdb/monthly"}'
    )
    with pytest.raises(InputFaults, match=r"client\.yml, column tables\.financials"):
        open_study(folder)


def test_the_digest_of_a_database_is_that_of_its_content(client):
    folder = client(tables='{financials: "duckdb://finance.duckdb/monthly"}')

    def digest(frame):
        (folder / "finance.duckdb").unlink(missing_ok=True)
        database(folder, frame)
        counts = open_study(folder).counts.set_index("table")
        return counts.loc["financials", "sha256"]

    first = digest(STORED)
    assert digest(STORED) == first  # in another order
    dearer = STORED["revenue"].where(STORED.index != 5, Decimal("15.06"))
    assert digest(STORED.assign(revenue=dearer)) != first
    assert digest(STORED.iloc[:-1]) != first


def test_small_folders_are_read_without_ibis():
    code = (
        "import sys; from helpers.study import check_client; check_client('northfield'); "
        "sys.exit(any(name in sys.modules for name in ('ibis', 'adbc_driver_postgresql')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("dialect", ["duckdb", "postgres", "pyspark"])
def test_every_query_can_be_said_in_every_dialect(dialect):
    columns = {
        "account_id": "string",
        "period": "string",
        "revenue": "string",
        "currency": "string",
    }
    form = opening.Config(name="-", as_of="2026-06-30", wave="-").format("financials")
    form = form.model_copy(update={"decimal": ",", "thousands": ".", "parentheses": True})
    source = expressions.table_of(columns, ("sales", "monthly"), form)
    day = pd.Timestamp("2026-06-30")
    accounts = expressions.Accounts({"a'b"}, {"c"}, {"d"}, day, day)
    rows = expressions.rows_of(
        source, form, accounts, numbers=["revenue"], month="period", until=day, needed=["revenue"]
    )
    for query in (
        expressions.counts(rows),
        expressions.by_month(rows, 5, []),
        expressions.odd_rows(rows, ["revenue"], 5),
        expressions.chosen_rows(rows, ["revenue"], 5, asked=True),
        expressions.lookalikes(rows, 5),
    ):
        assert "monthly" in expressions.in_dialect(query, dialect)


def test_people_without_an_account_bring_in_that_of_their_list():
    frames = {
        "responses": pd.DataFrame({"contact_id": ["c1"], "wave": ["W1"]}),
        "contacts": pd.DataFrame({"contact_id": ["c1", "c2"], "account_id": ["a1", "a2"]}),
    }
    found = wanted(frames, opening.Config(name="-", as_of="2026-06-30", wave="W1"))
    assert (found.asked, found.listed) == ({"a1"}, None)
