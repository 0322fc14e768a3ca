"""A notebook that is opened where no kernel is shows the last state of its widgets, as text."""

import html
import json
import warnings

import nbformat
import pytest
from harness import wait_seen
from nbconvert import HTMLExporter
from playwright.sync_api import expect

CONNECT = "from openeo_widgets import JobWidget, connect, enable\nconnection = connect({url!r})\n"
SHOW = CONNECT + "widget = JobWidget.from_id('j-1', connection)\nwidget"
OFFICIAL = """
import openeo
from openeo_widgets import enable
enable()
openeo.connect({url!r}).job("j-1")
"""
TITLE = "Vegetation <b>2022</b>"

# What JupyterLab says where no kernel holds a widget; and the manager of ipywidgets on the console.
SAID = ("Loading widget", "Error displaying", "Error creating")
NO_MODEL = "widget model not found"

_SAVE = "async () => { await window.jupyterapp.commands.execute('docmanager:save'); }"
_CLOSE = """async () => {
  const panel = window.jupyterapp.shell.currentWidget;
  const id = panel.sessionContext.session.id;
  panel.context.model.dirty = false;
  panel.close();
  await window.jupyterapp.serviceManager.sessions.shutdown(id);
}"""
_OPEN = "path => { window.jupyterapp.commands.execute('docmanager:open', {path}); }"
_READY = """path => {
  const panel = window.jupyterapp.shell.currentWidget;
  return panel?.context?.path === path && panel.context.isReady && panel.sessionContext.isReady;
}"""
_WITHOUT_KERNEL = """async () => {
  const {context, sessionContext} = window.jupyterapp.shell.currentWidget;
  await sessionContext.shutdown();
  await context.revert();
}"""
_SAYS = """text => window.jupyterapp.shell.currentWidget.content.model.cells.get(0).outputs.toJSON()
  .some(output => (output.data?.['text/html'] ?? '').includes(text))"""


def show(notebook, scripted, source, count=1):
    scripted.job.update(title=TITLE, status="running", progress=10)
    book = notebook([source.format(url=scripted.url), *["widget"] * (count - 1)])
    book.run_all()
    expect(book.output(0).locator(".oew-job")).to_have_attribute("data-status", "running")
    return book


def finish(book, scripted):
    """Let the job end, and wait for what is to be saved of that."""
    scripted.job.update(status="finished", progress=100)
    results = book.output(0).locator(".oew-results")
    expect(results).to_have_attribute("data-state", "ready")
    book.page.wait_for_function(_SAYS, arg="series.json")


def save(book):
    book.page.evaluate(_SAVE)
    return json.loads((book.folder / "notebook.ipynb").read_text(encoding="utf-8"))


def open_again(book, document):
    path = f"{book.folder.name}/notebook.ipynb"
    book.page.evaluate(_CLOSE)
    (book.folder / "notebook.ipynb").write_text(json.dumps(document), encoding="utf-8")
    book.page.evaluate(_OPEN, path)
    book.page.wait_for_function(_READY, arg=path)


def assert_only_the_static_card_is_seen(page):
    output = page.locator(".jp-Notebook .jp-Cell-outputArea").first
    card = output.locator(".oew-static")
    expect(card).to_be_visible()
    expect(card).to_contain_text(TITLE)
    expect(card).to_contain_text("finished")
    expect(card).to_contain_text("series.json")
    expect(card).to_contain_text('JobWidget.from_id("j-1", connection)')
    wait_seen(page, lambda: not [said for said in SAID if said in output.inner_text()])


def test_the_static_card_is_not_seen_beside_the_live_one(notebook, scripted):
    book = show(notebook, scripted, SHOW, count=2)
    finish(book, scripted)
    for cell in (0, 1):
        output = book.output(cell)
        expect(output.locator(".oew-static")).to_have_count(1)
        expect(output.locator(".oew-static")).to_be_hidden()
        # Nor is there a gap.
        live, still = output.locator(".jp-OutputArea-child").all()
        expect(live).to_be_visible()
        assert still.bounding_box() is None
    # A view that goes takes none of the other's rule along.
    book.page.evaluate("""() => {
      const {cells} = window.jupyterapp.shell.currentWidget.content.model;
      cells.get(1).outputs.clear();
    }""")
    expect(book.output(1).locator(".oew-job")).to_have_count(0)
    expect(book.output(0).locator(".oew-static")).to_be_hidden()


def test_a_closed_widget_leaves_its_last_state(notebook, scripted):
    book = show(notebook, scripted, SHOW)
    finish(book, scripted)
    book.evaluate("widget.close()")
    expect(book.output(0).locator(".oew-job")).to_have_count(0)
    expect(book.output(0).locator(".oew-static")).to_be_visible()


@pytest.mark.parametrize("source", [SHOW, CONNECT + "connection.job('j-1')", OFFICIAL])
def test_the_saved_notebook_holds_the_last_state_and_nbconvert_shows_it(notebook, scripted, source):
    book = show(notebook, scripted, source)
    finish(book, scripted)
    live, still = save(book)["cells"][0]["outputs"]
    assert "application/vnd.jupyter.widget-view+json" in live["data"]
    assert "".join(live["data"]["text/plain"]) == ""
    assert "finished" in "".join(still["data"]["text/plain"])
    read = nbformat.read(book.folder / "notebook.ipynb", as_version=4)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        page, _ = HTMLExporter(exclude_input=True).from_notebook_node(read)
    assert "Vegetation &lt;b&gt;2022&lt;/b&gt;" in page
    assert TITLE not in page
    assert 'JobWidget.from_id("j-1", connection)' in html.unescape(page)


@pytest.mark.known_error(NO_MODEL)
def test_opened_again_with_another_kernel_the_static_card_stands_alone(notebook, scripted):
    book = show(notebook, scripted, SHOW)
    finish(book, scripted)
    open_again(book, save(book))
    assert_only_the_static_card_is_seen(book.page)


@pytest.mark.known_error(NO_MODEL)
def test_opened_again_without_a_kernel_the_static_card_stands_alone(notebook, scripted, screenshot):
    book = show(notebook, scripted, SHOW)
    finish(book, scripted)
    open_again(book, save(book))
    book.page.evaluate(_WITHOUT_KERNEL)
    assert_only_the_static_card_is_seen(book.page)
    screenshot("without-kernel")


@pytest.mark.known_error(NO_MODEL)
def test_opened_by_somebody_who_does_not_trust_it_the_static_card_stands_alone(notebook, scripted):
    book = show(notebook, scripted, SHOW)
    finish(book, scripted)
    document = save(book)
    document["cells"][0]["source"] = "# changed by somebody else"
    open_again(book, document)
    assert_only_the_static_card_is_seen(book.page)
    expect(book.page.locator(".jp-Notebook .oew-static style")).to_have_count(0)


PROCESS = {
    "process_graph": {
        "load1": {"process_id": "load_collection", "arguments": {"id": "X"}, "result": True}
    }
}


def saved_text(book):
    return "".join(save(book)["cells"][0]["outputs"][1]["data"]["text/plain"])


def test_the_saved_notebook_tells_what_to_do_after_a_failure_and_what_became_of_a_copy(
    notebook, scripted
):
    book = show(notebook, scripted, SHOW)
    entry = {"id": "e", "level": "error", "code": "OutOfMemory", "message": "Java heap space"}
    scripted.logs = lambda _target: (200, {"logs": [entry]})
    scripted.job.update(status="error", process=PROCESS)
    book.page.wait_for_function(_SAYS, arg="What to do next")
    copy = {**scripted.job, "id": "j-2", "title": "Copy <b>", "status": "created"}
    scripted.answers["POST /jobs"] = (201, b"", {"OpenEO-Identifier": "j-2"})
    scripted.answers["GET /jobs/j-2"] = lambda: (200, copy)
    assert book.evaluate("widget.duplicate(title='Copy <b>').job_id") == "j-2"
    book.page.wait_for_function(_SAYS, arg="Copy &lt;b&gt; (j-2): created")
    copy["status"] = "finished"
    book.evaluate("widget.copies[0].refresh()")
    book.page.wait_for_function(_SAYS, arg="Copy &lt;b&gt; (j-2): finished")
    text = saved_text(book)
    assert "Java heap space" in text
    assert "What to do next: " in text
    assert "Copy: Copy <b> (j-2): finished" in text


def test_the_saved_notebook_tells_what_is_wrong_with_the_graph(notebook, scripted):
    scripted.job.update(title=TITLE, status="created", process=PROCESS)
    problem = {"code": "BandNotFound", "message": "There is no band B99 in 'load1'."}
    scripted.answers["POST /validation"] = (200, {"errors": [problem]})
    book = notebook([SHOW.format(url=scripted.url)])
    book.run_all()
    expect(book.output(0).locator(".oew-job")).to_have_attribute("data-status", "created")
    book.evaluate("widget._steering.preflight()")
    book.page.wait_for_function(_SAYS, arg="There is no band B99")
    assert "Problem: There is no band B99 in 'load1'. (node load1)\n" in saved_text(book)
