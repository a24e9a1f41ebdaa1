"""The first acceptance folder: twelve planted faults, one message each, all together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from helpers.errors import Fault, InputFaults
from helpers.study import check_client, open_study

CLIENT = """\
name: Planted Works
currency: USD
as_of: 2026-06-30
wave: 2026H1
segments: [tier]
"""
CODEBOOK = """\
variable,text,role,label,scale_min,scale_max,reverse,missing_codes
nps,Would you recommend us?,recommend,Recommendation,0,10,,
ease,How easy are we to work with?,driver,Ease,0,10,,99
quality,How good are our products?,driver,Quality,0,10,,
note,Anything else?,comment,Comment,,,,
"""
ACCOUNTS = """\
account_id,name,tier,start_date,end_date
007,Bond Bearings,A,2020-01-01,
008,Müller Motoren,B,2021-01-01,
NA,Namibia Nuts,B,2022-01-01,2025-06-30
1e5,Hundred Thousand,C,2023-01-01,
"""
RESPONSES = """\
response_id,wave,account_id,completed_at,nps,ease,quality,note
r01,2026H1,007,2026-05-04,9,8,7,fine
r02,2026H1,007,2026-05-05,10,9,8,"good, thanks"
r03,2026H1,008,2026-05-06,3,99,5,
r04,2026H1,NA,2026-05-07,7,6,6,slow
r05,2026H1,1e5,2026-05-08,8,7,9,
r06,2026H1,008,2026-05-09,6,5,4,
r07,2026H1,008,2026-05-10,9,9,8,
r08,2026H1,NA,2026-05-11,5,4,6,
r09,2026H1,1e5,2026-05-12,2,3,5,
r10,2026H1,007,2026-05-13,10,10,9,
"""
FINANCIALS = """\
account_id,period,revenue
007,2026-01-01,1234.50
007,2026-02-01,1300.00
008,2026-01-01,900.25
008,2026-02-01,950.00
"""
POPULATION = """\
tier,size
A,40
B,50
C,10
"""
FILES = {
    "client.yml": CLIENT,
    "codebook.csv": CODEBOOK,
    "accounts.csv": ACCOUNTS,
    "responses.csv": RESPONSES,
    "financials.csv": FINANCIALS,
    "population.csv": POPULATION,
}
# name: (file, what stands there, what is planted instead, file and words of the message)
Planted = tuple[str, str, str, str, str]
FAULTS: dict[str, Planted] = {
    "1 a short row": (
        "responses.csv",
        "r05,2026H1,1e5,2026-05-08,8,7,9,\n",
        "r05,2026H1,1e5\n",
        "responses.csv, row 5",
        "too few columns",
    ),
    "2 a latin-1 byte": (
        "accounts.csv",
        "Müller",
        "M\udcfcller",  # written as the single byte 0xfc
        "accounts.csv",
        "encoding: cp1252",
    ),
    "3 amounts with marks nobody declared": (
        "financials.csv",
        "008,2026-01-01,900.25",
        '008,2026-01-01,"€1.234,50"',
        "financials.csv, row 3, column revenue",
        'decimal: ",", thousands: ".", currency: "€"',
    ),
    "5 the same respondent twice": (
        "responses.csv",
        "r02,2026H1",
        "r01,2026H1",
        "responses.csv, row 1, column response_id",
        "They differ in completed_at ('2026-05-04' and '2026-05-05'), nps",
    ),
    "5 a key of client.yml twice": (
        "client.yml",
        "wave: 2026H1\n",
        "wave: 2026H1\nname: Planted Again\n",
        "client.yml, column name",
        "written twice (lines 1 and 5)",
    ),
    "6 a code for don't know": (
        "responses.csv",
        "2026-05-09,6,5,4,",
        "2026-05-09,6,5,-1,",
        "responses.csv, row 6, column quality",
        "declare -1 under missing_codes in codebook.csv",
    ),
    "7 an answer outside the scale": (
        "responses.csv",
        "2026-05-11,5,4,6,",
        "2026-05-11,50,4,6,",
        "responses.csv, row 8, column nps",
        "not between 0 and 10",
    ),
    "8 an id that lost its zeros": (
        "responses.csv",
        "r10,2026H1,007",
        "r10,2026H1,7",
        "responses.csv, row 10, column account_id",
        "not in accounts.csv, which has '007'",
    ),
    "9 an end before its start": (
        "accounts.csv",
        "2022-01-01,2025-06-30",
        "2022-01-01,2021-06-30",
        "accounts.csv, row 3, column end_date",
        "lies before start_date (2022-01-01)",
    ),
    "11 a category that the population lacks": (
        "population.csv",
        "C,10\n",
        "",
        "population.csv, column tier",
        "no size for C",
    ),
    "12 a key that client.yml does not have": (
        "client.yml",
        "segments: [tier]\n",
        "segments: [tier]\npolcy: {consent: required}\n",
        "client.yml, column polcy",
        "Did you mean policy?",
    ),
    "12 a role that the codebook does not have": (
        "codebook.csv",
        "Anything else?,comment",
        "Anything else?,coment",
        "codebook.csv, row 4, column role",
        "Did you mean comment?",
    ),
}


def write(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_bytes(text.encode("utf-8", "surrogateescape"))
    return folder


def planted(*names: str) -> dict[str, str]:
    files = dict(FILES)
    for name in names:
        file, stands, instead, _, _ = FAULTS[name]
        assert files[file].count(stands) == 1, f"{stands!r} is not once in {file}"
        files[file] = files[file].replace(stands, instead)
    return files


@pytest.fixture
def build(tmp_path: Path) -> Callable[..., Path]:
    return lambda *names: write(tmp_path / "planted", planted(*names))


def tells(fault: Fault, name: str) -> bool:
    *_, where, words = FAULTS[name]
    return str(fault).startswith(where) and words in str(fault)


def test_the_clean_folder_has_no_fault_at_all(build):
    assert check_client(build()) == ()
    assert len(open_study(build()).responses) == 10


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_alone_gives_one_message(build, name):
    faults = check_client(build(name))
    assert [tells(fault, name) for fault in faults] == [True], "\n".join(map(str, faults))


def test_twelve_faults_together_give_twelve_messages(build):
    with pytest.raises(InputFaults) as caught:
        open_study(build(*FAULTS))
    faults = caught.value.faults
    listed = "\n".join(map(str, faults))
    assert len(FAULTS) == 12
    for name in FAULTS:
        assert sum(tells(fault, name) for fault in faults) == 1, f"{name}\n{listed}"
    assert len(faults) == 12, listed


def test_every_message_says_what_to_do(build):
    for fault in check_client(build(*FAULTS)):
        assert fault.advice.endswith((".", "?")), fault
