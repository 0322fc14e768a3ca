"""What became of an action, from the states that are told after it."""

import pytest

from openeo_widgets import BackendError, NoAnswerError
from openeo_widgets.watch import JobState
from openeo_widgets.watch._action import PATIENCE
from openeo_widgets.watch._state import action_begun, action_made, after_answer, after_fault

NOW = 1_790_000_000.0


def told(state, status, **fields):
    return after_answer(state, {"status": status, **fields}, NOW)


def begun(status, name):
    return action_begun(told(JobState(), status), name)


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("start", "created", "queued"),
        ("start", "error", "running"),
        ("start", "created", "finished"),
        ("cancel", "running", "canceled"),
        ("cancel", "queued", "created"),
    ],
)
def test_an_effect_ends_the_action(name, before, after):
    state = told(action_made(begun(before, name), None), after)
    assert (state.action, state.notice, state.problem) == (None, "", None)


@pytest.mark.parametrize("end", ["finished", "error"])
def test_a_job_that_ended_before_it_was_canceled_was_not_canceled(end):
    state = told(
        action_made(action_begun(told(JobState(), "running"), "cancel", "too long"), None), end
    )
    assert (state.action, state.problem) == (None, None)
    assert state.notice == f"The job was {end} before the cancel took effect."


def test_an_action_that_cannot_have_arrived_is_over_at_once():
    refused = NoAnswerError("Connection refused.", may_have_arrived=False)
    state = action_made(begun("created", "start"), refused)
    assert (state.action, state.problem) == (None, refused)


def test_an_effect_may_be_seen_before_the_answer_comes():
    state = told(begun("created", "start"), "running")
    assert state.action is None
    assert action_made(state, None) == state


def test_the_same_status_with_a_new_time_of_change_is_an_effect():
    state = action_begun(told(JobState(), "error", updated="2026-01-01T00:00:00Z"), "start")
    state = told(action_made(state, None), "error", updated="2026-01-01T00:00:05Z")
    assert (state.action, state.notice) == (None, "")


def test_states_told_while_the_request_is_under_way_prove_nothing():
    state = begun("created", "start")
    for _ in range(3 * PATIENCE):
        state = told(state, "created")
    assert state.action is not None


def test_accepted_without_effect_is_told_until_the_job_moves():
    state = action_made(begun("error", "start"), None)
    for _ in range(PATIENCE - 1):
        state = told(state, "error")
        assert state.action is not None
    state = told(state, "error")
    assert state.action is None
    assert "accepted the start, but the job is still error" in state.notice
    assert told(state, "error").notice == state.notice
    assert told(state, "queued").notice == ""


def test_no_answer_to_questions_is_no_answer_about_the_action():
    state = action_made(begun("created", "start"), None)
    for _ in range(3 * PATIENCE):
        state = after_fault(state, "lost", NoAnswerError("nothing"))
    assert state.action is not None


def test_what_was_refused_is_over_and_is_told_until_the_job_moves():
    refused = BackendError("No credits.", http_status=402, code="PaymentRequired")
    state = action_made(begun("created", "start"), refused)
    assert (state.action, state.problem) == (None, refused)
    assert told(state, "created").problem is refused
    assert told(state, "queued").problem is None
    assert action_begun(state, "start").problem is None


def test_a_lost_answer_is_cleared_up_by_the_state():
    lost = NoAnswerError("no answer in time.")
    state = action_made(begun("created", "start"), lost)
    assert told(state, "queued").notice == "The answer to the start was lost, but it arrived."
    for _ in range(PATIENCE):
        state = told(state, "created")
    assert "no answer in time." in str(state.problem)
    assert state.action is None
