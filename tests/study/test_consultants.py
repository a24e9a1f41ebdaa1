"""What consultants' own files are called and hold, drafted without a line by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.study import check_client
from helpers.study.drafting import client_from, draft_codebook
from helpers.study.drafting.tables import recognise

ROWS = 240
SAID = ("Too slow to answer my calls", "Very friendly people on the phone", "Prices are too high")


def ratings(count=4, *, low=2, seed=3):
    rng = np.random.default_rng(seed)
    mood = rng.normal(7.2, 1.5, ROWS)
    return [
        np.clip(np.round(mood + rng.normal(0, 1, ROWS)), low, 10).astype(int) for _ in range(count)
    ]


def saved(path, columns, mark=","):
    pd.DataFrame(columns).to_csv(path, index=False, sep=mark)
    return path


def role(draft, name):
    row = draft.row(name)
    return (row.role.value, row.scale.missing.value)


@pytest.mark.parametrize("names", [("delivery", "price", "support"), ("Liefern", "Preis", "Hilfe")])
@pytest.mark.parametrize("code", [99, None, -1])
def test_ratings_without_a_word_are_drivers_and_99_is_no_answer(tmp_path, names, code):
    nps, *others = ratings()
    columns = {"nps": nps}
    for name, values in zip(names, others, strict=True):
        given = values.copy()
        if code is not None:
            given[::15] = code
        columns[name] = given
    columns["region_code"] = np.arange(ROWS) % 6 + 1
    draft = draft_codebook(saved(tmp_path / "survey.csv", columns))
    for name in names:
        assert role(draft, name) == ("driver", "" if code is None else f"{code}")
    assert draft.row("region_code").role.value == "segment"


@pytest.mark.parametrize(
    ("heading", "texts", "is_comment"),
    [
        ("Verbatim", SAID, True),
        ("Bemerkungen", SAID, True),
        ("Remarques", SAID, True),
        ("Observaciones", SAID, True),
        ("Q9_OE", SAID, True),
        ("comment_topic", ("Delivery time", "Price level", "Staff on phone"), False),
        (
            "Customer type",
            ("Small firm with up to 10 people", "Large firm with 1000 people"),
            False,
        ),
    ],
)
def test_comments_of_few_different_texts_are_comments(tmp_path, heading, texts, is_comment):
    rng = np.random.default_rng(5)
    said = rng.choice(texts, ROWS).astype(object)
    if is_comment:
        said[::3] = ""
    columns = {"nps": ratings(1)[0], heading: said}
    draft = draft_codebook(saved(tmp_path / "survey.csv", columns))
    assert (draft.row(heading).role.value == "comment") == is_comment


@pytest.mark.parametrize(
    ("heading", "ours"),
    [
        ("Ausgefüllt am", "completed_at"),
        ("Eingegangen am", "completed_at"),
        ("Datum", "completed_at"),
        ("Date de réponse", "completed_at"),
        ("Répondu le", "completed_at"),
        ("Fecha de respuesta", "completed_at"),
        ("Date of interview", "completed_at"),
        ("Submitted on", "completed_at"),
        ("Begonnen am", "started_at"),
        ("Fecha de inicio", "started_at"),
        ("Kundennummer", "account_id"),
        ("Kunden-Nr.", "account_id"),
        ("Numéro de client", "account_id"),
        ("Número de cliente", "account_id"),
        ("Kunde", "account_id"),
        ("Custom Data 1 - Customer number", "account_id"),
        ("Fragebogen-Nr", "response_id"),
        ("Numéro de réponse", "response_id"),
        ("Befragter", "response_id"),
    ],
)
def test_headings_of_dates_and_ids_are_known_in_four_languages(tmp_path, heading, ours):
    days = [f"{1 + n % 28:02d}.{1 + n % 6:02d}.2026" for n in range(ROWS)]
    held = days if ours.endswith("_at") else [f"K{n:04d}" for n in range(ROWS)]
    columns = {"nps": ratings(1)[0], heading: held}
    draft = draft_codebook(saved(tmp_path / "umfrage.csv", columns, ";"))
    assert draft.keys.columns[ours][0] == heading
    if ours.endswith("_at"):
        assert str(draft.keys.date) == "%d.%m.%Y"


@pytest.mark.parametrize(
    ("header", "held"),
    [
        ("Kundennummer;Kunde;Branche", {"account_id": "Kundennummer", "name": "Kunde"}),
        ("Kunde;Kundennummer;Branche", {"account_id": "Kundennummer", "name": "Kunde"}),
        ("Code client;Client;Secteur", {"account_id": "Code client", "name": "Client"}),
        ("Customer ID;Customer;Sector", {"account_id": "Customer ID", "name": "Customer"}),
    ],
)
def test_a_list_of_customers_is_known_by_its_headings(tmp_path, header, held):
    path = tmp_path / "liste.csv"
    row = ";".join("00001" if "n" in name.lower()[-7:] else "Bau" for name in header.split(";"))
    path.write_text(f"{header}\n{row}\n{row.replace('1', '2')}\n", encoding="utf-8")
    found = recognise(path)
    assert found.table.value == "accounts"
    assert {ours: found.columns[ours].value for ours in held} == held


@pytest.mark.parametrize(
    "header",
    [
        "Ticket,Account,Opened,Closed,Reason,Priority",
        "Vorgang,Kunde,Eröffnet am,Geschlossen am,Anlass,Priorität",
        "N° ticket,Client,Ouvert le,Clôturé le,Motif,Priorité",
        "Case ID,Customer ID,Created on,Resolved on,Subject,Severity",
    ],
)
def test_a_list_of_tickets_is_drafted_with_its_keys(tmp_path, header):
    path = tmp_path / "tickets.csv"
    path.write_text(f"{header}\nT1,A1,2026-01-02,2026-01-05,Late,high\n", encoding="utf-8")
    found = recognise(path)
    names = header.split(",")
    ours = ["ticket_id", "account_id", "created_at", "closed_at", "trigger", "severity"]
    told = {name: found.columns[name] for name in ours if name in found.columns}
    assert {n: g.value for n, g in told.items()} == {
        n: theirs for n, theirs in zip(ours, names, strict=True) if theirs != n
    }
    assert not told["trigger"].sure  # it may be the cause as well


@pytest.mark.parametrize(
    ("months", "form"),
    [
        (("01/2026", "02/2026"), "%m/%Y"),
        (("01.2026", "12.2025"), "%m.%Y"),
        (("Jan 2026", "Feb 2026"), "%b %Y"),
        (("202601", "202602"), "%Y%m"),
        (("31/01/2026", "28/02/2026"), "%d/%m/%Y"),
        (("2026-01", "2026-02"), None),
    ],
)
def test_how_months_are_written_is_drafted(tmp_path, months, form):
    path = tmp_path / "umsatz.csv"
    rows = "".join(f"{n};{month};100\n" for n in (1, 2, 3) for month in months)
    path.write_text(f"Kunde;Monat;Umsatz (EUR)\n{rows}", encoding="utf-8")
    found = recognise(path)
    assert found.table.value == "financials"
    assert (found.formats["date"].value if "date" in found.formats else None) == form
    assert found.columns["revenue"].value == "Umsatz (EUR)"


def test_satisfaction_with_several_things_is_one_block_of_drivers(tmp_path):
    nps, *others = ratings(5)
    names = [f"Zufriedenheit mit {x}" for x in ("Lieferung", "Preis", "Beratung")]
    columns = {"Weiterempfehlung (0-10)": nps, "Zufriedenheit insgesamt": others[0]}
    columns |= dict(zip(names, others[1:], strict=True))
    draft = draft_codebook(saved(tmp_path / "umfrage.csv", columns, ";"))
    assert {draft.row(name).role.value for name in names} == {"driver"}
    assert draft.row("Zufriedenheit insgesamt").role.value == "satisfaction"
    asked = draft.row("Weiterempfehlung (0-10)")
    assert (asked.role.value, asked.scale.ends, asked.scale.sure) == ("recommend", (0, 10), True)


def test_texts_for_no_answer_are_drafted_for_each_question_of_a_block(tmp_path):
    values = [given.astype(object) for given in ratings(3, low=1)]
    for given in values:
        given[::12] = "N/A"
    names = [f"Please rate our - {x}" for x in ("Delivery", "Price", "Advice")]
    draft = draft_codebook(
        saved(
            tmp_path / "survey.csv", {"nps": ratings(1)[0], **dict(zip(names, values, strict=True))}
        )
    )
    assert {draft.row(name).scale.missing.value for name in names} == {"N/A"}


def test_a_currency_that_is_not_filled_in_is_told_once_with_an_example(tmp_path):
    answers = {"id": [f"r{n}" for n in range(ROWS)], "nps": ratings(1)[0]}
    money = tmp_path / "money.csv"
    money.write_text("Customer No,Month,Revenue\n7,2026-01,5\n8,2026-01,6\n", encoding="utf-8")
    made = client_from(tmp_path / "acme", [saved(tmp_path / "survey.csv", answers), money])
    told = [str(f) for f in check_client(made.folder) if f.column == "currency"]
    assert len(told) == 1
    assert "Write `currency: USD`." in told[0]
    assert not any("…`" in str(fault) for fault in check_client(made.folder))


@pytest.mark.parametrize("word", ["Total", "Summe", "Gesamt", "Total général", "Grand Total"])
def test_a_total_below_answers_and_a_list_is_drafted_and_told_of_once(tmp_path, word):
    given = ratings(3)
    names = ("Likelihood to recommend", "Overall satisfaction", "Delivery")
    answers = pd.DataFrame(
        {"Region": ["N", "S"] * (ROWS // 2), "Respondent": [f"P{n}" for n in range(ROWS)],
         "Customer ID": [f"{n % 40:02d}" for n in range(ROWS)],
         **dict(zip(names, given, strict=True))}
    )  # fmt: skip
    total = {"Region": word, **{n: int(v.sum()) for n, v in zip(names, given, strict=True)}}
    survey = saved(tmp_path / "answers.csv", pd.concat([answers, pd.DataFrame([total])]))
    listed = pd.DataFrame({"Customer ID": [f"{n:02d}" for n in range(40)],
                           "Customer name": [f"Firm {n}" for n in range(40)],
                           "Sales 2025": range(100, 140)})  # fmt: skip
    sums = pd.DataFrame([{"Customer ID": word, "Sales 2025": listed["Sales 2025"].sum()}])
    accounts = saved(tmp_path / "Customers.csv", pd.concat([listed, sums]))
    made = client_from(tmp_path / "acme", [survey, accounts])
    text = (made.folder / "client.yml").read_text(encoding="utf-8")
    assert text.count("totals: drop") == 2
    assert made.draft.row("Delivery").role.value == "driver"
    assert made.draft.row("Overall satisfaction").scale.ends == (1, 10)
    told = [str(f) for f in check_client(made.folder) if "total" in str(f)]
    assert told == []
    (made.folder / "client.yml").write_text(text.replace("totals: drop", "totals: keep"))
    kept = [str(f) for f in check_client(made.folder) if "answers.csv, row 241" in str(f)]
    assert kept  # the sums are answers out of range now


def test_a_region_called_total_that_adds_up_to_nothing_is_an_answer_like_others(tmp_path):
    rng = np.random.default_rng(1)
    columns = {"Region": rng.choice(["Total", "North"], ROWS), "nps": ratings(1)[0]}
    draft = draft_codebook(saved(tmp_path / "survey.csv", columns))
    assert draft.export.rows == ROWS and "totals" not in draft.export.declared


@pytest.mark.parametrize(
    "beginning", [b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00"]
)
def test_a_workbook_of_the_first_excels_is_told_of_in_plain_words(client, beginning):
    folder = client({"accounts.xls": beginning + b"\0" * 500})
    (found,) = [str(fault) for fault in check_client(folder) if fault.file == "accounts.xls"]
    assert found == (
        "accounts.xls: is a workbook of Excel 4 or before, which is not read. "
        "Open it in Excel or LibreOffice, and save it as .xlsx."
    )


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (("03/04/2026", "2026-04-05", "03/05/2026"), "03/04/2026 is 3 April 2026 by %d/%m/%Y, 4 M"),
        (("05.04.2026", "2026-04-05", "06.04.2026"), "05.04.2026 is 5 April 2026 by %d.%m.%Y, 4 M"),
        (("03/14/2026", "2026-04-05", "03/05/2026"), None),
    ],
)
def test_mixed_dates_of_tickets_are_told_with_both_readings(client, days, told):
    rows = "".join(f"T{n},007,late,{day}\n" for n, day in enumerate(days))
    folder = client({"tickets.csv": f"ticket_id,account_id,trigger,created_at\n{rows}"})
    (found,) = [f.advice for f in check_client(folder) if f.column == "created_at"]
    assert "written in several ways ('2026-04-05' unlike the others)" in found
    assert (told in found) if told else ("see which is meant" not in found)


def test_the_last_day_of_any_table_is_drafted_as_the_day_the_records_end(tmp_path):
    days = ["2026-05-01", "2026-05-19"] * (ROWS // 2)
    answers = {"id": [f"r{n}" for n in range(ROWS)], "date": days, "nps": ratings(1)[0]}
    money = tmp_path / "money.csv"
    money.write_text("Customer No;Month;Revenue\n7;05/2026;5\n7;06/2026;6\n", encoding="utf-8")
    made = client_from(tmp_path / "acme", [saved(tmp_path / "survey.csv", answers), money])
    text = (made.folder / "client.yml").read_text(encoding="utf-8")
    assert "as_of: 2026-06-30  # ? financials goes on until then" in text
    assert "the last answer is of 2026-05-19" in text


def test_codes_one_above_their_labels_are_drafted_with_the_labels_numbers(tmp_path):
    pyreadstat = pytest.importorskip("pyreadstat")
    nps = ratings(1)[0]
    said = {float(n + 1): str(n) for n in range(11)} | {1.0: "0 Not at all", 11.0: "10 Certainly"}
    path = tmp_path / "study.sav"
    pyreadstat.write_sav(
        pd.DataFrame({"Q1": nps + 1.0}),
        str(path),
        column_labels=["How likely are you to recommend us?"],
        variable_value_labels={"Q1": said},
    )
    row = draft_codebook(path).row("Q1")
    assert (row.scale.ends, row.scale.sure) == ((0, 10), False)
    assert row.scale.values["10"] == ("11",)
