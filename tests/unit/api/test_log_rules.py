"""When to ask for logs again, and what an answer tells beside its entries."""

import pytest

from openeo_widgets.api._logs import entries_of, never_stored
from openeo_widgets.api._schedule import next_log_delay


def test_pauses_grow_while_nothing_is_new():
    pauses = [next_log_delay(quiet) for quiet in range(20)]
    assert pauses[0] == 2
    assert pauses == sorted(pauses)
    assert pauses[-1] == 10


def test_pauses_after_no_answer_double_to_a_minute():
    assert [next_log_delay(0, faults) for faults in (1, 2, 3, 4, 5, 6, 99)] == [
        2, 4, 8, 16, 32, 60, 60,
    ]  # fmt: skip


def test_what_the_back_end_asks_for_is_honoured_up_to_an_hour():
    assert next_log_delay(0, 1, retry_after_s=30) == 30
    assert next_log_delay(0, 1, retry_after_s=1) == 2
    assert next_log_delay(0, 1, retry_after_s=1e9) == 3600


@pytest.mark.parametrize(
    ("level", "words"),
    [
        ("debug", ""),
        ("info", "Entries of level debug were never stored."),
        ("ERROR", "Entries of levels debug, info and warning were never stored."),
        ("odd", ""),
        (None, ""),
        (["info"], ""),
    ],
)
def test_levels_that_were_never_stored(level, words):
    assert never_stored({"level": level}) == words


@pytest.mark.parametrize("logs", [None, "text", {"a": 1}, 5])
def test_what_is_no_list_of_entries_is_none(logs):
    assert entries_of({"logs": logs}) == []
    assert entries_of({"logs": [logs, {"id": "1"}]})[-1] == {"id": "1"}
