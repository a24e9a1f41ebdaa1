"""Subjects of the codebook: which questions are about one thing, and what else counts as a driver."""  # noqa: E501

from __future__ import annotations

import pandas as pd
import pytest

from helpers.study import open_study

HEAD = "variable,text,role,label,scale_min,scale_max,function,group\n"
ROWS = (
    "sat,Satisfied?,satisfaction,Satisfaction,0,10,,\n"
    "trust,Trusted?,attitude,Trust,0,10,Brand,Image\n"
    "ease,Ease?,driver,Ease,0,10,Service,Contact\n"
    "speed,Speed?,driver,Speed,0,10,Service,Contact\n"
    "reply,Reply?,driver,Reply,0,10,Sales,Contact\n"
    "price,Price?,driver,Price,0,10,Sales,{price}\n"
)


def client(folder, price=""):
    (folder / "client.yml").write_text("name: A\nas_of: 2026-06-30\nwave: '1'\n")
    (folder / "codebook.csv").write_text(HEAD + ROWS.format(price=price))
    answers = {name: [5, 6, 7, 4] for name in ("sat", "trust", "ease", "speed", "reply", "price")}
    frame = pd.DataFrame({"response_id": range(4), "wave": "1", **answers})
    frame.to_csv(folder / "responses.csv", index=False)
    return open_study(folder)


def test_questions_with_one_group_are_one_subject_and_the_others_stand_alone(tmp_path):
    study = client(tmp_path)
    assert study.subjects(study.ratings) == {"Contact": ("ease", "speed", "reply")}


@pytest.mark.parametrize("names", [("ease", "speed"), ("price",), ("ease", "price")])
def test_one_subject_alone_or_none_of_several_questions_is_no_grouping(tmp_path, names):
    assert client(tmp_path).subjects(names) == {}


def test_a_subject_called_as_a_question_outside_it_gets_a_name_of_its_own(tmp_path):
    study = client(tmp_path)
    book = study.codebook.get("ease")
    object.__setattr__(book, "group", "price")
    object.__setattr__(study.codebook.get("speed"), "group", "price")
    assert study.subjects(study.ratings) == {"price (group)": ("ease", "speed")}


def test_attitudes_with_a_subject_count_as_drivers_unless_the_outcome_is_made_of_them(tmp_path):
    study = client(tmp_path)
    loyal, satisfied = (study.outcome(name).items for name in ("loyalty", "satisfaction"))
    assert list(study.rated(apart=satisfied)) == ["ease", "speed", "reply", "price", "trust"]
    assert list(study.rated(apart=loyal)) == list(study.ratings)


def test_attitudes_without_a_subject_and_other_roles_with_one_are_no_drivers(tmp_path):
    study = client(tmp_path)
    object.__setattr__(study.codebook.get("trust"), "group", "")
    object.__setattr__(study.codebook.get("sat"), "group", "Image")
    assert list(study.rated()) == list(study.ratings)


def test_a_subject_is_owned_by_whoever_owns_most_of_its_questions(tmp_path):
    study = client(tmp_path)
    assert study.owner("Contact", study.subjects(study.ratings)["Contact"]) == "Service"
    assert (study.owner("price"), study.owner("Contact"), study.owner(None)) == ("Sales", "", "")
