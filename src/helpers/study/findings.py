"""What reading a client folder turned up: faults to mend and changes to print."""

from __future__ import annotations

from dataclasses import dataclass, field

from helpers.errors import Fault

__all__ = ["Findings", "Note"]


@dataclass(frozen=True, slots=True)
class Note:
    """Something a reader changed, dropped or made up, with how many rows it touched.

    Examples
    --------
    >>> print(Note("responses", "answers read as missing: ease = 99", 12))
    responses: answers read as missing: ease = 99 (12)
    """

    table: str
    what: str
    count: int

    def __str__(self) -> str:
        return f"{self.table}: {self.what} ({self.count:,})"


@dataclass
class Findings:
    """A list that every step of reading adds to, so that all faults come out together.

    Examples
    --------
    >>> findings = Findings()
    >>> findings.warn("accounts.csv", "has no last newline", "Check that it is not cut off.")
    >>> findings.errors
    ()
    """

    faults: list[Fault] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def error(
        self,
        file: str,
        problem: str,
        advice: str,
        *,
        row: int | None = None,
        column: str | None = None,
        found: str | None = None,
    ) -> None:
        """Add a fault that stops the run."""
        self.faults.append(Fault(file, problem, advice, row=row, column=column, found=found))

    def warn(
        self,
        file: str,
        problem: str,
        advice: str,
        *,
        row: int | None = None,
        column: str | None = None,
        found: str | None = None,
    ) -> None:
        """Add a fault that is shown but does not stop the run."""
        self.faults.append(
            Fault(file, problem, advice, row=row, column=column, found=found, severity="warning")
        )

    def note(self, table: str, what: str, count: int) -> None:
        """Add a change to print; nothing is noted for a count of nought."""
        if count:
            self.notes.append(Note(table, what, int(count)))

    @property
    def errors(self) -> tuple[Fault, ...]:
        """The faults that stop the run."""
        return tuple(fault for fault in self.faults if fault.severity == "error")

    @property
    def warnings(self) -> tuple[Fault, ...]:
        """The faults that do not."""
        return tuple(fault for fault in self.faults if fault.severity == "warning")
