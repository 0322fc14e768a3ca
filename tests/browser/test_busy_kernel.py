"""While a cell runs, the widget lives."""

import pytest
from playwright.sync_api import expect

SHOW = """
from openeo_widgets import JobWidget, connect
widget = JobWidget.from_id('j-1', connect({url!r}))
widget
"""
# The cell runs until the test lets it go: nothing here depends on how long anything takes.
HOLD = """
import pathlib, time
while not pathlib.Path('go').exists():
    time.sleep(0.02)
"""


@pytest.fixture
def held(notebook, scripted):
    """A running job's widget, above a cell that runs until `go` is called."""

    def show(*, subshells, since=6):
        scripted.job["status"] = "running"
        book = notebook([SHOW.format(url=scripted.url), HOLD], subshells=subshells)
        if book.evaluate("__import__('ipykernel').version_info[0]") < since:
            pytest.skip(f"Subshells came with ipykernel {since}.")
        book.run(0)
        card = book.output(0).locator(".oew-job")
        expect(card).to_have_attribute("data-status", "running")
        book.run(1, wait=False)
        expect(book.cell(1).locator(".jp-InputPrompt")).to_have_text("[*]:")
        return book, card

    return show


def ask_for_cancel(card):
    card.get_by_role("button", name="Cancel", exact=True).click()
    card.get_by_role("button", name="Yes, cancel").click()


def let_go(book):
    (book.folder / "go").touch()
    book.wait_done()


def test_with_subshells_status_moves_and_cancel_works_at_once(held, scripted):
    book, card = held(subshells=True, since=7)
    scripted.job["progress"] = 40
    expect(card).to_contain_text("40 %")
    ask_for_cancel(card)
    expect(card).to_have_attribute("data-status", "canceled")
    assert book.is_running
    assert scripted.asked.count("DELETE /jobs/j-1/results") == 1
    let_go(book)


def test_without_subshells_status_moves_and_cancel_works_once_the_cell_ends(held, scripted):
    book, card = held(subshells=False)
    scripted.job["progress"] = 40
    expect(card).to_contain_text("40 %")
    ask_for_cancel(card)
    scripted.job["progress"] = 50
    expect(card).to_contain_text("50 %")
    assert book.is_running
    assert "DELETE /jobs/j-1/results" not in scripted.asked
    let_go(book)
    expect(card).to_have_attribute("data-status", "canceled")
    assert scripted.asked.count("DELETE /jobs/j-1/results") == 1


def test_a_cell_that_waits_for_the_job_keeps_nobody_from_starting_it(notebook, scripted):
    book = notebook([SHOW.format(url=scripted.url), "(await widget.finished()).status()"])
    book.run(0)
    card = book.output(0).locator(".oew-job")
    card.get_by_role("button", name="Start", exact=True).click()
    expect(card).to_have_attribute("data-status", "running")
    book.run(1, wait=False)
    expect(book.cell(1).locator(".jp-InputPrompt")).to_have_text("[*]:")
    scripted.job["progress"] = 70
    expect(card).to_contain_text("70 %")
    scripted.job["status"] = "finished"
    book.wait_done()
    expect(book.output(1)).to_contain_text("finished")
    expect(card).to_have_attribute("data-status", "finished")


def test_a_double_click_is_one_start(notebook, scripted):
    book = notebook([SHOW.format(url=scripted.url)])
    book.run_all()
    book.output(0).get_by_role("button", name="Start", exact=True).dblclick()
    expect(book.output(0).locator(".oew-job")).to_have_attribute("data-status", "running")
    assert scripted.asked.count("POST /jobs/j-1/results") == 1


def test_two_views_of_one_widget_show_the_same(notebook, scripted):
    book = notebook([SHOW.format(url=scripted.url), "widget", "widget.close()"])
    book.run(0)
    book.run(1)
    book.output(0).get_by_role("button", name="Start", exact=True).click()
    for cell in (0, 1):
        expect(book.output(cell).locator(".oew-job")).to_have_attribute("data-status", "running")
    book.run(2)
    for cell in (0, 1):
        expect(book.output(cell).locator(".oew-job")).to_have_count(0)
