"""Results as real back-ends send them: each is read, shown and kept as a static card, as it should.

The files in ``tests/corpus/results`` hold each an answer, why it is there, and what is to be shown.
"""

from __future__ import annotations

import copy
import datetime as dt
import json
from pathlib import Path

import pystac
import pytest
from harness.widgets import wait_until

from openeo_widgets import ResultsWidget, connect
from openeo_widgets.api._geojson import positions
from openeo_widgets.api._stac import assets_of
from openeo_widgets.api._where import footprint

CORPUS = Path(__file__).parents[2] / "corpus" / "results"
CASES = sorted(path.stem for path in CORPUS.glob("*.json"))


def test_there_is_a_corpus():
    assert len(CASES) >= 40


@pytest.fixture(params=CASES)
def case(request):
    return json.loads((CORPUS / f"{request.param}.json").read_text(encoding="utf-8"))


@pytest.fixture
def widget(scripted, case, tmp_path):
    graph = case.get("graph", {})
    scripted.job = {
        **scripted.job,
        "status": "finished",
        **case.get("job", {}),
        "process": {"process_graph": graph},
    }
    # As a file has it: not as Python, which knows no halves of surrogate pairs.
    answer = json.dumps(case["results"]).encode()
    scripted.answers["GET /jobs/j-1/results"] = (case.get("status", 200), answer)
    for path, document in case.get("linked", {}).items():
        page = document.encode() if isinstance(document, str) else document
        scripted.answers[f"GET {path}"] = (200, page)
    made = ResultsWidget(connect(scripted.url).job("j-1"), target=tmp_path)
    wait_until(made, lambda w: w.state in {"ready", "error"})
    with made._loading._one_at_a_time:  # until what takes longer has been read too
        pass
    yield made
    made.close()


def test_results_are_shown_as_they_are(case, widget):
    expected = case["expected"]
    assert widget.state == expected["state"], widget.error
    if expected["state"] == "error":
        assert expected["error"] in widget.error["message"]
        assert expected.get("hint", "") in widget.error["hint"]
    else:
        check_place(expected, widget)
        check_files(expected, widget)
        check_words(expected, widget)
    check_that_it_can_be_kept(widget)


def check_place(expected, widget):
    if expected["bbox"] is None:
        assert widget.bbox is None
    else:
        assert widget.bbox == pytest.approx(expected["bbox"], abs=expected.get("about", 1e-9))
    assert expected["note"] in widget.footprint_note
    assert bool(expected["note"]) == bool(widget.footprint_note)
    if "places" in expected:
        assert len(widget.places) == expected["places"]
    if "longitudes" in expected:  # in one piece, as it is drawn
        longitudes = [x for place in widget.places for x, _ in positions(place.geometry)]
        assert [min(longitudes), max(longitudes)] == pytest.approx(expected["longitudes"])


def check_files(expected, widget):
    assert len(widget.assets) == expected["assets"]
    names = [row["name"] for row in widget.assets]
    assert names == expected.get("names", names)
    assert len({name.lower() for name in names}) == len(names)
    assert [row["purpose"] for row in widget.assets] == expected.get(
        "purposes", ["data"] * len(names)
    )


def check_words(expected, widget):
    assert widget.partial is expected["partial"]
    assert widget.interval == expected["interval"]
    assert widget.title == expected.get("title", widget.title)
    if "expires" in expected:
        at = dt.datetime.fromisoformat(expected["expires"].replace("Z", "+00:00"))
        assert widget.expires_ms == at.timestamp() * 1000
    wanted = expected.get("notes", [])
    assert len(widget.notes) == len(wanted)
    assert all(part in note for part, note in zip(wanted, widget.notes, strict=True))
    found = {row["what"]: row["differs"] for row in widget.comparison}
    assert {what: found.get(what, "no row") for what in expected.get("compared", {})} == (
        expected.get("compared", {})
    )


def check_that_it_can_be_kept(widget):
    """In a message, in a notebook, and as a card without a kernel; without any secret."""
    card, text = widget._static_card(), repr(widget)
    data, _ = widget._repr_mimebundle_()
    traits = json.dumps({name: getattr(widget, name) for name in TRAITS}, allow_nan=False)
    everything = f"{card}{text}{data['text/html']}{data['text/plain']}{traits}"
    everything.encode()
    assert "s3cr3t" not in everything
    assert "<img" not in data["text/html"]
    assert "<script" not in data["text/html"]


TRAITS = (
    *("title", "state", "error", "assets", "interval", "partial", "bbox", "footprint_note"),
    *("comparison", "notes", "reading", "expires_ms", "downloads"),
)


def test_the_reader_needs_no_extra(case, monkeypatch):
    for name in ("pyproj", "shapely", "shapely.geometry", "antimeridian"):
        monkeypatch.setitem(__import__("sys").modules, name, None)
    found = footprint(case["results"], case.get("graph"), list(_items(case)))
    if "about" in case["expected"]:
        return  # what needs a transformation; the note of it is tested elsewhere
    if case["expected"]["bbox"] and "linked" not in case and case["why"] != POLE:
        assert found.bbox == pytest.approx(case["expected"]["bbox"])


def test_where_pystac_reads_it_the_reading_is_the_same(case):
    """Much of what is sent it refuses; what it takes it must not know better."""
    try:
        found = pystac.read_dict(copy.deepcopy(case["results"]))
        assets = [asset for asset in found.assets.values() if asset.href]
        stated = found.bbox if isinstance(found, pystac.Item) else found.extent.spatial.bboxes[0]
    except Exception:  # noqa: BLE001 - it has many errors for what is not STAC
        return
    ours = assets_of(case["results"], "https://back.end/jobs/j-1/results")
    assert set(ours) <= {key for key, asset in found.assets.items() if asset in assets}
    place = footprint(case["results"])
    if stated and place.bbox and not place.note and len(stated) == 4 and abs(stated[0]) <= 180:
        assert place.bbox[0] == pytest.approx(stated[0])


POLE = "A ring around the north pole."


def _items(case):
    return (one for one in case.get("linked", {}).values() if isinstance(one, dict))
