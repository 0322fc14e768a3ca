"""Which pixels of a raster a picture needs, and what it costs to read them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openeo_widgets.errors import RasterError
from openeo_widgets.preview._raster_place import Part

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openeo_widgets.preview._raster import Opened
    from openeo_widgets.preview._raster_grid import Grid
    from openeo_widgets.preview._raster_place import Place

    Window = tuple[float, float, float, float]

__all__ = ["Plan", "plan_at", "plan_of", "window_of"]

# An overview that is this much too coarse is fine enough.
_NEAR = 1.01

# Pixels beyond the edge, for what is between the points at which places are computed.
_PAD = 2

# So many blocks are asked for their size; there may be millions.
_SAMPLED = 64

# Of so many it is known where they are, and what lies so close is fetched together.
_MOST_TOLD = 4096
_GAP = 1 << 16

# A block has to be in memory as a whole, decoded.
_LARGEST_BLOCK = 512 * 1024 * 1024

# What is left out of a file, or packed tight, takes no bytes of it, and yet time to unpack: of more
# than this the time is what it costs.
_MOST_UNPACKED = 2_000_000_000

# Values that are kept in memory of all bands; a picture of a large screen has fewer.
_MOST_KEPT = 64_000_000


@dataclass(frozen=True)
class Plan:
    """What is read for a picture.

    Attributes:
        level: The overview it is read from; None for the raster itself.
        column: First column in it.
        row: First row in it.
        width: Columns of it.
        height: Rows of it.
        out_width: Columns that are kept.
        out_height: Rows that are kept.
        part: The kept pixels, in pixels of the raster itself.
        cost: About how many bytes have to be fetched; or unpacked, where that is what takes long.
        runs: First byte, and that after the last, of what to fetch; empty where that is not known.
    """

    level: int | None
    column: int
    row: int
    width: int
    height: int
    out_width: int
    out_height: int
    part: Part
    cost: int
    runs: tuple[tuple[int, int], ...]


def plan_of(opened: Opened, place: Place, grid: Grid, bands: Sequence[int]) -> Plan | None:
    """What to read of a raster for a picture; None if nothing of it is in there.

    Args:
        opened: The raster.
        place: Where it lies.
        grid: The picture.
        bands: The bands that are read, from 1.

    Raises:
        RasterError: Its blocks are too large to be read.
    """
    ratio = max(grid.metres / place.metres, 1.0)
    window = window_of(opened.base, place, grid)
    return None if window is None else plan_at(opened, window, ratio, bands)


def plan_at(opened: Opened, window: Window, ratio: float, bands: Sequence[int]) -> Plan | None:
    """What to read of a window; None if it is beside the raster.

    Args:
        opened: The raster.
        window: First column and row, and those after the last, of the raster itself.
        ratio: How many columns, and rows, are one in the picture.
        bands: The bands that are read, from 1.

    Raises:
        RasterError: Its blocks are too large to be read.
    """
    level, factor = _level(opened.base, ratio)
    raster = opened.at(level)
    # An overview's size is rounded up: by that its pixels are a little other than `factor` ones.
    x_scale, y_scale = opened.base.width / raster.width, opened.base.height / raster.height
    left, top = max(0, math.floor(window[0] / x_scale)), max(0, math.floor(window[1] / y_scale))
    right = min(raster.width, math.ceil(window[2] / x_scale))
    bottom = min(raster.height, math.ceil(window[3] / y_scale))
    width, height = right - left, bottom - top
    if width <= 0 or height <= 0:
        return None
    step = max(1, math.floor(ratio / factor))
    out_width, out_height = max(1, width // step), max(1, height // step)
    while out_width * out_height * len(bands) > _MOST_KEPT:
        step *= 2
        out_width, out_height = max(1, width // step), max(1, height // step)
    part = Part(
        *(left * x_scale, top * y_scale),
        *(width / out_width * x_scale, height / out_height * y_scale),
    )
    cost, runs = _cost(opened, level, (left, top, right, bottom), out_height, bands)
    return Plan(level, left, top, width, height, out_width, out_height, part, cost, runs)


def window_of(raster: Any, place: Place, grid: Grid) -> Window | None:
    """Where a picture lies in a raster, not cut off at its edges; None if nowhere.

    Args:
        raster: What has a width and a height.
        place: Where it lies.
        grid: The picture.
    """
    import numpy as np  # noqa: PLC0415 - of the extra `raster`

    found = place.pixels_of(grid)
    if found is None:
        return 0.0, 0.0, float(raster.width), float(raster.height)
    columns, rows = found
    sane = np.isfinite(columns) & np.isfinite(rows)
    if not sane.any():
        return None
    columns, rows = columns[sane], rows[sane]
    pad = _PAD * max(grid.metres / place.metres, 1.0)
    return (
        *(float(columns.min()) - pad, float(rows.min()) - pad),
        *(float(columns.max()) + pad, float(rows.max()) + pad),
    )


def _level(raster: Any, ratio: float) -> tuple[int | None, int]:
    """The coarsest overview that is fine enough, and its factor."""
    found = [(factor, level) for level, factor in enumerate(raster.overviews(1))]
    fitting = [one for one in found if one[0] <= ratio * _NEAR]
    if not fitting:
        return None, 1
    factor, level = max(fitting)
    return level, factor


def _cost(
    opened: Opened,
    level: int | None,
    window: tuple[int, int, int, int],
    out_height: int,
    bands: Sequence[int],
) -> tuple[int, tuple[tuple[int, int], ...]]:
    """Bytes of the blocks that a window touches, and where they are if they are not too many."""
    raster = opened.base
    block_height, block_width = opened.at(level).block_shapes[0]
    together = raster.interleaving is not None and raster.interleaving.name == "pixel"
    pixel = max(_bytes_of(raster.dtypes[band - 1]) for band in bands)
    raw = block_height * block_width * pixel * (raster.count if together else 1)
    if raw > _LARGEST_BLOCK:
        raise RasterError(
            f"This raster is stored in pieces of {raw / 1e6:,.0f} MB, too large to read in part.",
            hint="Write it as a Cloud Optimized GeoTIFF, or download it.",
        )
    left, top, right, bottom = window
    first, last = left // block_width, (right - 1) // block_width
    upper, lower = top // block_height, (bottom - 1) // block_height
    # Of strips of one row only those are read that are kept.
    lines = min(lower - upper + 1, out_height)
    of = bands[:1] if together else bands
    touched = (last - first + 1) * lines * len(of)
    if touched * raw > _MOST_UNPACKED:
        return touched * raw, ()
    if touched <= _MOST_TOLD and lines == lower - upper + 1:
        found = [
            _bytes_at(raster, level, band, column, row)
            for band in of
            for row in range(upper, lower + 1)
            for column in range(first, last + 1)
        ]
        return sum(end - begin for begin, end in found), _runs(found)
    sizes = [
        end - begin
        for column, row in _spread(first, last, upper, lower)
        for begin, end in [_bytes_at(raster, level, bands[0], column, row)]
    ]
    return math.ceil(sum(sizes) / len(sizes) * touched), ()


def _bytes_at(raster: Any, level: int | None, band: int, column: int, row: int) -> tuple[int, int]:
    """Where a block is in the file; nowhere, and of no size, if it was left out."""
    begin, size = (
        int(raster.get_tag_item(f"BLOCK_{what}_{column}_{row}", "TIFF", band, level) or 0)
        for what in ("OFFSET", "SIZE")
    )
    return begin, begin + size


def _runs(blocks: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """The same with what lies beside each other in one piece: each is one request."""
    found: list[tuple[int, int]] = []
    for begin, end in sorted(block for block in blocks if block[1] > block[0]):
        if found and begin - found[-1][1] <= _GAP:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((begin, end))
    return tuple(found)


def _spread(left: int, right: int, upper: int, lower: int) -> list[tuple[int, int]]:
    """Some of the blocks, from all over."""
    across, down = right - left + 1, lower - upper + 1
    count = across * down
    return [
        (left + number % across, upper + number // across)
        for number in range(0, count, max(1, count // _SAMPLED))
    ]


def _bytes_of(dtype: str) -> int:
    import numpy as np  # noqa: PLC0415 - of the extra `raster`

    try:
        return int(np.dtype(dtype).itemsize)
    except TypeError:  # complex_int16
        return 4
