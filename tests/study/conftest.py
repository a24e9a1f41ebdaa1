"""A small sound client to change one thing in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

SOUND: dict[str, str | bytes] = {
    "client.yml": "name: Small & Sound\nas_of: 2026-06-30\nwave: 2026H1\ncurrency: EUR\n",
    "codebook.csv": (
        "variable,text,role,label,scale_min,scale_max,reverse,missing_codes\n"
        "nps,Recommend?,recommend,Recommendation,0,10,,\n"
        "ease,Easy?,driver,Ease,0,10,,99\n"
        "trouble,Trouble?,driver,Trouble,1,5,yes,\n"
    ),
    "responses.csv": (
        "response_id,wave,account_id,nps,ease,trouble\n"
        "r1,2025H2,007,8,7,2\n"
        "r2,2026H1,007,9,8,1\n"
        "r3,2026H1,008,3,99,5\n"
        "r4,2026H1,009,7,6,\n"
    ),
}


@pytest.fixture
def client(tmp_path: Path) -> Callable[..., Path]:
    """Write the sound client, with files changed or added; ``None`` leaves one out."""

    def make(changed: dict[str, str | bytes | None] | None = None, **keys: str) -> Path:
        folder = tmp_path / "small-and-sound"
        folder.mkdir(exist_ok=True)
        files: dict[str, str | bytes | None] = {**SOUND, **(changed or {})}
        extra = "".join(f"{key}: {value}\n" for key, value in keys.items())
        files["client.yml"] = f"{files['client.yml']}{extra}" if files["client.yml"] else None
        for name, content in files.items():
            if content is not None:
                data = content.encode() if isinstance(content, str) else content
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(data)
        return folder

    return make
