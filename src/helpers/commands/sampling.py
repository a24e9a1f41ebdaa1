"""``handbook sample``: whom to ask next."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from helpers.console import out, shown
from helpers.errors import HandbookError

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command()(sample)


def sample(
    client: Annotated[str, typer.Argument(help="A name under data/, or a folder.")],
    margin: Annotated[
        float | None, typer.Option(help="To reach, in points (3 if no size).")
    ] = None,
    size: Annotated[int | None, typer.Option(help="People to invite, instead of a margin.")] = None,
    allocation: Annotated[
        str | None, typer.Option(help="proportional (if not given), neyman, power or equal.")
    ] = None,
    selection: Annotated[
        str | None, typer.Option(help="accounts (whole ones), random, systematic or pps.")
    ] = None,
    strata: Annotated[str, typer.Option(help="Columns of accounts: a,b (else a segment).")] = "",
    take_all: Annotated[
        float | None, typer.Option(help="Percent of revenue whose accounts are certain (50).")
    ] = None,
    per_role: Annotated[
        int | None, typer.Option(help="People a role at an account; 0: all.", min=0)
    ] = None,
    response_rate: Annotated[
        float | None, typer.Option(help="Percent expected to answer (else as in this wave).")
    ] = None,
    quarantine: Annotated[
        int | None, typer.Option(help="Days since the last invitation (90).", min=0)
    ] = None,
    consent_followup: Annotated[
        bool, typer.Option("--consent-followup", help="Only who agreed to be called back.")
    ] = False,
    on: Annotated[str, typer.Option(help="Day they go out, as 2026-11-02 (else next wave).")] = "",
    seed: Annotated[int | None, typer.Option(help="Of the draw (else the day).", min=0)] = None,
    output: Annotated[Path | None, typer.Option(help="Folder (else build/samples/CLIENT).")] = None,
) -> None:
    """Draw whom to invite, and write invitations.csv and invitations.xlsx.

    What is not given is as client.yml sets it for the chapter on the next wave, so the
    list is the one that the report shows.

    Example: `handbook sample northfield --margin 3 --allocation neyman`
    """
    from helpers.methods.sample_design import plan_as_set
    from helpers.press import belonging, invitations, next_sample
    from helpers.project import required_project

    if margin is not None and size is not None:
        raise typer.BadParameter("give --margin or --size, not both")
    options = {
        "margin": margin, "size": size if margin is None else 0, "allocation": allocation,
        "selection": selection, "take_all": take_all, "per_role": per_role,
        "response_rate": response_rate, "quarantine": quarantine, "seed": seed,
        "consent_followup": consent_followup or None,
        "strata": [name.strip() for name in strata.split(",") if name.strip()] or None,
        "on": on or None,
    }  # fmt: skip
    given = {name: value for name, value in options.items() if value is not None}
    project = required_project()
    study = next_sample.opened(client, project, given)
    asked = next_sample.asked_for(study, given)
    try:
        plan = plan_as_set(asked.settings, asked.day, or_everyone=margin is None, **asked.inputs)
    except ValueError as wrong:
        raise HandbookError(str(wrong)) from None
    folder = output or belonging.sample_folder(study.folder, project / "build" / "samples")
    made = invitations.write_invitations(
        plan, folder, client=study.name, on=asked.day, seed=asked.settings.seed_on(asked.day)
    )
    _say(study.slug, plan, asked.day, made)


def _say(client: str, plan: Any, day: Any, made: Any) -> None:  # noqa: ANN401
    """Say whom a plan invites, what to expect of it, and where the list lies."""
    listed, fit = plan.eligibility.base, len(plan.eligibility.eligible)
    lines = [
        f"{client}: {plan.base:,} people to invite on {day:%Y-%m-%d}, of {fit:,} who may be asked",
        f"{listed - fit:,} of {listed:,} contacts may not; sheet Exclusions says why",
        f"expect about {plan.answers:,.0f} answers and a margin of {100 * plan.margin:.1f} points "
        "for a share of 50%",
        *([] if plan.reached else [_all_there(plan)]),
        *(shown(path) for path in (made.csv, made.workbook)),
    ]
    for line in lines:
        out.print(line, markup=False)


def _all_there(plan: Any) -> str:  # noqa: ANN401
    return (
        f"everyone who can be asked is invited: {100 * plan.wanted:g} points are out of reach; "
        "another margin is asked for with --margin"
    )
