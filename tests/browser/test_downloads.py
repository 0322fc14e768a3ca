"""Downloads as a person makes them: to the Jupyter server, and to their own computer."""

import json
import random
import threading
import zipfile

import pytest
from fault_server import FaultServer
from harness import ITEM
from harness.notebook import Notebook
from playwright.sync_api import expect

SHOW = """
from openeo_widgets import ResultsWidget, connect
widget = ResultsWidget(connect({url!r}).job("j-1"))
widget
"""
FILES = {
    "a.tif": ("image/tiff", random.Random(1).randbytes(3_000_000)),  # noqa: S311 - no secret
    "b.csv": ("text/csv", b"x,y\n1,2\n" * 1000),
    "c.json": ("application/json", b'{"a": 1}'),
}


@pytest.fixture
def served(scripted):
    """A back-end with three files behind links with a secret."""
    assets = {}
    for name, (kind, content) in FILES.items():
        href = f"/files/{name}?sig=s3cr3ts3cr3t"
        assets[name] = {"href": href, "type": kind, "file:size": len(content)}
        heads = {"Content-Disposition": f'attachment; filename="{name}"'}
        scripted.answers[f"GET /files/{name}"] = (200, content, heads)
    scripted.answers["GET /jobs/j-1/results"] = (200, {**ITEM, "assets": assets})
    return scripted


@pytest.fixture
def results(notebook, served):
    def show(**appearance):
        book = notebook([SHOW.format(url=served.url)], **appearance)
        book.run_all()
        card = book.output(0).locator(".oew-results")
        expect(card).to_have_attribute("data-state", "ready")
        return book, card

    return show


def press(card, name):
    card.get_by_role("button", name=name, exact=True).click()


def row(card, name):
    return card.locator(f"[data-key='{name}']")


def test_selected_files_and_then_all_arrive_verified(results, screenshot):
    book, card = results()
    card.get_by_role("checkbox", name="Select b.csv for download").focus()
    book.page.keyboard.press("Space")
    press(card, "Download 1 selected")
    expect(row(card, "b.csv")).to_have_attribute("data-download", "done")
    expect(row(card, "b.csv")).to_contain_text("verified")
    expect(row(card, "b.csv")).to_contain_text("on the Jupyter server, in ./results/j-1/b.csv")
    press(card, "Download all")
    for name, (_, content) in FILES.items():
        expect(row(card, name)).to_contain_text("verified")
        assert (book.folder / "results" / "j-1" / name).read_bytes() == content
    expect(card.locator(".oew-done-count")).to_contain_text("3 of 3 downloaded")
    screenshot("downloaded")


def test_a_file_to_this_computer_has_the_right_bytes(results):
    book, card = results()
    with book.page.expect_download() as download:
        press(card, "Save b.csv to this computer")
    assert download.value.suggested_filename == "b.csv"
    assert download.value.path().read_bytes() == FILES["b.csv"][1]
    expect(row(card, "b.csv").locator(".oew-save")).to_have_attribute("data-save", "saved")
    assert not (book.folder / "results").exists()


def test_a_link_is_opened_by_the_browser_or_the_kernel_passes_the_file_on(results, screenshot):
    book, card = results()
    # The tab is gone as soon as the browser sees that it is a download.
    with book.page.context.expect_page():
        press(card, "Save a.tif to this computer")
    expect(row(card, "a.tif")).to_contain_text("your browser fetches it from 127.0.0.1")
    screenshot("opened")
    with book.page.expect_download() as download:
        press(card, "Nothing came? Fetch a.tif through the kernel")
    assert download.value.path().read_bytes() == FILES["a.tif"][1]


def test_paused_and_going_on(results, served):
    gate = threading.Event()

    def slow():
        assert gate.wait(60)
        return served_bytes

    served_bytes = served.answers["GET /files/a.tif"]
    served.answers["GET /files/a.tif"] = slow
    book, card = results()
    press(card, "Download a.tif")
    button = card.get_by_role("button", name="Pause download of a.tif", exact=True)
    button.focus()
    book.page.keyboard.press("Enter")
    expect(row(card, "a.tif")).to_have_attribute("data-download", "paused")
    go_on = card.get_by_role("button", name="Go on with download of a.tif", exact=True)
    expect(go_on).to_be_focused()
    gate.set()
    book.page.keyboard.press("Enter")
    expect(row(card, "a.tif")).to_contain_text("verified")
    assert (book.folder / "results" / "j-1" / "a.tif").read_bytes() == FILES["a.tif"][1]


def loaded_anew(book):
    """The notebook after its page was loaded anew, with the kernel that it had."""
    path = book.page.evaluate(
        "async () => {"
        "  await window.jupyterapp.commands.execute('docmanager:save');"
        "  return window.jupyterapp.shell.currentWidget.context.path;"
        "}"
    )
    book.page.reload(timeout=60_000)
    book.page.wait_for_function(
        "() => window.jupyterapp?.shell.currentWidget !== undefined", timeout=60_000
    )
    book.page.evaluate("() => window.jupyterapp.restored.then(() => null)")
    return Notebook(book.page, path, book.folder)


def test_rows_go_on_when_the_page_is_loaded_anew_in_the_middle(results, served, lab):
    server = FaultServer([FILES["a.tif"][1]])
    try:
        server.gate.clear()
        asset = {"href": server.url, "type": "image/tiff", "file:size": 3_000_000}
        served.answers["GET /jobs/j-1/results"] = (200, {**ITEM, "assets": {"a.tif": asset}})
        book, card = results()
        press(card, "Download a.tif")
        expect(row(card, "a.tif")).to_have_attribute("data-download", "running")
        card = loaded_anew(book).output(0).locator(".oew-results")
        # The kernel has downloaded on meanwhile.
        expect(row(card, "a.tif")).to_have_attribute("data-download", "running", timeout=60_000)
        server.gate.set()
        expect(row(card, "a.tif")).to_contain_text("verified")
        assert len(server.asked) == 1
        assert (book.folder / "results" / "j-1" / "a.tif").read_bytes() == FILES["a.tif"][1]
    finally:
        lab.forget()
        server.stop()


def test_all_to_this_computer_as_zip_and_nothing_secret_stays(results, served, tmp_path):
    served.answers["GET /files/c.json"] = (500, b"")
    book, card = results(theme="dark", size=(420, 900))
    press(card, "More downloads")
    with book.page.expect_download() as download:
        card.get_by_role("menuitem", name="Save all to this computer as zip").click()
    path = tmp_path / "got.zip"
    download.value.save_as(path)
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == ["a.tif", "b.csv", "job-results.json", "ERRORS.txt"]
        assert archive.read("a.tif") == FILES["a.tif"][1]
        assert "c.json" in archive.read("ERRORS.txt").decode()
    expect(card.locator(".oew-save")).to_contain_text("1 file could not be read: c.json")
    assert not (book.folder / "results").exists()
    book.page.wait_for_function(
        "() => JSON.stringify(window.jupyterapp.shell.currentWidget.content.model.cells.get(0)"
        ".outputs.toJSON()).includes('a.tif')"
    )
    book.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    saved = (book.folder / "notebook.ipynb").read_text(encoding="utf-8")
    assert "a.tif" in str(json.loads(saved)["cells"][0]["outputs"])
    assert "s3cr3ts3cr3t" not in saved
    assert "s3cr3ts3cr3t" not in book.page.evaluate("document.documentElement.outerHTML")
