"""Leads of the demo client: only people who agreed, and chances beside those that were planted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from helpers.methods import accounts, leads
from helpers.project import project_folder
from helpers.study import open_study


@pytest.fixture(scope="module")
def found() -> dict[str, object]:
    study, rng = open_study("northfield"), np.random.default_rng(1)
    sent, everyone = study.tables, study.all_responses
    sold = leads.sales(sent["holdings"], sent["products"], sent["opportunities"])
    named = accounts.consenting(everyone, sent["contacts"], consent="required")
    scores = study.outcome_over_waves("loyalty").values[named]
    asked = {"items": leads.products_of_items(study.labelled("interest"), sold.products),
             "texts": study.comments, "products": sold.products}  # fmt: skip
    people, all_of = leads.reachable(sent["contacts"], consent="required"), sent["contacts"]
    agreed = leads.agreed_to_offers(all_of, consent="required")
    rule = leads.Rule()
    waves = leads.known_at_waves(study.wave_dates, everyone, scores, study.accounts, agreed,
                                 **asked)  # fmt: skip
    past = leads.came_true(sold, waves, rule, months=6, as_of=study.as_of)
    now = (study.as_of, study.responses, scores, study.accounts)
    made = leads.todays_leads(
        sold, leads.known_on(*now, people, **asked), rule, leads.hit_rates(past, rng=rng),
        leads.priced(sold), people=people, waiting=(), rng=rng,
        everyone=leads.known_on(*now, all_of, **asked),
    )  # fmt: skip
    return {"made": made, "past": past, "rates": leads.hit_rates(past, rng=rng).table}


def folder(table: str) -> pd.DataFrame:
    """A table as it lies in the folder, read without the study."""
    return pd.read_csv(project_folder() / "data" / "northfield" / f"{table}.csv", dtype=str)


def test_every_lead_has_a_person_who_agreed_in_the_folder(found):
    contacts = folder("contacts").set_index("contact_id")
    rows = contacts.loc[found["made"].sent["contact_id"]]
    assert len(rows) > 400
    assert set(rows["consent_marketing"]) == {"yes"}
    assert set(rows["opt_out"]) == {"no"}
    assert set(rows["active"]) == {"yes"}
    assert (rows["account_id"].to_numpy() == found["made"].sent["account_id"]).all()


def test_who_ticked_an_interest_and_did_not_agree_is_not_among_the_leads(found):
    """Read from the folder alone: at least some ticked without agreeing, so this can fail."""
    agreed = set(folder("contacts").query("consent_marketing == 'yes'")["contact_id"])
    said = folder("responses").query("wave == '2026H1'")
    ticked = said[(said.filter(like="interest_") == "1").any(axis=1)]
    silent = set(ticked["contact_id"]) - agreed
    assert len(silent) > 10
    assert not silent & set(found["made"].sent["contact_id"])
    assert found["made"].withheld > 10


def test_no_lead_is_of_a_product_that_the_account_owns_in_the_folder(found):
    held = folder("holdings")
    owned = set(zip(held["account_id"], held["product_id"], strict=True))
    sent = found["made"].sent
    assert not owned & set(zip(sent["account_id"], sent["product_id"], strict=True))


def test_the_chance_of_an_open_offer_holds_what_was_planted(found):
    """The world wins offers with a chance of 1 / (1 + exp(.7 - .45 mood)); accounts that are not
    loyal lie about one standard deviation under the mean."""
    row = found["rates"].set_index("source").loc["offer"]
    assert row["leads"] > 30
    assert row["low"] < expit(-0.7 - 0.45) < row["high"]


def test_ticked_interests_are_those_of_the_folder(found):
    """A tick is worth nothing in the demo world: its chance is that of any purchase, some 3 %."""
    row = found["rates"].set_index("source").loc["interest"]
    assert row["low"] < 0.03 < row["high"]
