"""Pictures that browsers know: their size is read without decoding them."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from openeo_widgets.preview._text import make_anything
from openeo_widgets.preview._views import Facts, Image, Made
from openeo_widgets.preview._words import size_text

if TYPE_CHECKING:
    from openeo_widgets.preview._file import PreviewFile

__all__ = ["image_of", "is_image", "make_image", "size_of"]

_TYPES = frozenset(("image/png", "image/jpeg", "image/jpg", "image/gif", "image/webp"))
_EXTENSIONS = frozenset((".png", ".jpg", ".jpeg", ".gif", ".webp"))

# Bytes that go to a browser in one message, and pixels that it has to unpack: four bytes each.
_MOST_BYTES = 30_000_000
_MOST_PIXELS = 100_000_000

# Marks in a JPEG behind which its size stands (SOF0 to SOF15 without DHT, JPG and DAC).
_SIZED = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def is_image(file: PreviewFile) -> bool:
    """Whether a file is said to be a picture that browsers know."""
    return file.media_type in _TYPES or file.extension in _EXTENSIONS


def make_image(file: PreviewFile) -> Made:
    """Show a picture, unless it would be too much for a browser."""
    content, _ = file.head()
    found = size_of(content)
    if found is None:
        return make_anything(file)
    media_type, width, height = found
    facts = {
        "Name": file.name,
        "Kind": media_type,
        "Width and height": f"{width:,} x {height:,} pixels",
    }
    if width * height > _MOST_PIXELS:
        note = f"It would take {size_text(4 * width * height)} in the browser: download it instead."
        return Made((Facts(facts),), note=note, python=".load_bytes()")
    content = file.read(_MOST_BYTES)
    facts["Size"] = size_text(len(content))
    picture = Image(content, media_type, width, height, alt=f"{file.name}, as it is in the file")
    return Made((picture, Facts(facts)), python=".load_bytes()")


def image_of(content: bytes) -> Image:
    """The picture in bytes.

    Raises:
        ValueError: They are no picture that browsers know, or one that is too large for them.
    """
    found = size_of(content)
    if found is None:
        raise ValueError("These bytes are no PNG, JPEG, GIF or WebP.")
    media_type, width, height = found
    if width * height > _MOST_PIXELS or len(content) > _MOST_BYTES:
        raise ValueError(f"A picture of {width:,} x {height:,} pixels is too large for a browser.")
    return Image(content, media_type, width, height, alt=f"A picture, {width} x {height} pixels")


def size_of(content: bytes) -> tuple[str, int, int] | None:
    """Media type, width and height in pixels, by the first bytes; None for no such picture."""
    try:
        if content.startswith(b"\x89PNG\r\n\x1a\n") and content[12:16] == b"IHDR":
            return ("image/png", *struct.unpack(">II", content[16:24]))
        if content.startswith((b"GIF87a", b"GIF89a")):
            return ("image/gif", *struct.unpack("<HH", content[6:10]))
        if content.startswith(b"\xff\xd8\xff"):
            return _jpeg(content)
        if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            return _webp(content)
    except (struct.error, IndexError):  # it ends before its size
        return None
    return None


def _jpeg(content: bytes) -> tuple[str, int, int] | None:
    at = 2
    while content[at] == 0xFF:  # noqa: PLR2004 - each mark begins so
        mark = content[at + 1]
        if mark == 0xFF:  # noqa: PLR2004 - filled up with these
            at += 1
            continue
        if mark in _SIZED:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return "image/jpeg", width, height
        if mark == 0x01 or 0xD0 <= mark <= 0xD8:  # noqa: PLR2004 - marks without a length
            at += 2
            continue
        at += 2 + struct.unpack(">H", content[at + 2 : at + 4])[0]
    return None


def _webp(content: bytes) -> tuple[str, int, int] | None:
    kind = content[12:16]
    if kind == b"VP8X":
        width = 1 + int.from_bytes(content[24:27], "little")
        return "image/webp", width, 1 + int.from_bytes(content[27:30], "little")
    if kind == b"VP8L":
        bits = struct.unpack("<I", content[21:25])[0]
        return "image/webp", 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 ":
        width, height = struct.unpack("<HH", content[26:30])
        return "image/webp", width & 0x3FFF, height & 0x3FFF
    return None
