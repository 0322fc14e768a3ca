"""Previews as a person opens them: the chart, the table and the tree say what is in the file."""

import json
import re
import struct
import zlib

import pytest
from harness import ITEM
from harness.looks import cut_off, grave_faults
from playwright.sync_api import expect

CARD = ".oew-results"
SHOW = """
from openeo_widgets import ResultsWidget, connect
widget = ResultsWidget(connect({url!r}).job("j-1"))
widget
"""
DATES = [f"2022-{month:02}-{day:02}T00:00:00Z" for month in range(1, 13) for day in (1, 11, 21)]
VALUES = [None if 8 <= index < 11 else round(0.2 + index / 100, 3) for index in range(36)]
SERIES = {date: [[value, 0.5], [0.1, 0.9]] for date, value in zip(DATES, VALUES, strict=True)}
ROWS = [(f"plot {index}", (index * 37) % 1000) for index in range(5000)]
FEATURES = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [16.0 + index / 1000, 48.2]},
            "properties": {"name": f"field {index}"},
        }
        for index in range(300)
    ],
}


def png(width, height):
    """A red picture."""
    line = b"\0" + b"\xff\0\0" * width

    def part(kind, data):
        checked = kind + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(line * height)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", body) + part(b"IEND", b"")


FILES = {
    "series.json": ("application/json", json.dumps(SERIES).encode()),
    "stats.csv": (
        "text/csv",
        "\n".join(["name,value", *(f"{name},{value}" for name, value in ROWS)]).encode(),
    ),
    "fields.geojson": ("application/geo+json", json.dumps(FEATURES).encode()),
    "look.png": ("image/png", png(60, 40)),
    "log.txt": ("text/plain", b"tile 1 done\ntile 2 done\n"),
}


@pytest.fixture
def results(notebook, scripted):
    """A function that shows the results of the scripted back-end's job."""
    assets = {}
    for name, (kind, content) in FILES.items():
        assets[name] = {"href": f"/files/{name}", "type": kind, "file:size": len(content)}
        scripted.answers[f"GET /files/{name}"] = (200, content, {"Content-Type": kind})
    scripted.answers["GET /jobs/j-1/results"] = (200, {**ITEM, "assets": assets})

    def show(**appearance):
        book = notebook([SHOW.format(url=scripted.url)], **appearance)
        book.run_all()
        card = book.output(0).locator(CARD)
        expect(card).to_have_attribute("data-state", "ready")
        return book, card

    return show


def open_preview(card, name, kind):
    """Open the preview of a file, and a view of it."""
    card.get_by_role("button", name=f"Preview {name}", exact=True).click()
    expect(card.locator(".oew-preview")).to_have_attribute("data-preview", "ready")
    expect(card.locator(".oew-tab-title")).to_have_text(name)
    tab = card.get_by_role("tab", name=kind, exact=True)
    tab.click()
    expect(tab).to_have_attribute("aria-selected", "true")
    view = card.locator(".oew-view:not([hidden])")
    expect(view).to_have_attribute("data-view", kind.lower())
    return view


def test_the_chart_reads_the_numbers_of_the_file(results, screenshot):
    book, card = results()
    view = open_preview(card, "series.json", "Chart")
    expect(view.get_by_role("figure")).to_have_attribute(
        "aria-label", re.compile("2022-01-01 to 2022-12-21")
    )
    plot = view.locator(".oew-plot")
    plot.focus()
    said = plot.get_by_role("status")
    for date, value in list(zip(DATES, VALUES, strict=True))[:10]:
        book.page.keyboard.press("ArrowRight")
        expect(said).to_contain_text(f"{date[:10]}: ")
        expect(said).to_contain_text("no value" if value is None else str(value))
    screenshot("read")
    book.page.keyboard.press("+")
    expect(view.locator("figcaption")).to_contain_text("a part of it is shown")
    book.page.keyboard.press("0")
    expect(view.locator("figcaption")).not_to_contain_text("a part of it is shown")
    box = plot.bounding_box()
    book.page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + 60)
    book.page.mouse.down()
    book.page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 90, steps=4)
    expect(view.locator(".oew-framed")).to_be_visible()
    book.page.mouse.up()
    expect(view.locator("figcaption")).to_contain_text("a part of it is shown")
    expect(view.locator(".oew-readout")).to_contain_text("2022-")


def test_the_table_has_the_rows_of_the_file(results, screenshot):
    book, card = results()
    view = open_preview(card, "stats.csv", "Table")
    grid = view.get_by_role("grid")
    expect(grid).to_have_attribute("aria-rowcount", "5001")
    expect(view.locator("[data-row='7']")).to_have_text("plot 7259")
    grid.focus()
    book.page.keyboard.press("ArrowDown")
    book.page.keyboard.press("Control+End")
    expect(view.locator("[data-row='4999']")).to_have_text(f"plot 4999{ROWS[4999][1]}")
    expect(view.locator(".oew-view-foot")).to_contain_text(f"value, row 5,000: {ROWS[4999][1]}")
    view.get_by_role("columnheader", name="value").click()
    expect(view.get_by_role("columnheader", name="value")).to_have_attribute(
        "aria-sort", "ascending"
    )
    grid.evaluate("grid => { grid.scrollTop = 0; }")
    expect(view.locator("[data-row='0']")).to_contain_text("plot 0")
    view.get_by_role("searchbox").fill("plot 123")
    expect(view.locator(".oew-view-tools")).to_contain_text("11 rows found")
    screenshot("searched")
    view.get_by_role("searchbox").fill("")
    view.get_by_role("button", name="Chart columns").click()
    expect(view.get_by_role("figure")).to_have_attribute(
        "aria-label", re.compile("1 to 5000, values from 0 to 999")
    )


def test_the_tree_finds_what_was_never_opened(results):
    book, card = results()
    view = open_preview(card, "fields.geojson", "Tree")
    tree = view.get_by_role("tree")
    expect(tree.locator("[data-path='$.features']")).to_be_visible()
    view.get_by_role("searchbox").fill("field 250")
    found = tree.locator("[data-at='true']")
    expect(found).to_have_attribute("data-path", "$.features[250].properties.name")
    expect(found).to_be_in_viewport()
    tree.focus()
    for key in ("ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowLeft"):
        book.page.keyboard.press(key)
    expect(tree.locator("[data-at='true']")).to_have_attribute("data-path", "$.features[250]")
    expect(found).to_have_attribute("aria-expanded", "false")


def test_a_picture_is_seen_and_grows(results):
    _, card = results()
    view = open_preview(card, "look.png", "Image")
    picture = view.locator("img")
    expect(picture).to_be_visible()
    assert picture.evaluate(
        "img => img.decode().then(() => [img.naturalWidth, img.naturalHeight])"
    ) == [60, 40]
    expect(view).to_contain_text("40 px")
    view.get_by_role("button", name="100 %").click()
    view.get_by_role("button", name="Larger").click()
    expect(picture).to_have_css("width", "90px")


def test_the_newest_is_shown_and_closes_to_where_it_was_opened(results):
    book, card = results()
    opener = card.get_by_role("button", name="Preview log.txt", exact=True)
    card.get_by_role("button", name="Preview stats.csv", exact=True).click()
    view = open_preview(card, "log.txt", "Text")
    expect(view).to_contain_text("tile 2 done")
    close = card.get_by_role("button", name="Close preview")
    close.focus()
    book.page.keyboard.press("Enter")
    expect(card.locator(".oew-preview")).to_have_count(0)
    expect(opener).to_be_focused()


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 480)])
def test_no_view_has_a_grave_fault(results, screenshot, theme, width):
    book, card = results(theme=theme, size=(width, 900))
    for name, kind in [
        *(("series.json", "Chart"), ("series.json", "Tree"), ("stats.csv", "Table")),
        *(("look.png", "Image"), ("log.txt", "Text")),
    ]:
        open_preview(card, name, kind)
        faults = grave_faults(book.page, CARD) + cut_off(book.page, ".oew-preview")
        assert faults == [], (name, kind)
        screenshot(f"{kind}-{theme}")
        card.get_by_role("button", name="Close preview").click()
