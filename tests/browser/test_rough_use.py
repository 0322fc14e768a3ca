"""What people do that nobody planned: too early, once more, and after the kernel is gone."""

import pytest
from harness import ITEM, MapOnScreen
from playwright.sync_api import expect

CONNECT = """
from openeo_widgets import JobWidget, ResultsWidget, connect
connection = connect({url!r})
"""
SHOW_JOB = CONNECT + "JobWidget.from_id('j-1', connection)"
SHOW_RESULTS = CONNECT + "ResultsWidget(connection.job('j-1'))"
RESTART = """async () => {
  await window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart();
}"""
PLACED = {**ITEM, "bbox": [16.0, 48.0, 17.0, 49.0]}


def show(notebook, scripted, source, **appearance):
    book = notebook([source.format(url=scripted.url)], **appearance)
    book.run_all()
    return book


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 700)])
def test_results_that_are_asked_for_too_early_come_by_themselves(
    notebook, scripted, screenshot, theme, width
):
    unfinished = {"code": "JobNotFinished", "message": "The job is not finished yet.", "id": "r-8"}
    scripted.answers["GET /jobs/j-1/results"] = (400, unfinished)
    scripted.job["status"] = "running"
    book = show(notebook, scripted, SHOW_RESULTS, theme=theme, size=(width, 800))
    card = book.output(0).locator(".oew-results")
    expect(card).to_have_attribute("data-state", "waiting")
    expect(card).to_contain_text("No results yet")
    screenshot("waiting")
    scripted.answers["GET /jobs/j-1/results"] = (200, PLACED)
    scripted.job["status"] = "finished"
    expect(card).to_have_attribute("data-state", "ready", timeout=20_000)
    # The map appears with them, at the right place: it is there, and holds the footprint.
    MapOnScreen(book.output(0)).wait_drawn()
    screenshot("ready")
    assert book.errors() == []


def test_a_finished_job_is_started_again(notebook, scripted, screenshot):
    scripted.job["status"] = "finished"
    scripted.answers["GET /jobs/j-1/results"] = (200, PLACED)
    book = show(notebook, scripted, SHOW_JOB)
    output = book.output(0)
    MapOnScreen(output).wait_drawn()
    output.get_by_role("button", name="Start again").click()
    screenshot("asked")
    output.get_by_role("group").get_by_role("button", name="Start again").click()
    expect(output.locator(".oew-job")).to_have_attribute("data-status", "running")
    expect(output.locator(".oew-results")).to_have_count(0)
    scripted.job = {**scripted.job, "status": "finished"}
    MapOnScreen(output).wait_drawn()
    assert book.errors() == []


def test_a_button_of_a_kernel_that_was_restarted_says_so(notebook, scripted, screenshot):
    book = show(notebook, scripted, SHOW_JOB)
    card = book.output(0).locator(".oew-job")
    expect(card).to_have_attribute("data-status", "created")
    book.page.evaluate(RESTART)
    expect(card).to_contain_text("Run this cell again")
    button = card.get_by_role("button", name="Start", exact=True)
    expect(button).to_have_attribute("aria-disabled", "true")
    button.click(force=True)
    screenshot("restarted")
    assert not any(asked.startswith("POST") for asked in scripted.asked)
    book.run_all()
    expect(book.output(0).locator(".oew-job")).to_have_attribute("data-freshness", "live")
