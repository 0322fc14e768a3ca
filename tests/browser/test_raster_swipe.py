"""Two rasters on a map in JupyterLab with a divider between them, and their layers in the list."""

import re

import numpy as np
import pytest
from harness.looks import cut_off, grave_faults
from harness.rasters import RangeServer, decoded, write_tiff
from harness.scripted import ITEM
from playwright.sync_api import expect
from rasterio.transform import from_origin

SHOW = """
import ipyleaflet
from openeo_widgets import ResultsWidget, connect
mine = ipyleaflet.Map(layers=(), center=(48.2, 16.35), zoom=13)
widget = ResultsWidget(connect({url!r}).job('j-1'), map={map})
widget
"""
CARD = ".oew-results"
SIZE = 900
COLOURS = {"red": (200, 0, 0), "blue": (0, 0, 200)}
UTM = {"crs": "EPSG:32633", "transform": from_origin(599_000, 5_345_000, 10, 10)}
# The divider's line and handle cover what is below them.
COVERED = 3


@pytest.fixture
def two(scripted, tmp_path):
    """A back-end with two rasters: all of one is red, all of the other blue."""
    server = RangeServer()
    assets = {}
    for name, colour in COLOURS.items():
        values = np.empty((3, SIZE, SIZE), np.uint8)
        values[:] = np.array(colour)[:, None, None]
        path = write_tiff(tmp_path / name, values, photometric="RGB", compress="deflate", **UTM)
        server.files[f"/{name}.tif"] = path.read_bytes()
        assets[f"{name}.tif"] = {"href": f"{server.url}/{name}.tif", "type": "image/tiff"}
    scripted.answers["GET /jobs/j-1/results"] = (200, {**ITEM, "assets": assets})
    yield scripted
    server.stop()


def show(notebook, two, *, chart="True", **appearance):
    book = notebook([SHOW.format(url=two.url, map=chart)], **appearance)
    book.run_all()
    card = book.output(0).locator(CARD)
    card.get_by_role("button", name="Show red.tif on the map").click()
    ready(card, 1)
    card.get_by_label("Compare with").select_option("blue.tif")
    ready(card, 2)
    return book, card


def ready(card, count):
    expect(card.locator(".oew-raster[data-raster=ready][data-busy=false]")).to_have_count(count)
    card.page.wait_for_function(
        """([card, count]) => {
          const images = [...card.querySelectorAll('img.leaflet-image-layer')];
          return images.length === count && images.every(i => i.complete && i.naturalWidth > 0);
        }""",
        arg=[card.element_handle(), count],
    )


def divider_of(card):
    return card.get_by_role("slider", name="Divider between red.tif and blue.tif")


def line_of(card):
    """Where the divider is, in pixels of a screenshot of the map."""
    box, chart = divider_of(card).bounding_box(), card.locator(".leaflet-container").bounding_box()
    return box["x"] + box["width"] / 2 - chart["x"] + chart["x"] % 1


def assert_divided(card):
    """Assert that the map is red up to the divider and blue behind it, on a row beside controls."""
    seen = decoded(card.locator(".leaflet-container").screenshot())[:3].astype(int)
    row = seen[:, seen.shape[1] * 3 // 4]
    is_red, is_blue = ((abs(row - np.array(c)[:, None]) < 40).all(axis=0) for c in COLOURS.values())
    line = line_of(card)
    assert not is_blue[: round(line)].any()
    assert not is_red[round(line) :].any()
    reds, blues = np.flatnonzero(is_red), np.flatnonzero(is_blue)
    if len(reds) and len(blues):
        assert reds[-1] + 1 == pytest.approx(line, abs=COVERED)
        assert blues[0] == pytest.approx(line, abs=COVERED)
    return len(reds), len(blues)


@pytest.mark.parametrize("chart", ["True", "mine"], ids=["our map", "a map of the user's"])
def test_the_divider_parts_two_rasters_wherever_it_and_the_map_are_moved(notebook, two, chart):
    book, card = show(notebook, two, chart=chart)
    reds, blues = assert_divided(card)
    assert min(reds, blues) > 50
    divider = divider_of(card)
    expect(divider).to_have_attribute("aria-valuenow", "50")
    divider.focus()
    for _ in range(5):
        book.page.keyboard.press("ArrowRight")
    expect(divider).to_have_attribute("aria-valuenow", "60")
    assert assert_divided(card)[0] > reds
    box = divider.bounding_box()
    book.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 40)
    book.page.mouse.down()
    book.page.mouse.move(box["x"] - 150, box["y"] + 60, steps=4)
    book.page.mouse.up()
    expect(divider).not_to_have_attribute("aria-valuenow", "60")
    assert assert_divided(card)[0] < reds
    # Both are drawn anew when more is to be seen of them.
    leaflet = card.locator(".leaflet-container")
    for _ in range(2):
        for image in pictures(card):
            image.evaluate("image => image.classList.add('old')")
        leaflet.focus()
        leaflet.press("+")
        expect(card.locator("img.leaflet-image-layer.old")).to_have_count(0)
        ready(card, 2)
        assert_divided(card)
    # No arrow of the divider has moved the notebook or the map.
    assert book.panel.locator(".jp-Cell").count() == 1
    assert book.errors() == []


def pictures(card):
    return card.locator("img.leaflet-image-layer").all()


def clips(card):
    return [image.evaluate("image => image.style.clipPath") for image in pictures(card)]


def test_rasters_are_hidden_and_faded_in_the_list_of_layers(notebook, two):
    book, card = show(notebook, two)
    card.get_by_role("button", name="Layers").click()
    group = card.get_by_role("group", name="Layers of the map")
    slider = group.get_by_role("slider", name="Opacity of blue.tif")
    slider.focus()
    for _ in range(4):
        book.page.keyboard.press("ArrowLeft")
    panel = card.get_by_role("region", name="blue.tif right of the divider")
    expect(panel.get_by_label("Opacity")).to_have_value("80")
    panel.get_by_label("Opacity").focus()
    book.page.keyboard.press("ArrowLeft")
    expect(slider).to_have_value("75")
    rows = "[(row['key'], row['opacity']) for row in widget.layers][:2]"
    book.wait_evaluated(lambda rows: sorted(rows) == [("compared", 0.75), ("raster", 1.0)], rows)
    expect(card.locator("img.leaflet-image-layer[style*='opacity: 0.75']")).to_have_count(1)
    assert all(clip.startswith("inset") for clip in clips(card))
    group.get_by_role("checkbox", name="blue.tif").click()
    expect(card.locator("img.leaflet-image-layer")).to_have_count(1)
    expect(divider_of(card)).to_have_count(0)
    assert clips(card) == [""]
    group.get_by_role("checkbox", name="blue.tif").click()
    expect(divider_of(card)).to_be_visible()
    close = card.get_by_role("button", name="Compare with blue.tif no more")
    close.focus()
    close.press("Enter")
    expect(divider_of(card)).to_have_count(0)
    expect(card.get_by_label("Compare with")).to_be_focused()
    expect(card.locator("img.leaflet-image-layer")).to_have_count(1)
    assert clips(card) == [""]
    expect(group.get_by_text(re.compile("tif$"))).to_have_text(["red.tif"])
    assert book.errors() == []


# Names of layers that are partly below their sliders.
COVERED_NAMES = """card => [...card.querySelectorAll('.oew-map-layer')].filter(row => {
  const name = row.querySelector('.oew-text').getBoundingClientRect();
  const slider = row.querySelector('[type=range]').getBoundingClientRect();
  return name.right > slider.left && name.bottom > slider.top + slider.height / 2;
}).map(row => row.textContent)"""


@pytest.mark.parametrize(
    ("theme", "width"),
    [("light", 1280), ("dark", 480), ("light", 320)],  # of which the card is 200 px wide
    ids=["light, wide", "dark, narrow", "light, a narrow page"],
)
def test_two_rasters_have_no_fault(notebook, two, theme, width, screenshot):
    book, card = show(notebook, two, theme=theme, size=(width, 1400))
    names = card.locator(".oew-swipe-names > span")
    expect(names).to_contain_text(["red.tif", "blue.tif"])
    card.get_by_role("button", name=re.compile("^Values in the map")).click()
    expect(card.locator(".oew-raster-values")).to_have_count(2)
    card.get_by_role("button", name="Layers").click()
    divider_of(card).focus()
    assert grave_faults(book.page, CARD) + cut_off(book.page, CARD) == []
    assert card.evaluate(COVERED_NAMES) == []
    screenshot(theme)


FINE = """card => {
  const images = [...card.querySelectorAll('img.leaflet-image-layer')];
  return images.length === 1 && Math.abs(images[0].naturalWidth / images[0].width - 2) < 0.05;
}"""


def test_on_a_finer_screen_the_picture_is_finer(notebook, two):
    book = notebook([SHOW.format(url=two.url, map="True")])
    # The fineness of a screen itself cannot be changed for a page that is open.
    book.page.evaluate(
        """() => {
          window.finenessBefore = Object.getOwnPropertyDescriptor(window, 'devicePixelRatio');
          Object.defineProperty(window, 'devicePixelRatio', {configurable: true, get: () => 2});
        }"""
    )
    try:
        book.run_all()
        card = book.output(0).locator(CARD)
        card.get_by_role("button", name="Show red.tif on the map").click()
        ready(card, 1)
        book.page.wait_for_function(FINE, arg=card.element_handle())
    finally:
        book.page.evaluate(
            "() => Object.defineProperty(window, 'devicePixelRatio', window.finenessBefore)"
        )
    assert book.errors() == []
