"""The timeline and the freshness of a job, from answers and from their absence."""

import datetime as dt

import pytest

from openeo_widgets.watch import JobState, Step
from openeo_widgets.watch._state import after_answer, after_fault

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.timezone.utc).timestamp()


def told(status, **fields):
    return {"id": "j", "status": status, "created": "2026-03-01T11:00:00Z", **fields}


def follow(*statuses):
    state = JobState()
    for seconds, status in enumerate(statuses):
        state = after_answer(state, told(status), NOW + seconds)
    return state


def test_steps_are_what_was_seen_with_the_times_at_which_it_was_seen():
    state = follow("created", "queued", "queued", "running", "finished")
    created = dt.datetime(2026, 3, 1, 11, tzinfo=dt.timezone.utc).timestamp()
    assert state.steps == (
        Step("created", created),
        Step("queued", NOW + 1),
        Step("running", NOW + 3),
        Step("finished", NOW + 4),
    )


def test_updated_dates_the_last_change_of_status():
    state = after_answer(JobState(), told("finished", updated="2026-03-01T11:30:00Z"), NOW)
    assert [step.status for step in state.steps] == ["created", "finished"]
    assert state.steps[-1].at == NOW - 1800


def test_timestamps_of_api_1_3_fill_the_timeline_of_a_job_that_was_not_watched():
    state = after_answer(
        JobState(),
        told("finished", queued="2026-03-01T11:10:00Z", started="2026-03-01T11:20:00Z"),
        NOW,
    )
    assert [step.status for step in state.steps] == ["created", "queued", "running", "finished"]
    assert state.steps[-1].at is None


def test_what_passed_between_two_answers_is_filled_in_where_the_back_end_dates_it():
    state = follow("created")
    answer = told("running", queued="2026-03-01T11:58:00Z", started="2026-03-01T11:59:00Z")
    state = after_answer(state, answer, NOW)
    assert state.steps[1:] == (Step("queued", NOW - 120), Step("running", NOW))


def test_a_clock_ahead_of_ours_does_not_put_steps_into_the_future():
    state = follow("created")
    state = after_answer(state, told("queued", updated="2026-03-01T13:00:00Z"), NOW + 1)
    assert state.steps[-1].at == NOW + 1


def test_starting_again_begins_the_timeline_again():
    state = follow("created", "running", "error", "queued", "running")
    assert [step.status for step in state.steps] == ["created", "queued", "running"]


def test_created_after_a_cancel_is_an_end_and_created_before_a_start_is_none():
    assert not follow("created").ended
    assert follow("created", "queued", "created").ended
    # "canceling" is no status of the API, and some back-ends have it.
    assert follow("created", "running", "canceling", "created").ended


def test_an_unknown_status_is_kept_as_it_is_and_is_no_end():
    state = follow("created", "hibernating")
    assert state.status == "hibernating"
    assert not state.ended


@pytest.mark.parametrize("progress", [None, "half", -1, 101, True, [5]])
def test_progress_that_is_no_percentage_is_none(progress):
    assert after_answer(JobState(), told("running", progress=progress), NOW).progress is None


@pytest.mark.parametrize("value", [None, 5, [], {}])
def test_fields_of_the_wrong_type_are_as_if_they_were_missing(value):
    described = {"status": value, "title": value, "created": value, "updated": value}
    state = after_answer(JobState(), described, NOW)
    assert (state.status, state.title) == ("unknown", "")


def test_no_answer_keeps_the_state_and_its_age():
    state = after_fault(follow("created", "running"), "lost", "no connection")
    state = after_fault(state, "lost", "no connection")
    assert state.status == "running"
    assert state.freshness.asked == NOW + 1
    assert state.freshness.attempt == 2
    assert after_answer(state, told("running"), NOW + 9).freshness.attempt == 0


def test_the_list_of_jobs_is_no_full_answer_and_takes_none_away():
    listed = after_answer(JobState(), told("running", costs=1), NOW, short=True)
    assert not listed.full
    full = after_answer(listed, told("running", costs=2, description="Why"), NOW + 1)
    assert full.full
    again = after_answer(full, told("running", costs=3), NOW + 2, short=True)
    assert again.full
    assert (again.described["costs"], again.described["description"]) == (3, "Why")
