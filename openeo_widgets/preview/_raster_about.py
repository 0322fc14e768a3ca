"""What a raster is: its bands by name and unit, its colours, how it may be shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openeo_widgets.api._shapes import dicts_of, number_of, text_of
from openeo_widgets.preview._raster_place import Place, place_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["MOST_BANDS", "About", "Band", "about", "rgb_of"]

_COLOURS = ("red", "green", "blue")
# What bands of red, green and blue are called where nothing says which they are.
_NAMES = (
    {"red", "r", "b04", "b4", "b04_10m", "sr_b4"},
    {"green", "g", "b03", "b3", "b03_10m", "sr_b3"},
    {"blue", "b", "b02", "b2", "b02_10m", "sr_b2"},
)
#: There are files with thousands: a list of more is not read.
MOST_BANDS = 256


@dataclass(frozen=True)
class Band:
    """A band.

    Attributes:
        number: Counted from 1, as GDAL counts.
        name: What it is called, or "band 1".
        unit: Its unit, or "".
        scale: By this a stored value is multiplied to be what it means.
        offset: This is added then.
        dtype: Type of the stored values.
        stated: Least and greatest value as the metadata tell, stored ones; or None.
    """

    number: int
    name: str
    unit: str
    scale: float
    offset: float
    dtype: str
    stated: tuple[float, float] | None

    def meant(self, value: float) -> float:
        """What a stored value means."""
        return value * self.scale + self.offset


@dataclass(frozen=True)
class About:
    """What a raster is.

    Attributes:
        width: Columns.
        height: Rows.
        place: Where it lies.
        bands: Its bands, without those that say what is transparent.
        more_bands: How many more it has than are listed.
        rgb: The bands that are red, green and blue, from 1; or None.
        palette: Colours by value, as red, green, blue, alpha; None for a raster without.
        classes: What values stand for, as the metadata tell.
        overviews: Whether it has smaller versions of itself.
        note: What is special about how it is shown, or "".
    """

    width: int
    height: int
    place: Place
    bands: tuple[Band, ...]
    more_bands: int
    rgb: tuple[int, int, int] | None
    palette: dict[int, tuple[int, int, int, int]] | None
    classes: dict[int, str]
    overviews: bool
    note: str


def about(raster: Any, metadata: Mapping[str, Any]) -> About:
    """What an open raster is.

    Args:
        raster: An open dataset of rasterio.
        metadata: The STAC asset.

    Raises:
        RasterError: It is on no map.
    """
    told = [_merged(number, metadata) for number in range(min(raster.count, MOST_BANDS))]
    drawn = [
        number
        for number, colour in enumerate(raster.colorinterp[:MOST_BANDS], start=1)
        if colour.name != "alpha"
    ] or [1]
    bands = tuple(_band(raster, number, told[number - 1]) for number in drawn)
    palette = _palette(raster) if len(bands) == 1 else None
    is_complex = "complex" in raster.dtypes[0]
    return About(
        width=raster.width,
        height=raster.height,
        place=place_of(raster, metadata),
        bands=bands,
        more_bands=max(0, raster.count - MOST_BANDS),
        rgb=_rgb(raster, bands, told),
        palette=palette,
        classes=_classes(told[0]),
        overviews=bool(raster.overviews(1)),
        note="Its values are complex: their magnitude is shown." if is_complex else "",
    )


def _merged(index: int, metadata: Mapping[str, Any]) -> dict[str, Any]:
    """What the metadata tell of a band: STAC 1.1's `bands`, or the extensions of 1.0."""
    found: dict[str, Any] = {}
    for name in ("eo:bands", "raster:bands", "bands"):
        bands = dicts_of(metadata.get(name))
        if index < len(bands):
            found |= {key.rpartition(":")[2]: value for key, value in bands[index].items()}
    return found


def _band(raster: Any, number: int, told: Mapping[str, Any]) -> Band:
    at = number - 1
    name = text_of(told.get("name")) or text_of(told.get("common_name"))
    name = name or raster.descriptions[at] or f"band {number}"
    # GDAL says 1 and 0 of a file that tells none.
    scale, offset = raster.scales[at], raster.offsets[at]
    if scale == 1 and offset == 0:
        scale = number_of(told.get("scale")) or 1.0
        offset = number_of(told.get("offset")) or 0.0
    statistics = told.get("statistics")
    statistics = statistics if isinstance(statistics, dict) else {}
    ends = number_of(statistics.get("minimum")), number_of(statistics.get("maximum"))
    stated = (ends[0], ends[1]) if None not in ends and ends[0] < ends[1] else None  # type: ignore[operator]
    unit = raster.units[at] or text_of(told.get("unit"))
    return Band(number, name, unit, scale, offset, raster.dtypes[at], stated)  # type: ignore[arg-type]


def _rgb(
    raster: Any, bands: Sequence[Band], told: Sequence[Mapping[str, Any]]
) -> tuple[int, int, int] | None:
    drawn = {colour.name: number for number, colour in enumerate(raster.colorinterp, start=1)}
    red, green, blue = (drawn.get(colour) for colour in _COLOURS)
    if len(bands) < len(_COLOURS) or red is None or green is None or blue is None:
        return rgb_of(bands, told)
    return red, green, blue


def rgb_of(bands: Sequence[Band], told: Sequence[Mapping[str, Any]]) -> tuple[int, int, int] | None:
    """The bands that are red, green and blue by what is told of them, or by name; or None.

    Args:
        bands: The bands.
        told: What the metadata tell of each, by its number.
    """
    red, green, blue = (
        next((band.number for band in bands if _is(band, colour, told[band.number - 1])), None)
        for colour in range(len(_COLOURS))
    )
    return None if red is None or green is None or blue is None else (red, green, blue)


def _is(band: Band, colour: int, told: Mapping[str, Any]) -> bool:
    common = text_of(told.get("common_name")).lower()
    return common == _COLOURS[colour] if common else band.name.lower() in _NAMES[colour]


def _palette(raster: Any) -> dict[int, tuple[int, int, int, int]] | None:
    if raster.colorinterp[0].name != "palette":
        return None
    try:
        found: dict[int, tuple[int, int, int, int]] = raster.colormap(1)
    except ValueError:  # it says that it has one, and has none
        return None
    return found


def _classes(told: Mapping[str, Any]) -> dict[int, str]:
    found = {}
    for one in dicts_of(told.get("classes"), MOST_BANDS):
        value = one.get("value")
        name = (
            text_of(one.get("title")) or text_of(one.get("name")) or text_of(one.get("description"))
        )
        if isinstance(value, int) and name:
            found[value] = name
    return found
