"""The harness itself: a guard that sees nothing would make every other test worthless."""

import pytest
from playwright.sync_api import expect

BUTTON = """
import ipywidgets
label = ipywidgets.Label("before")
button = ipywidgets.Button(description="Press")
button.on_click(lambda _: setattr(label, "value", "after"))
ipywidgets.VBox([button, label])
"""
MAP = """
import ipyleaflet
map_ = ipyleaflet.Map(center=(48.2, 16.4), zoom=10, layers=())
map_.add(ipyleaflet.Rectangle(bounds=((48.1, 16.3), (48.3, 16.5))))
map_
"""


def press(book, name):
    book.panel.get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_click_reaches_the_kernel_and_comes_back(notebook, theme):
    book = notebook([BUTTON], theme=theme)
    book.run_all()
    press(book, "Press")
    book.output(0).get_by_text("after", exact=True).wait_for()
    assert book.evaluate("label.value") == "after"
    assert not book.errors()


def test_map_without_layers_draws_without_the_network(notebook, screenshot):
    book = notebook([MAP])
    book.run_all()
    book.output(0).locator(".leaflet-interactive").wait_for()
    assert screenshot("map").stat().st_size > 0


def test_click_is_handled_while_a_cell_runs_with_subshells(notebook):
    gate = "import threading; gate = threading.Event()"
    opens = BUTTON.replace("lambda _: setattr", "lambda _: gate.set() or setattr")
    # The cell ends only if the click is handled during it.
    book = notebook([gate, opens, "passed = gate.wait(30)"])
    book.run(0)
    book.run(1)
    # ipykernel 7.4 answers on the shell of the last publisher: see LiveWidget in widgets/_base.py.
    book.page.wait_for_selector("button:has-text('Press')")
    book.evaluate("[setattr(w.comm, '_reply_subshell_for', None) for w in (button, label)]")
    book.run(2, wait=False)
    press(book, "Press")
    book.wait_done()
    assert book.evaluate("passed") is True


def test_click_waits_for_the_cell_without_subshells(notebook):
    seen = BUTTON.replace("lambda _: setattr", "lambda _: order.append('click') or setattr")
    wait = """
import pathlib, time
while not pathlib.Path("pressed").exists(): time.sleep(0.01)
order.append("cell")
"""
    book = notebook(["order = []", seen, wait], subshells=False)
    book.run(0)
    book.run(1)
    book.run(2, wait=False)
    expect(book.cell(2).locator(".jp-InputPrompt")).to_have_text("[*]:")
    press(book, "Press")
    (book.folder / "pressed").touch()
    book.wait_done()
    book.output(1).get_by_text("after", exact=True).wait_for()
    assert book.evaluate("order") == ["cell", "click"]


def test_narrow_window_is_narrow(notebook):
    book = notebook(["1 + 1"], size=(400, 800))
    assert book.page.evaluate("window.innerWidth") == 400
    book.run_all()
    assert book.outputs(0)[0]["data"]["text/plain"] == "2"


def test_guard_sees_a_request_of_the_page(lab, notebook):
    book = notebook([])
    with book.page.expect_console_message(lambda message: message.type == "error"):
        failed = book.page.evaluate("fetch('http://openeo.example/x').catch(error => error.name)")
    assert failed == "TypeError"
    foreign, errors = lab.take_problems()
    assert foreign == ["http://openeo.example/x"]
    assert len(errors) == 1, "Chromium reports what it could not load"


@pytest.mark.parametrize(
    ("code", "trace"),
    [
        ("import socket; socket.create_connection(('192.0.2.1', 80), 1)", "192.0.2.1"),
        ("import socket; socket.getaddrinfo('openeo.example', 443)", "openeo.example"),
        ("import requests; requests.get('http://openeo.example/', timeout=5)", "openeo.example"),
        (
            "import urllib.request as u; u.urlopen('https://openeo.example/', timeout=5)",
            "openeo.example",
        ),
    ],
)
def test_guard_sees_and_refuses_what_the_kernel_tries(lab, notebook, code, trace):
    book = notebook([code])
    book.run_all()
    foreign, _ = lab.take_problems()
    assert any(trace in line for line in foreign), foreign


@pytest.mark.parametrize(
    ("event", "script"),
    [
        ("console", "console.error('on purpose')"),
        ("weberror", "setTimeout(() => { throw new Error('on purpose'); })"),
    ],
)
def test_errors_of_the_page_are_seen(lab, notebook, event, script):
    book = notebook([f'from IPython.display import Javascript\nJavascript("{script}")'])
    with book.page.context.expect_event(event):
        book.run_all()
    _, errors = lab.take_problems()
    assert any("on purpose" in error for error in errors), errors
