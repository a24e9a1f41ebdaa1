"""YAML read as it was typed: texts keep their zeros, keys are unique, lines are known."""

from __future__ import annotations

import math
import re
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, ReusedAnchorWarning, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from helpers.study.findings import Findings

__all__ = ["Place", "read_line", "read_yaml"]

Place = tuple[str, ...]
TYPED = "parameters"  # under this key numbers are numbers; elsewhere the schema decides
LARGEST = 200_000  # bytes: pages of keys; more is another file under this name
DEEPEST = 20  # keys within keys
MOST = 100_000  # values, those counted again that an alias repeats
ODD_SPACE = re.compile(
    r"[ ]*[\u00a0\u2000-\u200a\u202f\u3000]|[ ]*\w+:[\u00a0\u2000-\u200a\u202f\u3000]"
)
KINDS = {"str", "int", "float", "bool", "null", "timestamp", "map", "seq", "merge", "value"}


def read_yaml(path: Path, findings: Findings) -> tuple[dict[str, Any] | None, dict[Place, int]]:
    """Read a mapping and the line of every key; faults go to ``findings``.

    Plain values stay text (``wave: 012`` is "012"), since the schema knows what each
    should be. Of a key written twice the first is kept and the second reported.
    """
    reading = _Reading(path.name, findings)
    root = _composed(path, findings)
    if root is None:
        return None, reading.places
    if not isinstance(root, MappingNode):
        findings.error(path.name, "is empty or not a list of keys", "Start with `name: …`.")
        return None, reading.places
    try:
        return reading.mapping(root, ()), reading.places
    except _Unbounded as fault:
        findings.error(path.name, *fault.args)
        return None, reading.places


def read_line(text: str) -> dict[str, Any] | None:
    """Keys as one would type them into ``client.yml``; ``None`` where they are none.

    Examples
    --------
    >>> read_line("formats: {accounts: {header_row: 3}}")
    {'formats': {'accounts': {'header_row': '3'}}}
    """
    try:
        root = YAML(typ="safe", pure=True).compose(text)
        return _Reading("", Findings()).mapping(root, ()) if isinstance(root, MappingNode) else None
    except (YAMLError, _Unbounded):
        return None


def _composed(path: Path, findings: Findings) -> Node | None:
    if path.stat().st_size > LARGEST:
        problem = f"is larger than {LARGEST // 1000} kB"
        findings.error(path.name, problem, "It holds keys; data belong into tables.")
        return None
    try:
        text = path.read_text(encoding="utf-8-sig")
        with warnings.catch_warnings():
            warnings.simplefilter("error", ReusedAnchorWarning)
            return YAML(typ="safe", pure=True).compose(text) or ScalarNode("null", "")
    except ReusedAnchorWarning as fault:
        findings.error(path.name, *_anchored_twice(str(fault)))
    except UnicodeDecodeError as fault:
        findings.error(path.name, f"is not UTF-8 (byte {fault.start + 1})", "Save it as UTF-8.")
    except RecursionError:
        findings.error(path.name, *_too_deep(_deepest_line(text)))
    except ReaderError as fault:
        line = text.count("\n", 0, fault.position) + 1
        problem = f"holds a character that no text has (line {line})"
        advice = "Delete it; it may not show in an editor."
        findings.error(path.name, problem, advice, found=f"U+{ord(text[fault.position]):04X}")
    except YAMLError as fault:
        findings.error(path.name, *(_odd_space(text) or _explained(fault)))
    except (ArithmeticError, LookupError, ValueError, AttributeError, TypeError) as fault:
        reason = f"is not valid YAML: {type(fault).__name__} {fault}"[:200]
        findings.error(path.name, reason, "Write plain keys and values, as data/README.md shows.")
    return None


def _odd_space(text: str) -> tuple[str, str] | None:
    """The first line in which a space behind a key, or before it, is none that YAML knows."""
    for number, line in enumerate(text.splitlines(), start=1):
        if ODD_SPACE.match(line):
            problem = f"has a space that does not break, or one of another width (line {number})"
            return problem, "Delete the space, and type it again with the space bar."
    return None


def _explained(fault: YAMLError) -> tuple[str, str]:
    mark = fault.problem_mark if isinstance(fault, MarkedYAMLError) else None
    what = (fault.problem if isinstance(fault, MarkedYAMLError) else None) or "cannot be read"
    where = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
    if "\\t" in what:
        return f"has a tab before its text{where}", "Indent with spaces."
    return f"is not valid YAML{where}: {what}", "Mend that line; quote texts that hold : or #."


def _anchored_twice(told: str) -> tuple[str, str]:
    """An anchor that two values have: which of them an alias means can only be guessed."""
    name = re.search(r"anchor '([^']*)'", told)
    lines = re.findall(r"line (\d+), column", told)
    problem = f"has the anchor &{name[1] if name else ''} twice (lines {' and '.join(lines)})"
    return problem, "Give each a name of its own, or write the values out."


def _too_deep(line: int) -> tuple[str, str]:
    return f"has keys within keys, more than {DEEPEST} deep (line {line})", "Mend its brackets."


def _deepest_line(text: str) -> int:
    """The line with the most brackets, or that which is indented most."""
    lines = text.splitlines()
    depths = [line.count("[") + line.count("{") or len(line) - len(line.lstrip()) for line in lines]
    return depths.index(max(depths)) + 1


class _Unbounded(Exception):
    """Values without end: what is wrong, and what to type instead."""


@dataclass
class _Reading:
    """One file while it is read: where its keys stand, and how many values there are."""

    file: str
    findings: Findings
    places: dict[Place, int] = field(default_factory=dict)
    values: int = 0
    within: list[int] = field(default_factory=list)  # the nodes that lead here, by identity

    def plain(self, node: Node, place: Place) -> Any:  # noqa: ANN401 (any YAML value)
        """The value of a node, whatever its kind."""
        line = node.start_mark.line + 1
        self._check_bounds(node, line)
        tag = str(node.tag).rsplit(":", 1)[-1] if "yaml.org" in str(node.tag) else str(node.tag)
        if tag not in KINDS or "python" in str(node.tag):
            found = str(node.tag).replace("tag:yaml.org,2002:", "!!")
            self._report(
                f"is a tag, which is not read (line {line})", "Write the value alone.", place, found
            )
            return None
        self.within.append(id(node))
        try:
            if isinstance(node, MappingNode):
                return self.mapping(node, place)
            if isinstance(node, SequenceNode):
                items = enumerate(node.value)
                return [self.plain(item, (*place, str(i))) for i, item in items]
            return self._scalar(node, tag, place)
        finally:
            self.within.pop()

    def mapping(self, node: MappingNode, place: Place) -> dict[str, Any]:
        """Keys and their values; of a key written twice the first."""
        content: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, ScalarNode):
                self._report(f"has a key that is no text (line {line})", "Write a name.", place)
                continue
            key = str(key_node.value)
            here = (*place, key)
            if key in content:
                problem = f"is written twice (lines {self.places[here]} and {line})"
                self._report(problem, "Keep one of them.", here)
                continue
            self.places[here] = line
            content[key] = self.plain(value_node, here)
        return content

    def _check_bounds(self, node: Node, line: int) -> None:
        self.values += 1
        if id(node) in self.within:
            raise _Unbounded(f"has an alias within itself (line {line})", "Write the value out.")
        if len(self.within) >= DEEPEST:
            raise _Unbounded(*_too_deep(line))
        if self.values > MOST:
            problem = f"unfolds to more than {MOST:,} values (aliases of line {line})"
            raise _Unbounded(problem, "Write the values out.")

    def _scalar(self, node: Node, tag: str, place: Place) -> object:
        text = str(node.value)
        if tag == "null":
            return None
        if place[:1] != (TYPED,) or tag not in ("bool", "int", "float"):
            return text
        if tag == "bool":
            return text.lower() == "true"
        number = _number(text, tag)
        if number is None:
            problem = f"is not a number that can be computed with (line {node.start_mark.line + 1})"
            self._report(problem, "Write it in digits, for example 0.5.", place, text[:60])
        return number

    def _report(self, problem: str, advice: str, place: Place, found: str | None = None) -> None:
        column = ".".join(place) or None
        self.findings.error(self.file, problem, advice, column=column, found=found)


def _number(text: str, kind: str) -> float | None:
    """A number as YAML writes it; ``None`` for one without end, or for none at all.

    Examples
    --------
    >>> _number("0x1F", "int"), _number("1_000.5", "float"), _number(".inf", "float")
    (31, 1000.5, None)
    """
    digits = text.replace("_", "")
    try:
        if kind == "int":
            return int(digits, 0) if digits.lstrip("+-")[:2] in ("0x", "0o") else int(digits)
        number = float(digits)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
