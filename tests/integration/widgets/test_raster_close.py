"""Rasters on a map while the widget is closed, by a person's own threads too."""

import threading

import ipyleaflet
import numpy as np
import pytest
from harness.rasters import write_tiff
from harness.scripted import ITEM
from harness.widgets import wait_until
from rasterio.transform import from_origin

from openeo_widgets import ResultsWidget, connect

LONG_S = 20
TURNS = 25
UTM = {"crs": "EPSG:32633", "transform": from_origin(600_000, 5_340_000, 10, 10)}


@pytest.fixture
def widget_on(server, scripted, tmp_path):
    """A function that makes a widget with a raster among its results, on a map of the user's."""
    path = write_tiff(tmp_path / "a", np.ones((1, 30, 30), np.uint8), **UTM)
    server.files["/a.tif"] = path.read_bytes()
    asset = {"href": f"{server.url}/a.tif", "type": "image/tiff; application=geotiff"}
    scripted.answers["GET /jobs/j-1/results"] = (200, {**ITEM, "assets": {"a.tif": asset}})

    def make(chart):
        widget = ResultsWidget(connect(scripted.url).job("j-1"), map=chart)
        wait_until(widget, lambda w: w.state == "ready")
        return widget

    return make


def listeners(chart):
    """How many hear of moves of a map."""
    return sum(map(len, chart._trait_notifiers.get("center", {}).values()))


def at_once(*calls):
    """Do things in threads of their own that begin together. Returns what they raised."""
    raised, gate = [], threading.Barrier(len(calls))

    def run(call):
        gate.wait(LONG_S)
        try:
            call()
        except Exception as error:  # noqa: BLE001 - it is returned
            raised.append(error)

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG_S)
    assert not any(thread.is_alive() for thread in threads)
    return raised


@pytest.mark.parametrize("beside", [None, "a.tif"])
def test_what_is_shown_after_the_closing_reads_nothing_and_hears_of_nothing(widget_on, beside):
    chart = ipyleaflet.Map(layers=())
    before = listeners(chart)
    widget = widget_on(chart)
    widget.close()
    widget.show_raster("a.tif", beside=beside)
    assert [side.key for side in widget._raster._sides] == ["", ""]
    assert listeners(chart) == before
    assert chart.layers == ()


def test_showing_and_closing_at_once_leaves_nothing(widget_on):
    for _ in range(TURNS):
        chart = ipyleaflet.Map(layers=())
        before = listeners(chart)
        widget = widget_on(chart)
        raised = at_once(
            lambda: widget.show_raster("a.tif", beside="a.tif"),  # noqa: B023 - ends in this turn
            widget.close,
        )
        assert raised == []
        assert [side.key for side in widget._raster._sides] == ["", ""]
        assert listeners(chart) == before
        assert chart.layers == ()
