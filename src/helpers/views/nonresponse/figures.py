"""What the page on those who did not answer may quote."""

from __future__ import annotations

from functools import partial

import pandas as pd

from helpers.methods.claims import least
from helpers.methods.nonresponse import EarlyLate, Exclusion, Followup, Propensity, Sensitivity
from helpers.results import ChapterResult, Figure
from helpers.views.rendering.declared import by_name, declare
from helpers.views.rendering.naming import plain
from helpers.views.rendering.records import records
from helpers.views.rendering.rules import quotable

OF_THE_SCORE = ("main", "main_label", "main_from", "main_to", "weighted_to", "response_rate")
UNEVEN = (
    "r_indicator", "worst_bias", "worst_bias_high", "response_share", "least_group",
    "least_variable", "least_rate",
)  # fmt: skip
LATE = ("late_after", "late_difference")
FOLLOWED = (
    "followed", "followed_accounts", "apart", "apart_outcome", "apart_answered", "apart_unanswered",
)  # fmt: skip
KEPT_OUT = (
    "kept_out", "kept_out_share", "flattering", "flattering_outcome", "pointing_down", "judged",
)  # fmt: skip
SHIFTED = (
    "answering", "threshold", "threshold_is", "turning", "turning_interval", "farthest",
    "farthest_score",
)  # fmt: skip
VERDICTS = {
    "least_rate": ("below", "not clear"),
    "late_difference": ("higher", "lower", "not clear"),
    "apart": ("differ", "not clear"),
    "flattering": ("flatters", "all worse", "not clear"),
    "threshold": ("below", "above"),
    "turning": ("reachable", "out of reach", "not clear"),
}
NAMES = ("asked", *OF_THE_SCORE, *UNEVEN, *LATE, *FOLLOWED, *KEPT_OUT, *SHIFTED)
DECLARED = declare(*[name for name in NAMES if name not in VERDICTS], **VERDICTS).claiming(
    least_rate=("below",),
    late_difference=("higher", "lower"),
    apart=("differ",),
    flattering=("flatters",),
)
REASONS = {  # why a figure is not there, where its method could be computed
    **dict.fromkeys(
        ("apart_outcome", "apart_answered", "apart_unanswered"),
        "no record sets accounts without an answer clearly apart",
    ),
    "flattering_outcome": "on no record do those kept out do clearly worse",
    "turning": "everybody who was drawn answered",
    "turning_interval": "there is no such distance on the scale, or none is needed",
}
OUTCOMES = {
    "retained": ("Still customers", "share"),
    "renewed": ("All contracts renewed", "share"),
    "growth_after": ("Growth of revenue (geometric mean)", "growth"),
    "tickets": ("Tickets opened, not by an answer", "decimal2"),
    "revenue_before": ("Revenue in the 12 months before", "money"),
}


def outcome(name: str, currency: str) -> tuple[str, str]:
    """What a reader calls a record, and its unit.

    >>> outcome("retained", "USD"), outcome("revenue_before", "EUR")[1]
    (('Still customers', 'share'), 'money:EUR')
    """
    label, unit = OUTCOMES.get(name, (plain(name).capitalize(), "decimal2"))
    return label, f"money:{currency}" if unit == "money" else unit


def everyone_asked(asked: pd.DataFrame) -> dict[str, Figure]:
    """How many people were really asked."""
    n = len(asked)
    return by_name(Figure("asked", n, unit="count", base=n, base_unit="people asked"))


def score_of(sampling: ChapterResult) -> dict[str, Figure]:
    """The leading score as the sampling chapter left it, with its scale."""
    return {name: sampling.figures[name] for name in OF_THE_SCORE if name in sampling.figures}


def score_label(sampling: ChapterResult) -> str:
    """What the leading score is called, as a heading."""
    phrase = str(sampling["main_label"].value)
    return phrase[:1].upper() + phrase[1:]


def scale(sampling: ChapterResult) -> tuple[float, float]:
    """Lowest and highest value of the leading score."""
    return float(sampling["main_from"].value or 0.0), float(sampling["main_to"].value or 0.0)


def weighted_to(sampling: ChapterResult) -> list[str]:
    """What the leading score is weighted to; nothing where it is not."""
    if "margins" not in sampling.tables:
        return []
    return [plain(name) for name in sampling.tables["margins"]["margin"].drop_duplicates()]


def propensity(found: Propensity) -> dict[str, Figure]:
    """How evenly people answer, and which group answers least."""
    one = found.indicator
    ratio = partial(Figure, unit="ratio", base=one.base, base_unit="people asked")
    return by_name(
        ratio("r_indicator", one.value, one.low, one.high,
              label="evenness of response (R-indicator)"),
        ratio("worst_bias", one.worst_bias, label="largest bias of an unweighted mean, in "
              "standard deviations of the answers"),
        ratio("worst_bias_high", one.worst_bias_high, label="upper end of that bias"),
        Figure("response_share", found.response_rate, unit="share", base=found.base,
               base_unit="people asked", label="share of people asked who answered"),
        *_least(found),
    )  # fmt: skip


def _least(found: Propensity) -> list[Figure]:
    """The group with the lowest rate, and whether that lies clearly below the rate of all."""
    row = found.lowest
    if row is None:
        return []
    return [
        *quotable(least_group=plain(row["category"]), least_variable=plain(row["variable"])),
        Figure.from_row("least_rate", row, ("rate", "low", "high"), base="asked", unit="share",
                        base_unit="people asked", label="share that answered there",
                        verdict=found.verdict, p=least(found.least_p)),
    ]  # fmt: skip


def early_late(found: EarlyLate, unit: str) -> dict[str, Figure]:
    """How far late respondents lie from early ones on the leading score."""
    row = found.table.iloc[0]
    after = partial(Figure, "late_after", found.after_days, unit="decimal0", base=found.base)
    figures = [after(label="days after which an answer is late")]
    ends = ("difference", "low", "high")
    if row[[*ends]].notna().all():
        label, base = "late respondents less early ones", int(row["group_base"] + row["rest_base"])
        figures += [Figure.from_row("late_difference", row, ends, base=base, unit=unit, grade="C",
                                    label=label, verdict=found.verdict, p=found.p)]  # fmt: skip
    return by_name(*figures)


def followup(found: Followup, currency: str) -> dict[str, Figure]:
    """What became of accounts without an answer beside those with one."""
    counted = partial(Figure, unit="count", base=found.base, base_unit="account surveys")
    return by_name(
        counted("followed", found.base),
        counted("followed_accounts", found.accounts, base=found.accounts, base_unit="accounts"),
        counted("apart", len(found.apart), verdict=found.verdict, p=found.p,
                label="records on which accounts without an answer differ clearly"),
        *_apart(found, currency),
    )  # fmt: skip


def _apart(found: Followup, currency: str) -> list[Figure]:
    """The first record that sets them apart, on both sides."""
    if not found.apart:
        return []
    name = str(found.apart[0])
    label, unit = outcome(name, currency)
    row = next(row for row in records(found.table) if row["outcome"] == name)
    side = partial(Figure.from_row, row=row, unit=unit, base_unit="account surveys", grade="C")
    return [
        *quotable(apart_outcome=label.lower()),
        side("apart_answered", columns=["group_mean"], base="group_base",
             label=f"{label}, accounts with an answer"),
        side("apart_unanswered", columns=["rest_mean"], base="rest_base",
             label=f"{label}, accounts without an answer"),
    ]  # fmt: skip


def exclusion(found: Exclusion) -> dict[str, Figure]:
    """Who was kept out, and whether that makes the survey look better."""
    counted = partial(Figure, unit="count", base=found.base, base_unit="invitations")
    figures = [
        counted("kept_out", found.excluded, label="people kept out"),
        counted("kept_out_share", found.share, unit="share1", label="share kept out"),
        counted("flattering", len(found.clear), verdict=found.verdict, p=found.p,
                label="records on which those kept out do clearly worse"),
        counted("pointing_down", found.worse,
                label="records on which those kept out do worse, clearly or not"),
        counted("judged", found.judged, label="records compared"),
    ]  # fmt: skip
    if found.clear:
        figures += quotable(flattering_outcome=outcome(found.clear[0], "")[0].lower())
    return by_name(*figures)


def sensitivity(found: Sensitivity, unit: str, *, middle: bool) -> dict[str, Figure]:
    """How far non-respondents would have to lie from the others for the conclusion to turn.

    ``turning`` is the distance at which the score reaches the threshold, with the verdict
    whether answers could lie so far off; ``turning_interval`` is that at which its interval does.
    """
    turn, farthest = found.turning.iloc[-1], found.table.iloc[-1]
    counted = partial(Figure, base=found.base, unit=unit)
    why = "the middle of its scale" if middle else "the score that was set to matter"
    figures = [
        counted("threshold", float(found.threshold or 0.0), label="the score that matters",
                verdict=found.side),
        *quotable(threshold_is=why),
        counted("answering", float(turn["response_rate"]), unit="share",
                label="share that answered, of those drawn, by their chances"),
        counted("farthest", float(farthest["delta"]),
                label="how much lower non-respondents may score, at most"),
        Figure.from_row("farthest_score", farthest, base=found.base, unit=unit,
                        label="the score if they did"),
    ]  # fmt: skip
    if found.verdict:
        figures.append(
            counted("turning", abs(float(turn["delta_value"])), verdict=found.verdict,
                    label="distance at which the score reaches it")
        )  # fmt: skip
    if found.verdict == "reachable":
        figures.append(
            counted("turning_interval", abs(float(turn["delta_interval"])),
                    label="distance at which its interval does")
        )  # fmt: skip
    return by_name(*figures)
