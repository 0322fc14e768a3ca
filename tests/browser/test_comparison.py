"""Did I get what I asked for, as a person at the keyboard learns it from the card."""

import pytest
from harness import ITEM
from harness.looks import cut_off, grave_faults
from playwright.sync_api import expect

SHOW = """
from openeo_widgets import ResultsWidget, connect
connection = connect({url!r})
widget = ResultsWidget(connection.job('j-1'))
widget
"""
EXTENT = {"west": 16.1, "south": 48.1, "east": 16.6, "north": 48.3}
LOAD = {"id": "S2", "spatial_extent": EXTENT, "bands": ["B04", "B08"]}


def show(notebook, scripted):
    load = {"process_id": "load_collection", "arguments": LOAD}
    scripted.job["process"] = {"process_graph": {"load": load}}
    assets = {"a.tif": {"href": "/f/a.tif", "type": "image/tiff", "bands": [{"name": "B04"}]}}
    item = {**ITEM, "bbox": [16.1, 48.1, 16.6, 48.3], "assets": assets}
    scripted.answers["GET /jobs/j-1/results"] = (200, item)
    book = notebook([SHOW.format(url=scripted.url)])
    book.run_all()
    return book


def test_what_differs_is_told_and_opens_with_a_key(notebook, scripted):
    book = show(notebook, scripted)
    button = book.output(0).get_by_role("button", name="Asked and delivered")
    expect(button).to_contain_text("1 difference")
    expect(button).to_have_attribute("aria-expanded", "false")
    button.focus()
    button.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    bands = book.output(0).get_by_role("row", name="Bands")
    expect(bands).to_contain_text("differs")
    expect(bands).to_contain_text("Missing: B08.")
    area = book.output(0).get_by_role("row", name="Area")
    expect(area).to_contain_text("as asked")
    assert book.errors() == []


def test_what_there_is_of_a_job_that_runs_is_shown_on_a_press(notebook, scripted):
    unfinished = {"code": "JobNotFinished", "message": "Not computed yet.", "id": "r-8"}
    answers = [(400, unfinished)]
    partial = {**ITEM, "openeo:status": "running"}
    scripted.job["status"] = "running"
    scripted.answers["GET /jobs/j-1/results"] = lambda: answers.pop() if answers else (200, partial)
    book = notebook([SHOW.format(url=scripted.url)])
    book.run_all()
    book.output(0).get_by_role("button", name="Show what there is so far").click()
    card = book.output(0).locator(".oew-results")
    expect(card).to_have_attribute("data-state", "ready")
    expect(card).to_have_attribute("data-partial", "true")
    assert book.errors() == []


LOOKS = {
    "wide, light": {"color_scheme": "light"},
    "narrow, dark": {"color_scheme": "dark", "width": 320},
    "narrow, forced colours": {"forced_colors": "active", "width": 320},
}


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_it_has_no_fault_for_assistive_technology_and_nothing_is_cut(gallery, look):
    page = gallery(**look)
    page.goto(page.url.replace("only=jobs", "only=results"))
    page.get_by_role("button", name="Asked and delivered").click()
    card = ".oew-results:has(.oew-comparison)"
    expect(page.locator(f"{card} tbody tr")).to_have_count(4)
    assert grave_faults(page, card) + cut_off(page, card) == []
