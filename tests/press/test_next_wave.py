"""The page on the next wave and the command: one list, for demo and odd clients, there and back."""

from __future__ import annotations

import ast
import csv
import json
import re
import shlex
from dataclasses import fields
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from helpers.cli import app
from helpers.errors import NotEstimable
from helpers.methods import sampling
from helpers.methods.sample_design import PlanSettings
from helpers.press import next_sample, sections
from helpers.press.chapters import Chapter
from helpers.study import open_study

NOTEBOOK = Path(__file__).resolve().parents[2] / "notebooks" / "next_wave.ipynb"
PEOPLE, ACCOUNTS = 240, 40
CLIENT = """\
name: Small & Sound
currency: USD
as_of: 2026-06-30
wave: 2026H1
waves: {2025H2: 2025-11-15, 2026H1: 2026-05-15}
segments: [tier]
policy: {smallest_base: {suppress: 10, test: 30, flag: 100}}
"""
CODEBOOK = """\
variable,text,role,label,scale_min,scale_max
nps,Would you recommend us?,recommend,Recommendation,0,10
"""


def tables() -> dict[str, pd.DataFrame]:
    """Forty accounts of six people each, half of whom answer in each of two waves."""
    rng = np.random.default_rng(20260630)
    accounts = pd.DataFrame({"account_id": [f"A{i:02d}" for i in range(ACCOUNTS)]})
    accounts["name"] = "Company " + accounts["account_id"]
    accounts["tier"] = np.where(np.arange(ACCOUNTS) < 10, "Key", "Core")
    contacts = pd.DataFrame({"contact_id": [f"C{i:03d}" for i in range(PEOPLE)]})
    contacts["account_id"] = np.repeat(accounts["account_id"].to_numpy(), PEOPLE // ACCOUNTS)
    contacts["role"] = np.resize(["user", "user", "decision_maker"], PEOPLE)
    contacts["active"], contacts["opt_out"] = "yes", "no"
    for name in ("consent_named", "consent_followup", "consent_marketing"):
        contacts[name] = "no"
    asked = pd.concat([contacts.assign(wave=w, invited_at=d) for w, d in
                       (("2025H2", "2025-11-04"), ("2026H1", "2026-05-04"))])  # fmt: skip
    heard = rng.random(len(asked)) < 0.5
    asked["disposition"] = np.where(heard, "complete", "noncontact")
    answers = asked[heard].assign(nps=rng.integers(0, 11, heard.sum()))
    answers["response_id"] = [f"R{i:03d}" for i in range(len(answers))]
    money = accounts[["account_id"]].assign(
        period="2026-05-01", revenue=(1e5 / (1 + np.arange(ACCOUNTS))).round(2)
    )
    return {
        "accounts": accounts,
        "contacts": contacts,
        "invitations": asked[["wave", "contact_id", "account_id", "invited_at", "disposition"]],
        "responses": answers[["response_id", "wave", "contact_id", "account_id", "nps"]],
        "financials": money,
    }


def client(folder: Path, sent: dict[str, pd.DataFrame], settings: str = "") -> Path:
    folder.mkdir(parents=True)
    (folder / "client.yml").write_text(CLIENT + settings, encoding="utf-8")
    (folder / "codebook.csv").write_text(CODEBOOK, encoding="utf-8")
    for name, table in sent.items():
        table.to_csv(folder / f"{name}.csv", index=False)
    return folder


def page(folder: Path, results: Path, **settings) -> tuple[dict[str, object], list[str]]:
    """Run the chapter's cells as far as the client feeds them: its names, and what it shows."""
    has = sections.available(open_study(folder))
    notebook = sections.for_client(nbformat.read(NOTEBOOK, as_version=4), has)
    names: dict[str, object] = {}
    shown = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            shown.append(cell.source)
            continue
        tree = ast.parse(cell.source)
        ends = isinstance(tree.body[-1], ast.Expr)
        last = ast.Expression(tree.body.pop().value) if ends else None
        exec(compile(tree, cell.id, "exec"), names)
        if "parameters" in cell.metadata.get("tags", ()):
            names |= {"client": str(folder), "results_dir": str(results), **settings}
        if last is not None:
            value = eval(compile(last, cell.id, "eval"), names)
            if value is not None:
                shown.append(json.dumps(value._repr_mimebundle_(), ensure_ascii=False))
    return names, shown


def answer(names: dict[str, object]) -> str:
    return str(names["page"].say(names["sentences"].answer))


def doubts(names: dict[str, object]) -> tuple[str, ...]:
    return names["sentences"].doubts(names["page"].figures)


def sampled(folder: Path, target: Path, *words: str) -> set[str]:
    """The people whom `handbook sample` writes down, with these options."""
    call = ["sample", str(folder), *words, "--output", str(target)]
    done = CliRunner().invoke(app, call)
    assert done.exit_code == 0, done.output
    return ids(target)


def ids(folder: Path) -> set[str]:
    with (folder / "invitations.csv").open(encoding="utf-8", newline="") as file:
        return {row["contact_id"] for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    return client(tmp_path_factory.mktemp("clients") / "sound", tables())


@pytest.fixture(scope="module")
def shown_by_default(sound, tmp_path_factory):
    return page(sound, tmp_path_factory.mktemp("results"))


CHOICES = {
    "so many, another way": {"size": 70, "allocation": "neyman", "per_role": 1, "seed": 7},
    "a margin, down the list": {"margin": 12.0, "selection": "systematic", "take_all": 20.0,
                                "on": "2026-12-01", "response_rate": 60.0},
}  # fmt: skip


@pytest.mark.parametrize("choice", CHOICES)
def test_the_command_that_the_page_shows_writes_the_list_of_the_page(choice, sound, tmp_path):
    names, _ = page(sound, tmp_path / "results", **CHOICES[choice])
    words = shlex.split(names["told"])
    assert words[:3] == ["handbook", "sample", "path/to/sound"]  # never that of one machine
    found = sampled(
        sound,
        tmp_path / "list",
        *words[3:],
    )
    assert found == set(names["plan"].table["contact_id"])


def test_without_options_the_command_writes_the_list_of_the_page(shown_by_default, sound, tmp_path):
    names, _ = shown_by_default
    found = sampled(
        sound,
        tmp_path / "list",
    )
    assert found == set(names["plan"].table["contact_id"])


def test_the_settings_of_the_client_hold_for_the_command(tmp_path):
    told = "parameters: {next_wave: {size: 70, allocation: equal, quarantine: 120}}\n"
    folder = client(tmp_path / "told", tables(), told)
    found = sampled(
        folder,
        tmp_path / "list",
    )
    assert len(found) == 70


def test_the_page_has_the_settings_of_the_command_with_the_same_defaults():
    shown = Chapter("next_wave", NOTEBOOK).parameters
    for field in fields(PlanSettings):
        if field.name != "consent_followup":  # an option of the command alone
            assert shown[field.name].default == field.default, field.name


def test_what_is_given_counts_before_the_settings_of_the_client(tmp_path):
    folder = client(tmp_path / "told", tables(), "parameters: {next_wave: {size: 70, seed: 5}}\n")
    asked = next_sample.asked_for(open_study(folder), {"margin": 8.0, "size": 0})
    assert (asked.settings.margin, asked.settings.size, asked.settings.seed) == (8.0, 0, 5)
    plain = next_sample.asked_for(open_study(folder), {})
    assert (plain.settings.size, plain.settings.allocation) == (70, "proportional")
    assert plain.inputs["strata"] == ["tier"]


def test_the_page_names_nobody_and_no_account(shown_by_default):
    _, shown = shown_by_default
    text = re.sub(r"base64,[A-Za-z0-9+/=]+", "", " ".join(shown))
    sent = tables()
    named = [*sent["contacts"]["contact_id"], *sent["accounts"]["account_id"]]
    assert [name for name in named if name in text] == []


def test_a_margin_out_of_reach_invites_everyone_and_says_so(sound, tmp_path):
    names, _ = page(sound, tmp_path / "results", margin=1.0)
    said = answer(names)
    assert said.startswith("Invite all 240 people who may be asked")
    assert "still short of the ± 1.0 percentage points asked for" in said
    assert "--size 240" in names["told"]
    assert "out of reach" in doubts(names)[0]
    assert names["page"].figures["invited"].verdict == "everyone"
    assert "everyone who may be asked is invited" in names["others"].reason


def test_the_usual_margin_out_of_reach_is_not_called_asked_for(tmp_path):
    few = odd(contacts=slice(60))
    names, shown = page(client(tmp_path / "few", few), tmp_path / "results")
    said = answer(names)
    assert "the usual ± 3.0 percentage points are out of its reach" in said
    assert not re.search("points asked for|margin asked for", f"{said} {shown}".lower())
    assert not any("out of reach" in line for line in doubts(names))
    told = "parameters: {next_wave: {margin: 3.0}}\n"
    names, _ = page(client(tmp_path / "asked", few, told), tmp_path / "results")
    assert "short of the ± 3.0 percentage points asked for" in answer(names)


def test_without_revenue_nothing_is_divided_by_it(tmp_path):
    sent = odd(without=("financials",))
    names, _ = page(client(tmp_path / "poor", sent), tmp_path / "results", size=100)
    assert "power" not in set(names["others"].found["allocation"])


def test_the_margin_of_the_page_is_the_figure_of_its_sentence(sound, tmp_path):
    names, shown = page(sound, tmp_path / "results", size=120, response_rate=40.0)
    result, plan = names["page"].figures, names["plan"]
    assert "If 40% answer, as the plan assumes, that gives the net" in " ".join(shown)
    assert result["share_margin"].value == pytest.approx(100 * plan.margin)
    assert result["main_margin"].value == pytest.approx(names["hoped"].found.margin)
    assert result["invited"].value == plan.base == 120


def test_the_response_rate_is_that_of_the_wave_with_its_base(shown_by_default):
    result = shown_by_default[0]["page"].figures
    assert result["rate"].base == PEOPLE
    assert result["rate"].value == pytest.approx(0.5, abs=0.1)


def odd(**changes) -> dict[str, pd.DataFrame]:
    sent = tables()
    keep = changes.pop("contacts", slice(None))
    sent["contacts"] = sent["contacts"][keep]
    known = set(sent["contacts"]["contact_id"])
    for name in ("invitations", "responses"):
        sent[name] = sent[name][sent[name]["contact_id"].isin(known)]
    for name in changes.pop("without", ()):
        del sent[name]
    return sent


def test_three_contacts_are_too_few_and_the_page_says_so(tmp_path):
    sent = odd(contacts=slice(3))
    sent["responses"] = sent["responses"].drop_duplicates("contact_id").assign(wave="2026H1")
    told = {"on": "2026-11-12", "response_rate": 50.0}
    names, shown = page(client(tmp_path / "three", sent), tmp_path / "results", **told)
    said = answer(names)
    assert said.startswith("Invite all 3 people")
    assert "Expect 2 answers: the report shows no figure from fewer than 10" in said
    assert "±" not in said
    assert "Not answered with these data" in shown[-1]


def test_a_list_of_which_everyone_opted_out_cannot_be_planned(tmp_path):
    sent = odd()
    sent["contacts"]["opt_out"] = "yes"
    folder = client(tmp_path / "out", sent)
    with pytest.raises(NotEstimable, match=r"none of 240 contacts may be asked .* opted out; corr"):
        page(folder, tmp_path / "results")


def test_nobody_is_eligible_where_all_were_just_asked(tmp_path):
    folder = client(tmp_path / "asked", odd())
    with pytest.raises(NotEstimable, match="invited less than 400 days ago; correct the list, sh"):
        page(folder, tmp_path / "results", quarantine=400)


def test_without_revenue_no_account_is_taken_for_certain(tmp_path):
    folder = client(tmp_path / "poor", odd(without=("financials",)))
    names, _ = page(folder, tmp_path / "results")
    said = answer(names)
    assert names["sentences"].certain(names["page"].figures) == ""
    assert "revenue" not in said


def test_a_stratum_of_one_person_is_asked_and_has_no_margin(tmp_path):
    sent = odd(contacts=slice(PEOPLE - 5))  # one person left at the last account
    sent["accounts"].loc[ACCOUNTS - 1, "tier"] = "Single"
    names, _ = page(client(tmp_path / "single", sent), tmp_path / "results", size=100)
    groups = names["hoped"].found.table.set_index("group")
    assert groups.loc["Single", "population"] == 1
    assert np.isnan(groups.loc["Single", "margin"])
    assert "Single" not in names["page"].figures["widest_group"].value
    strata = names["plan"].strata.set_index("stratum")
    assert strata.loc["Single", "selected"] == 1


def test_a_list_alone_is_taken_to_answer_in_full_and_the_page_says_so(tmp_path):
    names, shown = page(client(tmp_path / "bare", odd(without=("financials", "invitations"))),
                        tmp_path / "results")  # fmt: skip
    assert "If everyone answers" in answer(names)
    assert any("response rate is not known" in text for text in shown)
    assert any("No response rate is known" in text for text in doubts(names))


def test_the_list_comes_back_as_base_weights_and_strata(sound, tmp_path):
    """What the command wrote is sent as the next wave's invitations, with what became of each."""
    made = tmp_path / "list"
    sampled(
        sound,
        made,
        "--size",
        "120",
    )
    written = pd.read_csv(made / "invitations.csv", dtype=str)
    sent = tables()
    back = written.assign(wave="2026H2", invited_at="2026-11-12", disposition="complete")
    sent["invitations"] = pd.concat([sent["invitations"], back], ignore_index=True)
    later = written[["contact_id", "account_id"]].assign(wave="2026H2", nps="8")
    later["response_id"] = [f"S{i:03d}" for i in range(len(later))]
    sent["responses"] = pd.concat([sent["responses"], later], ignore_index=True)
    settings = CLIENT.replace("wave: 2026H1", "wave: 2026H2").replace("2026-06-30", "2026-12-31")
    settings = settings.replace("}\nsegments", ", 2026H2: 2026-11-15}\nsegments")
    folder = client(tmp_path / "later", sent)
    (folder / "client.yml").write_text(settings, encoding="utf-8")
    study = open_study(folder)
    asked = study.in_wave("invitations")
    weights = sampling.base_weights(study.responses, asked)
    by_person = written.set_index("contact_id")["base_weight"].astype(float)
    expected = study.responses["contact_id"].map(by_person)
    np.testing.assert_allclose(weights, expected / expected.mean())
    assert weights.min() < weights.max()  # the largest accounts count for less
    told = written.set_index("contact_id")["stratum"]
    assert asked.set_index("contact_id")["stratum"].to_dict() == told.to_dict()
    assert set(sampling.drawn_strata(study.responses, asked)) == set(told)
    # by the weights, those invited stand for everyone on the list
    assert by_person.sum() == pytest.approx(PEOPLE, rel=0.02)
