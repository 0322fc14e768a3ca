"""A whole session in JupyterLab without a mouse; and what a screen reader hears of a job's life."""

import re

import pytest
from harness import wait_seen
from playwright.sync_api import expect

CREATE = """
from openeo_widgets import JobWidget, connect
connection = connect({url!r}).authenticate_basic("demo", "demo")
cube = connection.load_collection(
    "SENTINEL2_SAMPLE", temporal_extent=["2022-06-01", "2022-07-15"], bands=["B04", "B08"]
)
cube = cube.ndvi(nir="B08", red="B04").reduce_dimension(dimension="t", reducer="mean")
job = cube.save_result(format="GTiff").create_job(title="First")
JobWidget(job)
"""
SHOW = """
from openeo_widgets import JobWidget, connect
JobWidget.from_id('j-1', connect({url!r}))
"""
# Where the focus is: within the card, and drawn with an outline, its own or around what it is in.
FOCUS = """card => {
  const element = document.activeElement;
  if (!card.contains(element)) return `lost to ${element.tagName} ${element.className}`;
  if (!element.matches(':focus-visible')) return `hidden on ${element.outerHTML.slice(0, 120)}`;
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  const drawn = outlineStyle !== 'none' && parseFloat(outlineWidth) > 0;
  return drawn || element.matches('form') ? '' : `no outline: ${element.outerHTML.slice(0, 120)}`;
}"""
# Each new text of a live region, with no account of what is said twice in a row.
LISTEN = """card => {
  const regions = '[role=status], [role=alert], [aria-live=polite], [aria-live=assertive]';
  window.heard = [];
  new MutationObserver(changes => {
    const touched = new Set();
    for (const { target } of changes) {
      const element = target.nodeType === 1 ? target : target.parentElement;
      const region = element?.closest(regions);
      if (region && card.contains(region)) touched.add(region);
    }
    for (const region of touched) if (region.textContent) window.heard.push(region.textContent);
  }).observe(card, {subtree: true, childList: true, characterData: true});
}"""


class Keys:
    """Presses keys, and after each one asks where the focus is."""

    def __init__(self, book, card):
        self._keyboard = book.page.keyboard
        self._card = card

    def press(self, *keys):
        for key in keys:
            self._keyboard.press(key)
            self.check()

    def type(self, text):
        self._keyboard.type(text)
        self.check()

    def check(self):
        wait_seen(self._card.page, lambda: self._card.evaluate(FOCUS), lambda lost: lost == "")

    def tab_to(self, wanted, key="Tab"):
        """Press Tab until something has the focus; a person would not press it forever."""
        for _ in range(40):
            if wanted.evaluate("element => element === document.activeElement"):
                return
            self.press(key)
        pytest.fail(f"Tab never comes to {wanted}")


@pytest.fixture
def session(notebook, backend):
    book = notebook([CREATE.format(url=backend.url)])
    book.run_all()
    card = book.output(0).locator(".oew-job").first
    expect(card).to_have_attribute("data-status", "created")
    expect(card.locator(".oew-preflight")).to_contain_text("Estimate:")
    # In command mode, in which JupyterLab takes plain keys: "d d" deletes the cell.
    book.cell(0).locator(".jp-InputPrompt").click()
    expect(book.panel.locator(".jp-Notebook")).to_have_class(re.compile("jp-mod-commandMode"))
    # The way in, as Tab finds it from the cell above.
    card.get_by_role("button", name="Copy job id").focus()
    return book, card, Keys(book, card)


def button(card, name):
    return card.get_by_role("button", name=name, exact=True)


def tab(card, name):
    return card.get_by_role("tab", name=name, exact=True)


def test_a_whole_session_without_a_mouse(session):
    """One session and no pieces of it: the way from one to the next is what is tried."""
    book, card, keys = session
    edit_and_keep(book, card, keys)
    keys.tab_to(button(card, "Start"), "Shift+Tab")
    keys.press("Enter")
    expect(card).to_have_attribute("data-status", "finished", timeout=60_000)
    keys.check()
    read_logs(card, keys)
    walk_graph(card, keys)
    keys.tab_to(tab(card, "Process"), "Shift+Tab")
    keys.press("ArrowRight")
    expect(card.get_by_role("tabpanel", name="Requests")).to_contain_text("/jobs")
    assert book.panel.locator(".jp-Cell").count() == 1
    assert book.page.locator(".jp-Notebook.jp-mod-editMode").count() == 0
    assert book.errors() == []


def edit_and_keep(book, card, keys):
    more = button(card, "More actions")
    keys.press("Tab")
    keys.tab_to(more)
    keys.press("d", "d", "b", "Enter", "ArrowDown", "e", "Enter")
    title = card.get_by_role("textbox", name="Title")
    expect(title).to_be_focused()
    keys.press("ControlOrMeta+a")
    keys.type("dd a b")
    book.page.evaluate(
        "() => { window.jupyterapp.shell.currentWidget.context.model.dirty = true; }"
    )
    keys.press("ControlOrMeta+s")
    book.page.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty")
    keys.press("Enter")
    expect(card.locator(".oew-title")).to_have_text("dd a b")
    expect(more).to_be_focused()

    keys.press("Enter", "d", "Enter")
    expect(card.get_by_role("textbox", name="Title")).to_be_focused()
    keys.tab_to(button(card, "Discard"))
    keys.press("Enter")
    expect(more).to_be_focused()


def read_logs(card, keys):
    keys.tab_to(tab(card, "Logs"))
    keys.press("Enter")
    rows = card.get_by_role("listbox")
    expect(card.locator("[data-index]").first).to_be_visible()
    keys.tab_to(rows)
    keys.press("Home", "ArrowDown", "Enter")
    expect(card.locator(".oew-log-details")).to_be_visible()
    keys.press("Escape")
    expect(rows).to_be_focused()


def walk_graph(card, keys):
    keys.tab_to(tab(card, "Logs"), "Shift+Tab")
    keys.press("ArrowRight", "ArrowRight")
    expect(tab(card, "Process")).to_be_focused()
    expect(card.locator(".oew-node").first).to_be_visible(timeout=20_000)
    keys.tab_to(card.locator(".oew-node-main[tabindex='0']"))
    keys.press("Enter")
    expect(card.locator(".oew-node-details")).to_be_visible()
    keys.press("Escape")
    reduce = card.locator(".oew-node-main", has_text="reduce_dimension")
    for key in ("End", "ArrowLeft"):  # from the result to what it is made of
        keys.press(key)
    expect(reduce).to_be_focused()
    keys.press("Tab", "Enter")
    crumbs = card.get_by_role("navigation", name="Place in the process")
    expect(crumbs).to_contain_text("reducer")
    keys.press("Escape")
    expect(crumbs).not_to_contain_text("reducer")


def test_keys_are_the_notebook_s_after_a_click_beside_the_card(session):
    book, card, _ = session
    cells = book.panel.locator(".jp-Cell")
    more = button(card, "More actions")
    more.click()
    book.page.keyboard.press("Escape")
    expect(more).to_be_focused()
    for key in ("b", "b", "d", "d"):
        book.page.keyboard.press(key)
    expect(cells).to_have_count(1)
    # What has the focus keeps it, and the person means the notebook all the same.
    book.cell(0).locator(".jp-InputPrompt").click()
    expect(more).to_be_focused()
    book.page.keyboard.press("b")
    expect(cells).to_have_count(2)
    card.locator(".oew-title").click()
    more.focus()
    for key in ("b", "d", "d"):
        book.page.keyboard.press(key)
    expect(more).to_be_focused()
    expect(cells).to_have_count(2)


def test_cancel_asks_and_keeps_the_focus(notebook, scripted):
    scripted.job["status"] = "running"
    book = notebook([SHOW.format(url=scripted.url)])
    book.run_all()
    card = book.output(0).locator(".oew-job")
    cancel = card.get_by_role("button", name="Cancel", exact=True)
    cancel.focus()
    keys = Keys(book, card)
    keep = card.get_by_role("button", name="Keep")
    keys.press("Enter")
    expect(keep).to_be_focused()
    keys.press("Escape")
    expect(cancel).to_be_focused()
    keys.press("Enter")
    expect(keep).to_be_focused()
    keys.press("Tab", "Enter")
    expect(card).to_have_attribute("data-status", "canceled")
    keys.check()
    assert scripted.asked.count("DELETE /jobs/j-1/results") == 1
    assert book.panel.locator(".jp-Cell").count() == 1


def test_each_status_is_announced_once_and_nothing_that_ticks(notebook, scripted):
    scripted.job["title"] = "NDVI"
    book = notebook([SHOW.format(url=scripted.url)])
    book.run_all()
    card = book.output(0).locator(".oew-job")
    expect(card).to_have_attribute("data-status", "created")
    card.get_by_role("tab", name="Logs").click()
    expect(card.locator(".oew-logs")).to_have_attribute("data-state", "ready")
    card.evaluate(LISTEN)

    def start():
        scripted.job["status"] = "queued"
        return 202, b""

    scripted.answers["POST /jobs/j-1/results"] = start
    for number, status in enumerate(("queued", "running", "finished")):
        entry = {"id": str(number), "level": "info", "message": f"now {status}"}
        scripted.answers["GET /jobs/j-1/logs"] = (200, {"logs": [entry], "links": []})
        if status == "queued":
            card.get_by_role("button", name="Start", exact=True).click()
        else:
            scripted.job["status"] = status
        expect(card).to_have_attribute("data-status", status, timeout=30_000)
        for progress in (30, 60) if status == "running" else ():
            scripted.job["progress"] = progress
            expect(card).to_contain_text(f"{progress} %", timeout=30_000)
    expect(card.locator(".oew-results")).to_be_visible()
    book.page.wait_for_function("() => window.heard.includes('NDVI: finished')")
    heard = book.page.evaluate("() => window.heard")
    for status in ("queued", "running", "finished"):
        assert heard.count(f"NDVI: {status}") == 1, heard
    assert len(heard) == len(set(heard)), heard
    assert len(heard) <= 6, heard
