"""A new client folder: a commented ``client.yml`` and a ``codebook.csv`` to fill in."""

from __future__ import annotations

import json
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from helpers.study.client_names import name_key, name_problem, printable
from helpers.study.whole_files import write_whole

__all__ = ["new_client"]

CLIENT = """\
# {name}: everything that differs from other clients stands in this folder.
# Every key is checked; `handbook check` lists all that is wrong at once.

name: {name}                # as printed on the cover
# To be filled in: the check asks for both.
as_of:                      # the last day on which the records are complete, as 2026-06-30
wave:                       # the wave to report, as 2026H1: written as in the column `wave`
# previous_wave: 2025H2     # the wave to compare with (default: the one before)
# currency: USD             # needed as soon as a table holds amounts
# description: One sentence about the survey, for the cover.
# sources: [Who collected the data and under which licence]

# Groups to report by: columns of responses, accounts or contacts.
# segments: [tier, region]

# Files are found by their table's name (responses.csv, accounts.xlsx, financials.parquet).
# Others are named here: a path in this folder, a pattern, one query over its files, or the
# address of a table in a database. Its password stands in the environment, in PGPASSWORD.
# tables:
#   responses: exports/qualtrics_2026H1.csv
#   financials: "finance/*.parquet"
#   contracts: postgresql://user@host/database/schema.table

# How numbers and dates are written; nothing is guessed.
# numbers: {{decimal: ",", thousands: ".", currency: "€"}}
# formats:
#   accounts: {{sheet: Customers, header_row: 3, columns: {{revenue: Sales 2025}}}}
#   financials:
#     date: "%d/%m/%Y"
#     encoding: cp1252
#     delimiter: ";"
#     missing: {{revenue: [Not Available]}}   # texts of a column that mean no value
#     totals: drop              # leave out rows that are the sum of others, counted
#     tests: drop               # leave out rows that somebody wrote to try it out, counted
#     drop_missing: true        # leave out rows without a needed value, counted
#     columns: {{account_id: Customer No}}
#   contacts:
#     values: {{opt_out: {{yes: Ja, no: Nein}}}}   # ours: what the file says

# Rows that repeat a key are a fault unless settled here: first, last or drop; financials: sum.
# duplicates: {{responses: last}}
# leading_zeros: {{account_id: 4}}   # ids with zeros in one table and without in another
# waves: {{2026H1: 2026-05-15}}   # dates of the waves, where responses have no completed_at

# policy:
#   smallest_base: {{suppress: 10, test: 30, flag: 100}}   # respondents
#   employees: {{numbers: 5, comments: 8}}
#   consent: required     # names and quotes only with consent_named in contacts
# targets: {{first_contact_hours: 48, plan_days: 5, close_days: 20, scores: {{nps: 40}}}}
# brand: {{logo: logo.svg, colour: "#0b5fff"}}
# report:                 # on the first page, beside client, wave and date
#   author: Reed & Partners
#   contact: Ann Reed, ann.reed@example.com
#   confidentiality: Confidential, for the executive team

# Parameters of chapters; what is not said here keeps the chapter's own default.
# parameters:
#   sampling: {{margins: [tier, region, role]}}
#   drivers: {{outcome: loyalty, replicates: 2000}}
# `handbook params` lists them all.
# chapters: [drivers, linkage]   # only these, and what they build on
"""
CODEBOOK = """\
variable,text,role,label,scale_min,scale_max,reverse,missing_codes,function
recommend,How likely are you to recommend us?,recommend,Recommendation,0,10,,99,
satisfaction,How satisfied are you overall?,satisfaction,Satisfaction,1,10,,99,
proud,I am proud to work with them.,attitude,Proud to work with us,1,5,,9,
continue,I will go on working with them.,behaviour,Means to continue,1,5,,9,
quality,The quality of the products,driver,Product quality,0,10,,99,Production
delivery,Delivery on time,driver,Delivery,0,10,,99,Logistics
comment,What should we do better?,comment,Comment,,,,,
"""


def new_client(folder: str | Path, *, name: str | None = None) -> Path:
    """Write a starter ``client.yml`` and ``codebook.csv``; give back the folder.

    ``name`` is the client's name as printed (default: from the folder's name).

    Raises
    ------
    ValueError
        Where the folder holds a client already, or no client can be called so; nothing is
        written then.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as aside:
    ...     made = new_client(Path(aside) / "acme-tools")
    ...     sorted(path.name for path in made.iterdir())
    ['client.yml', 'codebook.csv']
    """
    folder = Path(folder)
    if problem := name_problem(folder.name):
        raise ValueError(f"the name {printable(folder.name)!r} {problem}: choose another")
    beside = folder.parent.iterdir() if folder.parent.is_dir() else ()
    alike = [path.name for path in beside if name_key(path.name) == name_key(folder.name)]
    if alike and folder.name not in alike:
        raise ValueError(
            f"{folder.name} differs from {alike[0]} only in case or in how it is encoded: "
            "choose another name"
        )
    files = {"client.yml": CLIENT, "codebook.csv": CODEBOOK}
    there = [file for file in files if (folder / file).exists()]
    if there:
        raise ValueError(
            f"{folder.name} already has {' and '.join(there)}: choose another name, or edit it"
        )
    title = _in_yaml(name or folder.name.replace("-", " ").replace("_", " ").title())
    folder.mkdir(parents=True, exist_ok=True)
    texts = {"client.yml": CLIENT.format(name=title), "codebook.csv": CODEBOOK}
    write_whole({folder / file: text for file, text in texts.items()})
    return folder


def _in_yaml(text: str) -> str:
    """A text as YAML reads it back: in quotation marks where it would be anything else.

    >>> _in_yaml("Acme Tools"), _in_yaml("007"), _in_yaml("A: b # c")
    ('Acme Tools', '"007"', '"A: b # c"')
    """
    line = " ".join(text.split())
    try:
        plain = YAML(typ="safe").load(f"name: {line}  # so") == {"name": line}
    except YAMLError:
        plain = False
    return line if plain else json.dumps(line, ensure_ascii=False)
