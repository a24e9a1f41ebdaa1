"""Parameters: which values they take, and which names of the client's."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from helpers.errors import InputFaults
from helpers.methods.drivers import categorical, screening
from helpers.methods.sample_design import allocation, selection
from helpers.press import parameter_list, parameters, plans
from helpers.press.chapters import OURS, load_chapters, parameter_faults

PROJECT = Path(__file__).resolve().parents[2]
BOOK = """\
variable,role,label,scale_min,scale_max
nps,recommend,Recommendation,0,10
sat,satisfaction,Satisfaction,1,5
ease,driver,Ease,0,10
speed,driver,Speed,0,10
why,comment,Why,,
"""
HEAD = "response_id,wave,account_id,nps,sat,ease,speed,why\n"
ROWS = "".join(
    f"r{n},2026H1,a{n % 20},{n % 11},{1 + n % 5},{(n + n // 7) % 11},{(3 * n) % 11},Late again.\n"
    for n in range(60)
)
ACCOUNTS = "account_id,name,tier,end_date\n" + "".join(f"a{n},N{n},A,\n" for n in range(20))
PEOPLE = "contact_id,account_id,role\n" + "".join(f"c{n},a{n},user\n" for n in range(20))


@pytest.fixture(scope="module")
def chapters():
    return load_chapters(PROJECT)


@pytest.fixture
def client(tmp_path):
    def make(more: str = "") -> Path:
        folder = tmp_path / "acme"
        folder.mkdir(exist_ok=True)
        files = {
            "client.yml": f"name: Acme\nas_of: 2026-06-30\nwave: 2026H1\n{more}",
            "codebook.csv": BOOK,
            "responses.csv": HEAD + ROWS,
            "accounts.csv": ACCOUNTS,
            "contacts.csv": PEOPLE,
        }
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
        return folder

    return make


def refused(folder: Path, **options) -> list[str]:
    with pytest.raises(InputFaults) as found:
        plans.plan(folder, PROJECT, **options)
    return [str(fault) for fault in found.value.faults]


def test_every_parameter_says_what_it_takes_and_takes_its_own_default(chapters):
    for chapter in chapters.values():
        for parameter in chapter.parameters.values():
            if parameter.name in OURS:
                continue
            told = parameter.allowed or isinstance(parameter.default, bool)
            assert told, f"{chapter.name}.{parameter.name} does not say which values it takes"
            assert parameter.accepts(parameter.default), parameter.name
            assert parameter.wrong(parameter.default) is None, parameter.name


def test_what_may_be_limited_is_a_parameter(chapters):
    for chapter in chapters.values():
        declared = chapter.notebook["metadata"].get("handbook", {}).get("parameters", {})
        assert set(declared) <= set(chapter.parameters), chapter.name


@pytest.mark.parametrize(
    ("chapter", "name", "kind"),
    [
        ("drivers", "missing", screening.Missing),
        ("drivers", "model", categorical.Model),
        ("next_wave", "allocation", allocation.Method),
        ("next_wave", "selection", selection.How),
    ],
)
def test_choices_are_those_that_the_methods_take(chapters, chapter, name, kind):
    choices = chapters[chapter].parameters[name].allowed["choices"]
    assert set(choices) == set(get_args(kind))


@pytest.mark.parametrize(
    ("chapter", "name", "value", "says"),
    [
        ("drivers", "confidence", 95, "'95' is not above 0 and below 1. Write 0.95 for 95 per"),
        ("drivers", "confidence", 1.0, "'1.0' is not above 0 and below 1"),
        ("drivers", "confidence", float("nan"), "'nan' is not above 0 and below 1"),
        ("drivers", "confidence", None, "is not filled in. Write it like the default, 0.95."),
        ("drivers", "target", 80, "Write 0.8 for 80 per cent."),
        (
            "drivers",
            "model",
            "logot",
            "'logot' is not one of linear, logit, prop",
        ),
        ("drivers", "replicates", 3, "'3' is not 20 or more. It is: bootstrap samples behind"),
        ("drivers", "seed", -1, "'-1' is not 0 or more"),
        ("linkage", "lag_months", -6, "'-6' is not 1 or more. It is: months after the survey in"),
        ("linkage", "adjust", ["tier", 3], "is not a list of names"),
        ("nonresponse", "steps", [0.0, 20], "Write 0.2 for 20 per cent."),
        ("nonresponse", "threshold", "high", "'high' is not a number"),
        ("loyalty", "role_weights", [4.0, 2.0], "has 2 entries. Give 4 entries"),
        ("loyalty", "role_weights", [4.0, 2.0, -1.0, 1.0], "'-1.0' is not 0 or more"),
        ("loyalty", "attitude_cut", 0.75 * 1000, "'750.0' is not above 0 and below 100"),
        ("sampling", "eligible_share", 40, "Write 0.4 for 40 per cent."),
        ("sampling", "eligible_share", "all", "'all' is not a number"),
        ("sampling", "trim", 0.5, "'0.5' is not above 1"),
        ("next_wave", "allocation", "optimal", "is not one of proportional, neyman"),
        ("next_wave", "on", "2.11.2026", "'2.11.2026' is not a day. Write it as 2026-11-02."),
        ("next_wave", "take_all", 150.0, "'150.0' is not from 0 to 100"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_what_it_means(chapters, chapter, name, value, says):
    (found,) = parameter_faults({chapter: {name: value}}, chapters, "--set")
    assert f"column {chapter}.{name}: " in str(found)
    assert says in str(found)


@pytest.mark.parametrize(
    ("chapter", "name", "value"),
    [
        ("sampling", "trim", None), ("sampling", "eligible_share", None),
        ("nonresponse", "threshold", -20), ("next_wave", "on", "2026-11-02"),
        ("drivers", "always", []), ("linkage", "adjust", []), ("drivers", "confidence", 0.9),
    ],
)  # fmt: skip
def test_values_that_can_be_are_taken(chapters, chapter, name, value):
    assert parameter_faults({chapter: {name: value}}, chapters, "--set") == []


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ("drivers: {outcome: satisfied}", "outcome: 'satisfied' is none of: loyalty,"),
        ("drivers: {outcome: why}", "Known here: driver, ease, loyalty, nps"),
        ("drivers: {outcome: attitude}", "'attitude' is none of: loyalty"),
        ("drivers: {always: [ease, sped]}", "'sped' is none of: a driver of codebook"),
        ("comments: {questions: [whi]}", "'whi' is none of: a question of which there"),
        ("comments: {score: npss}", "comments.score: 'npss' is none of: loyalty"),
        ("linkage: {score: loialty}", "Did you mean loyalty?"),
        ("linkage: {outcome: retaind}", "Did you mean retained?"),
        ("linkage: {adjust: [tiers]}", "Did you mean tier?"),
        ("value_map: {score: sats}", "Did you mean sat?"),
        ("sampling: {margins: [teir]}", "sampling.margins: 'teir' is none of: a column that the"),
        ("next_wave: {strata: [teir]}", "'teir' is none of: a column of accounts"),
    ],
)  # fmt: skip
def test_a_name_that_the_client_does_not_have_is_refused_with_the_nearest(client, setting, says):
    (found,) = refused(client(f"parameters:\n  {setting}\n"))
    assert found.startswith("client.yml, column ")
    assert says in found
    assert "(line 5)" in found


def test_actions_that_are_decided_are_ids_of_the_list(client):
    folder = client("currency: USD\nparameters:\n  actions: {settled: [A1], ruled_out: [A9]}\n")
    columns = {
        "action_id": "A1", "name": "Desk", "owner": "Ann Lee", "function": "Service",
        "cost_once": "100", "cost_year": "0", "effort_days": "5", "months": "3",
        "adoption_low": "0.2", "adoption_mid": "0.4", "adoption_high": "0.6",
    }  # fmt: skip
    told = f"{','.join(columns)}\n{','.join(columns.values())}\n"
    (folder / "actions.csv").write_text(told, encoding="utf-8")
    (found,) = refused(folder)
    assert "actions.ruled_out: 'A9' is none of: an action_id of actions" in found


def test_the_command_line_is_checked_alike_and_both_are_listed_at_once(client):
    folder = client("parameters:\n  drivers: {always: [sped]}\n")
    found = refused(folder, settings={"drivers": {"outcome": "nbs"}, "linkage": {"lag_months": 0}})
    assert [text.split(":")[0] for text in found] == [
        "--set, column linkage.lag_months",
        "client.yml, column drivers.always",
        "--set, column drivers.outcome",
    ]


def test_names_that_are_there_are_taken(client):
    folder = client(
        "parameters:\n  drivers: {outcome: nps, always: [ease]}\n"
        "  linkage: {adjust: [tier, log_revenue], outcome: growth_after, score: recommend}\n"
        "  sampling: {margins: [tier]}\n  next_wave: {strata: [tier]}\n"
        "  comments: {questions: [why], score: driver}\n"
    )
    assert plans.plan(folder, PROJECT).parameters["drivers"]["always"] == ["ease"]


def test_faults_of_the_folder_and_of_the_parameters_come_together(client):
    folder = client("parameters:\n  drivers: {confidence: 95}\n")
    (folder / "responses.csv").write_text(HEAD + ROWS + "r99,2026H1,a1,12,1,1,1,x\n")
    found = refused(folder)
    assert any("responses.csv" in text for text in found)
    assert any("drivers.confidence" in text and "(line 5)" in text for text in found)


def test_only_the_chapters_of_the_clients_file_are_run_with_what_they_build_on(client):
    plan = plans.plan(client("chapters: [drivers]\n"), PROJECT)
    assert {"drivers", "sampling", "executive"} <= set(plan.chapters)
    assert {"loyalty", "comments"} <= set(plan.skipped)
    assert not set(plan.chapters) & {"loyalty", "comments"}


def test_the_command_line_wins_over_the_chapters_of_the_clients_file(client):
    plan = plans.plan(client("chapters: drivers\n"), PROJECT, chapters=("comments",))
    assert "comments" in plan.chapters
    assert "drivers" in plan.skipped or "drivers" in plan.chapters  # where comments read them


@pytest.mark.parametrize("told", ["", "chapters:\n", "chapters: []\n"])
def test_without_a_list_every_chapter_is_run(client, told):
    assert plans.plan(client(told), PROJECT).skipped == ()


@pytest.mark.parametrize(
    ("told", "advice"),
    [
        ("[driver]", "'driver' is not a chapter (line 4). Did you mean 'drivers'?"),
        ("[drivers, Loyalty matrix]", "Did you mean 'loyalty'?"),
        ("zebra", f"Known: {', '.join(sorted(load_chapters(PROJECT))[:3])}"),
    ],
)
def test_a_chapter_that_there_is_not_is_an_error_with_the_nearest(client, told, advice):
    (found,) = refused(client(f"chapters: {told}\n"))
    assert found.startswith("client.yml, column chapters: ")
    assert advice in found
    (found,) = refused(client(f"chapters: {told}\n"), chapters=("drivers",))
    assert advice in found  # also where the command line names others


def test_the_list_of_parameters_gives_default_limits_and_meaning(chapters):
    lines = parameter_list.in_columns(parameter_list.chosen_chapters("drivers", chapters))
    assert lines[0] == f"drivers: {chapters['drivers'].question}"
    (confidence,) = [line for line in lines if line.startswith("  confidence")]
    assert confidence.split("  ")[1] == "confidence"
    assert "0.95" in confidence
    assert "a number above 0 and below 1" in confidence
    assert confidence.endswith("share of intervals that hold the true value")
    (model,) = [line for line in lines if line.startswith("  model")]
    assert "linear, logit or proportional_odds" in model
    assert not any("results_dir" in line for line in lines)


def test_without_a_name_all_chapters_that_can_be_set_are_listed(chapters):
    named = [chapter.name for chapter in parameter_list.chosen_chapters("", chapters)]
    assert {"sampling", "drivers", "next_wave"} <= set(named)
    assert "run_card" not in named


def test_a_chapter_that_there_is_not_is_named_with_the_nearest(chapters):
    with pytest.raises(InputFaults, match=r"'drivrs' is not a chapter\. Did you mean 'drivers'"):
        parameter_list.chosen_chapters("drivrs", chapters)


def test_the_block_for_the_clients_file_can_be_pasted_and_changes_nothing(client, chapters):
    block = parameter_list.as_yaml(parameter_list.chosen_chapters("", chapters))
    pasted = plans.plan(client(f"{block}\n"), PROJECT).parameters
    assert pasted == plans.plan(client(), PROJECT).parameters


@pytest.mark.parametrize(
    ("value", "fits"),
    [({}, True), ({"Service": 400}, True), ({"Service": "many"}, False), ([400], False)],
)
def test_numbers_by_name_are_a_kind_of_their_own(value, fits):
    days = parameters.Parameter("effort_days", {}, "days", {"from": 0})
    assert days.accepts(value) is fits
    assert days.kind == "numbers by name"
    assert days.wrong({"Service": -1}) is not None
