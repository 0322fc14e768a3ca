"""What the local back-end sums up by fields: the fields on the map, their curves, their rows."""

import re

import pytest
from harness import MapOnScreen
from harness.looks import cut_off, grave_faults
from playwright.sync_api import expect

from openeo_widgets import connect
from openeo_widgets.backend import sample

CARD = ".oew-results"
SHOW = """
from openeo_widgets import ResultsWidget, connect
connection = connect({url!r}).authenticate_basic("demo", "demo")
widget = ResultsWidget(connection.job({job!r}))
widget
"""
HOSTILE = "<img src=x onerror=alert(1)>"
SIZE = 0.002


@pytest.fixture(scope="module")
def middle(backend):
    """Longitude and latitude in the middle of the sample."""
    collection = connect(backend.url).describe_collection(sample.COLLECTION_ID)
    west, south, east, north = collection["extent"]["spatial"]["bbox"][0]
    return (west + east) / 2, (south + north) / 2


@pytest.fixture(scope="module")
def spots(middle):
    """The middles of three fields beside each other."""
    lon, lat = middle
    return [(lon + step * 2 * SIZE, lat) for step in range(3)]


@pytest.fixture(scope="module")
def jobs(backend, spots):
    """A function that runs a job of the fields, once for each format, and returns its id."""
    connection = connect(backend.url).authenticate_basic("demo", "demo")
    done = {}

    def field(number, lon, lat):
        w, s, e, n = lon - SIZE / 2, lat - SIZE / 2, lon + SIZE / 2, lat + SIZE / 2
        ring = [[w, s], [e, s], [e, n], [w, n], [w, s]]
        name = HOSTILE if number == 3 else f"field {number}"
        geometry = {"type": "Polygon", "coordinates": [ring]}
        return {"type": "Feature", "geometry": geometry, "properties": {"name": name}}

    fields = {
        "type": "FeatureCollection",
        "features": [field(number, *spot) for number, spot in enumerate(spots, 1)],
    }

    def run(file_format):
        if file_format not in done:
            cube = connection.load_collection(
                sample.COLLECTION_ID, temporal_extent=["2022-06-01", "2022-08-01"], bands=["B04"]
            ).aggregate_spatial(geometries=fields, reducer="mean")
            job = cube.save_result(format=file_format).create_job()
            job.start_and_wait(print=lambda _line: None, max_poll_interval=1, timeout=300)
            done[file_format] = job.job_id
        return done[file_format]

    return run


@pytest.fixture
def shown(notebook, backend, jobs):
    """A function that opens the preview of the first file of a job of that format."""

    def show(file_format, **appearance):
        book = notebook([SHOW.format(url=backend.url, job=jobs(file_format))], **appearance)
        book.run_all()
        card = book.output(0).locator(CARD)
        expect(card).to_have_attribute("data-state", "ready")
        card.get_by_role("button", name=re.compile("^Preview ")).first.click()
        expect(card.locator(".oew-preview")).to_have_attribute("data-preview", "ready")
        return book, card

    return show


def on_map(card):
    """The map, once the shapes are drawn on it and nothing moves."""
    chart = MapOnScreen(card, "shapes")
    chart.wait_drawn()
    chart.wait_settled()
    return chart


def click(book, chart, spot):
    # A press brings the whole map into view: it must not move under the pointer.
    chart.locator.evaluate("map => map.scrollIntoView({ block: 'center' })")
    center, zoom = book.evaluate("(tuple(widget.map.center), widget.map.zoom)")
    x, y = chart.pixel(*spot, center, zoom)
    chart.locator.click(position={"x": x, "y": y})


def curves(card, *, faded):
    looks = card.locator(".oew-plot-lines g[data-line]")
    expect(looks).to_have_count(3)
    found = looks.evaluate_all(
        "all => all.filter(g => g.classList.contains('oew-faded')).map(g => g.dataset.line)"
    )
    assert found == faded


@pytest.mark.parametrize(
    ("file_format", "called"),
    [
        ("JSON", ["geometry 1", "geometry 2", "geometry 3"]),
        ("CSV", ["feature_index 0", "feature_index 1", "feature_index 2"]),
    ],
)
def test_a_click_on_a_polygon_is_its_curve(shown, spots, screenshot, file_format, called):
    book, card = shown(file_format)
    expect(card.locator(".oew-shapes")).to_contain_text("3 polygons on the map")
    chart = on_map(card)
    curves(card, faded=[])
    click(book, chart, spots[1])
    choice = card.get_by_label("Geometry", exact=True)
    expect(choice).to_have_value("1")
    expect(card.locator(".oew-shape-name")).to_have_text(f"{called[1]} · field 2")
    curves(card, faded=[called[0], called[2]])
    screenshot("chosen")
    current = card.locator(".oew-legend-item[aria-current=true]")
    expect(current).to_have_text(called[1])


def test_the_list_does_it_without_a_pointer(shown, screenshot):
    book, card = shown("JSON")
    on_map(card)
    choice = card.get_by_label("Geometry", exact=True)
    choice.focus()
    for _ in range(3):
        book.page.keyboard.press("ArrowDown")
    expect(choice).to_have_value("2")
    expect(card.locator(".oew-shape-name")).to_have_text(f"geometry 3 · {HOSTILE}")
    book.wait_evaluated(lambda row: row == 2, "widget.shape['row']")
    card.get_by_role("button", name="geometry 1", exact=True).focus()
    lit = "len(widget.map.layers[-1].data['features'])"
    book.wait_evaluated(lambda count: count == 1, lit)
    choice.focus()
    book.wait_evaluated(lambda count: count == 0, lit)
    card.get_by_role("button", name="Choose none").click()
    expect(choice).to_have_value("")
    curves(card, faded=[])


def test_rows_and_features_select_each_other(shown, spots, screenshot):
    book, card = shown("GeoJSON")
    card.get_by_role("button", name="Show on the map", exact=True).click()
    expect(card.locator(".oew-shapes")).to_contain_text("3 features on the map")
    chart = on_map(card)
    click(book, chart, spots[1])
    name = card.locator(".oew-shape-name")
    expect(name).to_have_text("Row 2 · field 2")
    grid = card.get_by_role("grid")
    expect(grid.locator("[data-row='1'] [aria-selected=true]")).to_have_count(1)
    grid.focus()
    book.page.keyboard.press("ArrowDown")
    expect(name).to_have_text(f"Row 3 · {HOSTILE}")
    expect(card.locator(".oew-shape-facts")).to_contain_text(HOSTILE)
    screenshot("row")
    header = grid.get_by_role("columnheader").filter(has_text="name")
    header.click()
    click(book, chart, spots[0])
    expect(name).to_have_text("Row 1 · field 1")
    # "<" comes before "f".
    expect(grid.locator("[data-row='1'] [aria-selected=true]")).to_have_count(1)


def test_the_layer_is_in_the_list_of_layers_and_goes_with_the_preview(shown, spots):
    book, card = shown("GeoJSON")
    card.get_by_role("button", name="Show on the map", exact=True).click()
    chart = on_map(card)
    layers = card.get_by_role("group", name="Layers of the map")
    card.get_by_role("button", name="Layers").click()
    box = layers.get_by_role("checkbox").first
    expect(layers.locator("li").first).to_contain_text(".geojson")
    center, zoom = book.evaluate("(tuple(widget.map.center), widget.map.zoom)")
    x, y = chart.pixel(*spots[0], center, zoom)
    assert chart.colour(x, y)[3] > 0
    box.click()
    expect(box).not_to_be_checked()
    names = "[layer.name for layer in widget.map.layers if layer.name]"
    book.wait_evaluated(lambda found: not any(".geojson" in name for name in found), names)
    box.click()
    expect(box).to_be_checked()
    card.get_by_role("button", name="Close preview").click()
    expect(layers.locator("li")).to_have_count(2)
    assert book.evaluate("(widget.shapes, widget.shape)") == (None, None)


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 480)])
def test_it_has_no_grave_fault(shown, spots, screenshot, theme, width):
    for file_format in ("JSON", "GeoJSON"):
        book, card = shown(file_format, theme=theme, size=(width, 900))
        show = card.get_by_role("button", name="Show on the map", exact=True)
        if file_format == "GeoJSON":
            show.click()
        chart = on_map(card)
        click(book, chart, spots[1])
        expect(card.locator(".oew-shape-name")).to_be_visible()
        faults = grave_faults(book.page, CARD) + cut_off(book.page, ".oew-preview")
        assert faults == []
        card.locator(".oew-shapes").scroll_into_view_if_needed()
        screenshot(f"{file_format}-{theme}")
