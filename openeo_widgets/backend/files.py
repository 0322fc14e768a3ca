"""Files over HTTP: ranges, ETag, conditions (RFC 9110)."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from email.utils import format_datetime, parsedate_to_datetime
from typing import TYPE_CHECKING

from starlette.responses import Response, StreamingResponse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.requests import Request

_CHUNK = 256 * 1024
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def response(request: Request, path: Path, media_type: str, checksum: str) -> Response:
    """The answer to a GET or HEAD of a file that does not change.

    One range is answered with 206, one outside of the file with 416; what is no single range of
    bytes is ignored, as RFC 9110 allows, and answered with the whole file.

    Args:
        request: its method and headers decide.
        path: the file.
        media_type: of its content.
        checksum: of its content; it becomes the ETag.
    """
    stat = path.stat()
    size = stat.st_size
    modified = datetime.fromtimestamp(int(stat.st_mtime), timezone.utc)
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-transform",
        "Content-Disposition": f'attachment; filename="{path.name}"',
        "Content-Type": media_type,
        "ETag": f'"{checksum}"',
        "Last-Modified": format_datetime(modified, usegmt=True),
        "X-Content-Type-Options": "nosniff",
    }
    if _same(request.headers.get("if-none-match"), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    status, first, last = 200, 0, size - 1
    wanted = _RANGE.fullmatch(request.headers.get("range", "").strip())
    if wanted and any(wanted.groups()) and _unchanged(request, headers["ETag"], modified):
        first, last = _bounds(wanted[1], wanted[2], size)
        if first > last:
            headers["Content-Range"] = f"bytes */{size}"
            return Response(status_code=416, headers=headers)
        status = 206
        headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    headers["Content-Length"] = str(last - first + 1)
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers)
    return StreamingResponse(_read(path, first, last - first + 1), status, headers)


def _bounds(start: str, end: str, size: int) -> tuple[int, int]:
    """First and last byte of a range; first > last if it lies outside of the file."""
    if not start:  # the last so many bytes
        return (max(size - int(end), 0), size - 1) if int(end) else (1, 0)
    last = min(int(end), size - 1) if end else size - 1
    # "5-3" is no valid range; it comes out as unsatisfiable too.
    return int(start), last


def _same(condition: str | None, etag: str) -> bool:
    if condition is None:
        return False
    tags = [tag.strip().removeprefix("W/") for tag in condition.split(",")]
    return "*" in tags or etag in tags


def _unchanged(request: Request, etag: str, modified: datetime) -> bool:
    """Whether ``If-Range`` allows a part; a client that does not ask may have one."""
    condition = request.headers.get("if-range")
    if condition is None or condition.strip() == etag:
        return True
    try:
        return parsedate_to_datetime(condition) == modified
    except (ValueError, OverflowError):
        return False


def _read(path: Path, first: int, count: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(first)
        while count > 0 and (chunk := file.read(min(_CHUNK, count))):
            count -= len(chunk)
            yield chunk
