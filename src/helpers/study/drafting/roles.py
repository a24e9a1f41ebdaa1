"""The likely role of a question, and the reason for it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from helpers.study.drafting.export import Item
from helpers.study.drafting.groups import MULTIPLE, Battery, split_text
from helpers.study.drafting.guess import Guess
from helpers.study.drafting.metrics import find_metric
from helpers.study.drafting.scales import Scale
from helpers.study.drafting.wordings import (
    ASPECT,
    COMPANY_WIDE,
    EVALUATING,
    NAMES,
    PERSONAL,
    PREFIXES,
    RATING,
    ROLES,
    SEGMENT,
    VERDICTS,
)
from helpers.study.readers.qualtrics import METADATA

__all__ = ["UNUSED", "Setting", "asks_opinion", "find_role"]

UNUSED = "unused"
MOST_GROUPS = 25  # categories of a segment
MOST_CODES = 12  # of which nothing says what they are
RELATED = 0.3  # a correlation with other ratings that codes of groups hardly have
FEW_STEPS = 3  # codes that may well be groups, however they go with ratings
SENTENCE = 4  # words, on average
WORDY = 25  # letters of an answer in one's own words, on average
OPINION = ("recommend", "satisfaction", "effort", "attitude", "behaviour")
RATED = ((1, 5), (1, 7), (0, 10), (1, 10))  # scales that hardly anything but a rating has
CODED = re.compile(
    r"(?i)(topic|theme|category|code|sentiment|kategorie|thema|count|anzahl|name|title|titel|nom)s?\b"
)
BEHIND = r"([_\d].*)?"  # what may follow the beginning of a name
AFTER_PROMOTERS = re.compile(r"(?i).*_nps_group|.*[_ ](topics?|sentiment.*)")


@dataclass(frozen=True)
class Setting:
    """What a question stands in: its block, that block's verdict, and its tick list."""

    scale: Scale | None = None
    battery: Battery | None = None
    verdict: bool = False  # goes best with all others of its block
    ticked: bool = False
    rest: bool = False  # a further answer to a question that allows several
    goes_with: float = 0.0  # its correlation with the ratings that words or names tell


def find_role(item: Item, setting: Setting) -> Guess:
    """The role of a question with the reason; ``unused`` where it has none."""
    if not item.filled:
        return Guess(UNUSED, True, "no answers")
    return _not_a_question(item, setting) or _worded(item, setting) or _by_answers(item, setting)


def _not_a_question(item: Item, setting: Setting) -> Guess | None:
    if item.name in METADATA or AFTER_PROMOTERS.fullmatch(item.name):
        return Guess(UNUSED, True, "added by the survey tool")
    if PERSONAL.search(item.said) and setting.scale is None:
        return Guess(UNUSED, True, "it may identify a person")
    if len(item.counts) == 1 and not setting.ticked:
        return _always(item)
    if _is_date(item):
        return Guess(UNUSED, True, "a date or a time")
    return None


def _always(item: Item) -> Guess:
    """A column with one answer: of no use, unless its words say that it is a question."""
    why = f"always {str(item.counts.index[0])[:20]}"
    asked = (role for role, pattern in ROLES if item.numeric and pattern.search(item.said))
    role = _called(item) or next(asked, UNUSED)
    return Guess(role, role == UNUSED, why)


def asks_opinion(item: Item) -> bool:
    """Whether a column asks by its name or words for a recommendation or the like.

    Examples
    --------
    >>> import pandas as pd
    >>> asks_opinion(Item("NPS", "", {}, pd.Series(["9"])))
    True
    """
    worded = any(p.search(item.said) for role, p in ROLES if role in OPINION)
    return _called(item) in OPINION or worded


def _called(item: Item) -> str | None:
    """The role that the column's name is by itself."""
    return NAMES.get(re.sub(r"[\W_]+", " ", item.name).strip().casefold())


def _is_date(item: Item) -> bool:
    texts = item.cells.dropna().head(200)
    looks = texts.str.fullmatch(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}([ T]\d.*)?|\d{1,2}:\d\d(:\d\d)?")
    return float(looks.fillna(False).mean()) > 0.9


def _worded(item: Item, setting: Setting) -> Guess | None:
    """A role by the words of the question, where its answers are of the right kind."""
    asked = bool(item.text)
    called = _called(item)
    if called and (item.numeric or setting.scale is not None):
        points = setting.scale is not None and setting.scale.ends == (0, 100)
        why = f"the column is called {item.name}"
        return Guess(called, not points, f"{why}; points of 100 are a mean" if points else why)
    if setting.ticked:
        return _ticked(item, setting)
    if _in_words(item, setting):
        return _comment(item)
    if setting.scale is None:
        return None
    scale = setting.scale
    title, own = split_text(item.text)
    alike = _alike(setting)
    if not title and setting.battery is not None and setting.battery.worded:
        title, own = setting.battery.title, item.name
    if alike and EVALUATING.search(title) and not COMPANY_WIDE.search(own):
        return Guess("driver", True, f"one of {alike} aspects rated alike")
    for role, pattern in ROLES:
        if role == "satisfaction" and ASPECT.search(own or item.said):
            continue
        found = pattern.search(item.said)
        if role != "comment" and found:
            guess = _opinion(role, found[0], own or item.said, setting)
            return guess if asked else _by_name(item, guess)
    return _rated(item, setting, scale)


def _alike(setting: Setting) -> int:
    """How many questions of its block are rated alike, if that is a block at all."""
    count = len(setting.battery.names) if setting.battery else 0
    return count if count > 2 else 0


def _opinion(role: str, words: str, own: str, setting: Setting) -> Guess:
    """A role that words tell, doubted where they may speak of one aspect only."""
    why = f"it says {words.strip()!r}"
    alike, scale = _alike(setting), setting.scale
    if role == "satisfaction" and alike and not COMPANY_WIDE.search(own):
        return Guess("driver", True, f"one of {alike} aspects rated alike")
    if role == "effort" and alike:
        return Guess("driver", False, f"{why}, yet it is one of {alike} rated alike")
    if role == "recommend" and alike:
        return Guess(role, False, f"{why}, yet it is one of {alike} rated alike")
    if role == "recommend" and scale is not None and scale.ends not in ((0, 10), (1, 10), None):
        return Guess(role, True, f"{why}; on this scale it is no net promoter score")
    return Guess(role, True, why)


def _by_name(item: Item, guess: Guess) -> Guess:
    """What only the name of the column says: sure where it begins with the role itself."""
    if item.name.casefold().startswith(f"{guess.value}_"):
        return Guess(guess.value, True, f"the column is called {item.name}")
    return guess.doubted(f"the column is called {item.name}")


def _rated(item: Item, setting: Setting, scale: Scale) -> Guess | None:
    """A rating whose words name no role: by its block, its name, or its scale."""
    alike = _alike(setting)
    if ASPECT.search(item.said) and not COMPANY_WIDE.search(item.said):
        return Guess("driver", False, f"satisfaction with one aspect: {item.said.strip()[:40]}")
    if not item.text and VERDICTS.search(item.said):
        return Guess("satisfaction", False, f"the column is called {item.name}")
    upper = item.name.upper()
    known = next((PREFIXES[p] for p in PREFIXES if re.fullmatch(p + BEHIND, upper)), None)
    if known and not item.text:
        return Guess(known[0], False, f"names that begin so stand for {known[1].lower()}")
    if setting.verdict:
        return Guess("satisfaction", False, "it goes with all others of its block, at its end")
    odd = scale.ends not in (*RATED, (0, 100)) and not item.text
    if alike and not odd:
        return Guess("driver", False, f"one of {alike} rated alike")
    if RATING.search(item.text):
        return Guess("driver", False, "a rating of one aspect")
    worded = bool(scale.values)  # steps of a scale are no groups
    named = SEGMENT.search(item.said) and not RATING.search(item.said)  # product, not its quality
    grouping = not worded and named and len(item.counts) <= MOST_GROUPS
    return None if grouping else _by_scale(item, setting, scale)


def _by_scale(item: Item, setting: Setting, scale: Scale) -> Guess | None:
    """A rating that only its scale tells, or that goes with those that are known."""
    if scale.low.reason.startswith("labelled"):  # from one end to its opposite
        return Guess("driver", False, scale.low.reason)
    if scale.ends not in (*RATED, (0, 100)):
        return None
    if scale.values:
        first, last = (scale.values[end][0] for end in (min(scale.values), max(scale.values)))
        return Guess("driver", False, f"answered in steps, as {first} and {last}")
    related = setting.goes_with >= RELATED and len(item.numbers) > FEW_STEPS
    if related:
        why = f"it goes with the other ratings (correlation {setting.goes_with:.2f})"
        return Guess("driver", False, why)
    if scale.ends in RATED and not set(scale.ends or ()) <= set(item.numbers.index):
        return None  # both ends must occur
    if scale.ends == (0, 10) and not item.text:
        return Guess("recommend", False, "answered from 0 to 10")
    return Guess("driver", False, f"answered from {scale.low.value} to {scale.high.value}")


def _ticked(item: Item, setting: Setting) -> Guess:
    said = f"{setting.battery.title if setting.battery else ''} {item.said}"
    interest = next(pattern for role, pattern in ROLES if role == "interest")
    why = f"one of {len(setting.battery.names) if setting.battery else 1} answers to be ticked"
    if interest.search(said):
        return Guess("interest", bool(item.text), why)
    return Guess(UNUSED, True, why)


def _in_words(item: Item, setting: Setting) -> bool:
    if item.numeric or setting.scale is not None or item.labels:
        return False
    texts = item.counts.index.to_series().astype(str)
    spaced = texts.str.contains(r"\s", regex=True).mean()
    long = float(texts.str.len().mean()) >= WORDY or len(texts) > 2 * MOST_GROUPS
    comment = next(pattern for role, pattern in ROLES if role == "comment")
    letters = float(texts.str.len().mean())
    coded = CODED.search(item.said) or SEGMENT.search(item.said)
    if comment.search(item.said) and not CODED.search(item.said):
        return bool(letters >= WORDY / 2 and spaced > 0.5) or len(texts) > MOST_GROUPS
    if not coded and letters >= WORDY and (texts.str.count(r"\S+").mean() >= SENTENCE):
        return bool(item.filled < 0.9 * len(item.cells) or len(texts) > 0.3 * item.filled)
    return bool(spaced > 0.5 and long and len(texts) > MOST_GROUPS)


def _comment(item: Item) -> Guess:
    comment = next(pattern for role, pattern in ROLES if role == "comment")
    letters = float(item.counts.index.to_series().astype(str).str.len().mean())
    why = f"answered in words, {letters:.0f} letters on average"
    found = comment.search(item.said)
    return Guess("comment", bool(found) or letters >= 2 * WORDY, why)


def _by_answers(item: Item, setting: Setting) -> Guess:
    """What the answers alone say: a grouping, or nothing."""
    groups, filled = len(item.counts), item.filled
    if setting.rest:
        return Guess(UNUSED, True, "a further answer to the question before")
    if metric := find_metric(item):
        return metric.role
    if MULTIPLE.search(item.said) and item.counts.index.astype(str).str.contains("[,;]").any():
        return Guess(UNUSED, False, "several answers in one cell, which are no groups")
    if item.labels and groups <= MOST_GROUPS:
        named = bool(SEGMENT.search(item.said))
        return Guess("segment", named, f"{groups} categories with labels")
    if not item.numeric and groups <= MOST_GROUPS and groups < filled / 2:
        named = bool(SEGMENT.search(item.said))
        return Guess("segment", named, f"{groups} categories")
    if groups <= MOST_CODES and groups < filled / 5 and _whole(item):
        common = filled >= 0.5 * len(item.cells)
        if common or SEGMENT.search(item.said):
            return Guess("segment", False, f"{groups} codes that nothing explains")
    rated = setting.scale is not None  # on a scale, of which no rule knows what it rates
    return Guess(UNUSED, not rated, f"{groups:,} different answers; nothing says what they are")


def _whole(item: Item) -> bool:
    return bool((item.numbers.index.to_numpy() % 1 == 0).all())
