"""What a back-end sent, read as what was expected."""

import json
import math

import hypothesis.strategies as st
import pytest
from hypothesis import given

from openeo_widgets.api._shapes import dicts_of, number_of, text_of

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(ANYTHING)
def test_anything_is_what_was_expected_or_nothing(value):
    assert isinstance(text_of(value), str)
    assert all(isinstance(one, dict) for one in dicts_of(value))
    number = number_of(value)
    assert number is None or (number == value and json.dumps(number, allow_nan=False))


@pytest.mark.parametrize("value", [True, False, math.nan, math.inf, 2**53, 10**400, 1e300, "1"])
def test_no_numbers(value):
    assert number_of(value) is None


def test_numbers_stay_as_they_are():
    assert number_of(0) == 0
    assert isinstance(number_of(14), int)
    assert number_of(-0.5) == -0.5


def test_only_the_first_entries_are_looked_at():
    assert dicts_of([1, {"a": 1}, {"b": 2}], 2) == [{"a": 1}]
