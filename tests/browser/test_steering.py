"""Steering a job with the keyboard alone, and what is said before a start."""

import re

import pytest
from harness import wait_seen
from playwright.sync_api import expect

CREATE = """
from openeo_widgets import JobWidget, connect
connection = connect({url!r}).authenticate_basic("demo", "demo")
cube = connection.load_collection(
    "SENTINEL2_SAMPLE", temporal_extent=["2022-06-01", "2022-07-01"], bands={bands!r}
)
job = cube.save_result(format="GTiff").create_job(title="First")
widget = JobWidget(job)
widget
"""

# What a point on the screen belongs to: a menu that is cut off or covered is not there.
ON_TOP = """item => {
  const box = item.getBoundingClientRect();
  const seen = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  const inside = box.x >= 0 && box.y >= 0 && box.right <= innerWidth && box.bottom <= innerHeight;
  return inside && item.contains(seen);
}"""


def show(notebook, backend, bands=("B04",), **appearance):
    book = notebook([CREATE.format(url=backend.url, bands=list(bands))], **appearance)
    book.run_all()
    card = book.output(0).locator(".oew-job").first
    expect(card).to_have_attribute("data-status", "created")
    return book, card


def more(card):
    return card.get_by_role("button", name="More actions")


def pick(book, card, letter, item):
    """Open the menu and choose an item, with keys only."""
    more(card).focus()
    book.page.keyboard.press("Enter")
    book.page.keyboard.press(letter)
    chosen = card.get_by_role("menuitem", name=item)
    expect(chosen).to_be_focused()
    book.page.keyboard.press("Enter")


def test_the_title_is_edited_with_the_keyboard(notebook, backend, screenshot):
    book, card = show(notebook, backend)
    keys = book.page.keyboard
    more(card).focus()
    keys.press("ArrowDown")
    expect(card.get_by_role("menuitem", name="Refresh")).to_be_focused()
    screenshot("menu")
    keys.press("Escape")
    expect(more(card)).to_be_focused()
    expect(card.get_by_role("menu")).to_have_count(0)
    pick(book, card, "e", "Edit title and description…")
    title = card.get_by_role("textbox", name="Title")
    expect(title).to_be_focused()
    expect(title).to_have_value("First")
    # Keys of the notebook's command mode: "d d" would delete the cell, "b" add one.
    keys.press("ControlOrMeta+a")
    keys.type("added and b")
    screenshot("form")
    keys.press("Enter")
    expect(card.locator(".oew-title")).to_have_text("added and b")
    expect(more(card)).to_be_focused()
    assert book.evaluate("job.describe()['title']") == "added and b"
    assert book.panel.locator(".jp-Cell").count() == 1
    assert book.errors() == []


def test_a_copy_appears_below_and_is_deleted(notebook, backend, screenshot):
    book, card = show(notebook, backend)
    pick(book, card, "d", "Duplicate…")
    expect(card.get_by_role("textbox", name="Title")).to_have_value("First (copy)")
    book.page.keyboard.press("Enter")
    copies = book.output(0).get_by_role("region", name="Copies of this job")
    copy = copies.locator(".oew-job")
    expect(copy.locator(".oew-title")).to_have_text("First (copy)")
    expect(copy).to_have_attribute("data-status", "created")
    screenshot("copy")
    more(copy).focus()
    for key in ("Enter", "End", "Enter"):
        book.page.keyboard.press(key)
    expect(copy).to_contain_text("Deleting removes the job, its logs and its results, for good.")
    expect(copy.get_by_role("button", name="Keep")).to_be_focused()
    for key in ("Tab", "Enter"):
        book.page.keyboard.press(key)
    expect(copy).to_have_attribute("data-freshness", "deleted")
    expect(copy.locator(".oew-title")).to_have_text("First (copy)")
    screenshot("deleted")
    expect(card).to_have_attribute("data-freshness", re.compile("live"))
    assert book.evaluate("len(widget.copies)") == 1
    remove = copy.get_by_role("button", name="Remove from here")
    remove.focus()
    book.page.keyboard.press("Enter")
    expect(copies).to_have_count(0)
    expect(more(card)).to_be_focused()
    book.wait_evaluated(lambda count: count == 0, "len(widget.copies)")
    assert book.errors() == []


def test_what_a_start_would_cost_is_told(notebook, backend, screenshot):
    book, card = show(notebook, backend)
    said = card.locator(".oew-preflight")
    expect(said).to_contain_text(re.compile(r"Estimate: up to \d+ credits? · about \d+ s"))
    expect(said).to_contain_text(re.compile(r"free plan · [\d,]+ credits left"))
    screenshot("told")
    card.get_by_role("button", name="Start", exact=True).click()
    expect(card).to_have_attribute("data-status", "finished", timeout=60_000)
    expect(said).to_have_count(0)
    card.get_by_role("button", name="Start again").click()
    expect(card.get_by_role("group")).to_contain_text(
        re.compile(r"Starting again discards .+ of this job \(.+B\)\.")
    )
    expect(said).to_contain_text("Estimate:")
    screenshot("again")
    assert book.errors() == []


def test_problems_of_the_graph_are_warned_of(notebook, backend, screenshot):
    book, card = show(notebook, backend, bands=["B99"])
    warning = card.locator(".oew-warnings")
    expect(warning).to_contain_text("The back-end finds 1 problem in the process graph.")
    expect(warning).to_contain_text("loadcollection1")
    expect(card.locator(".oew-preflight")).to_contain_text("No estimate.")
    expect(card.get_by_text("B99")).to_have_count(1)
    expect(card.get_by_text("(node")).to_have_count(0)
    screenshot("warned")
    card.get_by_role("button", name="Show node loadcollection1").click()
    node = card.get_by_role("button", name="load_collection, problem")
    expect(node).to_be_focused()
    expect(card.locator(".oew-node-details")).to_contain_text("B99")
    screenshot("node")
    card.get_by_role("button", name="Start", exact=True).click()
    expect(card.locator(".oew-confirm")).to_contain_text("Start all the same?")
    card.get_by_role("button", name="Keep").click()
    expect(card).to_have_attribute("data-status", "created")
    assert book.evaluate("job.status()") == "created"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_menu_is_whole_on_a_narrow_page(notebook, backend, screenshot, theme):
    book, card = show(notebook, backend, theme=theme, size=(420, 560))
    more(card).click()
    items = card.get_by_role("menu").locator("[role^=menuitem]")
    expect(items.first).to_be_focused()
    wait_seen(book.page, lambda: items.evaluate_all(f"items => items.every({ON_TOP})"))
    screenshot("menu")
    assert items.count() >= 7


# As in a frame that may not write to the clipboard.
DENY = """() => {
  navigator.clipboard.writeText = () => Promise.reject(new DOMException("no", "NotAllowedError"));
  document.execCommand = () => false;
}"""
# What was put over those of the browser: the page is that of the next test, too.
ALLOW = "() => { delete navigator.clipboard.writeText; delete document.execCommand; }"


@pytest.fixture
def denied(lab):
    yield
    lab.page.evaluate(ALLOW)


@pytest.mark.usefixtures("denied")
def test_what_may_not_be_copied_is_copied_by_hand(notebook, backend, screenshot):
    book, card = show(notebook, backend)
    book.page.evaluate(DENY)
    field = card.get_by_role("dialog", name="Copy by hand").get_by_role("textbox")
    copy = card.get_by_role("button", name="Copy job id")
    copy.press("Enter")
    expect(field).to_be_focused()
    expect(field).to_have_value(book.evaluate("job.job_id"))
    screenshot("by hand")
    book.page.keyboard.press("Escape")
    expect(copy).to_be_focused()
    pick(book, card, "c", "Copy id")
    expect(field).to_be_focused()
    book.page.keyboard.press("ControlOrMeta+c")
    expect(field).to_have_count(0)
    expect(card).to_contain_text("Copied the id.")
    expect(more(card)).to_be_focused()
    assert book.errors() == []


def test_a_changed_form_is_not_left_without_a_word(notebook, backend, screenshot):
    book, card = show(notebook, backend)
    keys = book.page.keyboard
    pick(book, card, "e", "Edit title and description…")
    title = card.get_by_role("textbox", name="Title")
    expect(title).to_have_value("First")
    title.fill("typed")
    book.evaluate("widget.start()")
    expect(card).to_have_attribute("data-status", "finished", timeout=60_000)
    expect(title).to_have_value("typed")
    pick(book, card, "d", "Duplicate…")
    expect(card.get_by_role("button", name="Keep writing")).to_be_focused()
    screenshot("asked")
    keys.press("Escape")
    expect(title).to_have_value("typed")
    card.get_by_role("button", name="Save", exact=True).click()
    expect(card.locator(".oew-title").first).to_have_text("typed")
    expect(title).to_have_count(0)
    assert book.errors() == []
