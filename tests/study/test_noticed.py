"""What is looked at in a study is noted, however it is asked for, and nothing else."""

from __future__ import annotations

from copy import copy
from dataclasses import replace

import pytest

from helpers.study import open_study
from helpers.study.noticed import noticed

LOOKS = {
    "a table": (lambda s: s.table("themes"), {"table themes"}),
    "a table that is not there": (lambda s: s.tables.get("population"), {"table population"}),
    "whether it is there": (lambda s: "tickets" in s.tables, {"table tickets"}),
    "which there are": (lambda s: sorted(s.tables), {"tables"}),
    "several": (
        lambda s: s.given("actions", "outcomes"), {"table actions", "table outcomes"},
    ),
    "a setting": (lambda s: s.policy.consent, {"setting policy"}),
    "the day": (lambda s: s.as_of, {"setting as_of"}),
    "answers": (lambda s: s.all_responses, set()),
    "names": (lambda s: s.known_names, {"names"}),
    "letters": (lambda s: s.letters, {"letters"}),
    "what was counted": (lambda s: s.counts, {"counts"}),
    "its name": (lambda s: s.slug, set()),
    "invitations with their people": (
        lambda s: s.invited,
        {"table invitations", "table contacts", "table accounts"},
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def study():
    return open_study("northfield")


@pytest.mark.parametrize("what", LOOKS)
def test_what_is_looked_at_is_noted(what, study):
    look, wanted = LOOKS[what]
    watched, seen = noticed(study)
    look(watched)
    assert wanted <= seen
    assert {name for name in seen - wanted if not name.startswith("setting")} == set()


def test_a_study_that_is_watched_gives_what_it_gave(study):
    watched, _ = noticed(study)
    assert watched.table("accounts") is study.table("accounts")
    assert watched.known_names == study.known_names
    assert watched.margin_names == study.margin_names
    assert replace(watched, segments=()).known_names == study.known_names


def test_whoever_reads_settings_as_a_whole_reads_all_of_them(study):
    watched, seen = noticed(study)
    watched.config.model_dump()
    assert {"setting policy", "setting waves", "setting tables"} <= seen


def test_a_copy_of_what_is_noticed_reads_as_before(study):
    watched, seen = noticed(study)
    assert copy(watched.config).currency == "USD"
    assert seen == {"setting currency"}
    other = replace(watched, tables={"responses": study.responses})
    assert set(other.known_names) == set(study.known_names)
