"""What a person sees while clients are run: a live table on a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from types import TracebackType

from rich import box
from rich.console import Console, Group
from rich.live import Live
from rich.table import Table as Columns
from rich.text import Text

from helpers.press.many.outcome import BAD_INPUT, DONE, Outcome

__all__ = ["Table"]

STATES = {DONE: "done", BAD_INPUT: "not run: what was sent has faults"}
LONGEST = 16  # rows of what is under way


class Table:
    """Client, chapter, seconds and state of all that is under way, and of how many are done.

    Examples
    --------
    >>> with Table(clients=1) as table:
    ...     table.started("northfield", "sampling")
    ...     table.done("northfield", "sampling", 1.5)
      northfield         sampling           1.5 s
    """

    def __init__(self, clients: int, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False, soft_wrap=True)
        self.clients, self.ended_well, self.failed = clients, 0, 0
        self._began = time.perf_counter()
        self._at: dict[tuple[str, str], float] = {}  # what is under way, and since when
        self._live = Live(
            console=self.console, auto_refresh=False, transient=True, redirect_stdout=False,
            redirect_stderr=False, get_renderable=self.shown,
        )  # fmt: skip

    def __enter__(self) -> Table:
        if self.console.is_terminal:
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._live.stop()

    @property
    def seconds(self) -> float:
        """Seconds since the run began."""
        return time.perf_counter() - self._began

    def started(self, client: str, step: str) -> None:
        """A step is under way."""
        self._at[client, step] = time.perf_counter()
        self.tick()

    def done(self, client: str, step: str, seconds: float, note: str = "") -> None:
        """A step ended: a line says how long it took."""
        self._at.pop((client, step), None)
        tail = f"  {note}" if note else ""
        self.console.print(f"  {client:<18} {step:<16} {seconds:5.1f} s{tail}", markup=False)
        self.tick()

    def ended(self, outcome: Outcome) -> None:
        """A client's run ended; of many, a line says how."""
        for step in [at for at in self._at if at[0] == outcome.client]:
            self._at.pop(step)
        self.ended_well += outcome.code == DONE
        self.failed += outcome.code != DONE
        if self.clients > 1:
            state = STATES.get(outcome.code, "FAILED")
            so_far = f"{self.ended_well + self.failed} of {self.clients}"
            self.console.print(
                f"{outcome.client:<20} {state:<17} {outcome.spent:5.1f} s  ({so_far})", markup=False
            )
        self.tick()

    def tick(self) -> None:
        """Show the seconds that have passed, where there is a terminal."""
        if self._live.is_started:
            self._live.refresh()

    def shown(self) -> Group:
        """What is under way, a row a step, and how many clients are done."""
        rows = Columns(box=box.SIMPLE_HEAD, pad_edge=False)
        for head in ("client", "chapter", "seconds", "state"):
            rows.add_column(head, justify="right" if head == "seconds" else "left")
        now = time.perf_counter()
        for (client, step), since in list(self._at.items())[:LONGEST]:
            rows.add_row(Text(client), Text(step), f"{now - since:.0f}", "running")
        told = f"{self.ended_well} of {self.clients} client(s) done"
        told += f", {self.failed} failed" if self.failed else ""
        return Group(rows, Text(f"{told}, {self.seconds:.0f} s"))
