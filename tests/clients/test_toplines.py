"""Every question of a real client, and a planted one whose small groups nobody may find."""

from __future__ import annotations

import attacks
import numpy as np
import pandas as pd
import pytest
import whole_runs
from whole_runs import FEW

from helpers.methods import toplines
from helpers.study import open_study

pytestmark = pytest.mark.clients

CLIENT = """\
name: Planted
as_of: 2026-06-30
wave: 2026H1
segments: [region, pilot]
policy: {consent: not_required}
"""
CODEBOOK = """\
variable,text,role,label,scale_min,scale_max
nps,Would you recommend us?,recommend,Recommendation,0,10
ease,How easy are we to work with?,driver,Ease,0,10
trust,Do you trust us?,driver,Trust,0,10
"""


def test_every_question_of_the_airport_has_the_counts_of_pandas(client_folder):
    study = open_study(client_folder("sfo"))
    answers = study.as_given()
    asked = toplines.questions(study.codebook.table, answers, apart=study.segments)
    found = toplines.tabulate(asked, answers, None, policy=study.policy.smallest_base)
    assert len(asked) >= 17
    table = found.table.set_index(["question", "row", "answer"])
    for question in asked:
        given = answers[question.name].dropna()
        rows = table.loc[question.name]
        assert (rows["base"] == len(given)).all()
        assert rows.loc[("mean", ""), "sample"] == pytest.approx(given.astype(float).mean())
        for code, number in given.astype(float).value_counts().items():
            row = rows.loc[("answer", f"{code:g}")]
            assert row["count"] == number
            assert row["sample"] == pytest.approx(number / len(given))


@pytest.fixture(scope="module")
def planted(project, one_builder, tmp_path_factory):
    """The folder of a client whose pilot is a region less one account, and its report."""
    folder = tmp_path_factory.mktemp("client") / "planted"
    folder.mkdir()
    rng = np.random.default_rng(20261130)
    region = np.repeat(["Northland", "Southland", "Eastland"], [90, 70, 60])
    account = np.array([f"A{place // 3}" for place in range(220)])
    table = pd.DataFrame(rng.integers(0, 11, (220, 3)), columns=["nps", "ease", "trust"]).assign(
        response_id=range(220),
        wave="2026H1",
        account_id=account,
        region=region,
        pilot=np.where((region == "Northland") & (account != "A0"), "in the pilot", "outside"),
    )
    table.to_csv(folder / "responses.csv", index=False)
    (folder / "client.yml").write_text(CLIENT, encoding="utf-8")
    (folder / "codebook.csv").write_text(CODEBOOK, encoding="utf-8")
    build = tmp_path_factory.mktemp("build")
    chapters = ("loyalty", "toplines")
    return folder, whole_runs.made(folder, project, build, chapters=chapters, settings=FEW).place


def test_nobody_is_found_by_subtraction_in_the_tables_of_every_answer(planted):
    folder, report = planted
    groups = open_study(folder).responses[["region", "pilot"]]
    names = {name: list(groups[name].unique()) for name in groups}
    found = attacks.everything_shown(report, names)
    assert {("region", name) for name in names["region"]} <= found["results"]
    assert attacks.recovered(set().union(*found.values()), groups, 10) == {}


def test_no_cell_of_a_withheld_group_holds_a_number_in_results_page_or_workbook(planted):
    from python_calamine import CalamineWorkbook

    _, report = planted
    cells = pd.read_parquet(report / "results" / "toplines.cells.parquet")
    away = cells[cells["group"].isin(["in the pilot", "outside"])]
    assert away[["value", "standard_error", "base", "effective_base"]].isna().all(axis=None)
    assert not away["letters"].any()
    book = CalamineWorkbook.from_path(report / "book" / "toplines" / "toplines.xlsx")
    sheet = book.get_sheet_by_name("Pilot").to_python()
    columns = [place for place, head in enumerate(sheet[0]) if head in ("in the pilot", "outside")]
    assert len(columns) == 2
    told = [row[place] for row in sheet[2:] for place in columns]
    assert {value for value in told if value != ""} == {"withheld"}
