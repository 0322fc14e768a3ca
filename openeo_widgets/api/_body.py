"""Reading the bodies of answers: only so much of them, and as JSON that can be sent on."""

from __future__ import annotations

import json
import re
from contextlib import closing
from typing import TYPE_CHECKING, Any

from openeo_widgets.errors import NoAnswerError

if TYPE_CHECKING:
    import requests

__all__ = ["parsed", "read_whole"]

# Bytes of an answer that is no file. The largest real ones, lists of collections, have a few
# million; what is compressed, or never ends, could otherwise take all memory.
MOST_BYTES = 256 * 1024 * 1024

_CHUNK = 1 << 16

# Levels of nesting that are read. Nothing that is shown goes as deep.
_DEEPEST = 200

# What tells how deep JSON is nested at each place: brackets, but for those in texts.
_BRACKET = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[][{}]', re.DOTALL)

# How JSON spells half of a surrogate pair, and each half of a whole one.
_HALF_PAIR = re.compile(rb"\\u[dD][89a-fA-F]")


def read_whole(response: requests.Response, where: str) -> None:
    """Read the body of a streamed answer, after which it is as if it had not been streamed.

    Args:
        response: The answer.
        where: What was asked, for the message.

    Raises:
        NoAnswerError: It is larger than any answer.
    """
    content = bytearray()
    with closing(response):
        for chunk in response.iter_content(_CHUNK):
            content += chunk
            if len(content) > MOST_BYTES:
                raise NoAnswerError(f"{where}: the answer is larger than {MOST_BYTES} bytes.")
    # requests has no public way to limit what it reads.
    response._content = bytes(content)  # noqa: SLF001 - see above


def parsed(response: requests.Response) -> Any:
    """Read an answer's body as JSON, without halves of surrogate pairs.

    JSON can spell them, but no UTF-8 can hold them: one in a job's title, and the widget could
    not tell the browser anything any more.

    What is nested so deeply that Python's reader gives up is null: one such log entry must not
    take the others with it.

    Raises:
        ValueError: It is not JSON.
    """
    try:
        return _without_halves(response.json(), response.content)
    except RecursionError:
        return _without_halves(json.loads(_pruned(response.text)), response.content)


def _without_halves(data: Any, content: bytes) -> Any:
    if _HALF_PAIR.search(content) is None:
        return data
    return json.loads(json.dumps(data, ensure_ascii=False).encode(errors="replace"))


def _pruned(text: str) -> str:
    """JSON with null in the place of what is nested too deeply."""
    kept, begin, depth = [], 0, 0
    for found in _BRACKET.finditer(text):
        mark = found[0]
        if mark in "[{":
            depth += 1
            if depth == _DEEPEST + 1:
                kept += [text[begin : found.start()], "null"]
        elif mark in "]}":
            if depth == _DEEPEST + 1:
                begin = found.end()
            depth -= 1
    return "".join([*kept, text[begin:]])
