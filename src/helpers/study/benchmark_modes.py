"""Outside figures that were asked in a way in which no answer of the client was collected."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from helpers.study.findings import Findings
from helpers.study.intake import Typed
from helpers.study.listing import listed
from helpers.study.row_faults import report_rows
from helpers.study.sameness import folded

__all__ = ["check_modes"]

SHOWN = 5
SAME = (  # words for one way of asking
    {"web", "online", "internet", "website", "cawi", "email", "e-mail", "mail survey", "digital",
     "electronic", "link", "web survey", "online survey", "onlinebefragung"},
    {"phone", "telephone", "telefon", "telefonisch", "cati", "call", "tel", "téléphone",
     "teléfono", "telefono"},
    {"in person", "face to face", "face-to-face", "f2f", "capi", "personal", "persönlich",
     "interview"},
    {"paper", "post", "postal", "letter", "brief", "papi", "papier"},
    {"sms", "text", "text message", "mobile text"},
)  # fmt: skip


def check_modes(tables: Mapping[str, Typed], findings: Findings) -> None:
    """Warn of benchmarks that are compared with nothing, for how they were asked."""
    typed, responses = tables.get("benchmarks"), tables["responses"]
    if typed is None or not {"metric", "mode"} <= set(typed.frame) or not len(typed.frame):
        return
    ours = responses.frame.get("mode", pd.Series(dtype=object)).dropna()
    if ours.empty:
        problem = "is compared with nothing: no answer says how it was collected"
        advice = f"Send it as `mode` in {responses.raw.file}, in the words of the benchmarks."
        findings.warn(typed.raw.file, problem, advice, column="mode")
        return
    there = [str(one) for one in ours.value_counts().index]
    modes = typed.frame["mode"].astype("object")
    met = modes.isin(there).groupby(typed.frame["metric"], dropna=False).transform("any")
    for mode in (str(one) for one in modes.dropna().unique() if one not in there):
        meant = next((one for one in there if _same(one, mode)), "")
        rows = modes.eq(mode) if meant else modes.eq(mode) & ~met
        problem = f"is no mode of our answers ({listed(there, SHOWN)}): it is compared with none"
        advice = "A figure is compared only with answers that were collected the same way."
        if meant:
            advice = f"If that is {meant}, write {meant}: both tables need one word."
        report_rows(typed, rows, "mode", problem, advice, findings, warn=True)


def _same(one: str, other: str) -> bool:
    """Whether two words name one way of asking.

    >>> _same("web", "Online"), _same("web", "phone")
    (True, False)
    """
    a, b = folded(one), folded(other)
    return a == b or any({a, b} <= words for words in SAME)
