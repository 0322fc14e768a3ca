"""Times as back-ends write them, wherever they are read."""

import datetime as dt

import hypothesis.strategies as st
import pytest
from hypothesis import given

from openeo_widgets.api._eta import run_time_s
from openeo_widgets.api._expiry import expires_at
from openeo_widgets.api._log_entry import held
from openeo_widgets.api._times import seconds_of_time
from openeo_widgets.preview._series import series
from openeo_widgets.watch import JobState
from openeo_widgets.watch._state import after_answer

AT = dt.datetime(2026, 3, 1, 11, tzinfo=dt.timezone.utc).timestamp()
TIMES = [
    ("2026-03-01T11:00:00Z", AT),
    ("2026-03-01t11:00:00z", AT),
    ("2026-03-01T11:00:00", AT),
    ("2026-03-01T12:30:00+01:30", AT),
    ("2026-03-01T11:00:00.5Z", AT + 0.5),
    ("2026-03-01T11:00:00.25z", AT + 0.25),
    ("2026-03-01T11:00:00.1234Z", AT + 0.1234),
    ("2026-03-01T11:00:00.500000000Z", AT + 0.5),
]


@pytest.mark.parametrize(("text", "seconds"), TIMES)
def test_times_are_read_alike_everywhere(text, seconds):
    assert seconds_of_time(text) == pytest.approx(seconds)
    job = after_answer(JobState(), {"status": "created", "created": text}, AT + 60)
    assert job.steps[0].at == pytest.approx(seconds)
    ran = run_time_s({"started": text, "updated": "2026-03-01T11:01:00Z"})
    assert ran == pytest.approx(AT + 60 - seconds)
    assert expires_at({"expires": text}).timestamp() == pytest.approx(seconds)
    assert held({"time": text}).time_ms == pytest.approx(seconds * 1000, abs=1)
    (line,) = series({text: [[1]], "2026-04-01": [[2]]})
    assert line.x[0] == pytest.approx(seconds * 1000)


@pytest.mark.parametrize(
    "value", ["", "soon", None, 5, [], {}, "2026-13-01T00:00:00Z", "99999-01-01T00:00:00Z"]
)
def test_what_is_no_time_is_none(value):
    assert seconds_of_time(value) is None


@pytest.mark.parametrize("text", ["9999-12-31T23:59:59-23:00", "0001-01-01T00:00:00+23:00"])
def test_the_ends_of_the_calendar_break_nothing(text):
    assert expires_at({"expires": text}) is None
    assert after_answer(JobState(), {"status": "created", "created": text}, AT).status == "created"


@given(
    st.text() | st.from_regex(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)?")
)
def test_no_text_is_too_odd(text):
    assert isinstance(seconds_of_time(text), float | None)
