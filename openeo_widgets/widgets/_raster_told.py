"""What the browser is told of the raster on the map: see ``RasterState`` in the protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openeo_widgets.preview import COLOR_MAPS, legend, modes_of, number_text, stretches_of
from openeo_widgets.widgets._traits import clip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openeo_widgets.preview import About, Stats, Style

__all__ = [
    "cost_question",
    "missing_share",
    "pixel_told",
    "raster_note",
    "raster_told",
    "raster_under_way",
    "series_question",
]

_MOST_BANDS = 64


def raster_under_way(key: str, name: str, mark: str) -> dict[str, Any]:
    """A raster of which nothing is known yet.

    Args:
        key: What the browser calls its asset.
        name: Name of its file.
        mark: Class of its pictures in the page.
    """
    empty: dict[str, Any] = {
        "state": "loading",
        "busy": True,
        "error": None,
        "note": "",
        "question": "",
        "bands": [],
        "modes": [],
        "mode": "",
        "chosen": [],
        "stretches": [],
        "stretch": "",
        "ends": [],
        "colormaps": list(COLOR_MAPS),
        "colormap": "",
        "legend": None,
        "nodata_share": None,
        "pixel": None,
        "frames": [],
        "frame": 0,
    }
    return {"key": key, "name": clip(name), "mark": mark, **empty}


def raster_told(
    about: About, style: Style, spread: Sequence[tuple[float, float]]
) -> dict[str, Any]:
    """What is told of how a raster is shown."""
    by_number = {band.number: band for band in about.bands}
    bands = [by_number[number] for number in style.bands]
    return {
        "bands": [
            {"number": band.number, "name": clip(band.name), "unit": clip(band.unit)}
            for band in about.bands[:_MOST_BANDS]
        ],
        "modes": modes_of(about),
        "mode": style.mode,
        "chosen": list(style.bands),
        "stretches": stretches_of(about, style),
        "stretch": style.stretch,
        "ends": [
            [band.meant(low), band.meant(high)]
            for band, (low, high) in zip(bands, spread, strict=True)
        ],
        "colormap": style.colormap,
        "legend": legend(about, style, spread),
    }


def pixel_told(
    about: About, lon: float, lat: float, values: Sequence[Any] | None, *, series: bool
) -> dict[str, Any]:
    """What is told of a pixel: the values of its bands, as they are meant.

    Args:
        about: What the raster is.
        lon: Longitude in degrees.
        lat: Latitude in degrees.
        values: The stored values of all its bands; None beside the raster.
        series: Whether its values over time can be asked for.
    """
    told = []
    for band in about.bands[:_MOST_BANDS]:
        value = None if values is None else values[band.number - 1]
        if value is None:
            text = "no value"
        elif isinstance(value, complex):
            text = number_text(value)
        else:
            meant = value if (band.scale, band.offset) == (1, 0) else band.meant(value)
            text = number_text(meant) + (f" {band.unit}" if band.unit else "")
            name = about.classes.get(value, "") if isinstance(value, int) else ""
            text += f" ({name})" if name else ""
        told.append({"name": clip(band.name), "text": clip(text)})
    beside = values is None
    note = "The raster has no pixel there." if beside else ""
    place = {"lon": lon, "lat": lat, "note": note}
    return {**place, "values": [] if beside else told, "series": series and not beside}


def raster_note(about: About, *, of_all: bool, has_values: bool, coarser: int) -> str:
    """What is left out or special, in words, or "".

    Args:
        about: What the raster is.
        of_all: Whether the colours are spread over all of it.
        has_values: Whether anything is known to have a value.
        coarser: How many screen pixels one of its picture's pixels is wide; 0 for less than one.
    """
    notes = [
        about.note,
        "" if of_all else "The colours are spread over what is in view.",
        "" if has_values else "It has no value anywhere.",
        f"Drawn at a {coarser}th of the screen's resolution: finer would be too much to send."
        if coarser > 1
        else "",
        f"{about.more_bands} more bands are not listed." if about.more_bands else "",
    ]
    return " ".join(note for note in notes if note)


def missing_share(known: Sequence[Stats | None]) -> float:
    """Share of pixels without a value, of the band that has most of them."""
    return max(1.0 if one is None else one.missing for one in known)


def cost_question(about: About | None, cost: int) -> str:
    """What is asked before more than the budget is read; None: of what cannot be opened else."""
    size = _size_text(cost)
    if about is None:
        return f"To draw it, all of it has to be read, {size}. Read it all the same?"
    why = "" if about.overviews else " It has no smaller versions of itself (overviews)."
    return (
        f"To draw this part about {size} have to be read.{why} "
        "Closer up it takes less. Read it all the same?"
    )


def series_question(cost: int) -> str:
    """What is asked before more than the budget is read for a pixel over time."""
    return f"To read its values over time about {_size_text(cost)} have to be read."


def _size_text(size: float) -> str:
    """Bytes, as a person reads them."""
    for unit in ("bytes", "kB", "MB"):
        if size < 1000:  # noqa: PLR2004 - of each of them a thousand are the next
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"
