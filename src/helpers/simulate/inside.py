"""The company from inside: staff, what functions are paid on, ideas, promises, benchmarks."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.simulate.answers import index_of
from helpers.simulate.fieldwork import Fieldwork
from helpers.simulate.settings import WAVES, Settings, stream

__all__ = [
    "ACTIONS", "action_effects", "actions", "benchmarks", "communications", "employee_survey",
    "function_metrics", "ledger",
]  # fmt: skip

STAFF = {
    "Sales": (70, "yes"), "Service": (95, "yes"), "Logistics": (60, "no"),
    "Operations": (90, "no"), "Product": (45, "no"), "Finance": (20, "no"),
}  # fmt: skip
PILLARS = {"generation": 3.3, "dissemination": 2.8, "responsiveness": 3.0}
METRICS = (
    ("Sales", "order_intake", 0.60, "up", "", "Tom Eriksen"),
    ("Sales", "quote_hours", 0.15, "down", "sales_process", "Tom Eriksen"),
    ("Service", "handling_minutes", 0.45, "down", "technical_support", "Nora Castell"),
    ("Service", "first_response_hours", 0.20, "down", "technical_support", "Nora Castell"),
    ("Logistics", "on_time_delivery", 0.40, "up", "delivery", "Iain Brodie"),
    ("Logistics", "freight_cost", 0.35, "down", "", "Iain Brodie"),
    ("Operations", "inventory_days", 0.50, "down", "delivery", "Priya Raman"),
    ("Operations", "projects_on_plan", 0.15, "up", "project_management", "Priya Raman"),
    ("Product", "returns_ppm", 0.40, "down", "product_quality", "Lena Moreau"),
    ("Finance", "days_sales_outstanding", 0.50, "down", "", "Marc Villiers"),
)
# name, function, cost once, cost a year, effort days, months, requires, excludes, reach, saving,
# driver, change (middle), basis
ACTIONS = (
    ("Proactive order-status messages", "Service", 90000, 30000, 80, 4, "", "", "all", 0,
     "communication", 0.60, "pilot"),
    ("Named contact for every key account", "Service", 40000, 160000, 120, 5, "", "",
     "tier in ('Strategic', 'Key')", 0, "communication", 0.70, "pilot"),
    ("Monthly plant newsletter", "Sales", 15000, 24000, 30, 2, "", "", "all", 0,
     "communication", 0.08, "judgement"),
    ("Customer portal with order tracking", "Operations", 260000, 60000, 220, 9, "", "",
     "all", 45000, "communication", 0.50, "benchmark"),
    ("Delivery-date commitment desk", "Logistics", 60000, 90000, 90, 4, "", "", "all", 0,
     "delivery", 0.50, "pilot"),
    ("Second regional warehouse, Singapore", "Logistics", 420000, 130000, 160, 10, "", "",
     "region == 'Asia Pacific'", 0, "delivery", 0.90, "benchmark"),
    ("Safety stock on forty fast movers", "Operations", 180000, 40000, 40, 3, "", "", "all", 0,
     "delivery", 0.55, "pilot"),
    ("Carrier scorecards and switch", "Logistics", 25000, 10000, 45, 5, "", "", "all", 60000,
     "delivery", 0.20, "judgement"),
    ("Line-side remote diagnostics", "Product", 310000, 70000, 200, 9, "", "",
     "tier in ('Strategic', 'Key')", 120000, "technical_support", 0.60, "benchmark"),
    ("Second-level engineers on the hotline", "Service", 50000, 210000, 110, 5, "", "", "all", 0,
     "technical_support", 0.65, "pilot"),
    ("Knowledge base for older pumps", "Service", 70000, 15000, 100, 6, "", "", "all", 40000,
     "technical_support", 0.25, "judgement"),
    ("Around-the-clock support, Europe", "Service", 30000, 240000, 70, 4, "A10", "",
     "region == 'Europe'", 0, "technical_support", 0.55, "benchmark"),
    ("Seal quality programme", "Product", 220000, 20000, 150, 8, "", "", "all", 90000,
     "product_quality", 0.45, "benchmark"),
    ("Incoming inspection at two foundries", "Product", 80000, 35000, 60, 4, "", "", "all", 30000,
     "product_quality", 0.20, "judgement"),
    ("Field upgrade of controller firmware", "Product", 120000, 0, 130, 6, "", "",
     "segment == 'Plant operator'", 0, "product_quality", 0.25, "judgement"),
    ("Claims settled by the first person", "Service", 35000, 45000, 60, 3, "", "", "all", 0,
     "complaint_handling", 0.70, "pilot"),
    ("Returns label and credit in five days", "Service", 45000, 20000, 50, 4, "", "", "all", 25000,
     "complaint_handling", 0.45, "benchmark"),
    ("Price cut of two per cent on spares", "Sales", 0, 380000, 20, 1, "", "A19", "all", 0,
     "pricing", 0.80, "benchmark"),
    ("Price explainer and value calculator", "Sales", 30000, 5000, 40, 3, "", "A18", "all", 0,
     "pricing", 0.30, "judgement"),
    ("Quote engine", "Sales", 150000, 30000, 120, 7, "", "", "all", 70000,
     "sales_process", 0.70, "benchmark"),
    ("Order portal clean-up", "Sales", 40000, 5000, 45, 3, "", "", "all", 20000,
     "sales_process", 0.30, "judgement"),
    ("Project office with one plan", "Operations", 60000, 120000, 90, 5, "", "",
     "tier in ('Strategic', 'Key')", 0, "project_management", 0.90, "benchmark"),
    ("Commissioning checklist", "Operations", 10000, 0, 25, 2, "", "", "all", 15000,
     "project_management", 0.35, "pilot"),
    ("Portal alerts by text message", "Service", 20000, 15000, 30, 2, "A04", "", "all", 0,
     "communication", 0.25, "judgement"),
)  # fmt: skip


def actions() -> pd.DataFrame:
    """Twenty-four candidate actions with their costs, effort, conditions and reach.

    >>> len(actions())
    24
    """
    rows = []
    for i, (name, function, once, year, days, months, needs, bars, reach, saving, *_) in enumerate(
        ACTIONS, start=1
    ):
        middle = 0.9 if reach == "all" else 0.8
        rows.append(
            {
                "action_id": f"A{i:02d}",
                "name": name,
                "function": function,
                "cost_once": once,
                "cost_year": year,
                "effort_days": days,
                "months": months,
                "earliest_quarter": ("2026Q3", "2026Q3", "2026Q4", "2027Q1")[i % 4],
                "requires": needs,
                "excludes": bars,
                "reach": reach,
                "adoption_low": round(middle - 0.3, 2),
                "adoption_mid": round(middle - 0.1, 2),
                "adoption_high": middle,
                "saving_year": saving,
                "source": ("customer comments", "service team", "sales team", "board")[i % 4],
            }
        )
    return pd.DataFrame(rows)


def action_effects() -> pd.DataFrame:
    """Rating points each action adds to a driver, and what that rests on."""
    width = {"pilot": 0.35, "benchmark": 0.5, "judgement": 0.8}
    rows = []
    for i, (*_, driver, middle, basis) in enumerate(ACTIONS, start=1):
        rows.append(_effect(f"A{i:02d}", driver, middle, basis, width[basis]))
    rows.append(_effect("A04", "sales_process", 0.30, "benchmark", 0.5))
    rows.append(_effect("A07", "product_quality", 0.05, "judgement", 0.8))
    rows.append(_effect("A02", "complaint_handling", 0.30, "judgement", 0.8))
    rows.append(_effect("A18", "sales_process", 0.05, "judgement", 0.8))
    return pd.DataFrame(rows)


def _effect(
    action_id: str, driver: str, middle: float, basis: str, width: float
) -> dict[str, object]:
    low, high = round(middle * (1 - width), 2), round(middle * (1 + width), 2)
    return {
        "action_id": action_id,
        "driver": driver,
        "change_low": low,
        "change_mid": middle,
        "change_high": high,
        "basis": basis,
    }


def function_metrics() -> pd.DataFrame:
    """What functions are paid on; shorter handling and lower stock work against customers."""
    columns = ["function", "metric", "pay_weight", "direction", "driver", "owner"]
    return pd.DataFrame(METRICS, columns=columns)


def employee_survey(world: Settings, field: Fieldwork) -> pd.DataFrame:
    """Staff on customer focus, and their guess of how customers rate each driver.

    They err by what is planted, and by chance, about what everybody eligible would have said.
    """
    waves = range(len(WAVES) - 2, len(WAVES))
    return pd.concat([_staff(world, WAVES[w], _means(world, field, w)) for w in waves],
                     ignore_index=True)  # fmt: skip


def _means(world: Settings, field: Fieldwork, wave: int) -> dict[str, float]:
    there = field.eligible[:, wave]
    return {d.name: float(field.would[wave][d.name][there].mean()) for d in world.drivers}


def _staff(world: Settings, wave: str, means: dict[str, float]) -> pd.DataFrame:
    rng = stream(world, f"staff {wave}")
    function = np.repeat(list(STAFF), [count for count, _ in STAFF.values()])
    function = function[rng.random(len(function)) < 0.72]
    n = len(function)
    unit = rng.choice(["North", "South", "East", "West"], n)
    own = rng.standard_normal(n) * 0.6
    table = pd.DataFrame({"wave": wave, "unit": unit, "function": function})
    table["customer_facing"] = [STAFF[f][1] for f in function]
    for pillar, mean in PILLARS.items():
        for item in range(1, 4):
            table[f"{pillar}_{item}"] = _five(mean + own + rng.standard_normal(n) * 0.8)
    faces = (table["customer_facing"] == "yes").to_numpy() * world.misjudgement  # no effect: none
    table["belief"] = _five(3.2 + own + rng.standard_normal(n) * 0.8)
    table["line_of_sight"] = _five(2.8 + 0.5 * faces + own + rng.standard_normal(n) * 0.8)
    for driver in world.drivers:
        over = driver.misjudged if world.misjudgement else 0.0
        guess = means[driver.name] + over + 1.3 * rng.standard_normal(n)
        table[f"guess_{driver.name}"] = np.clip(np.rint(guess), 0, 10).astype(int)
    return table


def _five(values: np.ndarray) -> np.ndarray:
    return np.clip(np.rint(values), 1, 5).astype(int)


def communications() -> pd.DataFrame:
    """Promises kept and not kept, told and not told."""
    columns = ["what", "audience", "action_id", "promised_at", "due", "delivered_at", "told_at"]
    return pd.DataFrame(PROMISES, columns=columns)


PROMISES = (
    ("Order confirmations within one day", "customers", "", "2025-01-20", "2025-06-30",
     "2025-05-12", "2025-07-02"),
    ("A named service contact for strategic accounts", "customers", "A02", "2025-01-20",
     "2025-09-30", "2025-09-15", ""),
    ("Spare parts list for discontinued pumps", "customers", "A11", "2025-01-20", "2025-10-31",
     "2025-12-18", ""),
    ("Delivery dates that hold", "customers", "A05", "2025-06-25", "2026-03-31", "", ""),
    ("Answer to every claim in five days", "customers", "A17", "2025-06-25", "2026-01-31",
     "2026-01-22", ""),
    ("Results of the 2025 survey", "customers", "", "2025-06-25", "2025-08-31", "2025-08-20",
     "2025-08-20"),
    ("Results of the 2025 survey", "employees", "", "2025-06-25", "2025-08-31", "2025-09-30",
     "2025-09-30"),
    ("Seal kits replaced free of charge", "customers", "A13", "2025-11-28", "2026-05-31",
     "2026-04-30", "2026-05-04"),
    ("Hotline with second-level engineers", "customers", "A10", "2025-11-28", "2026-06-30", "", ""),
    ("Carrier scorecards", "employees", "A08", "2025-11-28", "2026-02-28", "2026-02-20",
     "2026-03-02"),
    ("Training for project leads", "employees", "A22", "2025-11-28", "2026-05-31", "", ""),
    ("Order tracking in the portal", "customers", "A04", "2026-02-10", "2026-12-31", "", ""),
)  # fmt: skip


def benchmarks() -> pd.DataFrame:
    """Outside figures, invented; two of them on another scale or mode, not to be compared."""
    columns = ["metric", "scale", "mode", "source", "year", "region",
               "p10", "p25", "p50", "p75", "p90", "n"]  # fmt: skip
    panel = "Industrial suppliers panel (simulated)"
    return pd.DataFrame(
        [
            ("nps", "0-10", "web", panel, 2025, "Global", -5, 10, 26, 40, 54, 84),
            ("nps", "0-10", "phone", panel, 2025, "Global", 6, 22, 37, 51, 63, 41),
            ("satisfaction", "1-10", "web", panel, 2025, "Global", 7.1, 7.5, 7.9, 8.3, 8.6, 84),
            ("satisfaction", "1-5", "web", panel, 2024, "Europe", 3.6, 3.8, 4.0, 4.2, 4.4, 37),
            ("loyalty", "0-100", "web", panel, 2025, "Global", 64, 69, 74, 79, 83, 62),
            ("effort", "1-7", "web", panel, 2025, "Global", 2.3, 2.6, 3.0, 3.4, 3.9, 55),
        ],
        columns=columns,
    )


def ledger(world: Settings, field: Fieldwork) -> pd.DataFrame:
    """Write down what an earlier run foretold for the last wave; what came is for the next run.

    Two of eight predictions are far off on purpose.
    """
    rng, there = stream(world, "ledger"), field.eligible[:, -1]
    now = field.would[-1]
    metrics = {"loyalty": float(index_of(now)[there].mean())}
    for name in ("satisfaction", "delivery", "communication", "technical_support", "pricing"):
        metrics[name] = float(now[name][there].mean())
    score = now["recommend"][there]
    metrics["nps"] = float(100 * ((score >= 9).mean() - (score <= 6).mean()))
    metrics["complaint_handling"] = float(now["complaint_handling"][there].mean())
    rows = []
    for i, (metric, value) in enumerate(metrics.items(), start=1):
        half = {"nps": 5.0, "loyalty": 1.6}.get(metric, 0.25)
        miss = half * (2.2 if metric in ("delivery", "nps") else float(rng.uniform(-0.8, 0.8)))
        predicted = round(value + miss, 2)
        low, high = round(predicted - half, 2), round(predicted + half, 2)
        rows.append((f"L{i:02d}", WAVES[-2], metric, predicted, low, high, "2026-05-31", ""))
    columns = ["claim_id", "wave", "metric", "predicted", "low", "high", "due", "actual"]
    return pd.DataFrame(rows, columns=columns)
