"""Every preview, as the gallery has them: no fault for assistive technology, nothing cut.

Without JupyterLab, so that all of them can be tried in each theme and width.
"""

import re

import pytest
from harness.looks import CLICK, LOOKS, RTL, cut_off, grave_faults
from harness.waiting import wait_seen
from playwright.sync_api import expect

PREVIEW = ".oew-preview"


@pytest.fixture(params=LOOKS.values(), ids=LOOKS)
def page(gallery, request):
    found = gallery(only="results", **request.param)
    settle(found)
    return found


def settle(page):
    """Wait until every view has its say."""
    waiting = page.locator(
        f"{PREVIEW} p", has_text=re.compile("^(Loading the view|Reading the im)")
    )
    expect(waiting).to_have_count(0, timeout=30_000)


def faults(page):
    return grave_faults(page, PREVIEW) + cut_off(page, PREVIEW)


def test_views_that_come_first(page):
    assert page.locator(".oew-view").count() > 10
    expect(page.locator("#table-of-a-million-rows [data-row='7']")).to_contain_text("2022-01-10")
    assert faults(page) == []


def test_views_that_come_second(page):
    page.locator(".oew-preview [role=tab][aria-selected=false]:last-child").evaluate_all(CLICK)
    settle(page)
    assert faults(page) == []


def test_what_somebody_opens_in_them(page):
    table = page.locator("#table-of-a-million-rows")
    table.get_by_role("grid").focus()
    for key in ("ArrowDown", "Shift+ArrowDown", "Shift+ArrowRight"):
        page.keyboard.press(key)
    table.get_by_role("button", name="Chart columns").click()
    expect(table.get_by_role("figure")).to_be_visible()
    tree = page.locator("#tree-of-features")
    tree.get_by_role("searchbox").fill("field 4321")
    expect(tree.locator("[data-at=true]")).to_have_attribute("data-path", re.compile("4321"))
    plot = page.locator("#chart-by-geometry-and-band .oew-plot")
    plot.focus()
    page.keyboard.press("End")
    expect(plot.locator(".oew-readout")).to_contain_text("2023-02-06")
    assert faults(page) == []


def test_from_right_to_left(gallery):
    page = gallery(only="results", width=320)
    page.evaluate(RTL)
    settle(page)
    assert cut_off(page, PREVIEW) == []


def test_a_frame_runs_nothing_and_asks_for_nothing(gallery):
    page = gallery(only="results")
    asked = []

    def note(request):
        asked.append(request)

    page.on("request", note)
    settle(page)
    frame = page.frame_locator("#facts-and-html iframe")
    expect(frame.locator("body")).to_contain_text("xarray.Dataset")
    expect(frame.locator("body")).not_to_have_text("ran")
    # What the frame's policy stops may be told as asked for all the same, and as stopped by it.
    pixels = [request for request in asked if "pixel" in request.url]
    wait_seen(page, lambda: all(request.failure for request in pixels))
    assert [one.failure for one in pixels if "csp" not in one.failure.lower()] == []
