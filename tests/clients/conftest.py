"""Real clients: the raw public files, copied unchanged beside each client's own few files."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from ruamel.yaml import YAML

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


def _set(path: Path, keys: dict[str, object]) -> None:
    yaml = YAML()
    content = yaml.load(path.read_text(encoding="utf-8"))
    content.update(keys)
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(content, file)
