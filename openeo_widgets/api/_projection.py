"""Where an Item or a file lies by the projection extension of STAC, in lon/lat degrees.

Needs pyproj (extra ``geo``), but for what is in longitudes and latitudes already.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from openeo_widgets.api._boxes import BBox, wrapped
from openeo_widgets.api._geojson import drawable, is_number, mapped, positions

if TYPE_CHECKING:
    from openeo_widgets.api._geojson import Geometry

__all__ = [
    "GEO_EXTRA",
    "box_in",
    "box_to",
    "crs_name",
    "crs_of",
    "is_lon_lat",
    "native_box",
    "pixel_of",
    "projected",
]

#: What to say where pyproj is missing.
GEO_EXTRA = 'pip install "openeo-widgets[geo]" shows it'

_CODE = re.compile(r"([A-Za-z][A-Za-z0-9_]{1,15}):([A-Za-z0-9_.]{1,20})")
_WKT = re.compile(r"\s*(?:BOUND|COMPOUND|PROJ|GEOG|GEOD|GEOC|VERT)[A-Z]*\s*\[")
# Grids of differences, and files of definitions: PROJ reads whatever file of this machine is named
# so, and one that never ends, such as a pipe, it reads for ever.
_FILE = re.compile(
    r"(?:grids|init|file|model)=(?!@null(?![\w,]))|_GRIDS\b|PARAMETERFILE|\bfile\b", re.IGNORECASE
)
_LON_LAT = frozenset({"EPSG:4326", "OGC:CRS84"})
_LONGEST_CRS = 20_000

# Points along each side of a box: sides that are straight in one system are not in another.
_ALONG = 8

_Step = Callable[[list[Any]], list[Any]]


def crs_of(fields: Mapping[str, Any]) -> str | None:
    """The reference system that ``proj:code``, ``epsg``, ``wkt2`` or ``projjson`` tell of.

    Returns:
        A code such as ``EPSG:32631``, WKT or PROJJSON as text; None where nothing usable is told.
        What names files is not usable.
    """
    code = fields.get("proj:code")
    epsg = fields.get("proj:epsg")
    text = crs_name(code) or crs_name(epsg)
    if text:
        return text
    wkt, table = fields.get("proj:wkt2"), fields.get("proj:projjson")
    if isinstance(wkt, str) and _WKT.match(wkt) and _is_harmless(wkt):
        return wkt
    if isinstance(table, Mapping):
        text = json.dumps(table)
        return text if _is_harmless(text) else None
    return None


def _is_harmless(text: str) -> bool:
    return len(text) <= _LONGEST_CRS and _FILE.search(text) is None


def crs_name(value: Any) -> str | None:
    """A code as in ``EPSG:32631`` from such a text or an EPSG number; None for what is neither."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**6:
        return f"EPSG:{value}"
    if not isinstance(value, str):
        return None
    if re.fullmatch(r"[0-9]{4,6}", value):
        return f"EPSG:{value}"
    found = _CODE.fullmatch(value)
    return f"{found[1].upper()}:{found[2]}" if found else None


def projected(fields: Mapping[str, Any], crs: str | None) -> tuple[Geometry | None, str]:
    """Where something lies by ``proj:geometry``, ``proj:transform`` and ``shape``, or ``bbox``.

    Args:
        fields: The fields of an Item's properties or of an asset.
        crs: Its reference system, or None.

    Returns:
        A geometry in lon/lat degrees, or None; and why there is none although something is
        told, or "".
    """
    found = _told(fields)
    if found is None:
        return None, ""
    if crs is None:
        return None, "Its place is given in a reference system that is not told."
    step, fault = _to_lon_lat(crs)
    if step is None:
        return None, fault
    made = mapped(found, step)
    if not all(is_number(value) for position in positions(made) for value in position):
        return None, "Its place is beyond what its reference system is for."
    return made, ""


def is_lon_lat(crs: str) -> bool:
    """Whether a reference system is that of longitudes and latitudes."""
    return crs in _LON_LAT


def native_box(fields: Mapping[str, Any]) -> BBox | None:
    """The box in its own reference system, west, south, east, north; None where nothing tells."""
    found = _told({key: value for key, value in fields.items() if key != "proj:geometry"})
    if found is None:
        return None
    xs, ys = zip(*positions(found), strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def box_in(box: BBox, crs: str) -> BBox | None:
    """A box of degrees in another reference system, or None where that cannot be told."""
    return _box(box, "EPSG:4326", crs)


def box_to(box: tuple[float, float, float, float], crs: str) -> BBox | None:
    """A box of another reference system in degrees, or None where that cannot be told."""
    if crs in _LON_LAT:
        return wrapped(box)
    return _box(box, crs, "EPSG:4326")


def pixel_of(fields: Mapping[str, Any]) -> float | None:
    """The larger side of a pixel, in the units of the reference system, or None."""
    grid = _numbers(fields.get("proj:transform"), {6, 9})
    if grid:
        side = max(math.hypot(grid[0], grid[3]), math.hypot(grid[1], grid[4]))
        return side or None
    box, shape = _numbers(fields.get("proj:bbox"), {4, 6}), _shape(fields)
    if box and shape:
        half = len(box) // 2
        return abs(box[half] - box[0]) / shape[1] or None
    return None


def _told(fields: Mapping[str, Any]) -> Geometry | None:
    """What is told, in its own reference system."""
    given = drawable(fields.get("proj:geometry"))
    if given:
        return given
    grid, shape = _numbers(fields.get("proj:transform"), {6, 9}), _shape(fields)
    if grid and shape:
        a, b, c, d, e, f = grid[:6]
        rows, columns = shape
        corners = [(0, 0), (columns, 0), (columns, rows), (0, rows)]
        return _ring([[a * i + b * j + c, d * i + e * j + f] for i, j in corners])
    box = _numbers(fields.get("proj:bbox"), {4, 6})
    if not box:
        return None
    half = len(box) // 2
    west, south, east, north = box[0], box[1], box[half], box[half + 1]
    return _ring([[west, south], [east, south], [east, north], [west, north]])


def _ring(corners: list[list[float]]) -> Geometry:
    """A polygon with points along its sides."""
    ring = []
    for (x, y), (to_x, to_y) in zip(corners, [*corners[1:], corners[0]], strict=True):
        shares = [step / _ALONG for step in range(_ALONG)]
        ring += [[x + (to_x - x) * share, y + (to_y - y) * share] for share in shares]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def _shape(fields: Mapping[str, Any]) -> tuple[float, float] | None:
    """Rows and columns."""
    shape = _numbers(fields.get("proj:shape"), {2})
    return (shape[0], shape[1]) if shape and min(shape) > 0 else None


def _numbers(value: Any, lengths: set[int]) -> list[float] | None:
    if not isinstance(value, list) or len(value) not in lengths or not all(map(is_number, value)):
        return None
    return [float(number) for number in value]


def _to_lon_lat(crs: str) -> tuple[_Step | None, str]:
    """What turns a line of positions into lon/lat; or why nothing does."""
    if crs in _LON_LAT:
        return (lambda line: line), ""
    name = crs if _CODE.fullmatch(crs) else "a reference system of its own"
    try:
        transformer = _transformer(crs, "EPSG:4326")
    except ImportError:
        return None, f"Its place is given in {name} only: {GEO_EXTRA}."
    if transformer is None:
        return None, f"Its place is given in {name}, which is not known here."

    def step(line: list[Any]) -> list[Any]:
        lons, lats = transformer.transform([p[0] for p in line], [p[1] for p in line])
        return [list(position) for position in zip(lons, lats, strict=True)]

    return step, ""


def _box(box: BBox, source: str, target: str) -> BBox | None:
    try:
        transformer = _transformer(source, target)
        if transformer is None:
            return None
        found = tuple(float(value) for value in transformer.transform_bounds(*box, densify_pts=21))
    except Exception:  # noqa: BLE001 - pyproj is missing, or the box is beyond the system's world
        return None
    return (found[0], found[1], found[2], found[3]) if all(map(is_number, found)) else None


@lru_cache(maxsize=64)
def _transformer(source: str, target: str) -> Any:
    """From one system to another, x before y in both; None if pyproj does not know one of them.

    Raises:
        ImportError: pyproj is missing.
    """
    from pyproj import Transformer  # noqa: PLC0415 - an extra, and heavy

    try:
        return Transformer.from_crs(_crs(source), _crs(target), always_xy=True)
    except Exception:  # noqa: BLE001 - whatever it makes of what a back-end sent
        return None


def _crs(text: str) -> Any:
    """A reference system from what `crs_of` returned.

    Never through what guesses its form: PROJ strings may name files of this machine.
    """
    from pyproj import CRS  # noqa: PLC0415 - an extra, and heavy

    found = _CODE.fullmatch(text)
    if found:
        return CRS.from_authority(found[1], found[2])
    return CRS.from_json(text) if text.startswith("{") else CRS.from_wkt(text)
