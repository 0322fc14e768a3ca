"""From what a server calls a file to a name that is safe to write.

The names are a pure function of what the server said, so they are the same from run to run,
and two files never share one, also where the file system ignores case or how a letter is composed.
They are safe on Linux, Windows and macOS alike: a folder is copied from one to the other.
"""

from __future__ import annotations

import email.message
import email.utils
import hashlib
import mimetypes
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, fields
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from openeo_widgets.redact import redacted
from openeo_widgets.transfer._arguments import checked_text

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Named", "file_names", "folder_name", "has_extension", "told_extension"]

# Most file systems allow 255 bytes (NTFS and HFS+: UTF-16 units, HFS+ of the decomposed name); the
# temporary file beside the target needs some of them.
_LONGEST = 200

# An extension has a letter: what follows the point of "v1.0" is none.
_EXTENSION = re.compile(r"\.(?=[0-9]*[A-Za-z])[A-Za-z0-9]{1,10}$")

# Extensions of programs that send files: they say nothing of what is sent.
_PROGRAMS = frozenset([".asp", ".aspx", ".cgi", ".do", ".jsp", ".php", ".py"])

# Keys of which every word is one of these tell no file from another.
_EMPTY_WORDS = frozenset(
    {
        *("", "asset", "assets", "data", "default", "download", "file", "image", "item", "openeo"),
        *("output", "raster", "result", "results"),
    }
)

# A UUID, or a long number in hexadecimal: made by a machine for machines.
_OPAQUE = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16,}", re.IGNORECASE)

# Not seen, and not looked at by file systems that ignore case: "a" with one of them is "a" there.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]"
)

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

    Tried in order:

    1. the last part of ``file:local_path``; folders in it are left out,
    2. the key if it looks like a file name, that is, has an extension,
    3. the last part of the link's path, if that has an extension and is the only one of that name,
       and the key says nothing: ``data``, or one with a UUID in it, as in ``<item>_<asset>``,
    4. the key with the extension of the link's path, or else of the media type,
    5. the key alone. What then arrives may tell an extension (`told_extension`): no other file
       gets a name that this could become.

    Args:
        files: What the server says; the keys are unique.
        taken: Names that none of them may get.

    Returns:
        File name by key. Names that would collide (ignoring case) carry a short hash of
        their key, all of them, so that no name depends on the order of the files.

    Raises:
        TypeError: A field of one of them is no text.
    """
    files = list(files)
    for file in files:
        for field in fields(file):
            checked_text(f"{field.name} of a file", getattr(file, field.name))
    linked = {file.key: _linked(file) for file in files}
    often = Counter(map(_folded, linked.values()))
    wanted = {
        file.key: _stated(file)
        or (linked[file.key] if often[_folded(linked[file.key])] == 1 else "")
        or _keyed(file)
        for file in files
    }
    open_ended = {file.key for file in files if _is_open_ended(file, wanted[file.key])}
    reserved = [_folded(name) for name in taken]
    names = wanted
    # A name may look like another one with its mark, by chance or on purpose: then longer ones.
    for length in _MARKS:
        colliding = _colliding(names, open_ended, reserved)
        if not colliding:
            break
        names = {
            key: _marked(wanted[key], key, length) if key in colliding else name
            for key, name in names.items()
        }
    return names


def _colliding(names: dict[str, str], open_ended: set[str], reserved: list[str]) -> set[str]:
    """Keys of the files whose name is another's too, or may become it."""
    folded = {key: _folded(name) for key, name in names.items()}
    there = Counter([*folded.values(), *reserved])
    stems = {name.rpartition(".")[0] for name in there}
    return {
        key
        for key, name in folded.items()
        if there[name] > 1 or (key in open_ended and name in stems)
    }


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


def has_extension(name: str) -> bool:
    """Whether a name ends in what looks like an extension."""
    return _EXTENSION.search(name) is not None


def told_extension(disposition: str, media_type: str) -> str:
    """Find the extension that an answer tells, with its point; "" if it tells none.

    Args:
        disposition: Its ``Content-Disposition`` (RFC 6266; names in the form of RFC 5987 count
            more than plain ones).
        media_type: Its ``Content-Type``.
    """
    message = email.message.Message()
    message["Content-Disposition"] = "".join(char for char in disposition if char.isprintable())
    told = message.get_params([], "content-disposition") or []
    try:
        # Those in the form of RFC 5987 come last.
        names = [email.utils.collapse_rfc2231_value(v) for k, v in told if k.lower() == "filename"]
    except (LookupError, ValueError):  # an encoding that nobody knows
        names = []
    name = _safe(re.split(r"[\\/]", names[-1])[-1]) if names else ""
    found = _EXTENSION.search(name)
    return found[0] if found else _of_media_type(media_type)


def _is_open_ended(file: Named, name: str) -> bool:
    return not has_extension(name) and not file.local_path


def _stated(file: Named) -> str:
    """The name that the metadata state in words, or ""."""
    local_path = re.split(r"[\\/]", _without_secrets(file.local_path))[-1]
    if name := _safe(local_path):
        return name
    key = _safe(_without_secrets(file.key))
    return key if has_extension(key) else ""


def _linked(file: Named) -> str:
    """The name in the link's path, if it says more than the key; else ""."""
    words = re.split(r"[^a-z]+", file.key.casefold())
    if not (_EMPTY_WORDS.issuperset(words) or _OPAQUE.search(file.key)) or _stated(file):
        return ""
    name = _without_secrets(_last_part(file.href))
    return _safe(name) if _link_extension(file.href) and not _OPAQUE.search(name) else ""


def _keyed(file: Named) -> str:
    extension = _link_extension(file.href) or _of_media_type(file.media_type)
    return _shortened((_safe(_without_secrets(file.key)) or "asset") + extension)


def _without_secrets(name: str) -> str:
    """Names of files are seen by everybody, and some back-ends name a file by its signed link."""
    return redacted(name).replace("…", "")


def _link_extension(href: str) -> str:
    found = _EXTENSION.search(_last_part(href))
    return found[0] if found and found[0].lower() not in _PROGRAMS else ""


def _last_part(href: str) -> str:
    try:
        return unquote(urlsplit(href).path.rpartition("/")[2])
    except ValueError:
        return ""


def _of_media_type(media_type: str) -> str:
    media_type = media_type.split(";", maxsplit=1)[0].strip().lower()
    return _EXTENSIONS.get(media_type) or mimetypes.guess_extension(media_type) or ""


def _safe(name: str) -> str:
    """Take out what is no part of a plain file name; "" if nothing is left."""
    # Categories C* are control, format (bidi marks too), surrogate and unassigned characters.
    seen = "".join(char for char in name if unicodedata.category(char)[0] != "C")
    if seen != name and _EXTENSION.fullmatch(seen):
        seen = f"file{seen}"  # all before the extension was such
    name = unicodedata.normalize("NFC", _INVISIBLE.sub("", seen))
    # A tilde and a digit is how Windows shortens the names of other files; with a point begin those
    # of files that are incomplete.
    name = re.sub(r'[\\/:*?"<>|#%~\s]+', "_", name).strip("._ ")
    if name.partition(".")[0].casefold() in _DEVICES:
        name = f"_{name}"
    return _shortened(name)


def _shortened(name: str) -> str:
    return name if _length(name) <= _LONGEST else _marked(name, name, _MARKS[0])


def _length(name: str) -> int:
    """The longest of what file systems count: bytes, or UTF-16 units when decomposed."""
    decomposed = unicodedata.normalize("NFD", name).encode("utf-16-le", "replace")
    return max(len(name.encode()), len(decomposed) // 2)


def _marked(name: str, key: str, length: int) -> str:
    """Put a hash of the key before the extension, in a name that is short enough."""
    digest = hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()[:length]
    suffix = PurePosixPath(name).suffix[:20]
    stem = name[: -len(suffix)] if suffix else name
    tail = f"-{digest}{suffix}"
    stem = stem.encode()[:_LONGEST].decode(errors="ignore")
    while _length(stem + tail) > _LONGEST:
        stem = stem[:-1]
    return stem + tail


def _folded(name: str) -> str:
    """What two names have in common if any file system takes one for the other."""
    upper = unicodedata.normalize("NFD", name).upper()
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", upper).casefold())
