"""Links that expire: renewed once for all, before they are used where that is known."""

from __future__ import annotations

import threading
import time

import pytest

from openeo_widgets import DownloadError

PATH = "/jobs/job-1/results"
LONG_S = 20


@pytest.fixture
def signed(backend, script):
    """Files that only the newest signature opens, and results that sign anew each time."""

    class Signed:
        turn = 0
        good = True
        end = ""
        more = {}  # noqa: RUF012 - each test has its own class

        def results(self, _asked):
            self.turn += 1
            query = f"sig={self.turn}" + (f"&expires={self.end}" if self.end else "")
            assets = {
                name: {"href": f"{backend.url}/files/{name}?{query}", **self.more}
                for name in self.names
            }
            return {"type": "Feature", "stac_version": "1.0.0", "assets": assets}

        def file(self, asked):
            ok = self.good and asked.query["sig"] == str(self.turn)
            return script(b"bytes") if ok else script(b"", 403)

        def offer(self, *names):
            self.names = names
            backend.on("GET", PATH, self.results)
            for name in names:
                backend.on("GET", f"/files/{name}", self.file)

    return Signed()


def asked(backend):
    return len(backend.asked("GET", PATH))


def test_many_that_find_their_links_expired_ask_once(backend, job, signed, tmp_path):
    names = [f"f{n}.tif" for n in range(20)]
    signed.offer(*names)
    found = job.get_results()
    assets = found.get_assets()
    signed.turn += 1  # all links at hand are no longer good
    backend.on("GET", PATH, lambda asked: {**signed.results(asked)})
    together, errors = threading.Barrier(20, timeout=LONG_S), []

    def one(asset):
        try:
            together.wait()
            assert asset.load_bytes() == b"bytes"
        except BaseException as error:  # noqa: BLE001 - told below
            errors.append(error)

    threads = [threading.Thread(target=one, args=(asset,)) for asset in assets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG_S)
    assert not errors
    assert asked(backend) == 2


def test_a_link_that_has_expired_is_not_even_tried(backend, job, signed, tmp_path):
    signed.end = int(time.time()) - 10
    signed.offer("a.tif", "b.tif")
    assets = job.get_results().get_assets()
    signed.end = int(time.time()) + 1000
    assert [asset.load_bytes() for asset in assets] == [b"bytes"] * 2
    assert asked(backend) == 2
    assert len(backend.asked("GET", "/files/a.tif")) == 1


def test_a_clock_that_is_wrong_does_not_ask_for_ever(backend, job, signed):
    signed.end = int(time.time()) - 10
    signed.offer("a.tif")
    asset = job.get_results().get_asset()
    for _ in range(5):
        assert asset.load_bytes() == b"bytes"
    assert asked(backend) == 2


def test_links_that_stay_refused_are_an_error_that_says_so_and_end_the_asking(
    backend, job, signed, tmp_path
):
    signed.good = False
    signed.offer(*(f"f{n}.tif" for n in range(30)))
    with pytest.raises(DownloadError, match="30 of 30 files") as caught:
        job.get_results().download_files(tmp_path, max_parallel=1)
    assert "also by a fresh link" in str(caught.value.causes["f0.tif"])
    assert caught.value.causes["f29.tif"].http_status == 403
    assert asked(backend) <= 5
    assert "sig=" not in str(caught.value)


def test_results_that_were_renewed_are_those_of_the_results(backend, job, signed):
    signed.offer("a.tif")
    found = job.get_results()
    asset = found.get_asset()
    signed.turn += 1
    assert asset.load_bytes() == b"bytes"
    assert found.get_asset().href == asset.href
    assert asked(backend) == 2


def test_a_file_that_is_replaced_on_the_way_comes_whole_in_its_new_version(
    backend, script, job, signed, tmp_path
):
    """A connection breaks, the link has expired then, and fresh metadata tell of another file."""
    signed.offer("a.tif")
    signed.more = {"file:size": 1000}
    asset = job.get_results().get_asset()

    def renewed(_asked):
        signed.more = {"file:size": 600}
        return signed.results(_asked)

    def file(asked):
        if asked.query["sig"] == "1":
            first = "Range" not in asked.headers and len(backend.asked("GET", "/files/a.tif")) == 1
            return (
                script(b"x" * 1000, headers={"ETag": '"1"'}, cut=300) if first else script(b"", 403)
            )
        return script(b"y" * 600, headers={"ETag": '"2"'})

    backend.on("GET", PATH, renewed)
    backend.on("GET", "/files/a.tif", file)
    assert asset.download(tmp_path).read_bytes() == b"y" * 600


def test_the_token_goes_to_the_back_end_only_also_by_a_redirect(
    backend, elsewhere, script, job, results, tmp_path
):
    backend.on("GET", PATH, results(backend.url, "a.tif", assets={
        "a.tif": {"href": f"{backend.url}/files/a.tif"}, "b.tif": {"href": f"{elsewhere.url}/b"},
    }))  # fmt: skip
    backend.on("GET", "/files/a.tif", script(b"", 302, {"Location": f"{elsewhere.url}/a"}))
    elsewhere.on("GET", "/a", script(b"a"))
    elsewhere.on("GET", "/b", script(b"b"))
    job.get_results().download_files(tmp_path)
    with job.get_results().get_asset("a.tif").open() as file:
        assert file.read() == b"a"
    assert "Authorization" in backend.asked("GET", "/files/a.tif")[0].headers
    assert len(elsewhere.all) == 3
    assert not any("Authorization" in asked.headers for asked in elsewhere.all)
