"""Downloads of a widget from a real server: their rows, and what is done with these."""

import json
import random
import threading
import zipfile
from contextlib import suppress

import pytest
from downloading import small_disk
from fault_server import FaultServer
from harness import ITEM

from openeo_widgets import ResultsWidget, connect
from openeo_widgets.widgets import _passing

LONG_S = 30
MEGABYTE = 1_000_000
CONTENT = random.Random(0).randbytes(6 * MEGABYTE)  # noqa: S311 - no secret


@pytest.fixture
def server():
    made = FaultServer([CONTENT])
    yield made
    made.stop()


@pytest.fixture
def listed(scripted, server):
    """A function that sets the assets of the job: media types by key."""

    def set_assets(assets, **more):
        found = {
            key: {"href": server.url, "type": kind, "file:size": len(CONTENT), **more}
            for key, kind in assets.items()
        }
        scripted.answers["GET /jobs/j-1/results"] = (200, {**ITEM, "assets": found})
        return scripted

    set_assets({"a.tif": "image/tiff"})
    return set_assets


@pytest.fixture
def shown(listed, scripted, tmp_path, until):
    """A function that opens a widget of the job."""
    made = []

    def show(target=tmp_path / "here"):
        widget = ResultsWidget(connect(scripted.url).job("j-1"), target=target)
        made.append(widget)
        until(widget, lambda w: w.state == "ready")
        return widget

    yield show
    for widget in made:
        widget.close()


def state_of(key, *states):
    return lambda w: w.downloads.get(key, {}).get("state") in states


def test_a_row_fills_and_tells_where_the_file_is(shown, until, tmp_path):
    widget = shown()
    widget.download("a.tif")
    until(widget, state_of("a.tif", "done"))
    row = widget.downloads["a.tif"]
    assert (row["verified"], row["done_bytes"]) == (True, len(CONTENT))
    assert (tmp_path / "here" / "a.tif").read_bytes() == CONTENT
    widget.download("a.tif")
    until(widget, state_of("a.tif", "kept"))


def test_paused_it_rests_and_goes_on_to_the_exact_file(server, shown, until, tmp_path):
    server.gate.clear()
    widget = shown()
    widget.download("a.tif")
    until(widget, lambda w: state_of("a.tif", "running")(w) and w.downloads["a.tif"]["done_bytes"])
    widget.pause_download("a.tif")
    assert widget.downloads["a.tif"]["state"] == "paused"
    server.gate.set()
    widget.resume_downloads()
    until(widget, state_of("a.tif", "done"))
    assert (tmp_path / "here" / "a.tif").read_bytes() == CONTENT


@pytest.mark.parametrize("ask", [ResultsWidget.download_all, lambda w: w.download_some(["a.tif"])])
def test_asked_for_again_with_the_others_a_paused_one_goes_on(server, shown, until, ask):
    server.gate.clear()
    widget = shown()
    widget.download("a.tif")
    until(widget, lambda w: state_of("a.tif", "running")(w) and w.downloads["a.tif"]["done_bytes"])
    widget.pause_download("a.tif")
    server.gate.set()
    ask(widget)
    until(widget, state_of("a.tif", "done"))


@pytest.mark.parametrize(("key", "name"), [("a.tif", "a.tif"), ("r", "r.tif")])
def test_canceled_it_is_kept_and_another_widget_tells_of_it(
    server, listed, shown, until, tmp_path, key, name
):
    listed({key: None})
    server.media_type = "image/tiff"  # of "r" only the answer tells the extension
    server.begin([], bytes_per_s=4 * MEGABYTE)
    widget = shown()
    widget.download(key)
    until(widget, lambda w: w.downloads[key]["done_bytes"] > 3 * MEGABYTE)
    widget.cancel_download(key)
    until(widget, state_of(key, "canceled"))
    kept = widget.downloads[key]["done_bytes"]
    assert kept > MEGABYTE
    server.begin([], bytes_per_s=20 * MEGABYTE)
    other = shown()
    until(other, state_of(key, "partial"))
    assert other.downloads[key]["done_bytes"] == kept
    other.download(key)
    until(other, state_of(key, "done"))
    assert server.sent < len(CONTENT)
    assert (tmp_path / "here" / name).read_bytes() == CONTENT


def test_all_of_them_come_with_stac_that_leaves_out_what_failed(
    server, scripted, listed, shown, until, tmp_path
):
    listed({"a.tif": None, "b.tif": None, "r": None})
    server.media_type = "image/tiff"
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "b.tif").write_bytes(b"another file")
    widget = shown()
    widget.download_all()
    until(widget, lambda _: (tmp_path / "here" / "job-results.json").exists())
    written = json.loads((tmp_path / "here" / "job-results.json").read_bytes())
    assert {key: asset["href"] for key, asset in written["assets"].items()} == {
        "a.tif": "./a.tif",
        "r": "./r.tif",
    }
    assert widget.downloads["b.tif"]["exists"]


def test_metadata_of_another_job_are_kept_and_that_is_told(shown, until, tmp_path):
    (tmp_path / "here").mkdir()
    theirs = tmp_path / "here" / "job-results.json"
    theirs.write_text('{"id": "another"}')
    widget = shown()
    widget.download_all()
    until(widget, lambda w: w.stac_note)
    assert "'job-results.json' in" in widget.stac_note
    assert "is not of job 'j-1'. It was kept." in widget.stac_note
    assert "overwrite=True" not in widget.stac_note
    assert theirs.read_text() == '{"id": "another"}'
    assert (tmp_path / "here" / "a.tif").read_bytes() == CONTENT
    theirs.unlink()
    widget.download_all()
    until(widget, lambda _: theirs.exists())
    assert widget.stac_note == ""


def test_another_file_is_overwritten_only_when_asked(shown, until, tmp_path):
    target = tmp_path / "here" / "a.tif"
    target.parent.mkdir()
    target.write_bytes(b"mine")
    widget = shown()
    widget.download_all()
    until(widget, state_of("a.tif", "failed"))
    assert widget.downloads["a.tif"]["exists"]
    assert "overwrite=True" not in widget.downloads["a.tif"]["error"]["hint"]
    assert target.read_bytes() == b"mine"
    widget.download_some(["a.tif"], overwrite=True)
    until(widget, state_of("a.tif", "done"))
    assert target.read_bytes() == CONTENT


def test_a_folder_that_takes_nothing_is_told_in_the_row(shown, until, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    widget = shown(tmp_path / "file")
    widget.download("a.tif")
    until(widget, state_of("a.tif", "failed"))
    assert "cannot be written" in widget.downloads["a.tif"]["error"]["message"]


def test_a_full_disk_is_told_in_the_row_and_the_rest_comes_once_there_is_room(
    server, shown, until, tmp_path
):
    with small_disk(tmp_path / "disk") as folder:
        other = folder / "other"
        other.write_bytes(bytes(5 * MEGABYTE))
        widget = shown(folder)
        widget.download("a.tif")
        until(widget, state_of("a.tif", "failed"))
        row = widget.downloads["a.tif"]
        assert "needs 6000000 bytes more" in row["error"]["message"]
        assert "Make room" in row["error"]["hint"]
        # It fills while the file comes.
        other.write_bytes(b"")
        server.begin([], bytes_per_s=MEGABYTE)
        widget.download("a.tif")
        until(widget, lambda w: w.downloads["a.tif"]["done_bytes"] > 2 * MEGABYTE)
        with suppress(OSError):
            other.write_bytes(bytes(9 * MEGABYTE))
        until(widget, state_of("a.tif", "failed"))
        row = widget.downloads["a.tif"]
        assert "No space left" in row["error"]["message"]
        assert "What came is kept" in row["error"]["hint"]
        assert row["done_bytes"] > MEGABYTE
        other.unlink()
        server.begin()
        widget.download("a.tif")
        until(widget, state_of("a.tif", "done"))
        assert server.sent < len(CONTENT)
        assert (folder / "a.tif").read_bytes() == CONTENT
        widget.close()


def test_two_widgets_fetch_one_file_once(server, shown, until):
    first, second = shown(), shown()
    first.download("a.tif")
    second.download("a.tif")
    until(first, state_of("a.tif", "done", "kept"))
    until(second, state_of("a.tif", "done", "kept"))
    assert server.sent < 2 * len(CONTENT)


def test_closing_ends_what_is_under_way(server, listed, shown, until):
    listed({f"{index}.tif": "image/tiff" for index in range(20)})
    server.gate.clear()
    widget = shown()
    widget.download_all()
    until(widget, state_of("0.tif", "running"))
    transfers = widget._transfers
    widget.close()
    server.gate.set()
    until_quiet = threading.Event()
    for _ in range(300):
        if not transfers.moving:
            break
        until_quiet.wait(0.1)
    assert not transfers.moving


def test_thousands_are_asked_for_and_canceled_at_once(server, listed, shown, until):
    listed({f"{index}.tif": "image/tiff" for index in range(5000)})
    server.gate.clear()
    widget = shown()
    widget.download_all()
    assert len(widget.downloads) == 5000
    widget.pause_downloads()
    assert {row["state"] for row in widget.downloads.values()} == {"paused"}
    widget.cancel_downloads()
    server.gate.set()
    until(widget, lambda w: {row["state"] for row in w.downloads.values()} == {"canceled"})


@pytest.fixture
def fetched(answered):
    """A function that fetches what a message begins, as the browser does; returns the bytes."""

    def fetch(widget, kind, **fields):
        found = answered(widget, kind, **fields)["data"]
        content, pieces = b"", []
        while True:
            piece = pieces_of(widget, found["passing"])
            content += piece[1]
            pieces.append(len(piece[1]))
            if piece[0]["state"] != "more":
                return found, piece[0], content, pieces

    def pieces_of(widget, passing):
        sent = []
        widget.send = lambda content, buffers=None: sent.append((content, buffers))
        widget._receive(widget, {"id": "p", "kind": "piece", "passing": passing}, [])
        (reply, buffers) = sent[-1]
        return reply["data"], bytes(buffers[0])

    return fetch


def test_a_file_comes_to_the_browser_through_the_kernel_in_pieces(shown, fetched):
    found, last, content, pieces = fetched(shown(), "to_computer", key="a.tif", kernel=True)
    assert (found["name"], found["size"]) == ("a.tif", len(CONTENT))
    assert last["state"] == "whole"
    assert content == CONTENT
    assert max(pieces) <= 8 << 20


def test_what_is_downloaded_already_is_not_fetched_again(server, shown, until, fetched):
    widget = shown()
    widget.download("a.tif")
    until(widget, state_of("a.tif", "done"))
    before = len(server.asked)
    assert fetched(widget, "to_computer", key="a.tif", kernel=True)[2] == CONTENT
    assert len(server.asked) == before


def test_a_file_that_breaks_off_is_not_passed_for_whole(server, shown, fetched):
    server.begin([("cut", 70_000)])
    _, last, _, _ = fetched(shown(), "to_computer", key="a.tif", kernel=True)
    assert last["state"] == "failed"
    assert "a.tif" in last["error"]["message"]


def test_the_browser_gets_a_link_of_another_host_for_what_it_saves_itself(listed, shown, answered):
    data = answered(shown(), "to_computer", key="a.tif")["data"]
    assert data["url"].startswith("http://127.0.0.1:")
    assert data["fits"]
    # It would show a picture, or JSON, in the place of saving it.
    listed({"a.png": "image/png"})
    assert "passing" in answered(shown(), "to_computer", key="a.png")["data"]


def test_a_link_that_needs_signing_in_is_not_given_away(scripted, shown, listed, answered):
    href = f"{scripted.url}/files/x.tif"
    assets = {"x.tif": {"href": href, "type": "image/tiff"}}
    scripted.answers["GET /jobs/j-1/results"] = (200, {**ITEM, "assets": assets})
    scripted.answers["GET /files/x.tif"] = (401, {"code": "AuthenticationRequired"})
    widget = shown()
    assert "passing" in answered(widget, "to_computer", key="x.tif")["data"]
    scripted.answers["GET /files/x.tif"] = (200, b"bytes")
    assert answered(widget, "to_computer", key="x.tif")["data"]["url"] == href


def test_what_is_too_large_for_the_kernel_is_refused_with_a_way_out(shown, answered, monkeypatch):
    monkeypatch.setattr("openeo_widgets.widgets._to_computer.MOST_BYTES", MEGABYTE)
    widget = shown()
    assert answered(widget, "to_computer", key="a.tif")["data"]["fits"] is False
    refused = answered(widget, "to_computer", key="a.tif", kernel=True)
    assert "Jupyter server" in refused["error"]["hint"]
    assert "6 MB" in answered(widget, "zip_to_computer", keys=None)["error"]["message"]


def test_what_turns_out_to_be_too_large_ends(server, listed, shown, fetched, monkeypatch):
    monkeypatch.setattr(_passing, "MOST_BYTES", MEGABYTE)
    listed({"a.tif": "image/tiff"}, **{"file:size": None})
    _, last, _, _ = fetched(shown(), "to_computer", key="a.tif", kernel=True)
    assert last["state"] == "failed"
    assert "larger" in last["error"]["message"]


def test_a_zip_holds_what_could_be_read_and_says_what_not(server, listed, shown, fetched, tmp_path):
    listed({"a.tif": "image/tiff", "b.tif": "image/tiff", "c.tif": "image/tiff"})
    server.begin([("none", 0), ("cut", 200_000)])
    found, last, content, _ = fetched(shown(), "zip_to_computer", keys=None)
    assert found["name"] == "j-1.zip"
    assert last == {"state": "whole", "failed": ["b.tif"]}
    path = tmp_path / "got.zip"
    path.write_bytes(content)
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == ["a.tif", "c.tif", "job-results.json", "ERRORS.txt"]
        stac = json.loads(archive.read("job-results.json"))
        assert {key: asset["href"] for key, asset in stac["assets"].items()} == {
            "a.tif": "./a.tif",
            "c.tif": "./c.tif",
        }
        assert archive.read("a.tif") == archive.read("c.tif") == CONTENT
    assert not (tmp_path / "here").exists()  # nothing on disk


def test_selected_files_alone_are_zipped(listed, shown, fetched, tmp_path):
    listed({"a.tif": "image/tiff", "b.tif": "image/tiff"})
    content = fetched(shown(), "zip_to_computer", keys=["b.tif"])[2]
    path = tmp_path / "got.zip"
    path.write_bytes(content)
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == ["b.tif", "job-results.json"]


def test_one_that_was_given_up_is_over(shown, answered):
    widget = shown()
    passing = answered(widget, "to_computer", key="a.tif", kernel=True)["data"]["passing"]
    assert answered(widget, "end_passing", passing=passing)["ok"]
    assert not answered(widget, "piece", passing=passing)["ok"]
    assert not answered(widget, "piece", passing=["x"])["ok"]


def test_the_line_that_opens_a_file_is_told_once_it_is_here(shown, until, answered):
    widget = shown()
    assert not answered(widget, "opening_line", key="a.tif")["ok"]
    widget.download("a.tif")
    until(widget, state_of("a.tif", "done"))
    line = answered(widget, "opening_line", key="a.tif")["data"]["text"]
    assert line.startswith("import rioxarray; data = rioxarray.open_rasterio('")
    assert line.endswith("a.tif')")


def test_no_link_is_in_any_trait_of_a_widget_that_gave_one_away(shown, answered):
    widget = shown()
    url = answered(widget, "to_computer", key="a.tif")["data"]["url"]
    state = {name: value for name, value in widget.get_state().items() if name != "_esm"}
    assert url not in str(state) + str(widget._repr_mimebundle_())
