"""Which connection fetches which bytes: all of them, and none for nothing."""

from hypothesis import given
from hypothesis import strategies as st

from openeo_widgets.transfer import _ranges
from openeo_widgets.transfer._ranges import LEAST_SHARE, Ranges, merged

TOTAL = 40 * LEAST_SHARE


@given(data=st.data(), done=st.lists(st.tuples(st.integers(0, TOTAL), st.integers(0, TOTAL))))
def test_whatever_connections_do_all_bytes_come(data, done):
    ranges = Ranges([span for span in done if span[0] < span[1]], TOTAL)
    active = []
    for _ in range(2000):
        if ranges.complete:
            break
        action = data.draw(st.sampled_from(["take", "confirm", "come", "come", "break"]))
        if action == "take" or not active:
            segment = ranges.take()
            assert segment is not None or active, "nobody fetches what is missing"
            active += [segment] if segment else []
            continue
        segment = data.draw(st.sampled_from(active))
        over = action == "break"
        if action == "confirm" or segment.taken_from:
            over |= not ranges.confirm(segment)
        elif action == "come":
            step = data.draw(st.integers(1, 8 * LEAST_SHARE))
            segment.position = min(segment.position + step, segment.end)
            over |= segment.position == segment.end
        if over:
            ranges.give_back(segment)
            active.remove(segment)
        assert ranges.done_bytes >= sum(end - start for start, end in ranges.done)
    for segment in active:
        ranges.give_back(segment)
    while (segment := ranges.take()) is not None:
        segment.position = segment.end
        ranges.give_back(segment)
    assert ranges.done == [(0, TOTAL)]


def test_nothing_is_taken_over_before_the_server_has_given_it():
    ranges = Ranges(total=TOTAL)
    first, second = ranges.take(), ranges.take()
    assert (second.start, second.end) == (TOTAL // 2, TOTAL)
    assert first.end == TOTAL
    assert ranges.confirm(second)
    assert first.end == TOTAL // 2


def test_an_answer_that_comes_too_late_is_not_wanted():
    ranges = Ranges(total=TOTAL)
    first, second = ranges.take(), ranges.take()
    first.position = second.start + 1
    assert not ranges.confirm(second)


def test_a_little_is_not_shared():
    ranges = Ranges(total=2 * LEAST_SHARE - 1)
    assert ranges.take() is not None
    assert ranges.take() is None


def test_an_unknown_length_is_not_shared():
    ranges = Ranges()
    assert ranges.take().end is None
    assert ranges.take() is None
    assert not ranges.complete


def test_spans_that_touch_are_one():
    assert merged([(5, 9), (0, 2), (2, 3), (7, 8), (4, 4)]) == [(0, 3), (5, 9)]
    assert _ranges.Ranges([(3, 5)], 9).prefix == 0
    assert _ranges.Ranges([(0, 5)], 9).prefix == 5
