"""How a raster is coloured: which bands, spread over which values, in which colours. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from openeo_widgets.preview._raster_colours import COLOR_MAPS, DEFAULT_MAP, stops
from openeo_widgets.preview._words import short

if TYPE_CHECKING:
    from openeo_widgets.preview._raster_about import About, Band
    from openeo_widgets.preview._raster_values import Stats

__all__ = [
    "Style",
    "first_style",
    "legend",
    "modes_of",
    "number_text",
    "ranges",
    "stretches_of",
    "styled",
]

_BYTE = (0.0, 255.0)

# What values of these names are mostly shown in.
_MAPS = {
    "RdYlGn": ("ndvi", "evi", "savi", "lai", "fapar", "fcover"),
    "terrain": ("dem", "dsm", "elevation", "altitude"),
    "RdBu": ("ndwi", "ndmi", "mndwi", "anomaly", "difference"),
}
_MOST_CLASSES = 64


@dataclass(frozen=True)
class Style:
    """How a raster is coloured.

    Attributes:
        mode: "single" band, "rgb", or "palette": the file's own colours.
        bands: The bands, from 1: three for rgb, else one.
        stretch: What the colours are spread over: "percentiles" (2 to 98), "minmax", "stated"
            (in the metadata), "byte" (0 to 255), or "own".
        own: Low and high of each band, for "own"; meant values.
        colormap: One of `COLOR_MAPS`, for a single band.
    """

    mode: str
    bands: tuple[int, ...]
    stretch: str
    own: tuple[tuple[float, float], ...] = ()
    colormap: str = DEFAULT_MAP


def first_style(about: About) -> Style:
    """How a raster is shown at first."""
    if about.palette is not None:
        return Style("palette", (about.bands[0].number,), "minmax")
    if about.rgb is not None:
        as_it_is = all(_band(about, number).dtype == "uint8" for number in about.rgb)
        return Style("rgb", about.rgb, "byte" if as_it_is else "percentiles")
    band = about.bands[0]
    words = band.name.lower().replace("-", "_").split("_")
    chosen = next((name for name, known in _MAPS.items() if set(words) & set(known)), DEFAULT_MAP)
    return Style("single", (band.number,), "percentiles", colormap=chosen)


def styled(style: Style, about: About, wanted: dict[str, Any]) -> Style:
    """A style with some of it changed.

    Args:
        style: As it is.
        about: The raster.
        wanted: By name what is to be changed: mode, chosen, stretch, ends, colormap.

    Raises:
        ValueError: There is no such style of this raster.
    """
    mode = wanted.get("mode") or style.mode
    if mode not in modes_of(about):
        raise ValueError(f"This raster cannot be shown as {mode!r}.")
    bands = style.bands
    if mode != style.mode:
        bands = _default_bands(about, mode)
    if wanted.get("chosen") is not None:
        bands = _bands(about, mode, wanted["chosen"])
    colormap = wanted.get("colormap") or style.colormap
    if colormap not in COLOR_MAPS:
        raise ValueError(f"There is no colour map {colormap!r}.")
    own, stretch = style.own, wanted.get("stretch") or style.stretch
    if wanted.get("ends") is not None:
        own, stretch = _own(wanted["ends"], len(bands)), "own"
    # What a person set for these bands says nothing of others.
    if stretch == "own" and len(own) != len(bands):
        own, stretch = (), "percentiles"
    made = replace(style, mode=mode, bands=bands, stretch=stretch, own=own, colormap=colormap)
    offered = {*stretches_of(about, made), "own"}
    return made if stretch in offered else replace(made, stretch="percentiles")


def modes_of(about: About) -> list[str]:
    """The modes that a raster may be shown in."""
    palette = ["palette"] if about.palette is not None else []
    enough = len(about.bands) >= 3  # noqa: PLR2004 - red, green, blue
    return [*palette, "single", *(["rgb"] if enough else [])]


def stretches_of(about: About, style: Style) -> list[str]:
    """What the colours of a style can be spread over."""
    bands = [_band(about, number) for number in style.bands]
    stated = ["stated"] if all(band.stated for band in bands) else []
    byte = ["byte"] if all(band.dtype == "uint8" for band in bands) else []
    return ["percentiles", "minmax", *stated, *byte]


def ranges(about: About, style: Style, stats: Sequence[Stats | None]) -> list[tuple[float, float]]:
    """The stored values of each band that get the first and the last colour.

    Args:
        about: The raster.
        style: How it is coloured.
        stats: What its bands are like, those of the style, in that order.
    """
    found = []
    for index, number in enumerate(style.bands):
        band, known = _band(about, number), stats[index]
        low, high = _BYTE
        if style.stretch == "own":
            ends = sorted((end - band.offset) / band.scale for end in style.own[index])
            low, high = ends
        elif style.stretch == "stated" and band.stated:
            low, high = band.stated
        elif known is not None and style.stretch != "byte":
            whole = style.stretch == "minmax" or known.low == known.high
            low, high = (known.least, known.most) if whole else (known.low, known.high)
        found.append((low, high) if low < high else (low - 0.5, low + 0.5))
    return found


def legend(
    about: About, style: Style, spread: Sequence[tuple[float, float]]
) -> dict[str, Any] | None:
    """What the colours mean: see ``RasterLegend`` in js/src/protocol-raster.ts."""
    empty: dict[str, Any] = {"colours": [], "low": "", "high": "", "unit": "", "classes": []}
    band = _band(about, style.bands[0])
    if style.mode == "palette":
        named = about.classes or {}
        wanted = sorted(named) if named else sorted(about.palette or {})
        colours = about.palette or {}
        classes = [
            {"colour": _css(colours[value]), "name": short(named.get(value, value), 100)}
            for value in wanted
            if value in colours and (named or any(colours[value][:3]))
        ]
        return {**empty, "classes": classes[:_MOST_CLASSES]} if classes else None
    if style.mode != "single":
        return None
    low, high = (end_text(band.meant(end)) for end in spread[0])
    unit = short(band.unit, 100)
    return {**empty, "colours": stops(style.colormap), "low": low, "high": high, "unit": unit}


def end_text(value: float) -> str:
    """An end of the colours: four digits tell as much as colours do."""
    if math.isfinite(value) and (float(value).is_integer() or abs(value) >= 1e4):  # noqa: PLR2004 - four digits
        return number_text(round(value))
    return f"{value:.4g}"


def number_text(value: Any) -> str:
    """A value of a pixel as a person reads it."""
    if isinstance(value, complex):
        return f"{value:.4g}"
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return f"{value:.0f}" if abs(value) < 1e12 else f"{value:.6g}"  # noqa: PLR2004 - legible
    return f"{value:.6g}"


def _band(about: About, number: int) -> Band:
    return next(band for band in about.bands if band.number == number)


def _default_bands(about: About, mode: str) -> tuple[int, ...]:
    numbers = tuple(band.number for band in about.bands)
    return (about.rgb or numbers[:3]) if mode == "rgb" else numbers[:1]


def _bands(about: About, mode: str, chosen: Any) -> tuple[int, ...]:
    needed = 3 if mode == "rgb" else 1
    there = {band.number for band in about.bands}
    if not isinstance(chosen, Sequence) or len(chosen) != needed or not set(chosen) <= there:
        raise ValueError(f"Choose {needed} of the bands that there are.")
    return tuple(int(number) for number in chosen)


def _own(given: Any, count: int) -> tuple[tuple[float, float], ...]:
    pairs = tuple((float(low), float(high)) for low, high in given)
    sane = all(math.isfinite(low) and math.isfinite(high) and low < high for low, high in pairs)
    if len(pairs) != count or not sane:
        raise ValueError("A range has a lower and a higher end for each band.")
    return pairs


def _css(colour: Sequence[int]) -> str:
    return "#" + bytes(colour[:3]).hex()
