"""Figures in the words of previews."""

import pytest

from openeo_widgets.preview._words import size_text


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (999_400, "999 kB"),
        (999_700, "1 MB"),
        (4_630_000, "4.63 MB"),
        (999_900_000, "1 GB"),
        (3e12, "3 TB"),
    ],
)
def test_sizes_never_have_an_exponent(size, text):
    assert size_text(size) == text
