"""What a chapter depends on, both ways: the same content gives the same key, another another."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import fields, replace
from pathlib import Path

import pandas as pd
import pytest

from helpers.press import inputs as recorded
from helpers.press.code_keys import HELPERS, Modules
from helpers.press.comparing.changes import PARTS
from helpers.press.contents import by_wave, contents, frame_digest, settings
from helpers.press.inputs import Depends, handed_on, read_inputs, write_inputs
from helpers.press.plans import plan
from helpers.results import ChapterResult, Figure
from helpers.study.config import Config, Report
from tests.thinned import thinned

READ = {
    "sampling": ("setting wave", "table accounts"),
    "loyalty": ("setting policy",),
    "drivers": ("setting wave",),
    "comments": ("names",),
    "linkage": ("table contracts",),
}


@pytest.fixture(scope="module")
def client(tmp_path_factory, project: Path) -> Path:
    """Every eighth account of Northfield, with four of its tables."""
    folder = tmp_path_factory.mktemp("inputs") / "northfield"
    return thinned(project, folder, "responses", "accounts", "contacts", "contracts", every=8)


def made(names=tuple(READ), **figures):
    return {
        name: ChapterResult(name, {"one": Figure("one", figures.get(name, 1.0))}, read=READ[name])
        for name in names
    }


def keys(folder: Path, project: Path, found=None, **settings) -> dict[str, str]:
    """The key of every chapter, as a run of this folder would leave it."""
    planned = plan(folder, project, chapters=list(READ), settings=settings or None)
    told = Depends(planned).inputs(found or made())
    return {name: told.key(name) for name in READ}


def differing(one: dict[str, str], other: dict[str, str]) -> set[str]:
    return {name for name in one if one[name] != other[name]}


@pytest.fixture(scope="module")
def first(client: Path, project: Path) -> dict[str, str]:
    return keys(client, project)


def rewritten(client: Path, tmp_path: Path, name: str, old: str, new: str) -> Path:
    """The same folder with one place of one file written in another way."""
    folder = tmp_path / "northfield"
    shutil.copytree(client, folder)
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def test_a_folder_that_was_touched_or_saved_anew_has_the_same_keys(
    client, project, tmp_path, first
):
    folder = tmp_path / "northfield"
    shutil.copytree(client, folder)
    table = pd.read_csv(folder / "contracts.csv", dtype=str, keep_default_na=False)
    table.to_csv(folder / "contracts.csv", index=False, quoting=1, lineterminator="\r\n")
    for path in folder.rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    assert keys(folder, project) == first


def test_one_cell_of_a_table_changes_the_chapters_that_read_it_alone(
    client, project, tmp_path, first
):
    last = (client / "contracts.csv").read_text(encoding="utf-8").rstrip().splitlines()[-1]
    cells = last.split(",")
    cells[4] = f"{float(cells[4]) + 1:g}"
    folder = rewritten(client, tmp_path, "contracts.csv", last, ",".join(cells))
    assert differing(keys(folder, project), first) == {"linkage"}


def test_an_answer_changes_every_chapter(client, project, tmp_path, first):
    lines = (client / "responses.csv").read_text(encoding="utf-8").splitlines()
    head, row = lines[0].split(","), lines[-1].split(",")
    place = head.index("effort")
    row[place] = "4" if row[place] != "4" else "5"
    folder = rewritten(client, tmp_path, "responses.csv", lines[-1], ",".join(row))
    assert differing(keys(folder, project), first) == set(READ)


def test_a_parameter_changes_its_own_chapter_alone(client, project, first):
    assert differing(keys(client, project, drivers={"replicates": 77}), first) == {"drivers"}


def test_a_setting_changes_the_chapters_that_read_it_alone(client, project, tmp_path, first):
    old, new = "consent: required ", "consent: not_required "
    folder = rewritten(client, tmp_path, "client.yml", old, new)
    assert differing(keys(folder, project), first) == {"loyalty"}


def test_the_order_of_questions_changes_every_chapter(client, project, tmp_path, first):
    lines = (client / "codebook.csv").read_text(encoding="utf-8").splitlines()
    two = f"{lines[-2]}\n{lines[-1]}"
    folder = rewritten(client, tmp_path, "codebook.csv", two, f"{lines[-1]}\n{lines[-2]}")
    assert differing(keys(folder, project), first) == set(READ)


def test_the_order_in_which_a_setting_was_declared_counts():
    named = {"name": "Demo", "as_of": "2026-06-30", "wave": "W1"}
    waves = [("W1", "2026-05-15"), ("W0", "2025-05-15")]
    one, other = (settings(Config(**named, waves=dict(told))) for told in (waves, waves[::-1]))
    assert {name for name in one if one[name] != other[name]} == {"waves"}


def test_the_day_of_a_wave_changes_every_chapter(client, project, tmp_path, first):
    folder = rewritten(client, tmp_path, "client.yml", "2025H1: 2025-05-15", "2025H1: 2025-05-16")
    assert differing(keys(folder, project), first) == set(READ)


def test_an_upstream_figure_changes_those_that_come_after_it_alone(client, project, first):
    moved = keys(client, project, found=made(loyalty=2.0))
    assert differing(moved, first) == set()  # of these, none reads what loyalty hands on
    moved = keys(client, project, found=made(drivers=2.0))
    assert differing(moved, first) == {"comments"}


def test_a_library_changes_the_chapters_that_use_it_alone(client, project, first, monkeypatch):
    from helpers.press import code_keys

    known = code_keys._version
    monkeypatch.setattr(
        code_keys, "_version", lambda name: "0.0.1" if name == "scikit-learn" else known(name)
    )
    assert differing(keys(client, project), first) == {"comments"}


def test_a_chapter_that_noted_nothing_counts_as_having_read_everything(client, project):
    planned = plan(client, project, chapters=["comments"])
    blind = Depends(planned).inputs({"drivers": replace(made()["drivers"], read=())})
    assert "library scikit-learn" in blind.of("comments")
    assert "library scikit-learn" not in blind.of("drivers")  # its own, not another chapter's
    assert "table contracts" in blind.of("drivers")
    assert "table contracts" not in Depends(planned).inputs(made(["drivers"])).of("drivers")


def test_the_record_comes_back_as_it_was_written_and_names_no_place(client, project, tmp_path):
    told = Depends(plan(client, project, chapters=["drivers"])).inputs(made(["drivers"]))
    write_inputs(told, tmp_path)
    assert read_inputs(tmp_path) == told
    text = (tmp_path / recorded.FILE).read_text(encoding="utf-8")
    assert str(client.parent) not in text
    assert str(project) not in text
    (tmp_path / recorded.FILE).write_text(json.dumps({"schema": 0}))
    assert read_inputs(tmp_path) is None


def test_digests_of_a_frame_see_every_cell_its_kind_and_its_order():
    frame = pd.DataFrame({"a": [1.0, 2.0], "b": ["x", None]})
    others = [
        frame.assign(a=[1.0, 2.5]), frame.assign(b=["x", "None"]), frame.rename(columns={"a": "c"}),
        frame.astype({"a": "int64"}), frame.iloc[::-1], frame.set_index("a", drop=False),
        frame.astype({"b": pd.CategoricalDtype(["x", "y"])}),
        frame.astype({"b": pd.CategoricalDtype(["y", "x"])}),
    ]  # fmt: skip
    assert len({frame_digest(one) for one in (frame, *others)}) == 9


def test_a_wave_keeps_its_digest_until_a_row_of_it_changes():
    frame = pd.DataFrame({"wave": ["W1", "W1", "W2"], "ease": [1, 2, 3]})
    more = pd.concat([frame, pd.DataFrame({"wave": ["W3"], "ease": [1.5]})])
    one, other = by_wave({"r": frame})["r"], by_wave({"r": more})["r"]
    assert {w: other[w] for w in one} == one
    changed = by_wave({"r": frame.assign(ease=[1, 9, 3])})["r"]
    assert (changed["W1"] == one["W1"], changed["W2"] == one["W2"]) == (False, True)


def test_contents_name_no_file_of_the_client(client, project):
    study = plan(client, project).study
    moved = replace(study, counts=study.counts.assign(file="other.csv", sha256="0"))
    assert contents(moved) == contents(study)


def test_a_key_of_parts_is_told_part_by_part():
    config = Config(name="Demo", as_of="2026-06-30", wave="W1")
    signed = config.model_copy(update={"report": Report(author="Reed & Partners")})
    one, other = settings(config), settings(signed)
    assert {name for name in one if one[name] != other[name]} == {"report.author"}


def test_code_counts_as_it_stood_when_the_run_began(client, project, tmp_path):
    root = Path(
        shutil.copytree(HELPERS, tmp_path / "helpers", ignore=shutil.ignore_patterns("__pycache__"))
    )
    planned = plan(client, project, chapters=["drivers"])
    begun = Depends(planned, Modules(root))
    changed = root / "methods" / "drivers" / "potential.py"
    changed.write_text(changed.read_text(encoding="utf-8") + "\n# mended meanwhile\n")
    ran, later = (one.inputs(made(["drivers"])) for one in (begun, Depends(planned, Modules(root))))
    assert ran.key("drivers") != later.key("drivers")
    assert ran == Depends(planned).inputs(made(["drivers"]))


def test_all_that_a_chapter_hands_on_counts_but_not_what_it_read_or_its_charts_say():
    one = made(["drivers"])["drivers"]
    another = {
        "figures": {}, "tables": {"shares": pd.DataFrame({"share": [1.0]})}, "answer": "It rose.",
        "so_what": "Stop.", "ask": {"what": "Fund it"}, "doubts": ("None",),
        "untold": {"two": "too few"}, "read": ("names",), "chapter": "linkage",
        "shown": ("Core 74.0",),
    }  # fmt: skip
    assert set(another) == {field.name for field in fields(ChapterResult)}
    same = [n for n, v in another.items() if handed_on(replace(one, **{n: v})) == handed_on(one)]
    assert same == ["read", "chapter", "shown"]


def test_a_comparison_looks_at_every_part_of_a_figure():
    assert {"name", *PARTS} == {field.name for field in fields(Figure)}
