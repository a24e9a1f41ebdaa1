"""``client.yml``: every key checked, each fault with its line and the nearest name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal
from unicodedata import category

from pydantic import (
    BaseModel,
    BeforeValidator,
    Field,
    ValidationError,
    field_validator,
)
from pydantic_core import ErrorDetails

from helpers.study.config_faults import at_line, report_key, short
from helpers.study.findings import Findings
from helpers.study.nearest import advice_for
from helpers.study.policy import Brand, Calendar, Part, Policy, Report, Targets
from helpers.study.regular_files import not_a_file
from helpers.study.tables import TABLES
from helpers.study.yaml_text import Place, read_yaml

__all__ = [
    "Brand",
    "Calendar",
    "Config",
    "Format",
    "Numbers",
    "Policy",
    "Report",
    "Targets",
    "line_of",
    "read_config",
]

FILE = "client.yml"
EVERY = "*"  # every column, among the names of columns
GUESSED = re.compile(r"\s*(?P<key>[^#]*?):\s*(?P<value>.*?)\s+#\s?\?(?P<why>.*)")
Keep = Literal["first", "last", "drop", "sum"]
Zeros = Annotated[str, BeforeValidator(str), Field(pattern=r"^([1-9]|[1-3]\d|drop)$")]
ID_COLUMNS = sorted(
    {c.name for table in TABLES.values() for c in table.columns if c.name.endswith("_id")}
)


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _by_column(value: object) -> object:
    """Texts without a column hold for every column of the table."""
    return value if isinstance(value, dict) else {EVERY: value}


Texts = Annotated[tuple[str, ...], BeforeValidator(_listed)]
ByColumn = Annotated[Mapping[str, Texts], BeforeValidator(_by_column)]


class Numbers(Part):
    """How numbers are written; what is not declared here is not guessed."""

    decimal: Literal[".", ","] | None = None
    thousands: Literal[".", ",", " ", "'", "’"] | None = None
    currency: Texts = ()
    percent: bool = False  # a % sign after the number is dropped, its value kept
    parentheses: bool = False  # (1,234) is a negative amount
    trailing_minus: bool = False  # 1,234- is a negative amount

    @field_validator("thousands", mode="before")
    @classmethod
    def _space(cls, mark: object) -> object:
        """A space of any width, or one that does not break, is a space."""
        return " " if isinstance(mark, str) and len(mark) == 1 and mark.isspace() else mark

    @field_validator("currency")
    @classmethod
    def _signs(cls, signs: tuple[str, ...]) -> tuple[str, ...]:
        """A currency has a letter or a sign of its own: a point or a digit is part of a number."""
        for sign in signs:
            kinds = {category(letter)[:2] for letter in sign}
            if not any(kind[0] == "L" or kind == "Sc" for kind in kinds) or "Nd" in kinds:
                raise ValueError(f"{sign!r} is no currency: write its sign or letters, as € or EUR")
        return signs


class Format(Numbers):
    """How one table's file is written."""

    date: str | None = None
    encoding: str | None = None
    delimiter: str | None = Field(default=None, min_length=1, max_length=2)
    sheet: str | None = None
    header_row: int | None = Field(default=None, ge=1)
    header_rows: int | None = Field(default=None, ge=1, le=2)  # the names stand in so many
    margin: Literal["share", "percent", "money"] | None = None  # the unit of that column
    missing: ByColumn = Field(default_factory=dict)  # texts that are no value; by column, or all
    totals: Literal["drop", "keep"] | None = None  # rows that are the sum of others
    tests: Literal["drop", "keep"] | None = None  # rows that somebody wrote to try it out
    columns: Mapping[str, str] = Field(default_factory=dict)  # our name -> the file's name
    values: Mapping[str, Mapping[str, Texts]] = Field(default_factory=dict)  # column: ours: theirs
    drop_missing: bool = False  # rows without a needed value are dropped, counted

    def missing_in(self, *names: str) -> tuple[str, ...]:
        """Texts that mean no value in a column, which may have several names.

        >>> Format(missing={"*": "n/a", "revenue": ["-"]}).missing_in("revenue")
        ('n/a', '-')
        """
        return tuple(text for name in (EVERY, *names) for text in self.missing.get(name, ()))


USUAL = Format()  # where a client declares none


class Config(Part):
    """Everything that ``client.yml`` may say.

    Examples
    --------
    >>> Config(name="Northfield", as_of="2026-06-30", wave="2026H1").policy.consent
    'required'
    """

    name: str = Field(min_length=1)
    as_of: date
    wave: str = Field(min_length=1)
    previous_wave: str | None = None
    currency: str = Field(default="", pattern=r"^([A-Z]{3})?$")
    description: str = ""
    sources: Texts = ()
    tables: Mapping[str, Texts] = Field(default_factory=dict)
    formats: Mapping[str, Format] = Field(default_factory=dict)
    numbers: Numbers = Numbers()
    duplicates: Mapping[str, Keep] = Field(default_factory=dict)
    leading_zeros: Mapping[str, Zeros] = Field(default_factory=dict)  # of ids: how many digits
    collapse: Mapping[str, Mapping[str, Texts]] = Field(default_factory=dict)
    segments: Texts = ()
    waves: Mapping[str, date] = Field(default_factory=dict)
    policy: Policy = Policy()
    targets: Targets = Targets()
    calendar: Calendar = Calendar()
    brand: Brand = Brand()
    report: Report = Report()
    parameters: Mapping[str, Mapping[str, Any]] = Field(default_factory=dict)
    chapters: Texts | None = None

    def format(self, table: str) -> Format:
        """How a table's file is written: its own format over the client's ``numbers``."""
        own = self.formats.get(table, USUAL)
        if not self.numbers.model_fields_set:
            return own
        shared = self.numbers.model_dump(exclude_unset=True)
        return own.model_copy(
            update={k: v for k, v in shared.items() if k not in own.model_fields_set}
        )


def read_config(folder: Path, findings: Findings) -> Config | None:
    """Read ``client.yml``; with faults, what is sound of it, so that reading can go on.

    Returns ``None`` where there is nothing to go on with: no file, or no valid YAML.
    """
    path = folder / FILE
    problem = not_a_file(path)
    if problem is not None and (path.exists() or path.is_symlink()):
        findings.error(FILE, problem, "Put the file itself there.")
        return None
    if problem is not None:
        findings.error(FILE, "is not in the folder", "Every client needs one: see `handbook new`.")
        return None
    content, places = read_yaml(path, findings)
    if content is None:
        return None
    _report_guesses(path, findings)
    config = _validated(content, places, findings)
    _check_table_names(config, places, findings)
    _check_id_names(config, places, findings)
    _check_sums(config, places, findings)
    _check_marks(config, findings)
    return config


def _check_sums(config: Config, places: dict[Place, int], findings: Findings) -> None:
    """Only amounts of an account in a month can be added up."""
    for name, policy in config.duplicates.items():
        if policy == "sum" and name != "financials" and name in TABLES:
            line = at_line(places.get(("duplicates", name)))
            problem = f"is for financials, whose rows can be added up{line}"
            advice = "Use one of: first, last, drop."
            findings.error(FILE, problem, advice, column=f"duplicates.{name}", found=policy)


def _check_marks(config: Config, findings: Findings) -> None:
    """One mark cannot divide thousands and decimals: 12.5 would be read as 125."""
    written = {
        "numbers": config.numbers,
        **{f"formats.{n}": config.format(n) for n in config.formats},
    }
    for place, form in written.items():
        if form.thousands is not None and form.thousands == (form.decimal or "."):
            other = "," if form.thousands == "." else "."
            advice = (
                f'Declare both, as `decimal: "{other}", thousands: "{form.thousands}"`, or leave '
                "thousands out."
            )
            problem = "is the decimal mark as well"
            findings.error(FILE, problem, advice, column=f"{place}.thousands", found=form.thousands)


def _report_guesses(path: Path, findings: Findings) -> None:
    """What a draft marked as a guess and nobody has confirmed: lines that end in ``# ? why``."""
    for line, text in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), start=1):
        found = None if text.lstrip().startswith("#") else GUESSED.fullmatch(text)
        if found:
            why = f": {found['why'].strip()}" if found["why"].strip() else ""
            advice = "Correct it if it is wrong, then take the mark (# ?) away."
            problem = f"is still a guess (line {line}){why}"
            key, value = found["key"].strip(), found["value"]
            findings.error(FILE, problem, advice, column=key, found=short(value) or None)


def line_of(folder: Path, *place: str) -> str:
    """Where a key of ``client.yml`` stands, as an ending of a message; empty where it is not there.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as aside:
    ...     _ = (Path(aside) / "client.yml").write_text("name: Demo\\nchapters: [drivers]\\n")
    ...     line_of(Path(aside), "chapters")
    ' (line 2)'
    """
    _, places = read_yaml(folder / FILE, Findings())
    known = (places.get(place[:size]) for size in range(len(place), 0, -1))
    return at_line(next((line for line in known if line), None))


def _validated(content: dict[str, Any], places: dict[Place, int], findings: Findings) -> Config:
    try:
        return Config.model_validate(content)
    except ValidationError as faults:
        details = faults.errors(include_url=False)
    reported: set[Place] = set()
    for detail in details:
        place = _place(detail, content)
        if place not in reported:
            reported.add(place)
            report_key(detail, place, places, _known_keys(place[:-1]), findings)
        _remove(content, place)
    try:
        return Config.model_validate(content)
    except ValidationError:
        return _what_is_left(content)


def _what_is_left(content: dict[str, Any]) -> Config:
    defaults: dict[str, Any] = {"name": "(no name)", "as_of": date.max, "wave": ""}
    sound = {}
    for key, value in content.items():
        try:
            whole = Config.model_validate(
                {"name": "-", "as_of": "2000-01-01", "wave": "-", key: value}
            )
        except ValidationError:
            continue
        sound[key] = getattr(whole, key)
    return Config.model_construct(**{**defaults, **sound})


def _place(detail: ErrorDetails, content: object) -> Place:
    """The part of pydantic's location that exists in the file, a missing key added."""
    steps = tuple(str(step) for step in detail["loc"])
    sizes = range(len(steps), 0, -1)
    place = next((steps[:size] for size in sizes if _exists(content, steps[:size])), ())
    return (*place, steps[-1]) if detail["type"] == "missing" or not place else place


def _exists(content: object, place: Place) -> bool:
    for step in place:
        if isinstance(content, dict) and step in content:
            content = content[step]
        elif isinstance(content, list) and step.isdigit() and int(step) < len(content):
            content = content[int(step)]
        else:
            return False
    return True


def _check_id_names(config: Config, places: dict[Place, int], findings: Findings) -> None:
    for name in config.leading_zeros:
        if name not in ID_COLUMNS:
            line = at_line(places.get(("leading_zeros", name)))
            advice, column = advice_for(name, ID_COLUMNS), f"leading_zeros.{name}"
            problem = f"is not a column of ids{line}"
            findings.error(FILE, problem, advice, column=column, found=name)


def _remove(content: Any, place: Place) -> None:  # noqa: ANN401 (a parsed YAML value)
    *parents, last = place
    for step in parents:
        if isinstance(content, dict):
            content = content.get(step)
        elif isinstance(content, list) and step.isdigit():
            return content.clear()
    if isinstance(content, dict):
        content.pop(last, None)
    elif isinstance(content, list):
        content.clear()
    return None


def _known_keys(place: Place) -> list[str]:
    model: type[BaseModel] | None = Config
    steps = list(place)
    while steps:
        step = steps.pop(0)
        if step == "formats" and model is Config:
            model, steps = Format, steps[1:]
            continue
        info = (model.model_fields if model else {}).get(step)
        kind = info.annotation if info else None
        model = kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None
    return list(model.model_fields) if model else []


def _check_table_names(config: Config, places: dict[Place, int], findings: Findings) -> None:
    known = [*TABLES, "codebook"]
    for key in ("tables", "formats", "duplicates"):
        for name in getattr(config, key):
            if name not in known:
                problem = "is not a table that the handbook knows" + at_line(
                    places.get((key, name))
                )
                findings.error(
                    FILE, problem, advice_for(name, known), column=f"{key}.{name}", found=name
                )
