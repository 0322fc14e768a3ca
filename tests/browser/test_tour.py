"""The tour, as a person goes through it."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from harness import MapOnScreen
from playwright.sync_api import expect

from openeo_widgets import connect

TOUR = Path(__file__).parents[2] / "notebooks" / "tour.ipynb"
CELLS = {
    cell["metadata"]["tags"][0]: position
    for position, cell in enumerate(json.loads(TOUR.read_text(encoding="utf-8"))["cells"])
    if cell["cell_type"] == "code"
}

# Every text of the card's state pill, as the person sees it change.
RECORD = """element => {
  window.seenStates = [element.dataset.status];
  new MutationObserver(() => {
    const now = element.dataset.status;
    if (now !== window.seenStates.at(-1)) window.seenStates.push(now);
  }).observe(element, {attributes: true, attributeFilter: ['data-status']});
}"""


LIFE = ["created", "queued", "running", "finished"]


@pytest.fixture
def tour(notebook, backend):
    def run(**appearance):
        book = notebook(TOUR, env={"OPENEO_BACKEND_URL": backend.url}, **appearance)
        book.run_all()
        assert book.errors() == []
        return book

    return run


def card(book, cell):
    return book.output(CELLS[cell]).locator(".oew-job")


def press(card, name):
    card.get_by_role("button", name=name, exact=True).click()


def finish(job_card):
    press(job_card, "Start")
    expect(job_card).to_have_attribute("data-status", "finished", timeout=60_000)
    expect(job_card.locator(".oew-results")).to_have_attribute("data-state", "ready")


def file_at_the_back_end(url, job_id, key):
    """A result file, fetched by plain HTTP."""
    connection = connect(url).authenticate_basic("demo", "demo")
    metadata = connection.get(f"/jobs/{job_id}/results").json()
    return connection.get(metadata["assets"][key]["href"]).content, metadata


def bounds(ring):
    lons, lats = zip(*ring, strict=True)
    return [min(lons), min(lats), max(lons), max(lats)]


def test_from_start_to_files(tour, backend, screenshot):
    book = tour()
    job = card(book, "create-job")
    expect(job).to_have_attribute("data-status", "created")
    job.evaluate(RECORD)
    press(job, "Start")
    expect(job.get_by_role("progressbar")).to_be_visible(timeout=20_000)
    expect(job).to_have_attribute("data-status", "running")
    screenshot("running")
    expect(job).to_have_attribute("data-status", "finished", timeout=60_000)
    seen = book.page.evaluate("window.seenStates")
    # It is queued for two seconds, which a busy machine may spend on something else.
    assert seen in (LIFE, [status for status in LIFE if status != "queued"])

    results = job.locator(".oew-results")
    expect(results).to_have_attribute("data-state", "ready")
    job_id = book.evaluate("job.job_id")
    content, metadata = file_at_the_back_end(backend.url, job_id, "openEO.tif")

    # The footprint is on the map, where the back-end says that it is: lon/lat.
    drawn = book.evaluate(
        "__import__('openeo_widgets').widgets.widget_for(job)"
        ".results.map.layers[1].data['features'][0]['geometry']['coordinates'][0]"
    )
    # The file's own outline, which lies in its projection, and so within a hair of the Item's.
    told = metadata["geometry"]["coordinates"][0]
    assert bounds(drawn) == pytest.approx(bounds(told), abs=0.001)
    chart = MapOnScreen(results)
    chart.wait_settled()
    left, top, right, bottom = chart.drawn()
    frame = chart.locator.bounding_box()
    assert 0 < left < right < frame["width"]
    assert 0 < top < bottom < frame["height"]
    assert right - left > 40

    press(results, "Download openEO.tif")
    row = results.locator("[data-key='openEO.tif']")
    expect(row).to_have_attribute("data-download", "done")
    expect(row).to_contain_text("verified")
    path = book.folder / "results" / job_id / "openEO.tif"
    assert hashlib.sha256(path.read_bytes()).digest() == hashlib.sha256(content).digest()
    assert [found.name for found in path.parent.iterdir()] == ["openEO.tif"]
    screenshot("finished")


def test_time_series_is_drawn_and_read(tour, backend, screenshot):
    book = tour()
    job = card(book, "create-series")
    finish(job)
    results = job.locator(".oew-results")
    press(results, "Preview timeseries.json")
    chart = results.get_by_role("tab", name="Chart")
    expect(chart).to_have_attribute("aria-selected", "true")
    expect(results.locator(".oew-chart")).to_contain_text("geometry 3")
    screenshot("chart")

    content, _ = file_at_the_back_end(
        backend.url, book.evaluate("series.job_id"), "timeseries.json"
    )
    date, values = next(iter(json.loads(content).items()))
    results.get_by_role("tab", name="Tree").click()
    tree = results.get_by_role("tree")
    tree.get_by_role("treeitem", name=re.compile(f"^{date}")).click()
    tree.get_by_role("treeitem", name=re.compile("^0 ")).first.click()
    expect(tree).to_contain_text(str(values[0][0]))
    results.get_by_role("tab", name="Text").click()
    expect(results.get_by_role("tabpanel")).to_contain_text(str(values[0][0]))


def test_cancel_while_it_runs(tour):
    book = tour()
    job = card(book, "create-job")
    press(job, "Start")
    expect(job).to_have_attribute("data-status", "running", timeout=20_000)
    press(job, "Cancel")
    job.get_by_role("button", name=re.compile("^Yes")).click()
    expect(job).to_have_attribute("data-status", "canceled", timeout=20_000)
    expect(job.get_by_role("button", name="Start again")).to_be_enabled()
    assert book.evaluate("job.status()") == "canceled"
