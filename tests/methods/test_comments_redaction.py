"""Redaction: what a quote must not tell, in every spelling that people use."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.methods import comments
from helpers.simulate import world
from helpers.simulate.texts import FIRST_NAMES

PEOPLE = ("Karen Müller", "Tom Eriksen", "Will Grace", "Nguyễn Thị Hoa", "王小明", "Ørsted, Kim")
COMPANIES = ("Redmarsh Power S.A.", "Halden Power AG", "Vexley Power Ltd", "Corvanta GmbH & Co. KG")
# Common words are common because three accounts write them without a capital.
USUAL = (
    "we will wait and hope the power stays",
    "they will not say, the grace period is over",
    "it will do, with grace and power",
    "the delivery was late, again, for the plant",
)


def cleaned(text: str, *, language: str = "en", others: tuple[str, ...] = USUAL) -> str:
    texts = pd.Series([text, *others])
    tongues = pd.Series(language, index=texts.index)
    names = comments.name_list(PEOPLE, COMPANIES)
    found = comments.redacted(texts, names, languages=tongues, keep=["Northfield"])
    return str(found.iloc[0])


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("I told Karen Müller twice", ("Karen", "Müller")),
        ("i told karen twice", ("karen",)),
        ("KAREN MULLER never calls", ("KAREN", "MULLER")),
        ("Karens Antwort fehlt, Müllers auch", ("Karen", "Müller")),
        ("Eriksen's team, Eriksenom powiedziano", ("Eriksen",)),
        ("ask Erikson or Eriksn or Eirksen", ("Eriks", "Eirks")),
        ("Ka\u200bren and Erik\u00adsen", ("ren", "sen")),
        ("\u202eKaren\u202c did it", ("Karen", "\u202e")),
        ("call Ｋａｒｅｎ", ("Ｋａｒｅｎ",)),
        ("Kim Orsted signed", ("Kim", "Orsted")),
        ("Hoa and Nguyen Thi came", ("Hoa", "Nguyen", "Thi")),
        ("王小明さんに言った", ("王小明",)),
        ("Will promised it", ("Will",)),
        ("as I told Priya last week", ("Priya",)),
        ("then Miss Smith called, then Ms. Jones", ("Smith", "Jones")),
        ("Mr. smith and Frau schmidt know", ("smith", "schmidt")),
        ("Redmarsh waits; redmarsh power too", ("edmarsh",)),
        ("we at Corvanta GmbH", ("Corvanta",)),
        ("mail karen.mueller@acme.co.uk", ("mueller", "acme")),
        ("mail k.m (at) acme (dot) com now", ("acme",)),
        ("mail k.m＠acme.com", ("acme",)),
        ("see https://acme.com/a?id=77 or www.acme.de/x", ("acme", "77")),
        ("see acme.com/tickets", ("acme",)),
        ("ask @kmueller", ("kmueller",)),
        ("call +49 (0) 171 / 555-0123", ("171", "555", "0123")),
        ("call 555-0123", ("555", "0123")),
        ("call ٠١٢٣٤٥٦٧٨٩", ("٠١٢٣",)),
        ("pump SN-4432-AB and P08, order #A77", ("4432", "P08", "A77", "AB")),
        ("it cost us $50,000.00 or €7 in 2024", ("50", "7", "2024")),
        ("12%", ("12",)),
    ],
)
def test_what_would_tell_who_wrote_is_taken_out(text: str, gone: tuple[str, ...]):
    shown = cleaned(text)
    assert not [part for part in gone if part in shown], shown


@pytest.mark.parametrize(
    "text",
    [
        "The delivery was late again.",
        "we will wait with grace",
        "the power went off",
        "Northfield is fine",
        "It was late. Again it was late.",
        "I think it is fine 👍",
        "配送が遅い",
        "الطلب متأخر",
        "x < y & a\nb",
        "we miss deadlines, a ms later, no sir they pan out",
    ],
)
def test_innocent_words_stay(text: str):
    assert cleaned(text) == text


def test_what_is_taken_out_is_named_and_the_rest_stays():
    assert cleaned("As I told Karen, Redmarsh Power lost $5,000 in 3 days.") == (
        "As I told [name], [company] lost [number] in [number] days."
    )


def test_a_full_name_is_one_mark():
    assert cleaned("ask Karen Müller or Tom Eriksen") == "ask [name] or [name]"


def test_particles_of_a_name_go_only_with_it():
    texts = pd.Series(["la entrega de cruz, no de la Cruz ni de Anna de la Cruz", "ya"])
    names = comments.name_list(["Anna de la Cruz"])
    assert (
        comments.redacted(texts, names).iloc[0]
        == "la entrega de [name], no de la [name] ni de [name]"
    )


def test_an_ordinary_word_of_a_company_goes_where_it_has_a_capital_inside_a_sentence():
    assert cleaned("the Power plant") == "the [company] plant"
    assert cleaned("Power is off") == "Power is off"
    assert cleaned("at Halden Power they know") == "at [company] they know"


SIEMENS = ("Siemens AG", "Siemens Energy GmbH", "Siemens Healthineers AG", "Siemens Mobility SE")
HOSTILE = [  # a text, and what must not be left of it; none of the people is listed
    ("...late again.\nRegards,\nMartina", "Martina"),
    ("Martina never calls back", "Martina"),
    ("Vogel never calls back", "Vogel"),
    ("DELIVERY LATE. MARTINA VOGEL", "MARTINA VOGEL"),
    ("price too high - Martina Vogel", "Martina Vogel"),
    ("price too high - vogel", "vogel"),
    ("price too high\nvogel", "vogel"),
    ("ask martina in purchasing", "martina"),
    ("i told vogel twice", "vogel"),
    ("martina vogel from purchasing", "martina vogel"),
    ("Gruß Sabine", "Sabine"),
    ("zu spät, vg tanja", "tanja"),
    ("Thank you Martina Long", "Martina Long"),
    ("I met Kenji Watanabe there", "Kenji Watanabe"),
    ("Martina V. knows, ask J. Vogel", "Martina V. J. Vogel"),
    ("Herr j. vogel, then Frau Dr. Vogel", "vogel Vogel"),
    ("martina dot vogel at acmepumps dot com", "martina vogel acmepumps"),
    ("martina.vogel@acmepumps", "martina vogel acmepumps"),
    ("K@ren knows", "K@ren"),
    ("see t.me/karenm or skype: karen.m", "karen"),
    ("J.P. knows", "J.P"),
    ("call K a r e n or k-a-r-e-n", "k-a-r"),
    ("the \U0001d40a\U0001d41a\U0001d42b\U0001d41e\U0001d427 file", "\U0001d40a"),
    ("М\u0410RTINA knows", "RTINA"),  # its first two letters are Cyrillic
    ("Siemens waits for parts", "iemens"),
    ("at siemens we wait", "iemens"),
    ("siemens's order, Siemens' order, SIEMENS'S ORDER", "iemens IEMENS"),
    ("our siemenses and Siemensens", "iemens"),
    ("siemenz and seimens wait", "iemenz seimens"),
    ("d'Eriksen, dell’Eriksen", "Eriksen"),
    ("tomeriksen or tom_eriksen said", "eriksen"),
    ("Toms Antwort", "Toms"),
    ("ask T\u043em about it", "T\u043em"),  # its o is Cyrillic
]  # fmt: skip


@pytest.mark.parametrize(("text", "gone"), HOSTILE)
def test_names_that_are_hidden_or_listed_nowhere_are_taken_out(text: str, gone: str):
    texts = pd.Series([text, *USUAL])
    shown = str(comments.redacted(texts, comments.name_list(["Tom Eriksen"], SIEMENS)).iloc[0])
    assert not [part for part in gone.split() if part in shown], shown


@pytest.mark.parametrize("writers", [4, 12])
def test_a_company_whose_people_write_it_in_small_letters_stays_a_name(writers: int):
    """Where so many write it small, and some with a capital, it could pass for a common word."""
    others = ["at siemens we wait"] * writers + ["we at Siemens wait"] * (writers // 3)
    shown = comments.redacted(
        pd.Series(["siemens waits", *others]), comments.name_list((), SIEMENS)
    )
    assert not shown.str.contains("iemens").any()


FORMS = ("{} waits for parts.", "our {} plant waits", "{}'s order is late", "{}s order is late",
         "Late. {}", "we asked {} again", "{}, please call")  # fmt: skip


def test_every_listed_name_of_the_demo_is_taken_out_in_every_case_and_innocent_words_stay():
    made = world().tables
    said, accounts = made["comments"], made["accounts"]
    people = accounts["owner"].dropna().unique()
    words = {name.split()[0] for name in accounts["name"]} | {w for p in people for w in p.split()}
    cases = (str, str.lower, str.upper)
    probes = [(w, form.format(case(w))) for w in sorted(words) for case in cases for form in FORMS]
    texts = pd.Series([*said["text"], *(text for _, text in probes)])
    clusters = pd.Series([*said["response_id"], *["probe"] * len(probes)])
    shown = comments.redacted(
        texts, comments.name_list(people, accounts["name"]), clusters=clusters
    )
    of_probes = zip(probes, shown[len(said) :], strict=True)
    left = [(text, said_by) for (w, text), said_by in of_probes if w.lower() in said_by.lower()]
    assert len(probes) > 2000
    assert left == []
    before, after = (t[: len(said)].str.count(r"[A-Za-z]{2,}").sum() for t in (
        texts.str.replace("|".join(FIRST_NAMES), "", regex=True),
        shown.str.replace(r"\[[\w-]+\]", "", regex=True)))  # fmt: skip
    assert after / before > 0.999


@pytest.mark.parametrize(
    ("text", "may"),
    [("Lieferung zu spät", True), ("Ждём поставку 👍", True), ("佐藤さんに聞いて", False),
     ("ask 佐藤 about it", False), ("اسأل كريم", False), ("Ask रवि", False), ("[name] 12 %", True)],
)  # fmt: skip
def test_texts_in_scripts_without_capitals_are_not_legible(text: str, may: bool):
    assert comments.legible(pd.Series([text])).tolist() == [may]


def test_nouns_of_a_language_that_capitalises_them_stay_where_others_use_them():
    others = ("die Lieferung kam", "keine Lieferung", "Lieferung zu spät")
    text = "wegen der Lieferung hat Frau Brandt angerufen, auch Yilmaz"
    shown = cleaned(text, language="de", others=others)
    assert "Lieferung" in shown
    assert "Brandt" not in shown
    assert "Yilmaz" not in shown


def test_redacting_twice_changes_nothing():
    once = cleaned("As I told Karen, mail tom@acme.com, 3 days, SN-44X, 555-0123.")
    assert cleaned(once) == once


def test_ten_thousand_characters_take_no_time_and_stay():
    text = "the order is late, again. " * 400
    started = pd.Timestamp.now()
    assert cleaned(text) == text
    for hostile in ("a", "1-", "a.b", "a.", "@", "+1 ", "-", "1", "a@", "http://"):
        cleaned(hostile * (10_000 // len(hostile)))
    assert pd.Timestamp.now() - started < pd.Timedelta(seconds=8)


def test_order_and_index_of_comments_are_kept():
    texts = pd.Series(["Karen", "fine", "x"], index=["c", "a", "b"])
    found = comments.redacted(texts, comments.name_list(PEOPLE))
    assert found.index.tolist() == ["c", "a", "b"]
    assert found["a"] == "fine"


def test_no_names_listed_is_no_fault():
    texts = pd.Series(["late"])
    assert comments.redacted(texts, comments.name_list()).tolist() == ["late"]
    assert comments.name_list(["", "  "], ["S.A."]).base == 0
