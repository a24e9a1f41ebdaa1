"""The subtraction attack on a whole book of a client with a region less one account."""

from __future__ import annotations

from pathlib import Path

import attacks
import numpy as np
import pandas as pd
import pytest

from helpers.study import open_study

pytestmark = pytest.mark.clients

CLIENT = """\
name: Planted
as_of: 2026-06-30
wave: 2026H1
segments: [region, pilot]
policy: {consent: not_required}
"""
CODEBOOK = """\
variable,text,role,label,scale_min,scale_max
nps,Would you recommend us?,recommend,Recommendation,0,10
ease,How easy are we to work with?,driver,Ease,0,10
trust,Do you trust us?,driver,Trust,0,10
why,Why?,comment,Why,,
"""


@pytest.fixture(scope="module")
def planted(project: Path, handbook_in, tmp_path_factory) -> tuple[Path, Path]:
    """The client's folder, and the report made of it."""
    folder = tmp_path_factory.mktemp("client") / "planted"
    folder.mkdir()
    rng = np.random.default_rng(20260630)
    region = np.repeat(["Northland", "Southland", "Eastland"], [90, 70, 60])
    account = np.array([f"A{place // 3}" for place in range(220)])
    answers = rng.integers(0, 11, (220, 3))
    table = pd.DataFrame(answers, columns=["nps", "ease", "trust"]).assign(
        response_id=range(220),
        wave="2026H1",
        account_id=account,
        region=region,
        pilot=np.where((region == "Northland") & (account != "A0"), "in the pilot", "outside"),
        why=np.where(answers[:, 0] > 6, "Good price and support", "Late delivery, poor support"),
    )
    table.to_csv(folder / "responses.csv", index=False)
    (folder / "client.yml").write_text(CLIENT, encoding="utf-8")
    (folder / "codebook.csv").write_text(CODEBOOK, encoding="utf-8")
    build = tmp_path_factory.mktemp("build")
    done = handbook_in(project, "run", folder, "--output", build)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder, build / "planted"


def test_no_account_is_recovered_from_any_page_figure_or_result(planted):
    folder, report = planted
    groups = open_study(folder).responses[["region", "pilot"]]
    names = {name: list(groups[name].unique()) for name in groups}
    found = attacks.everything_shown(report, names)
    assert {("region", name) for name in names["region"]} <= found["results"] & found["tables"]
    assert attacks.recovered(set().union(*found.values()), groups, 10) == {}
    everything = {(name, value) for name in names for value in names[name]}
    assert attacks.recovered(everything, groups, 10)  # that the pages keep silent is what helps
