"""What people write who only try a survey or a system out: in ids, names, addresses, comments."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import pandas as pd

from helpers.study.signs import holding

__all__ = ["by_column", "is_test_mail", "is_test_name"]

MASHED = r"asdf\w*|qwert[yz]\w*|x{3,}|z{3,}"
WORD = rf"test(?:ing|er|e|o|user|konto|kunde|firma)?|tst|dummy|{MASHED}|тест|测试|測試|テスト"
NAMES = rf"{WORD}|tests|demo|fake|placeholder|essai|prueba|prova|teszt"
THING = (
    r"user|account|company|customer|client|contact|person|respondent|response|survey|answer|"
    r"comment|name|record|entry|data|run|mail|only|kunde|firma|konto|gmbh|ltd|inc|corp|llc|"
    r"please|ignore|delete|bitte|ignorieren|löschen|do|not|use"
)
BEGINS = r"(?:this is |just |only |nur |ein )?(?:an? )?"
NAME = re.compile(rf"(?:{NAMES})(?:[ _.-]*(?:{THING}|{NAMES}|\d+))*")
COMMENT = re.compile(rf"{BEGINS}(?:{WORD})(?:[ _.,-]+(?:{THING}|{WORD}|\d+))*[ .!]*")
ID = re.compile(rf"(?:[a-z]{{1,8}}[ _-])?(?:{NAMES})(?:[ _-]*(?:{THING}|\d+)|[ _-][a-z]\b)*")
MAIL = re.compile(
    r".*@(?:.*\.)?(?:example\.(?:com|org|net|edu)|test\.\w+|localhost|.*\.(?:test|invalid|example))"
    rf"|(?:{NAMES})[ _.+-]*\d*@.*"
)
STATE = re.compile(r"(?:survey )?(?:test|preview)(?:[ _-]?(?:data|mode|response|link))?")
YES = ("yes", "true", "1", "1.0", "y", "ja")

STEM = (  # a part of every word above, the sign of an address, or a letter that is not of ASCII
    "(?i:test|tst|dummy|asdf|qwert|xxx|zzz|demo|fake|placeholder|essai|prueba|prova|teszt|@)"
    "|[^\x00-\x7f]"
)
IDS = ("response_id", "contact_id", "account_id", "ticket_id", "opportunity_id", "employee_id")
CALLED = re.compile(
    r"(?:.*[_ ])?(?:(?:first|last|full|sur|sur_)?[_ ]?name|company|firma|vorname|nachname|"
    r"contact|customer|respondent|user)"
)
STATES = ("mode", "status", "channel", "distribution", "distribution_channel", "collector",
          "collector_type", "response_type", "survey_mode", "link_type")  # fmt: skip
FLAG = re.compile(r"(?:is[_ ]?)?(?:test|preview)(?:[_ ]?(?:data|response|mode|flag|record))?")
NAMED = ("responses", "accounts", "contacts", "invitations", "comments", "employee_survey")


def is_test_name(text: str) -> bool:
    """Whether a name says that nobody is called so.

    Examples
    --------
    >>> [is_test_name(name) for name in ("Test User", "DUMMY 2", "Testa", "Test Equipment Ltd.")]
    [True, True, False, False]
    """
    return NAME.fullmatch(_plain(text)) is not None


def is_test_comment(text: str) -> bool:
    """Whether a comment says nothing but that it is a test.

    Examples
    --------
    >>> texts = ("Testing", "this is a test!", "asdf", "Test results came late", "fake")
    >>> [is_test_comment(text) for text in texts]
    [True, True, True, False, False]
    """
    return COMMENT.fullmatch(_plain(text)) is not None


def is_test_id(text: str) -> bool:
    """Whether an id says that it is of a test.

    Examples
    --------
    >>> [is_test_id(text) for text in ("TEST1", "R-test-02", "xxx", "TESLA1", "A0001")]
    [True, True, True, False, False]
    """
    return ID.fullmatch(_plain(text)) is not None or is_test_mail(text)


def is_test_mail(text: str) -> bool:
    """Whether an address of e-mail leads to nobody.

    Examples
    --------
    >>> mails = ("ann@example.com", "test@acme.com", "ann@testa.com", "ann@acme.com")
    >>> [is_test_mail(text) for text in mails]
    [True, True, False, False]
    """
    return "@" in text and MAIL.fullmatch(_plain(text)) is not None


def by_column(
    frame: pd.DataFrame, table: str, comments: Iterable[str] = ()
) -> dict[str, pd.Series]:
    """For each column that may tell of tests which of its rows do; those without any left out.

    Examples
    --------
    >>> people = pd.DataFrame({"contact_id": ["C1", "C2"], "name": ["Ann Lee", "Test User"]})
    >>> {name: rows.tolist() for name, rows in by_column(people, "contacts").items()}
    {'name': [False, True]}
    """
    found = {}
    for name in map(str, frame.columns):
        tells = is_test_comment if name in comments else _told_by(name, table)
        if tells is None or frame[name].isna().all():
            continue
        odd = [one for one in _likely(frame[name], tells).unique() if tells(str(one))]
        if odd:
            found[name] = frame[name].isin(odd)
    return found


def _likely(cells: pd.Series, tells: Callable[[str], bool]) -> pd.Series:
    """Cells that hold a part of one of the words, all that need to be read one by one."""
    if tells not in (is_test_id, is_test_name, is_test_comment, is_test_mail):
        return cells.dropna()
    likely = holding(cells, STEM)
    return cells[likely] if likely.any() else cells.iloc[:0]


def _told_by(name: str, table: str) -> Callable[[str], bool] | None:
    """What tells of a test in a column of this name."""
    plain = name.casefold().strip()
    if name in IDS:
        return is_test_id
    if table not in NAMED:
        return None
    if "mail" in plain:
        return is_test_mail
    if FLAG.fullmatch(plain):
        return lambda text: text.strip().casefold() in YES
    if plain in STATES:
        return lambda text: STATE.fullmatch(_plain(text)) is not None
    return is_test_name if CALLED.fullmatch(plain) else None


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
