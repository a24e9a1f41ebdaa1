"""Where clients and reports lie when machines share them: a folder, or a part of a bucket.

An address is a path, ``file://…`` or ``s3://bucket/folder``, the last with an endpoint where the
store is not Amazon's. It holds no credentials: those come from each machine's environment, and
no message repeats what a store answered.
"""

from __future__ import annotations

import mimetypes
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

from pyarrow import fs

from helpers.errors import DISK_FULL, DiskFull, HandbookError, Unreachable, disk_full

__all__ = ["Place", "Store", "open_store"]

KEY, SECRET, SESSION = "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"
ENDPOINTS = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
REGIONS = ("AWS_REGION", "AWS_DEFAULT_REGION")
REGION = "us-east-1"  # what stores that know no regions are asked with
OPTIONS = ("endpoint_override", "scheme", "region")
ENDPOINT = re.compile(r"[\w.-]+(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?")
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
WAIT = 10.0  # seconds for a connection and for an answer
TRIES = 3
SIDE_BY_SIDE = 8  # objects that travel at once
CHUNK = 1 << 22  # bytes
UNKNOWN = "application/octet-stream"
REFUSED = ("ACCESS_DENIED", "INVALID_ACCESS_KEY_ID", "SIGNATURE_DOES_NOT_MATCH",
           "INVALID_SIGNATURE", "UNRECOGNIZED_CLIENT", "MISSING_AUTHENTICATION_TOKEN",
           "INVALID_CLIENT_TOKEN_ID", "REQUEST_EXPIRED", "EXPIRED")  # fmt: skip
AWAY = ("NETWORK_CONNECTION", "REQUEST_TIMEOUT", "SERVICE_UNAVAILABLE", "SLOW_DOWN",
        "INTERNAL_FAILURE", "THROTTLING")  # fmt: skip
ANSWER = re.compile(r"AWS Error ([A-Z_]+)")
T = TypeVar("T")


@dataclass(frozen=True)
class Place:
    """Where a store lies: ``root`` is a folder's path, or a bucket with what is under it."""

    root: str
    endpoint: str = ""
    scheme: str = ""
    region: str = ""
    bucket: bool = False

    def __str__(self) -> str:
        return f"s3://{self.root}" if self.bucket else self.root

    def below(self, *names: str) -> str:
        """The address of something in it, for a person.

        >>> Place("bucket/reports", bucket=True).below("acme", "book")
        's3://bucket/reports/acme/book'
        """
        return "/".join([str(self).rstrip("/"), *names])


def _place(address: str) -> Place:
    """Read an address; what is wrong with it is said without repeating a secret in it."""
    if not re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", address):
        return Place(str(Path(address).resolve()))
    parts = urlsplit(address)
    if "@" in parts.netloc:
        raise HandbookError(
            f"an address of a store holds no credentials: set {KEY} and {SECRET} instead"
        )
    if parts.scheme == "file" and parts.netloc in ("", "localhost"):
        return Place(str(Path(unquote(parts.path)).resolve()))
    if parts.scheme != "s3":
        raise HandbookError(f"{parts.scheme}://… is no address of a store: give a path, file://… "
                            "or s3://bucket/folder")  # fmt: skip
    return _bucket(parts.netloc, unquote(parts.path), dict(parse_qsl(parts.query)))


def _bucket(name: str, path: str, told: Mapping[str, str]) -> Place:
    if not BUCKET.fullmatch(name):
        raise HandbookError("s3://… needs the name of a bucket: s3://bucket/folder")
    if strange := sorted(set(told) - set(OPTIONS)):
        raise HandbookError(f"an address of a store takes {', '.join(OPTIONS)} after its question "
                            f"mark, and not {strange[0]!r}")  # fmt: skip
    given = next((os.environ[name] for name in ENDPOINTS if os.environ.get(name)), "")
    scheme, _, host = given.rstrip("/").rpartition("://")
    endpoint = told.get("endpoint_override", host)
    scheme = told.get("scheme", scheme if endpoint == host and scheme else "https")
    if (endpoint and not ENDPOINT.fullmatch(endpoint)) or scheme not in ("http", "https"):
        raise HandbookError("a store's endpoint is written as endpoint_override=host:port, its "
                            "scheme as http or https")  # fmt: skip
    region = told.get("region") or next((os.environ[r] for r in REGIONS if os.environ.get(r)), "")
    root = "/".join([name, *(step for step in path.split("/") if step)])
    return Place(root, endpoint, scheme, region or REGION, bucket=True)


@dataclass(frozen=True)
class Store:
    """Files by their names, below one address; it travels to other machines as that address."""

    address: str

    @property
    def place(self) -> Place:
        """Where it lies."""
        return _place(self.address)

    @property
    def _files(self) -> fs.FileSystem:
        return _opened(self.place, *(os.environ.get(name, "") for name in (KEY, SECRET, SESSION)))

    def _full(self, name: str) -> str:
        return "/".join([self.place.root, *filter(None, name.split("/"))])

    def folders(self, name: str = "") -> list[str]:
        """The names of what lies below, without what only begins with a dot."""
        found = self._listed(name, recursive=False)
        return sorted(one.base_name for one in found if one.type == fs.FileType.Directory)

    def holds(self, *names: str) -> list[bool]:
        """Whether a file lies under each name."""
        with self._speaking():
            found = self._files.get_file_info([self._full(name) for name in names])
        return [one.type == fs.FileType.File for one in found]

    def files(self, name: str = "") -> dict[str, int]:
        """Every file below a name, by the rest of its name, with its bytes.

        Raises
        ------
        HandbookError
            Where a name would lead out of the folder, or is of no file.
        """
        found = [one for one in self._listed(name) if one.type != fs.FileType.Directory]
        ahead = len(self._full(name)) + 1
        return {_sound(one.path[ahead:], one.type): int(one.size) for one in found}

    def ages(self, name: str = "") -> dict[str, float]:
        """The same files with the seconds since 1970 at which each was written."""
        found = [one for one in self._listed(name) if one.type == fs.FileType.File]
        ahead = len(self._full(name)) + 1
        return {one.path[ahead:]: (one.mtime_ns or 0) / 1e9 for one in found}

    def _listed(self, name: str, *, recursive: bool = True) -> list[fs.FileInfo]:
        with self._speaking(), suppress(FileNotFoundError):
            wanted = fs.FileSelector(self._full(name), recursive=recursive)
            return list(self._files.get_file_info(wanted))
        return []

    def read(self, name: str) -> bytes | None:
        """A small file; ``None`` where there is none."""
        with self._speaking():
            try:
                with self._files.open_input_stream(self._full(name)) as stream:
                    return bytes(stream.read())
            except FileNotFoundError:
                return None

    def write(self, name: str, content: bytes) -> None:
        """Put a small file: a reader sees all of it or what was there before."""
        with self._speaking(), self._files.open_output_stream(
            self._full(name), metadata=_kind(name)
        ) as stream:  # fmt: skip
            stream.write(content)

    def fetch(self, name: str, folder: Path) -> None:
        """Copy all below a name into a folder."""

        def one(path: str) -> None:
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            with (
                self._speaking(),
                self._files.open_input_stream(self._full(f"{name}/{path}")) as source,
                target.open("wb") as written,
            ):
                shutil.copyfileobj(source, written, CHUNK)

        folder.mkdir(parents=True, exist_ok=True)
        self._each(one, self.files(name))

    def send(self, folder: Path, name: str) -> None:
        """Copy a folder's files below a name."""
        paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]

        def one(path: Path) -> None:
            full = self._full(f"{name}/{path.relative_to(folder).as_posix()}")
            if not self.place.bucket:
                Path(full).parent.mkdir(parents=True, exist_ok=True)
            with (
                self._speaking(),
                path.open("rb") as source,
                self._files.open_output_stream(full, metadata=_kind(path.name)) as written,
            ):
                shutil.copyfileobj(source, written, CHUNK)

        self._each(one, paths)

    def _each(self, work: Callable[[T], None], items: Mapping[T, int] | list[T]) -> None:
        with ThreadPoolExecutor(SIDE_BY_SIDE if self.place.bucket else 1) as pool:
            for _ in pool.map(work, list(items)):
                pass

    def remove(self, name: str) -> None:
        """Take away all below a name, if there is anything."""
        with self._speaking(), suppress(FileNotFoundError):
            self._files.delete_dir(self._full(name))

    @contextmanager
    def _speaking(self) -> Iterator[None]:
        """Say in words what a store refuses; nothing of its own answer is repeated."""
        try:
            yield
        except OSError as error:
            if not self.place.bucket:
                raise
            raise _told(error, self.place) from None


def open_store(address: str) -> Store:
    """A store that answers.

    Raises
    ------
    HandbookError
        Where the address is wrong, its bucket is not there, or the credentials are refused.
    Unreachable
        Where nothing answers.
    """
    store = Store(address)
    if not store.place.bucket:
        return Store(store.place.root)  # the same from wherever it is asked
    store.folders()
    return store


@cache
def _opened(place: Place, key: str, secret: str, session: str) -> fs.FileSystem:
    if not place.bucket:
        return fs.LocalFileSystem()
    if not (key and secret):
        raise HandbookError(f"{place} needs credentials: set {KEY} and {SECRET} on each machine")
    return fs.S3FileSystem(
        access_key=key,
        secret_key=secret,
        session_token=session or None,
        region=place.region,
        scheme=place.scheme,
        endpoint_override=place.endpoint or None,
        connect_timeout=WAIT,
        request_timeout=WAIT,
        retry_strategy=fs.AwsStandardS3RetryStrategy(max_attempts=TRIES),
        allow_delayed_open=True,  # one request for a small file
    )


def _kind(name: str) -> dict[str, str]:
    """What a web server says that a file is."""
    kind = mimetypes.guess_type(name)[0] or UNKNOWN
    return {"Content-Type": f"{kind}; charset=utf-8" if kind.startswith("text/") else kind}


def _sound(name: str, kind: fs.FileType) -> str:
    """A name below a folder, which stays below it wherever it is copied to."""
    steps = name.split("/")
    if kind != fs.FileType.File:
        raise HandbookError(f"{steps[-1]!r} of a client's folder is not a file")
    if "\\" in name or "\0" in name or any(step in ("", ".", "..") for step in steps):
        raise HandbookError(f"a name in the store would lead out of its folder: {name!r}")
    return name


def _told(error: OSError, place: Place) -> HandbookError:
    if disk_full(error):
        return DiskFull(f"{DISK_FULL}: make room and run again")
    found = ANSWER.search(str(error))
    answer = found.group(1) if found else ""
    bucket = place.root.partition("/")[0]
    if answer == "NO_SUCH_BUCKET":
        return HandbookError(f"there is no bucket {bucket!r} in the store of {place}")
    if answer in REFUSED:
        return HandbookError(f"{place} refuses the credentials in {KEY} and {SECRET}, or they may "
                             "not do this there")  # fmt: skip
    if answer in AWAY or not answer:
        at = f" at {place.endpoint}" if place.endpoint else ""
        return Unreachable(f"the store of {place}{at} does not answer: try again later")
    return HandbookError(f"the store of {place} answers with an error "
                         f"({answer.lower().replace('_', ' ')})")  # fmt: skip
