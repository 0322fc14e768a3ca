"""NetCDF and what else xarray reads: its own view, and time series at the middle."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from openeo_widgets.api._extras import needed
from openeo_widgets.errors import OpenEOWidgetsError
from openeo_widgets.preview._chart import MOST_LINES, Chart, Line, finite
from openeo_widgets.preview._cube_open import is_zarr, open_netcdf, open_zarr
from openeo_widgets.preview._cube_times import times_of
from openeo_widgets.preview._views import BUDGET_BYTES, Facts, Html, Made, Text
from openeo_widgets.preview._words import short
from openeo_widgets.transfer import TooMuchError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openeo_widgets.preview._file import PreviewFile
    from openeo_widgets.preview._views import View

__all__ = ["dataset", "is_cube", "make_cube", "point_series"]

_TYPES = frozenset(
    ("application/netcdf", "application/x-netcdf", "application/x-hdf5", "application/x-hdf")
)
_EXTENSIONS = frozenset((".nc", ".nc4", ".cdf", ".h5", ".hdf5"))

# Of the page that xarray makes so much may be sent.
_MOST_HTML = 150_000

_TIMES = ("t", "time")
# Names of the first of two coordinates of a place, and how units are written.
_ACROSS = ("x", "lon", "longitude", "easting")
_UNITS = {
    **dict.fromkeys(("m", "metre", "metres", "meter", "meters"), " m"),
    **dict.fromkeys(("degree", "degrees", "degrees_north", "degrees_east"), "\N{DEGREE SIGN}"),
}
# Coordinates from here on are no degrees.
_METRES = 1000
_MOST_TIMES = 100_000


def is_cube(file: PreviewFile) -> bool:
    """Whether a file is said to be one that xarray reads."""
    if is_zarr(file.name, file.media_type):
        return True
    return file.media_type in _TYPES or file.extension in _EXTENSIONS


def make_cube(file: PreviewFile) -> Made:
    """Show what xarray shows, facts, and the values at the middle over time."""
    note, partial = "", False
    with dataset(file) as found:
        chart = None
        try:
            chart = point_series(found)
        except TooMuchError:
            note, partial = "Values at the middle over time are more than is read unasked.", True
        except Exception as error:  # noqa: BLE001 - whatever a file has, the rest can be shown
            note = f"Values at the middle cannot be read ({type(error).__name__}: {error})."
        views: list[View] = [_page(found), Facts(_facts(file, found))]
    if chart is not None:
        views.insert(0, chart)
    python = 'import xarray; data = xarray.open_dataset({}.open(), engine="h5netcdf")'
    if is_zarr(file.name, file.media_type):
        python = "import xarray; data = xarray.open_zarr({}.href)"
    return Made(tuple(views), note=note, partial=partial, python=python)


@contextmanager
def dataset(file: PreviewFile) -> Iterator[Any]:
    """Open a file with xarray, where it is, and close it afterwards.

    Raises:
        MissingExtraError: xarray, or what it reads such files with, is not installed.
        TooMuchError: More would have to be read than is read unasked.
        OpenEOWidgetsError: It is no such file.
    """
    if is_zarr(file.name, file.media_type):
        if file.member is None:
            raise OpenEOWidgetsError(f"{file.name!r} is said to be a folder, and is none.")
        most = None if file.whole else BUDGET_BYTES
        with open_zarr(file.member, file.name, most=most) as found:
            yield found
        return
    what = "NetCDF files cannot be shown"
    needed("xarray", "cubes", what)
    with file.open() as opened, open_netcdf(opened, file.name, what) as found:
        yield found


def point_series(found: Any, at: dict[str, float] | None = None) -> Chart | None:
    """The values of all variables at a point, over time.

    Args:
        found: An `xarray.Dataset`.
        at: Where, by the names of dimensions and in their units; the middle where it does not say.

    Returns:
        The lines; None where nothing goes over time.
    """
    name = next((str(dim) for dim in found.dims if str(dim).lower() in _TIMES), None)
    if name is None or not 1 < found.sizes[name] <= _MOST_TIMES:
        return None
    times, kind = times_of(found, name)
    lines = []
    for band, values in list(found.data_vars.items())[:MOST_LINES]:
        if name not in values.dims or values.dtype.kind not in "iuf":
            continue
        for dim in values.dims:
            if dim != name:
                values = _at(values, dim, (at or {}).get(str(dim)))  # noqa: PLW2901 - narrowed down
        numbers = [finite(float(value)) for value in values.values]
        points = sorted(zip(times, numbers, strict=True), key=lambda point: point[0])
        lines.append(Line(str(band), [p[0] for p in points], [p[1] for p in points], "", str(band)))
    if not lines:
        return None
    where = _middle(found, name, at or {})
    return Chart(tuple(lines), kind, name, f"Values {where}." if where else "")


def _at(values: Any, dim: Any, position: float | None) -> Any:
    if position is None or dim not in values.coords:
        return values.isel({dim: values.sizes[dim] // 2})
    return values.sel({dim: position}, method="nearest")


def _middle(found: Any, name: str, at: dict[str, float]) -> str:
    """Where the lines are, in words."""
    words = []
    for dim in sorted(found.dims, key=lambda dim: str(dim).lower() not in _ACROSS):
        if dim == name or found[dim].dtype.kind not in "iuf":
            continue
        place = at.get(str(dim), float(found[dim].values[found.sizes[dim] // 2]))
        unit = _UNITS.get(str(found[dim].attrs.get("units", "")), "")
        words.append(f"{dim} {_position(place)}{unit}")
    crs = _crs(found)
    return f"at {', '.join(words)}{f' ({crs})' if crs else ''}" if words else ""


def _position(value: float) -> str:
    """A coordinate in plain digits: metres whole, in groups of three, degrees with decimals."""
    if abs(value) >= _METRES:
        return f"{value:,.0f}".replace(",", "\N{NO-BREAK SPACE}")
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _crs(found: Any) -> str:
    """Name of the reference system, or ""."""
    wkt = (one.attrs.get("crs_wkt") for one in found.variables.values())
    crs = str(next(filter(None, wkt), ""))
    return short(crs.split('"')[1] if '"' in crs else crs, 200)


def _page(found: Any) -> View:
    """The view that xarray makes; the shorter one where that is too long."""
    html = str(found._repr_html_())
    return Html(html) if len(html) <= _MOST_HTML else Text(repr(found), label="Dataset")


def _facts(file: PreviewFile, found: Any) -> dict[str, Any]:
    """What a person asks first: how large, which variables, from when to when, in which CRS."""
    facts = {
        "Name": file.name,
        "Size": "of a folder, not told" if is_zarr(file.name, file.media_type) else file.size_text,
        "Dimensions": ", ".join(f"{dim}: {size:,}" for dim, size in found.sizes.items()),
    }
    for name, values in list(found.data_vars.items())[:30]:
        dims = ", ".join(map(str, values.dims))
        unit = values.attrs.get("units", "")
        facts[f"Variable {name}"] = short(f"{values.dtype} ({dims}) {unit}".strip())
    for dim in found.dims:
        if found[dim].ndim == 1 and found.sizes[dim] and dim in found.coords:
            ends = found[dim].values[[0, -1]]
            facts[f"{dim}, first and last"] = f"{_plain(ends[0])} to {_plain(ends[1])}"
    if crs := _crs(found):
        facts["Reference system"] = crs
    return facts


def _plain(value: Any) -> str:
    text = str(value)
    return (
        text[:19] if getattr(value, "dtype", None) is not None and value.dtype.kind == "M" else text
    )
