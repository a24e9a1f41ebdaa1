"""What each table of a client folder holds, declared once, column by column."""

from __future__ import annotations

from helpers.study.columns import Column, Table, dates, ids, numbers, period, texts, yes_no

__all__ = ["TABLES", "declared"]

_RESPONSES = Table(
    "responses",
    "a respondent in a wave (or, for published data, an account in a wave, with `completes`)",
    "every chapter",
    (
        *ids(optional="response_id wave contact_id account_id"),
        *dates(optional="completed_at started_at", past=True),
        *numbers(optional="duration_s weight completes", low=0),
        *texts(optional="mode language stratum"),
    ),
    key=("response_id",),
    order=(("started_at", "completed_at"),),
)
_ACCOUNTS = Table(
    "accounts",
    "a customer company",
    "sampling, value map",
    (
        *ids("account_id", "parent_id"),
        *texts("name", "segment tier industry region owner sponsor end_reason"),
        *dates(optional="start_date end_date"),
        *numbers(optional="growth_pct revenue"),
        *numbers(optional="total_spend units_total units_served", low=0),
        *numbers(optional="suppliers supplier_rank", low=1),
        *numbers(optional="partnership_*", low=0, high=10),
    ),
    key=("account_id",),
    order=(("start_date", "end_date"),),
)
_CONTACTS = Table(
    "contacts",
    "a person at an account",
    "sampling, roll-up to accounts, account pages",
    (
        *ids("contact_id account_id"),
        Column("role", "text", values=("decision_maker", "influencer", "user", "admin")),
        *texts(optional="function"),
        *yes_no(optional="active opt_out consent_named consent_followup consent_marketing"),
        *dates(optional="last_invited", past=True),
    ),
    key=("contact_id",),
)
DISPOSITIONS = (
    *["complete", "partial", "breakoff", "refusal", "noncontact", "bounce"],
    *["other", "ineligible", "unknown", "quarantined", "excluded"],
)
_INVITATIONS = Table(
    "invitations",
    "a person in a wave",
    "response rates",
    (
        *ids("wave contact_id account_id"),
        *texts(optional="stratum mode exclusion_reason excluded_by"),
        *numbers(optional="inclusion_probability", low=0, high=1),
        *dates(optional="invited_at", past=True),
        Column("disposition", "text", required=True, values=DISPOSITIONS),
    ),
    key=("wave", "contact_id"),
)
_POPULATION = Table(
    "population",
    "a cell of the population, or one category of a margin",
    "weighting where there is no list of customers",
    (*ids(optional="wave"), *numbers("size", low=0)),
)
_FINANCIALS = Table(
    "financials",
    "an account in a month",
    "linkage, value map",
    (
        *ids("account_id"),
        period(),
        *numbers("revenue", "margin cost_to_serve orders"),
        *texts(optional="currency"),
    ),
    key=("account_id", "period"),
    money=True,
)
_CONTRACTS = Table(
    "contracts",
    "a contract",
    "linkage, renewals",
    (
        *ids("contract_id account_id"),
        *dates("start end"),
        *numbers("value", "renewed_value", low=0),
        *yes_no(optional="renewed"),
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
        *ids("account_id", "wave"),
        period(required=False),
        *texts("outcome"),
        *numbers("value"),
    ),
    key=("account_id", "wave", "period", "outcome"),
)
_HOLDINGS = Table(
    "holdings",
    "a product that an account owns",
    "leads",
    (*ids("account_id product_id"), *dates(optional="since"), *numbers(optional="value", low=0)),
    key=("account_id", "product_id"),
)
_PRODUCTS = Table(
    "products",
    "a product that can be sold",
    "leads",
    (
        *ids("product_id"),
        *texts("name"),
        *numbers(optional="price", low=0),
        *numbers(optional="margin", low=-1, high=1),
    ),
    key=("product_id",),
)
_OPPORTUNITIES = Table(
    "opportunities",
    "a sales opportunity",
    "leads",
    (
        *ids("opportunity_id account_id", "product_id referred_by"),
        *dates("created", past=True),
        *dates(optional="closed", past=True),
        *texts("stage", "source"),
        *numbers("amount", low=0),
        *yes_no(optional="won"),
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
        *ids("ticket_id account_id", "contact_id response_id"),
        *texts("trigger", "severity owner root_cause"),
        *dates("created_at", "first_contact_at plan_at closed_at confirmed_at", past=True),
        *dates(optional="snoozed_until"),
        *yes_no(optional="reopened"),
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
        *ids(optional="account_id"),
        period(),
        *texts("metric unit_of_measure", "unit"),
        *numbers("value", "target cost_per_unit"),
    ),
    key=("account_id", "unit", "period", "metric"),
)
_EMPLOYEE_SURVEY = Table(
    "employee_survey",
    "an employee in a wave",
    "alignment",
    (
        *ids("wave"),
        *texts("function", "unit"),
        *yes_no(optional="customer_facing"),
        *numbers(
            optional="generation_* dissemination_* responsiveness_* belief line_of_sight guess_*"
        ),
    ),
)
_FUNCTION_METRICS = Table(
    "function_metrics",
    "a metric that a function is paid on",
    "alignment",
    (
        *texts("function metric direction", "driver owner"),
        *numbers("pay_weight", low=0),
    ),
    key=("function", "metric"),
)
_ACTIONS = Table(
    "actions",
    "a candidate action",
    "actions",
    (
        *ids("action_id"),
        *texts("name function", "requires excludes reach earliest_quarter source"),
        *numbers("cost_once cost_year effort_days months", "saving_year", low=0),
        *numbers("adoption_low adoption_mid adoption_high", low=0, high=1),
    ),
    key=("action_id",),
    money=True,
)
_ACTION_EFFECTS = Table(
    "action_effects",
    "a driver that an action moves",
    "actions",
    (
        *ids("action_id"),
        *texts("driver"),
        *numbers("change_low change_mid change_high"),
        Column("basis", "text", required=True, values=("pilot", "benchmark", "judgement")),
    ),
    key=("action_id", "driver"),
)
_COMMUNICATIONS = Table(
    "communications",
    "a promise or a message",
    "alignment, messages",
    (
        *texts("what audience"),
        *ids(optional="action_id"),
        *dates("promised_at", "due"),
        *dates(optional="delivered_at told_at", past=True),
    ),
    order=(("promised_at", "delivered_at"), ("promised_at", "due")),
)
_COMMENTS = Table(
    "comments",
    "a text answer",
    "comments",
    (
        *ids("response_id"),
        *texts("question text", "language"),
        *yes_no(optional="theme_*"),
    ),
)
_THEMES = Table(
    "themes",
    "a theme of the client's own frame, in a language where there are several",
    "comments",
    (*ids("theme"), *texts("words", "label driver language")),
    key=("theme", "language"),
)
_BENCHMARKS = Table(
    "benchmarks",
    "an outside figure",
    "scorecard",
    (
        *texts("metric scale mode source", "region"),
        *numbers("year n", low=0),
        *numbers(optional="p10 p25 p50 p75 p90"),
    ),
)
_LEDGER = Table(
    "ledger",
    "a prediction that an earlier run of the handbook wrote down",
    "cycle",
    (
        *ids("claim_id wave"),
        *texts("metric"),
        *numbers("predicted low high", "actual"),
        *dates(optional="due"),
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
