"""What counts as a driver, which questions are about one subject, and who owns it."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import pandas as pd

from helpers.study.codebook import Codebook

__all__ = ["owner_of", "subjects_of", "with_attitudes"]

Subjects = dict[str, tuple[str, ...]]


def with_attitudes(
    ratings: pd.DataFrame, responses: pd.DataFrame, codebook: Codebook, apart: Collection[str]
) -> pd.DataFrame:
    """Driver ratings, and questions on attitude that the codebook gives a subject.

    Image, say, is an attitude, and may explain satisfaction. Questions that the outcome is made
    of (``apart``) explain nothing of it, and are left out.
    """
    more = [
        q.variable for q in codebook.of("attitude")
        if q.group and q.scaled and q.variable in responses and q.variable not in apart
    ]  # fmt: skip
    return ratings.join(responses[more].astype(float))


def subjects_of(codebook: Codebook, names: Iterable[str]) -> Subjects:
    """Questions by the subject that the codebook's ``group`` gives them, several each.

    Nothing where all these questions are of one subject, or none has a subject.
    """
    there = [str(name) for name in names]
    found: dict[tuple[str, bool], list[str]] = {}
    for name in there:
        question = codebook.get(name)
        subject = question.group if question else ""
        found.setdefault((subject or name, bool(subject)), []).append(name)
    if len(found) == 1 or len(found) == len(there):
        return {}
    return {
        f"{subject} (group)" if subject in there and subject not in those else subject: tuple(those)
        for (subject, _), those in found.items()
        if len(those) > 1
    }


def owner_of(codebook: Codebook, variables: Iterable[str]) -> str:
    """The function that owns most of these questions; empty where the codebook names none."""
    asked = [codebook.get(name) for name in variables]
    owners = [question.function for question in asked if question and question.function]
    return max(owners, key=owners.count, default="")
