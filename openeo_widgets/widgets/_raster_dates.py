"""Files of results that differ by nothing but their date. Pure."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from openeo_widgets.api._shapes import dicts_of, text_of
from openeo_widgets.api._times import seconds_of_time
from openeo_widgets.preview import is_netcdf, is_zarr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from openeo_widgets.api import ResultAsset
    from openeo_widgets.api._places import Place

__all__ = ["Dated", "dates_of", "same_but_date"]

# 2022-06-01, 20220601, 2022_06_01T103021, 2022-06: of this century and the last.
_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d\d)([-_.]?)(0[1-9]|1[0-2])(?:\2(0[1-9]|[12]\d|3[01]))?"
    r"(?:[T_ -]?([01]\d|2[0-3])[-:_]?([0-5]\d)(?:[-:_]?([0-5]\d))?)?(?:\.\d+)?Z?(?!\d)"
)
_DAY = 10


@dataclass(frozen=True)
class Dated:
    """A file with its date.

    Attributes:
        label: The date as it is shown, or "".
        key: What the browser calls the asset.
        asset: The asset.
    """

    label: str
    key: str
    asset: ResultAsset


def dates_of(
    asset: ResultAsset, assets: Mapping[str, ResultAsset], places: Iterable[Place]
) -> tuple[list[Dated], int]:
    """As `same_but_date`, with the Items that results were found to have."""
    items = (place for place in places if place.kind == "item")
    of_items = {key: item.datetime for item in items for key in item.assets}
    return same_but_date(asset, assets, of_items)


def same_but_date(
    asset: ResultAsset, assets: Mapping[str, ResultAsset], of_items: Mapping[str, str]
) -> tuple[list[Dated], int]:
    """The files that are what a file is, at other dates.

    Dates are those of the Items, else those of the assets, else those in the names: the first of
    them that tells all these files apart.

    Args:
        asset: The file.
        assets: All files of the results, by what the browser calls them.
        of_items: Dates of the Items that files are of, by the keys of their assets.

    Returns:
        The files in the order of their dates, and the place of this one; just this one where none
        is like it.
    """
    # A cube has its dates in it.
    is_cube = any(kind(asset.filename, asset.media_type) for kind in (is_netcdf, is_zarr))
    alike = {} if is_cube else {key: one for key, one in assets.items() if _is_like(one, asset)}
    tellers: tuple[Callable[[ResultAsset], str], ...] = (
        lambda one: of_items.get(one.key, ""),
        _stated,
        lambda one: _named(_file(one)) or _named(one.key),
    )
    for told in tellers:
        dates = {key: told(one) for key, one in alike.items()}
        seconds = {key: seconds_of_time(date) for key, date in dates.items()}
        known = {key: at for key, at in seconds.items() if at is not None}
        if 1 < len(known) == len(alike) == len(set(known.values())):
            order = sorted(known, key=lambda key: known[key])
            labels = _labels([known[key] for key in order])
            found = [
                Dated(label, key, alike[key]) for label, key in zip(labels, order, strict=True)
            ]
            return found, next(place for place, one in enumerate(found) if one.asset is asset)
    key = next((key for key, one in assets.items() if one is asset), asset.key)
    return [Dated("", key, asset)], 0


def _is_like(one: ResultAsset, other: ResultAsset) -> bool:
    """Whether two files are the same but for their date: kind, name and bands."""
    if one is other:
        return True
    names = _without_date(_file(one)) == _without_date(_file(other))
    keys = _without_date(one.key) == _without_date(other.key)
    kinds = _kind(one) == _kind(other) and _bands(one.metadata) == _bands(other.metadata)
    return kinds and (names or keys)


def _kind(asset: ResultAsset) -> str:
    return (asset.media_type or "").split(";", maxsplit=1)[0].strip().lower()


def _bands(metadata: Mapping[str, Any]) -> list[Any]:
    return [
        [text_of(band.get("name")) for band in dicts_of(metadata.get(name))]
        for name in ("bands", "eo:bands", "raster:bands")
    ]


def _file(asset: ResultAsset) -> str:
    """Name of the file at the server: in a folder those of several Items get others."""
    try:
        path = urlsplit(asset.href).path
    except ValueError:
        path = ""
    return unquote(path).rpartition("/")[2]


def _without_date(name: str) -> str:
    return _DATE.sub("\N{REPLACEMENT CHARACTER}", name)


def _stated(asset: ResultAsset) -> str:
    return text_of(asset.metadata.get("datetime")) or text_of(asset.metadata.get("start_datetime"))


def _named(name: str) -> str:
    found = _DATE.search(name)
    if found is None:
        return ""
    year, _, month, day, hour, minute, second = found.groups()
    return f"{year}-{month}-{day or '01'}T{hour or '00'}:{minute or '00'}:{second or '00'}Z"


def _labels(seconds: Sequence[float]) -> list[str]:
    """Days, where these tell them apart; else with the time of day, in UTC."""
    times = [dt.datetime.fromtimestamp(at, dt.timezone.utc) for at in seconds]
    texts = [f"{time:%Y-%m-%d %H:%M:%S}" for time in times]
    days = [text[:_DAY] for text in texts]
    return days if len(set(days)) == len(days) else texts
