"""What goes wrong at a back-end is a clear state, and never a traceback in the cell."""

import re

import pytest
from harness import ITEM, MapOnScreen, ScriptedBackend
from playwright.sync_api import expect

CONNECT = """
from openeo_widgets import JobWidget, ResultsWidget, connect
connection = connect({url!r})
"""
SHOW_JOB = CONNECT + "JobWidget.from_id('j-1', connection)"
SHOW_RESULTS = CONNECT + "ResultsWidget(connection.job('j-1'))"
HTML = b"<!doctype html><title>502</title><h1>Bad gateway</h1>"
SECRET = "s3cr3t"


def show(notebook, backend, source):
    book = notebook([source.format(url=backend.url)])
    book.run_all()
    return book


def job_card(book):
    return book.output(0).locator(".oew-job")


def results_card(book):
    return book.output(0).locator(".oew-results")


def one_line_error(book):
    """The cell's error, which is one line and no traceback."""
    (output,) = [out for out in book.outputs(0) if out["output_type"] == "error"]
    assert len(output["traceback"]) == 1, output["traceback"]
    assert "\n" not in output["traceback"][0]
    return output["traceback"][0]


def test_back_end_down_at_the_start(notebook, scripted):
    scripted.stop()
    book = show(notebook, scripted, SHOW_JOB)
    assert re.search(r"NoAnswerError: .*Connection refused.*Check that", one_line_error(book))


def test_what_answers_is_no_back_end(notebook, scripted):
    scripted.answers["GET /"] = (200, b"<!doctype html><h1>It works!</h1>")
    assert "not JSON" in one_line_error(show(notebook, scripted, SHOW_JOB))


def test_wrong_password(notebook, start_backend):
    source = CONNECT + "connection.authenticate_basic('demo', 'wrong')"
    message = one_line_error(show(notebook, start_backend(), source))
    assert message.startswith("SignInError")
    assert "password" in message
    assert "wrong" not in message.replace("wrong password", "")


def test_unknown_job(notebook, scripted):
    scripted.answers["GET /jobs/j-1"] = (404, {"code": "JobNotFound", "message": "No such job."})
    book = show(notebook, scripted, SHOW_JOB)
    expect(job_card(book)).to_have_attribute("data-freshness", "gone")
    expect(job_card(book)).to_contain_text("No such job.")
    expect(book.output(0).get_by_role("button", name="Start", exact=True)).to_have_count(0)
    assert book.errors() == []


def test_back_end_down_in_the_middle_and_back(notebook, scripted):
    scripted.job["status"] = "running"
    book = show(notebook, scripted, SHOW_JOB)
    expect(job_card(book)).to_have_attribute("data-status", "running")
    scripted.stop()
    expect(job_card(book)).to_have_attribute("data-freshness", "lost")
    # What was known stays, and is told to be old.
    expect(job_card(book)).to_have_attribute("data-status", "running")
    expect(job_card(book)).to_contain_text("connection lost")
    again = ScriptedBackend(scripted.port)
    try:
        again.job["status"] = "running"
        book.output(0).get_by_role("button", name="Ask now").click()
        expect(job_card(book)).to_have_attribute("data-freshness", "live")
    finally:
        again.stop()
    assert book.errors() == []


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, {"code": "Internal", "message": "Out of order."}), (502, HTML), (200, HTML)],
)
def test_500_and_html_are_an_outage_that_is_waited_through(notebook, scripted, status, body):
    scripted.answers["GET /jobs/j-1"] = (status, body)
    book = show(notebook, scripted, SHOW_JOB)
    expect(job_card(book)).to_have_attribute("data-freshness", "lost")
    scripted.answers["GET /jobs/j-1"] = lambda: (200, scripted.job)
    expect(job_card(book)).to_have_attribute("data-status", "created")
    assert book.errors() == []


def test_signed_out_is_told_and_not_asked_again(notebook, scripted):
    scripted.answers["GET /jobs/j-1"] = (401, {"code": "AuthenticationRequired", "message": "Who?"})
    book = show(notebook, scripted, SHOW_JOB)
    expect(job_card(book)).to_have_attribute("data-freshness", "signed_out")
    assert book.errors() == []


def test_a_refused_start_is_told_and_can_be_tried_again(notebook, scripted):
    scripted.answers["POST /jobs/j-1/results"] = (
        402,
        {"code": "PaymentRequired", "message": "No credits left.", "id": "r-77"},
    )
    book = show(notebook, scripted, SHOW_JOB)
    book.output(0).get_by_role("button", name="Start", exact=True).click()
    expect(job_card(book)).to_contain_text("No credits left.")
    expect(job_card(book)).to_contain_text("PaymentRequired")
    expect(job_card(book)).to_contain_text("r-77")
    expect(book.output(0).get_by_role("button", name="Start", exact=True)).to_be_enabled()


def test_a_failed_job_says_why_in_the_words_of_its_logs(notebook, scripted):
    scripted.job["status"] = "error"
    entry = {"id": "9", "level": "error", "message": "Out of memory.", "code": "OutOfMemory"}
    scripted.answers["GET /jobs/j-1/logs"] = (200, {"logs": [entry], "links": []})
    book = show(notebook, scripted, SHOW_JOB)
    expect(job_card(book)).to_contain_text("Out of memory.")
    assert book.errors() == []


def test_results_without_footprint_say_so(notebook, scripted):
    book = show(notebook, scripted, SHOW_RESULTS)
    expect(results_card(book)).to_have_attribute("data-state", "ready")
    expect(results_card(book)).to_contain_text("no footprint")
    expect(results_card(book)).to_contain_text("series.json")
    assert book.errors() == []


def test_a_box_of_six_numbers_is_a_box(notebook, scripted):
    item = {**ITEM, "bbox": [16.0, 48.0, 0.0, 17.0, 49.0, 900.0]}
    scripted.answers["GET /jobs/j-1/results"] = (200, item)
    source = CONNECT + "widget = ResultsWidget(connection.job('j-1'))\nwidget"
    book = show(notebook, scripted, source)
    expect(results_card(book)).to_have_attribute("data-state", "ready")
    assert book.evaluate("tuple(widget.bbox)") == (16.0, 48.0, 17.0, 49.0)
    MapOnScreen(book.output(0)).wait_drawn()


def test_results_without_assets(notebook, scripted):
    scripted.answers["GET /jobs/j-1/results"] = (200, {**ITEM, "assets": {}})
    book = show(notebook, scripted, SHOW_RESULTS)
    expect(results_card(book)).to_have_attribute("data-state", "ready")
    expect(book.output(0).get_by_role("button", name="Download all")).to_have_count(0)
    assert book.errors() == []


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (500, {"code": "Internal", "message": "Out of order."}, "Out of order."),
        (200, HTML, "not JSON"),
    ],
)
def test_results_that_cannot_be_had_say_why(notebook, scripted, status, body, words):
    scripted.answers["GET /jobs/j-1/results"] = (status, body)
    book = show(notebook, scripted, SHOW_RESULTS)
    expect(results_card(book)).to_have_attribute("data-state", "error")
    expect(results_card(book)).to_contain_text(words)
    assert book.errors() == []


def test_no_link_is_in_the_saved_notebook(notebook, scripted):
    book = show(notebook, scripted, SHOW_RESULTS)
    output = book.output(0)
    output.get_by_role("button", name="Preview series.json").click()
    output.get_by_role("tab", name="Chart").wait_for()
    output.get_by_role("button", name="Download series.json").click()
    expect(output.locator("[data-key='series.json']")).to_have_attribute("data-download", "done")
    book.page.evaluate(
        "async () => { await window.jupyterapp.commands.execute('docmanager:save'); }"
    )
    saved = (book.folder / "notebook.ipynb").read_text(encoding="utf-8")
    assert "j-1" in saved
    assert SECRET not in saved
    assert SECRET not in str(book.outputs(0))
