"""The tab of the logs in JupyterLab: long logs, live ones, and what is read stays where it is."""

from urllib.parse import parse_qs, urlsplit

import pytest
from harness import wait_seen, wait_still
from playwright.sync_api import expect

SHOW = """
from openeo_widgets import JobWidget, connect
JobWidget.from_id('j-1', connect({url!r}))
"""


class Log:
    """The log of the scripted back-end's job, by offset."""

    def __init__(self, scripted):
        self.entries = []
        scripted.logs = self.answer

    def add(self, count, level="info", message="Entry"):
        begin = len(self.entries)
        self.entries += [
            {
                "id": str(n),
                "level": level,
                "message": f"{message} {n}",
                "time": f"2026-01-01T{n // 3600 % 24:02}:{n // 60 % 60:02}:{n % 60:02}Z",
            }
            for n in range(begin, begin + count)
        ]

    def answer(self, target):
        offset = parse_qs(urlsplit(target).query).get("offset", ["-1"])[0]
        return 200, {"logs": self.entries[int(offset) + 1 :], "links": []}


@pytest.fixture
def log(scripted):
    return Log(scripted)


@pytest.fixture
def panel(notebook, scripted):
    """A function that shows the card with its logs opened, and returns the panel."""

    def show(**appearance):
        book = notebook([SHOW.format(url=scripted.url)], **appearance)
        book.run_all()
        card = book.output(0).locator(".oew-job")
        expect(card).to_have_attribute("data-status", scripted.job["status"])
        if scripted.job["status"] != "error":  # of a failed job they open by themselves
            card.get_by_role("tab", name="Logs").click()
        found = card.locator(".oew-logs")
        expect(found).to_have_attribute("data-state", "ready")
        return found

    return show


def top(panel):
    return panel.get_by_role("listbox").evaluate("list => list.scrollTop")


def row(panel, number):
    return panel.locator(f"[data-index='{number}']")


def test_a_long_log_is_wholly_there_and_mostly_not_in_the_page(scripted, log, panel):
    scripted.job["status"] = "finished"
    log.add(100_000)
    shown = panel()
    expect(row(shown, 99_999)).to_be_visible()
    assert shown.get_by_role("option").count() < 60
    shown.get_by_role("listbox").focus()
    shown.page.keyboard.press("Home")
    expect(row(shown, 0)).to_be_visible()
    shown.page.keyboard.press("End")
    expect(row(shown, 99_999)).to_be_visible()
    shown.get_by_label("Search the logs").fill("entry 77777")
    expect(row(shown, 77_777)).to_be_visible()
    expect(shown).to_contain_text("1 row found")


def test_what_is_read_and_marked_stays_while_others_come(scripted, log, panel):
    scripted.job["status"] = "running"
    log.add(500)
    shown = panel()
    page = shown.page
    expect(row(shown, 499)).to_be_visible()
    log.add(100)
    expect(row(shown, 599)).to_be_visible(timeout=20_000)  # it follows

    shown.get_by_role("listbox").hover()
    page.mouse.wheel(0, -3000)
    expect(shown.get_by_role("button", name="Newest")).to_be_visible()
    expect(row(shown, 599)).to_have_count(0)
    wait_still(page, lambda: top(shown))
    words = shown.locator(".oew-log-message bdi").nth(12)
    words.dblclick()
    before = wait_still(page, lambda: top(shown))
    marked = page.evaluate("() => getSelection().toString()")
    assert marked
    log.add(100)
    expect(shown.locator(".oew-log-foot")).to_contain_text("700 entries", timeout=20_000)
    wait_seen(page, lambda: top(shown), lambda found: found == before)
    assert page.evaluate("() => getSelection().toString()") == marked

    page.evaluate("() => getSelection().removeAllRanges()")
    shown.get_by_role("button", name="Newest").click()
    expect(row(shown, 699)).to_be_visible()


def test_errors_first_after_a_failure_with_details_and_the_cause(scripted, log, panel, screenshot):
    scripted.job["status"] = "error"
    log.add(300)
    log.add(1, "error", "Container killed: memory limit of 4 GB exceeded")
    log.entries[-1] |= {"code": "Killed", "data": {"limit": "4 GB"}, "path": [{"node_id": "agg1"}]}
    shown = panel()
    expect(shown.locator("[data-index]")).to_have_count(1)
    expect(shown.page.locator(".oew-job-error")).to_contain_text("It ran out of memory.")
    shown.get_by_role("listbox").focus()
    shown.page.keyboard.press("End")
    shown.page.keyboard.press("Enter")
    details = shown.locator(".oew-log-details")
    for words in ("memory limit of 4 GB", "Killed", "agg1", "limit"):
        expect(details).to_contain_text(words)
    screenshot("details")
    shown.page.keyboard.press("Escape")
    expect(details).to_have_count(0)
    expect(shown.get_by_role("listbox")).to_be_focused()
    shown.get_by_role("button", name="Only errors are shown: show all").click()
    expect(row(shown, 299)).to_be_visible()


def test_the_log_is_saved_to_this_computer(scripted, log, panel):
    scripted.job["status"] = "finished"
    log.add(1200)
    shown = panel()
    with shown.page.expect_download() as download:
        shown.get_by_role("button", name="Save these entries as text").click()
    assert download.value.suggested_filename == "j-1-logs.txt"
    lines = download.value.path().read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1200
    assert lines[-1].endswith("Entry 1199")


def test_a_back_end_without_logs_is_told_in_the_tab(scripted, notebook):
    scripted.answers["GET /jobs/j-1/logs"] = (501, {"code": "FeatureUnsupported", "message": "No"})
    book = notebook([SHOW.format(url=scripted.url)])
    book.run_all()
    card = book.output(0).locator(".oew-job")
    card.get_by_role("tab", name="Logs").click()
    expect(card.locator(".oew-logs")).to_contain_text("does not tell the logs")
    scripted.answers["GET /jobs/j-1/logs"] = (200, {"logs": [{"id": "1", "message": "There"}]})
    card.get_by_role("button", name="Try again").click()
    expect(row(card, 0)).to_contain_text("There")
    assert book.errors() == []
