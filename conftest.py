"""How pytest runs the notebooks: in run order, on preloaded kernels, into a folder of their own.

pytest --nbval --nbval-sanitize-with tests/nbval.cfg notebooks book -p no:xdist
"""

from __future__ import annotations

import gc
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from helpers.press.refresh import Demo

PROJECT = Path(__file__).parent
LONG = (  # files that run or open whole books or draw many worlds, about as long as they take
    "test_real_runs.py", "test_books.py", "test_interrupted_runs.py", "test_hostile.py",
    "test_processors.py", "test_notebooks.py", "test_run.py", "test_loyalty_pages.py",
    "test_one_value.py", "test_hostile_opened.py", "test_subtraction_run.py", "test_leads_pages.py",
    "test_linkage_worlds.py", "test_loyalty_worlds.py", "test_driver_models.py",
    "test_linkage_levels.py", "test_driver_pages.py", "test_toplines_null.py",
    "test_survey_designs.py", "test_interval_coverage.py", "test_driver_decision.py",
    "test_action_benefits.py", "test_driver_shapes.py", "test_operations_worlds.py",
    "test_driver_clear.py", "test_linkage_recovery.py", "test_linkage_proof.py",
    "test_nonresponse.py", "test_loyalty_moves_worlds.py", "test_driver_waves.py",
    "test_driver_recovery.py", "test_loyalty_account_chances.py",
)  # fmt: skip
DEMO: pytest.StashKey[Demo] = pytest.StashKey()


def pytest_configure(config: pytest.Config) -> None:
    """Keep studies apart from the user's; prepare demo client and kernels for notebooks."""
    studies = tempfile.TemporaryDirectory(prefix="studies-")
    config.add_cleanup(studies.cleanup)
    os.environ["HANDBOOK_STUDIES"] = studies.name
    gc.disable()  # until all is collected: nothing of that is garbage, and looking takes seconds
    if not getattr(config.option, "nbval", False):
        return
    from helpers.press import kernels, refresh

    folder = tempfile.TemporaryDirectory(prefix="results-")
    config.add_cleanup(folder.cleanup)
    os.environ["HANDBOOK_RESULTS"] = folder.name
    kernels.prepare()
    config.option.nbval_kernel_name = kernels.kernel_name()
    config.stash[DEMO] = refresh.demo(PROJECT, Path(folder.name))


def pytest_collection_finish() -> None:
    """Look for garbage again, but not among what stays until the end."""
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Files that take long begin first, so that no worker waits for one at the end.

    Of notebooks, computed pages, then chapters in run order; without cells that the demo
    cannot feed.
    """
    place = {name: number for number, name in enumerate(LONG)}
    items.sort(key=lambda item: place.get(item.path.name, len(LONG)))
    demo = config.stash.get(DEMO, None)
    if demo is None:
        return
    order = {chapter.path.name: number for number, chapter in enumerate(demo.chapters)}
    items.sort(key=lambda item: order.get(item.path.name, -1))
    closed = [item for item in items if hasattr(item, "cell") and not demo.runs(item.cell)]
    config.hook.pytest_deselected(items=closed)
    items[:] = [item for item in items if item not in closed]
