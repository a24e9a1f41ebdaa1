"""The board's page where little is known."""

from __future__ import annotations

from helpers.results import Figure
from helpers.views.board import sentences, tables


def test_a_client_of_whom_nothing_is_known_has_an_empty_table_and_is_told_what_is_needed():
    assert tables.followed({}).rows == ()
    assert "two years of revenue by month" in sentences.answer({})


def test_the_answer_has_at_most_forty_words():
    figures = {
        "net": Figure("net", 1.1, 1.05, 1.2, unit="share", base=90, verdict="grows"),
        "logos": Figure("logos", 0.9, 0.8, 0.95, unit="share", base=90),
        "asset": Figure("asset", 3e8, 2e8, 4e8, unit="money:USD", base=90),
        "asset_years": Figure("asset_years", 5.0, unit="decimal0"),
    }
    text = sentences.answer(figures)
    assert "they grow" in text
    assert len(text.split()) <= 40
