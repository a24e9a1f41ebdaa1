"""Real clients: the raw public files, copied unchanged beside each client's own few files."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
import whole_runs
from ruamel.yaml import YAML
from whole_runs import Made

from helpers.press.plans import Parameters

HERE = Path(__file__).parent
NOT_DATA = {"SOURCE.md", "data_dictionary_2017.pdf", "data_dictionary_2018.xlsx"}


@pytest.fixture(scope="session")
def client_folder(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """``client_folder("sfo", wave="2018")``: a whole client folder, with keys of its own."""

    def build(name: str, **keys: object) -> Path:
        raw = shared / "data" / name
        if not raw.is_dir():
            pytest.skip(f"the public files of {name} (../shared/data/{name}) are not here")
        folder = tmp_path_factory.mktemp("client") / name
        folder.mkdir()
        for source in (*raw.iterdir(), *(HERE / name).iterdir()):
            if source.name not in NOT_DATA:
                shutil.copyfile(source, folder / source.name)
        if keys:
            _set(folder / "client.yml", keys)
        return folder

    return build


@pytest.fixture(scope="session")
def made(
    client_folder: Callable[..., Path], project: Path, once, request: pytest.FixtureRequest
) -> Callable[..., Made]:
    """``made("sfo", ("loyalty",), wave="2018")``: a client's report, made once for all tests.

    Of surveys of other waves only every so-manieth answer is sent, where ``every`` is told.
    """

    def make(
        name: str, chapters: tuple[str, ...] = (), *, settings: Parameters | None = None,
        with_book: bool = True, every: int = 1, **keys: object,
    ) -> Made:  # fmt: skip
        asked = {"chapters": chapters, "settings": settings, "with_book": with_book}

        def run(folder: Path) -> None:
            if with_book:
                request.getfixturevalue("one_builder")
            client = client_folder(name, **keys)
            if every > 1:
                _thin_others(client, str(keys["wave"]), every)
            whole_runs.made(client, project, folder, **asked)

        told = sha256(repr((asked, every, sorted(keys.items()))).encode()).hexdigest()
        return Made(once(f"{name}-{told[:12]}", run) / name)

    return make


def _thin_others(folder: Path, wave: str, every: int) -> None:
    for path in folder.glob("survey_*.csv.gz"):
        if wave not in path.name:
            head, *rows = gzip.decompress(path.read_bytes()).splitlines(keepends=True)
            path.write_bytes(gzip.compress(b"".join([head, *rows[::every]])))


def _set(path: Path, keys: dict[str, object]) -> None:
    yaml = YAML()
    content = yaml.load(path.read_text(encoding="utf-8"))
    content.update(keys)
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(content, file)
