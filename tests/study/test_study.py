"""The open study: what notebooks ask of it."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from helpers.errors import MissingTable
from helpers.study import check_client, margins, new_client, open_study
from helpers.study.config import read_config
from helpers.study.findings import Findings
from helpers.study.tables import TABLES

ACCOUNTS = "account_id,name,tier\n007,Bond,A\n008,Mü,A\n009,Na,B\n010,Silent,B\n"
CONTACTS = (
    "contact_id,account_id,role,active,opt_out\n"
    "c1,007,decision_maker,yes,no\nc2,008,user,yes,no\nc3,009,user,yes,yes\nc4,010,user,no,\n"
)


def test_the_current_wave_and_all_of_them(client):
    study = open_study(client())
    assert study.waves == ("2025H2", "2026H1")
    assert (study.wave, study.previous_wave) == ("2026H1", "2025H2")
    assert study.responses.index.to_list() == ["r2", "r3", "r4"]
    assert study.all_responses.index.to_list() == ["r1", "r2", "r3", "r4"]
    with pytest.raises(ValueError, match="no responses of wave '2024'"):
        study.ratings_of("2024")


def test_ratings_are_the_drivers_with_reversed_items_turned(client):
    study = open_study(client())
    assert study.ratings.columns.to_list() == ["ease", "trouble"]
    assert study.ratings["trouble"].to_list()[:2] == [5.0, 1.0]
    assert study.ratings.isna().sum().to_dict() == {"ease": 1, "trouble": 1}
    assert study.scored("driver")["trouble"].to_list()[:2] == [100.0, 0.0]
    assert study.scale("trouble") == (1.0, 5.0)


def test_loyalty_weighs_both_axes_alike(client):
    book = (
        "variable,role,scale_min,scale_max\na1,attitude,1,5\na2,attitude,1,5\nb1,behaviour,0,10\n"
    )
    data = "response_id,wave,a1,a2,b1\nr1,2026H1,5,3,10\nr2,2026H1,5,,0\nr3,2026H1,5,5,\n"
    outcome = open_study(client({"codebook.csv": book, "responses.csv": data})).outcome()
    assert outcome.values.to_list()[:2] == [87.5, 50.0]  # (75 + 100) / 2, (100 + 0) / 2
    assert np.isnan(outcome.values.iloc[2])  # an axis without an answer is not half a loyalty
    assert (outcome.label, outcome.unit, outcome.high) == ("loyalty", "index", 100.0)
    assert outcome.items == ("a1", "a2", "b1")


def test_without_the_axes_satisfaction_and_recommendation_stand_in(client):
    outcome = open_study(client()).outcome()
    assert outcome.label == "loyalty (recommendation)"
    assert outcome.values.to_list() == [90.0, 30.0, 70.0]


def test_what_stands_in_for_loyalty_needs_an_answer_to_both_questions(client):
    """A satisfaction of 80 alone is no 80 of loyalty: the two questions differ in level."""
    book = "variable,role,scale_min,scale_max\nsat,satisfaction,0,10\nnps,recommend,0,10\n"
    data = "response_id,wave,sat,nps\nr1,2026H1,8,10\nr2,2026H1,8,\nr3,2026H1,,10\n"
    outcome = open_study(client({"codebook.csv": book, "responses.csv": data})).outcome()
    assert outcome.label == "loyalty (satisfaction and recommendation)"
    assert outcome.values.dropna().to_dict() == {"r1": 90.0}


def test_a_question_that_a_wave_did_not_ask_has_no_part_in_what_stands_in(client):
    """Recommendation was first asked in 2026H1: before it, satisfaction stands in alone."""
    book = "variable,role,scale_min,scale_max\nsat,satisfaction,0,10\nnps,recommend,0,10\n"
    data = "response_id,wave,sat,nps\nr1,2026H1,8,10\nr2,2025H2,7,\nr3,2025H2,5,\n"
    study = open_study(client({"codebook.csv": book, "responses.csv": data}))
    before = study.outcome(wave="2025H2")
    assert before.label == "loyalty (satisfaction)"
    assert before.values.to_dict() == {"r2": 70.0, "r3": 50.0}
    assert study.outcome(wave="all").values.dropna().to_dict() == {"r1": 90.0}
    assert study.outcome_over_waves().values.dropna().to_dict() == {"r1": 90.0}


def test_over_waves_the_outcome_is_made_as_the_current_wave_makes_it(client):
    """Recommendation is asked no more: this wave's outcome is satisfaction, and so is all."""
    book = "variable,role,scale_min,scale_max\nsat,satisfaction,0,10\nnps,recommend,0,10\n"
    data = "response_id,wave,sat,nps\nr1,2026H1,8,\nr2,2025H2,7,3\nr3,2025H1,5,\n"
    study = open_study(client({"codebook.csv": book, "responses.csv": data}))
    found = study.outcome_over_waves()
    assert found.label == "loyalty (satisfaction)"
    assert found.values.dropna().to_dict() == {"r1": 80.0, "r3": 50.0}
    assert found.values.index.equals(study.all_responses.index)


def test_an_outcome_may_be_a_question_or_a_role(client):
    study = open_study(client())
    nps = study.outcome("nps", wave="all")
    assert (nps.unit, nps.low, nps.high, nps.base) == ("scale", 0.0, 10.0, 4)
    assert study.outcome("driver").values.to_dict() == {"r2": 90.0, "r3": 0.0, "r4": 60.0}
    with pytest.raises(ValueError, match="Did you mean loyalty"):
        study.outcome("loyalti")
    with pytest.raises(ValueError, match="no question of the role 'effort'"):
        study.outcome("effort")


def test_responses_carry_what_accounts_and_contacts_know(client):
    rows = "response_id,wave,contact_id,nps,ease,trouble\nr1,2026H1,c1,9,8,1\nr2,2026H1,c2,5,5,5\n"
    files = {"responses.csv": rows, "accounts.csv": ACCOUNTS, "contacts.csv": CONTACTS}
    study = open_study(client(files, segments="[tier]"))
    assert study.responses["account_id"].to_list() == ["007", "008"]
    assert study.responses["role"].to_list() == ["decision_maker", "user"]
    assert study.segments == ("tier", "role")
    assert study.has_accounts


def test_a_column_of_the_responses_is_not_overwritten(client):
    rows = "response_id,wave,account_id,tier,nps,ease,trouble\nr1,2026H1,007,old,9,8,1\n"
    study = open_study(client({"responses.csv": rows, "accounts.csv": ACCOUNTS}))
    assert study.responses["tier"].to_list() == ["old"]


def test_margins_count_eligible_people(client):
    files = {"accounts.csv": ACCOUNTS, "contacts.csv": CONTACTS}
    study = open_study(client(files))
    margins = study.margins(["tier", "role"])
    assert margins["tier"].to_dict() == {"A": 2.0}
    assert margins["role"].to_dict() == {"decision_maker": 1.0, "user": 1.0}
    with pytest.raises(ValueError, match="no population to weight 'region' to"):
        study.margins(["region"])


def test_a_population_by_wave_gives_the_margins_of_that_wave(client):
    book = "variable,role,scale_min,scale_max\nnps,recommend,0,10\ntier,segment,,\n"
    rows = "response_id,wave,nps,tier\n1,2025H2,1,A\n2,2026H1,1,A\n"
    size = "wave,tier,size\n2025H2,A,10\n2026H1,A,20\n"
    study = open_study(
        client({"codebook.csv": book, "responses.csv": rows, "population.csv": size})
    )
    assert study.margins(["tier"])["tier"].to_dict() == {"A": 20.0}
    assert study.margins(["tier"], wave="2025H2")["tier"].to_dict() == {"A": 10.0}
    assert study.segments == ("tier",)


def test_waves_without_a_population_of_their_own_are_left_out(client):
    book = "variable,role,scale_min,scale_max\nnps,recommend,0,10\ntier,segment,,\n"
    rows = "response_id,wave,nps,tier\n1,2025H2,1,A\n2,2026H1,1,A\n"
    files = {"codebook.csv": book, "responses.csv": rows}
    one = open_study(client(files | {"population.csv": "wave,tier,size\n2026H1,A,20\n"}))
    assert {w: m["tier"].sum() for w, m in one.margins_by_wave(["tier"]).items()} == {"2026H1": 20}
    every = open_study(client(files | {"population.csv": "tier,size\nA,20\n"}))
    assert set(every.margins_by_wave(["tier"])) == {"2025H2", "2026H1"}
    assert every.margins_by_wave([]) == {}


def test_a_table_that_was_not_sent_says_which_file_to_send(client):
    study = open_study(client())
    assert study.has("responses", "codebook")
    assert not study.has("responses", "financials")
    with pytest.raises(MissingTable, match=r"Send financials\.csv .* account_id, period, revenue"):
        study.table("financials")
    with pytest.raises(MissingTable, match="Did you mean financials"):
        study.table("financial")


def test_accounts_without_a_list_come_from_the_responses(client):
    assert open_study(client()).accounts["account_id"].to_list() == ["007", "008", "009"]


def test_waves_follow_their_dates_not_their_names(client):
    rows = "response_id,wave,completed_at,nps,ease,trouble\n"
    rows += "r1,spring,2025-03-01,1,1,1\nr2,autumn,2025-10-01,1,1,1\nr3,2026H1,2026-05-01,1,1,1\n"
    study = open_study(client({"responses.csv": rows}))
    assert study.waves == ("spring", "autumn", "2026H1")
    study = open_study(client({"responses.csv": rows}, waves="{autumn: 2024-10-01}"))
    assert study.waves == ("autumn", "spring", "2026H1")
    assert study.wave_dates["autumn"] == pd.Timestamp("2024-10-01")


def test_responses_without_ids_or_waves_get_them_with_a_note(client):
    rows = "nps,ease,trouble\n9,8,2\n8,7,3\n"
    study = open_study(client({"responses.csv": rows}))
    assert study.responses.index.to_list() == ["000001", "000002"]
    assert [note.what for note in study.notes] == [
        "response_id made from the record number",
        "no wave column: all are of 2026H1",
        "turned round, so that the highest answer is the best: trouble",
    ]


def test_reading_twice_gives_the_same_study(client):
    folder = client({"accounts.csv": ACCOUNTS, "contacts.csv": CONTACTS})
    one, two = open_study(folder), open_study(folder)
    pd.testing.assert_frame_equal(one.all_responses, two.all_responses)
    pd.testing.assert_frame_equal(one.counts, two.counts)


def filled(folder):
    """A new client's folder with the day and the wave that its file asks for."""
    file = folder / "client.yml"
    text = file.read_text()
    for key, value in (("as_of:", "as_of: 2026-06-30"), ("wave:", "wave: 2026H1")):
        text = re.sub(rf"^{key} ", f"{value} ", text, flags=re.MULTILINE)
    file.write_text(text)
    return folder


def test_a_new_client_asks_for_its_day_and_its_wave(tmp_path):
    found = [str(fault) for fault in check_client(new_client(tmp_path / "acme"))]
    assert len(found) == 3
    assert re.search(
        r"column as_of: is not filled in \(line \d\)\. Write `as_of: 2026-06-30`", found[0]
    )
    assert re.search(r"column wave: is not filled in \(line \d\)\. Write `wave: 2026H1`", found[1])
    assert found[2].startswith("responses: is missing")


def test_a_new_client_opens_as_soon_as_responses_are_there(tmp_path):
    folder = filled(new_client(tmp_path / "acme: tools"))
    assert "acme" in (folder / "client.yml").read_text().lower()
    head = "response_id,wave,recommend,satisfaction,proud,continue,quality,delivery,comment\n"
    (folder / "responses.csv").write_text(head + "r1,2026H1,9,8,5,4,8,99,thanks\n")
    study = open_study(folder)
    assert study.name == "Acme: Tools"
    assert study.outcome().label == "loyalty"
    assert study.warnings[0].column == "delivery"  # nobody answered it
    with pytest.raises(ValueError, match="already has"):
        new_client(folder)


def test_every_commented_key_of_the_template_is_right(tmp_path):
    folder = filled(new_client(tmp_path / "acme"))
    text = (folder / "client.yml").read_text()
    keys = re.compile(r"^# (?=[a-z_]+:| +[a-z_]+:)", re.MULTILINE)
    (folder / "client.yml").write_text(keys.sub("", text))
    findings = Findings()
    config = read_config(folder, findings)
    assert findings.faults == []
    assert config is not None
    assert config.formats["financials"].missing == {"revenue": ("Not Available",)}
    assert config.policy.smallest_base.flag == 100


def test_the_readme_lists_every_table_and_column(project):
    text = (project / "data" / "README.md").read_text()
    for table in TABLES.values():
        names = (f"| {table.name} |", f"| **{table.name}** |")
        row = next(line for line in text.splitlines() if line.startswith(names))
        for column in table.columns:
            shown = column.name.replace("guess_*", "guess_<driver>")
            assert shown in row, f"{table.name} lacks {shown}"
            assert (f"**{shown}**" in row) == column.required, f"{table.name}.{shown}"


def test_answers_without_a_known_account_are_kept_and_counted(client):
    head = "response_id,wave,account_id,nps,ease,trouble\n"
    rows = "r1,2026H1,007,8,7,2\nr2,2026H1,,9,8,1\nr3,2026H1,,7,6,\n"
    study = open_study(client({"responses.csv": head + rows}))
    assert study.responses["account_id"].isna().tolist() == [False, True, True]
    (note,) = [note for note in study.notes if "without a known account" in note.what]
    assert (note.table, note.count) == ("responses", 2)
    assert "each stands alone" in note.what


def test_a_client_outside_the_handbook_is_called_by_a_path_that_is_no_machines(client):
    assert open_study(client()).called == "path/to/small-and-sound"
    assert open_study("mobile").called == "mobile"


def test_contacts_of_accounts_that_had_ended_or_not_begun_are_not_weighted_to():
    tables = {
        "responses": pd.DataFrame(),
        "contacts": pd.DataFrame({"contact_id": list("abcd"), "account_id": list("uvwx")}),
        "accounts": pd.DataFrame(
            {
                "account_id": list("uvw"),
                "tier": "Key",
                "start_date": pd.to_datetime(["2020-01-01", "2020-01-01", "2026-09-01"]),
                "end_date": pd.to_datetime([None, "2026-03-31", None]),
            }
        ),
    }
    on = pd.Timestamp("2026-05-15")
    assert margins.eligible(tables, on)["contact_id"].tolist() == ["a", "d"]
    assert len(margins.eligible(tables)) == 4
