"""What the disk has to do with it: room, names, and what lies there already."""

import hashlib
import os
import subprocess
from typing import NamedTuple

import pytest
from downloading import PATIENCE_S, child, small_disk
from fault_server import FaultServer

from openeo_widgets import DownloadError, TargetExistsError, transfer
from openeo_widgets.transfer import _part

MEGABYTE = 1 << 20


@pytest.fixture(scope="module")
def large():
    made = FaultServer([os.urandom(20 * MEGABYTE)])
    yield made
    made.stop()


@pytest.fixture(name="small_disk")
def a_small_disk(tmp_path):
    with small_disk(tmp_path / "disk") as folder:
        yield folder


def test_no_room_is_told_before(large, small_disk):
    large.begin()
    with pytest.raises(DownloadError, match=r"needs 20971520 bytes more, and \d+ are free"):
        transfer.download(large.asker(), small_disk / "file")
    assert list(small_disk.iterdir()) == []


def test_no_room_in_the_middle_keeps_what_came(large, small_disk, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda _: _Free())
    large.begin()
    with pytest.raises(DownloadError, match=r"No space left.*What came is kept: .*Make room"):
        transfer.download(large.asker(), small_disk / "file")
    subprocess.run(["mount", "-o", "remount,size=40m", str(small_disk)], check=True)  # noqa: S603, S607
    large.begin()
    transfer.download(large.asker(), small_disk / "file")
    assert int(large.asked[0]["Range"].strip("bytes=-")) >= 3 * MEGABYTE
    assert (small_disk / "file").read_bytes() == large.versions[0]


def test_no_room_for_the_rest_keeps_what_came(large, at_once, tmp_path, monkeypatch):
    large.begin([("cut", 8 * MEGABYTE), *[("403", 0)] * 20])
    with pytest.raises(DownloadError, match=r"403.*What came is kept.*may have expired"):
        transfer.download(large.asker(), tmp_path / "file")
    monkeypatch.setattr("shutil.disk_usage", lambda _: _Free(free=MEGABYTE))
    with pytest.raises(DownloadError, match=r"12582912 bytes more.*What came is kept.*Make room"):
        transfer.download(large.asker(), tmp_path / "file")


class _Free(NamedTuple):
    free: int = 1 << 40


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such limits.")
def test_a_quota_of_the_process(large, tmp_path):
    large.begin()
    with child(large.url, tmp_path / "file", 10 * MEGABYTE) as running:
        assert running.wait(PATIENCE_S) == 3
        assert "File too large" in running.stdout.read()
    large.begin()
    transfer.download(large.asker(), tmp_path / "file")
    assert int(large.asked[0]["Range"].strip("bytes=-")) >= 5 * MEGABYTE
    assert (tmp_path / "file").read_bytes() == large.versions[0]


@pytest.mark.parametrize("name", ["x" * 255, "ä" * 127, "x" * 240 + ".tif"])
def test_long_names(server, small, at_once, tmp_path, name):
    server.begin([("cut", 500_000), *[("503", 0)] * 20])
    with pytest.raises(DownloadError):
        transfer.download(server.asker(), tmp_path / name)
    assert len(list(tmp_path.iterdir())) == 2
    server.begin()
    transfer.download(server.asker(), tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert server.asked[0]["Range"] == "bytes=500000-"


def test_a_name_that_is_too_long(server, tmp_path):
    with pytest.raises(DownloadError, match="shorter name"):
        transfer.download(server.asker(), tmp_path / ("x" * 300))


def test_a_folder_whose_name_is_too_long(server, tmp_path):
    with pytest.raises(DownloadError, match=r"File name too long.*Nothing was kept.*shorter name"):
        transfer.download(server.asker(), tmp_path / ("x" * 300) / "file")


def test_a_disk_that_may_not_be_written_to(server, small_disk):
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)  # noqa: S603, S607
    with pytest.raises(DownloadError, match=r"Read-only file system.*Choose another folder"):
        transfer.download(server.asker(), small_disk / "file")


def test_a_link_that_leads_nowhere_is_replaced_only_if_asked(server, tmp_path):
    server.begin()
    (tmp_path / "file").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(TargetExistsError, match="is a link that leads nowhere"):
        transfer.download(server.asker(), tmp_path / "file")
    assert (tmp_path / "file").is_symlink()
    transfer.download(server.asker(), tmp_path / "file", overwrite=True)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_bytes() == server.versions[0]


def test_a_folder_in_its_place(server, tmp_path):
    (tmp_path / "file").mkdir()
    with pytest.raises(DownloadError, match="is a folder"):
        transfer.download(server.asker(), tmp_path / "file", overwrite=True)


@pytest.mark.parametrize("fault", ["none", "no etag"])
@pytest.mark.parametrize("knows", ["nothing", "size", "checksum"])
def test_a_file_that_is_there_is_not_fetched_again(server, tmp_path, fault, knows):
    whole = server.versions[0]
    known = {
        "nothing": {},
        "size": {"size": len(whole)},
        "checksum": {"checksum": f"1220{hashlib.sha256(whole).hexdigest()}"},
    }[knows]
    server.begin()
    transfer.download(server.asker(), tmp_path / "file", **known)
    written = (tmp_path / "file").stat()
    server.begin()
    states = []
    transfer.download(server.asker(), tmp_path / "file", report=states.append, **known)
    found = (tmp_path / "file").stat()  # reading it to compare is no writing
    assert (found.st_ino, found.st_mtime_ns) == (written.st_ino, written.st_mtime_ns)
    assert server.sent == 0
    assert len(server.asked) == (knows != "checksum")
    assert states[-1].state == "kept"


@pytest.mark.parametrize("knows_size", [True, False])
def test_another_file_is_replaced_only_if_asked(server, tmp_path, knows_size):
    size = len(server.versions[0])
    other = b"y" * (size - 1 if knows_size else size)
    (tmp_path / "file").write_bytes(other)
    known = {"size": size} if knows_size else {}
    server.begin()
    with pytest.raises(TargetExistsError, match="overwrite=True") as caught:
        transfer.download(server.asker(), tmp_path / "file", **known)
    assert isinstance(caught.value, (DownloadError, FileExistsError))
    assert (tmp_path / "file").read_bytes() == other
    transfer.download(server.asker(), tmp_path / "file", overwrite=True, **known)
    assert (tmp_path / "file").read_bytes() == server.versions[0]


def test_an_older_version_of_the_same_size_is_another_file(server, tmp_path):
    server.begin()
    transfer.download(server.asker(), tmp_path / "file")
    server.version = 1
    with pytest.raises(TargetExistsError):
        transfer.download(server.asker(), tmp_path / "file")


def test_a_file_that_was_changed_here_is_another_one(server, tmp_path):
    server.begin()
    transfer.download(server.asker(), tmp_path / "file")
    changed = bytearray(server.versions[0])
    changed[-1] ^= 1
    (tmp_path / "file").write_bytes(changed)
    with pytest.raises(TargetExistsError, match="another file"):
        transfer.download(server.asker(), tmp_path / "file")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_bytes() == changed


def test_a_copy_that_nothing_tells_of_is_compared_once(server, tmp_path):
    server.begin()
    (tmp_path / "file").write_bytes(server.versions[0])
    states = []
    transfer.download(server.asker(), tmp_path / "file", report=states.append)
    assert states[-1].state == "kept"
    assert server.sent >= len(server.versions[0])
    server.begin()
    transfer.download(server.asker(), tmp_path / "file")
    assert server.sent == 0  # its ETag was noted
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_newer_file_of_that_name_is_not_taken_for_it_unseen(tmp_path):
    """Without a size, a server that says "not modified" says nothing of its length."""
    dated = FaultServer([b"results"], modified="Mon, 01 Jan 2024 00:00:00 GMT")
    try:
        (tmp_path / "file").write_bytes(b"my own notes")
        with pytest.raises(TargetExistsError):
            transfer.download(dated.asker(), tmp_path / "file")
        (tmp_path / "file").write_bytes(b"results")
        transfer.download(dated.asker(), tmp_path / "file")
        transfer.download(dated.asker(), tmp_path / "file", size=7)
        assert [asked.get("If-Modified-Since") is not None for asked in dated.asked] == [
            *(False, False, True)
        ]
    finally:
        dated.stop()


def test_a_busy_server_is_asked_again_whether_it_is_the_same(server, at_once, tmp_path):
    server.begin()
    transfer.download(server.asker(), tmp_path / "file")
    server.begin([("503", 0), ("503", 0)])
    transfer.download(server.asker(), tmp_path / "file")
    assert len(server.asked) == 3
    assert server.sent < 100  # of the file nothing


def test_a_file_system_without_locks(server, small, tmp_path, monkeypatch):
    def no_locks(_file):
        raise _part.NoLocksError

    monkeypatch.setattr(_part, "try_lock", no_locks)
    server.begin()
    transfer.download(server.asker(), tmp_path / "file")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
