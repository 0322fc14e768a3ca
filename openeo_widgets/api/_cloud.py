"""Files in object stores, behind links such as ``s3://``: read through fsspec where it is there.

What fsspec reads is given the form of an HTTP answer, so that all that is done with files, ranges
included, is done with these too.
"""

from __future__ import annotations

import importlib
import io
import re
from typing import IO, TYPE_CHECKING, Any

import requests

from openeo_widgets.errors import DownloadError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["SCHEMES", "answer"]

# Scheme to what has to be installed for it.
SCHEMES = {
    "s3": "openeo-widgets[cloud]",
    "s3a": "openeo-widgets[cloud]",
    "gs": "openeo-widgets[cloud] gcsfs",
    "gcs": "openeo-widgets[cloud] gcsfs",
    "az": "openeo-widgets[cloud] adlfs",
    "abfs": "openeo-widgets[cloud] adlfs",
    "abfss": "openeo-widgets[cloud] adlfs",
}


class _Part:
    """So many bytes of a file, from where it stands."""

    def __init__(self, file: IO[bytes], length: int) -> None:
        self._file = file
        self._left = length

    def read(self, most: int) -> bytes:
        content = self._file.read(min(most, self._left))
        self._left -= len(content)
        return content

    def close(self) -> None:
        self._file.close()


def answer(scheme: str, href: str, headers: Mapping[str, str], key: str) -> requests.Response:
    """Open a file in an object store, with the credentials that this machine has for the store.

    Args:
        scheme: The link's scheme, one of `SCHEMES`.
        href: The link.
        headers: Of them ``Range`` and ``If-Range`` are heeded.
        key: The asset's key, for messages.

    Returns:
        What a web server would have answered, streamed: 200, 206, 403, 404 or 416.

    Raises:
        DownloadError: What reads from there is not installed, or the store fails.
    """
    missing = DownloadError(
        f"{key!r} lies behind a {scheme!r} link, which nothing installed here reads.",
        hint=f"pip install {SCHEMES[scheme]}",
    )
    try:
        store, path = importlib.import_module("fsspec.core").url_to_fs(href)
    except (ImportError, ValueError):  # the latter where fsspec does not know the scheme
        raise missing from None  # the cause may hold the link
    try:
        return _answered(store, path, headers)
    except FileNotFoundError:
        return _response(404)
    except PermissionError:
        return _response(403)
    except Exception as error:  # noqa: BLE001 - each store has errors of its own
        raise DownloadError(
            f"{key!r} cannot be read from its store ({type(error).__name__}).",
            hint=f"Check that this machine has credentials for {scheme!r} links.",
        ) from None  # the cause may hold the link


def _answered(store: Any, path: str, headers: Mapping[str, str]) -> requests.Response:
    info = store.info(path)
    size, etag = int(info["size"]), info.get("ETag")
    told = {"ETag": etag} if isinstance(etag, str) and etag.startswith('"') else {}
    asked = re.fullmatch(r"bytes=(\d+)-(\d*)", headers.get("Range", ""))
    if asked is None or headers.get("If-Range", etag) != etag:
        return _response(200, store.open(path, "rb"), size, told)
    begin, end = int(asked[1]), min(int(asked[2] or size), size - 1)
    if begin > end:
        return _response(416, None, 0, {"Content-Range": f"bytes */{size}"})
    file = store.open(path, "rb")
    file.seek(begin)
    told["Content-Range"] = f"bytes {begin}-{end}/{size}"
    return _response(206, file, end - begin + 1, told)


def _response(
    status: int,
    file: IO[bytes] | None = None,
    length: int = 0,
    headers: Mapping[str, str] | None = None,
) -> requests.Response:
    made = requests.Response()
    made.status_code = status
    made.headers.update({"Content-Length": str(length), **(headers or {})})
    made.raw = _Part(file or io.BytesIO(), length)
    return made
