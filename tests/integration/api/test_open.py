"""Files that are read where they are: only the parts that are asked for come here."""

from __future__ import annotations

import email.utils
import io
import re
import threading
import zipfile
from random import Random as Dice

import numpy as np
import pandas as pd
import pytest
import rasterio
import xarray as xr

from openeo_widgets import DownloadError, FileChangedError
from openeo_widgets.transfer import TooMuchError

PATH = "/jobs/job-1/results"
FILE = "/files/a.tif"
LONG_S = 20


class Ranges:
    """A server that gives ranges of a content that the test can replace."""

    def __init__(self, backend, answer, content):
        self.backend, self.answer, self.content, self.etag = backend, answer, content, '"1"'
        self.faults = []
        self.compares = True
        self.more = {}  # headers
        self.sent = 0
        backend.on("GET", FILE, self.give)

    def give(self, asked):
        if self.faults:
            return self.faults.pop(0)
        size, headers = len(self.content), {"ETag": self.etag, **self.more}
        told = re.fullmatch(r"bytes=(\d+)-(\d*)", asked.headers.get("Range", ""))
        same = not self.compares or asked.headers.get("If-Range", self.etag) == self.etag
        if told is None or not same:
            return self.answer(self.content, headers=headers)
        begin, end = int(told[1]), min(int(told[2] or size), size - 1)
        if begin >= size:
            return self.answer(b"", 416, {"Content-Range": f"bytes */{size}"})
        headers.setdefault("Content-Range", f"bytes {begin}-{end}/{size}")
        headers["Content-Range"] = headers["Content-Range"].format(begin, end)
        part = self.content[begin : end + 1]
        self.sent += len(part)
        return self.answer(part, 206, headers)


@pytest.fixture
def serve(backend, script, results):
    def _serve(content, **more):
        asset = {"href": f"{backend.url}{FILE}?sig=hush", **more}
        backend.on("GET", PATH, results(backend.url, assets={"a.tif": asset}))
        return Ranges(backend, script, content)

    return _serve


@pytest.fixture
def content():
    return Dice(1).randbytes(3_000_000)  # noqa: S311 - dice


def test_it_is_a_file_like_any_other(serve, job, content):
    serve(content, **{"file:size": len(content)})
    there, here = job.get_results().get_asset().open(), io.BytesIO(content)
    with there:
        assert (there.size, there.name) == (len(content), "a.tif")
        assert (there.readable(), there.seekable(), there.writable()) == (True, True, False)
        dice = Dice(2)  # noqa: S311 - dice
        for _ in range(60):
            place, length = dice.randrange(len(content) + 10), dice.choice([0, 1, 100, 200_000])
            assert there.seek(place) == here.seek(place) == there.tell()
            assert there.read(length) == here.read(length)
        assert there.seek(-5, io.SEEK_END) == here.seek(-5, io.SEEK_END)
        assert there.read() == here.read()
        assert there.seek(0) == 0
        assert there.read() == content
        with pytest.raises(ValueError, match="before the beginning"):
            there.seek(-1)
        with pytest.raises(io.UnsupportedOperation):
            there.write(b"x")
        assert "hush" not in repr(there)
    assert there.closed
    with pytest.raises(ValueError, match="closed"):
        there.read()


def test_a_jump_brings_little_and_reading_on_few_requests(backend, serve, job, content):
    server = serve(content)
    with job.get_results().get_asset().open() as file:
        file.seek(2_000_000)
        assert file.read(10) == content[2_000_000:2_000_010]
        assert server.sent <= 2 << 17
        file.seek(0)
        while file.read(10_000):
            pass
    assert len(backend.asked("GET", FILE)) < 15
    assert server.sent < 1.1 * len(content)


def test_several_threads(serve, job, content):
    serve(content)
    file, wrong = job.get_results().get_asset().open(), []

    def look(seed):
        dice = Dice(seed)  # noqa: S311 - dice
        for _ in range(40):
            with lock:
                place = file.seek(dice.randrange(len(content)))
                found = file.read(1000)
            if found != content[place : place + 1000]:
                wrong.append(place)

    lock = threading.Lock()
    threads = [threading.Thread(target=look, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG_S)
    file.close()
    assert not wrong


@pytest.mark.parametrize("compares", [True, False])
def test_parts_of_two_files_are_never_mixed(serve, job, content, compares):
    server = serve(content)
    server.compares = compares
    with job.get_results().get_asset().open() as file:
        file.read(10)
        server.content, server.etag = bytes(len(content)), '"2"'
        file.seek(1_000_000)
        with pytest.raises(FileChangedError, match=r"'a\.tif' was replaced"):
            file.read(10)


def test_faults_that_pass(serve, job, script, content, monkeypatch):
    monkeypatch.setattr("openeo_widgets.transfer._patience.PAUSE_S", 0)
    server = serve(content)
    with job.get_results().get_asset().open() as file:
        span = {"Content-Range": f"bytes 983040-1048575/{len(content)}", "ETag": '"1"'}
        server.faults += [
            script(b"", 503),
            script(b"", 429, {"Retry-After": "0"}),
            script(content[983040:1048576], 206, span, cut=1000),
        ]
        file.seek(1_000_000)
        assert file.read(100) == content[1_000_000:1_000_100]
        server.faults += [script(b"", 500)] * 20
        file.seek(2_000_000)
        with pytest.raises(DownloadError, match=r"answered 500 instead of 'a\.tif'") as caught:
            file.read(1)
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize("known", [{}, {"file:size": 3_000_000}])
@pytest.mark.parametrize(
    "told", [{"Content-Encoding": "identity"}, {"Content-Range": "bytes {}-{}/*"}]
)
def test_what_servers_may_say_of_a_part(serve, job, content, known, told):
    server = serve(content, **known)
    server.more = told
    with job.get_results().get_asset().open() as file:
        file.seek(2_000_000)
        assert file.read(10) == content[2_000_000:2_000_010]
    assert server.sent < len(content) / 10


def test_a_date_that_promises_nothing_is_not_sent_but_compared(backend, serve, job, content):
    server = serve(content)
    server.etag = 'W/"1"'
    server.more = {"Last-Modified": email.utils.formatdate(usegmt=True)}
    with job.get_results().get_asset().open() as file:
        file.seek(1_000_000)
        assert file.read(10) == content[1_000_000:1_000_010]
        assert all("If-Range" not in asked.headers for asked in backend.asked("GET", FILE))
        server.etag = 'W/"2"'
        file.seek(2_000_000)
        with pytest.raises(FileChangedError):
            file.read(10)


def test_a_server_that_says_when_to_come_back_is_not_asked_before(
    backend, serve, job, script, content
):
    server = serve(content)
    with job.get_results().get_asset().open() as file:
        before = len(backend.asked("GET", FILE))
        server.faults = [script(b"", 500, {"Retry-After": "Fri, 31 Dec 2100 00:00:00 GMT"})] * 9
        file.seek(1_000_000)
        with pytest.raises(DownloadError, match="answered 500"):
            file.read(10)
        assert len(backend.asked("GET", FILE)) == before + 1


def test_a_link_that_expires_while_it_is_read(serve, job, script, content):
    server = serve(content)
    with job.get_results().get_asset().open() as file:
        server.faults.append(script(b"", 403))
        file.seek(1_000_000)
        assert file.read(100) == content[1_000_000:1_000_100]


@pytest.mark.parametrize("size", [0, 1, 65536, 65537])
def test_small_files(serve, job, content, size):
    serve(content[:size])
    with job.get_results().get_asset().open() as file:
        assert file.read() == content[:size]


def test_a_server_without_ranges(backend, serve, job, script, content, monkeypatch):
    serve(content)
    backend.on("GET", FILE, script(content))
    with job.get_results().get_asset().open() as file:
        file.seek(-10, io.SEEK_END)
        assert file.read() == content[-10:]
    monkeypatch.setattr("openeo_widgets.transfer._opened._MOST_WHOLE", 1000)
    with pytest.raises(DownloadError, match=r"gives no parts.*Download it"):
        job.get_results().get_asset().open()


def test_another_size_than_the_metadata_tell(serve, job, content):
    serve(content, **{"file:size": 5})
    with pytest.raises(DownloadError, match="should have 5 bytes"):
        job.get_results().get_asset().open()


def test_libraries_read_a_part_of_it(serve, job, tmp_path):
    """A tile of a tiled GeoTIFF, a variable of a NetCDF, one file of an archive."""
    noise = np.random.default_rng(1).integers(0, 65535, (1, 2048, 2048), dtype="uint16")
    shape = {"width": 2048, "height": 2048, "count": 1, "dtype": "uint16"}
    with rasterio.open(
        tmp_path / "a.tif", "w", driver="GTiff", tiled=True, crs="EPSG:32631",
        transform=rasterio.Affine(10, 0, 5e5, 0, -10, 5e6), **shape,
    ) as made:  # fmt: skip
        made.write(noise)
    server = serve((tmp_path / "a.tif").read_bytes())
    asset = job.get_results().get_asset()
    with rasterio.open(asset.filename, opener=asset.opener) as raster:
        tile = raster.read(window=((1024, 1280), (1024, 1280)))
    assert np.array_equal(tile, noise[:, 1024:1280, 1024:1280])
    assert server.sent < len(server.content) / 5

    cube = xr.Dataset({"big": (("t", "x"), np.random.default_rng(2).random((40, 20_000)))})
    cube["small"] = ("t", np.arange(40.0))
    chunks = {"big": {"chunksizes": (1, 20_000)}}
    cube.to_netcdf(tmp_path / "a.nc", engine="h5netcdf", encoding=chunks)
    server = serve((tmp_path / "a.nc").read_bytes())
    with (
        job.get_results().get_asset().open() as file,
        xr.open_dataset(file, engine="h5netcdf") as read,
    ):
        assert np.array_equal(read["big"][20], cube["big"][20])
        assert np.array_equal(read["small"], cube["small"])
    assert server.sent < len(server.content) / 5

    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr("big", Dice(3).randbytes(2_000_000))  # noqa: S311 - dice
        packed.writestr("table.csv", "a,b\n1,2\n")
    server = serve((tmp_path / "a.zip").read_bytes())
    with (
        job.get_results().get_asset().open() as file,
        zipfile.ZipFile(file) as archive,
        archive.open("table.csv") as table,
    ):
        assert pd.read_csv(table).to_dict("list") == {"a": [1], "b": [2]}
    assert server.sent < len(server.content) / 5


def test_more_than_was_allowed_is_not_fetched(serve, job, content):
    server = serve(content)
    with job.get_results().get_asset().open(most=1_000_000) as file:
        file.seek(2_000_000)
        assert file.read(10) == content[2_000_000:2_000_010]
        file.seek(0)
        with pytest.raises(TooMuchError):
            file.read()
    assert server.sent <= 1_000_000


def test_a_server_without_ranges_sends_no_more_than_was_allowed(backend, serve, job, content):
    server = serve(content)
    backend.on("GET", FILE, server.answer(content))
    with pytest.raises(TooMuchError):
        job.get_results().get_asset().open(most=1_000_000)
    with job.get_results().get_asset().open(most=len(content)) as file:
        assert file.read() == content


def test_of_the_beginning_no_more_is_sent(serve, job, content):
    server = serve(content)
    asset = job.get_results().get_asset()
    assert asset.load_head(100_000) == (content[:100_000], True)
    assert server.sent == 100_000
    assert asset.load_head(len(content)) == (content, False)
    assert asset.load_head(len(content) + 1) == (content, False)


def test_the_beginning_comes_also_where_ranges_are_not_as_they_should_be(serve, job, content):
    server = serve(content)
    asset = job.get_results().get_asset()
    server.faults = [server.answer(content)]
    assert asset.load_head(10) == (content[:10], True)
    server.faults = [server.answer(content[:10], 206, {"Content-Range": "bytes 0-9/*"})]
    server.faults.append(server.answer(content))
    assert asset.load_head(10) == (content[:10], True)
    server.faults = [server.answer(content[:5], 206, {"Content-Range": f"bytes 0-9/{1 << 20}"})]
    with pytest.raises(DownloadError):
        asset.load_head(10)
    server.faults = [server.answer(b"", 416, {"Content-Range": "bytes */0"})]
    assert asset.load_head(10) == (b"", False)
