"""Drafting: from a raw export to a first ``codebook.csv`` and ``client.yml``, guesses marked."""

from __future__ import annotations

from helpers.study.drafting.draft import Draft, Row, draft_codebook
from helpers.study.drafting.folder import Made, client_from, drafts_beside, survey_of
from helpers.study.drafting.guess import Guess
from helpers.study.drafting.writing import as_client, as_codebook, summary

__all__ = [
    "Draft",
    "Guess",
    "Made",
    "Row",
    "as_client",
    "as_codebook",
    "client_from",
    "draft_codebook",
    "drafts_beside",
    "summary",
    "survey_of",
]
