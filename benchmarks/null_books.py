"""How many whole books claim something in worlds where nothing works.

Run with ``python benchmarks/null_books.py 28``: so many clients of the generator's ``null``
world are simulated, reported on as any client is, and their results read. Counted are books
with any verdict that says an effect, a difference or a gain is there, anywhere and on the
first page. What is true even there is not counted: moods do change between waves, so more people
change segment than scatter alone would move; and a good mood lifts both answers of those who say
that they were told and see action (``told_effect`` of alignment). About half a minute a book.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections import Counter
from importlib import import_module
from pathlib import Path

from helpers import results
from helpers.simulate.worlds import world, write_client

COMMAND = Path(sys.executable).with_name("handbook")
DIFFER, MOVED = {"higher", "lower"}, {"rose", "fell", "beyond"}
CHANGES = ("main", "whole", "nps", "recommend_mean", "satisfaction_mean", "satisfaction_top",
           "loyalty", "effort_mean", "attitude", "behaviour")  # fmt: skip
CLAIMS: dict[str, dict[str, set[str]]] = {
    "nonresponse": {"least_rate": {"below"}, "late_difference": DIFFER, "apart": {"differ"},
                    "flattering": {"flatters"}},
    "loyalty": {**{f"{name}_change": MOVED for name in CHANGES}, "decider_gap": DIFFER,
                "best_group_score": {"above"}, "moved_excess": {"fewer"},
                "kinds_apart": {"some"}},
    "drivers": {"clear_drivers": {"first", "single", "alike", "leaning", "only"},
                "bends": {"levels off", "takes off", "several"},
                "segment_differences": {"differ"}, "asked_drivers": {"clear"}},
    "comments": {"writers_gap": {"more loyal", "less loyal"},
                 "pairs_apart": {"some"}, "words_apart": {"some"}, "gaps_compared": {"lower"}},
    "linkage": {"effect": DIFFER, "within": DIFFER, "delay": DIFFER, "wallet_gap": DIFFER,
                "risk_excess": {"clear"}, "spend_more": {"here", "reverse"},
                "buy_wider": {"here", "reverse"}, "resist_offers": {"here", "reverse"},
                "complained_left": {"leave more", "leave less"}, "groups_clear": {"some"},
                "return_all": {"pays", "loses"}, "threshold": {"levels off", "begins"}},
    "operations": {"top_gain": {"pays", "works against", "linked"}, "against": {"works against"},
                   "worth": {"gain", "loss"}, "growth": {"gain", "loss"}},
    "recovery": {"recovery_gain": {"gains", "loses"}, "net_saved": {"gains", "loses"}},
    "actions": {"plan": {"pays", "likely"}},
    "alignment": {"conflicts": {"some", "one"}, "unpaid": {"some", "one"}, "change": DIFFER,
                  "facing": DIFFER, "misjudged": {"some", "one"}, "unit_link": DIFFER,
                  "acted_change": {"rose", "fell"}},
    "cycle": {"returned": {"rose", "fell", "mixed"}, "told_answers": {"more", "less"},
              "told_acted": {"more", "less"}},
}  # fmt: skip
FIRST = {"loyalty.main_change", "drivers.clear_drivers", "linkage.effect", "linkage.risk_excess",
         "operations.worth", "operations.growth", "actions.plan"}  # fmt: skip


def known() -> None:
    """Refuse to count a claim that no chapter declares any more."""
    for chapter, names in CLAIMS.items():
        declared = import_module(f"helpers.views.{chapter}.figures").DECLARED.verdicts
        gone = {name for name, said in names.items() if not said <= set(declared.get(name, ()))}
        if gone:
            raise SystemExit(f"{chapter} no longer declares: {', '.join(sorted(gone))}")


def claims(report: Path) -> list[str]:
    """What one report says is there, as ``chapter.figure = verdict``."""
    found = []
    for chapter, names in CLAIMS.items():
        made = results.load(chapter, report / "results")
        figures = {} if made is None else made.figures
        found += [
            f"{chapter}.{name} = {figures[name].verdict}"
            for name, said in names.items()
            if name in figures and figures[name].verdict in said
        ]
    return found


def book(seed: int) -> list[str]:
    """Simulate, report and read one world."""
    with tempfile.TemporaryDirectory() as aside:
        folder = Path(aside) / f"null{seed}"
        write_client(world(seed, "null"), folder)
        command = [str(COMMAND), "run", str(folder), "--output", aside + "/out", "--workers", "1"]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        if ran.returncode:
            raise RuntimeError(ran.stdout + ran.stderr)
        return claims(Path(aside) / "out" / folder.name)


def main() -> None:
    """Print what each book claims, then how many do."""
    number, first = int((sys.argv[1:2] or ["4"])[0]), int((sys.argv[2:3] or ["1"])[0])
    known()
    told: Counter[str] = Counter()
    anywhere = ahead = 0
    for seed in range(first, first + number):
        found = book(seed)
        told.update(found)
        anywhere += bool(found)
        ahead += any(line.split(" = ")[0] in FIRST for line in found)
        print(f"world {seed}: {', '.join(found) or 'nothing'}", flush=True)
    print(f"{number} books: {anywhere} claim something, {ahead} on the first page")
    for line, count in told.most_common():
        print(f"  {count:4d}  {line}")


if __name__ == "__main__":
    main()
