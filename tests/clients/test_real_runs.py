"""Whole runs on real clients: the published figures come out of the handbook's own results."""

from __future__ import annotations

import pytest
from whole_runs import FEW

pytestmark = pytest.mark.clients


def test_airport_2017_agrees_with_the_published_scores(made):
    found = made("sfo").results
    sampling = found["sampling"]
    assert sampling["satisfaction_mean_unweighted"].value == pytest.approx(4.064, abs=5e-4)
    assert sampling["satisfaction_top_unweighted"].value == pytest.approx(0.8207, abs=5e-5)
    assert sampling["satisfaction_mean_unweighted"].base == 2688
    assert sampling["nps_unweighted"].value == pytest.approx(39.8, abs=0.05)
    assert sampling["nps_own_weight"].value == pytest.approx(40.4, abs=0.05)
    assert sampling["nps_unweighted"].base == 2746


def test_airport_2017_weighted_by_the_handbook_meets_the_airports_own_weight(made):
    """By airline group to May enplanements: 40.4, and the effective base within 2 % of 2,337."""
    found = made("sfo").results
    assert found["sampling"]["nps"].value == pytest.approx(40.4, abs=0.2)
    assert found["sampling"]["weighting_base"].value == pytest.approx(2337, rel=0.02)
    margins = found["sampling"].tables["margins"]
    assert (margins["after_share"] - margins["target_share"]).abs().max() < 1e-4  # 0.01 points


def test_airport_2018_differs_where_the_airport_pools_two_groups(made):
    run = made("sfo", ("loyalty",), with_book=False, wave="2018", previous_wave="2017")
    found = run.results
    assert found["sampling"]["nps"].value == pytest.approx(34.0, abs=0.3)
    assert found["sampling"]["nps_own_weight"].value == pytest.approx(35.1, abs=0.05)
    apart = found["sampling"].tables["weights_compared"].set_index("group")
    pooled = apart.loc[["United domestic", "United international"], "other_mean_weight"]
    assert pooled.max() == pytest.approx(pooled.min(), rel=1e-6)
    assert apart.loc["Other airlines", "other_largest"] == pytest.approx(3.9, abs=0.05)
    assert apart["moves"].sum() == pytest.approx(35.11 - 34.03, abs=0.02)


@pytest.mark.parametrize("wave", ["2010", "2011", "2012", "2013", "2014", "2015", "2016"])
def test_every_earlier_airport_wave_runs_with_or_without_a_weight_of_its_own(made, wave):
    """One without a weight whole, as 2017 is with one; the others as far as scores.

    Those are told of all of their own answers, and of a part of each other wave's.
    """
    whole = wave == "2012"
    how = {"chapters": (), "every": 1} if whole else {"chapters": ("loyalty",), "every": 5}
    keys = {"wave": wave, "previous_wave": None}
    run = made("sfo", settings=FEW, with_book=whole, **how, **keys)
    assert run.states["sampling"] == "done"
    sampling = run.results["sampling"]
    assert ("satisfaction_mean_own_weight" in sampling.figures) == (wave not in ("2011", "2012"))
    assert sampling["satisfaction_mean"].base > 2500


def test_airport_drivers_come_from_fourteen_ratings_with_never_used_as_missing(made):
    run = made("sfo")
    found, states = run.results, run.states
    table = found["drivers"].tables["drivers"]
    assert len(table) == 14
    assert table["mean"].between(1, 5).all()
    waves = found["loyalty"].tables["waves"]
    assert set(waves["wave"]) == {str(year) for year in range(2010, 2019)}
    assert states["linkage"] == states["value_map"] == "closed"
    assert "account_id" in run.page("linkage")


def test_hospitals_spending_falls_with_stars_as_published(made):
    """Slope −0.0307 with HC3 errors, n 2,657: an independent analysis of the same files."""
    found = made("hospitals").results
    effect = found["linkage"]["effect"]
    assert effect.value == pytest.approx(-0.0307, abs=5e-5)
    assert effect.base == 2657
    assert effect.high < 0
    assert effect.grade == "C"


def test_hospitals_show_the_halo_warning_and_a_value_map(made):
    run = made("hospitals")
    found = run.results
    assert found["drivers"]["halo_correlation"].value > 0.6
    assert "so a driver without any effect still gets a share" in run.page("drivers")
    assert found["value_map"]["placed"].value == 2701


def test_hospitals_have_a_map_that_lists_them_and_a_book_under_60_megabytes(made):
    run = made("hospitals")
    found, book = run.results, run.place / "book"
    table = run.page("value_map").partition('<table class="map-table">')[2].partition("</table>")[0]
    assert table.count('<th scope="row">') == found["value_map"]["named"].value == 2701
    assert sum(path.stat().st_size for path in book.rglob("*") if path.is_file()) < 60e6


def test_members_leave_plans_that_they_rated_lower_a_year_before(made):
    """Correlation −0.391 over 4,426 contract-years, as recomputed from the public files."""
    found = made("medicare_plans").results
    link = found["linkage"]
    assert link["correlation"].value == pytest.approx(-0.391, abs=5e-4)
    assert link["correlation"].base == 4426
    assert link["effect"].high < 0
    assert link["effect"].grade == "C"  # much of the leaving came after the survey, some before
    later = link.tables["outcomes"].set_index("outcome")["effect"]
    waning = later[[f"Change of left {year} year" for year in ("next", "second", "third")]]
    assert (waning < 0).all()
    assert waning.idxmin() == "Change of left next year"  # later years are linked less
    assert link["within"].high < 0  # each contract against itself says the same
