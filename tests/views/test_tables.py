"""Tables: numbers written one way, order as said, and the client's text shown as text."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from helpers.views.rendering.tables import show

COLUMNS = {
    "name": ("Account", "text"),
    "share": ("Share", "share"),
    "money": ("Revenue", "money:USD"),
    "range": ("95% interval", ("interval", "low", "high", "points")),
}


@pytest.fixture
def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "name": ["Beta <script>alert(1)</script>", "007", "NA"],
            "share": [0.214, 0.002, np.nan],
            "money": [1_234_567.0, -45_600.0, np.nan],
            "low": [1.0, -3.25, np.nan],
            "high": [2.0, 4.0, np.nan],
            "withheld": [False, False, True],
        }
    )


def test_every_format_writes_its_unit(frame):
    table = show(frame, caption="Accounts", columns=COLUMNS)
    assert table.rows[0][1:] == ("21%", "$1.2M", "1.0 to 2.0")
    assert table.rows[1][1:] == ("<1%", "−$46k", "−3.2 to 4.0")


def test_missing_numbers_of_a_withheld_row_say_so_and_others_show_a_dash(frame):
    table = show(frame, caption="Accounts", columns=COLUMNS)
    assert table.rows[2] == ("NA", "withheld", "withheld", "withheld")
    plain = show(frame.drop(columns="withheld"), caption="Accounts", columns=COLUMNS)
    assert plain.rows[2][1] == "–"


def test_client_text_is_escaped_everywhere(frame):
    page = show(
        frame,
        caption='<img src=x onerror="x">',
        note="<b>note</b>",
        columns={"name": ("<i>Account</i>", "text")},
    ).html()
    assert not re.search(r"<(script|img|b|i)\b", page)
    assert "&lt;script&gt;" in page
    assert 'aria-label="&lt;img src=x onerror=&quot;x&quot;&gt;"' in page


def test_headings_rows_and_caption_are_marked_for_screen_readers(frame):
    page = show(frame, caption="Accounts", columns=COLUMNS).html()
    assert page.count('<th scope="col"') == 4
    assert page.count('<th scope="row">') == 3
    assert "<caption>Accounts</caption>" in page
    assert page.count('<td class="number">') == 9
    assert " id=" not in page


def test_rows_are_sorted_as_said_and_stay_in_order_otherwise(frame):
    def first(sort: str | None) -> str:
        return show(frame, caption="c", columns=COLUMNS, sort=sort).rows[0][0]

    assert first(None).startswith("Beta")
    assert first("share") == "007"
    assert first("-share").startswith("Beta")


def test_rows_left_out_are_counted(frame):
    table = show(frame, caption="c", columns=COLUMNS, limit=2, note="Base: 3.")
    assert len(table.rows) == 2
    assert table.note == "Base: 3. First 2 of 3 rows."


def test_identifiers_are_text_and_keep_their_zeros(frame):
    assert show(frame, caption="c", columns={"name": ("Id", "text")}).rows[1] == ("007",)


def test_plain_text_lines_up_and_holds_no_markup(frame):
    text = show(frame, caption="Accounts", columns=COLUMNS).text()
    assert text.splitlines()[0] == "Accounts"
    assert len(text.splitlines()) == 5


def test_hostile_text_does_not_stop_a_table():
    texts = ["\ud800", "日本 😀 $x$", "a" * 30_000, None, "l1\nl2"]
    frame = pd.DataFrame({"name": pd.Series(texts, dtype=object)})
    table = show(frame, caption="c", columns={"name": ("Name", "text")})
    table.html().encode("utf-8")
    assert table.rows[3] == ("–",)
    assert max(len(line) for line in table.text().splitlines()) <= 60


def test_the_callers_frame_is_left_as_it_was(frame):
    before = frame.copy()
    show(frame, caption="c", columns=COLUMNS, sort="-share")
    pd.testing.assert_frame_equal(frame, before)


def test_an_empty_frame_gives_an_empty_table(frame):
    assert show(frame.iloc[:0], caption="c", columns=COLUMNS).rows == ()


def test_what_cannot_be_shown_is_refused_with_what_was_found(frame):
    with pytest.raises(ValueError, match="no column revenue: it has name, share"):
        show(frame, caption="c", columns={"revenue": ("Revenue", "count")})
    with pytest.raises(ValueError, match="no number format is called 'percentage'"):
        show(frame, caption="c", columns={"share": ("Share", "percentage")})
    with pytest.raises(ValueError, match="row_header 'x' is not a column shown"):
        show(frame, caption="c", columns=COLUMNS, row_header="x")
    with pytest.raises(ValueError, match="at least one column"):
        show(frame, caption="c", columns={})


def test_a_long_text_is_given_the_width_to_be_read():
    frame = pd.DataFrame({"group": ["Grow", "Invest"], "what": ["joint plans, " * 5, "pilots"]})
    page = show(
        frame, caption="Groups", columns={"group": ("Group", "text"), "what": ("What", "text")}
    ).html()
    assert page.count('<td class="long">') == 1


def test_behind_an_estimate_stands_its_interval(frame):
    columns = {"name": "Account", "share": ("Share", "share", "low", "high"), "money": "Money"}
    table = show(frame, caption="c", columns=columns, row_header="money")
    assert table.headings == ("Account", "Share", "Interval", "Money")
    assert table.numeric == (False, True, True, False)
    assert table.rows[0][1:3] == ("21%", "100% to 200%")
    assert table.rows[2][1:3] == ("withheld", "withheld")
    assert table.row_header == 3


def test_each_row_is_written_in_the_unit_that_its_column_says(frame):
    mixed = frame.assign(unit=["share", "points", "share"])
    columns = {"name": "Account", "share": ("Value", "in unit", "low", "high")}
    rows = show(mixed, caption="c", columns=columns).rows
    assert [row[1] for row in rows] == ["21%", "0.0", "withheld"]
    assert rows[1][2] == "−3.2 to 4.0"
    with pytest.raises(ValueError, match="no column unit"):
        show(frame, caption="c", columns=columns)
