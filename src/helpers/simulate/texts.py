"""Comments in customers' own words, and the hand-coded themes of a part of them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.simulate.fieldwork import Fieldwork
from helpers.simulate.frame import Frame
from helpers.simulate.settings import Settings, stream

__all__ = ["comments", "themes"]

COMPLAINTS = {
    "product_quality": (
        "seals on the last {few} units failed within {many} weeks",
        "the new castings are not as good as they used to be",
        "we had to send back part of the last batch",
        "bearings wear out long before the interval in your manual",
        "we found {few} leaking valves at incoming inspection",
    ),
    "pricing": (
        "prices went up again and nobody could say what we get for it",
        "your quotes are well above what others ask for the same valve",
        "spare parts have become too expensive for a plant of our size",
        "we pay more each year for the same actuators",
    ),
    "delivery": (
        "the last order came {many} days late and our line stood still",
        "promised dates move every week, we cannot plan a shutdown like this",
        "half of the shipment was missing, again",
        "lead times for seals went from {few} to {many} weeks",
        "the truck came to the wrong gate {few} times this year",
    ),
    "sales_process": (
        "it takes {few} days to get a simple quote",
        "the order portal is slow and asks for the same data twice",
        "we keep getting a different sales contact each quarter",
        "your quote had the wrong flange size {few} times in a row",
    ),
    "project_management": (
        "commissioning slipped because nobody owned the schedule",
        "the installation team and the project office did not talk to each other",
        "the project plan was out of date after {few} weeks",
        "nobody could tell us which milestone we had reached",
    ),
    "technical_support": (
        "the hotline reads from a script and cannot help with older pumps",
        "we waited {many} hours for somebody who knows the controller",
        "support closes the case before the problem is solved",
        "your engineers are good but there are too few of them",
    ),
    "communication": (
        "nobody tells us when something changes, we always have to call",
        "we hear about delays from the carrier and not from you",
        "I sent {few} mails and had one answer",
        "a simple note that the order slipped would have saved us a weekend",
        "we never know whom to ask since our contact left",
    ),
    "complaint_handling": (
        "our claim has been open for {many} weeks without a word",
        "returns take far too long and the credit note was wrong",
        "we complained about the gasket and got a form letter",
        "it took {few} calls until somebody took our complaint seriously",
    ),
}
PRAISE = {
    "product_quality": (
        "the pumps just run, no stop in {few} years",
        "these are the best built valves we know",
        "quality of the last skid was excellent, nothing to rework",
    ),
    "delivery": (
        "deliveries have been spot on all year",
        "you got us parts overnight when it mattered",
        "every order came on the day you said",
    ),
    "technical_support": (
        "your service engineer solved it on the phone in {many} minutes",
        "technical support knows our plant better than we do",
        "the hotline found the fault our own people had missed for weeks",
    ),
    "communication": (
        "we always know where our order stands",
        "our account manager calls before we need to",
        "the weekly status mail during the retrofit was very helpful",
    ),
    "sales_process": (
        "ordering is quick and the quotes are clear",
        "a quote the same day, that is how it should be",
    ),
    "complaint_handling": (
        "a claim was settled within {few} days, very fair",
        "when something went wrong it was replaced without any discussion",
    ),
    "project_management": (
        "the retrofit was done on time and on plan",
        "one plan, one person in charge, a very smooth installation",
    ),
    "pricing": ("fair prices for what we get", "not the cheapest, but worth it over ten years"),
}
SHORT = ("n/a", "No comment", "All good.", "-", "see above", "Thanks!", "ok")
OPENINGS = ("", "", "", "Honestly, ", "To be frank: ", "In short, ", "As I told {who}, ", "Again: ")
ENDINGS = (
    "", "", "", "", " Please fix this.", " Thank you.", " It was better two years ago.",
    " We are looking at other suppliers.", " 👍", " Call me on 555-01{many}.",
    " It cost us ${many},000.",
)  # fmt: skip
GOOD_ENDINGS = ("", "", "", " Keep it up.", " Thank you.", " 👍", " We tell others about it.")
FIRST_NAMES = ("Karen", "Joao", "Priya", "Stefan", "Mei", "Ahmed", "Lucy")
# Words of the client's own frame: some miss a turn of phrase, some find another theme.
FRAME = {
    "product_quality": "quality; fail*; leak*; defect*; bearing*; casting*; reliab*",
    "pricing": "price*; pricing; expensive; pay more; cheap*; cost*",
    "delivery": "late; deliver*; lead time*; shipment*; truck; overnight",
    "sales_process": "quote; quotes; order portal; ordering; sales contact",
    "project_management": "project*; commissioning; installation; milestone*; retrofit",
    "technical_support": "hotline; support; engineer*; technician*",
    "communication": "nobody tells; inform*; status; mails; whom to ask; always know",
    "complaint_handling": "complain*; claim*; return*; credit note",
}
CODED = 280  # comments that somebody coded by hand


def comments(world: Settings, who: Frame, field: Fieldwork) -> pd.DataFrame:
    """One row a comment; about a quarter of those who answered wrote one."""
    rng, came = stream(world, "comments"), field.responses
    names = [d.name for d in world.drivers]
    usual, spread = np.array([d.mean for d in world.drivers]), 1.8
    rows: list[dict[str, object]] = []
    low = (came["recommend"] <= 6).fillna(False).to_numpy() & world.comments_follow
    writes = rng.random(len(came)) < np.where(low, 0.38, 0.23)
    for answer in came[writes].to_dict("records"):
        would = field.would[int(answer["wave_number"])]
        z = (np.array([would[n][int(answer["contact"])] for n in names]) - usual) / spread
        z = z if world.comments_follow else rng.standard_normal(len(names))
        rows.append(_comment(rng, str(answer["response_id"]), names, z))
    table = pd.DataFrame(rows)
    coded = np.zeros(len(table), bool)
    coded[rng.choice(len(table), min(CODED, len(table)), replace=False)] = True
    for name in names:
        said = [int(name in themes) for themes in table["themes"]]
        slip = np.where(rng.random(len(said)) < 0.02, 1 - np.array(said), said)
        table[f"theme_{name}"] = pd.Series(slip).astype("Int64").where(coded)
    return table.drop(columns="themes")


def _comment(
    rng: np.random.Generator, response_id: str, names: list[str], z: np.ndarray
) -> dict[str, object]:
    """Complain about what stands out as poor, or praise what stands out as good."""
    bad = bool(-z.min() + rng.normal(0, 0.5) > z.max())
    books, endings = (COMPLAINTS, ENDINGS) if bad else (PRAISE, GOOD_ENDINGS)
    order = np.argsort(z if bad else -z)
    count = 2 if rng.random() < 0.22 else 1
    themes = [names[k] for k in order[:count]]
    said = " and ".join(_pick(rng, books[theme]) for theme in themes)
    opening = _pick(rng, OPENINGS)
    text = (opening + said) if opening else said[0].upper() + said[1:]
    text = f"{text}.{_pick(rng, endings)}"
    text = text.replace("{who}", _pick(rng, FIRST_NAMES))
    for mark, low, high in (("{few}", 2, 9), ("{many}", 10, 60)):
        while mark in text:
            text = text.replace(mark, str(rng.integers(low, high)), 1)
    if rng.random() < 0.03:
        text, themes = _pick(rng, SHORT), []
    return {
        "response_id": response_id,
        "question": "comment",
        "text": text,
        "language": "en",
        "themes": themes,
    }


def _pick(rng: np.random.Generator, choices: tuple[str, ...]) -> str:
    return choices[rng.integers(len(choices))]


def themes(world: Settings) -> pd.DataFrame:
    """The client's own frame for its comments: one theme for each driver, with its words."""
    rows = [
        {"theme": d.name, "label": d.label, "words": FRAME[d.name], "driver": d.name,
         "language": "en"}
        for d in world.drivers
    ]  # fmt: skip
    return pd.DataFrame(rows)
