"""What encoding a text has, and what parts the cells of a table: guessed, as nothing tells."""

from __future__ import annotations

import codecs
import csv
import io

__all__ = ["decoded", "delimiter_of"]

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)

# In the order in which they are preferred where two fit alike.
_DELIMITERS = ",;\t|"

# Rows that tell what stands between the cells.
_LOOKED_AT = 50


def decoded(content: bytes, *, cut: bool = False) -> tuple[str, str]:
    """Read bytes as text.

    Args:
        content: The file, or its beginning.
        cut: Whether more of it follows: then the last character may be a half.

    Returns:
        The text, and the encoding that it seems to have.
    """
    for bom, encoding, name in _BOMS:
        if content.startswith(bom):
            return content.decode(encoding, errors="replace"), name
    try:
        decoder = codecs.getincrementaldecoder("utf-8")()
        return decoder.decode(content, final=not cut), "UTF-8"
    except UnicodeDecodeError:
        # What is not UTF-8 is mostly what Windows wrote in western Europe; each byte is something.
        return content.decode("cp1252", errors="replace"), "Windows-1252"


def delimiter_of(text: str, preferred: str = ",") -> str:
    """What stands between the cells: what parts the first rows into the most cells alike.

    Args:
        text: The beginning of the file.
        preferred: What it is if nothing fits better.
    """
    begun = text[:100_000].splitlines()[: _LOOKED_AT + 1]
    lines = "\n".join(begun[:_LOOKED_AT])
    best, most = preferred, 0.0
    for delimiter in (preferred, *_DELIMITERS):
        try:
            widths = [
                len(row) for row in csv.reader(io.StringIO(lines), delimiter=delimiter) if row
            ]
        except csv.Error:
            continue
        if not widths or widths[0] < 2:  # noqa: PLR2004 - one cell is not parted
            continue
        alike = sum(width == widths[0] for width in widths) / len(widths)
        score = alike * (1 + min(widths[0], 50) / 1000)
        if score > most:
            best, most = delimiter, score
    return best
