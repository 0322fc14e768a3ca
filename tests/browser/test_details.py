"""The tabs Details and Requests, the time left, and the notification at the end."""

import re

import pytest
from harness import wait_seen
from playwright.sync_api import expect

SHOW = """
from openeo_widgets import JobWidget, connect
connection = connect({url!r})
widget = JobWidget.from_id('j-1', connection)
widget
"""
# What the browser would show on the desktop is kept instead, and nobody is at the page.
KEEP_NOTIFICATIONS = """() => {
  const real = window.Notification;
  window.kept = [];
  class Kept {
    static get permission() { return real.permission; }
    static requestPermission() { return real.requestPermission(); }
    constructor(title, options) { window.kept.push({title, ...options}); }
  }
  window.Notification = Kept;
  document.hasFocus = () => false;
  window.putBack = () => { window.Notification = real; delete document.hasFocus; };
}"""
TITLE = "NDVI <b>2022</b>"


@pytest.fixture
def running(scripted):
    """A running job with details, at a back-end with a currency."""
    capabilities = {"api_version": "1.2.0", "endpoints": [], "billing": {"currency": "credits"}}
    scripted.answers["GET /"] = (200, capabilities)
    scripted.job |= {
        "status": "running",
        "title": TITLE,
        "description": "First line\nsecond <i>line</i>",
        "plan": "academic",
        "costs": 14,
        "budget": None,
        "usage": {"cpu": {"value": 512, "unit": "cpu-seconds"}},
        "links": [{"href": f"{scripted.url}/about?sig=s3cr3t", "rel": "about", "title": "About"}],
    }
    scripted.answers["GET /about"] = (200, b"<!doctype html><title>About</title>")
    scripted.answers["GET /favicon.ico"] = (204, b"")  # a browser asks for it by itself
    return scripted


@pytest.fixture
def shown(notebook, running):
    book = notebook([SHOW.format(url=running.url)])
    book.run_all()
    expect(book.output(0).locator(".oew-job")).to_have_attribute("data-status", "running")
    return book


def panel(book, name):
    book.output(0).get_by_role("tab", name=name, exact=True).click()
    return book.output(0).get_by_role("tabpanel", name=name)


def test_details_are_shown_and_a_link_opens_on_a_click(shown):
    details = panel(shown, "Details")
    expect(details).to_contain_text("14 credits")
    expect(details).to_contain_text("no limit")
    expect(details).to_contain_text("academic")
    expect(details.get_by_role("row", name="CPU")).to_contain_text("512 cpu-seconds")
    expect(details).to_contain_text("second <i>line</i>")
    assert "s3cr3t" not in shown.output(0).inner_html()
    with shown.page.context.expect_page() as opened:
        details.get_by_role("button", name="Open About").click()
    opened.value.wait_for_url(re.compile(r"/about\?sig=s3cr3t$"))
    assert opened.value.evaluate("() => window.opener === null && document.referrer === ''")
    opened.value.close()
    assert shown.errors() == []


def test_requests_appear_while_they_are_made_with_their_line_of_python(shown, running):
    requests = panel(shown, "Requests")
    table = requests.get_by_role("table", name="Requests, oldest first")
    expect(table.get_by_role("row", name="job.describe()").first).to_contain_text("/jobs/j-1")
    expect(table.get_by_role("row", name="job.stop()")).to_have_count(0)
    output = shown.output(0)
    output.get_by_role("button", name="Cancel", exact=True).click()
    output.get_by_role("button", name="Yes, cancel").click()
    canceled = table.get_by_role("row", name="job.stop()")
    expect(canceled).to_contain_text("DELETE /jobs/j-1/results")
    expect(canceled).to_contain_text("204")
    expect(output.locator(".oew-job")).to_have_attribute("data-status", "canceled")
    # More may be asked at any moment; the table has them all.
    rows = table.locator("tbody tr")
    shown.wait_evaluated(lambda count: rows.count() == count, "widget.request_count")
    assert shown.errors() == []


def test_a_narrow_card_shows_requests_without_scrolling_sideways(notebook, running):
    book = notebook([SHOW.format(url=running.url)], size=(640, 900))
    book.run_all()
    book.output(0).locator(".oew-job").evaluate("card => { card.style.width = '320px'; }")
    card = book.output(0).locator(".oew-job")
    for name, there in (("Requests", "job.describe()"), ("Details", "academic")):
        expect(panel(book, name)).to_contain_text(there)
        wait_seen(book.page, lambda: card.evaluate("card => card.scrollWidth <= card.clientWidth"))


def test_the_end_is_told_on_the_desktop_if_that_was_wanted(shown, running):
    page = shown.page
    page.context.grant_permissions(["notifications"])
    page.evaluate(KEEP_NOTIFICATIONS)
    try:
        details = panel(shown, "Details")
        box = details.get_by_role("checkbox", name="Notify me on the desktop when the job ends")
        box.click()
        expect(box).to_be_checked()
        shown.wait_evaluated(bool, "widget.notify")
        running.job["status"] = "finished"
        page.wait_for_function("() => window.kept.length > 0")
        expect(shown.output(0).locator(".oew-end-line")).to_contain_text("cost 14 credits")
        kept = page.evaluate("() => window.kept")
    finally:
        page.evaluate("() => window.putBack()")
        page.context.clear_permissions()
    assert [(note["title"], note["tag"]) for note in kept] == [(f"{TITLE}: finished", "j-1")]


def test_the_time_left_is_told_from_progress(shown, running):
    line = shown.output(0).locator(".oew-eta")
    expect(line).to_have_count(0)
    running.job["progress"] = 10
    shown.output(0).get_by_role("button", name="Ask now").click()
    expect(shown.output(0).locator(".oew-progress")).to_have_attribute("data-progress", "10")

    def further():
        running.job["progress"] += 1
        return 200, running.job

    running.answers["GET /jobs/j-1"] = further
    expect(line).to_contain_text("from its progress", timeout=60_000)
    expect(line).to_contain_text("left")
