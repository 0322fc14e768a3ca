"""Whatever a back-end writes into its texts, the page shows it and does nothing else."""

import json

import pytest
from harness import wait_seen
from harness.hostile import CANARY, NAMES, TEXTS, Page, hostile_job, hostile_logs, hostile_results
from playwright.sync_api import expect

CONNECT = """
from IPython.display import display
from openeo_widgets import JobWidget, ResultsWidget, connect
connection = connect({url!r})
"""
SHOW_JOBS = "display(*[JobWidget.from_id('t-%d' % number, connection) for number in {numbers}])"
SHOW_RESULTS = "display(*[ResultsWidget(connection.job('t-%d' % number)) for number in {numbers}])"
# JupyterLab shows no more than fifty outputs of a cell.
OF_A_CELL = 20
# With a map each, more at once would be more messages than the Jupyter server lets through.
WITH_MAP = list(range(0, len(NAMES), 3))
# On a busy machine anywidget says this of some of so many. They live all the same: see
# test_late_module.py.
TOO_LATE = "Failed to initialize model"
TABS = ("Logs", "Details", "Process", "Requests")
NARROW = (480, 900)

_HARM = f"""() => [
  window.{CANARY} !== undefined && 'a script ran',
  ({{}}).polluted !== undefined && 'every object was changed',
  [...document.querySelectorAll('.oew :is(a, iframe, script, object, embed, form, base, link)')]
    .some(element => !element.closest('.leaflet-control'))
    && 'there are elements that nobody made',
  document.title.includes('evil') && 'the title was changed',
].filter(Boolean)"""
# Elements that are wider than their card, but for those that something inside of it clips.
_TOO_WIDE = """() => {
  const found = [];
  const clipped = (element, card) => {
    for (let at = element.parentElement; at && at !== card; at = at.parentElement) {
      if (getComputedStyle(at).overflowX !== 'visible') return true;
    }
    return false;
  };
  for (const card of document.querySelectorAll('.oew-card')) {
    const {left, right} = card.getBoundingClientRect();
    const area = card.closest('.jp-OutputArea-output').getBoundingClientRect();
    if (right > area.right + 1 || left < area.left - 1) found.push('a card');
    for (const element of card.querySelectorAll(':scope *:not(.leaflet-container *)')) {
      const box = element.getBoundingClientRect();
      if (box.width === 0 || (box.right <= right + 1 && box.left >= left - 1)) continue;
      if (element.matches('.oew-sr, .oew-sr *') || clipped(element, card)) continue;
      found.push(`${card.className}: ${element.tagName}.${element.getAttribute('class')} `
        + `${element.textContent.slice(0, 40)}`);
    }
  }
  for (const element of [document.documentElement, document.querySelector('.jp-Notebook')]) {
    if (element.scrollWidth > element.clientWidth + 1) found.push('the page scrolls sideways');
  }
  return [...new Set(found)];
}"""
_OPEN_TAB = """async name => {
  const tabs = [...document.querySelectorAll('.oew-job [role=tab]')]
    .filter(tab => tab.textContent.includes(name));
  for (const tab of tabs) if (tab.getAttribute('aria-selected') !== 'true') tab.click();
  for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
  return tabs.length;
}"""


@pytest.fixture
def dialogs(lab):
    """Dialogs of the browser that were opened."""
    seen = []

    def look(dialog):
        seen.append(dialog.message)
        dialog.dismiss()

    lab.page.on("dialog", look)
    yield seen
    lab.page.remove_listener("dialog", look)


@pytest.fixture
def hostile(scripted):
    """A back-end with a job for each text, which is in all of its fields."""
    for number, name in enumerate(NAMES):
        text, path = TEXTS[name], f"/jobs/t-{number}"
        status = ("error", "running", text or "none")[number % 3]
        job = hostile_job(text, id=f"t-{number}", status=status)
        scripted.answers[f"GET {path}"] = (200, job)
        scripted.answers[f"GET {path}/logs"] = (200, hostile_logs(text))
        scripted.answers[f"GET {path}/results"] = (200, hostile_results(text))
    return scripted


def show(notebook, hostile, source, numbers):
    starts = range(0, len(numbers), OF_A_CELL)
    cells = [source.format(numbers=numbers[start : start + OF_A_CELL]) for start in starts]
    book = notebook([CONNECT.format(url=hostile.url), *cells])
    book.run_all(timeout_s=120)
    return book


def assert_no_harm(book, dialogs, lab):
    for size in ((1280, 900), NARROW):
        lab.use(size=size)
        assert book.page.evaluate(_HARM) == []
        # What is drawn follows the new width a little later.
        wait_seen(book.page, lambda: book.page.evaluate(_TOO_WIDE), lambda found: found == [])
    lab.use()
    assert dialogs == []
    assert book.errors() == []


def assert_saved_as_text(book, count):
    book.page.evaluate(
        "async () => { await window.jupyterapp.commands.execute('docmanager:save'); }"
    )
    saved = json.loads((book.folder / "notebook.ipynb").read_text(encoding="utf-8"))
    found = 0
    for output in (output for cell in saved["cells"] for output in cell["outputs"]):
        if html := "".join(output["data"].get("text/html", "")):
            page = Page()
            page.feed(html)
            page.close()
            found += 1
    assert found == count


@pytest.mark.known_error(TOO_LATE)
def test_cards_of_jobs(notebook, hostile, dialogs, lab, screenshot):
    book = show(notebook, hostile, SHOW_JOBS, list(range(len(NAMES))))
    known = book.panel.locator(".oew-job:not([data-freshness='never'])")
    expect(known).to_have_count(len(NAMES), timeout=60_000)
    assert_no_harm(book, dialogs, lab)
    screenshot("cards")
    for tab in TABS:
        assert book.page.evaluate(_OPEN_TAB, tab) == len(NAMES)
        assert_no_harm(book, dialogs, lab)
    assert_saved_as_text(book, len(NAMES))


@pytest.mark.known_error(TOO_LATE)
def test_cards_of_results(notebook, hostile, dialogs, lab, screenshot):
    book = show(notebook, hostile, SHOW_RESULTS, WITH_MAP)
    known = book.panel.locator(".oew-results[data-state='ready']")
    expect(known).to_have_count(len(WITH_MAP), timeout=60_000)
    assert_no_harm(book, dialogs, lab)
    screenshot("cards")
    assert_saved_as_text(book, len(WITH_MAP))
