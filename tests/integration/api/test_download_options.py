"""What downloads do with files that are here, with odd links and names, and how they tell."""

from __future__ import annotations

import hashlib
import io
import re
import sys
import threading

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from openeo_widgets import DownloadError, TargetExistsError, transfer
from openeo_widgets.api import _cloud

PATH = "/jobs/job-1/results"
FILE = "/files/a.tif"
PATIENCE_S = 20


@pytest.fixture
def offer(backend, script, results):
    def _offer(content=b"bytes", key="a.tif", headers=None, **more):
        asset = {"href": f"{backend.url}{FILE}", **more}
        backend.on("GET", PATH, results(backend.url, assets={key: asset}))
        backend.on("GET", FILE, script(content, headers=headers or {}))

    return _offer


def checksum(content):
    return {"file:checksum": "1220" + hashlib.sha256(content).hexdigest()}


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("more", [{}, {"file:size": 5}, checksum(b"bytes")])
def test_another_file_is_kept_unless_asked(offer, job, tmp_path, more):
    offer(**more)
    (tmp_path / "a.tif").write_bytes(b"other")
    found = job.get_results()
    for bring in (found.download_file, found.download_files, found.get_asset().download):
        with pytest.raises(TargetExistsError, match=r"'a\.tif' is in .* already.*overwrite=True"):
            bring(tmp_path)
        assert (tmp_path / "a.tif").read_bytes() == b"other"
        assert names(tmp_path) == ["a.tif"]
    assert found.download_file(tmp_path, overwrite=True).read_bytes() == b"bytes"
    (tmp_path / "a.tif").write_bytes(b"other")
    assert found.download_files(tmp_path, overwrite=True)[0].read_bytes() == b"bytes"


@pytest.mark.parametrize("more", [{}, {"file:size": 5}, checksum(b"bytes")])
def test_the_same_file_is_recognised(backend, offer, job, tmp_path, more):
    offer(**more)
    for _ in range(2):
        path = job.get_results().download_file(tmp_path / "x.tif")
        assert path.read_bytes() == b"bytes"
    assert names(tmp_path) == ["x.tif"]
    # Only where nothing tells, the head of an answer neither, it is fetched to be compared.
    assert len(backend.asked("GET", FILE)) == (1 if "file:checksum" in more else 3)


@pytest.mark.parametrize("told", [10**30, -1, "5", 5.5, True, [5]])
def test_a_size_that_no_file_has_tells_nothing(offer, job, tmp_path, told):
    offer(**{"file:size": told})
    asset = job.get_results().get_asset()
    assert asset.size is None
    assert asset.download(tmp_path).read_bytes() == asset.load_bytes() == b"bytes"
    with asset.open() as file:
        assert file.read() == b"bytes"


@pytest.mark.parametrize("way", ["download_files", "download_assets", "download_file"])
def test_a_target_that_is_none_is_told_in_words(offer, job, tmp_path, way):
    offer()
    bring = getattr(job.get_results(), way)
    with pytest.raises(ValueError, match="target has a NUL character in it"):
        bring(f"{tmp_path}/a\0b")
    with pytest.raises(DownloadError, match=r"cannot be written.*File name too long"):
        bring(tmp_path / ("x" * 300))
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    with pytest.raises(OSError, match=r"leads (over what is no folder|nowhere)"):
        bring(tmp_path / "link")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OSError, match=r"and a folder is needed|Not a directory"):
        bring(tmp_path / "file" / "below")


def test_metadata_that_cannot_be_written_are_told_in_words(offer, job, tmp_path):
    offer()
    (tmp_path / "job-results.json").mkdir()
    with pytest.raises(DownloadError, match=r"'job-results\.json' cannot be written.*directory"):
        job.get_results().download_files(tmp_path, overwrite=True)
    assert (tmp_path / "a.tif").read_bytes() == b"bytes"


def test_the_official_clients_ways_to_say_it(offer, job, tmp_path):
    offer()
    found = job.get_results()
    assert found.download_file(tmp_path, "a.tif", chunk_size=10, range_size=100).is_file()
    assert found.download_files(tmp_path, False, 1000) == [tmp_path / "a.tif"]  # noqa: FBT003 - theirs
    assert found.download_files(target=tmp_path, include_stac_metadata=False, chunk_size=1)
    assert found.get_asset().download(tmp_path, chunk_size=10, range_size=100).is_file()
    assert job.download_results(tmp_path).keys() == {tmp_path / "a.tif"}


def test_a_name_that_only_the_answer_tells_is_the_same_again(backend, offer, job, tmp_path):
    told = {"Content-Disposition": "attachment; filename*=UTF-8''..%2Fx%C3%BC.nc"}
    offer(key="ndvi", headers=told)
    for _ in range(2):
        paths = job.get_results().download_files(tmp_path)
        assert paths[0].name == "ndvi.tif"  # the link tells
    asset = {"href": f"{backend.url}/download?id=1"}
    backend.on("GET", PATH, {"type": "Feature", "id": "job-1", "assets": {"ndvi": asset}})
    backend.on("GET", "/download", *backend._answers["GET", FILE])
    for asked in (1, 3):  # for its name, and once more to be compared
        paths = job.get_results().download_files(tmp_path)
        assert [path.name for path in paths] == ["ndvi.nc", "job-results.json"]
        assert len(backend.asked("GET", "/download")) == asked
    assert '"./ndvi.nc"' in paths[-1].read_text(encoding="utf-8")
    assert job.get_results().download_file(tmp_path).name == "ndvi.nc"
    both = {"ndvi": asset, "b.tif": {"href": f"{backend.url}{FILE}"}}
    backend.on("GET", PATH, {"type": "Feature", "id": "job-1", "assets": both})
    paths = job.get_results().download_files(tmp_path, include=["b.tif"])
    assert '"./ndvi.nc"' in paths[-1].read_text(encoding="utf-8")  # it is there since


@pytest.mark.parametrize("what", ["the name", "the file", "a fresh link"])
def test_whatever_is_waited_for_a_download_can_be_canceled(
    backend, script, job, results, tmp_path, what
):
    asked, release, control = threading.Event(), threading.Event(), transfer.Control()

    def hang(_asked):
        asked.set()
        release.wait(PATIENCE_S)
        return script(b"bytes")

    key = "a" if what == "the name" else "a.tif"
    offered = results(backend.url, assets={key: {"href": f"{backend.url}/files/1"}})
    backend.on("GET", PATH, offered)
    backend.on("GET", "/files/1", script(b"", 403) if what == "a fresh link" else hang)
    asset = job.get_results().get_asset()
    if what == "a fresh link":
        backend.on("GET", PATH, hang)
    threading.Thread(target=lambda: asked.wait(PATIENCE_S) and control.cancel()).start()
    try:
        with pytest.raises(DownloadError, match="was canceled"):
            asset.bring_into(tmp_path, control=control)
        assert not release.is_set()
    finally:
        release.set()
    assert names(tmp_path) == []


def test_memory_has_a_guard(offer, job):
    offer(b'{"a": 1}')
    asset = job.get_results().get_asset()
    assert asset.load_bytes(most=8) == b'{"a": 1}'
    assert asset.load_json(most=8) == {"a": 1}
    for load in (asset.load_bytes, asset.load_json):
        with pytest.raises(DownloadError, match=r"'a\.tif' is larger than 7 bytes.*most="):
            load(most=7)


@pytest.mark.parametrize("more", [{"file:size": 7}, checksum(b"[1, 3]")])
def test_what_is_loaded_is_compared_too(offer, job, more):
    offer(b"[1, 2]", **more)
    asset = job.get_results().get_asset()
    for load in (asset.load_bytes, asset.load_json):
        with pytest.raises(DownloadError, match=r"should have 7|not agree with its checksum"):
            load()
    assert asset.load_head(3) == (b"[1,", True)


class Bucket(MemoryFileSystem):
    protocol = "s3"
    store = {"/bucket/a.tif": None}  # noqa: RUF012 - fsspec's way
    cachable = False

    @classmethod
    def _strip_protocol(cls, path):
        return "/" + path.split("://")[-1].lstrip("/")


@pytest.fixture
def bucket(monkeypatch):
    stores = sys.modules[fsspec.register_implementation.__module__]
    monkeypatch.setitem(stores._registry, "s3", Bucket)
    monkeypatch.setattr(Bucket, "store", {})
    Bucket().pipe_file("/bucket/a.tif", bytes(range(256)) * 1000)


def test_object_stores_are_read_where_fsspec_can(bucket, offer, job, tmp_path):
    offer(href="s3://bucket/a.tif")
    asset = job.get_results().get_asset()
    assert asset.load_bytes() == bytes(range(256)) * 1000
    assert asset.download(tmp_path).stat().st_size == 256_000
    with asset.open() as file:
        assert file.size == 256_000
        file.seek(200_001)
        assert file.read(3) == bytes([65, 66, 67])
    offer(href="s3://bucket/none.tif")
    with pytest.raises(DownloadError, match="answered 404") as caught:
        job.get_results().get_asset().load_bytes()
    assert "bucket" not in str(caught.value)


@pytest.mark.parametrize("scheme", sorted(_cloud.SCHEMES))
def test_a_store_that_nothing_reads_says_what_to_install(offer, job, scheme, monkeypatch):
    def none(_name):
        raise ImportError("s3://hush")

    monkeypatch.setattr(_cloud.importlib, "import_module", none)
    offer(href=f"{scheme}://hush/a.tif")
    for bring in (job.get_results().get_asset().load_bytes, job.get_results().get_asset().open):
        with pytest.raises(DownloadError, match=r"pip install openeo-widgets\[cloud\]") as caught:
            bring()
        assert "hush" not in str(caught.value)


def test_a_store_that_fails_is_told_without_its_link(bucket, offer, job, monkeypatch):
    def fail(*_args, **_more):
        raise RuntimeError("s3://hush")

    monkeypatch.setattr(Bucket, "info", fail)
    offer(href="s3://hush/a.tif")
    with pytest.raises(DownloadError, match=r"'a\.tif' cannot be read.*credentials") as caught:
        job.get_results().get_asset().load_bytes()
    assert "hush" not in str(caught.value)


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_progress_by_default_is_a_bar_on_a_terminal_and_nothing_else(
    offer, job, tmp_path, monkeypatch, capfd
):
    offer(b"x" * 1_000_000)
    monkeypatch.delitem(sys.modules, "ipykernel", raising=False)
    for progress, turn in ((None, "a"), (False, "b")):
        job.get_results().download_file(tmp_path / turn, progress=progress)
    assert capfd.readouterr() == ("", "")
    for number, progress in enumerate((None, True)):
        monkeypatch.setattr(sys, "stderr", Terminal())
        job.get_results().download_file(tmp_path / str(number), progress=progress)
        assert "1.00M/1.00M" in sys.stderr.getvalue()
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setitem(sys.modules, "ipykernel", object())
    job.get_results().download_file(tmp_path / "c")
    assert sys.stderr.getvalue() == ""


def test_several_files_have_a_bar_each_and_one_for_all(offer, job, tmp_path, monkeypatch):
    offer(b"x" * 1_000_000, **{"file:size": 1_000_000})
    monkeypatch.delitem(sys.modules, "ipykernel", raising=False)
    monkeypatch.setattr("openeo_widgets.transfer._bars._SOON_S", 0)
    monkeypatch.setattr(sys, "stderr", Terminal())
    job.get_results().download_files(tmp_path)
    drawn = sys.stderr.getvalue()
    assert "a.tif:" in drawn
    last = drawn.rstrip("\n").rpartition("\r")[2]  # that of the file has gone
    assert re.search("all: 100%.*1.00M/1.00M.*done", last)


def test_progress_without_tqdm_is_plain_lines_for_who_asks(offer, job, tmp_path, monkeypatch):
    offer(b"x" * 1_000_000)
    monkeypatch.setitem(sys.modules, "tqdm", None)
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    monkeypatch.setattr(sys, "stderr", Terminal())
    job.get_results().download_file(tmp_path / "a")
    assert sys.stderr.getvalue() == ""
    job.get_results().download_files(tmp_path / "b", progress=True)
    assert sys.stderr.getvalue().splitlines()[-1] == "1 files: 1.0 MB"
