"""Reports by a real scheduler and its workers, from a store and to it, whatever is lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from whole_runs import tree

from helpers.press.cluster.shelf import Shelf
from helpers.press.cluster.stores import Store

pytestmark = pytest.mark.cluster

COMMAND = Path(sys.executable).with_name("handbook")
STAMPED = {"manifest.json", ".made"}  # seconds of each chapter, and the digest of that file
THREE = ("client-01", "client-02", "client-03")
Started = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def started(machines, served) -> Started:
    """``handbook run`` with the scheduler, on clients of the store, under way on this machine."""

    def start(*words: str, user: str = "writer", reports: str = "reports", **other: str):
        places = ("--data", served.address("clients"), "--output", served.address(reports))
        return subprocess.Popen(
            [str(COMMAND), "run", "--scheduler", machines.address, *places, *words],
            cwd=machines.place, env={**os.environ, **served.credentials(user), **other},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    return start


@pytest.fixture
def sent(let_in, twelve) -> Store:
    """The twelve clients on the store."""
    store = Store(let_in.address("clients"))
    if not store.folders():
        store.send(twelve / "clients", "")
    return store


@pytest.fixture(scope="session")
def at_home(twelve: Path, handbook_in) -> Path:
    """The same reports as one machine makes them without a store."""
    clients = sorted(path.name for path in (twelve / "clients").iterdir())
    done = handbook_in(twelve, "run", *(f"clients/{name}" for name in clients), "--output", "home")
    assert done.returncode == 0, done.stdout + done.stderr
    return twelve / "home"


def test_twelve_books_are_whole_and_the_same_though_a_worker_is_lost_half_way(
    machines, started, sent, at_home, let_in, tmp_path, killed
):
    lost, _ = machines.work(), machines.work()
    run, said = started("--all"), []
    for line in run.stdout:
        said.append(line)
        ended = len([one for one in said if "s of work)" in one])
        if ended == 4 and lost.poll() is None:  # it is at its next by now
            killed(lost)
            machines.work()  # another takes its place
    assert run.wait(120) == 0, said
    assert said[-1] == "12 report(s), 0 of them unchanged; 0 failed\n"
    clients = sorted(path.name for path in (machines.place / "clients").iterdir())
    assert len(clients) == 12
    shelf = Shelf(Store(let_in.address("reports")), sent)
    for client in clients:
        assert shelf.record(client).key
        shelf.fetch(client, tmp_path / client)
        here, there = tree(at_home / client), tree(tmp_path / client)
        assert {name for name in here | there if here.get(name) != there.get(name)} <= STAMPED
        assert len([name for name in there if name.startswith("book/")]) > 50
    again = started("--all")
    told, _ = again.communicate(timeout=600)
    assert (again.returncode, told.count("(unchanged)")) == (0, 12), told


def test_a_scheduler_that_is_lost_is_told_in_a_line_and_the_next_run_makes_the_rest(
    machines, started, sent, killed
):
    worker = machines.work()
    run, said = started(*THREE, reports="resumed"), []
    for line in run.stdout:
        said.append(line)
        if "s of work)" in line:
            killed(machines.scheduler)
    assert run.wait(300) == 1
    assert "was lost with 2 of 3 reports to come" in said[-1], said
    told = [line for line in said if not line.startswith("  ")]  # steps aside
    assert (len(told), "(1 of 3)" in told[0]) == (3, True), told
    killed(worker)
    machines.schedule()
    machines.work()
    again = started(*THREE, reports="resumed")
    told, _ = again.communicate(timeout=900)
    assert again.returncode == 0, told
    assert told.splitlines()[-1] == "3 report(s), 1 of them unchanged; 0 failed"


def test_without_a_scheduler_this_machine_makes_them_and_only_what_changed_runs(
    sent, let_in, twelve, handbook_in, tmp_path
):
    """As a task of an array, or a cron job, that knows no scheduler of ours."""
    words = ("run", "client-01", "--data", let_in.address("clients"))
    words = (*words, "--output", f"file://{tmp_path}/out")
    first = handbook_in(twelve, *words)
    assert first.returncode == 0, first.stderr
    assert f"client-01: {tmp_path}/out/client-01/book/index.html" in first.stdout
    again = handbook_in(twelve, *words)
    assert (again.returncode, "(unchanged)" in again.stdout) == (0, True), again.stdout
    other = handbook_in(twelve, *words, "--set", "drivers.seed=1")
    kept = {line.split()[1] for line in other.stdout.splitlines() if "kept" in line}
    assert (other.returncode, kept & {"sampling", "drivers"}) == (0, {"sampling"}), other.stdout
    asked = handbook_in(twelve, *words, "--why")
    assert (asked.returncode, "--why tells of runs of this machine" in asked.stderr) == (2, True)


def _ended(run: subprocess.Popen[str]) -> tuple[int, str]:
    told, _ = run.communicate(timeout=600)
    return run.returncode, told


def test_what_cannot_be_reached_or_is_refused_is_one_line_and_an_exit_code(
    machines, started, sent, served, handbook_in
):
    told = {
        "a key": started("--all", AWS_SECRET_ACCESS_KEY="wrong-geheim"),
        "no key": started("--all", AWS_ACCESS_KEY_ID=""),
        "a bucket": started("--all", "--data", served.address("clients", bucket="nobodys")),
        "a store": started("--all", "--data", served.address("clients", port=1)),
        "a scheduler": started("--all", "--scheduler", "tcp://127.0.0.1:1"),
        "an address": started("--all", "--scheduler", "127.0.0.1:1"),
        "a client": started("nobody"),
    }
    ends = {name: _ended(run) for name, run in told.items()}
    codes = {name: code for name, (code, _) in ends.items()}
    assert codes == {"a key": 2, "no key": 2, "a bucket": 2, "a store": 1, "a scheduler": 1,
                     "an address": 2, "a client": 2}, ends  # fmt: skip
    lines = {name: said.splitlines() for name, (_, said) in ends.items()}
    assert {name: len(one) for name, one in lines.items()} == {
        **dict.fromkeys(lines, 1), "a client": 2
    }, ends  # fmt: skip
    for name, part in {
        "a key": "refuses the credentials", "no key": "needs credentials: set",
        "a bucket": "there is no bucket 'nobodys'", "a store": "does not answer",
        "a scheduler": "no scheduler answers at tcp://127.0.0.1:1",
        "an address": "tcp://host:port or tls://host:port", "a client": "is not a client folder",
    }.items():  # fmt: skip
        assert part in lines[name][0]
    secret = served.writer[1]
    assert not [one for one in ends.values() if secret in one[1] or "geheim" in one[1]]


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"daemon": True}, "start it with DASK_DISTRIBUTED__WORKER__DAEMON=False"),
        ({"threads": 2}, "start it with --nthreads 1"),
    ],
)
def test_a_worker_that_cannot_do_it_says_how_it_is_to_be_started(
    machines, started, sent, how, said
):
    machines.work(**how)
    code, told = _ended(started("client-01", reports="unfit"))
    assert (code, said in told) == (2, True), told


def test_what_a_worker_may_not_write_is_told_with_its_client(machines, started, sent, served):
    machines.environment.update(served.credentials("reader"))
    machines.work()
    code, told = _ended(started("client-01", "client-02", reports="forbidden"))
    assert code == 2
    assert told.count("refuses the credentials in AWS_ACCESS_KEY_ID") == 2, told
    assert "2 failed" in told.splitlines()[-1]
    assert served.reader[1] not in told


def test_a_worker_with_another_handbook_is_not_believed(machines, started, sent, twelve, tmp_path):
    other = Path(machines.folder / "other")
    shutil.copytree(twelve, other, ignore=shutil.ignore_patterns("home", "clients", "build"))
    (other / "book" / "client_folder.md").write_text("# Something else\n", encoding="utf-8")
    machines.place = other
    machines.work()
    machines.place = twelve
    code, told = _ended(started("client-01", reports="other"))
    assert (code, "has another version of the handbook" in told) == (2, True), told
