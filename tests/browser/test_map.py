"""The map of the results in JupyterLab: where it looks, and what it and the list tell."""

import re

import pytest
from harness import ITEM, MapOnScreen, wait_seen
from harness.looks import cut_off, grave_faults
from playwright.sync_api import expect

SETUP = """
import ipyleaflet, ipywidgets
from openeo_widgets import ResultsWidget, connect
job = connect({url!r}).job("j-1")
"""
SHOW = SETUP + "widget = ResultsWidget(job)\nwidget"
WEST, SOUTH, EAST, NORTH = BOX = (16.0, 48.0, 16.5, 48.25)
MIDDLE = (16.25, 48.125)


def ring(west, south, east, north):
    corners = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [corners]}


def item(name, box, files):
    """An Item with files, which lie in a box."""
    assets = {key: {"href": f"/files/{key}?sig=s3cr3t", "type": "image/tiff"} for key in files}
    return {**ITEM, "id": name, "bbox": list(box), "geometry": ring(*box), "assets": assets}


@pytest.fixture
def placed(scripted):
    """A back-end whose job has two files in one box."""
    scripted.job |= {"status": "finished", "title": "NDVI"}
    scripted.answers["GET /jobs/j-1/results"] = (200, item("j-1", BOX, ["a.tif", "b.tif"]))
    return scripted


@pytest.fixture
def many(scripted):
    """A back-end whose job has 120 files, each in a box of its own, by the Items linked to."""
    names = [f"f{number:03}" for number in range(120)]
    boxes = [
        (number % 12, number // 12, number % 12 + 0.8, number // 12 + 0.8) for number in range(120)
    ]
    items = [item(name, box, [f"{name}.tif"]) for name, box in zip(names, boxes, strict=True)]
    for one in items:
        scripted.answers[f"GET /items/{one['id']}.json"] = (200, one)
    scripted.answers["GET /jobs/j-1/results"] = (
        200,
        {
            "type": "Collection",
            "id": "j-1",
            "extent": {"spatial": {"bbox": [[0, 0, 12, 10]]}},
            "links": [{"rel": "item", "href": f"/items/{name}.json"} for name in names],
            "assets": {key: asset for one in items for key, asset in one["assets"].items()},
        },
    )
    return scripted


@pytest.fixture
def show(notebook):
    """A function that runs a cell which shows the results: the notebook, card and map."""

    def make(backend, cell=SHOW, **appearance):
        book = notebook([cell.format(url=backend.url)], **appearance)
        book.run_all()
        card = book.output(0).locator(".oew-results")
        expect(card).to_have_attribute("data-state", "ready")
        return book, card, MapOnScreen(card)

    return make


def view(book):
    """Where the kernel knows the map to look: centre and zoom."""
    return book.evaluate("(list(widget.map.center), widget.map.zoom)")


def assert_at(chart, book, box):
    """The shapes are within one pixel of where Web Mercator has their box, and seen as a whole."""
    chart.wait_settled()

    def look():
        center, zoom = view(book)
        left, bottom = chart.pixel(box[0], box[1], center, zoom)
        right, top = chart.pixel(box[2], box[3], center, zoom)
        return chart.drawn(), [left, top, right, bottom]

    def is_there(found):
        drawn, (left, top, right, bottom) = found
        # Half of the outline's width lies outside.
        return drawn == pytest.approx([left - 1, top - 1, right, bottom], abs=1.5)

    # The kernel hears of a move of the map late.
    _, (left, top, right, bottom) = wait_seen(book.page, look, is_there)
    frame = chart.locator.bounding_box()
    assert 0 < left < right < frame["width"]
    assert 0 < top < bottom < frame["height"]
    # One step closer it would not fit, with some space around it.
    assert right - left > frame["width"] / 2 - 32 or bottom - top > frame["height"] / 2 - 32


def click_at(chart, book, lon, lat):
    chart.wait_settled()
    x, y = chart.pixel(lon, lat, *view(book))
    chart.locator.click(position={"x": x, "y": y})


def row(card, name):
    return card.locator(f"[data-key='{name}']")


def press(card, name):
    card.get_by_role("button", name=name, exact=True).click()


def test_the_footprint_is_at_its_place_whatever_the_width(show, placed, screenshot):
    book, card, chart = show(placed)
    assert_at(chart, book, BOX)
    screenshot("wide")
    # The card is 320 pixels wide then.
    book.page.set_viewport_size({"width": 442, "height": 900})
    book.page.wait_for_function(
        "map => map.querySelector('canvas')?.clientWidth < 450",
        arg=chart.locator.element_handle(),
    )
    wait_seen(
        book.page,
        lambda: card.evaluate("card => card.offsetWidth"),
        lambda width: width == pytest.approx(320, abs=3),
    )
    assert_at(chart, book, BOX)
    screenshot("narrow")
    assert book.errors() == []


HIDDEN = (
    SETUP
    + """
widget = ResultsWidget(job)
tab = ipywidgets.Tab([ipywidgets.HTML("first"), widget], titles=["One", "Two"])
tab
"""
)


def test_in_a_hidden_tab_it_is_right_once_it_is_seen(notebook, placed, screenshot):
    book = notebook([HIDDEN.format(url=placed.url)])
    book.run_all()
    output = book.output(0)
    expect(output.locator(".oew-results")).to_have_attribute("data-state", "ready")
    expect(output.locator(".oew-results")).not_to_be_visible()
    output.get_by_role("tab", name="Two").click()
    card = output.locator(".oew-results")
    expect(card).to_be_visible()
    assert_at(MapOnScreen(card), book, BOX)
    screenshot("second-tab")
    # The land is there up to the edges, and none of it is grey.
    assert book.errors() == []


def test_list_and_map_answer_each_other(show, many, screenshot):
    book, card, chart = show(many)
    expect(card.locator(".oew-file")).to_have_count(100)
    assert_at(chart, book, (0, 0, 11.8, 9.8))
    click_at(chart, book, 11.4, 9.4)
    expect(row(card, "f119.tif")).to_have_class("oew-file oew-selected")
    expect(row(card, "f119.tif")).to_be_in_viewport(ratio=1)
    screenshot("selected-on-the-map")
    # Drawn over that of all: thicker, and in another colour.
    center, zoom = view(book)
    x, y = chart.pixel(0.4, 0.4, center, zoom)
    plain = chart.colour(x, y)
    row(card, "f000.tif").get_by_role("button", name="f000.tif", exact=True).click()
    changed = "([map, x, y, plain, of]) => (" + COLOUR + ")(map, x, y) !== plain"
    book.page.wait_for_function(
        changed, arg=[chart.locator.element_handle(), x, y, str(plain), "of"]
    )
    selected = chart.colour(x, y)
    expect(row(card, "f119.tif")).not_to_have_class("oew-file oew-selected")
    assert selected != plain
    at = chart.pixel(1.4, 0.4, center, zoom)
    row(card, "f001.tif").hover()
    book.page.wait_for_function(
        changed, arg=[chart.locator.element_handle(), *at, str(plain), "of"]
    )
    assert chart.colour(*at) not in (plain, selected)
    screenshot("hovered-in-the-list")
    card.locator(".oew-results-title").hover()
    book.page.wait_for_function(
        "([map, x, y, plain]) => (" + COLOUR + ")(map, x, y) === plain",
        arg=[chart.locator.element_handle(), *at, str(plain)],
    )
    assert book.errors() == []


# As the harness reads it, as text: what is waited for is compared within the page.
COLOUR = """(map, x, y) => {
  const frame = map.getBoundingClientRect();
  const canvas = map.querySelector('.leaflet-overlay-pane canvas');
  const at = canvas.getBoundingClientRect();
  const scale = canvas.width / at.width;
  const [column, row] = [(frame.left + x - at.left) * scale, (frame.top + y - at.top) * scale];
  const {data} = canvas.getContext('2d').getImageData(column, row, 1, 1);
  return `[${[...data].join(', ')}]`;
}"""


def test_files_at_one_place_are_selected_in_turn(show, placed):
    book, card, chart = show(placed)
    assert_at(chart, book, BOX)
    for name in ("a.tif", "b.tif", "a.tif"):
        click_at(chart, book, *MIDDLE)
        expect(row(card, name)).to_have_class("oew-file oew-selected")


THEIRS = (
    SETUP
    + """
mine = ipyleaflet.Map(layers=(), center=(48.1, 16.2), zoom=9)
mine.add(ipyleaflet.Rectangle(bounds=((48.0, 15.6), (48.05, 15.8)), name="mine"))
widget = ResultsWidget(job, map=mine)
display(mine, widget)
"""
)


def test_a_map_of_the_user_s(notebook, placed, screenshot):
    book = notebook([THEIRS.format(url=placed.url)], size=(1280, 1400))
    book.run_all()
    card = book.output(0).locator(".oew-results")
    expect(card).to_have_attribute("data-state", "ready")
    theirs = book.output(0).locator(".jp-OutputArea-child", has=book.page.locator(".leaflet-pane"))
    first = theirs.first.locator(".leaflet-overlay-pane path.leaflet-interactive")
    expect(first).to_have_count(2)
    # A click at their map outside of the card selects too.
    first.nth(1).click()
    expect(row(card, "a.tif")).to_have_class("oew-file oew-selected")
    screenshot("theirs")
    assert book.evaluate("(list(mine.center), mine.zoom)") == ([48.1, 16.2], 9.0)
    assert book.evaluate("widget.close()") is None
    expect(first).to_have_count(1)
    assert book.evaluate("[layer.name for layer in mine.layers]") == ["mine"]
    assert book.errors() == []


def test_the_bar_without_a_mouse(show, placed, screenshot):
    book, card, chart = show(placed)
    chart.wait_drawn()
    spot = card.locator(".oew-map-spot")
    expect(spot).to_contain_text("centre 48.1")
    chart.locator.focus()
    expect(chart.locator).to_have_attribute("aria-label", re.compile("NDVI|j-1"))
    scale = chart.locator.locator(".leaflet-control-scale")
    for key, told in (("ArrowRight", spot), ("Equal", scale)):
        chart.wait_settled()  # while it moves, a map takes no key
        before = told.text_content()
        book.page.keyboard.press(key)
        expect(told).not_to_have_text(before)
    assert book.panel.locator(".jp-Cell").count() == 1
    card.get_by_role("button", name="Show all of the results").focus()
    book.page.keyboard.press("Enter")
    chart.wait_settled()
    assert_at(chart, book, BOX)
    card.get_by_role("button", name="Layers").focus()
    book.page.keyboard.press("Enter")
    group = card.get_by_role("group", name="Layers of the map")
    slider = group.get_by_role("slider", name="Opacity of Footprints")
    group.get_by_role("checkbox", name="Footprints").focus()
    book.page.keyboard.press("Space")
    expect(slider).to_be_disabled()
    book.page.wait_for_function(
        "map => ![...map.querySelectorAll('.leaflet-overlay-pane canvas')].some(c => c.isConnected"
        " && c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(v => v))",
        arg=chart.locator.element_handle(),
    )
    book.page.keyboard.press("Space")
    chart.wait_drawn()
    expect(slider).to_be_enabled()
    slider.focus()
    for _ in range(4):
        book.page.keyboard.press("ArrowLeft")
    expect(group).to_contain_text("80 %")
    screenshot("layers")
    wanted = {"key": "Footprints", "name": "Footprints", "visible": True, "opacity": 0.8}
    book.wait_evaluated(lambda layer: layer == wanted, "widget.layers[0]")
    assert book.errors() == []


def test_full_screen_and_back(show, placed, screenshot):
    book, card, chart = show(placed)
    chart.wait_drawn()
    press(card, "Full screen")
    button = card.get_by_role("button", name="Leave full screen")
    expect(button).to_be_visible()
    book.page.wait_for_function(
        "map => map.clientWidth > innerWidth - 5", arg=chart.locator.element_handle()
    )
    assert_at(chart, book, BOX)
    screenshot("full-screen")
    button.click()
    expect(card.get_by_role("button", name="Full screen", exact=True)).to_be_visible()
    book.page.wait_for_function(
        "map => map.clientWidth < innerWidth / 2", arg=chart.locator.element_handle()
    )
    assert_at(chart, book, BOX)


def test_the_pointer_s_place(show, placed):
    book, card, chart = show(placed)
    assert_at(chart, book, BOX)
    center, zoom = view(book)
    x, y = chart.pixel(*MIDDLE, center, zoom)
    chart.locator.hover(position={"x": x, "y": y})
    spot = card.locator(".oew-map-spot")
    expect(spot).to_have_text(re.compile(r"^[\d.]+ N [\d.]+ E$"))
    lat, lon = (float(part) for part in re.findall(r"[\d.]+", spot.text_content()))
    # Within a pixel.
    assert (lon, lat) == pytest.approx(MIDDLE, abs=360 / 256 / 2**zoom)


ONLINE = SETUP + "widget = ResultsWidget(job, basemap={url!r} + '/t/{{z}}/{{x}}/{{y}}')\nwidget"


# The map asks for tiles as long as it is there: `placed`, their server, is made first, to go last.
def test_tiles_that_cannot_be_reached_leave_the_land_to_be_seen(placed, show, screenshot, lab):
    with lab.page.expect_request("**/t/*/*/*"):
        book, _, chart = show(placed, ONLINE)
    chart.wait_drawn()
    expect(chart.locator.locator(".leaflet-basemap-pane canvas")).to_have_count(1)
    screenshot("no-tiles")
    assert book.errors() == []


def test_names_of_files_have_room_beside_the_map(show, placed):
    _, card, chart = show(placed, size=(760, 900))
    chart.wait_drawn()
    name = card.locator(".oew-file-name").first.bounding_box()
    assert name["x"] > chart.locator.bounding_box()["x"] + 200  # beside it, and not below
    assert name["width"] > 150


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 480])
def test_no_fault_for_assistive_technology(show, placed, theme, width, screenshot):
    book, card, chart = show(placed, theme=theme, size=(width, 900))
    assert_at(chart, book, BOX)
    click_at(chart, book, *MIDDLE)
    press(card, "Layers")
    expect(card.get_by_role("group", name="Layers of the map")).to_be_visible()
    screenshot("looks")
    assert grave_faults(book.page, ".oew-results") + cut_off(book.page, ".oew-results") == []
