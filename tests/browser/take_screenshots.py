"""Takes the pictures in docs/screenshots: `make screenshots`.

They are of the tour in JupyterLab, as `make demo` opens it, and of the states of the card, as the
gallery has them; in the light and in the dark theme.
"""

import json
import re
from pathlib import Path

import pytest
from harness import MapOnScreen
from playwright.sync_api import expect

_ROOT = Path(__file__).parents[2]
_TOUR = _ROOT / "notebooks" / "tour.ipynb"
_PICTURES = _ROOT / "docs" / "screenshots"
_FINISH_MS = 60_000


def _open(name):
    """What opens a tab of a card."""
    return lambda card: card.get_by_role("tab", name=name, exact=True).click()


def _read_log(card):
    # The tab of a failed job opens by itself.
    card.locator("[data-index]").first.wait_for()
    for key in ("End", "Enter"):
        card.get_by_role("listbox").press(key)
    card.locator(".oew-log-details").get_by_text("MemoryLimitExceeded").wait_for()


def _select_node(card):
    _open("Process")(card)
    card.locator(".oew-node-main").nth(2).click()
    card.locator(".oew-node-details").wait_for()


def _read_requests(card):
    _open("Requests")(card)
    card.get_by_role("tabpanel").get_by_text("POST").wait_for()


def _duplicate(card):
    card.get_by_role("button", name="More actions").click()
    card.get_by_role("menuitem", name="Duplicate…").click()
    card.get_by_role("textbox", name="Title").wait_for()


def _as_it_is(_card):
    """Nothing is to be done."""


# A picture's name, the state in the gallery, what is done to the card first.
_STATES = {
    "created": ("before-a-start", _as_it_is),
    "running": ("details-running-with-time-left", _as_it_is),
    "logs": ("logs-of-a-failed-job", _read_log),
    "process": ("process-graph", _select_node),
    "details": ("details-finished-with-costs", _open("Details")),
    "requests": ("details-running-with-time-left", _read_requests),
    "failed": ("logs-of-a-failed-job", lambda card: card.locator("[data-index]").first.wait_for()),
    "duplicate": ("before-a-start", _duplicate),
    "confirm": (
        "job-running-progress-reported",
        lambda card: card.get_by_role("button", name="Cancel", exact=True).click(),
    ),
    "connection-lost": ("connection-lost", _as_it_is),
    "kernel-gone": ("running-kernel-gone", _as_it_is),
}


def _cells():
    """The number of each code cell by its tag."""
    cells = json.loads(_TOUR.read_text())["cells"]
    code = enumerate(cells)
    return {c["metadata"]["tags"][0]: i for i, c in code if c["cell_type"] == "code"}


@pytest.fixture(params=["light", "dark"])
def finished(request, notebook, backend):
    """The theme, and a function that starts a job of the tour, by its cell; its card at the end."""
    env = {"OPENEO_BACKEND_URL": backend.url}
    book = notebook(_TOUR, env=env, theme=request.param, size=(1100, 1180))
    book.run_all()

    def start(tag):
        card = book.output(_cells()[tag]).locator(".oew-job")
        card.get_by_role("button", name="Start", exact=True).click()
        expect(card).to_have_attribute("data-status", "finished", timeout=_FINISH_MS)
        return card

    return request.param, start


def _take(lab, card, end, name):
    """Take the picture when the map, which zooms to what is on it, stands still."""
    MapOnScreen(card.locator(".oew-results")).wait_settled()
    end.evaluate("element => element.scrollIntoView({block: 'end'})")
    lab.screenshot(_PICTURES / f"{name}.png")


def test_tour(finished, lab):
    theme, start = finished
    card = start("create-series")
    card.get_by_role("button", name="Download timeseries.json").click()
    expect(card.locator("[data-key='timeseries.json']")).to_have_attribute("data-download", "done")
    card.get_by_role("button", name="Preview timeseries.json").click()
    chart = card.locator(".oew-chart")
    expect(chart).to_be_visible()
    _take(lab, card, chart, f"tour-{theme}")


def test_raster(finished, lab):
    theme, start = finished
    card = start("create-job")
    card.get_by_role("button", name=re.compile(r"^Show .*\.tif on the map$")).click()
    raster = card.locator(".oew-raster")
    expect(raster).to_have_attribute("data-raster", "ready")
    _take(lab, card, raster, f"raster-{theme}")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", _STATES)
def test_card(gallery, name, theme):
    state, prepare = _STATES[name]
    page = gallery(width=760, color_scheme=theme, reduced_motion="reduce")
    card = page.locator(f"#{state} .oew-job").first
    prepare(card)
    card.scroll_into_view_if_needed()
    page.mouse.move(0, 0)
    expect(card.get_by_text("Loading the")).to_have_count(0)
    card.screenshot(path=_PICTURES / f"{name}-{theme}.png")
