"""A raster on the map in JupyterLab: at its place, and to be used by everybody."""

import math
import re

import numpy as np
import pytest
from harness import MapOnScreen, wait_seen
from harness.looks import cut_off, grave_faults
from harness.rasters import DECODED, decoded, write_tiff
from harness.scripted import ITEM
from playwright.sync_api import expect
from rasterio.transform import from_origin
from rasterio.warp import transform as project

SHOW = """
from openeo_widgets import ResultsWidget, connect
widget = ResultsWidget(connect({url!r}).job('j-1'))
widget
"""
CARD = ".oew-results"
MARK = (255, 0, 255)
ROW, COLUMN, SIZE = 63, 38, 90
UTM = from_origin(600_000, 5_340_000, 10, 10)


@pytest.fixture
def serve(server, scripted, tmp_path):
    """A function that makes the scripted back-end's results a raster."""

    def make(values, **profile):
        path = write_tiff(tmp_path / "a.tif", values, **{"crs": "EPSG:32633", **profile})
        server.files["/a.tif"] = path.read_bytes()
        asset = {"href": f"{server.url}/a.tif?sig=s3cr3t", "type": "image/tiff"}
        results = (200, {**ITEM, "assets": {"a.tif": asset}})
        scripted.answers["GET /jobs/j-1/results"] = results

    return make


def marked():
    values = np.full((3, SIZE, SIZE), 60, np.uint8)
    values[:, ROW, COLUMN] = MARK
    return values


def show(notebook, scripted, **appearance):
    book = notebook([SHOW.format(url=scripted.url)], **appearance)
    book.run_all()
    card = book.output(0).locator(CARD)
    card.get_by_role("button", name="Show a.tif on the map").click()
    ready(card)
    return book, card


def ready(card):
    expect(card.locator(".oew-raster[data-raster=ready][data-busy=false]")).to_be_visible()
    card.page.wait_for_function(DECODED, arg=card.element_handle())


def place_on_screen(book, chart):
    """Where the map has the mark, by its centre and zoom, in pixels of a screenshot of it."""
    (lat, lon), zoom = book.evaluate("(tuple(widget.map.center), widget.map.zoom)")
    x, y = 600_000 + (COLUMN + 0.5) * 10, 5_340_000 - (ROW + 0.5) * 10
    (to_x,), (to_y,) = project("EPSG:32633", "EPSG:3857", [x], [y])[:2]
    (x_0,), (y_0,) = project("EPSG:4326", "EPSG:3857", [lon], [lat])[:2]
    metres = 2 * math.pi * 6_378_137 / (256 * 2**zoom)
    box = chart.bounding_box()
    # A screenshot begins at a whole pixel.
    left, top = box["x"] % 1 + box["width"] / 2, box["y"] % 1 + box["height"] / 2
    return left + (to_x - x_0) / metres, top - (to_y - y_0) / metres


def mark_on_screen(chart):
    """Where the mark's colour is seen, its middle, in pixels of a screenshot of the map."""
    seen = decoded(chart.screenshot())[:3].astype(int)
    is_mark = (abs(seen - np.array(MARK)[:, None, None]) < 40).all(axis=0)
    rows, columns = np.nonzero(is_mark)
    return (columns.mean() + 0.5, rows.mean() + 0.5) if len(rows) else None


PICTURE = """card => {
  const map = card.querySelector('.leaflet-container').getBoundingClientRect();
  const at = card.querySelector('img.leaflet-image-layer').getBoundingClientRect();
  return [at.left - map.left, at.top - map.top, at.right - map.left, at.bottom - map.top];
}"""
LOOKS_AT = """(
    tuple(widget.map.center),
    widget.map.zoom,
    next(layer.bounds for layer in widget.map.layers if hasattr(layer, 'url')),
)"""


def wait_in_step(book, card):
    """Wait until the picture lies where the kernel has it: it hears of moves of the map late."""
    chart = MapOnScreen(card)

    def look():
        center, zoom, ((south, west), (north, east)) = book.evaluate(LOOKS_AT)
        wanted = [
            *chart.pixel(west, north, center, zoom),
            *chart.pixel(east, south, center, zoom),
        ]
        return card.evaluate(PICTURE), wanted

    wait_seen(book.page, look, lambda found: found[0] == pytest.approx(found[1], abs=1.5))


def test_a_known_pixel_is_seen_at_its_place_and_is_so_after_a_zoom(notebook, serve, scripted):
    serve(marked(), transform=UTM, photometric="RGB")
    book, card = show(notebook, scripted)
    chart = card.locator(".leaflet-container")
    for _ in range(2):
        wait_seen(
            book.page,
            lambda: (mark_on_screen(chart), place_on_screen(book, chart)),
            lambda found: found[0] == pytest.approx(found[1], abs=1),
        )
        source = card.locator("img.leaflet-image-layer").get_attribute("src")
        chart.focus()
        chart.press("+")
        expect(card.locator("img.leaflet-image-layer").last).not_to_have_attribute("src", source)
        ready(card)
    assert "s3cr3t" not in book.page.content()


def test_a_click_tells_the_values_and_the_keyboard_can_too(notebook, serve, scripted):
    values = np.arange(SIZE * SIZE, dtype=np.float32).reshape(SIZE, SIZE)
    serve(values, transform=UTM)
    book, card = show(notebook, scripted)
    chart = card.locator(".leaflet-container")
    wait_in_step(book, card)
    x, y = place_on_screen(book, chart)
    chart.click(position={"x": x, "y": y})
    told = card.locator(".oew-raster-values")
    expect(told).to_have_text(f"band 1{ROW * SIZE + COLUMN}")
    middle = card.get_by_role("button", name=re.compile("^Values in the map"))
    middle.focus()
    middle.press("Enter")
    expect(told).not_to_have_text(f"band 1{ROW * SIZE + COLUMN}")
    ramp = card.locator(".oew-raster-ramp")
    expect(ramp).to_have_attribute("style", re.compile(r"rgb\(68, 1, 84\)|#440154"))
    card.get_by_label("Colours", exact=True).select_option("grey")
    expect(ramp).to_have_attribute("style", re.compile(r"rgb\(0, 0, 0\)|#000000"))


@pytest.mark.parametrize(
    ("theme", "width"), [("light", 1280), ("dark", 480)], ids=["light, wide", "dark, narrow"]
)
def test_the_panel_has_no_fault_and_closes_to_where_it_was_opened(
    notebook, serve, scripted, theme, width, screenshot
):
    values = np.random.default_rng(1).random((4, SIZE, SIZE)).astype(np.float32)
    serve(values, transform=UTM)
    book, card = show(notebook, scripted, theme=theme, size=(width, 900))
    assert grave_faults(book.page, CARD) + cut_off(book.page, CARD) == []
    card.get_by_label("Show", exact=True).select_option("rgb")
    expect(card.get_by_label("Blue", exact=True)).to_be_visible()
    ready(card)
    assert grave_faults(book.page, CARD) + cut_off(book.page, CARD) == []
    screenshot(theme)
    close = card.get_by_role("button", name="Take a.tif off the map")
    close.focus()
    close.press("Enter")
    expect(card.locator(".oew-raster")).to_have_count(0)
    expect(card.locator("img.leaflet-image-layer")).to_have_count(0)
    expect(card.get_by_role("button", name="Show a.tif on the map")).to_be_focused()
