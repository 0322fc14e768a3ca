"""The line of Python for a request is one that exists, and does the same."""

import ast

import hypothesis.strategies as st
import pytest
from hypothesis import given

from openeo_widgets import BatchJob, Connection, JobResults, ResultAsset
from openeo_widgets.api._journal import Entry
from openeo_widgets.api._python_lines import python_line


def line(method, path, **more):
    return python_line(Entry(0.0, method, path, **more), "j 1")


@pytest.mark.parametrize(
    ("method", "path", "python"),
    [
        ("GET", "/", "connection.capabilities()"),
        ("GET", "/me", "connection.describe_account()"),
        ("GET", "/jobs", "connection.list_jobs()"),
        ("POST", "/jobs", "connection.create_job(process_graph)"),
        ("POST", "/validation", "connection.validate_process_graph(process_graph)"),
        ("GET", "/jobs/j%201", "job.describe()"),
        ("DELETE", "/jobs/j%201", "job.delete()"),
        ("GET", "/jobs/j%201/estimate", "job.estimate()"),
        ("POST", "/jobs/j%201/results", "job.start()"),
        ("DELETE", "/jobs/j%201/results", "job.stop()"),
        ("GET", "/jobs/j%201/results", "job.get_results().get_metadata()"),
        ("GET", "/jobs/j%201/logs", "job.logs()"),
        ("GET", "/jobs/other", "connection.job('other').describe()"),
        ("GET", "/jobs/j%201/elsewhere", "connection.get('/jobs/j%201/elsewhere')"),
        ("PUT", "/files/x", "connection.put('/files/x')"),
    ],
)
def test_each_request_has_its_line(method, path, python):
    assert line(method, path) == python


def test_logs_are_asked_for_as_they_were():
    path = "/jobs/j%201/logs"
    assert line("GET", path, level="debug") == "job.logs()"
    assert line("GET", path, level="error") == "job.logs(level='error')"
    assert line("GET", path, level="debug", offset=True) == "job.logs(offset=entries[-1].id)"


def test_changes_are_told_by_their_names():
    changed = line("PATCH", "/jobs/j%201", fields=("title", "budget"))
    assert changed == "job.update(title=title, budget=budget)"


def test_a_file_is_told_by_its_key():
    path = "/jobs/j%201/results"
    python = "job.get_results().get_asset('a.tif').download()"
    assert line("GET", path, asset="a.tif", host="h.example") == python


KNOWN = {"connection": Connection, "job": BatchJob, "get_results": JobResults,
         "get_asset": ResultAsset}  # fmt: skip


def checked(call):
    """The class that a chain of calls ends in, or the name that it begins with."""
    if isinstance(call, ast.Name):
        return KNOWN[call.id]
    assert isinstance(call, ast.Call)
    assert isinstance(call.func, ast.Attribute)
    owner, name = checked(call.func.value), call.func.attr
    assert callable(getattr(owner, name)), f"{owner.__name__} has no {name}"
    return KNOWN.get(name)


@given(
    st.sampled_from(["GET", "POST", "PATCH", "DELETE", "HEAD"]),
    st.sampled_from(["/", "/me", "/jobs", "/jobs/j%201", "/jobs/x", "/jobs//", "/jobs/j%201/logs",
                     "/jobs/j%201/results", "/jobs/j%201/estimate"]) | st.text().map("/".__add__),
    st.text(),
)  # fmt: skip
def test_every_line_is_python_that_our_classes_know(method, path, asset):
    python = line(method, path, asset=asset)
    assert "\n" not in python
    checked(ast.parse(python, mode="eval").body)
