"""Parameters that name something of the client's: checked before anything runs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from helpers.errors import Fault
from helpers.press.chapters import Chapter, Where, nowhere
from helpers.press.parameters import Parameter
from helpers.study import Study, margins
from helpers.study.nearest import advice_for

__all__ = ["WORDS", "known_names", "name_faults"]

WORDS = {  # what a parameter may name
    "outcome": "loyalty, a role of the codebook, or a question with a scale",
    "driver": "a driver of codebook.csv",
    "margin": "a column that the population and the responses have",
    "account": "a column of accounts",
    "comment": "a question of which there are comments",
    "later": "retained, renewed, growth_after, or a name from outcomes",
    "covariate": "a column of accounts, or one that is computed",
    "measure": "a metric of ops_metrics",
    "action": "an action_id of actions",
    "banner": "wave, a column of the responses, or a question",
}


def name_faults(
    chosen: Mapping[str, Mapping[str, Any]],
    chapters: Mapping[str, Chapter],
    study: Study,
    source: str,
    where: Where = nowhere,
) -> list[Fault]:
    """Every value that names what this client does not have, each with the nearest name.

    Parameters
    ----------
    chosen
        By chapter and parameter: what was declared or set.
    where
        The line of a setting, as for `parameter_faults`.
    """
    faults = []
    for chapter, values in chosen.items():
        known = chapters[chapter].parameters if chapter in chapters else {}
        for key, value in values.items():
            kind = _kind_of(known.get(key), value)
            for name in _names(value) if kind else []:
                there = known_names(kind, study)
                if there and name not in there:
                    problem = f"is none of: {WORDS[kind]}{where(chapter, key)}"
                    advice = advice_for(name, there)
                    column = f"{chapter}.{key}"
                    faults.append(Fault(source, problem, advice, column=column, found=name))
    return faults


def _kind_of(parameter: Parameter | None, value: object) -> str:
    """What a value has to name; nothing where it is the default, which a chapter can do without."""
    if parameter is None or value == parameter.default:
        return ""
    return str(parameter.allowed.get("names", ""))


def _names(value: object) -> list[str]:
    entries = value if isinstance(value, list) else [value]
    return [one for one in entries if isinstance(one, str) and one]


def known_names(kind: str, study: Study) -> Collection[str]:
    """What a parameter of a kind may name with this client; nothing where it cannot be told."""
    return {
        "outcome": _outcomes,
        "driver": lambda s: (*s.items("driver"), *s.measured),
        "margin": _margins,
        "account": _columns_of_accounts,
        "comment": lambda s: tuple(s.comments["question"].dropna().unique()),
        "later": _later_outcomes,
        "covariate": _covariates,
        "measure": _measures,
        "action": _actions,
        "banner": _banners,
    }[kind](study)


def _outcomes(study: Study) -> tuple[str, ...]:
    scales = [name for name in study.scales if name in study.all_responses]
    roles = [role for role, items in study.roles.items() if set(items) & set(scales)]
    return ("loyalty", *roles, *scales, *study.measured)


def _margins(study: Study) -> tuple[str, ...]:
    """Columns of the population that responses have; any of theirs where there is no population."""
    there = [str(name) for name in study.all_responses if not str(name).endswith("_id")]
    listed = margins.known_columns(study.tables)
    return tuple(name for name in there if name in listed or not listed)


def _columns_of_accounts(study: Study) -> tuple[str, ...]:
    accounts = study.tables.get("accounts")
    return () if accounts is None else tuple(str(n) for n in accounts if n != "account_id")


def _covariates(study: Study) -> tuple[str, ...]:
    if not study.has("accounts"):
        return ()
    from helpers.methods.linkage.design import COMPUTED  # methods take seconds to come

    return (*COMPUTED, *_columns_of_accounts(study))


def _measures(study: Study) -> tuple[str, ...]:
    sent = study.tables.get("ops_metrics")
    return () if sent is None else tuple(sent["metric"].dropna().unique())


def _actions(study: Study) -> tuple[str, ...]:
    sent = study.tables.get("actions")
    return () if sent is None else tuple(sent["action_id"].dropna().astype(str))


def _banners(study: Study) -> tuple[str, ...]:
    return tuple(str(name) for name in study.all_responses if not str(name).endswith("_id"))


def _later_outcomes(study: Study) -> tuple[str, ...]:
    if not {"accounts", "financials", "contracts", "outcomes"} & set(study.tables):
        return ()
    from helpers.methods.linkage.design import COMPUTED
    from helpers.methods.linkage.windows import OUTCOMES

    sent = study.tables.get("outcomes")
    supplied = () if sent is None else tuple(sent["outcome"].dropna().unique())
    return (*OUTCOMES, *COMPUTED, *supplied)
