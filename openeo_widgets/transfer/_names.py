"""From what a server calls a file to a name that is safe to write.

The names are a pure function of what the server said, so they are the same from run to run,
and two files never share one, also where the file system ignores case.
"""

from __future__ import annotations

import hashlib
import mimetypes
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from openeo_widgets.redact import redacted

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Named", "file_names", "folder_name"]

# Most file systems allow 255 bytes; the temporary file beside the target needs some of them.
_LONGEST = 200

# Lengths of the hashes that tell names apart, in hexadecimal digits of 256 bits.
_MARKS = (8, 16, 32, 64)

# Names that Windows keeps for devices, with or without an extension; it takes the superscripts of
# Latin-1 for digits (Microsoft, "Naming Files, Paths, and Namespaces").
_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", "conin$", "conout$"]
    + [f"{port}{n}" for port in ("com", "lpt") for n in "0123456789\u00b9\u00b2\u00b3"]
)

# mimetypes does not know what Earth observation knows.
_EXTENSIONS = {
    "application/geo+json": ".geojson",
    "application/json": ".json",
    "application/netcdf": ".nc",
    "application/x-netcdf": ".nc",
    "application/vnd.apache.parquet": ".parquet",
    "image/tiff": ".tif",
    "text/csv": ".csv",
}


@dataclass(frozen=True)
class Named:
    """What a server says of one file.

    Args:
        key: The asset's key, unique in its document.
        href: Its link; only the path is looked at.
        media_type: Its media type, or "".
        local_path: Value of ``file:local_path`` (STAC file extension), or "".
    """

    key: str
    href: str = ""
    media_type: str = ""
    local_path: str = ""


def file_names(files: Iterable[Named], *, taken: Iterable[str] = ()) -> dict[str, str]:
    """Give every file a name of its own, safe in any folder.

    Tried in order: the last part of ``file:local_path``, the key if it looks like a file name,
    the key with the extension of the link's path or else of the media type.

    Args:
        files: What the server says; the keys are unique.
        taken: Names that none of them may get.

    Returns:
        File name by key. Names that would collide (ignoring case) carry a short hash of
        their key, all of them, so that no name depends on the order of the files.
    """
    wanted = {file.key: _wanted(file) for file in files}
    reserved = Counter(map(_folded, taken))
    names = wanted
    # A name may look like another one with its mark, by chance or on purpose: then longer ones.
    for length in _MARKS:
        count = reserved + Counter(map(_folded, names.values()))
        if all(count[_folded(name)] == 1 for name in names.values()):
            break
        names = {
            key: name if count[_folded(name)] == 1 else _marked(wanted[key], key, length)
            for key, name in names.items()
        }
    return names


def folder_name(name: str) -> str:
    """A name for a folder, safe everywhere, that no other name gets.

    Args:
        name: What it is named after, a job's id for example.

    Returns:
        The name itself where it is safe, else what is safe of it with a short hash of it all:
        ``a/b`` and ``a_b`` do not share a folder.
    """
    safe = _safe(name)
    return name if name and name == safe else _marked(safe or "folder", name, _MARKS[0])


def _wanted(file: Named) -> str:
    if file.local_path:
        name = _safe(re.split(r"[\\/]", _without_secrets(file.local_path))[-1])
        if name:
            return name
    name = _safe(_without_secrets(file.key)) or "asset"
    if PurePosixPath(name).suffix:
        return name
    return name + _extension(file)


def _without_secrets(name: str) -> str:
    """Names of files are seen by everybody, and some back-ends name a file by its signed link."""
    return redacted(name).replace("…", "")


def _extension(file: Named) -> str:
    from_link = PurePosixPath(unquote(urlsplit(file.href).path)).suffix
    if re.fullmatch(r"\.[A-Za-z0-9]{1,10}", from_link):
        return from_link
    media_type = file.media_type.split(";")[0].strip().lower()
    return _EXTENSIONS.get(media_type) or mimetypes.guess_extension(media_type) or ""


def _safe(name: str) -> str:
    """Take out what is no part of a plain file name; "" if nothing is left."""
    name = unicodedata.normalize("NFC", name)
    # Categories C* are control, format (bidi marks too), surrogate and unassigned characters.
    name = "".join(char for char in name if unicodedata.category(char)[0] != "C")
    name = re.sub(r'[\\/:*?"<>|#%\s]+', "_", name).strip("._ ")
    stem = name.split(".")[0].casefold()
    if stem in _DEVICES:
        name = f"_{name}"
    return _shortened(name)


def _shortened(name: str) -> str:
    return name if len(name.encode()) <= _LONGEST else _marked(name, name, _MARKS[0])


def _marked(name: str, key: str, length: int) -> str:
    """Put a hash of the key before the extension, in a name that is short enough."""
    digest = hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()[:length]
    suffix = PurePosixPath(name).suffix[:20]
    stem = name[: -len(suffix)] if suffix else name
    room = _LONGEST - len(f"-{digest}{suffix}".encode())
    return f"{stem.encode()[:room].decode(errors='ignore')}-{digest}{suffix}"


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
