"""Processes on cubes that openeo-processes-dask 2026.9.1 gets wrong, done here instead.

* ``aggregate_temporal`` takes intervals as (start, end] where the specification has [start, end).
* ``aggregate_temporal_period`` labels months by their last day and knows no ISO weeks.
* ``aggregate_spatial`` starts loky processes, reads the whole cube once per geometry, and fails
  on a bare Feature and on a MultiPolygon; ``mask_polygon`` and ``filter_spatial`` forget holes
  and all but the first part of a MultiPolygon.
* ``reduce_spatial`` sums up in 32 bits.
* ``filter_labels`` keeps the first matching label only.
* ``filter_bbox`` gives an empty cube, silently, for a box outside the data.
* ``mask`` leaves out the mask's nodata, and ``array_element`` finds no dates by their text.

All reducers, and everything else, are those of openeo-processes-dask.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr
from pyproj import CRS

from openeo_widgets.backend import geometries, intervals, source
from openeo_widgets.backend.failures import ProcessFailure

if TYPE_CHECKING:
    from openeo_widgets.backend.graph import Callback

GEOMETRY = "geometry"
"""The dimension of a vector cube along which its geometries lie."""


def filter_bbox(data: xr.DataArray, extent: dict[str, Any]) -> xr.DataArray:
    """The pixels whose centre lies in the box; ``NoDataAvailable`` if there are none."""
    return source.crop(data, extent)


def filter_spatial(data: xr.DataArray, geometries: Any) -> xr.DataArray:  # noqa: A002, RUF100
    """The box around the geometries, with nodata outside of them."""
    return source.crop(data, geometries)


def mask_polygon(
    data: xr.DataArray,
    mask: Any,
    replacement: float | None = None,
    inside: bool = False,  # noqa: FBT001, FBT002 -- the process has these parameters
) -> xr.DataArray:
    """Replaces the pixels outside (or ``inside``) of the polygons."""
    shapes = [feature.geometry for feature in geometries.features(mask, crs_of(data))]
    within = source.inside_mask(data, shapes)
    result: xr.DataArray = data.where(~within if inside else within, _or_nan(replacement))
    return result


def filter_temporal(data: xr.DataArray, extent: Any, dimension: str | None = None) -> xr.DataArray:
    """The time steps from the start (included) to the end (excluded)."""
    name = _temporal(data, dimension)
    start, end = intervals.interval(extent)
    times = data[name].values
    result: xr.DataArray = data.isel({name: np.flatnonzero((times >= start) & (times < end))})
    return result


def filter_labels(
    data: xr.DataArray, condition: Callback, dimension: str, context: Any = None
) -> xr.DataArray:
    """The labels of a dimension that fulfil the condition."""
    _require(data, dimension)
    labels = data[dimension].values
    values = [str(label) if labels.dtype.kind == "M" else label.item() for label in labels]
    keep = [
        bool(condition(named_parameters={"value": value, "context": context})) for value in values
    ]
    result: xr.DataArray = data.isel({dimension: np.flatnonzero(keep)})
    return result


def aggregate_temporal(
    data: xr.DataArray,
    intervals: list[Any],
    reducer: Callback,
    labels: list[Any] | None = None,
    dimension: str | None = None,
    context: Any = None,
) -> xr.DataArray:
    """Reduces the time steps of every interval, its start included and its end excluded.

    Labels are the given ones or the intervals' starts; an interval without data is nodata.
    """
    bounds = [_interval(pair) for pair in intervals]
    if labels is not None and len(labels) != len(bounds):
        raise ProcessFailure(
            "DistinctDimensionLabelsRequired", "There must be as many labels as intervals."
        )
    marks: Any = np.array([start for start, _ in bounds]) if labels is None else _dates(labels)
    if len({str(mark) for mark in marks}) != len(bounds):
        raise ProcessFailure(
            "DistinctDimensionLabelsRequired", "Give labels: two intervals start alike."
        )
    return _reduce_intervals(data, bounds, marks, reducer, dimension, context)


def aggregate_temporal_period(
    data: xr.DataArray,
    period: str,
    reducer: Callback,
    dimension: str | None = None,
    context: Any = None,
) -> xr.DataArray:
    """Reduces the time steps of every calendar period; its label is the date it starts at."""
    times = data[_temporal(data, dimension)].values
    bounds = intervals.periods(times.min(), times.max(), period)
    marks = np.array([start for start, _ in bounds], "datetime64[ns]")
    return _reduce_intervals(data, bounds, marks, reducer, dimension, context)


def _reduce_intervals(
    data: xr.DataArray,
    bounds: list[tuple[Any, Any]],
    marks: Any,
    reducer: Callback,
    dimension: str | None,
    context: Any,
) -> xr.DataArray:
    name = _temporal(data, dimension)
    times = data[name].values
    empty = xr.full_like(data.isel({name: 0}, drop=True), np.nan)
    steps = []
    for start, end in bounds:
        chosen = np.flatnonzero((times >= start) & (times < end))
        steps.append(
            _reduce(data.isel({name: chosen}), reducer, name, context) if chosen.size else empty
        )
    joined = xr.concat(steps, dim=name, coords="minimal", compat="override")
    result: xr.DataArray = joined.assign_coords({name: marks}).transpose(*data.dims)
    return result


def aggregate_spatial(
    data: xr.DataArray,
    geometries: Any,
    reducer: Callback,
    target_dimension: str | None = None,
    context: Any = None,
) -> xr.DataArray:
    """Reduces the pixels whose centre lies in each geometry, ignoring what is nodata.

    Returns:
        A vector cube: dimension ``geometry`` instead of x and y. The coordinate ``geometry``
        holds the shapes in the cube's CRS, ``properties`` the features' properties as JSON.
    """
    if target_dimension is not None:
        raise ProcessFailure("FeatureUnsupported", "'target_dimension' is not supported here.")
    found = _features(geometries, data)
    rest = [dim for dim in data.dims if dim not in ("x", "y")]
    nothing = xr.full_like(data.isel(x=0, y=0, drop=True), np.nan)
    values = []
    for feature in found:
        window = _window(data, feature.geometry)
        values.append(nothing if window is None else _reduce(window, reducer, ("y", "x"), context))
    if all(value is nothing for value in values):
        raise ProcessFailure("NoDataAvailable", "None of the geometries covers any data.")
    cube = xr.concat(values, dim=GEOMETRY, coords="minimal", compat="override")
    shapes = np.empty(len(found), object)
    shapes[:] = [feature.geometry for feature in found]
    described = [json.dumps(feature.properties) for feature in found]
    cube = cube.assign_coords({GEOMETRY: shapes, "properties": (GEOMETRY, described)})
    result: xr.DataArray = cube.transpose(*[dim for dim in rest if dim != "bands"], GEOMETRY, ...)
    return result


def reduce_spatial(data: xr.DataArray, reducer: Callback, context: Any = None) -> xr.DataArray:
    """Reduces all pixels of every other label, ignoring what is nodata."""
    crs_of(data)
    return _reduce(_precise(data), reducer, ("y", "x"), context)


def _precise(data: xr.DataArray) -> xr.DataArray:
    """32 bits lose digits when ten thousands of pixels are summed up (1 in 10 000, measured)."""
    return data.astype(float) if data.dtype == np.float32 else data


def _features(geojson: Any, data: xr.DataArray) -> list[geometries.Feature]:
    return geometries.features(geojson, crs_of(data))


def _window(data: xr.DataArray, shape: Any) -> xr.DataArray | None:
    """The cube around a shape with nodata outside of it; None if it covers no pixel centre."""
    west, south, east, north = shape.bounds
    step = abs(float(data["x"].values[1] - data["x"].values[0])) if data.sizes["x"] > 1 else 0
    columns = np.flatnonzero((data["x"].values >= west - step) & (data["x"].values <= east + step))
    rows = np.flatnonzero((data["y"].values >= south - step) & (data["y"].values <= north + step))
    if len(columns) == 0 or len(rows) == 0:
        return None
    window = _precise(data.isel(x=columns, y=rows))
    mask = source.inside_mask(window, [shape])
    return window.where(mask) if mask.any() else None


def mask(data: xr.DataArray, mask: xr.DataArray, replacement: float | None = None) -> xr.DataArray:
    """Replaces the pixels where the mask is neither 0 nor false; its nodata masks nothing.

    Raises:
        ProcessFailure: ``IncompatibleDataCubes`` if the mask has another grid, other time steps
            or a dimension that the data lacks.
    """
    extra = [dim for dim in mask.dims if dim not in data.dims]
    different = [
        dim
        for dim in mask.dims
        if dim in data.dims and not np.array_equal(mask[dim].values, data[dim].values)
    ]
    if extra or different:
        raise ProcessFailure(
            "IncompatibleDataCubes",
            f"The mask does not fit the data along {', '.join(map(str, extra + different))}.",
        )
    masked = (mask.fillna(0) if mask.dtype.kind == "f" else mask).astype(bool)
    result = data.where(~masked.drop_vars("spatial_ref", errors="ignore"), _or_nan(replacement))
    kept: xr.DataArray = result.transpose(*data.dims)
    return kept


def crs_of(data: xr.DataArray) -> CRS:
    """The CRS of a raster cube.

    Raises:
        ProcessFailure: ``DimensionMissing`` if it has no x and y.
    """
    if "x" not in data.dims or "y" not in data.dims or data.rio.crs is None:
        raise ProcessFailure("DimensionMissing", "The cube has no spatial dimensions x and y.")
    return CRS.from_user_input(data.rio.crs.to_wkt())


def _reduce(data: xr.DataArray, reducer: Callback, dims: Any, context: Any) -> xr.DataArray:
    result: xr.DataArray = data.reduce(
        reducer,
        dim=dims,
        keep_attrs=True,
        positional_parameters={"data": 0},
        named_parameters={"context": context},
    )
    return result


def _temporal(data: xr.DataArray, dimension: str | None) -> str:
    if dimension is not None:
        return _require(data, dimension)
    found = [str(dim) for dim in data.dims if data[dim].dtype.kind == "M"]
    if not found:
        raise ProcessFailure("DimensionNotAvailable", "The cube has no temporal dimension.")
    if len(found) > 1:
        raise ProcessFailure(
            "TooManyDimensions", f"Say which temporal dimension: {', '.join(found)}."
        )
    return found[0]


def _require(data: xr.DataArray, dimension: str) -> str:
    if dimension not in data.dims:
        raise ProcessFailure(
            "DimensionNotAvailable",
            f"There is no dimension '{dimension}'; there are {', '.join(map(str, data.dims))}.",
        )
    return dimension


def _interval(pair: Any) -> tuple[Any, Any]:
    # Out here: within the process its parameter of that name hides the module.
    return intervals.interval(pair)


def _dates(labels: list[Any]) -> Any:
    """Labels that are all dates become dates again, so that the dimension stays temporal."""
    try:
        return np.array([intervals.moment(label) for label in labels])
    except ProcessFailure:
        return labels


def _or_nan(value: float | None) -> float:
    return np.nan if value is None else value
