"""YAML read as it was typed: texts keep their zeros, keys are unique, lines are known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from helpers.study.findings import Findings

__all__ = ["Place", "read_yaml"]

Place = tuple[str, ...]
TYPED = "parameters"  # under this key numbers are numbers; elsewhere the schema decides


def read_yaml(path: Path, findings: Findings) -> tuple[dict[str, Any] | None, dict[Place, int]]:
    """Read a mapping and the line of every key; faults go to ``findings``.

    Plain values stay text (``wave: 012`` is "012"), since the schema knows what each
    should be. Of a key written twice the first is kept and the second reported.
    """
    places: dict[Place, int] = {}
    try:
        text = path.read_text(encoding="utf-8-sig")
        root = YAML(typ="safe", pure=True).compose(text)
    except UnicodeDecodeError as fault:
        findings.error(path.name, f"is not UTF-8 (byte {fault.start + 1})", "Save it as UTF-8.")
        return None, places
    except YAMLError as fault:
        findings.error(path.name, *_explained(fault))
        return None, places
    if not isinstance(root, MappingNode):
        findings.error(path.name, "is empty or not a list of keys", "Start with `name: …`.")
        return None, places
    return _plain(root, (), places, path.name, findings), places


def _explained(fault: YAMLError) -> tuple[str, str]:
    mark = fault.problem_mark if isinstance(fault, MarkedYAMLError) else None
    what = (fault.problem if isinstance(fault, MarkedYAMLError) else None) or "cannot be read"
    where = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
    return f"is not valid YAML{where}: {what}", "Mend that line; quote texts that hold : or #."


def _plain(
    node: Node, place: Place, places: dict[Place, int], file: str, findings: Findings
) -> Any:  # noqa: ANN401 (any YAML value)
    if isinstance(node, MappingNode):
        return _mapping(node, place, places, file, findings)
    if isinstance(node, SequenceNode):
        return [
            _plain(item, (*place, str(i)), places, file, findings)
            for i, item in enumerate(node.value)
        ]
    if isinstance(node, ScalarNode):
        return _scalar(node, typed=place[:1] == (TYPED,))
    raise TypeError(f"a YAML node of a kind that is not known: {node}")


def _mapping(
    node: MappingNode, place: Place, places: dict[Place, int], file: str, findings: Findings
) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        line = key_node.start_mark.line + 1
        here = (*place, key)
        if key in content:
            findings.error(
                file,
                f"is written twice (lines {places[here]} and {line})",
                "Keep one of them.",
                column=".".join(here),
            )
            continue
        places[here] = line
        content[key] = _plain(value_node, here, places, file, findings)
    return content


def _scalar(node: ScalarNode, *, typed: bool) -> object:
    tag = str(node.tag).rsplit(":", 1)[-1]
    text = str(node.value)
    if tag == "null":
        return None
    if not typed:
        return text
    if tag == "bool":
        return text.lower() == "true"
    if tag == "int":
        return int(text.replace("_", ""), 0) if text[:2] in ("0x", "0o") else int(text)
    return float(text.replace("_", "")) if tag == "float" else text
