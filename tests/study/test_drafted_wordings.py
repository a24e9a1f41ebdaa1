"""Headings as German, French and Spanish spreadsheets have them, and grades of an SPSS file."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from helpers.study.drafting import draft_codebook

ROWS = 240
GRADES = {1.0: "sehr gut", 2.0: "gut", 3.0: "befriedigend", 4.0: "ausreichend", 5.0: "mangelhaft",
          6.0: "ungenügend", 9.0: "keine Angabe"}  # fmt: skip
SAID = ("sehr unzufrieden", "eher unzufrieden", "teils/teils", "eher zufrieden", "sehr zufrieden")


def marks(low, high, seed):
    mood = np.random.default_rng(0).normal(0.7, 0.2, ROWS)
    noise = np.random.default_rng(seed).normal(0, 0.12, ROWS)
    return np.clip(np.round(low + (mood + noise) * (high - low)), low, high).astype(int)


def drafted(tmp_path, columns, mark=","):
    path = tmp_path / "survey.csv"
    pd.DataFrame(columns).to_csv(path, index=False, sep=mark)
    return draft_codebook(path)


@pytest.mark.parametrize(
    "heading",
    ["¿Qué probabilidad hay de que nos recomiende?", "¿Nos recomendaría?", "Nos recomienda (0-10)",
     "Recommanderiez-vous notre entreprise ?"],
)  # fmt: skip
def test_a_recommendation_is_known_in_any_form_of_the_word(tmp_path, heading):
    columns = {
        heading: marks(0, 10, 1),
        "Plazo de entrega": marks(1, 5, 2),
        "Trato": marks(1, 5, 3),
    }
    row = drafted(tmp_path, columns).row(heading)
    assert (row.role.value, row.scale.ends) == ("recommend", (0, 10))


@pytest.mark.parametrize(
    ("whole", "parts"),
    [
        (
            "Zufriedenheit insgesamt",
            ("Zufriedenheit mit: Lieferzeit", "Zufriedenheit mit Beratung"),
        ),
        ("Satisfaction globale", ("Satisfaction : délais", "Satisfaction : qualité")),
        ("Overall satisfaction", ("Satisfaction with delivery", "Satisfaction: price")),
        ("Satisfacción global", ("Satisfacción con el plazo", "Satisfacción: precio")),
    ],
)
def test_satisfaction_with_one_thing_is_a_driver_and_with_all_is_not(tmp_path, whole, parts):
    columns = {"nps": marks(0, 10, 1), whole: marks(1, 5, 2)}
    columns |= {name: marks(1, 5, 3 + n) for n, name in enumerate(parts)}
    draft = drafted(tmp_path, columns, ";")
    assert draft.row(whole).role.value == "satisfaction"
    assert [draft.row(name).role.value for name in parts] == ["driver", "driver"]
    assert not any(draft.row(name).role.sure for name in parts)


def test_parts_in_words_are_drivers_too(tmp_path):
    words = {name: [SAID[v - 1] for v in marks(1, 5, n)] for n, name in enumerate(
        ("Wie zufrieden sind Sie insgesamt?", "Zufriedenheit mit: Lieferzeit",
         "Zufriedenheit mit: Beratung"))}  # fmt: skip
    draft = drafted(tmp_path, {"nps": marks(0, 10, 1), **words}, ";")
    roles = [draft.row(name).role.value for name in words]
    assert roles == ["satisfaction", "driver", "driver"]
    assert {draft.row(name).scale.ends for name in words} == {(1, 5)}


@pytest.mark.parametrize(
    "heading",
    ["Il est facile de travailler avec nous", "Acme is easy to do business with"],
)
def test_how_easy_the_company_is_to_work_with_is_effort(tmp_path, heading):
    columns = {"nps": marks(0, 10, 1), heading: marks(1, 7, 2), "Satisfaction": marks(1, 5, 3)}
    assert drafted(tmp_path, columns).row(heading).role.value == "effort"


@pytest.mark.parametrize(
    ("heading", "role"),
    [("Product quality", "driver"), ("Store quality", "driver"), ("Product", "segment")],
)
def test_the_quality_of_a_product_is_rated_and_the_product_is_a_group(tmp_path, heading, role):
    columns = {"nps": marks(0, 10, 1), "Delivery speed": marks(1, 5, 2), heading: marks(1, 5, 3)}
    assert drafted(tmp_path, columns).row(heading).role.value == role


def test_labels_from_good_to_bad_make_a_rating_whatever_is_asked(tmp_path):
    grades = {f"v{n}": marks(1, 6, n).astype(float) for n in (1, 2)}
    for given in grades.values():
        given[::11] = 9.0
    path = tmp_path / "noten.sav"
    frame = pd.DataFrame({"nps": marks(0, 10, 5).astype(float), **grades})
    pyreadstat.write_sav(
        frame,
        str(path),
        column_labels=["Weiterempfehlung", "Lieferung: Note", "Beratung: Note"],
        variable_value_labels=dict.fromkeys(grades, GRADES),
    )
    draft = draft_codebook(path)
    for name in grades:
        row = draft.row(name)
        assert (row.role.value, row.role.sure, row.scale.ends) == ("driver", False, (1, 6))
        assert (row.scale.reverse.value, row.scale.missing.value) == ("yes", "9")
