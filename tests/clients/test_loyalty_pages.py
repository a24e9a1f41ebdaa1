"""The loyalty chapter where a client sends little: a clear page, no crash, no silent number."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import whole_runs
from whole_runs import Made

from helpers.results import ChapterResult

pytestmark = pytest.mark.clients

CONFIG = """\
name: Little
as_of: 2026-06-30
wave: "{wave}"
waves: {{"2025": 2025-05-15, "2026": 2026-05-15}}
policy: {{consent: not_required}}
"""
ITEMS = {"attitude": ("proud", "trust"), "behaviour": ("stay", "buy")}
Page = tuple[ChapterResult | None, str]


def answers(people: int, waves: tuple[str, ...] = ("2026",), seed: int = 1) -> pd.DataFrame:
    """Two questions an axis from 1 to 5, satisfaction and recommendation, one account each."""
    rng = np.random.default_rng(seed)
    rows = []
    for wave in waves:
        feel = rng.normal(size=people)
        frame = {"wave": [wave] * people, "contact_id": [f"c{i}" for i in range(people)],
                 "account_id": [f"a{i}" for i in range(people)]}  # fmt: skip
        for item in (*ITEMS["attitude"], *ITEMS["behaviour"]):
            seen = 4 + 0.8 * feel + 0.6 * rng.normal(size=people)
            frame[item] = np.clip(np.rint(seen), 1, 5).astype(int).tolist()
        frame["satisfied"] = np.clip(np.rint(8 + 1.5 * feel), 1, 10).astype(int).tolist()
        frame["recommend"] = np.clip(np.rint(8 + 1.5 * feel), 0, 10).astype(int).tolist()
        rows.append(pd.DataFrame(frame))
    whole = pd.concat(rows, ignore_index=True)
    return whole.assign(response_id=[f"r{i}" for i in range(len(whole))])


def codebook(*axes: str) -> pd.DataFrame:
    rows = [(item, role, item, 1, 5) for role in axes for item in ITEMS[role]]
    rows += [("satisfied", "satisfaction", "Satisfaction", 1, 10)]
    rows += [("recommend", "recommend", "Would recommend", 0, 10)]
    return pd.DataFrame(rows, columns=["variable", "role", "label", "scale_min", "scale_max"])


@pytest.fixture
def page(project: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Callable[..., Page]:
    """Run the loyalty chapter on a client and give its result and the text of its page."""

    def make(
        responses: pd.DataFrame, questions: pd.DataFrame, config: str = CONFIG,
        *, with_book: bool = False, **tables: pd.DataFrame,
    ) -> Page:  # fmt: skip
        folder = tmp_path / "little"
        folder.mkdir()
        responses.to_csv(folder / "responses.csv", index=False)
        questions.to_csv(folder / "codebook.csv", index=False)
        for name, table in tables.items():
            table.to_csv(folder / f"{name}.csv", index=False)
        (folder / "client.yml").write_text(config.format(wave="2026"), encoding="utf-8")
        if with_book:
            request.getfixturevalue("one_builder")
        run = whole_runs.made(
            folder, project, tmp_path / "build", chapters=("loyalty",), with_book=with_book
        )
        text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", run.page("loyalty")))
        return run.results.get("loyalty"), text

    return make


def test_one_respondent_an_account_has_a_matrix_and_says_that_accounts_cannot_be_told(page) -> None:
    found, text = page(answers(120), codebook("attitude", "behaviour"))
    assert found is not None
    assert found["truly_loyal"].value == pytest.approx(found["truly_loyal_accounts"].value)
    assert found["rule_changes"].value == 0
    assert "Accounts have no chances of segments" in text
    assert "trapped_money" not in found.figures


def test_three_respondents_are_too_few_for_any_number(page) -> None:
    found, text = page(answers(3), codebook("attitude", "behaviour"), with_book=True)
    assert found is None
    assert "This wave has 3 answers; 10 are needed" in text


def test_one_axis_has_a_scorecard_and_says_what_the_matrix_would_need(page) -> None:
    found, text = page(answers(60), codebook("attitude"))
    assert found is not None
    assert "truly_loyal" not in found.figures
    assert "questions on what customers mean to do next" in text
    assert "nobody can say who is loyal" in text


def test_one_wave_has_no_change_and_says_so(page) -> None:
    found, text = page(answers(60), codebook("attitude", "behaviour"))
    assert found is not None
    assert "main_change" not in found.figures
    assert "Not sent: answers of an earlier wave" in text


def test_twelve_respondents_have_a_score_and_no_segments(page) -> None:
    """Six answered every question: no claim on the questions, no figure of a segment."""
    responses = answers(12).assign(account_id=[f"a{i // 2}" for i in range(12)])
    responses.loc[:5, "stay"] = np.nan
    found, text = page(responses, codebook("attitude", "behaviour"))
    assert found is not None
    assert found["loyalty_index"].value is not None
    segments = ("truly_loyal", "trapped", "satisfied", "largest_group", "rule_changes", "weak_axis")
    assert [name for name in segments if name in found.figures] == []
    assert found["sides"].verdict == "too few"
    assert "Segments need 30 people" in text
    assert "hang together" not in text
    assert found.doubts == ()


def test_eight_accounts_and_forty_people_make_no_doubt_of_what_is_withheld(page) -> None:
    """The roll-up of eight accounts is withheld, and with it the doubt that names it."""
    responses = answers(40).assign(account_id=[f"a{i % 8}" for i in range(40)])
    found, _ = page(responses, codebook("attitude", "behaviour"))
    assert found is not None
    assert found["rule_changes"].value is None
    assert found.doubts
    assert not any("rule_changes" in doubt for doubt in found.doubts)


def test_an_answer_without_an_account_counts_among_people_and_not_among_accounts(page) -> None:
    responses = answers(60)
    responses.loc[0, "account_id"] = None
    found, _ = page(responses, codebook("attitude", "behaviour"))
    assert found is not None
    assert found["truly_loyal"].base == 60
    assert found["rolled_accounts"].value == 59


def test_no_accounts_leave_people_alone(page) -> None:
    found, text = page(
        answers(80, ("2025", "2026")).drop(columns="account_id"), codebook("attitude", "behaviour")
    )
    assert found is not None
    assert "truly_loyal" in found.figures
    assert "truly_loyal_accounts" not in found.figures
    assert "moved_excess" in found.figures
    assert "From people to accounts Not sent: the account of each respondent" in text


def test_a_target_is_judged_by_the_interval(page) -> None:
    config = CONFIG + "targets: {{scores: {{nps: 100, loyalty_index: 0}}}}\n"
    _, text = page(answers(60), codebook("attitude", "behaviour"), config)
    assert "missed" in text
    assert "met" in text


def test_questions_that_do_not_hang_together_place_nobody(page) -> None:
    rng = np.random.default_rng(2)
    responses = answers(120)
    responses[list(ITEMS["behaviour"])] = rng.integers(1, 6, (120, 2))
    found, text = page(responses, codebook("attitude", "behaviour"))
    assert found is not None
    assert "firm" not in found.figures
    assert "do not hang together" in text


def test_a_question_left_unturned_blocks_segments_money_and_the_list(page) -> None:
    """The worse the questions, the less is claimed: with buy unturned, alpha is below zero."""
    responses = answers(180).assign(account_id=[f"a{i // 3}" for i in range(180)])
    responses["buy"] = 6 - responses["buy"]
    firms = [f"a{i}" for i in range(60)]
    tables = {
        "accounts": pd.DataFrame({"account_id": firms, "name": [f"Firm {i}" for i in range(60)]}),
        "financials": pd.DataFrame(
            [(firm, month, 900.0) for firm in firms for month in ("2026-02", "2026-03")],
            columns=["account_id", "period", "revenue"],
        ),
    }
    config = CONFIG + "currency: USD\n"
    found, text = page(
        responses, codebook("attitude", "behaviour"), config, with_book=True, **tables
    )
    assert found is not None
    assert found["weak_axis"].value == "behaviour"
    assert found["sides"].verdict == "against"
    assert found["listed_accounts"].verdict == "none"
    blocked = ("largest_money", "trapped_money", "revenue_answered")
    assert [name for name in blocked if name in found.figures] == []
    assert "customers are truly loyal" not in text.partition("Where customers stand")[0]
    assert "Accounts have no chances of segments: the questions on behaviour" in text
    assert "Talk to the accounts" not in text


def test_one_question_a_side_leads_with_the_score_alone(page) -> None:
    responses = answers(120).assign(account_id=[f"a{i // 2}" for i in range(120)])
    questions = codebook("attitude", "behaviour")
    found, text = page(responses, questions[~questions["variable"].isin(["trust", "buy"])])
    assert found is not None
    assert "Who is truly loyal cannot be told" in text
    assert "its reliability needs at least two" in text
    assert found["sides"].verdict == "unjudged"
    assert found["listed_accounts"].verdict == "none"


def test_nine_waves_of_an_airport_say_rose_or_fell_only_beyond_what_matters(
    made: Callable[..., Made],
) -> None:
    """Columns differ from year to year; the overall rating was asked in all nine."""
    run = made("sfo", ("loyalty",), with_book=False, wave="2018", previous_wave="2017")
    found = run.results["loyalty"]
    changes = found.tables["changes"]
    steps = changes[(changes["measure"] == "satisfaction_mean") & (changes["span"] == "step")]
    assert steps["wave"].tolist() == [str(year) for year in range(2011, 2019)]
    assert found["whole_change"].low > 0
    matters = 0.01 * (5 - 1)
    rated = changes[changes["measure"] == "satisfaction_mean"]
    both = [
        rated[["low", "answered_low"]].min(axis=1),
        rated[["high", "answered_high"]].max(axis=1),
    ]
    said = {"rose": int((both[0] >= matters).sum()), "fell": int((both[1] <= -matters).sum())}
    html = run.page("loyalty")
    table = html.partition("from each wave to the next")[2].partition("</table>")[0]
    assert {word: table.count(f"{word}:") for word in said} == said
    assert "nps" not in set(changes.loc[changes["wave"] < "2018", "measure"])
    assert changes["weighted"].all()
    nps = changes[(changes["measure"] == "nps") & (changes["wave"] == "2018")].iloc[0]
    assert nps["value"] == pytest.approx(34.0 - 40.4, abs=0.1)
    assert nps["answered"] == pytest.approx(-8.9, abs=0.05)
    assert "no direction: unweighted it is −8.9" in re.sub(r"<[^>]+>", "", html)
    assert "net promoter score" not in found.answer
