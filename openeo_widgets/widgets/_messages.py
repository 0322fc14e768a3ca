"""What the fields of a message may be: anybody who reaches the kernel can send anything."""

from __future__ import annotations

import inspect
import math
from typing import TYPE_CHECKING, Any

from openeo_widgets.errors import OpenEOWidgetsError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["check_fields"]

# JavaScript counts no further.
_MOST = 2**53 - 1


def check_fields(method: Callable[..., object], fields: Mapping[str, Any]) -> None:
    """Refuse fields that a method does not take, by its signature.

    The annotations are read as they are written. One that is not known here is a fault of ours:
    nothing passes unchecked.

    Args:
        method: What carries out the message.
        fields: The fields of the message.

    Raises:
        OpenEOWidgetsError: A field is missing, is too many, or is something else.
    """
    taken = inspect.signature(method).parameters
    for name in fields:
        if name not in taken:
            raise OpenEOWidgetsError(f"This message has no field {name!r}.")
    for name, one in taken.items():
        if name not in fields:
            if one.default is one.empty:
                raise OpenEOWidgetsError(f"The field {name!r} of this message is missing.")
            continue
        wanted, is_that = _KINDS[str(one.annotation)]
        if not is_that(fields[name]):
            raise OpenEOWidgetsError(f"The field {name!r} of this message must be {wanted}.")


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) <= _MOST and math.isfinite(value)


def _is_yes_or_no(value: Any) -> bool:
    return isinstance(value, bool)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(part, str) for part in value)


def _are_counts(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(map(_is_count, value))


def _are_pairs(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(
        isinstance(pair, list | tuple) and len(pair) == 2 and all(map(_is_number, pair))  # noqa: PLR2004 - low and high
        for pair in value
    )


# By the annotation: what is wanted, in words, and whether something is that.
_KINDS: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "str": ("a text", _is_text),
    "str | None": ("a text, or left out", lambda value: value is None or _is_text(value)),
    "int": ("a whole number, 0 or more", _is_count),
    "int | None": (
        "a whole number, 0 or more, or left out",
        lambda value: value is None or _is_count(value),
    ),
    "float": ("a number", _is_number),
    "float | None": ("a number, or left out", lambda value: value is None or _is_number(value)),
    "bool": ("true or false", _is_yes_or_no),
    "bool | None": (
        "true or false, or left out",
        lambda value: value is None or _is_yes_or_no(value),
    ),
    "Sequence[str]": ("a list of texts", _are_texts),
    "Sequence[str] | None": (
        "a list of texts, or left out",
        lambda value: value is None or _are_texts(value),
    ),
    "list[int] | None": (
        "a list of whole numbers, or left out",
        lambda value: value is None or _are_counts(value),
    ),
    "list[list[float]] | None": (
        "a list of pairs of numbers, or left out",
        lambda value: value is None or _are_pairs(value),
    ),
}
