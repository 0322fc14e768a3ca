"""What the browser is told of the raster on the map: see ``RasterState`` in the protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openeo_widgets.preview import COLOR_MAPS, legend, modes_of, number_text, stretches_of
from openeo_widgets.widgets._traits import clip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openeo_widgets.preview import About, Style

__all__ = ["pixel_told", "raster_told", "raster_under_way", "size_text"]

_MOST_BANDS = 64


def raster_under_way(key: str, name: str, **changes: Any) -> dict[str, Any]:
    """A raster of which nothing is known yet."""
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
        "opacity": 1.0,
        "pixel": None,
    }
    return {"key": key, "name": clip(name), **empty, **changes}


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
    about: About, lon: float, lat: float, values: Sequence[Any] | None
) -> dict[str, Any]:
    """What is told of a pixel: the values of its bands, as they are meant."""
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
    return {"lon": lon, "lat": lat, "values": [] if beside else told, "note": note}


def size_text(size: float) -> str:
    """Bytes, as a person reads them."""
    for unit in ("bytes", "kB", "MB"):
        if size < 1000:  # noqa: PLR2004 - of each of them a thousand are the next
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"
