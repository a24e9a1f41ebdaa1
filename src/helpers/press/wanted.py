"""What a client may send, as a reader calls it, and the name that the handbook has for it.

A name of a table or a column tells an analyst what to send and a reader nothing: it stands in
parentheses behind the words, and pages show these to analysts alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["SENT", "as_text", "sent", "sent_all"]

OR, ROLE = "|", "role:"  # between things of which one is enough; before a role of the codebook
NAMED = re.compile(r" \((?=[^()]*`)[^()]*\)")  # a name in parentheses
SENT = {  # what tables, columns, questions and the rest hold
    "account_id": "the account of each respondent",
    "accounts": "a list of accounts",
    "accounts.end_date": "the day on which accounts left",
    "accounts.revenue": "a year's revenue of each account",
    "action_effects": "the effects that actions are expected to have",
    "actions": "actions under consideration",
    "base": "as many answers in this wave as the smallest base asks for",
    "benchmarks": "scores of other companies",
    "comments": "comments of customers",
    "commented": "comments in this wave from as many people as the smallest base asks for",
    "communications": "a record of promises and of what customers were told",
    "communications.delivered_at": "the days on which promises were kept",
    "communications.due": "the days by which things were promised",
    "contacts": "a list of contacts",
    "contacts.role": "the role of each contact",
    "contracts": "contracts with their end dates",
    "employee_survey": "a survey of employees",
    "employee_survey.unit": "the unit that each employee works in",
    "excluded": "people whom an account team kept out",
    "filters": "a driver that only some were asked about",
    "financials": "revenue by account and month",
    "financials.cost_to_serve": "what it costs to serve each account",
    "financials.margin": "the margin of each account",
    "function_metrics": "the metrics that functions are paid on",
    "holdings": "a record of what each account owns",
    "invitations": "a record of who was invited and what became of it",
    "invitations.invited_at": "the day on which each person was invited",
    "ledger": "predictions of an earlier run",
    "margins": "a list or a population to compare the respondents with",
    "named": "people of at least two accounts who agreed to be named",
    "opportunities": "offers, open and decided",
    "ops_metrics": "internal measures by account or month",
    "outcomes": "a record of what became of each account",
    "products": "a list of products",
    "responses.completed_at": "the day of each answer",
    "responses.contact_id": "the person behind each answer",
    "role:acted": "a question on whether feedback is acted on",
    "role:attitude": "questions on how customers feel about the supplier",
    "role:behaviour": "questions on what customers mean to do next",
    "role:comment": "an open question in the survey",
    "role:driver": "ratings of single experiences",
    "role:effort": "a question on effort",
    "role:metric": "an internal measure beside the answers",
    "role:recommend": "a question on recommending",
    "role:satisfaction": "a question on satisfaction",
    "role:stated": "questions on what matters to customers",
    "role:told": "a question on whether customers were told what was done",
    "segments": "groups to report by",
    "tested": "a wave with enough answers to test anything",
    "tickets": "service cases",
    "waves": "answers of an earlier wave",
    "weight": "a weight for each answer of this wave",
}
NAMES = {  # where a name is not that of a table, a column or a role
    "account_id": "`account_id` in `responses`",
    "excluded": "`excluded` as a disposition in `invitations`",
    "filters": "`asked_if` in codebook.csv",
    "segments": "`segments` in client.yml",
    "weight": "`weight` in `responses`",
    **dict.fromkeys(("base", "commented", "margins", "named", "tested", "waves"), ""),
}


def sent(need: str) -> str:
    """What to send, of several things one, each with its name.

    >>> sent("financials|role:comment")
    'revenue by account and month (`financials`) or an open question in the survey (role `comment`)'
    >>> sent("waves")
    'answers of an earlier wave'
    """
    return " or ".join(map(_one, need.split(OR)))


def sent_all(needs: Sequence[str]) -> str:
    """Several things to send.

    >>> sent_all(["waves", "tickets"])
    'answers of an earlier wave, and service cases (`tickets`)'
    """
    return ", and ".join(map(sent, needs))


def _one(need: str) -> str:
    name = NAMES.get(need, _name(need))
    return f"{SENT[need]} ({name})" if name else SENT[need]


def _name(need: str) -> str:
    if need.startswith(ROLE):
        return f"role `{need.removeprefix(ROLE)}`"
    table, _, column = need.partition(".")
    return f"`{column}` in `{table}`" if column else f"`{table}`"


def as_text(words: str) -> str:
    """Words that no Markdown reads as more than words; `code` stays code, for analysts alone.

    >>> as_text("no days (`due`) in <b>")
    'no days<span class="analyst"> (`due`)</span> in \\\\<b\\\\>'
    """
    parts = words.split("`")
    plain = "`".join(
        part if place % 2 else re.sub(r"([\\*_\[\]{}<>$#|~])", r"\\\1", part)
        for place, part in enumerate(parts)
    )
    return NAMED.sub(r'<span class="analyst">\g<0></span>', plain)
