"""Files of other formats, opened as a reader opens them."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from pypdf import PdfReader


@pytest.fixture
def pages(tmp_path) -> Callable[[Path], list[str]]:
    """What LibreOffice shows of a file: the words of each page, without spaces."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice (soffice), which opens the files here, is not installed")

    def read(path: Path) -> list[str]:
        home, folder = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}", tmp_path / "pages"
        asked = [program, home, "--headless", "--convert-to", "pdf", "--outdir", folder, path]
        subprocess.run(asked, check=True, capture_output=True, timeout=180)
        told = PdfReader(folder / f"{path.stem}.pdf").pages
        return ["".join(page.extract_text().split()) for page in told]

    return read
