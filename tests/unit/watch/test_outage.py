"""What is told of something done to a job, where the back-end could not be reached."""

import pytest

from openeo_widgets import BackendError, NoAnswerError
from openeo_widgets.api._http import NO_MESSAGE
from openeo_widgets.watch import JobState, in_words
from openeo_widgets.watch._state import action_begun, action_made, after_answer

DONE = {
    "start": "started",
    "cancel": "canceled",
    "delete": "deleted",
    "update": "changed",
    "duplicate": "copied",
}
WHERE = "DELETE /jobs/j-1/results at openeo.example"


@pytest.mark.parametrize("name", DONE)
def test_what_cannot_have_arrived_was_not_done(name):
    refused = NoAnswerError(
        f"{WHERE}: no connection (Connection refused).",
        may_have_arrived=False,
        reason="Connection refused",
    )
    told = in_words(name, refused)
    assert told.message == (
        f"The back-end could not be reached (Connection refused), so the job was not {DONE[name]}."
    )
    assert told.hint
    assert (told.may_have_arrived, told.reason) == (False, "Connection refused")
    assert str(in_words(name, told)) == str(told)


@pytest.mark.parametrize("name", DONE)
def test_of_what_may_have_arrived_nobody_knows(name):
    told = in_words(name, NoAnswerError(f"{WHERE}: no answer.", reason="no answer in time"))
    assert told.message.endswith(f"so it is not known whether the job was {DONE[name]}.")
    assert "look before you" in told.hint
    assert told.may_have_arrived


def test_an_answer_of_a_proxy_keeps_its_references():
    answer = BackendError(
        f"{WHERE} was answered with HTTP status 502, {NO_MESSAGE}",
        http_status=502, code="C", id="r-5", retry_after_s=7.0,
    )  # fmt: skip
    told = in_words("cancel", answer)
    assert told.message == (
        "The back-end could not be reached (HTTP status 502), so it is not known whether the job "
        "was canceled."
    )
    assert (told.http_status, told.code, told.id, told.retry_after_s) == (502, "C", "r-5", 7.0)


@pytest.mark.parametrize(
    "failure",
    [
        BackendError("No credits.", http_status=402, code="PaymentRequired"),
        BackendError("It is down.", http_status=503, code="Maintenance"),
        NoAnswerError("The token cannot be sent."),
        ValueError("x"),
    ],
)
def test_what_says_for_itself_what_is_wrong_stays_as_it_is(failure):
    assert in_words("cancel", failure) is failure


def test_a_lost_answer_is_told_until_there_is_another():
    running = after_answer(JobState(), {"status": "running"}, 0.0)
    lost = NoAnswerError(f"{WHERE}: no answer in time.", reason="no answer in time")
    state = action_made(action_begun(running, "cancel"), lost)
    assert state.notice == (
        "The back-end could not be reached (no answer in time), so it is not known whether the "
        "job was canceled. It is asked until it answers."
    )
    assert after_answer(state, {"status": "running"}, 0.0).notice == ""
    assert "was lost, but it arrived" in after_answer(state, {"status": "canceled"}, 0.0).notice
