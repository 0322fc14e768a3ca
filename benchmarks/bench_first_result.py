"""How long a plain result takes from the answer with its metadata until it is painted.

In JupyterLab in headless Chromium, beside what one would write by hand: the same Item asked for
with requests and put as an ipyleaflet.GeoJSON on an ipyleaflet.Map. Once with a back-end that
answers at once, so that card and map are made meanwhile, and once with one that answers when these
are on the page already. Painted is what has the footprint in it and, in the card, the files: until
the frame after it has come. The clocks are one: all of it runs on one machine.
"""

from __future__ import annotations

import json
import statistics
import threading
import time
from pathlib import Path
from typing import Any

from _lab import ScriptedBackend, jupyterlab
from _table import Limits

HERE = Path(__file__).parent

TIMES = 15
LIMIT_MS = 300

RING = [[16.1, 48.1], [16.9, 48.15], [16.8, 48.6], [16.0, 48.5], [16.1, 48.1]]
FILES = [f"openEO_2022-{month:02}-01Z.tif" for month in range(1, 13)]

SETUP = """
import threading, ipyleaflet, requests
from openeo_widgets import ResultsWidget, connect
job = connect({url!r}).job("j-1")
def by_hand():
    chart = ipyleaflet.Map(
        layers=(), center=(48.35, 16.45), zoom=8,
        layout={{"width": "572px", "height": "445px"}},
    )
    def load():
        item = requests.get({url!r} + "/jobs/j-1/results").json()
        chart.add(ipyleaflet.GeoJSON(data=item, style={{"color": "#1a66c9"}}))
    threading.Thread(target=load).start()
    return chart
"""
# Each beside what is on the page before the metadata are.
CONTESTANTS = {
    "ResultsWidget": ("shown = ResultsWidget(job); shown", ".oew-results .leaflet-container"),
    "by hand": ("shown = by_hand(); shown", ".leaflet-container"),
}
# What is drawn by a canvas is looked for in its middle, where the footprint is.
WATCH = """async ([cell, files]) => {
  const panel = window.jupyterapp.shell.currentWidget;
  const {node} = panel.content.widgets[cell];
  panel.content.deselectAll();
  panel.content.activeCellIndex = cell;
  await window.jupyterapp.commands.execute('notebook:clear-cell-output');
  const drawn = () => {
    const pane = node.querySelector('.leaflet-overlay-pane');
    const canvas = pane?.querySelector('canvas');
    if (!canvas || !canvas.width) return Boolean(pane?.querySelector('path'));
    const middle = [canvas.width / 2 - 20, canvas.height / 2 - 20, 40, 40];
    return canvas.getContext('2d').getImageData(...middle).data.some(part => part);
  };
  const frame = () => new Promise(requestAnimationFrame);
  const wait = async () => {
    while (node.querySelectorAll('.oew-file').length < files || !drawn()) await frame();
    await frame();
    return performance.timeOrigin + performance.now();
  };
  window.painted = wait();
}"""


class Gate:
    """A back-end's answer that is held back until it is let go, and when that was."""

    def __init__(self, item: dict[str, Any]) -> None:
        self.item = item
        self.opened = threading.Event()
        self.answered_ms = 0.0

    def answer(self) -> tuple[int, dict[str, Any]]:
        """Answer the request for results."""
        self.opened.wait(60)
        self.answered_ms = time.time() * 1000
        return 200, self.item


def measure(lab: Any, gate: Gate, url: str) -> dict[str, list[float]]:
    """Milliseconds from the answer to the paint, by contestant and by how soon that comes."""
    book = lab.open([SETUP.format(url=url), *(source for source, _ in CONTESTANTS.values())])
    book.run(0)
    took: dict[str, list[float]] = {}
    for round_ in range(TIMES + 1):
        for soon in (True, False):
            for cell, (name, (_, selector)) in enumerate(CONTESTANTS.items(), start=1):
                gate.opened.set() if soon else gate.opened.clear()
                files = len(FILES) if cell == 1 else 0
                book.page.evaluate(WATCH, [cell, files])
                book.run(cell, wait=False)
                book.output(cell).locator(selector).wait_for()
                gate.opened.set()
                painted = book.page.evaluate("() => window.painted")
                book.wait_done()
                book.evaluate("shown.close()")
                if round_:
                    when = "answered at once" if soon else "answered later"
                    took.setdefault(f"{name}, {when}", []).append(painted - gate.answered_ms)
    book.close()
    return took


def main() -> None:
    """Measure, print, and write the same as JSON."""
    backend = ScriptedBackend()
    backend.job["status"] = "finished"
    _, item = backend.answers["GET /jobs/j-1/results"]
    asset = {"type": "image/tiff; application=geotiff", "file:size": 4_000_000, "roles": ["data"]}
    gate = Gate(
        {
            **item,
            "geometry": {"type": "Polygon", "coordinates": [RING]},
            "bbox": [16.0, 48.1, 16.9, 48.6],
            "assets": {name: {"href": f"/files/{name}", **asset} for name in FILES},
        }
    )
    backend.answers["GET /jobs/j-1/results"] = gate.answer
    with jupyterlab() as lab:
        took = measure(lab, gate, backend.url)
    backend.stop()
    rows = {
        name: {"median_ms": statistics.median(times), "min_ms": min(times), "max_ms": max(times)}
        for name, times in took.items()
    }
    print(f"\nfrom the metadata to the paint, {TIMES} times each in turn")
    print(f"{'':<34}{'median ms':>12}{'min ms':>10}{'max ms':>10}")
    for name, row in rows.items():
        print(f"{name:<34}{''.join(f'{value:>11.0f}' for value in row.values())}")
    HERE.joinpath("first_result.json").write_text(json.dumps(rows, indent=2) + "\n")
    limits = Limits("first_result")
    for name, row in rows.items():
        if name.startswith("ResultsWidget"):
            limits.at_most(f"{name}, median ms", row["median_ms"], LIMIT_MS)
    limits.finish()


if __name__ == "__main__":
    main()
