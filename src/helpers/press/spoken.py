"""Numbers as pages say them: how much each may stand for, and whether two say the same."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["NUMBER", "Spoken", "claims", "numbers"]

MINUS = "−"
SCALES = {"": 1.0, "%": 0.01, "k": 1e3, "M": 1e6, "bn": 1e9}
MONEY_DIGITS = 2  # significant digits of money
NUMBER = re.compile(
    r"(?<![\w.,])(?P<sign>[<>+−-]?)(?P<money>[$€£¥₹]|R\$|[A-Z]{3}\s)?"
    r"(?P<digits>\d[\d,]*)(?P<places>\.\d+)?(?P<scale>%|bn\b|[kM]\b|)(?![\w])"
)
BEFORE_INTERVAL = re.compile(r"\s?(?:\(|\| )$")  # between a value and its interval
BETWEEN = " to "
FINER = 10  # times by which a number may be finer than what vouches for it: 35.9 than 36


@dataclass(frozen=True)
class Spoken:
    """A number with the ends between which it may stand for one."""

    text: str
    value: float
    low: float
    high: float
    share: bool  # whether it is in per cent

    def says(self, other: Spoken) -> bool:
        """Whether both may stand for one number; signs aside, as prose says "lower by 4".

        Numbers that only touch where both are rounded, such as 36 and 37 at 36.5, do not, nor
        does a count vouch for what is far finer than it: 0 accounts for 41%, or 1 for 1.31.

        >>> [one], [two], [three] = numbers("35.9"), numbers("36"), numbers("37")
        >>> one.says(two), one.says(three), two.says(three)
        (True, False, False)
        >>> [share], [none], [part] = numbers("41%"), numbers("0"), numbers("0.41")
        >>> share.says(none), share.says(part)
        (False, True)
        """
        finer, coarser = sorted((self.high - self.low, other.high - other.low))
        if coarser > finer * (FINER if self.share is other.share else 1) * (1 + 1e-9):
            return False
        edge = 1e-6 * finer
        return self._meets(other.value, other.low + edge, other.high - edge)

    def stands_for(self, value: float) -> bool:
        """Whether it may stand for a number as the results hold it; signs aside.

        >>> [one] = numbers("4.2%")
        >>> one.stands_for(0.0417), one.stands_for(-0.0417), one.stands_for(0.0431)
        (True, True, False)
        """
        return self._meets(value, value, value)

    def _meets(self, value: float, low: float, high: float) -> bool:
        slack = 0.0 if high > low else 1e-9 * max(1.0, abs(self.value), abs(value))
        least, most = low - slack, high + slack
        return (self.low <= most and least <= self.high) or (
            -self.high <= most and least <= -self.low
        )


def numbers(text: str) -> list[Spoken]:
    """Every number of a text.

    >>> [(one.text, one.value) for one in numbers("50% (−0.5 to $7.7M), wave 2026H1, <1%")]
    [('50%', 0.5), ('−0.5', -0.5), ('$7.7M', 7700000.0), ('<1%', 0.01)]
    """
    return [_read(found) for found in NUMBER.finditer(text)]


def claims(text: str) -> list[list[Spoken]]:
    """Numbers of a text, a value together with the ends of the interval beside it.

    >>> [[one.text for one in claim] for claim in claims("9 of 20: 45% (20% to 70%)")]
    [['9'], ['20'], ['45%', '20%', '70%']]
    """
    found = list(NUMBER.finditer(text))
    made: list[list[Spoken]] = []
    last = 0  # where the number before ended
    for one in found:
        between = text[last : one.start()]
        opens = len(made) > 0 and len(made[-1]) == 1 and BEFORE_INTERVAL.fullmatch(between)
        closes = len(made) > 0 and len(made[-1]) == 2 and between == BETWEEN
        if opens or closes:
            made[-1].append(_read(one))
        else:
            made.append([_read(one)])
        last = one.end()
    return [part for one in made for part in ([one] if len(one) == 3 else [[n] for n in one])]


def _read(found: re.Match[str]) -> Spoken:
    sign, scale = found["sign"], SCALES[found["scale"]]
    digits, places = found["digits"].replace(",", ""), found["places"] or ""
    value = float(digits + places) * scale
    half = 0.5 * 10.0 ** -max(len(places) - 1, 0) * scale
    if found["money"]:
        told = max(MONEY_DIGITS, len(digits.rstrip("0")))  # "$164k" has three, whoever wrote it
        half = max(half, 0.5 * 10.0 ** (len(digits) - told) * scale) if not places else half
    if sign in (MINUS, "-"):
        value = -value
    low, high = value - half, value + half
    if sign == "<":
        low, high = 0.0, value
    elif sign == ">":
        low, high = value, value + 2 * half
    return Spoken(found.group().strip(), value, low, high, found["scale"] == "%")
