"""Text of any kind, and what is no text at all."""

from __future__ import annotations

import codecs
import io
from typing import TYPE_CHECKING

from openeo_widgets.api._texts import decoded
from openeo_widgets.preview._views import Facts, Made, Text, within
from openeo_widgets.preview._words import size_text
from openeo_widgets.transfer import TooMuchError

if TYPE_CHECKING:
    from openeo_widgets.preview._file import PreviewFile

__all__ = ["hex_lines", "is_text", "make_anything", "make_text"]

_TEXT_TYPES = ("xml", "yaml", "javascript", "json", "x-sh", "toml", "sql", "x-ndjson")
_EXTENSIONS = frozenset(
    (
        *(".txt", ".log", ".out", ".err", ".md", ".rst", ".tex", ".xml", ".html", ".htm", ".svg"),
        *(".yml", ".yaml", ".toml", ".ini", ".cfg", ".conf", ".ndjson", ".jsonl", ".wkt", ".prj"),
        *(".gml", ".kml", ".sld", ".vrt", ".cpg", ".py", ".r", ".js", ".css", ".sql", ".sh"),
    )
)

# What no text holds: control characters other than those that part lines and words.
_NO_TEXT = frozenset(range(32)) - frozenset(b"\t\n\r\f\x1b\x08")

# What is read of a file of which no more is shown than its first bytes.
_BEGINNING = 65_536

_LINE = 16
_HEX_BYTES = 512

# How files begin.
_MAGIC = (
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"II+\x00", "BigTIFF"),
    (b"\x89HDF\r\n\x1a\n", "HDF5, such as NetCDF 4"),
    (b"CDF\x01", "NetCDF 3"),
    (b"CDF\x02", "NetCDF 3"),
    (b"GRIB", "GRIB"),
    (b"PK\x03\x04", "zip"),
    (b"\x1f\x8b", "gzip"),
    (b"%PDF", "PDF"),
    (b"PAR1", "Parquet"),
    (b"SQLite format 3\x00", "SQLite, such as GeoPackage"),
    (b"\x00\x00\x00\x0cjP  ", "JPEG 2000"),
    (b"fgb\x03", "FlatGeobuf"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
)


def looks_like_text(content: bytes) -> bool:
    """Whether bytes seem to be text."""
    begun = content[:4096]
    if begun.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    return not _NO_TEXT.intersection(begun)


def is_text(file: PreviewFile) -> bool:
    """Whether a file is said to be text."""
    return (
        file.media_type.startswith("text/")
        or file.media_type.endswith(_TEXT_TYPES)
        or file.extension in _EXTENSIONS
    )


def make_text(file: PreviewFile) -> Made:
    """Show text, or its beginning."""
    content, more = file.head()
    if not looks_like_text(content):
        return make_anything(file)
    text, encoding = decoded(content, cut=more)
    shown = within(text)
    complete = not more and len(shown) == len(text)
    notes = "" if complete else f"The first {len(shown):,} characters are shown."
    facts = {"Name": file.name, "Media type": file.media_type or "not told", "Encoding": encoding}
    if not more:
        facts |= {"Size": size_text(len(content)), "Lines": f"{len(text.splitlines()):,}"}
    elif file.size is not None:
        facts["Size"] = size_text(file.size)
    return Made(
        (Text(shown, complete=complete), Facts(facts)), note=notes, python=".load_bytes().decode()"
    )


def make_anything(file: PreviewFile) -> Made:
    """Tell what a file is, how large, and how it begins."""
    content, more = file.head(_BEGINNING)
    if content and looks_like_text(content) and not is_text(file):
        return make_text(file)
    kind = next((name for mark, name in _MAGIC if content.startswith(mark)), "not known")
    size = _size(file) if more else len(content)
    facts = {
        "Name": file.name,
        "Media type": file.media_type or "not told",
        "Size": f"{size:,} bytes" if size is not None else f"more than {size_text(len(content))}",
        "Kind, by its first bytes": kind if content else "an empty file",
    }
    views: tuple[Facts | Text, ...] = (Facts(facts),)
    if content:
        begun = content[:_HEX_BYTES]
        views += (Text(hex_lines(begun), complete=len(begun) == len(content), label="Bytes"),)
    return Made(views, python=".open()")


def _size(file: PreviewFile) -> int | None:
    """Its size as the metadata tell, or else its server."""
    if file.size is not None:
        return file.size
    try:
        with file.open() as opened:
            return opened.seek(0, io.SEEK_END)
    except (OSError, TooMuchError):  # a server that gives no parts does not tell
        return None


def hex_lines(content: bytes) -> str:
    """Bytes as hexadecimal numbers, sixteen a line, and beside them as characters."""
    lines = []
    for begin in range(0, len(content), _LINE):
        part = content[begin : begin + _LINE]
        characters = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in part)  # noqa: PLR2004 - those of ASCII that are seen
        lines.append(f"{begin:08x}  {part.hex(' '):<47}  {characters}")
    return "\n".join(lines)
