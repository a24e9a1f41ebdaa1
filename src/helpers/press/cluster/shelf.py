"""How a finished report gets onto a store whole, and what says that it is there.

A folder that machines share takes a report as a run on one machine does: it is copied beside the
last one and put in its place by renaming. A bucket knows no renaming. There each report is a
version of its own, and one small page, ``<client>/index.html``, names the version that counts. It
is written last, in one step, and leads a browser to the book; so a version that was cut off half
way is never read, and the one before stays readable.
"""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from helpers.errors import Unreachable
from helpers.press.belonging import owner_problem
from helpers.press.cluster.stores import Place, Store
from helpers.press.places import Places
from helpers.press.untouched import Made, read_made

__all__ = ["Record", "Shelf"]

RECORD = ".published.json"  # of a version: what it was made from, and its files
POINTER = "index.html"
FAILED = "failed"
DAY = 86_400  # seconds after which a version that no page names was left by a lost worker
TRIES = 5  # to put a report in place while another run does the same
VERSION = re.compile(r"[0-9a-f]{12}-[0-9a-f]{8}")
NAMED = re.compile(r'<meta name="report" content="([^"]*)">')
PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>The report</title>
<meta http-equiv="refresh" content="0; url={version}/book/index.html">
<meta name="report" content="{told}">
</head>
<body><p><a href="{version}/book/index.html">To the report</a></p></body>
</html>
"""


@dataclass(frozen=True)
class Record:
    """What a published report was made from.

    ``key`` stands for all that it is made from, and is empty where it has to be made anew;
    ``source`` stands for the folder that it is of; ``files`` are its names with their bytes.
    """

    key: str
    source: str = ""
    files: Mapping[str, int] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """As it is stored."""
        return json.dumps(asdict(self), sort_keys=True, indent=0).encode("utf-8")

    @classmethod
    def of(cls, content: bytes | None) -> Record | None:
        """A record that was stored; ``None`` where it is none.

        >>> Record.of(Record("k", "s", {"book/index.html": 3}).to_bytes())
        Record(key='k', source='s', files={'book/index.html': 3})
        >>> Record.of(b"[]") is Record.of(None) is None
        True
        """
        try:
            return None if content is None else cls(**json.loads(content))
        except (ValueError, TypeError):
            return None


@dataclass(frozen=True)
class _Named:
    """The version that a client's page names, and the one that counted before it."""

    version: str
    before: str = ""


@dataclass(frozen=True)
class Shelf:
    """The reports on a store, made from clients that lie on the same store or another."""

    reports: Store
    clients: Store

    def book(self, client: str) -> str:
        """The address of a client's book, which is the same for every run."""
        if self.reports.place.bucket:
            return self.reports.place.below(client, POINTER)
        return self.reports.place.below(client, "book", "index.html")

    def file(self, client: str, path: Path) -> str:
        """The address of a file of the report that counts."""
        return self.reports.place.below(self._at(client), path.as_posix())

    def record(self, client: str) -> Record | None:
        """What the report that readers see was made from; ``None`` where none is whole.

        In a shared folder every file of it is read for that; in a bucket, where each was
        written at once, its length has to be right.
        """
        if not self.reports.place.bucket:
            report = self._root / client
            made = read_made(report)
            return Record("" if made.broken(report) else _key(made)) if made else None
        at = self._at(client)
        record = Record.of(self.reports.read(f"{at}/{RECORD}")) if at else None
        there = self.reports.files(at) if record else {}
        there.pop(RECORD, None)
        return record if record and there == dict(record.files) else None

    def laid_out(self, client: str, place: Path) -> tuple[Path, Path]:
        """Folders below ``place`` for a client and for all reports.

        They lie to each other as they do on the stores: a report that says of which folder it is
        says the same wherever it was made.
        """
        way = Path(os.path.relpath(self._source(client), self._root))
        root = place.joinpath(*["reports" for step in way.parts if step == ".."] or ["reports"])
        return Path(os.path.normpath(root / way)), root

    def problem(self, client: str) -> str | None:
        """Why a client's report cannot take its place here, or ``None``."""
        if not self.reports.place.bucket:
            return owner_problem(self._source(client), self._root)
        at = self._at(client)
        record = Record.of(self.reports.read(f"{at}/{RECORD}")) if at else None
        if record is None or record.source == self._mark(client):
            return None
        return "has the name of another client's folder, which has a report"

    def fetch(self, client: str, folder: Path) -> None:
        """Copy the report that counts into a folder."""
        self.reports.fetch(self._at(client), folder)
        (folder / RECORD).unlink(missing_ok=True)

    def put(self, client: str, report: Path) -> None:
        """Publish a finished report, then forget what is left of failed runs."""
        if self.reports.place.bucket:
            self._put_version(client, report)
        else:
            self._put_folder(client, report)
        self.reports.remove(f"{FAILED}/{client}")

    def put_failed(self, client: str, left: Path) -> None:
        """Keep a failed run's notebooks and logs, apart from the last good report."""
        self.reports.remove(f"{FAILED}/{client}")
        self.reports.send(left, f"{FAILED}/{client}")

    def _at(self, client: str) -> str:
        """Where the report that counts lies, by its name in the store; empty where none does."""
        if not self.reports.place.bucket:
            return client
        named = self._named(client)
        return f"{client}/{named.version}" if named else ""

    def _named(self, client: str) -> _Named | None:
        page = self.reports.read(f"{client}/{POINTER}") or b""
        found = NAMED.search(page.decode("utf-8", "replace"))
        try:
            named = _Named(**json.loads(html.unescape(found.group(1)))) if found else None
        except (ValueError, TypeError):
            return None
        return named if named and VERSION.fullmatch(named.version) else None

    def _source(self, client: str) -> Path:
        """Where a client's folder lies, as a path that stands for it."""
        return _standing_for(self.clients.place) / client

    @property
    def _root(self) -> Path:
        return _standing_for(self.reports.place)

    def _mark(self, client: str) -> str:
        return sha256(self._source(client).as_posix().encode("utf-8")).hexdigest()

    def _put_folder(self, client: str, report: Path) -> None:
        root = self._root
        root.mkdir(parents=True, exist_ok=True)
        for left in root.glob(f".*.arriving-{'?' * 32}"):
            if time.time() - left.stat().st_mtime > DAY:
                shutil.rmtree(left, ignore_errors=True)
        arriving = root / f".{client}.arriving-{uuid4().hex}"
        try:
            shutil.copytree(report, arriving)
            _insist(lambda: _swap(root, arriving, client))
        finally:
            shutil.rmtree(arriving, ignore_errors=True)

    def _put_version(self, client: str, report: Path) -> None:
        made = read_made(report)
        record = Record(_key(made) if made else "", self._mark(client), _lengths(report))
        (report / RECORD).write_bytes(record.to_bytes())
        name = f"{sha256(record.to_bytes()).hexdigest()[:12]}-{uuid4().hex[:8]}"
        self.reports.send(report, f"{client}/{name}")
        if self.reports.files(f"{client}/{name}") != _lengths(report):
            raise Unreachable(f"the report of {client} did not arrive whole: run it again")
        before = self._named(client)
        named = _Named(name, before.version if before else "")
        told = html.escape(json.dumps(asdict(named)))
        self.reports.write(
            f"{client}/{POINTER}", PAGE.format(version=name, told=told).encode("utf-8")
        )
        self._clear(client, named)

    def _clear(self, client: str, named: _Named) -> None:
        """Take away versions that nobody reads any more; the last one stays for its readers."""
        written: dict[str, float] = {}
        for path, when in self.reports.ages(client).items():
            version = path.partition("/")[0]
            written[version] = max(when, written.get(version, 0.0))
        for version, when in written.items():
            counts = version in (named.version, named.before)
            old = time.time() - when > DAY
            if VERSION.fullmatch(version) and not counts and old:
                self.reports.remove(f"{client}/{version}")


def _key(made: Made) -> str:
    """What a report was made from; empty where it has to be made anew in any case."""
    return "" if any(one["missing"] for one in made.exports.values()) else made.whole


def _lengths(folder: Path) -> dict[str, int]:
    """Every file below a folder with its bytes."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.stat().st_size for path in paths}


def _standing_for(place: Place) -> Path:
    """A path for a place of either kind: two are the same only for the same place."""
    return Path("/s3", place.endpoint, place.root) if place.bucket else Path(place.root)


def _swap(root: Path, arriving: Path, client: str) -> None:
    if (root / client).exists():
        shutil.rmtree(root / f".{client}.old", ignore_errors=True)  # of a swap that was cut off
    Places(root).swap(arriving, root / client)


def _insist(put: Callable[[], None]) -> None:
    """Do it again where another run put the same report in place between two steps."""
    for _ in range(TRIES - 1):
        with suppress(OSError):
            return put()
        time.sleep(0.2)
    return put()
