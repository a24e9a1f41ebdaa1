"""Who may be asked, and why the others may not."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.methods.sample_design import contact_rules
from helpers.methods.sample_design.contact_rules import last_bounced, with_last_invitation

DAY = pd.Timestamp("2026-06-30")
RULES = {
    "fine": {},
    "stranger": {"account_id": "nobody"},
    "ended": {"account_id": "gone"},
    "inactive": {"active": False},
    "out": {"opt_out": True},
    "recent": {"last_invited": pd.Timestamp("2026-05-01")},
    "rested": {"last_invited": pd.Timestamp("2026-04-01")},
    "silent": {"consent_followup": False},
    "bounced": {},
    "admin": {"role": "admin"},
    "kept": {},
    "unknown": {"active": None, "opt_out": None, "consent_followup": None},
    "both": {"active": False, "opt_out": True},
}
REASONS = {
    "stranger": "the account is not on the list",
    "ended": "the account is not a customer on that day",
    "inactive": "not active",
    "out": "opted out",
    "recent": "invited less than 90 days ago",
    "silent": "no consent to be called back about the answers",
    "bounced": "the last invitation came back",
    "admin": "this role is not asked",
    "kept": "kept out by the account team: renewal talks (Ana)",
    "unknown": "no consent to be called back about the answers",
    "both": "not active",
}


@pytest.fixture
def people():
    plain = {
        "account_id": "ours",
        "active": True,
        "opt_out": False,
        "last_invited": pd.NaT,
        "consent_followup": True,
        "role": "user",
    }
    rows = [{"contact_id": name, **plain, **own} for name, own in RULES.items()]
    frame = pd.DataFrame(rows).astype(dict.fromkeys(("active", "opt_out"), "boolean"))
    return frame.astype({"consent_followup": "boolean"})


def ruled(people, **changes):
    choices = {
        "on": DAY,
        "accounts": {"ours", "gone"},
        "ended": {"gone"},
        "bounced": {"bounced"},
        "roles": {"user"},
        "consent_followup": True,
        "kept_out": {"kept": "renewal talks (Ana)"},
    }
    return contact_rules(people, **choices | changes)


def test_each_exclusion_has_its_reason(people):
    found = ruled(people)
    assert found.excluded.set_index("contact_id")["reason"].to_dict() == REASONS
    assert found.eligible["contact_id"].tolist() == ["fine", "rested"]


def test_everyone_is_counted_once_and_every_rule_in_full(people):
    found = ruled(people)
    assert found.counts["contacts"].sum() + len(found.eligible) == found.base == len(people)
    opted = found.counts.set_index("reason").loc["opted out"]
    assert (opted["contacts"], opted["with_any"]) == (1, 2)
    assert found.excluded.set_index("contact_id").loc["both", "also"] == "opted out"


def test_who_is_not_known_to_be_out_is_in(people):
    found = ruled(people, consent_followup=False)
    assert {"unknown", "silent"} <= set(found.eligible["contact_id"])


def test_the_quarantine_ends_on_its_day(people):
    days = (DAY - pd.Timestamp("2026-05-01")).days
    assert "recent" in set(ruled(people, quarantine_days=days).eligible["contact_id"])
    assert "recent" not in set(ruled(people, quarantine_days=days + 1).eligible["contact_id"])
    assert "recent" in set(ruled(people, quarantine_days=0).eligible["contact_id"])


def test_a_list_without_the_columns_says_what_was_not_checked():
    bare = pd.DataFrame({"contact_id": ["a", "b"], "account_id": ["x", "x"]})
    found = contact_rules(bare, on=DAY)
    assert len(found.eligible) == 2
    assert found.excluded.empty
    assert list(found.excluded.columns) == ["contact_id", "account_id", "reason", "also"]
    assert found.unchecked == ("active", "opt_out", "last_invited")


def test_the_callers_list_is_left_as_it_was(people):
    before = people.copy()
    ruled(people)
    pd.testing.assert_frame_equal(people, before)


def test_only_the_last_invitation_counts():
    sent = pd.DataFrame(
        {
            "contact_id": ["a", "a", "b", "b", "c"],
            "invited_at": pd.to_datetime(["2026-01-01", "2025-01-01", "2025-01-01",
                                          "2026-01-01", "2026-02-01"]),
            "disposition": ["bounce", "complete", "bounce", "complete", "quarantined"],
        }
    )  # fmt: skip
    assert last_bounced(sent) == {"a"}
    people = pd.DataFrame(
        {
            "contact_id": list("abcd"),
            "last_invited": pd.to_datetime([None, "2026-03-01", None, None]),
        }
    )
    found = with_last_invitation(people, sent)["last_invited"]
    assert found.tolist()[:2] == [pd.Timestamp("2026-01-01"), pd.Timestamp("2026-03-01")]
    assert found[2:].isna().all()  # nothing was sent to c, and nobody knows d


def test_wrong_lists_are_refused_with_advice(people):
    with pytest.raises(ValueError, match="'fine' twice; list each person once"):
        ruled(pd.concat([people, people.head(1)]))
    with pytest.raises(ValueError, match="give the day on which the invitations go out"):
        ruled(people, on=pd.Timestamp("2026-04-15"))
    with pytest.raises(ValueError, match="counts days, 0 for none"):
        ruled(people, quarantine_days=-1)
