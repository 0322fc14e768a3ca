"""Details of a job in its widget, with the back-end's currency, and its links on a click."""

import json

import openeo
import pytest

from openeo_widgets import JobWidget, connect

SECRET = "s3cr3t"
CAPABILITIES = {
    "api_version": "1.2.0",
    "endpoints": [],
    "id": "scripted",
    "billing": {"currency": "credits"},
}


@pytest.fixture
def told(scripted):
    """The back-end tells a currency, costs and links."""
    scripted.answers["GET /"] = (200, CAPABILITIES)
    scripted.job |= {
        "costs": 14,
        "description": "Why",
        "links": [
            {"href": f"{scripted.url}/jobs/j-1", "rel": "self"},
            {"href": f"https://x.example/a?sig={SECRET}", "rel": "about", "title": "About"},
            {"href": "javascript:alert(1)", "rel": "bad"},
            {"href": "/me", "rel": "author"},
        ],
    }
    return scripted


@pytest.fixture(params=["ours", "official"])
def shown(request, told):
    made = connect(told.url) if request.param == "ours" else openeo.connect(told.url)
    widget = JobWidget.from_id("j-1", made)
    yield widget
    widget.close()
    if request.param == "official":
        made.session.close()


def test_details_come_with_the_currency(shown, until):
    until(shown, lambda w: w.details is not None and w.details["currency"] == "credits")
    assert (shown.details["costs"], shown.details["description"]) == (14, "Why")


def test_the_currency_is_asked_for_once(told, shown, until):
    until(shown, lambda w: w.details is not None and w.details["currency"] == "credits")
    asked = told.asked.count("GET /")
    shown.refresh()
    told.job["costs"] = 15
    until(shown, lambda w: w.details["costs"] == 15)
    assert told.asked.count("GET /") == asked
    assert shown.details["currency"] == "credits"


def test_links_are_told_without_addresses_and_opened_by_a_message(told, shown, until, answered):
    until(shown, lambda w: w.details is not None)
    names = [link["title"] or link["rel"] for link in shown.details["links"]]
    assert names == ["About", "author"]
    assert SECRET not in json.dumps(shown.details)
    assert answered(shown, "open_link", index=0)["data"] == {
        "url": f"https://x.example/a?sig={SECRET}"
    }
    assert answered(shown, "open_link", index=1)["data"] == {"url": f"{told.url}/me"}


@pytest.mark.parametrize("index", [2, 99])
def test_a_link_that_is_not_there_is_an_error(shown, until, answered, index):
    until(shown, lambda w: w.details is not None)
    answer = answered(shown, "open_link", index=index)
    assert answer["error"]["message"] == "This link is no longer there."


@pytest.mark.parametrize("capabilities", [{"billing": None}, {"billing": {"currency": 5}}, {}])
def test_a_back_end_without_currency_has_costs_without(told, until, capabilities):
    told.answers["GET /"] = (200, {"api_version": "1.2.0", "endpoints": [], **capabilities})
    widget = JobWidget.from_id("j-1", connect(told.url))
    until(widget, lambda w: w.details is not None)
    assert (widget.details["costs"], widget.details["currency"]) == (14, "")
    widget.close()


def test_wanting_a_notification_is_a_trait(shown, until, answered):
    until(shown, lambda w: w.status != "")
    assert answered(shown, "notify", on=True)["ok"] is True
    assert shown.notify is True
    shown.notify = False
    assert shown.get_state("notify") == {"notify": False}


WRONG = [
    None, True, -1, 1e300, "", "x" * 100_000, [], {}, [[]], [None], [{}], {"x": {}}, {"cpu": []},
    {"cpu": {"value": "5", "unit": 5}}, [{"href": 5}], [{"href": "http://["}], {"a": {"b": [1]}},
]  # fmt: skip


@pytest.mark.parametrize(
    "field",
    ["created", "updated", "started", "description", "plan", "budget", "costs", "log_level",
     "usage", "links", "job_options"],
)  # fmt: skip
def test_every_wrong_shape_is_shown_as_far_as_it_can_be(scripted, until, field):
    connection = connect(scripted.url)
    for value in WRONG:
        scripted.job = {"id": "j-1", "status": "running", field: value}
        widget = JobWidget.from_id("j-1", connection)
        until(widget, lambda w: w.details is not None)
        json.dumps(widget.details, allow_nan=False)
        widget.close()
