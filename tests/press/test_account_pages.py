"""The account list and the pages of accounts in a built book: files, frame."""

from __future__ import annotations

import re
import time
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.methods import account_list
from helpers.press.account_files import write_list
from helpers.press.account_pages import Frame, link_names
from helpers.press.search_index import read_page
from helpers.views.accounts.listing import listing
from helpers.views.accounts.pages import AccountPage, account_pages, paged

TODAY = pd.Timestamp("2026-06-30")
HOSTILE = "<script>alert(1)</script>"
BUILT = """<html><head><title>The account list &#8212; A client</title>
<link rel="next" title="x" href="sampling.html" /></head><body>
<a href="sampling.html">S</a><a href="../book/glossary.html">G</a><a href="#">here</a>
<article class="bd-article"><section class="account-list">head</section></article>
<footer class="prev-next-footer">x</footer></body></html>"""


def table(*names: str) -> pd.DataFrame:
    accounts = pd.DataFrame(
        {"account_id": [f"A{i}" for i in range(len(names))], "name": names, "owner": "Ann",
         "revenue": [100.0 * (i + 1) for i in range(len(names))]}
    )  # fmt: skip
    placed = accounts[["account_id"]].assign(
        loyalty=50.0, low=40.0, high=60.0, cell="Protect & repair", firmness="firm", respondents=2
    )
    return account_list.account_list(accounts, as_of=TODAY, placed=placed).table


def pages(listed: pd.DataFrame, **tables: pd.DataFrame) -> list[AccountPage]:
    own = {"accounts": listed, "pages": listed[["account_id"]], **tables}
    return list(account_pages(own, currency="USD", as_of="30 June 2026", on=TODAY))


@pytest.mark.parametrize("sign", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"])
def test_no_text_of_the_list_runs_as_a_formula(tmp_path, sign):
    write_list(table(sign, "plain"), tmp_path, client="A client", on=TODAY)
    written = (tmp_path / "account_list.csv").read_bytes().decode("utf-8-sig")
    assert f"'{sign}" in written
    with zipfile.ZipFile(tmp_path / "account_list.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert sheet.count('t="s"') > 2


def test_the_same_list_gives_the_same_bytes_with_filters_and_formats(tmp_path):
    for name in ("one", "other"):
        write_list(table("Östmark"), tmp_path / name, client="A client", on=TODAY)
    for file in ("account_list.csv", "account_list.xlsx"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "other" / file).read_bytes()
    with zipfile.ZipFile(tmp_path / "one" / "account_list.xlsx") as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert "<autoFilter" in sheet
        assert "frozen" in sheet
        assert {part.date_time[0] for part in book.infolist()} == {1980}


def test_a_list_without_accounts_and_one_of_one_are_written(tmp_path):
    for names in ((), ("Only",)):
        write_list(table("x", *names).iloc[: len(names)], tmp_path, client="c", on=TODAY)
        text = (tmp_path / "account_list.csv").read_text(encoding="utf-8-sig")
        assert len(text.splitlines()) == 1 + len(names)


def test_every_text_of_the_list_and_of_a_page_is_shown_as_text():
    listed = table(HOSTILE)
    [page] = pages(listed)
    for shown in (listing(listed, currency="USD", paged=["A0"], most=10), page.article):
        assert "<script" not in shown
        assert "&lt;script&gt;" in shown


def test_headings_of_the_list_have_scopes_and_a_name_leads_to_its_page():
    listed = table("Mill", "Pump")
    shown = listing(listed, currency="USD", paged=["A1"], most=10)
    assert shown.count('<th scope="col"') == 10
    assert shown.count('<th scope="row"') == 2
    assert shown.count("../accounts/a1-") == 1
    assert re.search(r'<table class="account-table"><caption>', shown)


def test_an_action_for_which_nobody_has_time_within_a_year_says_so():
    listed = table("a", "b").assign(due=[pd.NaT, pd.NaT], who=["Ann", ""])
    shown = listing(listed, currency="USD", paged=[], most=2)
    assert shown.count("<small>Ann, by turn, not within a year</small>") == 1
    assert shown.count("not within a year") == 1


def test_a_long_list_says_how_much_of_it_stands_on_the_page():
    shown = listing(table("a", "b", "c"), currency="USD", paged=[], most=2)
    assert shown.count('<th scope="row"') == 2
    assert "The first 2 of 3" in shown


def test_who_did_not_answer_is_a_question_mark():
    people = pd.DataFrame(
        {"account_id": "A0", "role": ["user", "decision_maker"], "function": "IT",
         "score": [None, 80.0]}
    )  # fmt: skip
    [page] = pages(table("Mill"), people=people)
    assert page.article.index("decision maker") < page.article.index(">user<")
    assert page.article.count('<span class="unknown">?</span>') == 1


def test_open_cases_stand_with_their_clock_and_promise():
    opened = pd.DataFrame(
        {"ticket_id": list("tuv"), "account_id": "A0", "owner": "Eve", "root_cause": "delivery",
         "created_at": pd.to_datetime(["2026-06-20", "2026-06-29", "2026-06-01"]),
         "snoozed_until": pd.to_datetime([None, None, "2026-07-09"])}
    )  # fmt: skip
    tickets = account_list.open_tickets(opened, as_of=TODAY, first_contact_hours=48)
    [page] = pages(table("Mill"), tickets=tickets)
    shown = re.sub(r"<[^>]*>", "", page.article)
    begins = "Ticket (delivery) since 2026-06-"
    assert f"{begins}20: first contact promised by 2026-06-22, 8 days overdue; Eve" in shown
    assert f"{begins}29: first contact promised by 2026-07-01; Eve" in shown
    assert f"{begins}01: first contact; rests until 2026-07-09, as agreed; Eve" in shown
    assert page.article.count('class="late"') == 1


def test_an_account_s_page_names_three_next_actions_each_with_owner_and_day():
    accounts = pd.DataFrame({"account_id": ["A0"], "name": "Mill", "owner": "Ann", "revenue": 1e6})
    ends = pd.Series({"A0": pd.Timestamp("2026-12-31")})
    listed = account_list.account_list(
        accounts, as_of=TODAY, contract_ends=ends,
        placed=pd.DataFrame({"account_id": ["A0"], "cell": "Grow & leverage", "loyalty": 60.0}),
    ).table  # fmt: skip
    rated = pd.DataFrame(
        {"account_id": ["A0"], "label": "Delivery <b>", "value": 4.0, "low": 3.0, "high": 5.0,
         "peers": 6.9, "scale_min": 0.0, "scale_max": 10.0, "owner": "Nora, Service"}
    )  # fmt: skip
    steps = account_list.next_actions(listed, as_of=TODAY, drivers=rated)
    [page] = pages(listed, steps=steps, drivers=rated)
    shown = " ".join(re.sub(r"<[^>]*>", "", page.article).split())
    assert (
        "Next. Make a joint plan for growth; ask for a reference. Ann, by 2026-08-28 "
        "Also. Ask what must improve in Delivery &lt;b&gt;, rated lower here than elsewhere. "
        "Nora, Service, by 2026-08-14 "
        "Also. Open renewal talks. Ann, by 2026-12-01"
    ) in shown


def test_what_is_at_risk_stands_with_its_interval_and_a_sponsor_who_is_missing_is_asked_for():
    risk = pd.DataFrame({"account_id": ["A0", "A1"], "at_risk": [300.0, 200.0], "low": [90.0, None],
                         "high": [800.0, None], "excess": [250.0, 100.0]})  # fmt: skip
    accounts = pd.DataFrame(
        {"account_id": ["A0", "A1"], "owner": "Ann", "sponsor": [None, "Sue"], "revenue": 1e6}
    )
    placed = pd.DataFrame({"account_id": ["A0", "A1"], "cell": "Protect & repair", "loyalty": 60.0})
    listed = account_list.account_list(accounts, as_of=TODAY, placed=placed, risk=risk).table
    first, second = (
        " ".join(re.sub(r"<[^>]*>", " ", page.article).split()) for page in pages(listed)
    )
    assert "At risk $300 ($90 to $800), $250 of it linked to the score" in first
    assert "Sponsor: to be named" in first
    assert "At risk $200, $100 of it linked to the score" in second
    assert "Sponsor: Sue" in second


def test_an_account_without_an_action_is_told_to_have_normal_service():
    accounts = pd.DataFrame({"account_id": ["A0"], "name": "Mill", "owner": "Ann", "revenue": 1e6})
    placed = pd.DataFrame({"account_id": ["A0"], "cell": "Maintain efficiently", "loyalty": 60.0})
    listed = account_list.account_list(accounts, as_of=TODAY, placed=placed).table
    [page] = pages(listed, steps=account_list.next_actions(listed, as_of=TODAY))
    assert "<strong>Next.</strong> Normal service; nothing is pressing." in page.article
    assert "Also" not in page.article


def test_what_an_account_may_want_stands_with_its_money_and_what_waits_with_none():
    found = pd.DataFrame(
        {"account_id": "A0", "product": [f"Pump {n}" for n in range(6)], "money": 2e3, "low": 1e3,
         "high": 3e3, "short": "ticked interest", "role": ["user", *[None] * 5]}
    )  # fmt: skip
    second, first = pages(table("Mill", "Pump works"), leads=found,
                          waiting=found.assign(account_id="A1"))  # fmt: skip
    assert "Call the user about (expected money):" in first.article
    assert "Pump 0: $2.0k ($1.0k to $3.0k), ticked interest" in first.article
    assert "2 more under" in first.article
    assert "until things are put right" not in first.article
    assert "right: Pump 0, Pump 1, Pump 2, Pump 3 and 2 more." in second.article
    assert "$2.0k" not in second.article
    assert "What it may want" not in pages(table("Mill"))[0].article


def test_a_page_of_an_account_is_in_the_books_own_frame():
    [page] = pages(table("A & B"))
    whole = Frame.of(BUILT).round(page)
    assert "<title>A &amp; B &#8212; A client</title>" in whole
    assert 'href="../notebooks/sampling.html"' in whole
    assert 'href="../book/glossary.html"' in whole
    assert 'href="../notebooks/accounts.html">here' in whole
    assert "prev-next-footer" not in whole
    assert 'rel="next"' not in whole
    assert "account-list" not in whole


def test_the_benchmark_makes_the_pages_that_it_times(project, monkeypatch):
    monkeypatch.syspath_prepend(project / "benchmarks")
    import accounts as benchmark

    monkeypatch.setattr(benchmark, "PAGES", 2)
    own = benchmark.tables(np.random.default_rng(1))
    for page in benchmark.made_pages(own, Frame.of(benchmark.FRAME)):
        assert all(word in page for word in ("Delivery", "It came late", "Next."))


def test_pages_are_those_of_large_accounts_and_no_more_than_asked():
    listed = table(*"abcdef")
    assert paged(listed, share=0.2, most=10) == ["A5", "A4"]
    assert paged(listed, share=0.0, most=3) == ["A5", "A4", "A3"]
    assert paged(listed.assign(revenue=float("nan")), share=0.5, most=2) == ["A5", "A4"]


def test_a_page_is_found_by_its_name_its_id_and_its_owner_alone():
    [page] = pages(table("Østmark <b>"))
    found = read_page("accounts/x", f"<article>{page.article}</article>")
    assert found.title == "Østmark <b>"
    assert found.words == "Østmark <b> A0 Ann"
    assert "Treatment" in found.text


def test_two_hundred_pages_take_seconds():
    listed = table(*(f"Firm {i}" for i in range(200)))
    began = time.process_time()
    frame = Frame.of(BUILT)
    made = [frame.round(page) for page in pages(listed)]
    assert len(made) == 200
    assert time.process_time() - began < 10


def test_accounts_that_the_value_map_names_lead_to_their_pages(tmp_path):
    rows = ("A &amp; B", "Twin", "Nobody", "Firm <i>x</i>")
    text = "".join(f'<tr><th scope="row">{row}</th><td>A &amp; B</td></tr>' for row in rows)
    for chapter in ("value_map", "drivers"):
        (tmp_path / f"{chapter}.html").write_text(text, encoding="utf-8")
    link_names(tmp_path, {"A & B": ["a0-1.html"], "Twin": ["a1-1.html", "a2-1.html"]})
    linked = (tmp_path / "value_map.html").read_text(encoding="utf-8")
    named = '<th scope="row"><a href="../accounts/a0-1.html">A &amp; B</a></th>'
    assert linked == text.replace('<th scope="row">A &amp; B</th>', named)
    assert (tmp_path / "drivers.html").read_text(encoding="utf-8") == text


@pytest.mark.parametrize("name", ["find", "account_list", "value_map"])
def test_the_scripts_of_list_and_map_are_files_of_the_book_and_write_no_markup(name):
    static = Path(__file__).resolve().parents[2] / "book" / "_static"
    script = (static / f"{name}.js").read_text(encoding="utf-8")
    assert "handbookFind" in script
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", script)
