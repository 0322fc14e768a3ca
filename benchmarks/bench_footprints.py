"""Ten thousand footprints on the map of the results: until they are drawn, and while it is dragged.

In JupyterLab in headless Chromium, beside what one would do without us: the same shapes in an
ipyleaflet.GeoJSON on an ipyleaflet.Map of the same size, as it is and with ``prefer_canvas``. Ours
is drawn twice: from shapes, as these are, and from the STAC Items that have them, which are read
for places, boxes and faults first. The CPU time of the kernel is told too: where a machine is busy
it tells more than the clock.
"""

from __future__ import annotations

import json
import statistics
from pathlib import Path
from typing import Any

from _lab import ScriptedBackend, jupyterlab
from _table import Limits

HERE = Path(__file__).parent

FOOTPRINTS = 10_000
TIMES = 5
DRAG_S = 5
WANTED = {"drawn_ms": 1000, "frames_per_s": 30}

# Slanted squares, as those of a satellite's scenes are, each of a size of its own.
SETUP = """
import json, math, random, time, ipyleaflet
from openeo_widgets import ResultsWidget, connect
from openeo_widgets.api._places import footprints, simplified
from openeo_widgets.api._where import Footprint
from openeo_widgets.api._stac_items import Linked
from openeo_widgets.widgets._footprints import Placed
dice = random.Random(1)
def shape(n):
    lon, lat = 10 + n % 100 / 10, 40 + n // 100 / 10
    size = dice.uniform(0.03, 0.06)
    turns = [0.2 + math.pi * corner / 2 for corner in range(4)]
    ring = [[lon + size * math.cos(turn), lat + size * math.sin(turn)] for turn in turns]
    return {{"type": "Polygon", "coordinates": [[*ring, ring[0]]]}}
shapes = [shape(n) for n in range({count})]
def item(n):
    xs, ys = zip(*shapes[n]["coordinates"][0])
    return {{
        "type": "Feature", "stac_version": "1.0.0", "id": str(n), "geometry": shapes[n],
        "bbox": [min(xs), min(ys), max(xs), max(ys)],
        "properties": {{"datetime": "2022-01-01T00:00:00Z", "proj:epsg": 32633}},
        "assets": {{"data": {{"href": f"https://files.example/{{n}}.tif", "roles": ["data"]}}}},
    }}
items = {{f"https://files.example/{{n}}": item(n) for n in range({count})}}
linked = Linked(items, {{key: key for key in items}})
def of_items():
    places = simplified(footprints({{"type": "Collection"}}, "https://files.example/", linked))
    keys = [key for place in places for key in place.assets]
    assert len(keys) == {count}
    widget._mapped.place(places, Footprint(None, None), keys, str)
    return widget.map.layers[1]
def ours():
    widget._mapped.show([Placed(str(n), one, None) for n, one in enumerate(shapes)])
    return widget.map.layers[1]
def theirs():
    features = [{{"type": "Feature", "properties": {{}}, "geometry": one}} for one in shapes]
    layer = ipyleaflet.GeoJSON(
        data={{"type": "FeatureCollection", "features": features}},
        style={{"color": "#1a66c9", "weight": 2, "fillOpacity": 0.12}},
    )
    chart.add(layer)
    return layer
def timed(work):
    global sent, kernel, layer
    sent, began = time.time() * 1000, time.process_time()
    layer = work()
    kernel = (time.process_time() - began) * 1000
"""
OURS = """
widget = ResultsWidget(connect({url!r}).job("j-1"))
widget
"""
THEIRS = """
chart = ipyleaflet.Map(
    layers=(), center=(45.0, 15.0), zoom=5, prefer_canvas={canvas},
    layout={{"width": "572px", "height": "445px"}},
)
chart
"""
CONTESTANTS = {
    "ours": ("ours", OURS),
    "ours, of Items": ("of_items", OURS),
    "GeoJSON": ("theirs", THEIRS.replace("{canvas}", "False")),
    "GeoJSON, canvas": ("theirs", THEIRS.replace("{canvas}", "True")),
}

# Something is drawn in the middle, and the frame after it has come.
DRAWN = """map => new Promise((done) => {
  const look = () => {
    const pane = map.querySelector('.leaflet-overlay-pane');
    const canvas = pane.querySelector('canvas');
    const drawn = canvas
      ? canvas.getContext('2d').getImageData(canvas.width / 2, canvas.height / 2, 40, 40).data
        .some(part => part)
      : pane.querySelectorAll('path').length >= COUNT;
    if (!drawn) requestAnimationFrame(look);
    else requestAnimationFrame(() => done(performance.timeOrigin + performance.now()));
  };
  requestAnimationFrame(look);
})""".replace("COUNT", str(FOOTPRINTS))
# To and fro; once a second it is let go, and what came into view is drawn.
DRAG = """([map, seconds]) => new Promise((done) => {
  const frame = map.getBoundingClientRect();
  const [x, y] = [frame.left + frame.width / 2, frame.top + frame.height / 2];
  const send = (type, dx) => map.querySelector('.leaflet-map-pane').dispatchEvent(
    new MouseEvent(type, {bubbles: true, cancelable: true, view: window, button: 0,
      buttons: type === 'mouseup' ? 0 : 1, clientX: x + dx, clientY: y + dx / 3}));
  const began = performance.now();
  let [frames, longest, last, turn] = [0, 0, began, 0];
  send('mousedown', 0);
  const step = (now) => {
    frames += 1;
    longest = Math.max(longest, now - last);
    last = now;
    const passed = (now - began) / 1000;
    const dx = 100 * Math.sin(passed * 2 * Math.PI);
    if (Math.floor(passed) > turn) {
      turn += 1;
      send('mouseup', dx);
      send('mousedown', 0);
    } else send('mousemove', dx);
    if (passed < seconds) requestAnimationFrame(step);
    else { send('mouseup', dx); done({frames_per_s: frames / passed, longest_ms: longest}); }
  };
  requestAnimationFrame(step);
})"""


def measure(lab: Any, url: str, work: str, show: str) -> dict[str, float]:
    """One contestant in a notebook of its own."""
    book = lab.open([SETUP.format(count=FOOTPRINTS), show.format(url=url), f"timed({work})"])
    book.run(0)
    book.run(1)
    chart = book.output(1).locator(".leaflet-container .leaflet-map-pane")
    chart.wait_for(state="attached")
    if show == OURS:
        book.output(1).locator(".oew-results[data-state=ready]").wait_for()
    chart = book.output(1).locator(".leaflet-container")
    # What the results themselves have on the map goes first.
    if show == OURS:
        book.evaluate("widget._mapped.show([])")
        book.page.wait_for_function(f"map => !({HAS_DRAWN})(map)", arg=chart.element_handle())
    book.run(2, wait=False)
    shown = chart.evaluate(DRAWN)
    book.wait_done()
    row = {
        "drawn_ms": shown - book.evaluate("sent"),
        **book.page.evaluate(DRAG, [chart.element_handle(), DRAG_S]),
        "kernel_cpu_ms": book.evaluate("kernel"),
        "message_kb": book.evaluate("len(json.dumps(layer.data))") / 1000,
    }
    book.close()
    return row


HAS_DRAWN = """map => {
  const canvas = map.querySelector('.leaflet-overlay-pane canvas');
  return canvas?.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some(v => v);
}"""


def main() -> None:
    """Measure, print, and write the same as JSON."""
    backend = ScriptedBackend()
    backend.job["status"] = "finished"
    status, item = backend.answers["GET /jobs/j-1/results"]
    backend.answers["GET /jobs/j-1/results"] = (status, {**item, "bbox": [10, 40, 20, 50]})
    taken: dict[str, list[dict[str, float]]] = {name: [] for name in CONTESTANTS}
    with jupyterlab() as lab:
        for _ in range(TIMES):
            for name, (work, show) in CONTESTANTS.items():
                taken[name].append(measure(lab, backend.url, work, show))
    backend.stop()
    rows = {
        name: {what: statistics.median(row[what] for row in runs) for what in runs[0]}
        for name, runs in taken.items()
    }
    print(f"\nfootprints: {FOOTPRINTS:,}; medians of {TIMES}, in turn; dragged for {DRAG_S} s")
    heads = (
        f"{'drawn ms':>10}{'frames/s':>10}{'longest ms':>12}{'kernel CPU':>11}{'message kB':>12}"
    )
    print(f"{'':<18}{heads}")
    for name, row in rows.items():
        drawn, frames, longest, kernel, size = row.values()
        print(
            f"{name:<18}{drawn:>10,.0f}{frames:>10.1f}{longest:>12,.0f}{kernel:>11,.0f}{size:>12,.0f}"
        )
    HERE.joinpath("footprints.json").write_text(json.dumps(rows, indent=2) + "\n")
    limits, ours = Limits("footprints"), rows["ours"]
    limits.at_most("drawn, median ms", ours["drawn_ms"], WANTED["drawn_ms"])
    limits.at_least("frames a second", ours["frames_per_s"], WANTED["frames_per_s"])
    limits.finish()


if __name__ == "__main__":
    main()
