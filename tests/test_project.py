"""Where the handbook lies."""

from __future__ import annotations

import pytest

from helpers import project
from helpers.errors import HandbookError


def test_the_nearest_folder_upwards_comes_before_the_one_installed_from(tmp_path, monkeypatch):
    inside = tmp_path / "data" / "acme"
    inside.mkdir(parents=True)
    (tmp_path / "_toc.yml").touch()
    monkeypatch.chdir(inside)
    assert project.required_project() == tmp_path


def test_a_copy_called_from_elsewhere_says_where_to_go(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(project, "MARK", "_toc of no handbook.yml")
    with pytest.raises(HandbookError, match="run the command from the handbook's folder"):
        project.required_project()
