"""What the local back-end computes, in each of its formats, as a person sees it in JupyterLab."""

import csv
import io
import json
import re

import numpy as np
import pytest
import xarray as xr
from backend_expected import GEOMETRIES
from backend_graphs import callback, chain, load, node
from harness import MapOnScreen, wait_seen
from harness.looks import cut_off, grave_faults
from harness.rasters import decoded
from playwright.sync_api import expect
from rasterio.io import MemoryFile
from rasterio.warp import transform as project

from openeo_widgets import connect

CARD = ".oew-results"
SHOW = """
from openeo_widgets import ResultsWidget, connect
widget = ResultsWidget(connect({url!r}).authenticate_basic("demo", "demo").job({job_id!r}))
widget
"""
SUMMER = ["2022-06-01", "2022-09-01"]
ONE_DAY = ["2022-07-07", "2022-07-08"]
FIELDS = GEOMETRIES["collection"][0]
MEANS = node("aggregate_spatial", geometries=FIELDS, reducer=callback("mean"))
OF_A_DAY = load(temporal_extent=ONE_DAY, bands=["B08"])
OF_A_SUMMER = load(temporal_extent=SUMMER, bands=["B04", "B08"])
GRAPHS = {
    "GTiff": chain(OF_A_DAY),
    "netCDF": chain(OF_A_SUMMER, format="netCDF"),
    "JSON": chain(OF_A_SUMMER, MEANS, format="JSON"),
    "CSV": chain(OF_A_SUMMER, MEANS, format="CSV"),
    "PNG": chain(OF_A_DAY, format="PNG", minimum=0, maximum=5000),
    "GeoJSON": chain(OF_A_DAY, MEANS, format="GeoJSON"),
}


@pytest.fixture(scope="module")
def connection(backend):
    return connect(backend.url).authenticate_basic("demo", "demo")


@pytest.fixture(scope="module")
def computed(connection):
    """A function that runs a graph, once: the job's id, its file's key, and what is in the file."""
    known = {}

    def run(graph):
        if (name := json.dumps(graph)) not in known:
            job = connection.create_job(graph)
            job.start_and_wait(print=lambda _line: None, max_poll_interval=1, timeout=300)
            (asset,) = job.get_results().get_assets()
            known[name] = (job.job_id, asset.key, asset.load_bytes())
        return known[name]

    return run


@pytest.fixture
def show(notebook, backend, computed):
    """A function that shows the results of a graph: the notebook, the card, key and content."""

    def make(graph, **appearance):
        job_id, key, content = computed(graph)
        book = notebook([SHOW.format(url=backend.url, job_id=job_id)], **appearance)
        book.run_all()
        card = book.output(0).locator(CARD)
        expect(card).to_have_attribute("data-state", "ready")
        return book, card, key, content

    return make


def open_view(book, card, key, kind):
    """Open a file's preview and a view of it, with keys only."""
    card.get_by_role("button", name=f"Preview {key}", exact=True).focus()
    book.page.keyboard.press("Enter")
    expect(card.locator(".oew-preview")).to_have_attribute("data-preview", "ready")
    return turn_to(book, card, kind)


def turn_to(book, card, kind):
    """Turn to another view of the preview that is open."""
    tab = card.get_by_role("tab", name=kind, exact=True)
    tab.focus()
    if tab.get_attribute("aria-selected") != "true":
        book.page.keyboard.press("Enter")
    expect(tab).to_have_attribute("aria-selected", "true")
    view = card.locator(".oew-view:not([hidden])")
    expect(view).to_have_attribute("data-view", kind.lower())
    return view


def read_chart(book, view, points):
    """Walk along a chart with the arrow keys: it says the numbers of the file, date by date."""
    plot = view.locator(".oew-plot")
    plot.focus()
    for date, values in points:
        book.page.keyboard.press("ArrowRight")
        said = ", ".join(f".*? {re.escape(told(value))}" for value in values)
        expect(plot.get_by_role("status")).to_have_text(re.compile(f"^{date[:10]}.*?: {said}$"))


def told(value):
    return "no value" if value is None or np.isnan(value) else f"{value:.6g}"


def rows_of(view, count):
    """The texts of the first rows of a table, once they have come."""
    rows = view.locator("[data-row]")
    expect(rows.nth(count - 1)).to_be_visible()

    def read():
        return [rows.nth(row).get_by_role("gridcell").all_text_contents() for row in range(count)]

    return wait_seen(view.page, read, lambda found: all(any(row) for row in found))


def as_number(text):
    return float(text) if text else None


NDVI = (load(temporal_extent=ONE_DAY, bands=["B04", "B08"]), node("ndvi", nir="B08", red="B04"))


def the_only_one(computed):
    """A graph that makes a pixel one and all others zero: that of a value that no other is near."""
    _, _, content = computed(chain(*NDVI))
    with MemoryFile(content) as memory, memory.open() as raster:
        values = raster.read(1).astype(float)
    inner = values[40:-40, 40:-40]
    found = np.sort(inner[np.isfinite(inner)])
    # The one with the most room around it: lower and higher values are far.
    room = np.minimum(found[1:-1] - found[:-2], found[2:] - found[1:-1])
    value = found[1 + room.argmax()]
    low, high = value - room.max() / 2, value + room.max() / 2
    assert ((values > low) & (values < high)).sum() == 1
    near = callback("between", "x", min=low, max=high)
    return chain(*NDVI, node("apply", process=near))


def place_of_the_one(content):
    """Longitude and latitude of the middle of the pixel that is one."""
    with MemoryFile(content) as memory, memory.open() as raster:
        ((row, column),) = np.argwhere(raster.read(1) == 1)
        x, y = raster.xy(row, column)
        (lon,), (lat,) = project(raster.crs, "EPSG:4326", [x], [y])[:2]
    return lon, lat


def middle_of_the_one(chart, around=60):
    """Where on the screen, near the middle of the map, a pixel is unlike those around it."""
    seen = decoded(chart.locator.screenshot())[:3].astype(int)
    middle = [size // 2 for size in seen.shape[1:]]
    part = seen[:, middle[0] - around : middle[0] + around, middle[1] - around : middle[1] + around]
    unlike = abs(part - np.median(part, axis=(1, 2), keepdims=True)).sum(axis=0)
    rows, columns = np.nonzero(unlike > max(60, unlike.max() / 2))
    if not 20 < len(rows) < 400:  # not drawn yet, or not as sharp as the map is
        return None
    return columns.mean() + 0.5 + middle[1] - around, rows.mean() + 0.5 + middle[0] - around


def test_gtiff_a_known_pixel_is_under_its_coordinate(show, computed, screenshot):
    book, card, key, content = show(the_only_one(computed))
    lon, lat = place_of_the_one(content)
    card.get_by_role("button", name=f"Show {key} on the map").focus()
    book.page.keyboard.press("Enter")
    expect(card.locator(".oew-raster")).to_have_attribute("data-raster", "ready")
    chart = MapOnScreen(card)
    # Not in the very middle of the map, where an error of scale would not be seen.
    book.evaluate(f"setattr(widget.map, 'center', ({lat + 2e-4}, {lon + 3e-4}))")
    book.evaluate("setattr(widget.map, 'zoom', 17.0)")

    def look():
        (at, zoom), box = (
            book.evaluate("(tuple(widget.map.center), widget.map.zoom)"),
            chart.locator.bounding_box(),
        )
        x, y = chart.pixel(lon, lat, at, zoom)
        # A screenshot begins at a whole pixel.
        return zoom, middle_of_the_one(chart), (x + box["x"] % 1, y + box["y"] % 1)

    wait_seen(
        book.page,
        look,
        lambda found: found[0] == 17 and found[1] == pytest.approx(found[2], abs=1),
    )
    screenshot("pixel")
    assert book.errors() == []


def test_netcdf_the_chart_says_the_values_at_its_middle(show):
    book, card, key, content = show(GRAPHS["netCDF"])
    with xr.open_dataset(io.BytesIO(content), engine="h5netcdf") as found:
        middle = found.isel(x=found.sizes["x"] // 2, y=found.sizes["y"] // 2)
        dates = [str(date)[:10] for date in middle["t"].to_numpy()]
        bands = [middle[name].to_numpy().astype(float) for name in ("B04", "B08")]
    view = open_view(book, card, key, "Chart")
    read_chart(book, view, zip(dates, zip(*bands, strict=True), strict=True))
    assert book.errors() == []


def test_json_the_chart_and_the_table_say_the_numbers_of_the_file(show):
    book, card, key, content = show(GRAPHS["JSON"])
    series = json.loads(content)
    values = [[value for field in fields for value in field] for fields in series.values()]
    view = open_view(book, card, key, "Chart")
    read_chart(book, view, zip(series, values, strict=True))
    view = turn_to(book, card, "Table")
    for (date, *cells), expected_date, expected in zip(
        rows_of(view, len(series)), series, values, strict=True
    ):
        assert date[:10] == expected_date[:10]
        assert [as_number(cell) for cell in cells] == pytest.approx(expected)
    assert book.errors() == []


def test_csv_the_table_has_its_rows_and_the_chart_its_numbers(show):
    book, card, key, content = show(GRAPHS["CSV"])
    names, *rows = csv.reader(io.StringIO(content.decode()))
    view = open_view(book, card, key, "Table")
    expect(view.get_by_role("grid")).to_have_attribute("aria-rowcount", str(len(rows) + 1))
    assert rows_of(view, 10) == rows[:10]
    expect(view.get_by_role("columnheader")).to_contain_text(names)
    by_date = {}
    for date, _, *values in rows:
        by_date.setdefault(date, []).extend(map(as_number, values))
    view = turn_to(book, card, "Chart")
    read_chart(book, view, by_date.items())
    assert book.errors() == []


# Red, green, blue and opacity of each pixel, as the browser has decoded them.
PIXELS = """async img => {
  await img.decode();
  const canvas = new OffscreenCanvas(img.naturalWidth, img.naturalHeight);
  const context = canvas.getContext('2d');
  context.drawImage(img, 0, 0);
  const {data} = context.getImageData(0, 0, canvas.width, canvas.height);
  return [canvas.width, canvas.height, ...data];
}"""


def test_png_the_picture_has_its_pixels(show):
    book, card, key, content = show(GRAPHS["PNG"])
    view = open_view(book, card, key, "Image")
    width, height, *found = view.locator("img").evaluate(PIXELS)
    grey, opacity = decoded(content)
    assert (height, width) == grey.shape
    seen = np.array(found, np.uint8).reshape(height, width, 4)
    np.testing.assert_array_equal(seen[..., 3], opacity)
    for channel in range(3):
        np.testing.assert_array_equal(seen[..., channel][opacity > 0], grey[opacity > 0])
    assert len(np.unique(grey)) > 10
    assert book.errors() == []


def test_geojson_the_table_has_its_features(show):
    book, card, key, content = show(GRAPHS["GeoJSON"])
    features = json.loads(content)["features"]
    view = open_view(book, card, key, "Table")
    names = [text.split("\n")[0] for text in view.get_by_role("columnheader").all_inner_texts()]
    for row, feature in zip(rows_of(view, len(features)), features, strict=True):
        found = dict(zip(names, row, strict=True))
        assert found["geometry"] == feature["geometry"]["type"]
        for name, value in feature["properties"].items():
            assert found[name] == value or float(found[name]) == pytest.approx(value)
    assert book.errors() == []


VIEWS = {
    "netCDF": "Chart",
    "JSON": "Chart",
    "CSV": "Table",
    "PNG": "Image",
    "GeoJSON": "Table",
}


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 480)])
def test_none_has_a_grave_fault_nor_is_cut_off(
    notebook, backend, computed, screenshot, theme, width
):
    """On a page of 480 px the card has 320."""
    jobs = {name: computed(graph)[:2] for name, graph in GRAPHS.items()}
    cells = [SHOW.format(url=backend.url, job_id=job_id) for job_id, _ in jobs.values()]
    book = notebook(cells, theme=theme, size=(width, 900))
    for cell, (name, (_, key)) in enumerate(jobs.items()):
        book.run(cell)
        card = book.output(cell).locator(CARD)
        if kind := VIEWS.get(name):
            open_view(book, card, key, kind)
        else:
            card.get_by_role("button", name=f"Show {key} on the map").click()
            expect(card.locator(".oew-raster")).to_have_attribute("data-raster", "ready")
        screenshot(f"{theme}-{name}")
    assert grave_faults(book.page, CARD) + cut_off(book.page, CARD) == []
