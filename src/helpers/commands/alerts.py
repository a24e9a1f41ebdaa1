"""``handbook alerts``: whom to call today."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from helpers.console import out, shown

__all__ = ["OVERDUE", "register"]

OVERDUE = 4  # exit code: something is past its promise


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command()(alerts)


def alerts(
    client: Annotated[str, typer.Argument(help="A name under data/, or a folder.")],
    as_of: Annotated[str, typer.Option(help="A day, as 2026-07-03 (else that of the data).")] = "",
    output: Annotated[Path | None, typer.Option(help="Folder (else build/alerts/CLIENT).")] = None,
) -> None:
    """List today's alerts, and write alerts.csv and alerts.json.

    Open cases come first, those with most money at stake on top, as many as each owner can
    handle in a week. Exits with 4 where a case is past its promise, with 0 where none is.

    Example: `handbook alerts northfield --as-of 2026-07-03`
    """
    from helpers.press import alerts as making
    from helpers.press import belonging
    from helpers.project import required_project

    project = required_project()
    made = making.alerts(client, project, on=_day(as_of))
    folder = output or belonging.sample_folder(
        made.study.folder, project / "build" / "alerts", "alerts"
    )
    written = making.write_alerts(made, folder)
    _say(made)
    for path in written:
        out.print(shown(path), markup=False)
    raise typer.Exit(OVERDUE if len(made.inbox.overdue) else 0)


def _day(text: str) -> Any:  # noqa: ANN401 - imported late, for speed
    """A day as it was typed; nothing where none was."""
    if not text:
        return None
    from datetime import date

    import pandas as pd

    try:
        return pd.Timestamp(date.fromisoformat(text))
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no day: write it as 2026-07-03") from None


def _say(made: Any) -> None:  # noqa: ANN401 - imported late, for speed
    """Print what is to be done, and how much more waits."""
    from helpers.study.client_names import printable
    from helpers.views.recovery.tables import today

    box = made.inbox
    cases = box.table[box.table["kind"] == "recover"]
    states = cases["status"].value_counts()
    out.print(
        f"{made.study.slug}: {states.get('overdue', 0)} overdue, {states.get('open', 0)} in time, "
        f"{states.get('snoozed', 0)} at rest on {box.as_of:%Y-%m-%d}; "
        f"{len(box.table) - len(cases)} to thank or to talk with",
        markup=False,
    )
    for note in made.notes:
        out.print(f"note: {note}", markup=False)
    listed = box.in_reach[box.in_reach["kind"] == "recover"]
    if len(listed):
        out.print(today(box, made.study.currency, printable).text(), markup=False)
