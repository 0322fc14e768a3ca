"""Log entries as they are held, whatever a back-end sends."""

import heapq
import json
import threading
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openeo_widgets.api._body import _pruned
from openeo_widgets.api._log_entry import LONGEST, held, pretty
from openeo_widgets.api._log_store import MOST_REPEATED, LogStore


def entry(number, **fields):
    told = {"id": str(number), "level": "info", "message": f"Entry {number}", **fields}
    return held({name: value for name, value in told.items() if value is not ...})


def store_of(*entries, **bounds):
    store = LogStore(**bounds)
    store.append(entries)
    return store


def shown(store, level="debug", search="", start=0, count=1000):
    return [row.entry.message for row in store.window(start, count, level, search).rows]


def deep(levels):
    value = []
    for _ in range(levels):
        value = [value]
    return value


# One entry


@pytest.mark.parametrize("value", [None, 5, 1.5, True, ["a"], {"a": 1}, "text"])
@pytest.mark.parametrize("field", ["id", "level", "message", "code", "time", "path", "links"])
def test_no_field_is_taken_for_granted(field, value):
    found = held({field: value})
    assert isinstance(found.message, str)
    assert found.extras == ({field: value} if field in {"path", "links"} else {})


def test_an_entry_without_level_is_information_and_others_are_as_they_are():
    assert held({}).level == "info"
    assert held({"level": "ERROR"}).level == "error"
    assert held({"level": "Fatal"}).level == "fatal"


@pytest.mark.parametrize(
    ("time", "ms"),
    [
        ("2026-01-01T00:00:00Z", 1767225600000),
        ("2026-01-01T00:00:00.5Z", 1767225600500),
        ("2026-01-01T00:00:00.1234567z", 1767225600123),
        ("2026-01-01T01:00:00+01:00", 1767225600000),
        ("2026-01-01T00:00:00", 1767225600000),
        ("yesterday", None),
        ("", None),
        (1767225600, None),
    ],
)
def test_times_are_read_where_they_are_times(time, ms):
    assert held({"time": time}).time_ms == ms


def test_terminal_colours_are_taken_out_and_other_controls_stay():
    coloured = "\x1b[31mERR\x1b[0mOR\x1b]0;title\x07 \x1b[2Kdone\x00"
    assert held({"message": coloured}).message == "ERROR done\x00"


def test_what_is_too_long_is_cut_and_that_is_told():
    found = held({"message": "m" * 1_000_000, "data": "d" * 1_000_000})
    assert len(found.message) == len(found.data) == LONGEST
    assert "1,000,000" in found.note
    assert not found.has_whole_data


def test_data_that_are_null_are_data():
    assert held({"data": None}).data == "null"
    assert held({}).data == ""


def test_data_that_are_nested_too_deeply_are_left_out_and_that_is_told():
    found = held({"data": deep(100_000), "message": "m"})
    assert (found.message, found.data) == ("m", "")
    assert "too deeply" in found.note


def test_json_that_is_nested_too_deeply_to_be_read_loses_only_that():
    text = '{"logs": [{"message": "a ] \\" [", "data": ' + "[" * 10_000 + "1" + "]" * 10_000 + "}]}"
    (found,) = json.loads(_pruned(text))["logs"]
    assert found["message"] == 'a ] " ['
    assert "null" in json.dumps(found["data"])


def test_data_are_written_with_lines_unless_that_is_mostly_indentation():
    assert pretty('{"a":[1]}') == '{\n  "a": [\n    1\n  ]\n}'
    assert pretty('{"a":[1') == '{"a":[1'
    wide = "[" * 150 + ",".join("1" * 20_000) + "]" * 150
    assert pretty(wide) == wide


# Rows


def test_entries_in_a_row_that_say_the_same_are_one_row():
    same = [entry(n, message="Retrying", code="R") for n in range(38)]
    store = store_of(entry("a"), *same, entry("b"), entry("c", message="Retrying"))
    rows = store.window(0, 10, "debug", "").rows
    assert [(row.number, row.entry.message, row.times) for row in rows] == [
        (0, "Entry a", 1),
        (1, "Retrying", 38),
        (39, "Entry b", 1),
        (40, "Retrying", 1),
    ]
    store.append([entry("d", message="Retrying")])
    assert store.window(3, 10, "debug", "").rows[0].times == 2


def test_levels_are_filtered_and_unknown_ones_are_never_hidden():
    levels = ("debug", "info", "warning", "error", "fatal")
    store = store_of(*(entry(n, level=level, message=level) for n, level in enumerate(levels)))
    assert shown(store, "debug") == list(levels)
    assert shown(store, "warning") == ["warning", "error", "fatal"]
    assert shown(store, "error") == ["error", "fatal"]
    assert shown(store, "no such level") == list(levels)
    assert [store.count(level) for level in levels] == [1] * 5


@pytest.mark.parametrize("search", ["BOOM", "c-9", "r-77", "load1"])
def test_message_code_id_and_node_are_searched_in_any_case(search):
    wanted = entry("r-77", message="It went boom", code="C-9", path=[{"node_id": "Load1"}])
    store = store_of(entry(1), wanted, entry(3))
    assert shown(store, search=search) == ["It went boom"]
    store.append([wanted])
    assert store.window(0, 10, "debug", search).rows[0].times == 2


def test_the_beginning_goes_when_there_are_too_many_and_numbers_stay():
    store = store_of(*(entry(n) for n in range(10)), most_entries=10)
    assert store.window(0, 100, "debug", "").lost == 0
    store.append([entry(n) for n in range(10, 12)])
    window = store.window(0, 100, "debug", "")
    assert len(store) == 9
    assert store.dropped == window.lost == 3
    assert [row.number for row in window.rows] == list(range(3, 12))
    assert store.entry(2) is None
    assert store.entry(3).message == "Entry 3"
    assert store.count("info") == 9


def test_a_row_of_which_a_part_goes_stays_a_row():
    store = store_of(*(entry(n, message="same") for n in range(10)), most_entries=10)
    store.window(0, 100, "debug", "")
    store.append([entry(10)])
    window = store.window(0, 100, "debug", "")
    assert [(row.number, row.times) for row in window.rows] == [(2, 8), (10, 1)]
    assert window.lost == 0


def test_large_entries_go_earlier_and_the_last_one_stays():
    store = store_of(*(entry(n, message="m" * 10_000) for n in range(10)), most_bytes=50_000)
    assert 1 <= len(store) < 5
    store = store_of(entry(1, message="m" * 90_000), most_bytes=50_000)
    assert len(store) == 1


def test_another_log_begins_with_other_numbers():
    store = store_of(entry(1), entry(2))
    store.window(0, 10, "debug", "")
    store.clear()
    store.append([entry(1)])
    window = store.window(0, 10, "debug", "")
    assert [row.number for row in window.rows] == [2]
    assert (window.lost, store.dropped, len(store)) == (2, 0, 1)


@given(
    st.lists(
        st.tuples(st.sampled_from(["debug", "info", "error", "odd"]), st.sampled_from("abc")),
        max_size=60,
    ),
    st.lists(st.integers(0, 60), max_size=5),
)
def test_rows_are_the_same_however_the_entries_came(told, cuts):
    entries = [entry(n, level=level, message=word) for n, (level, word) in enumerate(told)]
    bounds = {"most_entries": 20}
    whole, parts = store_of(**bounds), store_of(**bounds)
    places = sorted({0, len(entries), *(cut for cut in cuts if cut < len(entries))})
    for begin, end in zip(places, [*places[1:], len(entries)], strict=True):
        parts.append(entries[begin:end])
        parts.window(0, 5, "info", "a")
        whole.append(entries[begin:end])
    for level in ("debug", "info", "error"):
        for search in ("", "a"):
            ours = parts.window(0, 100, level, search)
            fresh = whole.window(0, 100, level, search)
            assert ours.rows == fresh.rows
            assert sum(row.times for row in ours.rows) == len(list(parts.matching(level, search)))


# What comes


def arrive(store, *pages):
    arrival = store.arrival()
    return arrival.offset, sum(arrival.add([held(one) for one in page]) for page in pages)


def told(*numbers, **fields):
    return [{"id": str(n), "message": f"Entry {n}", **fields} for n in numbers]


def test_a_back_end_that_honours_the_offset_tells_what_is_new():
    store = LogStore()
    assert arrive(store, told(1, 2), told(3)) == ("", 3)
    assert arrive(store, told(4)) == ("3", 1)
    assert arrive(store, []) == ("4", 0)
    assert shown(store) == ["Entry 1", "Entry 2", "Entry 3", "Entry 4"]


@pytest.mark.parametrize("again", [(1, 2, 3), (3,), (2, 3)])
def test_what_is_told_again_is_not_held_twice(again):
    store = LogStore()
    arrive(store, told(1, 2, 3))
    assert arrive(store, told(*again, 4, 5)) == ("3", 2)
    assert len(store) == 5


def test_the_whole_log_told_on_several_pages():
    store = LogStore()
    arrive(store, told(*range(10)))
    assert arrive(store, told(*range(6)), told(*range(6, 12))) == ("9", 2)


def test_the_whole_log_told_again_without_ids():
    lines = [{"message": "Retrying"}, {"message": "Retrying"}, {"message": "Done"}]
    store = LogStore()
    assert arrive(store, lines) == ("", 3)
    assert arrive(store, [*lines, {"message": "Retrying"}]) == ("", 1)
    assert [row.times for row in store.window(0, 10, "debug", "").rows] == [2, 1, 1]


def test_entries_after_the_last_one_with_an_id():
    store = LogStore()
    arrive(store, [*told(1), {"message": "crashed"}])
    # It tells what comes after 1, and so the crash again.
    assert arrive(store, [{"message": "crashed"}, *told(2)]) == ("1", 1)
    assert shown(store) == ["Entry 1", "crashed", "Entry 2"]


def test_ids_that_are_used_twice_hide_nothing():
    store = LogStore()
    arrive(store, [{"id": "0", "message": word} for word in ("a", "b", "c")])
    assert arrive(store, [{"id": "0", "message": word} for word in ("a", "b", "c", "d")])[1] == 1
    assert shown(store) == ["a", "b", "c", "d"]


def test_ids_may_be_numbers():
    store = LogStore()
    arrive(store, [{"id": 1, "message": "a"}, {"id": 2, "message": "b"}])
    assert arrive(store, [{"id": 2, "message": "b"}, {"id": 3, "message": "c"}]) == ("2", 1)


def test_what_was_let_go_of_does_not_come_again():
    store = LogStore(most_entries=10)
    arrive(store, told(*range(12)))
    assert store.dropped == 3
    assert arrive(store, told(*range(13))) == ("11", 1)
    assert shown(store)[-1] == "Entry 12"
    assert shown(store).count("Entry 0") == 0


def test_reading_while_entries_come():
    store, failed = LogStore(), []

    def read():
        try:
            for _ in range(200):
                rows = store.window(0, 500, "debug", "entry").rows
                assert [row.number for row in rows] == list(range(len(rows)))
        except AssertionError as error:
            failed.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(0, 500, 5):
        store.append([entry(n) for n in range(number, number + 5)])
    reader.join()
    assert not failed


def test_an_id_that_is_too_long_is_not_asked_with():
    store = LogStore()
    arrive(store, [{"id": "1", "message": "a"}, {"id": "i" * 70_000, "message": "b"}])
    assert store.arrival().offset == "1"


@given(st.lists(st.lists(st.sampled_from("abcdefghijklmnopqrstuvwxyz"), max_size=20), max_size=20))
def test_errors_that_come_often_are_those_that_are_held(pages):
    store = LogStore(most_entries=50)
    for page in pages:
        store.append([held({"level": "error", "message": message}) for message in page])
    counts = Counter(one.message for one in store.matching("debug", ""))
    found = store.repeated_errors(5)
    assert [counts[one] for one in found] == [count for _, count in counts.most_common(5)]


def test_counting_errors_takes_no_longer_the_more_there_are(monkeypatch):
    store, counted = LogStore(), []
    nlargest = heapq.nlargest

    def watched(most, texts, key):
        texts = list(texts)
        counted.append(len(texts))
        return nlargest(most, texts, key)

    monkeypatch.setattr(heapq, "nlargest", watched)
    for page in range(50):
        store.append([held({"level": "error", "message": f"{page} {n}"}) for n in range(100)])
        store.repeated_errors(20)
    assert max(counted) <= 100 + MOST_REPEATED
