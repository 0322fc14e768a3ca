"""A Cloud Optimized GeoTIFF of 10,000 x 10,000 pixels on the map: time, bytes, requests.

Over a server on loopback, in a process of its own. Beside the same by hand where that is
installed: rasterio's own HTTP reader with the picture made in one read, and rio-tiler.

    python benchmarks/bench_raster.py
"""

from __future__ import annotations

import importlib.util
import json
import statistics
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import rasterio
import requests
from _table import Limits
from file_server import serving
from rasterio.transform import from_origin
from rasterio.vrt import WarpedVRT

from openeo_widgets.preview import (
    BUDGET_BYTES,
    RasterFile,
    View,
    first_style,
    picture,
    ranges,
    visible_part,
)
from openeo_widgets.transfer import RemoteFile

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SIZE = 10_000
RUNS = 7
WANTED = {"share": 0.03, "seconds": 1.0}
# As large as the map of the card is on a large screen.
WIDTH, HEIGHT = 640, 420


def write(path: Path) -> None:
    """A field that is smooth and noisy, as measured ones are: it does not compress away."""
    rows, columns = np.mgrid[0:SIZE, 0:SIZE].astype(np.float32) / SIZE
    noise = np.random.default_rng(1).normal(0, 400, (SIZE, SIZE)).astype(np.float32)
    values = 5000 + 4000 * np.sin(9 * rows) * np.cos(7 * columns) + noise
    grid = {"crs": "EPSG:32633", "transform": from_origin(600_000, 5_340_000, 10, 10)}
    shape = {"width": SIZE, "height": SIZE, "count": 1, "dtype": "uint16"}
    with rasterio.open(path, "w", driver="COG", compress="deflate", **grid, **shape) as raster:
        raster.write(values.clip(0, 65_535).astype(np.uint16), 1)


class Counting:
    """What makes requests, and counts them and their bytes."""

    def __init__(self, url: str) -> None:
        self.url, self.bytes, self.requests = url, 0, 0
        self._session = requests.Session()

    def ask(self, headers: Mapping[str, str]) -> requests.Response:
        """Make a request, streamed."""
        answer = self._session.get(self.url, headers=dict(headers), stream=True, timeout=30)
        self.bytes += int(answer.headers["Content-Length"])
        self.requests += 1
        return answer


def ours(url: str, zoom_in: int = 0) -> dict[str, float]:
    """Open, read, warp, colour and encode what a map shows, as the widget does."""
    counting = Counting(url)
    file = RasterFile(RemoteFile(counting.ask, "a.tif"), "a.tif", {})
    about = file.about
    (south, west), (north, east) = about.place.box.lat_lon
    view = View((south + north) / 2, (west + east) / 2, 8 + zoom_in, WIDTH, HEIGHT)
    grid = visible_part(about.place.box, view)
    style = first_style(about)
    pixels = file.read(grid, style.bands, most=BUDGET_BYTES)
    spread = ranges(about, style, file.sample(style.bands, most=BUDGET_BYTES))
    made = picture(pixels, style, spread)
    file.close()
    return {"bytes": counting.bytes, "requests": counting.requests, "sent": len(made.url)}


def by_hand(url: str) -> dict[str, float]:
    """What one writes oneself: rasterio over HTTP, warped as a whole, encoded."""
    with (
        rasterio.Env(GDAL_DISABLE_READDIR_ON_OPEN="EMPTY_DIR", VSI_CACHE=False),
        rasterio.open(f"/vsicurl/{url}?{time.monotonic_ns()}") as raster,
        WarpedVRT(raster, crs="EPSG:3857") as warped,
    ):
        values = warped.read(1, out_shape=(HEIGHT, WIDTH))
    grey = (values.astype(float) / values.max() * 255).astype(np.uint8)
    shape = {"width": WIDTH, "height": HEIGHT, "count": 1, "dtype": "uint8"}
    with rasterio.MemoryFile() as memory:
        with memory.open(driver="PNG", **shape) as written:
            written.write(grey, 1)
        return {"sent": len(memory.read())}


def rio_tiler(url: str) -> dict[str, float]:
    """The same with rio-tiler."""
    reader: Any = importlib.import_module("rio_tiler.io").Reader
    with (
        rasterio.Env(GDAL_DISABLE_READDIR_ON_OPEN="EMPTY_DIR", VSI_CACHE=False),
        reader(f"/vsicurl/{url}?{time.monotonic_ns()}") as image,
    ):
        shown = image.preview(max_size=WIDTH, dst_crs="EPSG:3857")
        shown.rescale(in_range=((0, 10_000),))
        return {"sent": len(shown.render(img_format="PNG"))}


def measured(work: Callable[[], dict[str, float]]) -> dict[str, float]:
    """Median seconds of several runs after one that does not count, and what the last told."""
    work()
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        told = work()
        times.append(time.perf_counter() - began)
    return {"median_s": statistics.median(times), "max_s": max(times), **told}


def main() -> None:
    """Measure, print, and write the same as JSON."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.tif"
        write(path)
        size = path.stat().st_size
        with serving(Path(folder)) as address:
            url = f"{address}/a.tif"
            rows = {
                "all of it": measured(partial(ours, url)),
                "closer, by four steps": measured(partial(ours, url, 4)),
                "rasterio by hand": measured(partial(by_hand, url)),
            }
            if importlib.util.find_spec("rio_tiler"):
                rows["rio-tiler"] = measured(partial(rio_tiler, url))
    print(f"\nraster: {SIZE:,} x {SIZE:,} pixels, {size / 1e6:,.0f} MB, {RUNS} runs")
    for name, row in rows.items():
        print(name)
        for what, value in row.items():
            print(f"    {what:<20}{value:>14,.3f}")
    told = {"size": size, "runs": RUNS, "results": rows}
    Path(__file__).with_name("raster.json").write_text(json.dumps(told, indent=2) + "\n")
    limits, whole = Limits("raster"), rows["all of it"]
    limits.at_most("share of its bytes", whole["bytes"] / size, WANTED["share"])
    limits.at_most("seconds, median", whole["median_s"], WANTED["seconds"])
    limits.finish()


if __name__ == "__main__":
    sys.exit(main())
