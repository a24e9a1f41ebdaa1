"""A second wave scored against the first wave's ledger, and what real scores drift."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import whole_runs
from ruamel.yaml import YAML
from whole_runs import FEW, Made

from helpers.methods import ledger
from helpers.methods.survey import SurveyDesign
from helpers.press.ledger_files import add_ledger
from helpers.study import Study, open_study
from helpers.study.tables import TABLES

pytestmark = pytest.mark.clients


def levels_of(study: Study, least: int) -> ledger.Levels:
    """Means by wave of the ratings that every wave asked of so many."""
    answers = study.all_responses
    waves, ratings = answers["wave"], study.ratings_of("all")
    ratings = ratings.loc[:, ratings.groupby(waves).count().min() > least]
    units = answers["account_id"] if study.has_accounts else pd.Series(answers.index, answers.index)
    index = {wave: answers.index[waves == wave] for wave in study.waves}
    each = {wave: SurveyDesign(clusters=units[own]).of(own) for wave, own in index.items()}
    now = each[study.waves[-1]]
    return ledger.levels(ratings, waves, SurveyDesign.over(each), now, order=study.waves)


def inside(levels: ledger.Levels) -> list[bool]:
    """Whether each wave's estimates lie where the wave before, and all before it, saw them."""
    came, held = levels.table.pivot(index="metric", columns="wave", values="value"), []
    for number, wave in enumerate(levels.waves[1:], start=1):
        order = levels.waves[:number]
        table, steps = (part[part["wave"].isin(order)] for part in (levels.table, levels.steps))
        seen = ledger.Levels(table, steps, order, 0.95)
        made = ledger.predicted(seen, ledger.drift(steps)).set_index("metric")
        held += came[wave].reindex(made.index).between(made["low"], made["high"]).tolist()
    return held


def test_the_prior_drift_is_that_of_an_airports_passengers(client_folder):
    """Nine yearly surveys of San Francisco's airport: ratings that every year asked."""
    levels = levels_of(open_study(client_folder("sfo", wave="2018")), 500)
    found = ledger.drift(levels.steps, prior_steps=0)
    assert levels.table["metric"].nunique() >= 8
    assert found.steps == 8
    assert found.spread == pytest.approx(ledger.PRIOR, abs=0.015)


@pytest.mark.parametrize(("name", "keys"), [("sfo", {"wave": "2018"}), ("medicare_plans", {})])
def test_real_ratings_come_out_where_they_were_predicted(client_folder, name, keys):
    held = inside(levels_of(open_study(client_folder(name, **keys)), 30))
    assert len(held) >= 70
    assert np.mean(held) >= 0.9


THEN = pd.Timestamp("2025-12-31")  # the day on which the run of the first wave stands
WITHOUT = {  # tables that no prediction of scores or losses needs, left out for speed
    "ledger", "actions", "action_effects", "ops_metrics", "tickets", "opportunities", "holdings",
    "products", "employee_survey", "function_metrics", "comments", "themes", "contracts",
}  # fmt: skip


def as_known_on(day: pd.Timestamp, wave: str, table: pd.DataFrame, name: str) -> pd.DataFrame:
    """The rows of a table that were known on a day; what came later is not known yet."""
    if "wave" in table:
        table = table[table["wave"] <= wave]
    later = {"end_date", "delivered_at", "told_at"}
    for column in TABLES[name].columns:
        if column.name not in table or column.kind not in ("date", "period"):
            continue
        days = pd.to_datetime(table[column.name], format="mixed")
        if column.name in later or (column.past and not column.required):
            table = table.assign(**{column.name: table[column.name].mask(days > day)})
        elif column.past or column.name == "promised_at":
            table = table[days <= day]
    return table


def folder_of(source: Path, target: Path, *, wave: str, before: str, day: pd.Timestamp) -> Path:
    """The demo client's folder as it was on a day."""
    target.mkdir(parents=True)
    for path in source.glob("*.csv"):
        if path.stem == "codebook":
            shutil.copy(path, target)
        elif path.stem not in WITHOUT:
            read = pd.read_csv(path, dtype=str, keep_default_na=False, na_values=[""])
            as_known_on(day, wave, read, path.stem).to_csv(target / path.name, index=False)
    yaml = YAML()
    config = yaml.load((source / "client.yml").read_text(encoding="utf-8"))
    config |= {"as_of": day.date(), "wave": wave, "previous_wave": before}
    config["waves"] = {name: date for name, date in config["waves"].items() if name <= wave}
    for key in ("parameters", "brand"):
        config.pop(key, None)
    yaml.dump(config, target / "client.yml")
    return target


@pytest.fixture(scope="module")
def second(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The run of 2026H1, over the ledger that the run of 2025H2 wrote."""
    place, demo = tmp_path_factory.mktemp("waves"), project / "data" / "northfield"
    light = {"settings": FEW, "chapters": ("cycle",), "with_book": False}
    first = folder_of(demo, place / "then" / "first", wave="2025H2", before="2025H1", day=THEN)
    made = whole_runs.made(first, project, place / "build", **light)
    now = folder_of(demo, place / "now" / "second", wave="2026H1", before="2025H2",
                    day=pd.Timestamp("2026-06-30"))  # fmt: skip
    assert add_ledger(made.place / "outputs", made.place / "results") > 0
    shutil.copy(made.place / "outputs" / "cycle" / "ledger.csv", now)
    return whole_runs.made(now, project, place / "build", **light)


def test_a_second_wave_is_scored_against_the_first_ones_ledger(second):
    result = second.results["cycle"]
    held = result.tables["held"].set_index("metric")
    assert set(held["wave"]) == {"2025H2"}
    assert len(held) == result.figures["due"].value == 14
    assert held["state"].isin(["inside", "above", "below"]).all()
    scores = second.results["sampling"].figures
    assert held.loc["nps", "actual"] == pytest.approx(scores["nps"].value)
    assert held.loc["delivery", "state"] == "below"  # its true mean fell by half a point
    inside = held["state"].eq("inside")
    assert result.figures["inside"].value == inside.sum() >= 11


def test_the_next_ledger_holds_both_waves_claims(second):
    rows = second.results["cycle"].tables["ledger"]
    waves = rows["wave"].tolist()
    assert waves == sorted(waves)
    assert rows["claim_id"].is_unique
    assert rows.loc[rows["wave"] == "2025H2", "actual"].notna().all()
    assert rows.loc[rows["wave"] == "2026H1", "actual"].isna().all()
    assert np.all(rows["low"] <= rows["high"])
    assert "predictions due" in second.page("cycle")
