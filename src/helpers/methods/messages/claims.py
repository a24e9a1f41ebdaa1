"""What a sentence claims: that something was done, will be done, was promised, or is not done.

English alone, and on the safe side: a sentence that only sounds like a claim needs a record too,
or other words. The forms are listed in the method page.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pandas as pd

from helpers.methods.messages.markup import CONTROL, REFERENCE, Block, blocks, escaped, plain

__all__ = ["DATE", "Said", "dates", "kinds", "said"]

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
          "October", "November", "December")  # fmt: skip
DATE = re.compile(
    rf"\b(?:(\d{{1,2}})(?:st|nd|rd|th)? ({'|'.join(MONTHS)}),? (\d{{4}})"
    rf"|({'|'.join(MONTHS)}) (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})|(\d{{4}})-(\d\d)-(\d\d))\b"
)
IRREGULAR = (
    "became|began|bought|brought|built|chose|cut|did|done|drew|fell|felt|fought|found|gave|given|got"
    "|grew|grown|held|kept|knew|known|laid|led|left|let|lost|made|met|paid|put|ran|rebuilt|rose|run"
    "|sent|set|shown|showed|shut|sold|spent|spoken|stood|taken|took|told|went|won|written|wrote"
)
PAST = rf"(?:\w+(?:ed|pt|ught)|{IRREGULAR})"
HEARD = r"(?:hear|heard|ask|asked|listen|listened|read|thank|thanked|know|learn|learned|learnt|count|counted|see|saw|value|apologise)"  # noqa: E501 - one list
WE = r"(?:we|our (?:[\w’'-]+ ){0,2}?(?:team|teams|people|staff|engineers|colleagues|company|office|plant|plants|warehouse|service|board))"  # noqa: E501 - one list
HEARING = re.compile(
    rf"\b(?:we|i)(?:['’]ve| have)? (?:also |now |often )?{HEARD}\b"
    r"|\byou (?:\w+ )?(?:told|said|asked|wrote|rated|answered|gave|named|ordered|ticked|have told"
    r"|have said|have asked)\b|\bwhat we (?:have )?(?:heard|asked|done|did)\b"
    r"|\bwhat is (?:still |not yet )?(?:open|done)(?: with you)?\b|\bwe have to\b",
    re.IGNORECASE,
)
NOT_DONE = re.compile(
    r"\b(?:is|are|was|were|has|have|been|did|does)(?: still)?(?: not|n['’]t)(?: yet)?(?: been)?"
    rf"(?: {PAST}| ready| in place| there| do| deliver| finish| keep)?\b(?: yet)?"
    r"|\bnot (?:yet )?(?:done|delivered|finished|ready|in place|solved|kept)\b(?: yet)?"
    r"|\bwe (?:have )?missed\b",
    re.IGNORECASE,
)
PROMISED = re.compile(
    rf"\b(?:{WE} (?:have |had )?promised|promised (?:you|for|by|to)|our promise)\b", re.IGNORECASE
)
WILL = re.compile(
    r"\b(?:will|shall|going to|(?:intend|plan|hope|expect|aim|mean)(?:s|ing|ned|ed)? to|planned"
    r"|promis(?:e|es|ing)|commit(?:s|ted|ment)?|guarantee[sd]?|soon|shortly|proposed for"
    r"|next (?:week|month|quarter|year|spring|summer|autumn|fall|winter)|due(?! to)"
    r"|(?:is|are) coming|expect (?:an?|the))\b|\w['’]ll\b"
    r"|\b(?:by|from|until|in) (?:early |late |mid-?)?"
    r"(?:the (?:end|first|second|third|fourth|last)\b"
    rf"|Q[1-4]|(?:{'|'.join(MONTHS)}) \d|20\d\d|this (?:year|summer|autumn|winter|spring))"
    rf"|\b(?:by|until) (?:{'|'.join(MONTHS)}|spring|summer|autumn|fall|winter)\b"
    rf"|\b{WE} (?:are|is|am)(?: now| already| currently)? \w+ing\b",
    re.IGNORECASE,
)
ON_A_DAY = re.compile(r"\b(?:by|from|until|on|before|after|since|starting) (?:the )?@day\b", re.I)
DONE = re.compile(
    rf"\b(?:{WE}|it|they|this|that|these|there)(?:['’]ve|['’]s| have| has| had)\b"
    rf"|\b(?:has|have|had)(?: \w+ly| now| already| since| also)? (?:been|{PAST})\b"
    rf"|\b{WE}(?: \w+ly| also| then| now| already| since)? {PAST}\b"
    rf"|\b(?:is|are|was|were|be|been|gets?|got|getting)(?: \w+ly| now| already| also| since)? "
    rf"(?!rated|based|named|called|needed|asked|worried|pleased|told|known|heard){PAST}\b"
    r"|\b(?:now|already|since|no longer|as of (?:today|now|this)|from (?:today|now|this))\b"
    r"|\b(?:done|delivered|completed?|finished|fixed|solved|introduced|launched|in place|kept"
    r"|improved)\b",
    re.IGNORECASE,
)
TO_BE = re.compile(  # what will be done is no claim that it was
    r"\b(?:will|shall|going to)(?: \w+ly| not| soon| then| all)?(?: have)? be(?:en)?(?: \w+ly)? "
    rf"(?:{PAST}|ready|live|open|available|in place)\b",
    re.IGNORECASE,
)
AS_IT_IS = re.compile(  # how things are from now on, unless a customer is said to have said it
    r"\b(?:is|are)(?: all| fully)? (?:live|up and running|ready|available|free of charge|faster"
    r"|quicker|shorter|easier|simpler|cheaper|(?:down|up) by)\b"
    r"|\bthere(?: is| are|['’]s) (?:an? )?(?:new|more|better|faster)\b|\bany ?more\b"
    r"|\b(?:opened|joined|started|arrived|doubled|halved|went live|on time|(?:when|as) promised"
    r"|at once)\b"
    r"|\b(?:within|in|after|than) (?:an?|one|two|three|four|five|six|seven|eight|nine|ten|\d+)"
    r" (?:working |business )?(?:minutes?|hours?|days?|weeks?)\b",
    re.IGNORECASE,
)
ENDS = re.compile(r"(?<=[.!?])[\"”’)]?\s+(?=[\"“‘(\[]?[A-Z0-9\[\0])|(?<=[.!?])$")
NO_DAY = pd.Timestamp(1700, 1, 1)  # of a date that there is not: no record holds it
FEW = 3  # words of a record that may stand in any sentence: they count where they are quoted


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of a letter: its line, its words, what it claims and the records it cites."""

    line: int
    text: str
    kinds: frozenset[str]  # done, will, promised, not done; empty where it claims nothing
    refs: tuple[str, ...]
    dates: tuple[pd.Timestamp, ...]
    names: tuple[str, ...]  # ids of records whose words it repeats
    bare: str  # without records' words, names, references and dates: any number left is a claim


def said(text: str, whats: Mapping[str, str], names: Collection[str] = ()) -> list[Said]:
    """Every sentence of a letter.

    Parameters
    ----------
    text
        A letter, as `blocks` reads it.
    whats
        The words of each record, by its id: they are one word of a sentence.
    names
        Other words of the client's (accounts, subjects, waves), which count as one word too.

    Examples
    --------
    >>> one, two = said("We heard you. The hotline is open [C01].", {"C01": "Hotline"})
    >>> one.kinds, two.refs
    (frozenset(), ('C01',))
    """
    return [sentence for block in blocks(text) for sentence in _of_block(block, whats, names)]


def _of_block(block: Block, whats: Mapping[str, str], names: Collection[str]) -> list[Said]:
    masks = _masks(whats, names)
    masked = CONTROL.sub(" ", block.text)
    for mask in masks:
        for form in mask.forms:
            if form in masked:
                whole = rf"(?<![\w\[]){re.escape(form)}(?![\w\]])"  # never inside a reference
                masked = re.sub(whole, mask.put_in(form), masked)
    return [_sentence(block.line, part, masks) for part in _split(masked)]


@dataclass(frozen=True, slots=True)
class _Mask:
    """Words of a client's that count as one word, whatever they hold; ``ref`` where a record's."""

    token: str
    text: str
    ref: str

    @property
    def forms(self) -> list[str]:
        """The words as a letter may have them; few words of a record only where quoted."""
        raw = [] if "[" in self.text else [self.text]
        found = [form for form in dict.fromkeys((escaped(self.text), *raw)) if form.strip()]
        few = self.ref and len(self.text.split()) < FEW
        return [f"“{form}”" for form in found] if few else found

    def put_in(self, form: str) -> str:
        """What stands for them."""
        return f"“{self.token}”" if form.startswith("“") and self.ref else self.token


def _masks(whats: Mapping[str, str], names: Collection[str]) -> list[_Mask]:
    """Every mask, those of the most letters first."""
    pairs = [
        *((what, ref) for ref, what in whats.items()),
        *((name, "") for name in {_line(one) for one in names} if _tells(name)),
    ]
    pairs.sort(key=lambda pair: (-len(pair[0]), pair))
    return [_Mask(f"\0{place}\0", text, ref) for place, (text, ref) in enumerate(pairs)]


def _line(name: str) -> str:
    return " ".join(CONTROL.sub(" ", name).split())


def _tells(name: str) -> bool:
    """Whether a name could be read as more than a name: a plain word that claims nothing cannot."""
    return not re.fullmatch(r"[a-z]+", name) and bool(re.search(r"[^A-Za-z]", name) or kinds(name))


def _split(text: str) -> list[str]:
    """Sentences; references that stand behind a full stop belong to the sentence before it."""
    moved = re.sub(rf"([.!?])((?:\s*{REFERENCE.pattern})+)", _before_stop, text)
    return [part.strip() for part in ENDS.split(moved) if part and part.strip()]


def _before_stop(found: re.Match[str]) -> str:
    return f" {found[2].strip()}{found[1]}"


def _sentence(line: int, part: str, masks: list[_Mask]) -> Said:
    there = [mask for mask in masks if mask.token in part]
    shown, bare = part, REFERENCE.sub("", part)
    for mask in there:
        shown, bare = shown.replace(mask.token, escaped(mask.text)), bare.replace(mask.token, "X")
    return Said(
        line, plain(shown), kinds(bare), tuple(dict.fromkeys(REFERENCE.findall(part))),
        tuple(dates(bare)), tuple(mask.ref for mask in there if mask.ref), DATE.sub("", bare),
    )  # fmt: skip


def kinds(sentence: str) -> frozenset[str]:
    """What a sentence claims, from the forms of its verbs.

    Examples
    --------
    >>> sorted(kinds("We have built a hotline and will add a portal."))
    ['done', 'will']
    >>> kinds("We heard that you wait too long."), sorted(kinds("It is not done yet."))
    (frozenset(), ['not done'])
    >>> sorted(kinds("We promised this by 31 March 2026."))
    ['promised']
    """
    rest, found = HEARING.sub(" ", DATE.sub("@day", sentence)), set[str]()
    for kind, form in (("not done", NOT_DONE), ("promised", PROMISED)):
        if form.search(rest):
            found.add(kind)
            rest = form.sub(" ", rest)
    found |= {"will"} if WILL.search(rest) else set()
    rest = TO_BE.sub(" ", rest)
    if DONE.search(rest) or (not HEARING.search(sentence) and AS_IT_IS.search(rest)):
        found.add("done")
    if not found and ON_A_DAY.search(rest):  # behind what was done, the day on which it was
        found.add("will")
    return frozenset(found)


def dates(text: str) -> list[pd.Timestamp]:
    """The days that a text names: 30 June 2026, June 30, 2026, or 2026-06-30.

    Examples
    --------
    >>> [f"{day:%Y-%m-%d}" for day in dates("by 30 June 2026, not July 1, 2026")]
    ['2026-06-30', '2026-07-01']
    """
    found = []
    for day, month, year, month2, day2, year2, iso, iso_month, iso_day in DATE.findall(text):
        parts = (
            (int(iso), int(iso_month), int(iso_day)) if iso
            else (int(year or year2), MONTHS.index(month or month2) + 1, int(day or day2))
        )  # fmt: skip
        found.append(_day(*parts))
    return found


def _day(year: int, month: int, day: int) -> pd.Timestamp:
    """A day; one that there is not is `NO_DAY`."""
    try:
        return pd.Timestamp(year, month, day)
    except ValueError:
        return NO_DAY
