"""How pytest runs the notebooks: in run order, on preloaded kernels, into a folder of their own."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent


def pytest_configure(config: pytest.Config) -> None:
    if not getattr(config.option, "nbval", False):
        return
    from helpers.press import kernels, refresh

    folder = tempfile.mkdtemp(prefix="results-")
    os.environ["HANDBOOK_RESULTS"] = folder
    kernels.prepare()
    config.option.nbval_kernel_name = kernels.kernel_name()
    order = [chapter.path.name for chapter in refresh.prepare_results(PROJECT, Path(folder))]
    config.stash[ORDER] = order


ORDER = pytest.StashKey[list[str]]()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    order = config.stash.get(ORDER, None)
    if order:
        items.sort(key=lambda item: order.index(item.path.name) if item.path.name in order else -1)
