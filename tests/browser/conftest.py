"""Fixtures of the browser tests: servers, one page with JupyterLab, and a notebook in it.

A test takes `notebook` (and `backend`, `lab`, `screenshot`), makes one from the sources of its
cells, runs them, and asks within the notebook's panel::

    def test_button(notebook):
        book = notebook(["import ipywidgets; ipywidgets.Button(description='Go')"], theme="dark")
        book.run_all()
        book.output(0).get_by_role("button", name="Go", exact=True).click()
"""

import os
import re
import shutil
from pathlib import Path

import pytest
from harness import (
    CHROMIUM_ARGUMENTS,
    Backend,
    Gallery,
    Lab,
    LabServer,
    ProcessGuard,
    ScriptedBackend,
)
from harness.rasters import RangeServer
from playwright.sync_api import expect, sync_playwright

_RESULTS = Path(__file__).parents[2] / "test-results"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FAILED = pytest.StashKey[bool]()

# What is waited for comes at once, or on a busy machine late: no test is about how soon.
expect.set_options(timeout=20_000)


def pytest_collection_modifyitems(items):
    """Mark everything in this folder: whoever has no browser runs the rest."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.failed:
        item.stash[_FAILED] = True
    return report


@pytest.fixture(scope="session")
def chromium():
    """Chromium, without a window."""
    path = os.environ.get("OPENEO_WIDGETS_CHROMIUM") or next(
        filter(None, map(shutil.which, _BROWSERS)), None
    )
    if path is None:
        pytest.fail("No Chromium found: .ci/find-chromium says how to get one.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def process_guard(tmp_path_factory):
    """Keeps the Jupyter server, its kernels and the back-end on loopback."""
    guard = ProcessGuard(tmp_path_factory.mktemp("guard") / "refused.txt")
    yield guard
    guard.close()


@pytest.fixture(scope="session")
def lab_server(tmp_path_factory, process_guard):
    """A JupyterLab server with folders of its own."""
    server = LabServer(tmp_path_factory.mktemp("lab"), process_guard)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def shared_lab(chromium, lab_server, process_guard):
    """The one page with JupyterLab. Tests take `lab` or `notebook`, which look after it."""
    page = Lab(chromium, lab_server, process_guard)
    yield page
    page.close()


@pytest.fixture
def screenshot(request, shared_lab):
    """A function that saves a picture of the page: screenshot("name") -> its path."""

    def save(name):
        test = re.sub(r"[^\w-]+", "-", request.node.name).strip("-")
        path = _RESULTS / f"{test}-{name}.png"
        shared_lab.screenshot(path)
        return path

    return save


@pytest.fixture
def lab(request, shared_lab):
    """The JupyterLab page. Requests to elsewhere, and errors on the page, fail the test."""
    shared_lab.take_problems()
    yield shared_lab
    foreign, errors = shared_lab.take_problems()
    assert not foreign, f"Something left this machine, or tried to: {foreign}"
    # They come when they come: also when the test is through.
    known = [text for mark in request.node.iter_markers("known_error") for text in mark.args]
    errors = [error for error in errors if not any(text in error for text in known)]
    assert not errors, f"Errors on the page: {errors}"


@pytest.fixture
def notebook(request, lab, screenshot):
    """A function that opens a notebook; at the end it is closed and its kernel ended.

    notebook(cells, name=, env=, theme="light", size=(1280, 900), subshells=True) -> Notebook
    """
    opened = []

    def make(cells, *, name="notebook.ipynb", env=None, **appearance):
        lab.use(**appearance)
        made = lab.open(cells, name=name, env=env)
        opened.append(made)
        return made

    yield make
    if request.node.stash.get(_FAILED, False):
        screenshot("failed")
    for made in reversed(opened):
        made.close()


@pytest.fixture(scope="session")
def gallery_server():
    """The pages with every state of the cards, without a kernel."""
    server = Gallery()
    yield server
    server.stop()


@pytest.fixture
def gallery(chromium, gallery_server):
    """A function that opens the page with every state of the cards of jobs, or of results.

    gallery(width=900, only="jobs", **context) -> page; `context` is what Playwright's new_context
    takes.
    """
    contexts = []

    def show(width=900, only="jobs", **appearance):
        viewport = {"width": width, "height": 900}
        contexts.append(chromium.new_context(viewport=viewport, **appearance))
        page = contexts[-1].new_page()
        page.goto(f"{gallery_server.url}?only={only}")
        page.locator(".oew-card").last.wait_for()
        return page

    yield show
    for context in contexts:
        context.close()


@pytest.fixture
def start_backend(tmp_path_factory, process_guard):
    """A function that starts a back-end of the test's own, to stop or start again.

    start_backend(data=None, port=0, arguments=()) -> Backend, with url, port, data and stop()
    """
    started = []

    def start(data=None, *, port=0, arguments=()):
        backend = Backend(
            data or tmp_path_factory.mktemp("backend"),
            process_guard,
            port=port,
            arguments=arguments,
        )
        started.append(backend)
        return backend

    yield start
    for backend in started:
        backend.stop()


@pytest.fixture(scope="session")
def backend(tmp_path_factory, process_guard):
    """The local back-end that tests share. Account demo, password demo."""
    shared = Backend(tmp_path_factory.mktemp("backend"), process_guard)
    yield shared
    shared.stop()


@pytest.fixture
def scripted():
    """A back-end whose every answer the test can set."""
    made = ScriptedBackend()
    yield made
    made.stop()


@pytest.fixture
def server():
    """A server of files by ranges."""
    made = RangeServer()
    yield made
    made.stop()
