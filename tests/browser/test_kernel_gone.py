"""A card that outlives its kernel says so at once, and brings no answer that nobody gives."""

from playwright.sync_api import expect

SHOW = """
from openeo_widgets import JobWidget, connect
connection = connect({url!r})
JobWidget.from_id('j-1', connection)
"""
# As "Restart Kernel…" does it, without its question.
RESTART = """async () => {
  await window.jupyterapp.shell.currentWidget.sessionContext.restartKernel();
}"""


def test_a_restarted_kernel_is_told_at_once_and_the_cell_brings_the_card_back(
    notebook, scripted, screenshot
):
    scripted.job |= {"status": "running", "progress": 40}
    book = notebook([SHOW.format(url=scripted.url)])
    book.run_all()
    card = book.output(0).locator(".oew-job")
    expect(card).to_have_attribute("data-freshness", "live")
    cancel = card.get_by_role("button", name="Cancel", exact=True)
    cancel.focus()

    book.page.evaluate(RESTART)
    expect(card).to_contain_text(
        "The kernel that this card belongs to is gone. Run this cell again"
    )
    expect(card).to_contain_text('JobWidget.from_id("j-1", connection)')
    expect(card).to_have_attribute("data-freshness", "cut_off")
    expect(card).not_to_contain_text("live")
    expect(cancel).to_be_focused()
    for name in ("Cancel", "More actions", "Ask now"):
        button = card.get_by_role("button", name=name, exact=True)
        expect(button).to_have_attribute("aria-disabled", "true")
    screenshot("gone")

    book.run_all()
    expect(card).to_have_attribute("data-freshness", "live")
    expect(card.locator(".oew-gone")).to_have_count(0)
    assert book.errors() == []


def test_the_results_below_offer_nothing_either(notebook, scripted, screenshot):
    scripted.job["status"] = "finished"
    book = notebook([SHOW.format(url=scripted.url)])
    book.run_all()
    card = book.output(0).locator(".oew-job")
    results = card.locator(".oew-results")
    expect(results).to_have_attribute("data-state", "ready")
    everything = results.get_by_role("button", name="Download all")
    everything.focus()
    book.page.evaluate(RESTART)
    expect(card.locator(".oew-gone").first).to_be_visible()
    expect(results.locator(".oew-gone")).to_be_hidden()  # it is said once
    expect(everything).to_be_focused()
    for button in results.locator(".oew-list button").all():
        expect(button).to_have_attribute("aria-disabled", "true")
    screenshot("gone")

    book.run_all()
    expect(results).to_have_attribute("data-state", "ready")
    expect(everything).not_to_have_attribute("aria-disabled", "true")
    assert book.errors() == []
