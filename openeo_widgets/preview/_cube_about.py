"""What a cube of xarray's is as a raster: its bands, and what its times are called."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from openeo_widgets.api._shapes import dicts_of, text_of
from openeo_widgets.errors import RasterError
from openeo_widgets.preview._raster_about import MOST_BANDS, About, Band, rgb_of
from openeo_widgets.preview._words import short

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from openeo_widgets.preview._cube_grid import CubeGrid

__all__ = ["CubeBand", "about_cube", "frame_labels"]

# Names of dimensions whose labels are names of bands by themselves.
_BANDS = ("band", "bands", "b", "variable", "spectral")

# So many times can be chosen from: what is told of them is told anew with each picture.
_MOST_FRAMES = 1000


@dataclass(frozen=True)
class CubeBand:
    """A band of a cube: a variable, or what of it is at one place of its other dimensions.

    Attributes:
        name: What it is called.
        stored: The variable, an `xarray.DataArray` as it was opened.
        fixed: The places in its other dimensions.
    """

    name: str
    stored: Any
    fixed: Mapping[Any, int] = field(default_factory=dict)

    @property
    def values(self) -> Any:
        """It across, down, and over time if it has times."""
        return self.stored.isel(self.fixed)


def about_cube(
    found: Any, grid: CubeGrid, time: str | None, metadata: Mapping[str, Any]
) -> tuple[About, tuple[CubeBand, ...]]:
    """What a cube is, and its bands in the order of their numbers.

    Args:
        found: An `xarray.Dataset`.
        grid: Where it lies.
        time: Name of its dimension of time, or None.
        metadata: The STAC asset.

    Raises:
        RasterError: It has nothing that could be drawn.
    """
    cubes, more = _bands_of(found, grid, time)
    if not cubes:
        raise RasterError(
            "This cube has no variable of numbers that goes across and down.",
            hint="Its preview shows what it has.",
        )
    told = [_told(cube, metadata) for cube in cubes]
    bands = tuple(
        _band(number, cube, one)
        for number, (cube, one) in enumerate(zip(cubes, told, strict=True), start=1)
    )
    more_times = found.sizes[time] - _MOST_FRAMES if time is not None else 0
    about = About(
        width=grid.width,
        height=grid.height,
        place=grid.place,
        bands=bands,
        more_bands=more,
        rgb=rgb_of(bands, told),
        palette=None,
        classes={},
        overviews=False,
        note=f"{more_times:,} more dates are not listed." if more_times > 0 else "",
    )
    return about, tuple(cubes)


def frame_labels(found: Any, time: str | None) -> tuple[str, ...]:
    """What the times of a cube are called, as they are stored; none for one without times."""
    if time is None:
        return ()
    values = found[time].values[:_MOST_FRAMES]
    if values.dtype.kind != "M":
        return tuple(short(str(value), 100) for value in values.tolist())
    texts = [str(value) for value in values.astype("datetime64[s]")]
    if all(text.endswith("T00:00:00") for text in texts):
        return tuple(text[:10] for text in texts)
    return tuple(text.replace("T", " ") for text in texts)


def _bands_of(found: Any, grid: CubeGrid, time: str | None) -> tuple[list[CubeBand], int]:
    drawable = [
        (str(name), values)
        for name, values in found.data_vars.items()
        if {grid.x, grid.y} <= set(values.dims) and values.dtype.kind in "iufb"
    ]
    alone = len(drawable) == 1
    every = itertools.chain.from_iterable(
        _of_variable(found, name, values, {grid.x, grid.y, time}, alone=alone)
        for name, values in drawable
    )
    bands = list(itertools.islice(every, MOST_BANDS))
    return bands, sum(1 for _ in every)


def _of_variable(
    found: Any, name: str, values: Any, drawn: set[str | None], *, alone: bool
) -> Iterator[CubeBand]:
    """The bands of a variable: one, or one for each place in its other dimensions."""
    others = [str(dim) for dim in values.dims if dim not in drawn]
    for places in itertools.product(*(range(found.sizes[dim]) for dim in others)):
        labels = [_label(found, dim, at) for dim, at in zip(others, places, strict=True)]
        own = [] if alone and others else [name]
        fixed = dict(zip(others, places, strict=True))
        yield CubeBand(short(" ".join([*own, *labels]), 100), values, fixed)


def _label(found: Any, dim: str, at: int) -> str:
    label = str(found[dim].values[at]) if dim in found.coords else str(at + 1)
    return label if dim.lower() in _BANDS and dim in found.coords else f"{dim} {label}"


def _told(cube: CubeBand, metadata: Mapping[str, Any]) -> dict[str, Any]:
    """What the metadata tell of the band of that name."""
    found: dict[str, Any] = {}
    for name in ("eo:bands", "raster:bands", "bands"):
        for one in dicts_of(metadata.get(name)):
            if one.get("name") == cube.name:
                found |= {key.rpartition(":")[2]: value for key, value in one.items()}
    return found


def _band(number: int, cube: CubeBand, told: Mapping[str, Any]) -> Band:
    unit = text_of(cube.stored.attrs.get("units")) or text_of(told.get("unit"))
    unit = "" if unit in {"1", "none", "None"} else unit
    # xarray has done what scale and offset say.
    return Band(number, cube.name, unit, 1.0, 0.0, cube.stored.dtype.name, None)
