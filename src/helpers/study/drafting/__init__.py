"""Drafting: from a raw export to a first ``codebook.csv`` and ``client.yml``, guesses marked."""

from __future__ import annotations

from helpers.study.drafting.confirming import Confirmed, confirm
from helpers.study.drafting.draft import Draft, Row, draft_codebook
from helpers.study.drafting.folder import Made, client_from, drafts_beside, survey_of
from helpers.study.drafting.guess import Guess
from helpers.study.drafting.seen import READABLE, columns_seen, declarations, file_seen
from helpers.study.drafting.writing import as_client, as_codebook, declared_lines, summary

__all__ = [
    "READABLE",
    "Confirmed",
    "Draft",
    "Guess",
    "Made",
    "Row",
    "as_client",
    "as_codebook",
    "client_from",
    "columns_seen",
    "confirm",
    "declarations",
    "declared_lines",
    "draft_codebook",
    "drafts_beside",
    "file_seen",
    "summary",
    "survey_of",
]
