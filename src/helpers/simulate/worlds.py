"""A whole simulated client with its planted truths."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from helpers.simulate import client, inside, sales, service, texts
from helpers.simulate.fieldwork import Fieldwork, fieldwork
from helpers.simulate.frame import Frame, frame
from helpers.simulate.latent import Latent, latent
from helpers.simulate.money import Money, contracts, financials, money
from helpers.simulate.settings import SEED, Settings, settings
from helpers.simulate.truths import truths

__all__ = ["World", "world", "write_client"]


@dataclass(frozen=True)
class World:
    """A client folder in memory, and what is true in it."""

    tables: dict[str, pd.DataFrame]
    truths: dict[str, object]
    config: str
    codebook: pd.DataFrame

    def truth(self, name: str) -> object:
        """Give one planted truth by its name."""
        rows = self.truths["truths"]
        if not isinstance(rows, list):
            raise TypeError("truths hold a list of rows")
        found = [row["truth"] for row in rows if row["name"] == name]
        if not found:
            raise ValueError(f"no truth is called {name!r}: {', '.join(r['name'] for r in rows)}")
        return found[0]


def world(seed: int = SEED, scenario: str = "northfield") -> World:
    """Simulate a business-to-business client with known truths.

    Parameters
    ----------
    seed
        Any whole number; the same seed gives the same world.
    scenario
        ``northfield`` (every planted effect), ``null`` (none), ``selective`` (people
        answer because they are loyal), ``no_recovery`` (recovery changes nothing).

    Raises
    ------
    ValueError
        For a scenario that does not exist.

    Examples
    --------
    >>> world(seed=1, scenario="null").truth("churn_slope")
    0.0
    """
    chosen = settings(scenario, seed)
    who = frame(chosen)
    state = latent(chosen, who)
    cash = money(chosen, who, state)
    field = fieldwork(chosen, who, state, cash)
    return World(
        tables=_tables(chosen, who, state, cash, field),
        truths=truths(chosen, who, state, cash, field),
        config=client.config(),
        codebook=client.codebook(chosen),
    )


def _tables(
    chosen: Settings, who: Frame, state: Latent, cash: Money, field: Fieldwork
) -> dict[str, pd.DataFrame]:
    said = texts.comments(chosen, who, field)
    answers = field.responses.drop(columns=["contact", "wave_number"])
    texts_by_id = said.set_index("response_id")["text"]
    answers["comment"] = answers["response_id"].map(texts_by_id).fillna("")
    owned = sales.holdings(chosen, who)
    return {
        "responses": answers,
        "accounts": sales.accounts(chosen, who, cash),
        "contacts": sales.contacts(who, field, cash),
        "invitations": field.invitations.drop(columns="contact"),
        "financials": financials(who, cash),
        "contracts": contracts(chosen, who, cash),
        "products": sales.products(),
        "holdings": owned,
        "opportunities": sales.opportunities(chosen, who, state, cash, owned),
        "tickets": service.tickets(chosen, who, field, cash),
        "ops_metrics": service.ops_metrics(chosen, who, state, cash),
        "employee_survey": inside.employee_survey(chosen, field),
        "function_metrics": inside.function_metrics(),
        "actions": inside.actions(),
        "action_effects": inside.action_effects(),
        "communications": inside.communications(),
        "comments": said,
        "themes": texts.themes(chosen),
        "benchmarks": inside.benchmarks(),
        "ledger": inside.ledger(chosen, field),
    }


def write_client(made: World, folder: Path | str) -> tuple[Path, ...]:
    """Write a world as a client folder; the same world gives the same bytes.

    Returns
    -------
    tuple of Path
        The files written, in order of name.
    """
    where = Path(folder)
    where.mkdir(parents=True, exist_ok=True)
    contents = {f"{name}.csv": _csv(table) for name, table in made.tables.items()}
    contents["codebook.csv"] = _csv(made.codebook)
    contents["client.yml"] = made.config
    contents["logo.svg"] = client.LOGO
    contents["truths.json"] = json.dumps(made.truths, indent=1, ensure_ascii=False) + "\n"
    for name, content in sorted(contents.items()):
        (where / name).write_bytes(content.encode("utf-8"))
    return tuple(where / name for name in sorted(contents))


def _csv(table: pd.DataFrame) -> str:
    return str(table.to_csv(index=False, lineterminator="\n"))
