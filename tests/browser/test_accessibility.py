"""The card within JupyterLab's own colours and pages: axe-core finds nothing moderate or worse.

tests/browser/test_gallery.py tries every state, without JupyterLab.
"""

import pytest
from harness.looks import cut_off, grave_faults
from playwright.sync_api import expect

CARD = ".oew-job"
SHOW = """
from openeo_widgets import JobWidget, connect
JobWidget.from_id('j-1', connect({url!r}))
"""
GRAPH = {
    "load1": {"process_id": "load_collection", "arguments": {"id": "SENTINEL2_L2A"}},
    "save1": {
        "process_id": "save_result",
        "arguments": {"data": {"from_node": "load1"}, "format": "GTiff"},
        "result": True,
    },
}
LOGS = [
    {"id": "1", "level": "warning", "message": "No valid pixel", "time": "2026-01-01T10:00:00Z"},
    {
        "id": "2",
        "level": "error",
        "message": "Out of memory",
        "code": "Killed",
        "data": {"limit": "4 GB"},
        "path": [{"node_id": "save1", "process_id": "save_result"}],
    },
]
OPTIONAL = (
    ("GET", "/jobs/{job_id}/logs"),
    ("DELETE", "/jobs/{job_id}"),
    ("PATCH", "/jobs/{job_id}"),
    ("POST", "/jobs"),
)


@pytest.fixture(params=["light", "dark"])
def theme(request):
    return request.param


@pytest.fixture(params=[1280, 480], ids=["wide", "narrow"])
def show(request, notebook, scripted, theme):
    """A function that shows the card of the scripted back-end's job; a narrow one is 320 px."""
    endpoints = [{"path": path, "methods": [method]} for method, path in OPTIONAL]
    scripted.answers["GET /"] = (200, {"api_version": "1.2.0", "endpoints": endpoints})
    scripted.answers["GET /jobs/j-1/logs"] = (200, {"logs": LOGS, "links": []})
    scripted.job |= {"title": "NDVI", "process": {"process_graph": GRAPH}}

    def make(**job):
        scripted.job |= job
        cell = SHOW.format(url=scripted.url)
        book = notebook([cell], theme=theme, size=(request.param, 900))
        book.run_all()
        card = book.output(0).locator(CARD)
        expect(card).to_have_attribute("data-status", scripted.job["status"])
        return book.page, card

    return make


def faults(page):
    return grave_faults(page, CARD, also=["moderate"]) + cut_off(page, CARD)


def test_created_with_menu_form_and_question(show):
    page, card = show()
    assert faults(page) == []
    more = card.get_by_role("button", name="More actions")
    more.click()
    expect(card.get_by_role("menu")).to_be_visible()
    assert faults(page) == []
    card.get_by_role("menuitem", name="Duplicate…").click()
    expect(card.get_by_role("textbox", name="Title")).to_be_focused()
    assert faults(page) == []
    card.get_by_role("button", name="Discard", exact=True).click()
    more.click()
    card.get_by_role("menuitem", name="Delete…").click()
    expect(card.get_by_role("button", name="Keep")).to_be_focused()
    assert faults(page) == []


def test_failed_with_each_tab(show):
    page, card = show(status="error", progress=40)
    expect(card.locator("[data-index]").first).to_be_visible()  # opened by itself
    card.get_by_role("listbox").press("End")
    card.get_by_role("listbox").press("Enter")
    expect(card.locator(".oew-log-details")).to_contain_text("Killed")
    assert faults(page) == []
    for name in ("Details", "Process", "Requests"):
        card.get_by_role("tab", name=name, exact=True).click()
        if name == "Process":
            card.locator(".oew-node-main").first.click()
            expect(card.locator(".oew-node-details")).to_be_visible()
        assert faults(page) == [], name


def test_running_and_the_connection_lost(show, scripted):
    page, card = show(status="running", progress=40)
    assert faults(page) == []
    scripted.answers["GET /jobs/j-1"] = (200, ConnectionError())
    card.get_by_role("button", name="Ask now").click()
    expect(card).to_have_attribute("data-freshness", "lost", timeout=30_000)
    assert faults(page) == []


def test_finished_with_results(show):
    page, card = show(status="finished")
    expect(card.locator(".oew-results")).to_have_attribute("data-state", "ready")
    assert faults(page) == []
