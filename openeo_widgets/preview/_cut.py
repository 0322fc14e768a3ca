"""The readable beginning of JSON that was cut off."""

from __future__ import annotations

import re

__all__ = ["readable_beginning"]

# Strings, of which the last may have been cut, and brackets outside of them. Everything between
# is passed over by the regular expression engine, which is what makes this fast.
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?P<end>"|\\?\Z)|[\[\]{}]', re.DOTALL)
_COMMA = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)|,', re.DOTALL)

_CLOSING = {"[": "]", "{": "}"}


def readable_beginning(text: str) -> str:
    """Close what is open where JSON was cut off, and leave out what is incomplete.

    What comes back is JSON if the text was the beginning of JSON. It holds all elements that were
    complete.

    Args:
        text: The beginning of a JSON text, cut anywhere.
    """
    stack: list[str] = []
    after = 0
    for found in _TOKEN.finditer(text):
        token = found[0]
        if token[0] == '"':
            continue
        if token in _CLOSING:
            stack.append(token)
        elif stack:
            stack.pop()
        after = found.end()
    # Between the last bracket and the end: what stands before the last comma is complete.
    commas = [found.start() for found in _COMMA.finditer(text, after) if found[0] == ","]
    cut = commas[-1] if commas else after
    return text[:cut] + "".join(_CLOSING[token] for token in reversed(stack))
