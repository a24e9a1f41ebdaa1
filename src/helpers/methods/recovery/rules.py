"""What raises an alert, as data: recover, recognise, grow."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["RULES", "Rule"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of alert: what raises it, what is done, and the consent that it needs."""

    kind: str
    when: str
    action: str
    days: float  # of the calendar, where no promise says otherwise
    consent: str  # the column of contacts; empty where the client's own case is enough


RULES = {
    rule.kind: rule
    for rule in (
        Rule("recover", "An open case: a low answer, or a complaint",
             "Call, agree what will be done by when, and ask whether it was", 2.0, ""),
        Rule("recognise", "A high answer, and no open case at the account",
             "Say thank you in person; ask what to keep", 5.0, "consent_followup"),
        Rule("grow", "A high answer, an interest, and nothing to put right at the account",
             "Offer a talk about what was asked for", 20.0, "consent_marketing"),
    )
}  # fmt: skip
