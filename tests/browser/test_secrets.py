"""A whole session in JupyterLab leaves no secret in the notebook, nor sends one to the page."""

import json
import re

import nbformat
import pytest
from harness.secrets import LeakyBackend, marks_in
from nbconvert import HTMLExporter
from playwright.sync_api import expect

SHOW = """
import os
from openeo_widgets import JobWidget, connect
connection = connect({url!r}).authenticate_basic("demo", os.environ["LEAKY_PASSWORD"])
job = connection.job("j-1")
widget = JobWidget(job)
widget
"""
PRINT = """
print(job, connection, widget, widget.results, job.logs(), job.get_results().get_assets())
try:
    job.get_results().get_assets()[3].load_bytes()
except Exception as error:
    print(repr(error), error)
job.get_results().get_assets()[3].load_bytes()
"""
TABS = ("Logs", "Details", "Process", "Requests")

# Saves what the widgets know as well, as a setting of ipywidgets has it.
_SAVE_ALL = """async () => {
  const {commands} = window.jupyterapp;
  await commands.execute('@jupyter-widgets/jupyterlab-manager:saveWidgetState');
  await commands.execute('docmanager:save');
  await commands.execute('@jupyter-widgets/jupyterlab-manager:saveWidgetState');
}"""


@pytest.fixture
def leaky(scripted):
    return LeakyBackend(scripted)


@pytest.fixture
def frames(lab):
    """What went between the page and the Jupyter server over websockets."""
    seen = []

    def take(payload):
        seen.append(payload if isinstance(payload, str) else payload.decode("utf-8", "replace"))

    def watch(socket):
        socket.on("framereceived", take)
        socket.on("framesent", take)

    lab.page.on("websocket", watch)
    yield seen
    lab.page.remove_listener("websocket", watch)


def open_tabs(card):
    """Open each tab, and what can be opened in it."""
    for name in TABS:
        tab = card.get_by_role("tab", name=re.compile(f"^{name}")).first
        if tab.get_attribute("aria-selected") != "true":
            tab.click()
        expect(tab).to_have_attribute("aria-selected", "true")


def go_through(book, leaky):
    card = book.output(0).locator(".oew-job")
    expect(card).to_have_attribute("data-status", "created")
    # It moves the tabs when it comes.
    expect(card.locator(".oew-preflight")).to_contain_text(re.compile("stimate:"))
    open_tabs(card)
    leaky.scripted.answers["POST /jobs/j-1/results"] = (400, leaky.error("start"))
    card.get_by_role("button", name="Start", exact=True).click()
    # Whatever is asked before that: the start itself.
    book.evaluate("widget.start()")
    expect(card.locator(".oew-job-error")).to_contain_text("Oops")
    leaky.scripted.job["status"] = "error"
    book.evaluate("widget.refresh()")
    expect(card).to_have_attribute("data-status", "error")
    expect(card.locator(".oew-job-error")).to_contain_text("Failed with")
    open_tabs(card)
    leaky.scripted.job["status"] = "finished"
    book.evaluate("widget.refresh()")
    results = card.locator(".oew-results")
    expect(results).to_have_attribute("data-state", "ready")
    results.get_by_role("button", name="Preview series.json", exact=True).click()
    expect(results.get_by_role("tab", name="Text")).to_be_visible()
    results.get_by_role("button", name="Download out.tif", exact=True).click()
    expect(results.locator("[data-key='out.tif']")).to_have_attribute("data-download", "done")
    results.get_by_role("button", name="Download all").click()
    for row in results.locator("[data-key]").all():
        expect(row).to_have_attribute("data-download", re.compile("done|kept|failed"))
    open_tabs(card)
    book.run(1)


def test_no_secret_in_the_notebook_its_export_or_on_the_wire(notebook, leaky, frames):
    book = notebook([SHOW.format(url=leaky.url), PRINT], env={"LEAKY_PASSWORD": leaky.password})
    book.run(0)
    go_through(book, leaky)
    (error,) = book.errors()
    assert "DownloadError" in error
    book.page.wait_for_function(
        "() => JSON.stringify(window.jupyterapp.shell.currentWidget.content.model.cells.get(0)"
        ".outputs.toJSON()).includes('out.tif')"
    )
    book.page.evaluate(_SAVE_ALL)
    saved = (book.folder / "notebook.ipynb").read_text(encoding="utf-8")
    assert "application/vnd.jupyter.widget-state+json" in json.loads(saved)["metadata"]["widgets"]
    assert "j-1" in saved
    assert marks_in(saved, leaky) == []
    exported, _ = HTMLExporter().from_notebook_node(nbformat.reads(saved, as_version=4))
    assert marks_in(exported, leaky) == []
    page = book.page.evaluate("() => document.documentElement.outerHTML")
    assert marks_in(page, leaky) == []
    assert len(frames) > 20
    assert marks_in("\n".join(frames), leaky) == []
    assert [name for name in book.folder.rglob("*") if marks_in(name.name, leaky)] == []
