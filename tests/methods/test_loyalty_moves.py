"""Moves between segments: whom they rest on, and which fields may be called different."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.methods import loyalty
from helpers.methods.claims import p_of_interval

PEOPLE = 1200


@pytest.fixture
def truth(rng):
    """Standing on both sides, alike at .8."""
    like = rng.normal(size=PEOPLE)
    return like, 0.8 * like + 0.6 * rng.normal(size=PEOPLE)


def asked(rng, truth):
    """Four questions on attitude and three on behaviour, from 1 to 5."""
    sides = []
    for standing, count in zip(truth, (4, 3), strict=True):
        noise = rng.normal(size=(PEOPLE, count))
        seen = np.rint(4 + 0.8 * standing[:, None] + 0.6 * noise)
        sides.append(pd.DataFrame(np.clip(seen, 1, 5) * 25 - 25))
    return tuple(sides)


def skipped(wave, rng, share):
    """Answers left out at random, of both sides."""
    return tuple(side.mask(rng.random(side.shape) < share) for side in wave)


def test_everyone_who_can_be_placed_counts_and_is_asked_only_what_they_answered(rng, truth):
    """A fifth of answers missing: few answered all; without a change the excess holds nothing."""
    waves = [skipped(asked(rng, truth), rng, 0.2) for _ in range(2)]
    found = loyalty.transitions(*waves)
    scores = [loyalty.axis_scores(side) for wave in waves for side in wave]
    assert found.base == int(np.all([score.notna() for score in scores], axis=0).sum())
    assert found.complete < found.base / 3
    assert found.seen == PEOPLE
    excess = found.measure("excess")
    assert excess["low"] < 0 < excess["high"]
    assert excess["high"] - excess["low"] < 0.12
    told = p_of_interval(*excess[["value", "low", "high"]], degrees_of_freedom=14)
    assert found.excess_p == pytest.approx(told)  # fifteen groups of accounts, left out in turn


def test_fewer_questions_answered_make_more_moves_by_chance(rng, truth):
    """Every other person answers two of four questions on attitude, the same in both waves."""
    waves = [asked(rng, truth) for _ in range(2)]
    few = np.outer(np.arange(PEOPLE) % 2 == 1, [False, False, True, True])
    whole = loyalty.transitions(*waves)
    part = loyalty.transitions(*((like.mask(few), stay) for like, stay in waves))
    assert part.base == whole.base
    assert part.measure("expected")["value"] > whole.measure("expected")["value"] + 0.01


def test_someone_heard_twice_but_not_placed_is_counted_as_heard(rng, truth):
    waves = [asked(rng, truth) for _ in range(2)]
    waves[1][0].iloc[:5, 1:] = np.nan  # one of four questions left
    found = loyalty.transitions(*waves)
    assert (found.seen, found.base) == (PEOPLE, PEOPLE - 5)


def test_answers_copied_from_last_wave_show_too_few_moves(rng, truth):
    wave = asked(rng, truth)
    assert loyalty.transitions(wave, wave).measure("excess")["high"] < 0


def test_fields_are_corrected_for_how_many_are_compared(rng, truth):
    """Sure fields by Holm; intervals by Bonferroni, so wider than one alone would be."""
    like, stay = truth
    found = loyalty.transitions(asked(rng, truth), asked(rng, (like - 0.6, stay))).table
    compared = found.dropna(subset=["p_adjusted"])
    assert compared["sure"].any()
    assert (compared["sure"] == (compared["p_adjusted"] < 0.05)).all()
    beyond = (compared["low"] > 0) | (compared["high"] < 0)
    assert compared.loc[beyond, "sure"].all()  # Holm names all that Bonferroni does
    assert not found.loc[found["p_adjusted"].isna(), "sure"].any()


def test_moves_between_waves_of_one_table_are_those_of_the_two_waves(rng, truth):
    """Responses of both waves in one table, one person twice in the last: the later stays."""
    waves = [asked(rng, truth) for _ in range(2)]
    names = pd.Series([f"p{i}" for i in range(PEOPLE)])
    again = [side[:1] for side in waves[1]]
    sides = {
        name: pd.concat([waves[0][place], again[place], waves[1][place]], ignore_index=True)
        for place, name in enumerate(("attitude", "behaviour"))
    }
    people = pd.DataFrame({
        "wave": ["w1"] * PEOPLE + ["w2"] * (PEOPLE + 1),
        "contact_id": [*names, "p0", *names],
        "account_id": [*names, "other", *names],
    })  # fmt: skip
    found = loyalty.moves(sides, people, ("w1", "w2"))
    two = [tuple(side.set_axis(names) for side in wave) for wave in waves]
    own = pd.Series(names.to_numpy(), index=names)
    pd.testing.assert_frame_equal(found.table, loyalty.transitions(*two, accounts=own).table)
