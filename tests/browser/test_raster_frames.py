"""Rasters of several dates in JupyterLab: a slider, and what a pixel was over time."""

import re

import numpy as np
import pytest
import xarray
from harness.looks import cut_off, grave_faults
from harness.maps import MapOnScreen
from harness.rasters import DECODED, decoded, write_tiff
from harness.scripted import ITEM
from playwright.sync_api import expect
from pyproj import CRS
from rasterio.transform import from_origin
from rasterio.warp import transform as project

from openeo_widgets.backend import writers

SHOW = """
from openeo_widgets import ResultsWidget, connect
widget = ResultsWidget(connect({url!r}).job('j-1'))
widget
"""
COMPUTE = """
from openeo_widgets import ResultsWidget, connect
connection = connect({url!r}).authenticate_basic("demo", "demo")
cube = connection.load_collection(
    "SENTINEL2_SAMPLE", temporal_extent=["2022-06-01", "2022-07-15"], bands=["B04", "B08"]
)
job = cube.execute_batch(out_format="netCDF")
widget = ResultsWidget(job)
widget
"""
CARD = ".oew-results"
SIDE, ROW, COLUMN = 90, 63, 38
DAYS = ["2022-06-01", "2022-06-11", "2022-06-21"]
# The last of viridis: yellow. The others are dark.
MARK = (253, 231, 37)


@pytest.fixture
def serve(server, scripted):
    """A function that makes files the results of the scripted back-end."""

    def make(**files):
        assets = {}
        for name, content in files.items():
            kind, ending = (
                ("application/x-netcdf", "nc")
                if content.startswith(b"\x89HDF")
                else ("image/tiff", "tif")
            )
            server.files[f"/{name}.{ending}"] = content
            href = f"{server.url}/{name}.{ending}?sig=s3cr3t"
            assets[f"{name}.{ending}"] = {"href": href, "type": kind}
        scripted.answers["GET /jobs/j-1/results"] = (200, {**ITEM, "assets": assets})

    return make


def cube(tmp_path):
    """A NetCDF as the local back-end writes it, with a pixel that is marked on the second day."""
    values = np.zeros((len(DAYS), SIDE, SIDE), np.float32)
    values[:, ROW, COLUMN] = [0.1, 1.0, 0.3]
    values[:, 0] = 1.0
    found = xarray.DataArray(
        values,
        dims=("t", "y", "x"),
        coords={
            "t": np.array(DAYS, "datetime64[ns]"),
            "y": 5_340_000.0 - 10 * (np.arange(SIDE) + 0.5),
            "x": 600_000.0 + 10 * (np.arange(SIDE) + 0.5),
        },
        name="NDVI",
    )
    written = writers.netcdf(
        found.rio.write_crs(CRS.from_epsg(32633)), writers.Target(tmp_path, stem="ndvi")
    )
    return (tmp_path / next(iter(written)).name).read_bytes()


def show(book, name):
    card = book.output(0).locator(CARD)
    card.get_by_role("button", name=f"Show {name} on the map").click()
    ready(card)
    return card


def ready(card):
    expect(card.locator(".oew-raster[data-raster=ready][data-busy=false]")).to_be_visible()
    card.page.wait_for_function(DECODED, arg=card.element_handle())


def date(card, text):
    expect(card.locator(".oew-raster-date")).to_contain_text(text)


def mark_place(book, card):
    """Where the map has the mark, in its pixels."""
    x, y = 600_000 + (COLUMN + 0.5) * 10, 5_340_000 - (ROW + 0.5) * 10
    (lon,), (lat,) = project("EPSG:32633", "EPSG:4326", [x], [y])[:2]
    centre, zoom = book.evaluate("(tuple(widget.map.center), widget.map.zoom)")
    return MapOnScreen(card).pixel(lon, lat, centre, zoom)


def marks_on_screen(chart, near):
    """Whether the mark's colour is seen, and its middle, in pixels of the map."""
    box = chart.bounding_box()
    seen = decoded(chart.screenshot())[:3].astype(int)
    rows, columns = np.nonzero((abs(seen - np.array(MARK)[:, None, None]) < 20).all(axis=0))
    # The first row of the cube has the same colour, so that colours mean the same.
    beside = (abs(rows - near[1]) < 40) & (abs(columns - near[0]) < 40)
    if not beside.any():
        return None
    # A screenshot begins at a whole pixel.
    left, top = box["x"] % 1, box["y"] % 1
    return columns[beside].mean() + 0.5 - left, rows[beside].mean() + 0.5 - top


def test_a_slider_shows_a_netcdf_date_by_date_at_its_place(notebook, serve, scripted, tmp_path):
    serve(ndvi=cube(tmp_path))
    book = notebook([SHOW.format(url=scripted.url)])
    book.run_all()
    card = show(book, "ndvi.nc")
    chart = card.locator(".leaflet-container")
    card.get_by_label("Colours", exact=True).select_option("viridis")
    card.get_by_label("Spread over", exact=True).select_option("minmax")
    expect(card.locator(".oew-raster-scale")).to_have_attribute("aria-label", re.compile("to 1$"))
    ready(card)
    place = mark_place(book, card)
    date(card, "2022-06-01 1 of 3")
    assert marks_on_screen(chart, place) is None
    source = card.locator("img.leaflet-image-layer").get_attribute("src")
    slider = card.get_by_label("Date", exact=True)
    expect(slider).to_have_attribute("aria-valuetext", "2022-06-01")
    slider.focus()
    slider.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", "2022-06-11")
    expect(card.locator("img.leaflet-image-layer").last).not_to_have_attribute("src", source)
    ready(card)
    assert mark_place(book, card) == place
    assert marks_on_screen(chart, place) == pytest.approx(place, abs=1)
    # The keyboard stays where it was, and colours mean what they meant.
    expect(slider).to_be_focused()
    expect(card.locator(".oew-raster-scale")).to_have_attribute("aria-label", re.compile("to 1$"))
    card.get_by_role("button", name="Next date").click()
    date(card, "2022-06-21 3 of 3")
    expect(card.get_by_role("button", name="Next date")).to_have_attribute("aria-disabled", "true")
    assert "s3cr3t" not in book.page.content()


def test_a_click_draws_what_the_pixel_was_over_time(notebook, serve, scripted, tmp_path):
    serve(ndvi=cube(tmp_path))
    book = notebook([SHOW.format(url=scripted.url)])
    book.run_all()
    card = show(book, "ndvi.nc")
    x, y = mark_place(book, card)
    card.locator(".leaflet-container").click(position={"x": x, "y": y})
    expect(card.locator(".oew-raster-values")).to_have_text("NDVI0.1")
    drawn = card.locator(".oew-raster-series .oew-plot")
    expect(drawn).to_be_visible()
    drawn.focus()
    # Arrow keys read the values of the chart.
    for day, value in zip(DAYS, ("0.1", "1", "0.3"), strict=True):
        drawn.press("ArrowRight")
        expect(drawn.get_by_role("status")).to_contain_text(day)
        expect(drawn.get_by_role("status")).to_contain_text(re.compile(rf"\b{value}\b"))
    card.get_by_role("button", name="Next date").click()
    expect(card.locator(".oew-raster-values")).to_have_text("NDVI1")


@pytest.mark.parametrize(
    ("theme", "width"),
    [("light", 1280), ("dark", 480)],  # of which the card is 320 px wide
    ids=["light, wide", "dark, narrow"],
)
def test_the_dates_have_no_fault_whatever_the_width(
    notebook, serve, scripted, tmp_path, theme, width, screenshot
):
    serve(ndvi=cube(tmp_path))
    book = notebook([SHOW.format(url=scripted.url)], theme=theme, size=(width, 1100))
    book.run_all()
    card = show(book, "ndvi.nc")
    card.get_by_role("button", name=re.compile("^Values in the map")).click()
    expect(card.locator(".oew-raster-series .oew-plot")).to_be_visible()
    card.locator(".oew-raster-frames").scroll_into_view_if_needed()
    screenshot("dates")
    assert grave_faults(book.page, CARD) + cut_off(book.page, CARD) == []


def test_files_of_several_dates_are_one_raster(notebook, serve, scripted, tmp_path):
    transform = from_origin(600_000, 5_340_000, 10, 10)
    files = {}
    for number, day in enumerate(DAYS):
        values = np.full((SIDE, SIDE), number, np.float32)
        values[0] = 9
        path = write_tiff(tmp_path / day, values, crs="EPSG:32633", transform=transform)
        files[f"lai_{day}"] = path.read_bytes()
    serve(**files)
    book = notebook([SHOW.format(url=scripted.url)])
    book.run_all()
    card = show(book, f"lai_{DAYS[1]}.tif")
    date(card, "2022-06-11 2 of 3")
    before = card.get_by_role("button", name="Previous date")
    before.focus()
    before.press("Enter")
    date(card, "2022-06-01 1 of 3")
    expect(card.locator(".oew-raster-name")).to_have_text(f"lai_{DAYS[0]}.tif")
    ready(card)
    expect(before).to_be_focused()
    # The list says which file the map shows.
    for day, shown in ((DAYS[0], "true"), (DAYS[1], "false")):
        button = card.get_by_role("button", name=f"Show lai_{day}.tif on the map")
        expect(button).to_have_attribute("aria-expanded", shown)


def test_a_netcdf_of_the_local_back_end_is_seen_and_read(notebook, backend):
    book = notebook([COMPUTE.format(url=backend.url)])
    book.run_all()
    card = show(book, "openEO.nc")
    expect(card.locator(".oew-raster-date")).to_contain_text(re.compile("^2022-06-"))
    expect(card.get_by_label("Band", exact=True).locator("option")).to_have_text(["B04", "B08"])
    card.get_by_role("button", name=re.compile("^Values in the map")).click()
    expect(card.locator(".oew-raster-series .oew-plot")).to_be_visible()
    told = card.locator(".oew-raster-values dd")
    pixel = book.evaluate("widget.raster['pixel']")
    lines = book.evaluate(
        "[(line['y'][0]) for line in widget._raster.series(widget.raster['key'],"
        " widget.raster['pixel']['lon'], widget.raster['pixel']['lat'])['chart']['lines']]"
    )
    values = [value["text"] for value in pixel["values"]]
    expect(told).to_have_text(values)
    assert [float(text) for text in values] == pytest.approx(lines, rel=1e-5)
    assert book.errors() == []
