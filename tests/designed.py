"""A test's columns given as one survey design."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from helpers.methods.survey import SurveyDesign

__all__ = ["PARTS", "designed"]

PARTS = ("weights", "strata", "clusters", "population")


def designed(columns: Mapping[str, Any]) -> dict[str, Any]:
    """Columns by name, those of a design among them put together as ``design``."""
    parts = {name: columns[name] for name in PARTS if name in columns}
    others = {name: column for name, column in columns.items() if name not in PARTS}
    return {**others, "design": SurveyDesign(**parts)} if parts else others
