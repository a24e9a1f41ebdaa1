"""The words of the chapter on the next wave: whom to ask, how many, and what that gives."""

from __future__ import annotations

from collections.abc import Mapping

from helpers.results import Figure
from helpers.views.rendering.rules import all_that_fit, first_that_fits

__all__ = ["answer", "ask", "doubts", "left_out", "so_what"]

MUCH_REVENUE = 0.05  # of all: what the plan leaves out of it is then worth a doubt


def answer(figures: Mapping[str, Figure]) -> str:
    """Whom to invite, how many, and how well that lets one know the scores."""
    whom = first_that_fits(
        figures,
        "Invite {invited:value} people at {accounts_invited:value} accounts, of the "
        "{may_ask:value} who may be asked on {day:value}.",
        "Invite all {everyone_invited:value} people who may be asked on {day:value}, at "
        "{accounts_invited:value} accounts.",
    )
    certain = all_that_fit(
        figures,
        "The {certain_accounts:value} largest accounts are asked for certain: they make "
        "{certain_revenue:value} of revenue.",
    )
    return " ".join(filter(None, (whom, certain, _expect(figures))))


def _expect(figures: Mapping[str, Figure]) -> str:
    """What to expect: how many answer, and how well the scores are then known."""
    if "few_answers" in figures:
        return (
            "Expect {few_answers:value} answers: the report shows no figure from fewer than "
            "{smallest_base:value}."
        )
    come = first_that_fits(
        figures,
        "If {rate:value} answer as in this wave, the {answers:value} answers give",
        "If {rate_given:value} answer, as the plan takes them to, the {answers:value} answers give",
        "If everyone answers, the {answers:value} answers give",
    )
    known = first_that_fits(
        figures,
        "the {main_label} of the people on the list to within ± {main_margin:value} points, and "
        "any share of them to within ± {share_margin:value}; the report, which speaks of customers "
        "like these, will say about ± {report_margin:value}",
        "the {main_label} to within ± {main_margin:value} points, and any share to within ± "
        "{share_margin:value}",
        "any share to within ± {share_margin:value} points",
    )
    seen = all_that_fit(
        figures,
        "Colleagues who answer alike are allowed for (design effect {cluster_effect:value}).",
        "A change of {change_seen:value} points or more since {this_wave:value} would show with a "
        "chance of {power:value}.",
    )
    missed = all_that_fit(
        figures,
        "That is everyone, and still short of the ± {margin_missed:value} points asked for.",
        "That is everyone: more cannot be had from this list, and the usual "
        "± {usual_margin_missed:value} points are out of its reach.",
    )
    return " ".join(filter(None, (f"{come} {known}.", seen, missed)))


def so_what(figures: Mapping[str, Figure]) -> str:
    """What more or fewer invitations would buy."""
    if "few_answers" in figures:
        return (
            "The list is too short for a survey: talk with everyone on it, or ask for more names."
        )
    fewer = all_that_fit(
        figures,
        "With as many invitations as in this wave ({asked_now:value}), the {main_label} would be "
        "known to within ± {margin_as_now:value} points.",
    )
    wave = first_that_fits(
        figures,
        "To see a change of {change_wanted:value} points, invite {change_size:value} people in "
        "each wave.",
        "A change of {change_wanted:value} points cannot be seen with this list: it would take "
        "{change_beyond:value} invitations in each wave. Read small moves from wave to wave as "
        "noise.",
    )
    groups = all_that_fit(
        figures,
        "The plan speaks for all customers. Of a single group less will be known: least of the "
        "{widest_group:value}, ± {widest_margin:value} points.",
    )
    beyond = (
        "All these margins but the report's own are about the people on the list."
        if "report_margin" in figures
        else ""
    )
    rate = (
        "The whole list is asked already: only a higher response rate, or more names, would tell "
        "more."
        if "everyone" in figures
        else "A higher response rate gives the same margins from a shorter list."
    )
    return " ".join(filter(None, (fewer, wave, groups, beyond, rate)))


def left_out(figures: Mapping[str, Figure]) -> str:
    """Who may not be asked, and what account teams had to do with it."""
    return " ".join(
        filter(
            None,
            (
                first_that_fits(
                    figures,
                    "{left_out:value} of the {listed:value} people on the list may not be asked.",
                    "All {listed:value} people on the list may be asked.",
                ),
                all_that_fit(
                    figures,
                    "At {silent_accounts:value} customer accounts nobody may be asked; they make "
                    "{silent_revenue:value} of revenue.",
                ),
                all_that_fit(
                    figures,
                    "In this wave account teams kept out {kept_out:value} people "
                    "({kept_out_share:value} of those drawn). The plan puts them back: whom a team "
                    "wants left out it has to name, with a reason, before the list goes out.",
                    "Of the {none_kept_out:base} listed in this wave, none is recorded as kept out "
                    "by an account team.",
                ),
            ),
        )
    )


def ask(figures: Mapping[str, Figure], due: str) -> dict[str, str]:
    """The call for action."""
    what = first_that_fits(
        figures,
        "Approve the list of {invited:value} people, and have it written: the command stands under "
        "“How the list was drawn”.",
        "Approve the list of {everyone_invited:value} people, and have it written: the command "
        "stands under “How the list was drawn”.",
    )
    return {"what": what, "owner": "Research lead", "due": due}


def doubts(figures: Mapping[str, Figure]) -> tuple[str, ...]:
    """What does not fit."""
    found = []
    if "margin_missed" in figures:
        found.append(
            "A margin of ± {margin_missed:value} points is out of reach: the list is too short for "
            "it at this response rate."
        )
    if not {"rate", "rate_given"} & set(figures):
        found.append("No response rate is known, so the plan takes everyone to answer.")
    silent = figures.get("silent_revenue")
    if silent is not None and float(silent.value or 0) >= MUCH_REVENUE:
        found.append(
            "Nobody may be asked at {silent_accounts:value} accounts with {silent_revenue:value} "
            "of revenue: the plan cannot speak for them."
        )
    return tuple(found)
