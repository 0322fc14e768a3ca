"""When a job will end: rules without a clock."""

import math

import hypothesis.strategies as st
import pytest
from hypothesis import given

from openeo_widgets.api._eta import FROM_PROGRESS, from_runs, process_ids, run_time_s, seen

NOW = 1_800_000_000.0
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def course(*observed):
    """What is known after having seen progress at these seconds."""
    known = None
    for at, progress in observed:
        known = seen(known, progress, NOW + at)
    return known


def test_a_steady_job_ends_when_it_would_at_its_speed():
    known = course((0, 0), (10, 10), (20, 20))
    assert known.eta.ends == pytest.approx(NOW + 100)
    assert known.eta.basis == FROM_PROGRESS


def test_what_came_before_it_was_watched_does_not_count():
    assert course((0, 60), (20, 70)).eta.ends == pytest.approx(NOW + 80)


@pytest.mark.parametrize(
    "observed",
    [
        [(0, 50)],
        [(0, 50), (1000, 50)],
        [(0, 50), (9, 60)],
        [(0, 0), (100, 4.9)],
        [(0, 0), (100, 100)],
        [(0, None), (100, None)],
        [(0, 5), (100, None)],
    ],
    ids=[
        "seen once", "did not move", "seen too short", "too little", "all is done", "none",
        "no more",
    ],
)  # fmt: skip
def test_nothing_is_told_where_nothing_is_known(observed):
    known = course(*observed)
    assert known is None or known.eta is None


def test_no_move_changes_nothing():
    known = course((0, 0), (10, 10), (20, 20))
    assert seen(known, 20, NOW + 500) == known


def test_going_back_begins_anew():
    assert course((0, 0), (20, 50), (30, 10)).eta is None
    assert course((0, 0), (20, 50), (30, 10), (50, 30)).eta.ends == pytest.approx(NOW + 120)


def test_a_clock_that_was_set_back_begins_anew():
    assert course((100, 10), (200, 20), (50, 30)).eta is None


def test_one_quick_step_does_not_make_the_end_jump():
    steady = course((0, 0), (10, 10), (20, 20), (30, 30))
    jumped = seen(steady, 60, NOW + 40)
    straight = NOW + 40 + 40 * 40 / 60
    assert straight < jumped.eta.ends < steady.eta.ends


@given(st.lists(st.tuples(st.floats(0, 60), st.floats(0, 100) | st.none()), max_size=30))
def test_an_end_is_after_the_last_move_or_not_told(observed):
    at, known = NOW, None
    for pause, progress in observed:
        at += pause
        known = seen(known, progress, at)
        if known and known.eta:
            assert math.isfinite(known.eta.ends)
            assert known.progress >= 5
            assert known.moved - known.began >= 10


@given(st.floats(0.01, 5), st.integers(10, 60))
def test_however_fast_a_steady_job_is_its_end_is_found(speed, seconds):
    observed = [(at, at * speed) for at in range(0, seconds + 1, 5) if at * speed < 100]
    known = course(*observed)
    if known.eta:
        assert known.eta.ends == pytest.approx(NOW + 100 / speed, abs=0.01)


@given(st.lists(st.floats()), st.floats(0, 2e9) | st.none())
def test_past_runs_tell_an_end_only_where_two_are_known(runs, since):
    eta = from_runs(runs, since)
    usable = [run for run in runs if 0 < run < 366 * 24 * 3600]
    if since is None or len(usable) < 2:
        assert eta is None
    else:
        assert since + min(usable) <= eta.ends <= since + max(usable)
        assert eta.basis == f"from {len(usable)} jobs of yours with the same processes"


def test_the_median_of_past_runs_counts():
    assert from_runs([10, 1000, 20], NOW).ends == NOW + 20


@pytest.mark.parametrize(
    ("value", "unit", "seconds"),
    [
        (90, "seconds", 90), (90, "s", 90), (1.5, "minutes", 90), (2, "Hours", 7200),
        (1, " h ", 3600), (1, "day", 86400), (1500, "ms", 1.5), (3, "min", 180),
        (3, "mins", 180), (5, "", None), (5, "parsec", None), (5, None, None), (0, "s", None),
        (-1, "s", None), (True, "s", None), ("5", "s", None), (float("inf"), "s", None),
        (float("nan"), "s", None), (10**400, "s", None),
    ],
)  # fmt: skip
def test_run_time_by_usage(value, unit, seconds):
    told = run_time_s({"usage": {"duration": {"value": value, "unit": unit}}})
    assert told == (None if seconds is None else pytest.approx(seconds))


def test_run_time_by_dates():
    dates = {"started": "2026-01-01T10:00:00Z", "updated": "2026-01-01T12:01:00+02:00"}
    assert run_time_s(dates) == 60
    assert run_time_s({**dates, "usage": {"duration": {"value": 5, "unit": "parsec"}}}) == 60
    assert run_time_s({**dates, "updated": dates["started"]}) is None


def test_the_time_since_it_was_created_is_no_run_time():
    assert (
        run_time_s({"created": "2026-01-01T10:00:00Z", "updated": "2026-01-01T10:01:00Z"}) is None
    )


@given(st.fixed_dictionaries({}, optional={"usage": ANYTHING, "started": ANYTHING,
                                           "updated": ANYTHING, "process": ANYTHING}))  # fmt: skip
def test_whatever_a_back_end_sends_is_a_time_or_none(described):
    told = run_time_s(described)
    assert told is None or told > 0
    assert isinstance(process_ids(described), tuple)


def node(name, **arguments):
    return {"process_id": name, "arguments": arguments}


def test_processes_are_counted_in_callbacks_too():
    callback = {"process_graph": {"a": node("max"), "b": node("max")}}
    graph = {"1": node("load"), "2": node("reduce", reducer=callback), "3": "no node", "4": {}}
    assert process_ids({"process": {"process_graph": graph}}) == ("load", "max", "max", "reduce")


def test_a_graph_of_any_depth_is_read():
    graph = {"x": node("max")}
    for _ in range(500):
        graph = {"x": node("apply", process={"process_graph": graph})}
    assert set(process_ids({"process": {"process_graph": graph}})) == {"apply"}
