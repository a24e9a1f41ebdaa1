"""What a client declares of small bases, consent, targets, working hours, brand and cover."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    FiniteFloat,
    ValidationInfo,
    field_validator,
)

__all__ = [
    "WEEK",
    "Brand",
    "Calendar",
    "Employees",
    "Part",
    "Policy",
    "Report",
    "ScoreName",
    "SmallestBase",
    "Targets",
]


WEEK = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LONGEST = 36_525  # days that a promise may take: a hundred years
INK = "#1f4e79"  # of titles, where the client has no colour


class Part(BaseModel):
    """A part of ``client.yml``: no other keys, and nothing changes it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SmallestBase(Part):
    """Respondents needed before a figure is shown, tested, or shown without a flag."""

    suppress: int = Field(default=10, ge=0)
    test: int = Field(default=30, ge=0)
    flag: int = Field(default=100, ge=0)


class Employees(Part):
    """Employees needed before their numbers or their comments are shown."""

    numbers: int = Field(default=5, ge=0)
    comments: int = Field(default=8, ge=0)


class Policy(Part):
    """Small bases and consent: one policy for pages, charts and exports alike."""

    smallest_base: SmallestBase = SmallestBase()
    employees: Employees = Employees()
    consent: Literal["required", "not_required"] = "required"


ScoreName = Literal[
    "nps",
    "recommend_mean",
    "satisfaction_mean",
    "satisfaction_top",
    "effort_mean",
    "loyalty_index",
    "attitude",
    "behaviour",
]


class Targets(Part):
    """Targets of service (hours to the first contact, days to a plan and to closing) and of scores.

    A score's target is in its own unit: ``nps: 40``, ``satisfaction_top: 0.6``.
    """

    scores: Mapping[ScoreName, FiniteFloat] = Field(default_factory=dict)
    first_contact_hours: float | None = Field(default=None, gt=0, le=24 * LONGEST)
    plan_days: float | None = Field(default=None, gt=0, le=LONGEST)
    close_days: float | None = Field(default=None, gt=0, le=LONGEST)


class Calendar(Part):
    """When the client works: days of the week, hours (8.5 is half past eight), holidays."""

    days: tuple[Literal["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"], ...] = Field(
        default=("Mon", "Tue", "Wed", "Thu", "Fri"), min_length=1
    )
    opens: float = Field(default=9.0, ge=0, lt=24)
    closes: float = Field(default=17.0, gt=0, le=24)
    holidays: tuple[date, ...] = ()

    @field_validator("closes")
    @classmethod
    def _after(cls, closes: float, info: ValidationInfo) -> float:
        """A day of work ends after it begins."""
        if closes <= info.data.get("opens", 0.0):
            raise ValueError("work ends before it begins: closes must be later than opens")
        return closes

    @property
    def week(self) -> str:
        """Monday to Sunday, 1 a working day.

        >>> Calendar(days=("Mon", "Sat")).week
        '1000010'
        """
        return "".join(str(int(day in self.days)) for day in WEEK)


class Brand(Part):
    """The client's logo (a file in its folder) and colour (``"#0b5fff"``)."""

    logo: str | None = Field(default=None, pattern=r"(?i)^[^/\\:][^\\:]*\.(svg|png|jpe?g)$")
    colour: str | None = Field(default=None, pattern=r"^#[0-9a-fA-F]{6}$")

    @property
    def ink(self) -> str:
        """The colour for titles: the client's, else ours.

        >>> Brand().ink, Brand(colour="#0b5fff").ink
        ('#1f4e79', '#0b5fff')
        """
        return self.colour or INK


Line = Annotated[str, Field(max_length=120), AfterValidator(lambda text: " ".join(text.split()))]


class Report(Part):
    """What the report's first page says besides client, wave and date; each a line.

    >>> Report(author="Reed &  Partners ", confidentiality="Confidential").author
    'Reed & Partners'
    """

    author: Line = ""  # who made the report
    contact: Line = ""  # whom to ask about it
    confidentiality: Line = ""  # who may read it
