"""What gives itself away by its form: addresses, numbers, codes, titles, spelled-out letters."""

from __future__ import annotations

import re

__all__ = ["COMPANY", "MARKS", "NAME", "TITLED", "TITLES", "initialled", "without_forms"]

NAME, COMPANY, NUMBER, MAIL = "[name]", "[company]", "[number]", "[e-mail]"
PHONE, LINK, CODE = "[phone]", "[link]", "[code]"
MARKS = (NAME, COMPANY, NUMBER, MAIL, PHONE, LINK, CODE)

AT = r"\s?(?:@|＠|(?i:\(at\)|\[at\]|\{at\}))\s?"
DOT = r"(?:\.|\s?(?i:\(dot\)|\[dot\]|\{dot\})\s?)"
ENDS = "com|net|org|info|biz|eu|io|co|de|uk|us|fr|es|it|nl|be|ch|at|se|no|dk|fi|pl|cz|jp|cn|in|br"
MAILBOX = rf"(?<![\w.+'-])[\w.+'-]{{1,250}}{AT}[\w-]{{1,63}}(?:{DOT}[\w-]{{1,63}}){{1,8}}"
LOCAL = r"(?<![\w.+'-])[\w.+'-]{1,250}[@＠][\w-]{1,63}"  # without the ending of its domain
SAID_DOT = r"\s{1,3}(?:dot|punkt|point|punto)\s{1,3}"
SAID_AT = r"\s{1,3}(?:at|ät|arobase|arroba)\s{1,3}"
SAID = (
    rf"(?<![\w.])[\w.+-]{{1,63}}(?:{SAID_DOT}[\w-]{{1,63}}){{0,4}}{SAID_AT}"
    rf"[\w-]{{1,63}}(?:(?:{SAID_DOT}|\.)[\w-]{{1,63}}){{0,4}}(?:{SAID_DOT}|\.)(?:{ENDS})(?!\w)"
)  # fmt: skip
DOMAIN = rf"(?<![\w@])(?:[\w-]{{1,63}}\.){{1,20}}(?:{ENDS})(?!\w|\.\w)(?:/\S*)?"
PROFILE = r"(?<![\w@.])(?:[\w-]{1,63}\.){1,4}[a-z]{2,24}/\S+"
SERVICES = "skype|whatsapp|telegram|linkedin|wechat|signal|twitter|instagram"
HANDLE = rf"(?<!\w)(?:{SERVICES})\s?:\s?\S+"
FORMS = (  # tried in order; every repetition is bounded, so that no text can make them slow
    (re.compile(MAILBOX), MAIL),
    (re.compile(SAID, re.I), MAIL),
    (re.compile(LOCAL), MAIL),
    (re.compile(r"\b(?:[a-z][a-z0-9+.-]{0,20}://|www\.)\S+", re.I), LINK),
    (re.compile(DOMAIN, re.I), LINK),
    (re.compile(PROFILE, re.I), LINK),
    (re.compile(HANDLE, re.I), LINK),
    (re.compile(r"(?<!\w)@\w[\w.]*"), NAME),
    (re.compile(r"(?<![\w+])\+?\(?\d(?:[\s().\-/]{0,2}\d){6,}(?!\w)"), PHONE),
    (re.compile(r"(?<!\w)\d{3,}-\d{3,}(?:-\d+)*(?!\w)"), PHONE),
    (re.compile(r"(?<!\w)(?=[\w/.-]{0,60}\d)(?=[\w/.-]{0,60}[^\W\d_])\w+(?:[-/.]\w+)*"), CODE),
    (re.compile(r"#\w+"), CODE),
    (re.compile(r"(?:[$€£¥₹]\s?)?\d+(?:[.,:'’/-]\d+)*(?:\s?%)?"), NUMBER),
    (re.compile(r"(?<![\w.])(?:[^\W\d_a-zß-öø-ÿ]\.\s?){1,3}[^\W\d_a-zß-öø-ÿ]\.(?!\w)"), NAME),
    (re.compile(r"(?<!\w)[^\W\d_](?:[ .*_-][^\W\d_]){2,40}(?!\w)"), NAME),  # K a r e n
)  # fmt: skip
_TITLES = (
    "mr|mrs|dr|prof|herr|herrn|frau|monsieur|madame|mme|mlle|señor|señora|signor|signora|dhr|mevr"
)
_WORDS_TOO = "Ms|Miss|Mx|Sir|Madam|Hr|Fr|M|Sr|Sra|Don|Doña|Sig|Pan|Pani"  # only before a capital
TITLES = frozenset(f"{_TITLES}|{_WORDS_TOO}".lower().split("|"))
TITLED = re.compile(  # further titles and initials may stand before the name
    rf"(?<!\w)(?:(?i:{_TITLES})(?:\.\s?|\s)(?=[^\W\d_])|(?:{_WORDS_TOO})(?:\.\s?|\s)(?=[^\W\d_a-zß-öø-ÿ]))"
    rf"(?:(?:(?i:{_TITLES})\.?|[^\W\d_]\.)\s?){{0,3}}(\w[\w'’-]*)"
)
_CAPITAL = r"[^\W\d_a-zß-öø-ÿ]"
_INITIAL = re.compile(rf"(?<!\w){_CAPITAL}\.\s?(?=\[name\])|(?<=\[name\])\s{_CAPITAL}\.(?!\w)")


def without_forms(text: str) -> str:
    """A text with a mark for whatever has the form of an address, a number or a code.

    >>> without_forms("Mail martina dot vogel at acmepumps dot com, 3 days late, ask J.P.")
    'Mail [e-mail], [number] days late, ask [name]'
    """
    for form, mark in FORMS:
        text = form.sub(mark, text)
    return text


def initialled(text: str) -> str:
    """A text whose names have lost the initials beside them.

    >>> initialled("ask J. [name] or [name] V. about it")
    'ask [name] or [name] about it'
    """
    return _INITIAL.sub("", text)
