"""Figures in words: the cases are those of js/tests/format.test.ts."""

import pytest

from openeo_widgets.widgets._words import amount, count_of, figure, size_in_words


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (14, "14"),
        (14.0, "14"),
        (100, "100"),
        (0.0041, "0.0041"),
        (2.5, "2.5"),
        (1234.567, "1,234.57"),
        (1234567.0, "1,234,567"),
        (-3, "-3"),
        (1e20, "1.000e+20"),
    ],
)
def test_figures(value, text):
    assert figure(value) == text


def test_amounts():
    assert amount(0.0041, "EUR") == "0.0041 EUR"
    assert amount(12, "") == "12"
    assert [amount(1, "credits"), amount(1, "EUR")] == ["1 credit", "1 EUR"]
    assert amount(1.5, "credits") == "1.5 credits"


@pytest.mark.parametrize(("count", "text"), [(0, "0 files"), (1, "1 file"), (1200, "1,200 files")])
def test_counts(count, text):
    assert count_of(count, "file") == text


def test_counts_of_what_has_a_plural_of_its_own():
    assert count_of(2, "entry", "entries") == "2 entries"


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (999_500, "1.0 MB"),
        (4_600_000, "4.6 MB"),
        (2e18, "2000 PB"),
        (9_960_000, "10 MB"),
        (9.999e18, "9999 PB"),
        (1e19, "over 9999 PB"),
        (10**400, "over 9999 PB"),
        (float("inf"), "over 9999 PB"),
        (float("nan"), "0 B"),
        (-1, "0 B"),
    ],
)
def test_sizes_in_words(size, words):
    assert size_in_words(size) == words
