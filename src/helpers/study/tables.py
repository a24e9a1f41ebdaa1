"""What each table of a client folder holds, declared once, column by column."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

__all__ = ["TABLES", "Column", "Table", "declared"]

Kind = Literal["id", "text", "number", "date", "period", "yes_no"]


@dataclass(frozen=True, slots=True)
class Column:
    """One declared column: how it is read and which values it may hold."""

    name: str  # may hold a *: every column of that pattern
    kind: Kind
    required: bool = False
    values: tuple[str, ...] = ()  # the only texts allowed
    low: float | None = None
    high: float | None = None
    past: bool = False  # a date that cannot lie after `as_of`

    @property
    def is_share(self) -> bool:
        """Whether it holds shares, so that 40% is 0.4."""
        return self.kind == "number" and self.high == 1


@dataclass(frozen=True, slots=True)
class Table:
    """One declared table: what a row is, what makes it unique, what it opens."""

    name: str
    row: str
    opens: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    order: tuple[tuple[str, str], ...] = ()  # pairs of dates: the first is never later
    money: bool = False  # holds amounts, so `currency` must be declared

    def column(self, name: str) -> Column | None:
        """Find the declaration of a column, patterns included."""
        exact = (c for c in self.columns if c.name == name)
        pattern = (c for c in self.columns if "*" in c.name and fnmatchcase(name, c.name))
        return next(exact, None) or next(pattern, None)

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns that must be there."""
        return tuple(c.name for c in self.columns if c.required)


def _split(names: str) -> list[str]:
    return names.split()


def _ids(required: str = "", optional: str = "") -> Iterator[Column]:
    yield from (Column(n, "id", required=True) for n in _split(required))
    yield from (Column(n, "id") for n in _split(optional))


def _texts(required: str = "", optional: str = "") -> Iterator[Column]:
    yield from (Column(n, "text", required=True) for n in _split(required))
    yield from (Column(n, "text") for n in _split(optional))


def _numbers(
    required: str = "", optional: str = "", *, low: float | None = None, high: float | None = None
) -> Iterator[Column]:
    yield from (Column(n, "number", required=True, low=low, high=high) for n in _split(required))
    yield from (Column(n, "number", low=low, high=high) for n in _split(optional))


def _dates(required: str = "", optional: str = "", *, past: bool = False) -> Iterator[Column]:
    yield from (Column(n, "date", required=True, past=past) for n in _split(required))
    yield from (Column(n, "date", past=past) for n in _split(optional))


def _yes_no(required: str = "", optional: str = "") -> Iterator[Column]:
    yield from (Column(n, "yes_no", required=True) for n in _split(required))
    yield from (Column(n, "yes_no") for n in _split(optional))


def _period(*, required: bool = True) -> Column:
    return Column("period", "period", required=required, past=True)


_RESPONSES = Table(
    "responses",
    "a respondent in a wave (or, for published data, an account in a wave, with `completes`)",
    "every chapter",
    (
        *_ids(optional="response_id wave contact_id account_id"),
        *_dates(optional="completed_at started_at", past=True),
        *_numbers(optional="duration_s weight completes", low=0),
        *_texts(optional="mode language stratum"),
    ),
    key=("response_id",),
    order=(("started_at", "completed_at"),),
)
_ACCOUNTS = Table(
    "accounts",
    "a customer company",
    "sampling, value map",
    (
        *_ids("account_id", "parent_id"),
        *_texts("name", "segment tier industry region owner sponsor end_reason"),
        *_dates(optional="start_date end_date"),
        *_numbers(optional="growth_pct revenue"),
        *_numbers(optional="total_spend units_total units_served", low=0),
        *_numbers(optional="suppliers supplier_rank", low=1),
        *_numbers(optional="partnership_*", low=0, high=10),
    ),
    key=("account_id",),
    order=(("start_date", "end_date"),),
)
_CONTACTS = Table(
    "contacts",
    "a person at an account",
    "sampling, roll-up to accounts, account pages",
    (
        *_ids("contact_id account_id"),
        Column("role", "text", values=("decision_maker", "influencer", "user", "admin")),
        *_texts(optional="function"),
        *_yes_no(optional="active opt_out consent_named consent_followup consent_marketing"),
        *_dates(optional="last_invited", past=True),
    ),
    key=("contact_id",),
)
DISPOSITIONS = (
    *_split("complete partial breakoff refusal noncontact bounce"),
    *_split("other ineligible unknown quarantined excluded"),
)
_INVITATIONS = Table(
    "invitations",
    "a person in a wave",
    "response rates",
    (
        *_ids("wave contact_id account_id"),
        *_texts(optional="stratum mode exclusion_reason excluded_by"),
        *_numbers(optional="inclusion_probability", low=0, high=1),
        *_dates(optional="invited_at", past=True),
        Column("disposition", "text", required=True, values=DISPOSITIONS),
    ),
    key=("wave", "contact_id"),
)
_POPULATION = Table(
    "population",
    "a cell of the population, or one category of a margin",
    "weighting where there is no list of customers",
    (*_ids(optional="wave"), *_numbers("size", low=0)),
)
_FINANCIALS = Table(
    "financials",
    "an account in a month",
    "linkage, value map",
    (
        *_ids("account_id"),
        _period(),
        *_numbers("revenue", "margin cost_to_serve orders"),
        *_texts(optional="currency"),
    ),
    key=("account_id", "period"),
    money=True,
)
_CONTRACTS = Table(
    "contracts",
    "a contract",
    "linkage, renewals",
    (
        *_ids("contract_id account_id"),
        *_dates("start end"),
        *_numbers("value", "renewed_value", low=0),
        *_yes_no(optional="renewed"),
    ),
    key=("contract_id",),
    order=(("start", "end"),),
    money=True,
)
_OUTCOMES = Table(
    "outcomes",
    "one later outcome of an account, supplied as it stands",
    "linkage",
    (
        *_ids("account_id", "wave"),
        _period(required=False),
        *_texts("outcome"),
        *_numbers("value"),
    ),
    key=("account_id", "wave", "period", "outcome"),
)
_HOLDINGS = Table(
    "holdings",
    "a product that an account owns",
    "leads",
    (*_ids("account_id product_id"), *_dates(optional="since"), *_numbers(optional="value", low=0)),
    key=("account_id", "product_id"),
)
_PRODUCTS = Table(
    "products",
    "a product that can be sold",
    "leads",
    (
        *_ids("product_id"),
        *_texts("name"),
        *_numbers(optional="price", low=0),
        *_numbers(optional="margin", low=-1, high=1),
    ),
    key=("product_id",),
)
_OPPORTUNITIES = Table(
    "opportunities",
    "a sales opportunity",
    "leads",
    (
        *_ids("opportunity_id account_id", "product_id referred_by"),
        *_dates("created", past=True),
        *_dates(optional="closed", past=True),
        *_texts("stage", "source"),
        *_numbers("amount", low=0),
        *_yes_no(optional="won"),
    ),
    key=("opportunity_id",),
    order=(("created", "closed"),),
    money=True,
)
_TICKETS = Table(
    "tickets",
    "an alert or a case",
    "service recovery",
    (
        *_ids("ticket_id account_id", "contact_id response_id"),
        *_texts("trigger", "severity owner root_cause"),
        *_dates("created_at", "first_contact_at plan_at closed_at confirmed_at", past=True),
        *_dates(optional="snoozed_until"),
        *_yes_no(optional="reopened"),
    ),
    key=("ticket_id",),
    order=(
        ("created_at", "first_contact_at"),
        ("created_at", "plan_at"),
        ("created_at", "closed_at"),
        ("closed_at", "confirmed_at"),
    ),
)
_OPS_METRICS = Table(
    "ops_metrics",
    "an internal metric of an account or a unit in a month",
    "operations",
    (
        *_ids(optional="account_id"),
        _period(),
        *_texts("metric unit_of_measure", "unit"),
        *_numbers("value", "target cost_per_unit"),
    ),
    key=("account_id", "unit", "period", "metric"),
)
_EMPLOYEE_SURVEY = Table(
    "employee_survey",
    "an employee in a wave",
    "alignment",
    (
        *_ids("wave"),
        *_texts("function", "unit"),
        *_yes_no(optional="customer_facing"),
        *_numbers(
            optional="generation_* dissemination_* responsiveness_* belief line_of_sight guess_*"
        ),
    ),
)
_FUNCTION_METRICS = Table(
    "function_metrics",
    "a metric that a function is paid on",
    "alignment",
    (
        *_texts("function metric direction", "driver owner"),
        *_numbers("pay_weight", low=0),
    ),
    key=("function", "metric"),
)
_ACTIONS = Table(
    "actions",
    "a candidate action",
    "actions",
    (
        *_ids("action_id"),
        *_texts("name function", "requires excludes reach earliest_quarter source"),
        *_numbers("cost_once cost_year effort_days months", "saving_year", low=0),
        *_numbers("adoption_low adoption_mid adoption_high", low=0, high=1),
    ),
    key=("action_id",),
    money=True,
)
_ACTION_EFFECTS = Table(
    "action_effects",
    "a driver that an action moves",
    "actions",
    (
        *_ids("action_id"),
        *_texts("driver"),
        *_numbers("change_low change_mid change_high"),
        Column("basis", "text", required=True, values=("pilot", "benchmark", "judgement")),
    ),
    key=("action_id", "driver"),
)
_COMMUNICATIONS = Table(
    "communications",
    "a promise or a message",
    "alignment, messages",
    (
        *_texts("what audience"),
        *_ids(optional="action_id"),
        *_dates("promised_at", "due"),
        *_dates(optional="delivered_at told_at", past=True),
    ),
    order=(("promised_at", "delivered_at"), ("promised_at", "due")),
)
_COMMENTS = Table(
    "comments",
    "a text answer",
    "comments",
    (
        *_ids("response_id"),
        *_texts("question text", "language"),
        *_yes_no(optional="theme_*"),
    ),
)
_THEMES = Table(
    "themes",
    "a theme of the client's own frame, in a language where there are several",
    "comments",
    (*_ids("theme"), *_texts("words", "label driver language")),
    key=("theme", "language"),
)
_BENCHMARKS = Table(
    "benchmarks",
    "an outside figure",
    "scorecard",
    (
        *_texts("metric scale mode source", "region"),
        *_numbers("year n", low=0),
        *_numbers(optional="p10 p25 p50 p75 p90"),
    ),
)
_LEDGER = Table(
    "ledger",
    "a prediction that an earlier run of the handbook wrote down",
    "cycle",
    (
        *_ids("claim_id wave"),
        *_texts("metric"),
        *_numbers("predicted low high", "actual"),
        *_dates(optional="due"),
    ),
    key=("claim_id",),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        _RESPONSES,
        _ACCOUNTS,
        _CONTACTS,
        _INVITATIONS,
        _POPULATION,
        _FINANCIALS,
        _CONTRACTS,
        _OUTCOMES,
        _HOLDINGS,
        _PRODUCTS,
        _OPPORTUNITIES,
        _TICKETS,
        _OPS_METRICS,
        _EMPLOYEE_SURVEY,
        _FUNCTION_METRICS,
        _ACTIONS,
        _ACTION_EFFECTS,
        _COMMUNICATIONS,
        _COMMENTS,
        _THEMES,
        _BENCHMARKS,
        _LEDGER,
    )
}


def declared(name: str) -> Table:
    """The declaration of a table.

    Raises
    ------
    KeyError
        Where the handbook knows no such table.

    Examples
    --------
    >>> declared("financials").required
    ('account_id', 'period', 'revenue')
    """
    return TABLES[name]
