"""Days and amounts of money: whole on every line, and read as before by the tracing."""

from __future__ import annotations

import re

import pytest

from helpers.press.unbroken import unbroken

TAG = re.compile(r"<[^>]*>")


@pytest.mark.parametrize(
    "whole",
    ["2026-07-01", "30 June 2026", "−$250k", "+€1.2M", "±£3.0bn", "CHF 1.0M", "−CHF 87", "−R$46k"],
)
def test_a_day_or_an_amount_is_kept_whole(whole):
    assert f'<span class="unbroken">{whole}</span>' in unbroken(f"<td>by {whole}, then</td>")


@pytest.mark.parametrize("words", ["$250k", "12,345", "−20%", "Pump 2026-07", "a 30 June letter"])
def test_what_no_line_is_broken_in_stays_as_it_is(words):
    assert unbroken(f"<p>{words}</p>") == f"<p>{words}</p>"


@pytest.mark.parametrize(
    "markup",
    [
        '<img alt="−$250k by 2026-07-01 > now">',
        "<script>const day = '2026-07-01' < other;</script>",
        "<head><title>30 June 2026</title></head>",
        "<svg><text>−$250k</text></svg>",
        "<option>2026-07-01</option>",
        "<PRE>2026-07-01</PRE>",
    ],
)
def test_markup_and_what_is_no_prose_stay_as_they_are(markup):
    assert unbroken(markup) == markup


def test_words_are_the_same_as_before():
    page = '<p>Lost <span class="figure" data-figure="a.b">−$250k</span> by 1 May 2026.</p>'
    assert TAG.sub("", unbroken(page)) == TAG.sub("", page)
