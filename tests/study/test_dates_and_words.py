"""Words among dates, months in other notations, and what no form of a date can read."""

from __future__ import annotations

import pytest

from helpers.study import check_client, open_study

HEAD = "account_id,period,revenue\n"
CASES = "ticket_id,account_id,trigger,created_at,closed_at\n"


def months(client, *texts):
    rows = "".join(f"007,{text},{n}\n" for n, text in enumerate(texts, start=1))
    (found,) = [f for f in check_client(client({"financials.csv": HEAD + rows}))
                if f.severity == "error"]  # fmt: skip
    return str(found)


def cases(closed):
    rows = "".join(f"T{n},007,late,2026-01-02,{text}\n" for n, text in enumerate(closed))
    return {"tickets.csv": CASES + rows}


@pytest.mark.parametrize(
    ("closed", "line"),
    [
        (("2026-01-05", "open"), '{missing: {closed_at: ["open"]}}'),
        (("-", "2026-01-05", "n/a"), '{missing: {closed_at: ["-", "n/a"]}}'),
        (("0000-00-00", "2026-01-05"), '{missing: {closed_at: ["0000-00-00"]}}'),
        (("1900-01-00 00:00", "2026-01-05"), '{missing: {closed_at: ["1900-01-00 00:00"]}}'),
        (("offen", "still open"), '{missing: {closed_at: ["offen", "still open"]}}'),
    ],
)
def test_words_for_no_date_are_declared_missing_and_the_others_read(client, closed, line):
    (found,) = check_client(client(cases(closed)))
    assert f"declare `formats: {{tickets: {line}}}` in client.yml" in found.advice
    study = open_study(client(cases(closed), formats=f"{{tickets: {line}}}"))
    days = [text == "2026-01-05" for text in closed]
    assert study.table("tickets")["closed_at"].notna().tolist() == days


def test_words_beside_dates_of_another_form_are_one_declaration(client):
    rows = {
        "tickets.csv": f"{CASES}T1,007,late,14.01.2026,15.01.2026\nT2,007,late,14.01.2026,open\n"
    }
    (found,) = [f for f in check_client(client(rows)) if f.column == "closed_at"]
    keys = '{tickets: {date: "%d.%m.%Y", missing: {closed_at: ["open"]}}}'
    assert f"If 'open' stands for no date, declare `formats: {keys}` in client.yml" in found.advice
    study = open_study(client(rows, formats=keys))
    assert study.table("tickets")["closed_at"].notna().tolist() == [True, False]


@pytest.mark.parametrize(
    ("texts", "form", "first"),
    [
        (("Jan-26", "Feb-26"), "%b-%y", "Jan-26 is then January 2026"),
        (("Mar 26", "Apr 26"), "%b %y", "Mar 26 is then March 2026"),
        (("26-Jan", "26-Feb"), "%y-%b", "26-Jan is then January 2026"),
        (("2026-Jan", "2026-Feb"), "%Y-%b", ""),
    ],
)
def test_months_by_their_names_are_read_as_advised(client, texts, form, first):
    told = months(client, *texts)
    assert f'{{date: "{form}"}}' in told and first in told
    rows = "".join(f"007,{text},1\n" for text in texts)
    study = open_study(
        client({"financials.csv": HEAD + rows}, formats=f'{{financials: {{date: "{form}"}}}}')
    )
    assert study.table("financials")["period"].dt.year.tolist() == [2026, 2026]


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (("2024", "2025"), "divide years among their months"),
        (("FY2024", "FY2025"), "divide years among their months"),
        (("2024/25", "2025/26"), "divide years among their months"),
        (("Mrz 26", "Dez 25"), "Names of months are read in English alone"),
        (("Jan 26", "Mrz 26"), "names of months are read in English alone"),
        (("1762732800", "1765324800"), "look like seconds since 1970"),
        (("1762732800000", "1765324800000"), "look like thousandths of a second since 1970"),
    ],
)
def test_what_is_no_month_in_any_form_is_told_for_what_it_is(client, texts, said):
    assert said in months(client, *texts)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Tuesday, 12 May 2026", '{date: "%A, %d %B %Y"}'),
        ("2026-05-12 13:45:00 CEST", "Write the zone as +02:00 or Z: CEST may mean several"),
        ("2026-05-12 13:45 (MESZ)", "MESZ may mean several"),
    ],
)
def test_long_dates_and_named_zones(client, text, said):
    rows = (
        f'response_id,wave,account_id,completed_at,nps,ease,trouble\nr1,2026H1,007,"{text}",9,8,1\n'
    )
    found = [f for f in check_client(client({"responses.csv": rows})) if f.column == "completed_at"]
    assert said in found[0].advice


def test_marks_that_became_dates_are_not_read_as_other_marks(client):
    rows = "response_id,wave,account_id,nps,ease,trouble\nr1,2026H1,007,10-Aug,8,1\n"
    rows += "r2,2026H1,008,9,8,2\n"
    (found,) = [f for f in check_client(client({"responses.csv": rows})) if f.column == "nps"]
    assert found.advice == (
        "A spreadsheet made dates of marks such as 8/10: export the answers as text."
    )
