"""Small runs written to disk as a run leaves them, to be compared."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from helpers import results
from helpers.press.comparing import Comparison, compared, open_run
from helpers.press.inputs import ChapterInputs, Inputs, handed_on, write_inputs
from helpers.results import ChapterResult, Figure

ORDER = ("sampling", "loyalty", "drivers")
SHARED = {
    "answers": "a1",
    "dates": "e1",
    "groups": "g1",
    "setting waves": "v1",
    "setting segments": "s1",
    "table responses": "r1",
    "table accounts": "c1",
    "table tickets": "t1",
    "question ease": "q1",
    "setting wave": "w1",
    "setting as_of": "d1",
    "setting policy.consent": "p1",
    "setting policy.smallest_base": "p2",
    "setting formats": "f1",
    "library numpy": "2.3.0",
    "library scipy": "1.16.0",
}
READS = {
    "sampling": ("setting as_of", "setting wave", "table accounts", "library numpy"),
    "loyalty": ("setting policy", "setting wave", "table responses", "library numpy"),
    "drivers": ("setting wave", "table tickets", "library numpy", "library scipy"),
}
AFTER = {"sampling": (), "loyalty": ("sampling",), "drivers": ("sampling",)}
OWN = {
    "sampling": {"parameter trim": "5", "code notebook": "n1", "code methods.weighting": "m1"},
    "loyalty": {"parameter confidence": "0.95", "code notebook": "n2", "code study": "s1"},
    "drivers": {
        "parameter replicates": "2000",
        "code notebook": "n3",
        "code methods.drivers": "m3",
    },
}
FIGURES = {
    "sampling": {"response_rate": Figure("response_rate", 0.30, 0.28, 0.32, "share", 900)},
    "loyalty": {"nps": Figure("nps", 40.0, 36.0, 44.0, base=800, label="net promoter score"),
                "trapped": Figure("trapped", 0.14, 0.11, 0.17, "share", 800, verdict="some")},
    "drivers": {"r_squared": Figure("r_squared", 0.5, 0.4, 0.6, "share", 790)},
}  # fmt: skip


@dataclass(frozen=True)
class World:
    """A run as it is to be written; every change gives another."""

    shared: Mapping[str, str] = field(default_factory=lambda: dict(SHARED))
    waves: Mapping[str, Mapping[str, str]] = field(
        default_factory=lambda: {"responses": {"W1": "1", "W2": "2"}, "joined": {"W1": "j"}}
    )
    own: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: dict(OWN))
    figures: Mapping[str, Mapping[str, Figure]] = field(default_factory=lambda: dict(FIGURES))
    wave: str = "W2"
    files: Mapping[str, str] = field(default_factory=lambda: {"responses": "x", "accounts": "y"})
    rows: Mapping[str, int] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)
    recorded: bool = True
    client: str = "acme"

    def with_shared(self, **told: str) -> World:
        """Another content of shared inputs; two underscores stand for the space."""
        named = {name.replace("__", " ").replace("_DOT_", "."): v for name, v in told.items()}
        return replace(self, shared={**self.shared, **named})

    def with_own(self, chapter: str, name: str, value: str) -> World:
        """Another value of a chapter's own input."""
        return replace(self, own={**self.own, chapter: {**self.own[chapter], name: value}})

    def with_figure(self, chapter: str, name: str, **parts: Any) -> World:
        """A figure that differs in some of its parts."""
        one = self.figures[chapter].get(name) or Figure(name, 1.0)
        made = {**self.figures[chapter], name: replace(one, **parts)}
        return replace(self, figures={**self.figures, chapter: made})

    def without_figure(self, chapter: str, name: str) -> World:
        """The run without one figure."""
        left = {n: f for n, f in self.figures[chapter].items() if n != name}
        return replace(self, figures={**self.figures, chapter: left})

    def write(self, folder: Path) -> Path:
        """Leave results, record, inputs and states as a run does."""
        where = folder / "results"
        made = {n: _result(n, of) for n, of in self.figures.items()}
        for result in made.values():
            results.save(result, where)
        parameters = {
            name: {k.partition(" ")[2]: json.loads(v) for k, v in own.items() if "parameter" in k}
            for name, own in self.own.items()
        }
        record = {
            "client": self.client, "name": "Acme & Söhne", "wave": self.wave, "as_of": "2026-06-30",
            "inputs": [{"table": n, "sha256": h, "rows_out": self.rows.get(n, 10)}
                       for n, h in self.files.items()],
            "parameters": {**parameters, "loyalty": {"confidence": 0.95}},
        }  # fmt: skip
        (where / "_run.json").write_text(json.dumps(record), encoding="utf-8")
        told = {"chapters": {name: {"state": state} for name, state in self.states.items()}}
        (folder / "manifest.json").write_text(json.dumps(told), encoding="utf-8")
        if self.recorded:
            write_inputs(self.inputs(made), where)
        return folder

    def inputs(self, made: Mapping[str, ChapterResult]) -> Inputs:
        """What its chapters depend on."""
        chapters = {
            name: ChapterInputs(self.own[name], READS[name], AFTER[name], handed_on(result))
            for name, result in made.items()
        }
        return Inputs(self.shared, self.waves, chapters)


def _result(name: str, figures: Mapping[str, Figure]) -> ChapterResult:
    answer = "{nps} stands out." if name == "loyalty" else ""
    return ChapterResult(name, figures, answer=answer)


def compare(before: World, now: World, folder: Path) -> Comparison:
    """Write both and compare them as the command does."""
    one, other = (w.write(folder / n) for w, n in ((before, "a"), (now, "b")))
    runs = [open_run(str(place), folder) for place in (one, other)]
    return compared(*runs, ORDER)
