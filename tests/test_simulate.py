"""The demo client can be made again byte for byte, and holds what was planted in it."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.simulate import SCENARIOS, World, world, write_client
from helpers.simulate.__main__ import main
from helpers.simulate.answers import ATTITUDE, BEHAVIOUR
from helpers.simulate.truths import intraclass

DRIVERS = (
    "product_quality",
    "pricing",
    "delivery",
    "sales_process",
    "project_management",
    "technical_support",
    "communication",
    "complaint_handling",
)
LIMIT = 3_000_000  # bytes: small enough to commit


@pytest.fixture(scope="module")
def northfield() -> World:
    return world()


@pytest.fixture(scope="module")
def null() -> World:
    return world(scenario="null")


def index_of(made: World) -> pd.Series:
    """Loyalty index 0-100 of every respondent, missing answers left out."""
    answers = made.tables["responses"]
    axes = [answers[list(names)].astype(float).mean(axis=1) for names in (ATTITUDE, BEHAVIOUR)]
    return (axes[0] + axes[1] - 2) / 8 * 100


def everyone(made: World) -> pd.DataFrame:
    """Complete answers with the index: all four waves."""
    answers = made.tables["responses"][["account_id", "contact_id", "wave", *DRIVERS]]
    table = answers.assign(index=index_of(made)).replace(99, pd.NA).dropna()
    return table.astype(dict.fromkeys(DRIVERS, float))


def clustered(design: np.ndarray, outcome: np.ndarray, groups: pd.Series) -> np.ndarray:
    """Least-squares t values with errors clustered by account."""
    inverse = np.linalg.inv(design.T @ design)
    slope = inverse @ design.T @ outcome
    rest = outcome - design @ slope
    sums = pd.DataFrame(design * rest[:, None]).groupby(groups.to_numpy()).sum().to_numpy()
    return slope / np.sqrt(np.diag(inverse @ sums.T @ sums @ inverse))


def churn(made: World) -> pd.DataFrame:
    """Accounts active on each of the first three waves, and whether they left within six months."""
    accounts = made.tables["accounts"]
    end = pd.to_datetime(accounts["end_date"], errors="coerce")
    start = pd.to_datetime(accounts["start_date"])
    score = index_of(made).groupby([made.tables["responses"]["wave"],
                                    made.tables["responses"]["account_id"]]).mean()  # fmt: skip
    rows = []
    for wave, day in (("2024H2", "2024-11-15"), ("2025H1", "2025-05-15"), ("2025H2", "2025-11-15")):
        t0 = pd.Timestamp(day)
        live = (start <= t0) & ~(end <= t0)
        left = (end > t0) & (end <= t0 + pd.DateOffset(months=6))
        table = pd.DataFrame({"left": left[live].astype(float)})
        table["score"] = score[wave].reindex(accounts.loc[live, "account_id"]).to_numpy()
        rows.append(table)
    return pd.concat(rows)


def test_every_committed_file_is_made_again_byte_for_byte(
    northfield: World, project: Path, tmp_path: Path
) -> None:
    written = write_client(northfield, tmp_path)
    committed = project / "data" / "northfield"
    assert {p.name for p in written} == {p.name for p in committed.iterdir() if p.is_file()}
    for path in written:
        assert path.read_bytes() == (committed / path.name).read_bytes(), path.name


def test_the_demo_client_is_small_enough_to_commit(project: Path) -> None:
    assert sum(p.stat().st_size for p in (project / "data" / "northfield").iterdir()) < LIMIT


def test_the_same_seed_gives_the_same_world_and_another_seed_another() -> None:
    first, again, other = world(3), world(3), world(4)
    for name, table in first.tables.items():
        pd.testing.assert_frame_equal(table, again.tables[name])
    assert not first.tables["responses"].equals(other.tables["responses"])


def test_the_demo_client_opens_without_faults(project: Path) -> None:
    study = pytest.importorskip("helpers.study")
    opened = study.open_study(project / "data" / "northfield")
    assert opened.warnings == ()
    eligible = opened.margins(["tier"])["tier"].sum()
    assert eligible == world().truth("eligible_contacts")


def test_sizes_are_those_of_the_plan(northfield: World) -> None:
    tables = northfield.tables
    sent = tables["invitations"]
    asked = sent[~sent["disposition"].isin(["excluded", "quarantined"])].groupby("wave").size()
    came = tables["responses"].groupby("wave").size()
    assert 580 <= len(tables["accounts"]) <= 660
    assert 3_800 <= len(tables["contacts"]) <= 4_100
    assert asked.between(1_500, 1_900).all()
    assert came.between(700, 950).all()
    assert len(tables["actions"]) == 24
    assert tables["financials"]["period"].nunique() == 36
    assert tables["financials"]["period"].max() == "2026-06-01"


def test_every_answer_belongs_to_an_invitation_that_was_answered(northfield: World) -> None:
    sent = northfield.tables["invitations"]
    answered = sent[sent["disposition"].isin(["complete", "partial"])]
    keys = ["wave", "contact_id", "account_id"]
    both = northfield.tables["responses"][keys].merge(answered[keys], how="outer", indicator=True)
    assert (both["_merge"] == "both").all()


def test_answers_are_whole_numbers_on_their_scale(northfield: World) -> None:
    answers = northfield.tables["responses"]
    for question in northfield.codebook.itertuples():
        if question.role != "comment":
            given = answers[question.variable].dropna()
            given = given[given.astype(str) != question.missing_codes]
            assert given.between(question.scale_min, question.scale_max).all(), question.variable


def test_a_few_in_a_hundred_answers_to_each_question_are_missing(northfield: World) -> None:
    blank = northfield.tables["responses"][list(DRIVERS)].replace(99, pd.NA).isna().mean()
    assert blank.between(0.01, 0.07).all()


def test_answers_of_one_account_resemble_each_other(northfield: World) -> None:
    index = index_of(northfield).dropna()
    groups = northfield.tables["responses"].loc[index.index, ["wave", "account_id"]]
    keys = (groups["wave"] + groups["account_id"]).to_numpy()
    assert intraclass(index.to_numpy(), keys) == pytest.approx(0.35, abs=0.06)


def test_drivers_share_a_halo(northfield: World) -> None:
    r = everyone(northfield)[list(DRIVERS)].corr().to_numpy()
    assert (r.sum() - 8) / 56 == pytest.approx(0.5, abs=0.06)


def test_revenue_is_concentrated(northfield: World) -> None:
    assert northfield.truth("revenue_gini") == pytest.approx(0.7, abs=0.05)


def test_some_accounts_cost_more_than_they_bring(northfield: World) -> None:
    share = northfield.truth("negative_payoff") / northfield.truth("active_accounts")
    assert 0.05 < share < 0.15


def test_who_answers_depends_on_role_region_and_tier(northfield: World) -> None:
    sent = northfield.tables["invitations"].merge(
        northfield.tables["contacts"][["contact_id", "role"]], on="contact_id"
    )
    sent = sent[~sent["disposition"].isin(["excluded", "quarantined"])]
    came = sent["disposition"].isin(["complete", "partial"]).groupby(sent["role"]).mean()
    assert came["user"] - came["decision_maker"] > 0.15
    assert northfield.truth("nps_bias") > 3


def test_weighting_mends_what_role_tier_and_region_bring_and_nothing_else(
    northfield: World,
) -> None:
    assert northfield.truth("response_on_loyalty") == 0
    assert abs(northfield.truth("nps_bias_weighted")) < 1.0
    selective = world(5, "selective")
    assert selective.truth("nps_bias") > northfield.truth("nps_bias") + 8
    assert selective.truth("nps_bias_weighted") > 8


def test_two_drivers_have_no_effect_and_the_others_do(northfield: World) -> None:
    table = everyone(northfield)
    design = np.column_stack([np.ones(len(table)), table[list(DRIVERS)]])
    t = clustered(design, table["index"].to_numpy(), table["account_id"])[1:]
    seen = dict(zip(DRIVERS, t, strict=True))
    assert abs(seen["pricing"]) < 2.6
    assert abs(seen["project_management"]) < 2.6
    for name in ("communication", "delivery", "product_quality", "technical_support"):
        assert seen[name] > 3, name


def test_true_slopes_lie_near_those_of_all_answers(northfield: World) -> None:
    """Standard errors are about 0.25 points; four waves share the planted effects."""
    table = everyone(northfield)
    design = np.column_stack([np.ones(len(table)), table[list(DRIVERS)]])
    slopes = np.linalg.lstsq(design, table["index"].to_numpy(), rcond=None)[0][1:]
    true = [northfield.truth(f"effect_{name}") for name in DRIVERS]
    assert np.abs(slopes - true).max() < 0.8
    assert sum(northfield.truth(f"share_{n}") for n in DRIVERS) == pytest.approx(1, abs=1e-3)


@pytest.mark.validity
def test_effects_among_all_who_could_be_asked_scatter_about_those_the_world_makes() -> None:
    """Of eight drivers in four worlds; 3,000 people of 400 accounts leave a quarter of a point."""
    apart = [
        made.truth(f"effect_{name}") - made.truth(f"caused_{name}")
        for made in map(world, range(4))
        for name in DRIVERS
    ]
    assert 0.15 < np.std(apart) < 0.4
    assert abs(np.mean(apart)) < 0.2


@pytest.mark.parametrize(("name", "knee"), [("product_quality", 7), ("complaint_handling", 6)])
def test_a_floor_costs_below_its_threshold_and_gains_little_above(
    northfield: World, name: str, knee: float
) -> None:
    below, above = hinge(everyone(northfield), name, knee)
    assert below > 1.0
    assert below > above + 0.5


def test_a_delighter_gains_only_above_its_threshold(northfield: World) -> None:
    below, above = hinge(everyone(northfield), "technical_support", 7)
    assert above > 1.5
    assert above > below + 0.5


def hinge(table: pd.DataFrame, name: str, knee: float) -> tuple[float, float]:
    """Slopes below and above the threshold, the other drivers equal."""
    others = table[[d for d in DRIVERS if d != name]]
    low, high = np.minimum(table[name] - knee, 0), np.maximum(table[name] - knee, 0)
    design = np.column_stack([np.ones(len(table)), low, high, others])
    slopes = np.linalg.lstsq(design, table["index"].to_numpy(), rcond=None)[0]
    return float(slopes[1]), float(slopes[2])


def test_disloyal_accounts_leave_more_often(northfield: World) -> None:
    table = churn(northfield).dropna()
    low, high = table["score"] < 65, table["score"] >= 85
    assert table.loc[low, "left"].mean() > 1.5 * table.loc[high, "left"].mean()
    assert northfield.truth("churn_slope") == -0.8


def test_contracts_end_with_the_account(northfield: World) -> None:
    accounts, contracts = northfield.tables["accounts"], northfield.tables["contracts"]
    ended = accounts[accounts["end_date"] != ""].set_index("account_id")["end_date"]
    lost = contracts[contracts["renewed"] == "no"]
    assert (lost["end"] == lost["account_id"].map(ended)).all()
    assert (contracts["start"] < contracts["end"]).all()


def test_no_revenue_before_an_account_starts_or_after_it_ends(northfield: World) -> None:
    rows = northfield.tables["financials"].merge(northfield.tables["accounts"], on="account_id")
    assert (rows["period"].str[:7] >= rows["start_date"].str[:7]).all()
    ended = rows[rows["end_date"] != ""]
    assert (ended["period"] <= ended["end_date"]).all()
    assert (rows["revenue"] > 0).all()
    assert pd.api.types.is_integer_dtype(rows["revenue"])


def test_recovery_adds_its_points_beyond_doing_nothing(northfield: World) -> None:
    assert northfield.truth("recovery_gain") == pytest.approx(12, abs=1.5)
    assert world(5, "no_recovery").truth("recovery_gain") == 0


def test_a_quarter_of_respondents_comment_on_what_they_rated_low(northfield: World) -> None:
    said, answers = northfield.tables["comments"], northfield.tables["responses"]
    assert len(said) / len(answers) == pytest.approx(0.25, abs=0.03)
    assert said["text"].str.split().str.len().mean() == pytest.approx(12, abs=3)
    coded = said.dropna(subset=["theme_delivery"]).merge(answers, on="response_id")
    upset = coded.loc[coded["theme_delivery"] == 1, "delivery"].astype(float)
    assert (upset.sub(7.1).abs() > 1).mean() > 0.6  # praised when high, blamed when low


def test_consent_is_given_by_about_85_in_100(northfield: World) -> None:
    people = northfield.tables["contacts"]
    for flag in ("consent_named", "consent_followup", "consent_marketing"):
        assert (people[flag] == "yes").mean() == pytest.approx(0.85, abs=0.03), flag


def test_employees_misjudge_the_two_drivers_planted_so(northfield: World) -> None:
    """About what everybody would have said: 261 guesses of a spread of 1.3 err by 0.25 at most."""
    staff = northfield.tables["employee_survey"].query("wave == '2026H1'")
    planted = dict.fromkeys(DRIVERS, 0.0) | {"communication": 1.7, "delivery": 1.3}
    for name, over in planted.items():
        gap = staff[f"guess_{name}"].mean() - northfield.truth(f"mean_{name}")
        assert gap == pytest.approx(over, abs=0.25), name


def test_actions_name_drivers_and_actions_that_exist(northfield: World) -> None:
    actions, effects = northfield.tables["actions"], northfield.tables["action_effects"]
    known = set(actions["action_id"])
    assert set(effects["driver"]) <= set(DRIVERS)
    assert set(effects["action_id"]) == known
    assert set(actions["requires"]) | set(actions["excludes"]) <= known | {""}
    assert set(northfield.tables["communications"]["action_id"]) <= known | {""}
    assert (effects["change_low"] <= effects["change_mid"]).all()


def test_the_null_world_has_no_effect_of_anything(null: World) -> None:
    for name in ("churn_slope", "growth_per_10", "win_slope", "recovery_gain"):
        assert null.truth(name) == 0, name
    for driver in DRIVERS:
        assert abs(null.truth(f"caused_{driver}")) < 0.05, driver
    assert abs(null.truth("nps_bias")) < 2
    assert abs(null.truth("retained_per_10")) < 1e-6
    assert null.truth("strongest") is None


def test_the_null_world_looks_like_the_same_client(null: World, northfield: World) -> None:
    assert null.truth("halo") == pytest.approx(0.47, abs=0.06)
    assert null.truth("icc") == pytest.approx(0.33, abs=0.07)
    assert set(null.tables) == set(northfield.tables)
    for name, table in null.tables.items():
        assert list(table.columns) == list(northfield.tables[name].columns), name


@pytest.mark.validity
def test_in_null_worlds_nothing_in_the_answers_moves_loyalty() -> None:
    """Four worlds, 32 t values: their root mean square is 1 ± 0.38 (three standard errors)."""
    found = []
    for seed in range(4):
        table = everyone(world(seed, "null"))
        design = np.column_stack([np.ones(len(table)), table[list(DRIVERS)]])
        found.append(clustered(design, table["index"].to_numpy(), table["account_id"])[1:])
    assert 0.62 < np.sqrt(np.mean(np.square(found))) < 1.38


def test_every_truth_is_a_row_of_five_fields(northfield: World, project: Path) -> None:
    kept = json.loads((project / "data" / "northfield" / "truths.json").read_text())
    names = [row["name"] for row in kept["truths"]]
    assert len(names) == len(set(names))
    for row in kept["truths"]:
        assert set(row) == {"name", "chapter", "figure", "truth", "note"}
    assert len(kept["accounts"]) == northfield.truth("active_accounts")


def test_truths_never_reach_a_method(project: Path) -> None:
    """Neither side imports the other."""
    helpers = project / "src" / "helpers"
    for path in sorted(
        p for d in ("study", "methods", "simulate") for p in helpers.glob(f"{d}/**/*.py")
    ):
        imported = {
            name
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            for name in imports(node)
        }
        inside = "simulate" in path.parts
        other = ("helpers.study", "helpers.methods") if inside else ("helpers.simulate",)
        assert not [n for n in imported if n.startswith(other)], path.name


def imports(node: ast.AST) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else []


def test_an_unknown_world_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="no world 'mars': choose one of northfield, null"):
        world(scenario="mars")


def test_an_unknown_truth_is_refused_with_the_known_ones(null: World) -> None:
    with pytest.raises(ValueError, match="no truth is called 'nsp': nps_2024H2"):
        null.truth("nsp")


def test_the_command_writes_a_client_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "northfield" in SCENARIOS
    assert main(["null", str(tmp_path / "null"), "--seed", "9"]) == 0
    assert (tmp_path / "null" / "client.yml").is_file()
    assert "24 files" in capsys.readouterr().out
