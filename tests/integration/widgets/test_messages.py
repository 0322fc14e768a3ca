"""Whatever a message holds, it is answered, in words."""

import inspect
import json
import re
from operator import attrgetter

import pytest
from harness import ITEM
from harness.widgets import ask, wait_until

from openeo_widgets import JobWidget, ResultsWidget, connect

# By the annotation of a parameter, something that it takes.
GOOD = {
    "str": "x",
    "str | None": "x",
    "int": 0,
    "int | None": 0,
    "float": 1.5,
    "float | None": 1.5,
    "bool": True,
    "bool | None": True,
    "Sequence[str]": ["x"],
    "Sequence[str] | None": ["x"],
    "list[int] | None": [1],
    "list[list[float]] | None": [[0.5, 1]],
}
VALUES = [
    None, True, False, -1, -(10**30), 10**400, 1.5, float("nan"), float("inf"), float("-inf"),
    "x", "", "nan", "1", [], [1], [None], [["x"]], {}, {"a": None},
]  # fmt: skip
WRONG = {
    "str": [value for value in VALUES if not isinstance(value, str)],
    "str | None": [value for value in VALUES if not isinstance(value, str | None)],
    "int": VALUES,
    "int | None": [value for value in VALUES if value is not None],
    "float": [value for value in VALUES if value not in (-1, 1.5) or value is True],
    "float | None": [value for value in VALUES if value not in (-1, 1.5, None) or value is True],
    "bool": [value for value in VALUES if not isinstance(value, bool)],
    "bool | None": [value for value in VALUES if not isinstance(value, bool | None)],
    "Sequence[str]": [value for value in VALUES if value != []],
    "Sequence[str] | None": [value for value in VALUES if value not in ([], None)],
    "list[int] | None": [value for value in VALUES if value not in ([], [1], None)],
    "list[list[float]] | None": [value for value in VALUES if value not in ([], None)],
}
# What Python says, and no person.
JARGON = re.compile(r"[A-Z]\w*(?:Error|Exception)\b|Traceback|\bNoneType\b|argument|__|\(\) ")


@pytest.fixture(params=[JobWidget, ResultsWidget])
def widget(described, request):
    described.job |= {"status": "finished"}
    described.answers["GET /jobs/j-1/results"] = (200, ITEM)
    made = request.param(connect(described.url).job("j-1"))
    wait_until(made, lambda w: w.status if request.param is JobWidget else w.state == "ready")
    yield made
    made.close()


def parameters(widget, kind):
    return inspect.signature(attrgetter(widget.commands[kind])(widget)).parameters


def refused(widget, kind, **fields):
    answer = ask(widget, kind, **fields)
    assert answer["ok"] is False, (kind, fields)
    message = answer["error"]["message"]
    assert message.endswith("."), (kind, fields, message)
    assert not JARGON.search(message), (kind, fields, message)
    json.dumps(answer, allow_nan=False)


def test_fields_that_are_something_else_are_refused(widget, described):
    before = [line for line in described.asked if not line.startswith("GET")]
    for kind in widget.commands:
        taken = parameters(widget, kind)
        good = {name: GOOD[one.annotation] for name, one in taken.items()}
        for name, one in taken.items():
            for value in WRONG[one.annotation]:
                refused(widget, kind, **{**good, name: value})
    assert [line for line in described.asked if not line.startswith("GET")] == before


def test_fields_that_are_missing_or_too_many_are_refused(widget):
    for kind in widget.commands:
        taken = parameters(widget, kind)
        good = {name: GOOD[one.annotation] for name, one in taken.items()}
        refused(widget, kind, **good, nonsense=1)
        for name, one in taken.items():
            if one.default is one.empty:
                refused(widget, kind, **{n: value for n, value in good.items() if n != name})


@pytest.mark.parametrize("kind", [None, 5, float("nan"), [], {}, "", "no such", "_release"])
def test_a_kind_that_there_is_not_is_refused(widget, kind):
    refused(widget, kind)


@pytest.mark.parametrize("start", [0, 5, 2**53 - 1])
def test_a_window_may_begin_and_end_behind_the_log(described, start):
    made = JobWidget(connect(described.url).job("j-1"))
    for count in (0, 1, 2**53 - 1):
        answer = ask(made, "logs_window", start=start, count=count, level="debug", search="")
        assert answer["data"]["rows"] == []
    made.close()


@pytest.mark.parametrize(
    "options", ["[" * 100_000, '{"a": NaN}', "{", "[]", "1" * 5000, '{"a": "' + "x" * 1_000_001]
)
def test_options_and_a_process_that_are_no_json_are_refused(shown, described, options):
    form = {"title": "t", "description": "", "plan": "", "budget": None}
    refused(shown, "duplicate", **form, options=options)
    refused(shown, "duplicate", **form, options="", process=options)
    assert "POST /jobs" not in described.asked
