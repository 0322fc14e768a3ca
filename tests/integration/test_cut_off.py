"""Without a network: in a process whose sockets reach loopback only, the back-end only, or nothing.

The guard of the browser tests refuses and writes down every other attempt of that process.
"""

from __future__ import annotations

import subprocess
import sys

import pytest
from harness import Backend, ProcessGuard

RUN = """
import sys, threading
from pathlib import Path
from openeo_widgets import JobWidget, ResultsWidget, connect, enable

def wait(widget, wanted):
    reached = threading.Event()
    look = lambda _change=None: wanted(widget) and reached.set()
    widget.observe(look)
    look()
    assert reached.wait(240), repr(widget)

enable()
connection = connect(sys.argv[1]).authenticate_basic("demo", "demo")
cube = connection.load_collection(
    "SENTINEL2_SAMPLE", temporal_extent=["2022-06-01", "2022-07-15"], bands=["B04", "B08"]
)
cube = cube.ndvi(nir="B08", red="B04").reduce_dimension(dimension="t", reducer="max")
job = cube.create_job(out_format="GTiff")
card = JobWidget(job)
card.start()
wait(card, lambda w: w.status == "finished")
widget = ResultsWidget(job, target=Path(sys.argv[2]))
wait(widget, lambda w: w.state == "ready")
assert widget.map.layers[1].name == "Footprints", widget.map.layers
widget.show_raster("openEO.tif")
wait(widget, lambda w: w.raster and w.raster["state"] == "ready")
widget.open_preview("openEO.tif")
wait(widget, lambda w: w.preview and w.preview["state"] == "ready")
widget.download_all()
wait(widget, lambda w: w.downloads.get("openEO.tif", {}).get("state") == "done")
print("saw it all", flush=True)
widget.close()
card.close()
"""
NOTHING = """
import sys
import openeo_widgets
from openeo_widgets import connect
for name in openeo_widgets.__all__:
    getattr(openeo_widgets, name)
try:
    connect(sys.argv[1])
except openeo_widgets.NoAnswerError as error:
    assert sys.argv[1].partition("//")[2].strip("/") in str(error), error
    print("said in words", flush=True)
"""


@pytest.fixture
def guard(tmp_path):
    made = ProcessGuard(tmp_path / "refused.txt")
    yield made
    made.close()


@pytest.fixture
def backend(tmp_path, guard):
    made = Backend(tmp_path / "backend", guard)
    yield made
    made.stop()


def ran(code, guard, *arguments, **more):
    """What a process says that the guard holds."""
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-W", "error::ResourceWarning", "-c", code, *map(str, arguments)],
        env={**guard.environment(), **more},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_with_the_network_cut_from_the_start(guard, backend, tmp_path):
    assert "saw it all" in ran(RUN, guard, backend.url, tmp_path / "results")
    assert guard.take() == []


def test_with_only_the_back_end_reachable(guard, backend, tmp_path):
    only = {"OPENEO_WIDGETS_ONLY": str(backend.port)}
    assert "saw it all" in ran(RUN, guard, backend.url, tmp_path / "results", **only)
    assert guard.take() == []


def test_with_nothing_reachable_it_is_said_in_words(guard, backend):
    assert "said in words" in ran(NOTHING, guard, backend.url, OPENEO_WIDGETS_ONLY="")
    assert guard.take()  # what would tell in the other tests, does
