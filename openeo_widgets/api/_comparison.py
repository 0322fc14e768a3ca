"""Did I get what I asked for? A process graph beside the metadata of its results.

Everything here is a pure function. What is not known on one of the sides is not judged.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openeo_widgets.api._asked import Asked, asked_for
from openeo_widgets.api._boxes import BBox, overlap
from openeo_widgets.api._delivered import Band, Delivered, delivered
from openeo_widgets.api._projection import box_in, is_lon_lat
from openeo_widgets.api._times import first_second

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Row", "compared"]

_DAY_S = 86_400
_METRES_A_DEGREE = 111_320.0

# Sides of boxes may differ by so many pixels: back-ends round to their grid.
_PIXELS = 1.5

# Where nothing tells of pixels, and between systems, by so much of the longer side.
_SHARE, _SHARE_OF_OTHER_SYSTEM = 0.01, 0.06

# A box of degrees differs by less than this from rounding alone.
_LEAST = 1e-4

# Media types by the format that was asked for, as the openEO back-ends call both.
_FORMATS = {
    "GTIFF": ("tiff",),
    "COG": ("tiff",),
    "NETCDF": ("netcdf", "hdf"),
    "GEOJSON": ("json",),
    "JSON": ("json",),
    "COVJSON": ("json",),
    "CSV": ("csv",),
    "PNG": ("png",),
    "JPEG": ("jpeg",),
    "PARQUET": ("parquet",),
    "GEOPARQUET": ("parquet",),
    "ZARR": ("zarr",),
}

_MOST_BANDS = 40


@dataclass(frozen=True)
class Row:
    """One thing that was asked for, and delivered.

    Attributes:
        what: What it is about.
        asked: What was asked for, in words; "" where the process graph does not say.
        delivered: What was delivered, in words; "" where the results do not say.
        differs: Whether the two differ; None where that cannot be told.
        note: In what they differ, or what else is to be said; or "".
    """

    what: str
    asked: str
    delivered: str
    differs: bool | None = None
    note: str = ""


def compared(
    process_graph: Mapping[str, Any],
    document: Mapping[str, Any],
    items: Sequence[Mapping[str, Any]] = (),
) -> list[Row]:
    """Put what was asked for beside what was delivered.

    Args:
        process_graph: The job's flat process graph.
        document: The results' metadata.
        items: What it links to, as far as it was read.

    Returns:
        A row for each thing of which at least one side is known, if anything was asked for at all.
    """
    asked, got = asked_for(process_graph), delivered(document, items)
    rows = [_area(asked, got), _dates(asked, got), _bands(asked, got)]
    rows += [_system(asked, got), _resolution(asked, got), _format(asked, got), _filled(got)]
    told = [row for row in rows if row.asked or row.delivered]
    return told if any(row.asked for row in told) else []


def _area(asked: Asked, got: Delivered) -> Row:
    row = Row("Area", _box_text(asked.box), _box_text(got.box))
    if asked.box is None or got.box is None:
        return row
    differs, note = _area_differs(asked.box, got.box, got)
    if differs and asked.around is not None and not _area_differs(asked.around, got.box, got)[0]:
        differs, note = False, ""
    return Row(row.what, row.asked, row.delivered, differs, note)


def _area_differs(wanted: BBox, given: BBox, got: Delivered) -> tuple[bool, str]:
    if not overlap(wanted, given):
        return True, "It lies elsewhere."
    if _fits_grid(wanted, got):
        return False, ""
    begin, end = _unrolled(wanted), _unrolled(given)
    # The same turn around the earth.
    shift = round((begin[0] - end[0]) / 360) * 360
    end = (end[0] + shift, end[1], end[2] + shift, end[3])
    wide, high = _tolerances(begin, got)
    out = [
        begin[0] - end[0] > wide,
        begin[1] - end[1] > high,
        end[2] - begin[2] > wide,
        end[3] - begin[3] > high,
    ]
    short = [
        end[0] - begin[0] > wide,
        end[1] - begin[1] > high,
        begin[2] - end[2] > wide,
        begin[3] - end[3] > high,
    ]
    if any(out) and any(short):
        return True, "It is shifted, or of another shape."
    if any(out):
        return True, "It is larger than asked for."
    if any(short):
        return True, "It is smaller than asked for."
    return False, ""


def _fits_grid(wanted: BBox, got: Delivered) -> bool:
    """Whether the box is the right one in the results' own reference system."""
    if got.native is None or len(got.systems) != 1:
        return False
    box = box_in(wanted, got.systems[0])
    if box is None:
        return False
    side = max(box[2] - box[0], box[3] - box[1])
    tolerance = _PIXELS * got.pixel if got.pixel else _SHARE * side
    return all(abs(a - b) <= tolerance for a, b in zip(box, got.native, strict=True))


def _tolerances(box: BBox, got: Delivered) -> tuple[float, float]:
    """By how many degrees of longitude and of latitude boxes may differ."""
    wide, high = box[2] - box[0], box[3] - box[1]
    share = _SHARE * max(wide, high)
    if got.pixel is None:
        return max(_LEAST, share), max(_LEAST, share)
    if not got.systems or is_lon_lat(got.systems[0]):
        return max(_LEAST, _PIXELS * got.pixel), max(_LEAST, _PIXELS * got.pixel)
    # What is square in one system is askew in the other: its box is larger.
    askew = _SHARE_OF_OTHER_SYSTEM * max(wide, high)
    pixel = _PIXELS * got.pixel / _METRES_A_DEGREE
    narrow = max(0.05, math.cos(math.radians((box[1] + box[3]) / 2)))
    return max(_LEAST, pixel / narrow + askew), max(_LEAST, pixel + askew)


def _unrolled(box: BBox) -> BBox:
    return box if box[0] <= box[2] else (box[0], box[1], box[2] + 360, box[3])


def _box_text(box: BBox | None) -> str:
    if box is None:
        return ""
    west, south, east, north = (f"{round(side, 4):g}" for side in box)
    return f"lon {west} to {east}, lat {south} to {north}"


def _dates(asked: Asked, got: Delivered) -> Row:
    first, last = got.interval
    shown = f"{_day(first) or 'open'} to {_day(last) or 'open'}" if first or last else ""
    if asked.dates is None:
        return Row("Dates", "", shown)
    begin, end = asked.dates
    wanted = f"{_day(begin) or 'open'} until before {_day(end) or 'open'}"
    if not first and not last:
        return Row("Dates", wanted, "")
    differs, note = _dates_differ((begin, end), (first, last))
    if differs and asked.periods:
        differs, note = None, "The process sums time up in periods of its own."
    return Row("Dates", wanted, shown, differs, note)


def _dates_differ(wanted: tuple[str, str], given: tuple[str, str]) -> tuple[bool | None, str]:
    """Compare a half-open interval with the first and the last date.

    An end that is told as it was asked for is right, whether or not it is meant to be included.
    """
    begin, end = _span(wanted)
    first, last = _span(given)
    closes = _end_of(given[1], last)
    wrong = (
        ("All of it is later.", first >= end),
        ("All of it is earlier.", closes <= begin and first < begin),
        ("It begins earlier.", first < begin and math.isfinite(first)),
        ("It ends later.", last > end and math.isfinite(last)),
    )
    for note, holds in wrong:
        if holds:
            return True, note
    if not all(map(math.isfinite, (first, last))):
        return None, ""
    if not all(map(math.isfinite, (begin, end))):
        return False, ""
    if end - begin > 2 * _DAY_S and first == last:
        return None, "One date stands for all of it."
    if end - begin > 2 * _DAY_S and closes - first < (end - begin) / 2:
        return True, "It covers less than half of the time."
    gap = first - begin >= _DAY_S or end - closes >= _DAY_S
    return False, "There may be no data at the begin and the end of it." if gap else ""


def _span(dates: tuple[str, str]) -> tuple[float, float]:
    """Seconds since the epoch; what is open or unknown is infinite."""
    begin, end = first_second(dates[0]), first_second(dates[1])
    return -math.inf if begin is None else begin, math.inf if end is None else end


def _end_of(text: str, second: float) -> float:
    """The end of a date that is given by its day alone."""
    return second + _DAY_S if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else second


def _day(text: str) -> str:
    """The day, with the time where it is not midnight."""
    second = first_second(text)
    if second is None or len(text) <= len("2022-01-01"):
        return text
    at = dt.datetime.fromtimestamp(second, dt.timezone.utc)
    return at.strftime("%Y-%m-%d" if second % _DAY_S == 0 else "%Y-%m-%d %H:%M")


def _bands(asked: Asked, got: Delivered) -> Row:
    row = Row("Bands", _names(asked.bands or ()), _names([band.name for band in got.bands]))
    if asked.bands is None or not got.bands:
        return row
    taken: list[Band] = []
    missing = []
    for name in asked.bands:
        found = next((band for band in got.bands if name in {band.name, band.common}), None)
        taken += [found] if found else []
        missing += [] if found else [name]
    extra = [band.name for band in got.bands if band not in taken]
    notes = [f"Missing: {_names(missing)}."] if missing else []
    notes += [f"Not asked for: {_names(extra)}."] if extra else []
    if not notes and taken != list(got.bands):
        notes.append("They come in another order.")
    return Row(row.what, row.asked, row.delivered, bool(missing or extra), " ".join(notes))


def _names(names: Sequence[str]) -> str:
    more = len(names) - _MOST_BANDS
    return ", ".join(names[:_MOST_BANDS]) + (f" and {more} more" if more > 0 else "")


def _system(asked: Asked, got: Delivered) -> Row:
    names = [name if len(name) < 30 else "a system of its own" for name in got.systems]  # noqa: PLR2004 - a code, not WKT
    row = Row("CRS", asked.crs or "", ", ".join(dict.fromkeys(names)))
    if asked.crs is None or not got.systems or not all(len(n) < 30 for n in got.systems):  # noqa: PLR2004 - as above
        return row
    return Row(row.what, row.asked, row.delivered, set(got.systems) != {asked.crs})


def _resolution(asked: Asked, got: Delivered) -> Row:
    if asked.resolution is None:
        return Row("Resolution", "", "")
    row = Row("Resolution", f"{asked.resolution:g}", f"{got.pixel:g}" if got.pixel else "")
    if not got.pixel or (asked.crs is not None and got.systems != (asked.crs,)):
        return row
    differs = not math.isclose(asked.resolution, got.pixel, rel_tol=0.01)
    return Row(row.what, row.asked, row.delivered, differs)


def _format(asked: Asked, got: Delivered) -> Row:
    row = Row("Format", asked.format, _names(got.media_types))
    wanted = _FORMATS.get(asked.format.upper())
    if wanted is None or not got.media_types:
        return row
    fits = any(word in kind for kind in got.media_types for word in wanted)
    return Row(row.what, row.asked, row.delivered, not fits)


def _filled(got: Delivered) -> Row:
    """Whether there is anything in the files: an empty result looks like any other from outside."""
    shares = [share for _, share in got.filled]
    if not shares:
        return Row("Pixels with a value", "", "")
    least, most = (f"{round(share, 1):g} %" for share in (min(shares), max(shares)))
    shown = least if least == most else f"{least} to {most}"
    best: dict[str, float] = {}
    for name, share in got.filled:  # a band may be in several files
        best[name] = max(share, best.get(name, 0.0))
    empty = [name or "a band" for name, share in best.items() if share == 0]
    if max(shares) == 0:
        return Row("Pixels with a value", "", shown, differs=True, note="There are none.")
    note = f"Without any: {_names(empty)}." if empty else ""
    return Row("Pixels with a value", "", shown, True if empty else None, note)
