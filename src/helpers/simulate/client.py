"""The client folder of a simulated world: settings, codebook, logo and every table."""

from __future__ import annotations

import pandas as pd

from helpers.simulate.answers import ATTITUDE, BEHAVIOUR
from helpers.simulate.fieldwork import INTERESTS, product_name
from helpers.simulate.settings import WAVES, Settings, wave_date

__all__ = ["LOGO", "codebook", "config"]

ATTITUDE_TEXTS = (
    ("Proud to work with us", "We are proud to do business with Northfield"),
    ("Cares about us", "Northfield cares about our success"),
    ("Trust", "We trust Northfield to do what it says"),
    ("Values the relationship", "Northfield values our relationship"),
)
BEHAVIOUR_TEXTS = (
    ("Will continue", "We will still buy from Northfield in two years"),
    ("Will buy more", "We will keep or raise Northfield's share of what we buy"),
    ("First choice", "Northfield is our first choice for the next purchase"),
)
LOGO = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 220 48" role="img" \
aria-label="Northfield Industrial">
<path d="M6 42V6h7l17 24V6h7v36h-7L13 18v24z" fill="#0b5fff"/>
<path d="M42 42h6V6h-6z" fill="#9db8ea"/>
<text x="60" y="23" font-family="Helvetica, Arial, sans-serif" font-size="18" \
font-weight="700" fill="#1c2b4a">Northfield</text>
<text x="60" y="40" font-family="Helvetica, Arial, sans-serif" font-size="12" \
letter-spacing="2" fill="#5a6a8a">INDUSTRIAL</text>
</svg>
"""
CONFIG = """\
# A simulated manufacturer: nothing here is real. Made by `python -m helpers.simulate`.
name: Northfield Industrial
description: A simulated maker of pumps, valves and service, with planted truths.
sources: [Simulated by helpers.simulate; companies and people are invented.]
currency: USD
as_of: 2026-06-30
wave: 2026H1
previous_wave: 2025H2
waves:
{waves}
segments: [tier, region]
policy:
  smallest_base: {{suppress: 10, test: 30, flag: 100}}
  employees: {{numbers: 5, comments: 8}}
  consent: required            # named scores and quotes only with consent_named
targets: {{first_contact_hours: 48, plan_days: 5, close_days: 20}}
calendar: {{opens: 8, closes: 17, holidays: [2025-12-25, 2026-01-01, 2026-05-25]}}
brand: {{logo: logo.svg, colour: "#0b5fff"}}
report:
  author: Hollis & Reed
  contact: loyalty@hollis-reed.example
  confidentiality: Confidential, for the executive team
parameters:
  sampling:  {{margins: [tier, region, role], trim: 5}}
  loyalty:   {{leading_score: loyalty_index}}
  drivers:   {{outcome: loyalty, replicates: 2000}}
  linkage:   {{outcome: retained, lag_months: 6}}
  value_map: {{payoff: 0.5, potential: 0.3, partnership: 0.2}}
  actions:   {{budget: 750000, effort_days: {{Service: 400}}, objective: mean}}
"""


def config() -> str:
    """Give the text of ``client.yml``.

    >>> config().splitlines()[1]
    'name: Northfield Industrial'
    """
    waves = "\n".join(f"  {wave}: {wave_date(wave).date()}" for wave in WAVES)
    return CONFIG.format(waves=waves)


def codebook(world: Settings) -> pd.DataFrame:
    """One row a question, as ``codebook.csv`` holds it."""
    rows = [
        _row("recommend", "recommend", "Would recommend",
             "How likely are you to recommend Northfield?", 0, 10, decision="bonus of the board"),
        _row("satisfaction", "satisfaction", "Satisfaction",
             "How satisfied are you overall?", 1, 10),
        _row("effort", "effort", "Effort", "How much effort did it take to work with us?", 1, 7,
             reverse="yes"),
    ]  # fmt: skip
    for names, texts, role in (
        (ATTITUDE, ATTITUDE_TEXTS, "attitude"),
        (BEHAVIOUR, BEHAVIOUR_TEXTS, "behaviour"),
    ):
        rows += [
            _row(name, role, label, text, 1, 5)
            for name, (label, text) in zip(names, texts, strict=True)
        ]
    rows += [
        _row("asked", "asked", "You asked us", "Northfield asks what we think", 1, 5),
        _row("acted", "acted", "You acted on it", "Northfield acts on what we say", 1, 5),
        _row("told", "told", "You told us", "Northfield told us what it changed", 1, 5),
    ]
    return pd.DataFrame(rows + _driver_rows(world) + _last_rows())


def _driver_rows(world: Settings) -> list[dict[str, object]]:
    rated = [
        _row(d.name, "driver", d.label, d.text, 0, 10, function=d.function,
             missing="99" if d.name in ("project_management", "complaint_handling") else "",
             decision="action plan", owner=f"Head of {d.function}")
        for d in world.drivers
    ]  # fmt: skip
    stated = [
        _row(f"stated_{d.name}", "stated", f"{d.label}: importance",
             f"How important to you: {d.label.lower()}", 0, 10)
        for d in world.drivers
    ]  # fmt: skip
    return rated + stated


def _last_rows() -> list[dict[str, object]]:
    wishes = [
        _row(f"interest_{p}", "interest", f"Interest: {product_name(p)}",
             f"I would like to hear about: {product_name(p).lower()}", 0, 1)
        for p in INTERESTS
    ]  # fmt: skip
    return [*wishes, _row("comment", "comment", "Comment", "Anything you want to tell us?", "", "")]


def _row(
    variable: str,
    role: str,
    label: str,
    text: str,
    low: object,
    high: object,
    *,
    reverse: str = "no",
    missing: str = "",
    function: str = "",
    decision: str = "",
    owner: str = "",
) -> dict[str, object]:
    return {
        "variable": variable,
        "text": text,
        "role": role,
        "label": label,
        "scale_min": low,
        "scale_max": high,
        "reverse": reverse,
        "missing_codes": missing,
        "function": function,
        "decision": decision,
        "follow_up_owner": owner,
    }
