"""Many files at a time: all are tried, and the outcome is told together."""

from __future__ import annotations

import signal
import threading
from types import SimpleNamespace

import pytest

from openeo_widgets import Control, DownloadError, NoSuchAssetError

PATH = "/jobs/job-1/results"
LONG_S = 20


@pytest.fixture
def offer(backend, results, script):
    """Offer files by name, each with its content or a status; returns what is in the metadata."""

    def make(**files):
        assets = {}
        for name, content in files.items():
            status = content if isinstance(content, int) else 200
            body = b"" if isinstance(content, int) else content
            backend.on("GET", f"/files/{name}", script(body, status))
            assets[name] = {"href": f"{backend.url}/files/{name}", "file:size": len(body)}
        backend.on("GET", PATH, {"type": "Feature", "stac_version": "1.0.0", "assets": assets})

    return make


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_all_come_in_the_order_of_the_metadata(offer, job, tmp_path):
    offer(**{f"f{n}": bytes([n]) * n for n in range(1, 30)})
    paths = job.get_results().download_files(tmp_path, max_parallel=4)
    assert [path.name for path in paths] == [f"f{n}" for n in range(1, 30)] + ["job-results.json"]
    assert all(path.read_bytes() == bytes([n]) * n for n, path in enumerate(paths[:-1], start=1))


def test_files_that_fail_stop_no_other_and_are_all_told(offer, job, tmp_path):
    offer(a=b"a", b=500, c=b"c", d=404)
    with pytest.raises(DownloadError, match=r"2 of 4 files .*'b'.*500.*'d'.*404") as caught:
        job.get_results().download_files(tmp_path)
    assert list(caught.value.causes) == ["b", "d"]
    assert names(tmp_path) == ["a", "c", "job-results.json"]


def test_the_only_one_that_fails_is_told_as_it_is(offer, job, tmp_path):
    offer(a=b"a", b=500)
    with pytest.raises(DownloadError, match="answered 500 instead of 'b'") as caught:
        job.get_results().download_files(tmp_path)
    assert caught.value.http_status == 500
    assert names(tmp_path) == ["a", "job-results.json"]


@pytest.mark.parametrize("way", ["download_file", "download_files", "download_assets", "download"])
def test_each_way_can_be_canceled_from_any_thread(offer, job, tmp_path, way):
    offer(a=b"a")
    control = Control()
    control.cancel()
    found = job.get_results()
    bring = found.get_asset().download if way == "download" else getattr(found, way)
    with pytest.raises(DownloadError, match="canceled"):
        bring(tmp_path, control=control)
    assert names(tmp_path) == []


def test_some_of_them(offer, job, tmp_path):
    offer(a=b"a", b=b"b", c=b"c")
    paths = job.get_results().download_files(tmp_path, include_stac_metadata=False, include="b")
    assert [path.name for path in paths] == ["b"]
    with pytest.raises(NoSuchAssetError, match=r"'x'.*There are 'a', 'b', 'c'"):
        job.get_results().download_files(tmp_path, include=["a", "x"])
    assert names(tmp_path) == ["b"]


def test_no_room_for_all_of_them_is_told_before_any_comes(offer, job, tmp_path, monkeypatch):
    offer(a=b"a" * 1000, b=b"b" * 1000, c=b"c" * 10)
    found = job.get_results()
    found.download_files(tmp_path, include="a")
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=1009))
    with pytest.raises(DownloadError, match=r"need 1010 bytes more, and 1009 are free.*include"):
        found.download_files(tmp_path)  # "a" is here
    assert names(tmp_path) == ["a", "job-results.json"]
    found.download_files(tmp_path, include=["a", "b"])
    assert names(tmp_path) == ["a", "b", "job-results.json"]


def test_progress_is_that_of_all(offer, job, tmp_path):
    offer(a=b"a" * 1000, b=b"b" * 500)
    told = []
    job.get_results().download_files(tmp_path, progress=lambda *now: told.append(now))
    assert told[-1] == (1500, 1500)
    assert told == sorted(told)


def test_several_are_on_their_way_at_once(backend, offer, job, tmp_path):
    offer(**dict.fromkeys("abc", b"x"))
    together = threading.Barrier(3, timeout=LONG_S)
    for name in "abc":
        backend.on("GET", f"/files/{name}", lambda _: together.wait() is not None and b"x")
    job.get_results().download_files(tmp_path, max_parallel=3)
    assert names(tmp_path) == ["a", "b", "c", "job-results.json"]


def test_an_interrupt_ends_all_and_leaves_nothing_half(backend, offer, job, tmp_path):
    offer(a=b"a" * 1000, b=b"b")
    release = threading.Event()

    def interrupt(_asked):
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
        assert release.wait(LONG_S)
        return b"a" * 1000

    backend.on("GET", "/files/a", interrupt)
    with pytest.raises(KeyboardInterrupt):
        job.get_results().download_files(tmp_path)
    release.set()
    for thread in threading.enumerate():
        if thread.name == "openeo-widgets-files":
            thread.join(LONG_S)
    assert not [name for name in names(tmp_path) if name != "b"]
