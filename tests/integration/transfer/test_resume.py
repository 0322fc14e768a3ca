"""A download that ends before its file is whole: what has come is not fetched again."""

import hashlib
import os
import random
import signal
import threading

import pytest
from downloading import PATIENCE_S, child, wait_until
from fault_server import FaultServer

from openeo_widgets import DownloadError, transfer
from openeo_widgets.transfer import _kept, _part, _patience

MEGABYTE = 1 << 20
# What a kill may cost: see `_part._EVERY`, and what was on its way over each connection.
MOST_TWICE = 16 * MEGABYTE


@pytest.fixture(scope="module")
def large():
    """A server of 20 MB."""
    made = FaultServer([os.urandom(20 * MEGABYTE)])
    yield made
    made.stop()


def ranges(server):
    return [asked.get("Range") for asked in server.asked]


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_cut_is_resumed_where_it_was(server, at_once, tmp_path):
    server.begin([("cut", 500_000), ("cut", 100_000)])
    transfer.download(server.asker(), tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == server.versions[0]
    assert ranges(server) == [None, "bytes=500000-", "bytes=600000-"]
    assert {asked.get("If-Range") for asked in server.asked[1:]} == {'"v0"'}


def test_a_server_that_never_gets_further_is_given_up(server, at_once, tmp_path):
    server.begin([("cut", 100_000)] + [("cut", 0)] * 20)
    with pytest.raises(DownloadError, match=r"connection broke while 'file'"):
        transfer.download(server.asker(), tmp_path / "file")
    assert len(server.asked) == 1 + _patience._TRIES
    assert names(tmp_path) == []


@pytest.mark.parametrize("change", ["changed", "changed, does not compare"])
def test_a_file_that_changed_meanwhile_is_fetched_anew(server, at_once, tmp_path, change):
    server.begin([("cut", 500_000), (change, 0)])
    transfer.download(server.asker(), tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == server.versions[1]


def test_a_file_that_keeps_changing_is_given_up(server, at_once, small, tmp_path):
    server.begin([("cut", 500_000), ("changed", 0)] * 20)
    with pytest.raises(DownloadError, match="keeps changing"):
        transfer.download(server.asker(), tmp_path / "file")


def test_the_next_download_fetches_the_rest(server, at_once, small, tmp_path):
    server.begin([("cut", 500_000), *[("503", 0)] * 20])
    with pytest.raises(DownloadError, match=r"503.*only the rest is fetched"):
        transfer.download(server.asker(), tmp_path / "file")
    assert names(tmp_path) == [".file.part", ".file.part.journal"]
    server.begin()
    transfer.download(server.asker(), tmp_path / "file", most_connections=1)
    assert (tmp_path / "file").read_bytes() == server.versions[0]
    assert ranges(server) == ["bytes=500000-"]
    assert names(tmp_path) == ["file"]


@pytest.mark.parametrize("harm", ["cut journal", "no journal", "cut part", "nonsense"])
def test_what_was_left_may_have_been_harmed(server, at_once, small, tmp_path, harm):
    server.begin([("cut", 500_000), *[("503", 0)] * 20])
    with pytest.raises(DownloadError):
        transfer.download(server.asker(), tmp_path / "file")
    part, journal = tmp_path / ".file.part", tmp_path / ".file.part.journal"
    if harm == "cut part":
        os.truncate(part, 1000)
    elif harm == "no journal":
        journal.unlink()
    else:
        journal.write_bytes(journal.read_bytes()[:-9] if harm == "cut journal" else b"[]\n{}\n7")
    server.begin()
    transfer.download(server.asker(), tmp_path / "file")
    assert (tmp_path / "file").read_bytes() == server.versions[0]
    assert names(tmp_path) == ["file"]


def test_after_a_power_cut_only_what_was_on_the_disk_counts(
    server, at_once, small, tmp_path, monkeypatch
):
    server.begin([("cut", 500_000), *[("503", 0)] * 20])
    with pytest.raises(DownloadError):
        transfer.download(server.asker(), tmp_path / "file")
    monkeypatch.setattr(_kept, "_start", lambda: "another start of the machine")
    server.begin()
    transfer.download(server.asker(), tmp_path / "file", most_connections=1)
    assert ranges(server) == [None]


def test_what_the_disk_has_of_another_version_counts_for_none(tmp_path, monkeypatch):
    release, synced, real = threading.Event(), threading.Event(), _part.os.fsync

    def late(file):
        release.wait(PATIENCE_S)
        real(file)
        synced.set()

    monkeypatch.setattr(_part, "_SYNC_S", 0)
    monkeypatch.setattr(_part.os, "fsync", late)
    with _part.Part(tmp_path / "file", lambda _: None) as part:
        part.write_at(b"o" * (8 * MEGABYTE), 0)
        part.sync_sometimes([(0, 8 * MEGABYTE)])
        part.clear()  # the file on the server is another one
        release.set()
        wait_until(lambda: synced.is_set() and not _syncs())
        part.write_at(b"n" * MEGABYTE, 7 * MEGABYTE)
        new = _kept.Version('"new"', 8 * MEGABYTE)
        part.note(new, [(7 * MEGABYTE, 8 * MEGABYTE)], now=True)
    monkeypatch.setattr(_kept, "_start", lambda: "another start of the machine")
    with _part.Part(tmp_path / "file", lambda _: None) as part:
        assert part.recall() == (new, [])


def _syncs():
    return [one for one in threading.enumerate() if one.name == "openeo-widgets-sync"]


def test_bytes_that_were_lost_unnoticed_are_found_by_the_checksum(server, at_once, small, tmp_path):
    server.begin([("cut", 500_000), *[("503", 0)] * 20])
    with pytest.raises(DownloadError):
        transfer.download(server.asker(), tmp_path / "file")
    with (tmp_path / ".file.part").open("r+b") as part:
        part.write(bytes(1000))
    server.begin()
    checksum = f"1220{hashlib.sha256(server.versions[0]).hexdigest()}"
    assert transfer.download(
        server.asker(), tmp_path / "file", checksum=checksum, most_connections=1
    )
    assert ranges(server) == ["bytes=500000-", None]
    assert (tmp_path / "file").read_bytes() == server.versions[0]


def test_killed_at_any_moment_it_goes_on_where_it_was(large, tmp_path):
    large.begin(bytes_per_s=20_000_000)
    chance, target, kills = random.Random(1), tmp_path / "file", 0  # noqa: S311
    while not target.exists():
        until = large.sent + chance.randrange(6 * MEGABYTE)
        with child(large.url, target) as running:
            wait_until(lambda: large.sent >= until or running.poll() is not None)  # noqa: B023
            kills += running.poll() is None
    assert kills
    assert target.read_bytes() == large.versions[0]
    assert large.sent - len(large.versions[0]) <= kills * MOST_TWICE
    assert names(tmp_path) == ["file"]


def test_what_a_kill_costs_of_what_was_written(tmp_path):
    """The promise is 16 MiB in 20 kills."""
    target, piece, version = tmp_path / "file", 1 << 16, _kept.Version('"v"', 20 * MEGABYTE)
    with _part.Part(target, pytest.fail) as part:
        for here in range(0, 20 * MEGABYTE, piece):
            part.write_at(bytes(piece), here)
            part.note(version, [(0, here + piece)])
            if here >= MEGABYTE:
                assert here + piece - transfer.kept_of(target)[0] <= 16 * MEGABYTE // 20


def test_two_processes_with_one_target(large, tmp_path):
    large.begin(bytes_per_s=20_000_000)
    with child(large.url, tmp_path / "file") as one, child(large.url, tmp_path / "file") as two:
        assert one.wait(PATIENCE_S) == two.wait(PATIENCE_S) == 0
    assert (tmp_path / "file").read_bytes() == large.versions[0]
    assert names(tmp_path) == ["file"]
    assert sum("If-None-Match" in asked for asked in large.asked) == 1
    assert large.sent < len(large.versions[0]) + MOST_TWICE


def test_when_the_first_of_two_is_killed_the_other_goes_on(large, tmp_path):
    large.begin(bytes_per_s=20_000_000)
    with child(large.url, tmp_path / "file") as one:
        wait_until(lambda: large.sent > 5 * MEGABYTE)
        large.gate.clear()  # until the other has begun, however long that takes
        with child(large.url, tmp_path / "file") as two:
            assert two.stdout.readline() == "held\n"
            one.kill()
            large.gate.set()
            assert two.wait(PATIENCE_S) == 0
    assert (tmp_path / "file").read_bytes() == large.versions[0]


def test_threads_with_one_target(server, small, tmp_path):
    server.begin()
    done = []

    def bring():
        done.append(transfer.download(server.asker(), tmp_path / "file"))

    threads = [threading.Thread(target=bring) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert done == [False] * 5
    assert (tmp_path / "file").read_bytes() == server.versions[0]
    assert names(tmp_path) == ["file"]


def test_ctrl_c_leaves_what_the_next_one_goes_on_with(large, tmp_path):
    large.begin(bytes_per_s=20_000_000)
    with child(large.url, tmp_path / "file") as running:
        wait_until(lambda: large.sent > 5 * MEGABYTE)
        large.gate.clear()
        running.send_signal(signal.SIGINT)
        assert running.wait(PATIENCE_S) == -signal.SIGINT
    assert names(tmp_path) == [".file.part", ".file.part.journal"]
    large.begin()
    transfer.download(large.asker(), tmp_path / "file")
    assert ranges(large)[0].startswith("bytes=")
    assert (tmp_path / "file").read_bytes() == large.versions[0]
