"""The subtraction attack on a whole book of a client with a region less one account."""

from __future__ import annotations

from pathlib import Path

import attacks
import numpy as np
import pandas as pd
import pytest
import whole_runs
from whole_runs import FEW

from helpers.study import open_study

pytestmark = pytest.mark.clients

CLIENT = """\
name: Planted
as_of: 2026-06-30
currency: USD
wave: 2026H1
segments: [region, pilot]
policy: {consent: not_required}
"""
CODEBOOK = """\
variable,text,role,label,scale_min,scale_max
nps,Would you recommend us?,recommend,Recommendation,0,10
ease,How easy are we to work with?,driver,Ease,0,10
trust,Do you trust us?,driver,Trust,0,10
why,Why?,comment,Why,,
"""


@pytest.fixture(scope="module")
def planted(project: Path, one_builder, tmp_path_factory) -> tuple[Path, Path]:
    """The client's folder, and the report made of it."""
    folder = tmp_path_factory.mktemp("client") / "planted"
    folder.mkdir()
    rng = np.random.default_rng(20260630)
    region = np.repeat(["Northland", "Southland", "Eastland"], [90, 70, 60])
    account = np.array([f"A{place // 3}" for place in range(220)])
    answers = rng.integers(0, 11, (220, 3))
    table = pd.DataFrame(answers, columns=["nps", "ease", "trust"]).assign(
        response_id=range(220),
        wave="2026H1",
        account_id=account,
        region=region,
        pilot=np.where((region == "Northland") & (account != "A0"), "in the pilot", "outside"),
        why=np.where(answers[:, 0] > 6, "Good price and support", "Late delivery, poor support"),
    )
    table.to_csv(folder / "responses.csv", index=False)
    firms = pd.Index(np.unique(account), name="account_id").to_frame(index=False)
    months = pd.DataFrame({"period": pd.date_range("2025-07-01", periods=12, freq="MS")})
    money = firms.merge(months, how="cross")
    money["revenue"] = 1000 + 17 * np.arange(len(money)) % 911
    money.to_csv(folder / "financials.csv", index=False)
    (folder / "client.yml").write_text(CLIENT, encoding="utf-8")
    (folder / "codebook.csv").write_text(CODEBOOK, encoding="utf-8")
    build = tmp_path_factory.mktemp("build")
    return folder, whole_runs.made(folder, project, build, settings=FEW).place


def _net(folder: Path, grouping: str, group: str) -> float:
    """Net promoter score of a group, as a share."""
    answers = open_study(folder).responses
    nps = answers.loc[answers[grouping] == group, "nps"]
    return float((nps >= 9).mean() - (nps <= 6).mean())


def test_no_file_of_a_report_holds_a_number_of_a_group_that_is_withheld(planted):
    """Pages, search, executed notebooks, results and logs, to the last digit."""
    folder, report = planted
    assert {path.suffix for path in attacks.files_of(report)} >= {
        ".html",
        ".js",
        ".json",
        ".parquet",
    }
    for group in ("in the pilot", "outside"):
        assert attacks.files_with(report, _net(folder, "pilot", group)) == set()
    groups = {"pilot": ["in the pilot", "outside"]}
    for path in attacks.files_of(report):
        assert attacks.groups_in_file(path, groups) == set(), path.name


def test_a_revenue_that_is_withheld_stands_in_no_file_of_a_report(planted):
    _, report = planted
    placed = pd.read_parquet(report / "results" / "value_map.accounts.parquet")
    cells = pd.read_parquet(report / "results" / "value_map.cells.parquet").set_index("cell")
    sums = placed.groupby("cell")["revenue"].sum()
    away = sums[cells["withheld"].reindex(sums.index)]
    assert len(away) != 1
    for revenue in away:
        assert attacks.files_with(report, float(revenue)) == set()


def test_no_account_is_recovered_from_any_page_figure_or_result(planted):
    folder, report = planted
    groups = open_study(folder).responses[["region", "pilot"]]
    names = {name: list(groups[name].unique()) for name in groups}
    found = attacks.everything_shown(report, names)
    assert {("region", name) for name in names["region"]} <= found["results"] & found["tables"]
    assert attacks.recovered(set().union(*found.values()), groups, 10) == {}
    assert attacks.files_with(report, 100 * _net(folder, "region", "Southland"))  # it is found
    everything = {(name, value) for name in names for value in names[name]}
    assert attacks.recovered(everything, groups, 10)  # that the pages keep silent is what helps
