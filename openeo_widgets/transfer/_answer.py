"""What an HTTP answer says of the file that it brings."""

from __future__ import annotations

import email.utils
import math
import re
import time
from typing import TYPE_CHECKING, NamedTuple

import requests
import urllib3

from openeo_widgets.errors import DownloadError
from openeo_widgets.transfer._unpacked import CODINGS, unpacked

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "BAD_LINK",
    "BROKEN",
    "CHUNK",
    "Asked",
    "ChangedError",
    "NoRangesError",
    "RefusedError",
    "Told",
    "broken",
    "check_answer",
    "check_busy",
    "check_size",
    "check_status",
    "chunks_of",
    "is_encoded",
    "length_of",
    "modified_of",
    "range_of",
    "validator_of",
]

# Digits of a number of bytes, at most: a file has not more, and Python reads no thousands of them.
_MOST_DIGITS = 18

# What a connection that fails raises; urllib3's own where requests lets them through.
BROKEN = (requests.RequestException, urllib3.exceptions.HTTPError)

# Bytes that are taken from a connection at a time, at most.
CHUNK = 1 << 18

_TELL_THEM = "Tell the back-end."

# Answers after which the same question may be answered a moment later.
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})

#: Answers of a link that is no longer good; the API says 410, stores say 403.
BAD_LINK = frozenset({401, 403, 404, 410})

# Seconds by which a file must be older than the answer, so that a second change within the same
# second would show in its Last-Modified (RFC 9110, 8.8.2.2; clocks may differ by as much).
_STRONG_AGE_S = 60.0


class ChangedError(Exception):
    """The file on the server is another one than that which the bytes so far are of."""


class NoRangesError(Exception):
    """The server does not give the range that it was asked for."""


class RefusedError(DownloadError):
    """The server answered with an error.

    Args:
        name: What was asked for.
        response: The answer.
    """

    def __init__(self, name: str, response: requests.Response) -> None:
        status = response.status_code
        self.may_pass = status in _PASSING
        self.too_many = status in {429, 503}
        self.retry_after_s = _retry_after(response.headers.get("Retry-After", ""))
        hint = ""
        if status in BAD_LINK:
            hint = "The link may have expired; ask for the results again."
        elif self.retry_after_s:
            hint = f"It wants to be asked again in {_about(self.retry_after_s)}, not before."
        super().__init__(
            f"The server answered {status} instead of {name!r}.", http_status=status, hint=hint
        )


class Asked(NamedTuple):
    """A range that was asked for.

    Attributes:
        start: Its first byte.
        validator: Of the version that it must be of; "" if nothing promises the same bytes.
        total: Length of that version, or None.
    """

    start: int
    validator: str
    total: int | None


class Told(NamedTuple):
    """What ``Content-Range`` tells.

    Attributes:
        start: The first byte of the part; None if the answer brings none.
        end: The byte after its last, likewise.
        total: Length of the whole, or None.
    """

    start: int | None
    end: int | None
    total: int | None


def check_answer(response: requests.Response, name: str, asked: Asked | None) -> int | None:
    """Look at the head of an answer.

    Args:
        response: The answer.
        name: What was asked for, for messages.
        asked: The range that was asked for, or None if it was the whole.

    Returns:
        The byte after the last one that the answer brings, or None if it does not say.

    Raises:
        ChangedError: It is of another version.
        NoRangesError: It is another range, or the whole.
        DownloadError: It is an error, or something else that is of no use.
    """
    if asked is None:
        check_status(response, name)
        return length_of(response)
    status = response.status_code
    if status == requests.codes.requested_range_not_satisfiable:
        raise NoRangesError
    if status == requests.codes.ok:
        same = validator_of(response) == asked.validator and length_of(response) == asked.total
        raise NoRangesError if same else ChangedError
    if status != requests.codes.partial_content:
        check_status(response, name)
    return _end_of_range(response, asked)


def _end_of_range(response: requests.Response, asked: Asked) -> int:
    """Compare a part with what was asked for: not all servers do."""
    for header in ("ETag", "Last-Modified"):
        told = response.headers.get(header)
        # A validator is the one or the other: an ETag begins with a quotation mark.
        is_ours = asked.validator.startswith('"') == (header == "ETag")
        if asked.validator and told is not None and is_ours and told != asked.validator:
            raise ChangedError
    range_ = range_of(response)
    if range_ is None or range_.end is None or range_.start != asked.start:
        raise NoRangesError
    if asked.total is not None and range_.total not in {None, asked.total}:
        raise ChangedError
    end, length = range_.end, length_of(response)
    if end <= asked.start or (length is not None and length != end - asked.start):
        raise NoRangesError
    return end


def check_status(response: requests.Response, name: str) -> None:
    """Refuse what is no success, and what cannot be read.

    Raises:
        DownloadError: It is an error, or another thing than a whole file.
    """
    if response.status_code != requests.codes.ok:
        raise RefusedError(name, response)
    if len(response.headers.get("Content-Length", "")) > _MOST_DIGITS:
        raise DownloadError(
            f"The server tells a length of {name!r} that no file has.", hint=_TELL_THEM
        )
    if is_encoded(response) and not _can_unpack(response):
        raise DownloadError(
            f"{name!r} comes compressed in a way that cannot be read here.", hint=_TELL_THEM
        )


def check_busy(response: requests.Response, name: str) -> None:
    """Refuse, and close, an answer that may be another one a moment later.

    Raises:
        RefusedError: It is one.
    """
    if response.status_code in _PASSING:
        response.close()
        raise RefusedError(name, response)


def _coding(response: requests.Response) -> str:
    return response.headers.get("Content-Encoding", "identity").strip().lower()


def is_encoded(response: requests.Response) -> bool:
    """Whether the body is compressed on the way, although nobody asked for that."""
    return _coding(response) != "identity"


def _can_unpack(response: requests.Response) -> bool:
    """Whether the body can be unpacked, and its end be told from a cut."""
    if (coding := _coding(response)) in CODINGS:
        return True
    known = getattr(response.raw, "CONTENT_DECODERS", ())
    ends = any(name in response.headers for name in ("Content-Length", "Transfer-Encoding"))
    return ends and all(one.strip() in known for one in coding.split(","))


def range_of(response: requests.Response) -> Told | None:
    """Read ``Content-Range`` (RFC 9110, 14.4); None if it is none of the file's own bytes."""
    value = response.headers.get("Content-Range", "").strip()
    told = re.fullmatch(r"bytes (?:(\d{1,18})-(\d{1,18})|\*)/(\d{1,18}|\*)", value)
    if told is None or is_encoded(response):
        return None
    total = None if told[3] == "*" else int(told[3])
    return Told(int(told[1]), int(told[2]) + 1, total) if told[1] else Told(None, None, total)


def length_of(response: requests.Response) -> int | None:
    """Bytes that the body will have once decoded, or None.

    Content-Length counts the bytes on the wire, which differ when they are compressed; and does
    not count when the body comes in pieces that tell of their own length (RFC 9112, 6.3).
    """
    length = response.headers.get("Content-Length", "")
    counts = length.isdecimal() and len(length) <= _MOST_DIGITS
    counts &= "Transfer-Encoding" not in response.headers
    return int(length) if counts and not is_encoded(response) else None


def validator_of(response: requests.Response) -> str:
    """What the answer has for ``If-Range``: its ETag or Last-Modified, if that promises the same
    bytes; else "".

    Of a body that is compressed on the way, ranges count the compressed bytes.
    """  # noqa: D205 - one sentence
    if is_encoded(response):
        return ""
    etag = response.headers.get("ETag", "")
    if etag.startswith('"'):
        return etag
    modified = modified_of(response)
    made = _date(response.headers.get("Date", ""))
    strong = modified is not None and made is not None and made - modified >= _STRONG_AGE_S
    return response.headers["Last-Modified"] if strong else ""


def modified_of(response: requests.Response) -> float | None:
    """Last-Modified in seconds since the epoch, or None."""
    return _date(response.headers.get("Last-Modified", ""))


def _date(value: str) -> float | None:
    try:
        return email.utils.parsedate_to_datetime(value).timestamp()
    except (TypeError, ValueError, OverflowError):
        return None


def _retry_after(value: str) -> float | None:
    """Read ``Retry-After`` (RFC 9110, 10.2.3): seconds, or a date."""
    if re.fullmatch(r"\s*[0-9]{1,9}\s*", value):
        return float(value)
    date = _date(value)
    return None if date is None else max(0.0, date - time.time())


def _about(seconds: float) -> str:
    """Say a time in the largest unit of which there are at least two."""
    for unit, length in (("days", 86_400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{math.ceil(seconds / length)} {unit}"
    return f"{math.ceil(seconds)} s"


def check_size(name: str, done: int, size: int | None) -> None:
    """Compare sizes in bytes.

    Raises:
        DownloadError: They differ.
    """
    if size is not None and done != size:
        raise DownloadError(f"{name!r} should have {size} bytes, and {done} came.")


def broken(name: str, error: Exception) -> DownloadError:
    """Make the error for a connection that failed, without the link that its text holds."""
    if isinstance(error, requests.TooManyRedirects):
        return DownloadError(
            f"The link of {name!r} leads from one address to the next without an end.",
            hint="Tell the back-end.",
        )
    return DownloadError(f"The connection broke while {name!r} was downloaded: {_why(error)}.")


def _why(error: Exception) -> str:
    """Say in words how a connection failed; the error's own may hold the link."""
    if isinstance(error, requests.exceptions.SSLError):
        return "there was no secure connection (TLS)"
    if isinstance(error, (requests.Timeout, urllib3.exceptions.TimeoutError)):
        return "no answer came in time"
    if isinstance(error, requests.ConnectionError):
        return "the server cannot be reached"
    return "it was cut before the end"


def chunks_of(response: requests.Response) -> Iterator[bytes]:
    """The body as it comes: what is there is not held back until there is more.

    Raises:
        requests.RequestException: It breaks off; as `BROKEN` has it.
    """
    coding = _coding(response)
    if coding in CODINGS:
        if response.headers.get("Content-Length") != "0":
            yield from unpacked(_on_the_wire(response), coding)
    elif is_encoded(response):
        yield from response.iter_content(CHUNK // 16)
        _check_wire(response)
    else:
        yield from _on_the_wire(response)


def _on_the_wire(response: requests.Response) -> Iterator[bytes]:
    read = getattr(response.raw, "read1", None)
    stream = getattr(response.raw, "stream", None)
    if read is not None:
        while chunk := read(CHUNK, decode_content=False):
            yield chunk
    # urllib3 1.26 fills a chunk before it gives it out: small ones, so that a cancel is quick.
    elif stream is not None:
        yield from stream(CHUNK // 16, decode_content=False)
    else:
        yield from response.iter_content(CHUNK // 16)


def _check_wire(response: requests.Response) -> None:
    """Compare what came with what was told, where what is given out is something else."""
    told = response.headers.get("Content-Length", "")
    counts = told.isdecimal() and "Transfer-Encoding" not in response.headers
    if counts and response.raw.tell() < int(told):
        raise urllib3.exceptions.HTTPError("The body ended early.")
