"""What is wrong with any of several clients, found before the first of them is run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from helpers.errors import Fault, InputFaults
from helpers.press.belonging import place_fault
from helpers.press.many.outcome import Job
from helpers.press.plans import plan
from helpers.project import required_project, shown
from helpers.study.client_names import client_path, name_key

__all__ = ["ONCE", "ONE_NAME", "checked", "of_one_name"]

ONE_NAME = "has the name of another client of this run"
ONCE = "Name each client once, or give their folders different names."


def checked(jobs: Sequence[Job]) -> list[tuple[str, Fault]]:
    """Every fault of every client, with the client as it was named."""
    project, found = required_project(), of_one_name(jobs)
    for job in jobs:
        try:
            study = plan(job.client, project, chapters=job.only, settings=job.chosen).study
        except InputFaults as wrong:
            found += [(job.client, fault) for fault in wrong.faults]
        else:
            fault = place_fault(study.folder, Path(job.output), study.name)
            found += [] if fault is None else [(study.slug, fault)]
    return found


def of_one_name(jobs: Sequence[Job]) -> list[tuple[str, Fault]]:
    """Clients that would take each other's place: reports take the name of the folder."""
    data = required_project() / "data"
    folders = [(job.client, client_path(job.client, data)) for job in jobs]
    count = Counter(name_key(folder.name) for _, folder in folders)
    return [
        (client, Fault(shown(folder), ONE_NAME, ONCE))
        for client, folder in folders
        if count[name_key(folder.name)] > 1
    ]
