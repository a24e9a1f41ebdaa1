"""Figures are declared, verdicts have their texts, and every text can be reached."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from pathlib import Path
from string import Formatter

import pytest

from helpers import views
from helpers.results import Figure
from helpers.views.rendering.declared import Declared, declare
from helpers.views.rendering.rules import IF, fits
from helpers.views.rendering.verdicts import ByVerdict, by_verdict

ROOMS = [  # that declare their figures
    room.name
    for room in pkgutil.iter_modules(views.__path__)
    if (Path(views.__path__[0]) / room.name / "figures.py").is_file()
    and "DECLARED" in (Path(views.__path__[0]) / room.name / "figures.py").read_text()
]


def declared(room: str) -> Declared:
    return importlib.import_module(f"helpers.views.{room}.figures").DECLARED


def modules(room: str) -> list[object]:
    """The modules of a room that hold sentences."""
    package = importlib.import_module(f"helpers.views.{room}")
    names = [module.name for module in pkgutil.iter_modules(package.__path__)]
    return [
        importlib.import_module(f"helpers.views.{room}.{name}")
        for name in names
        if name.startswith("sentences")
    ]


def tables(room: str) -> list[ByVerdict]:
    return [
        found
        for module in modules(room)
        for found in vars(module).values()
        if isinstance(found, ByVerdict)
    ]


def named(text: str) -> list[tuple[str, str]]:
    """Figures that a template names, each with its form; nothing where it is no template."""
    try:
        return [(name, form or "") for _, name, form, _ in Formatter().parse(text) if name]
    except ValueError:
        return []


def texts(room: str) -> list[str]:
    """Every text in the modules that hold sentences, but for docstrings."""
    found = []
    for module in modules(room):
        tree = ast.parse(inspect.getsource(module))
        docs = {
            ast.get_docstring(node, clean=False)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
        }
        found += [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
            and node.value not in docs
        ]  # fmt: skip
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_every_figure_that_a_text_names_is_declared(room):
    known = declared(room).names
    wrong = {name for text in texts(room) for name, _ in named(text) if name not in known}
    assert wrong == set()


@pytest.mark.parametrize("room", ROOMS)
def test_every_verdict_that_a_text_asks_for_is_declared(room):
    known = declared(room).verdicts
    for text in texts(room):
        for name, form in named(text):
            if form.startswith(IF):
                assert form.removeprefix(IF) in known[name], text


@pytest.mark.parametrize("room", ROOMS)
def test_every_verdict_of_a_table_has_its_text_and_no_other(room):
    known = declared(room).verdicts
    for table in tables(room):
        assert set(table.texts) == set(known[table.figure]), table.figure


@pytest.mark.parametrize("room", ROOMS)
def test_every_text_of_a_table_can_be_reached(room):
    """A text is reached where all its figures are told, and one that each text before it needs is not."""  # noqa: E501
    for table in tables(room):
        for verdict, chosen in [*table.texts.items(), (None, table.untold)]:
            several = [chosen] if isinstance(chosen, str) else list(chosen)
            for place, text in enumerate(several):
                figures = reaching(text, table.figure, verdict)
                if figures is not None and text:
                    assert table(figures) == text, (table.figure, verdict, place)


def reaching(text: str, figure: str, verdict: str | None) -> dict[str, Figure] | None:
    """Exactly the figures that a text needs."""
    wanted = {name for name, _ in named(text)} - ({figure} if verdict is None else set())
    asked = {n: form.removeprefix(IF) for n, form in named(text) if form.startswith(IF)}
    figures = {name: Figure(name, 1.0, 0.5, 1.5, verdict=asked.get(name, "")) for name in wanted}
    if verdict is not None:
        figures[figure] = Figure(figure, 1.0, 0.5, 1.5, verdict=verdict)
    return figures


@pytest.mark.parametrize("room", ROOMS)
def test_no_figure_is_a_flag_in_words(room):
    package = importlib.import_module(f"helpers.views.{room}")
    for module in pkgutil.iter_modules(package.__path__):
        source = inspect.getsource(importlib.import_module(f"helpers.views.{room}.{module.name}"))
        flags = [
            node
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.Constant) and node.value in ("yes", "no", "true", "false")
        ]
        assert flags == [], module.name


LINK = by_verdict(
    "effect",
    {"higher": ("By {effect}, {adjusted} held equal.", "By {effect}."), "not clear": "No link."},
    untold="Nothing is known.",
)


def effect(verdict: str) -> dict[str, Figure]:
    return {"effect": Figure("effect", 2.0, 1.0, 3.0, verdict=verdict)}


def test_a_text_is_chosen_by_the_verdict_and_by_what_could_be_told():
    assert LINK(effect("not clear")) == "No link."
    assert LINK(effect("higher")) == "By {effect}."
    assert LINK(effect("higher") | {"adjusted": Figure("adjusted", "size", unit="text")}) == (
        "By {effect}, {adjusted} held equal."
    )
    assert LINK({}) == "Nothing is known."


def test_a_withheld_figure_is_named_so_that_the_page_says_why():
    held = {"effect": Figure("effect", None, withheld="its base of 7 is under 10")}
    assert "{effect}" in LINK(held)


def test_a_text_may_ask_for_a_verdict_that_it_does_not_write():
    assert fits("{effect:if higher}It rose.", effect("higher"))
    assert not fits("{effect:if higher}It rose.", effect("not clear"))
    assert not fits("{effect:if higher}It rose.", {})


KNOWN = declare("per", effect=("higher", "not clear"))


@pytest.mark.parametrize(
    ("figure", "message"),
    [
        (Figure("speed", 1.0), "'speed' is not among the figures"),
        (Figure("effect", 1.0), "'effect' has the verdict ''; declared: higher, not clear"),
        (Figure("effect", 1.0, verdict="lower"), "has the verdict 'lower'"),
        (Figure("per", 1.0, verdict="higher"), "has the verdict 'higher'; declared: none"),
    ],
)
def test_a_figure_or_a_verdict_that_was_not_declared_is_refused(figure, message):
    with pytest.raises(ValueError, match=message):
        KNOWN.checked([figure])


def test_what_is_declared_and_not_there_is_told_with_its_reason():
    there = KNOWN.checked([Figure("per", 10.0)])
    assert KNOWN.untold(there) == {"effect": "these data cannot tell it"}
    assert KNOWN.untold(there, {"effect": "too few accounts"}) == {"effect": "too few accounts"}


def test_a_figure_is_declared_once():
    with pytest.raises(ValueError, match="declared twice: effect"):
        declare("effect", effect=("clear",))
