"""Stores: what an address may be, what is copied where, and what is said when a store refuses."""

from __future__ import annotations

import os

import pytest

from helpers.errors import HandbookError, Unreachable
from helpers.press.cluster.stores import Store, open_store


@pytest.fixture(params=["folder", "file", pytest.param("bucket", marks=pytest.mark.cluster)])
def address(request, tmp_path) -> str:
    """A store of each kind, empty."""
    if request.param == "bucket":
        return request.getfixturevalue("let_in").address(tmp_path.name)
    return str(tmp_path / "s h") if request.param == "folder" else f"file://{tmp_path}/s%20h"


def _wrong(address: str) -> str:
    with pytest.raises(HandbookError) as error:
        open_store(address)
    return str(error.value)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("s3://AKIA:geheim@bucket/x", "holds no credentials"),
        ("s3://geheim@bucket/x", "holds no credentials"),
        ("ftp://host/x", "is no address of a store"),
        ("file://host/x", "is no address of a store"),
        ("s3:///x", "needs the name of a bucket"),
        ("s3://house/x?secret_key=geheim", "takes endpoint_override, scheme, region"),
        ("s3://house/x?endpoint_override=a:geheim@host", "is written as endpoint_override=host"),
        ("s3://house/x?endpoint_override=host:1&scheme=geheim", "its scheme as http or https"),
    ],
)
def test_an_address_that_is_none_is_told_without_what_may_be_a_secret(address, said):
    told = _wrong(address)
    assert said in told
    assert "geheim" not in told
    assert len(told.splitlines()) == 1


def test_a_bucket_without_credentials_names_the_variables_that_give_them(monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    told = _wrong("s3://house/x?endpoint_override=127.0.0.1:1&scheme=http")
    assert "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY on each machine" in told


def test_an_endpoint_may_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9000/")
    monkeypatch.setenv("AWS_REGION", "eu-north-1")
    place = Store("s3://house/x/").place
    assert (place.root, place.endpoint, place.scheme) == ("house/x", "127.0.0.1:9000", "http")
    assert (place.region, str(place)) == ("eu-north-1", "s3://house/x")
    other = Store("s3://house/x?endpoint_override=store:1&region=a").place
    assert (other.endpoint, other.scheme, other.region) == ("store:1", "https", "a")


def test_a_store_that_nobody_serves_is_unreachable_within_seconds(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "some")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "geheim")
    with pytest.raises(Unreachable, match="does not answer: try again later") as error:
        open_store("s3://house/x?endpoint_override=127.0.0.1:1&scheme=http")
    assert "geheim" not in str(error.value)


@pytest.mark.cluster
def test_what_a_store_refuses_is_told_in_a_line_each(served, let_in, monkeypatch):
    assert _wrong(served.address("x", bucket="nobodys")) == (
        "there is no bucket 'nobodys' in the store of s3://nobodys/x"
    )
    for name, value in (
        ("AWS_SECRET_ACCESS_KEY", "wrong"),
        ("AWS_ACCESS_KEY_ID", "AKIAUNKNOWN"),
    ):
        monkeypatch.setenv(name, value)
        told = _wrong(served.address(f"x-{name}"))
        assert "refuses the credentials in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY" in told
        assert value not in told


@pytest.mark.cluster
def test_who_may_only_read_is_told_so_when_something_is_written(served, monkeypatch):
    for name, value in served.credentials("reader").items():
        monkeypatch.setenv(name, value)
    store = open_store(served.address("x"))
    with pytest.raises(HandbookError, match=r"refuses the credentials .* may not do this there"):
        store.write("a.txt", b"a")


def test_what_is_sent_comes_back_to_the_byte(address, tmp_path):
    source = tmp_path / "source"
    (source / "deep" / "er").mkdir(parents=True)
    large = bytes(range(256)) * 40_000  # more than one part of an upload
    (source / "deep" / "er" / "Ø & ü.csv").write_bytes(large)
    (source / "empty").write_bytes(b"")
    store = open_store(address)
    assert store.folders() == []
    assert store.files("acme") == {}
    store.send(source, "acme")
    assert store.folders() == ["acme"]
    assert store.files("acme") == {"deep/er/Ø & ü.csv": len(large), "empty": 0}
    assert store.holds("acme/empty", "acme/deep", "acme/none") == [True, False, False]
    store.fetch("acme", tmp_path / "back")
    assert (tmp_path / "back" / "deep" / "er" / "Ø & ü.csv").read_bytes() == large
    assert (tmp_path / "back" / "empty").read_bytes() == b""
    assert (store.read("acme/empty"), store.read("acme/none")) == (b"", None)
    store.remove("acme")
    store.remove("acme")
    assert store.files("acme") == {}


@pytest.mark.cluster
def test_a_name_that_leads_out_of_its_folder_is_not_followed(served, let_in, tmp_path):
    """Names in a bucket are free text."""
    served.plant(f"{tmp_path.name}/acme/../../out.csv")
    store = open_store(served.address(tmp_path.name))
    with pytest.raises(HandbookError):
        store.fetch("acme", tmp_path / "a" / "b" / "acme")
    assert not list(tmp_path.rglob("out.csv"))


def test_a_pipe_in_a_shared_folder_is_not_waited_for(tmp_path):
    (tmp_path / "acme").mkdir()
    os.mkfifo(tmp_path / "acme" / "responses.csv")
    with pytest.raises(HandbookError, match=r"'responses\.csv' of a client's folder is not a file"):
        Store(str(tmp_path)).fetch("acme", tmp_path / "copy")
