"""CoverageJSON as lines: by parameter and place, over time or another axis."""

from __future__ import annotations

from math import prod
from typing import Any

from openeo_widgets.preview._chart import Chart, Line, finite
from openeo_widgets.preview._series import geometry_name, milliseconds
from openeo_widgets.preview._words import joined

__all__ = ["coverages", "is_covjson", "polygons"]

# Lines that are made: those of a grid are too many to look at.
_MOST = 500

# Axes of one coverage; there are four with a meaning.
_MOST_AXES = 20

_TIMES = ("t", "time")
_UPRIGHT = ("z", "x", "y")

# The axis whose values are places, polygons among them.
_COMPOSITE = "composite"


def is_covjson(data: Any) -> bool:
    """Whether it is CoverageJSON with coverages."""
    return isinstance(data, dict) and data.get("type") in {"Coverage", "CoverageCollection"}


def coverages(data: dict[str, Any]) -> Chart:
    """Lines of a coverage, or of a collection; without lines where nothing can be drawn.

    Args:
        data: The document.
    """
    several = _coverages(data)
    lines, notes, axes = list[Line](), dict[str, None](), list[str]()
    for number, one in enumerate(several):
        try:
            made, axis, note = _lines(one, number)
        except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError):
            notes["A coverage that is not as it should be is left out."] = None
            continue
        # Time and height have no axis in common: what comes first decides.
        if made and axis in [*axes, axis][:1]:
            lines += made
            axes.append(axis)
        notes |= {note: None} if note else {}
        if len(lines) > _MOST:
            notes[f"Of more than {_MOST} lines the others are left out."] = None
            break
    name = axes[0] if axes else "t"
    kind = "time" if name in _TIMES else "number"
    places = {place: number for number, place in enumerate(polygons(data))}
    return Chart(tuple(_named(lines[:_MOST])), kind, name, joined(*notes), places, len(places))


def polygons(data: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The polygons that there are values of, as GeoJSON features by what lines call them."""
    found: dict[str, dict[str, Any]] = {}
    for number, one in enumerate(_coverages(data)):
        domain = one.get("domain")
        axes = domain.get("axes") if isinstance(domain, dict) else None
        axis = axes.get(_COMPOSITE) if isinstance(axes, dict) else None
        values = axis.get("values") if isinstance(axis, dict) else None
        if not isinstance(values, list) or axis.get("dataType") != "polygon":  # type: ignore[union-attr]
            continue
        for place, rings in enumerate(values):
            name = _place_name(one, number, place, len(values))
            geometry = {"type": "Polygon", "coordinates": rings}
            found.setdefault(name, {"geometry": geometry, "properties": {}})
    return found


def _coverages(data: dict[str, Any]) -> list[dict[str, Any]]:
    found = data.get("coverages") if data["type"] == "CoverageCollection" else [data]
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _place_name(one: dict[str, Any], number: int, place: int, count: int) -> str:
    """What a polygon is called: by its coverage where that has only the one."""
    if count > 1:
        return geometry_name(place)
    return str(one["id"]) if isinstance(one.get("id"), str) else geometry_name(number)


def _lines(one: dict[str, Any], number: int) -> tuple[list[Line], str, str]:
    """Lines of one coverage, the name of the axis they are over, and what is left out."""
    domain, ranges = one.get("domain"), one.get("ranges")
    if not isinstance(domain, dict) or not isinstance(ranges, dict):
        return [], "", "Coverages whose values lie elsewhere are left out."
    # No axis of sense has more places than there are values.
    most = max((_length(values) for values in ranges.values()), default=0)
    axes = {name: _values(axis, most) for name, axis in domain["axes"].items()}
    axis = _axis_of(axes)
    lines, note = list[Line](), ""
    for band, values in ranges.items():
        if not isinstance(values, dict) or values.get("type", "NdArray") != "NdArray":
            note = "Values that lie elsewhere are left out."
            continue
        lines += _of_band(str(band), values, axes, axis, one, number)
        if len(lines) > _MOST:
            break
    return lines, axis, note


def _axis_of(axes: dict[str, list[Any]]) -> str:
    """The axis that lines are over: time, or else the longest of the others."""
    times = [name for name in _TIMES if name in axes]
    if times and (len(axes[times[0]]) > 1 or all(len(axis) <= 1 for axis in axes.values())):
        return times[0]
    others = [name for name in axes if name in _UPRIGHT]
    return max(others, key=lambda name: len(axes[name])) if others else next(iter(axes), "")


def _length(values: Any) -> int:
    found = values.get("values") if isinstance(values, dict) else None
    return len(found) if isinstance(found, list) else 0


def _values(axis: Any, most: int) -> list[Any]:
    if "values" in axis:
        return list(axis["values"])
    start, stop, count = float(axis["start"]), float(axis["stop"]), int(axis["num"])
    step = (stop - start) / (count - 1) if count > 1 else 0.0
    return [start + step * place for place in range(min(count, most))]


def _of_band(
    band: str,
    values: dict[str, Any],
    axes: dict[str, list[Any]],
    axis: str,
    one: dict[str, Any],
    number: int,
) -> list[Line]:
    """The lines of one parameter: one for each place along the other axes."""
    flat = values["values"]
    names = values.get("axisNames") or list(axes)[: len(values.get("shape", []))]
    shape = [int(size) for size in values.get("shape") or [1] * len(names)]
    if len(shape) > _MOST_AXES:
        raise ValueError("more axes than anything has")
    strides = [1] * len(shape)
    for place in range(len(shape) - 2, -1, -1):
        strides[place] = strides[place + 1] * shape[place + 1]
    x = [_position(value, axis) for value in axes[axis]]
    if axis not in names and len(x) > 1:
        raise ValueError("values that do not differ along the axis")
    along = strides[names.index(axis)] if axis in names else 0
    others = [place for place, name in enumerate(names) if name != axis]
    lines = []
    spots = min(prod(shape[place] for place in others), len(flat) // max(1, len(x)), _MOST + 1)
    for number_of_spot in range(spots):
        spot = _spot(number_of_spot, [shape[place] for place in others])
        first = sum(strides[place] * at for place, at in zip(others, spot, strict=True))
        y = [flat[first + along * at] for at in range(len(x))]
        points = sorted(
            ((at, finite(value)) for at, value in zip(x, y, strict=True) if at is not None),
            key=lambda point: point[0],
        )
        where = {names[place]: at for place, at in zip(others, spot, strict=True)}
        group = _group(one, axes, where, axis, number)
        lines.append(Line(band, [p[0] for p in points], [p[1] for p in points], group, band))
    return lines


def _spot(number: int, shape: list[int]) -> list[int]:
    """The place of a number along each axis, as if all places were in a row."""
    spot: list[int] = []
    for size in reversed(shape):
        number, at = divmod(number, size)
        spot.insert(0, at)
    return spot


def _position(value: Any, axis: str) -> float | None:
    return milliseconds(value) if axis in _TIMES else finite(value)


def _group(
    one: dict[str, Any], axes: dict[str, list[Any]], where: dict[str, int], axis: str, number: int
) -> str:
    """What a place is called: its id, or its coordinates, or its number."""
    if isinstance(one.get("id"), str) and not where:
        return str(one["id"])
    spots = axes.get(_COMPOSITE)
    if spots and isinstance(spots[0], list) and isinstance(spots[0][0], list):
        return _place_name(one, number, where.get(_COMPOSITE, 0), len(spots))
    at = {
        name: axes[name][where.get(name, 0)]
        for name in axes
        if name != axis and axes[name] and (name in where or len(axes[name]) == 1)
    }
    words = [
        f"{name} {value:.6g}" if isinstance(value, float) else f"{name} {value}"
        for name, value in at.items()
    ]
    return ", ".join(words) or f"coverage {number + 1}"


def _named(lines: list[Line]) -> list[Line]:
    """Call lines by what tells them apart."""
    groups, bands = {line.group for line in lines}, {line.band for line in lines}
    return [
        Line(
            ", ".join(
                part
                for part in (
                    line.group if len(groups) > 1 else "",
                    line.band if len(bands) > 1 or len(groups) == 1 else "",
                )
                if part
            ),
            *(line.x, line.y, line.group, line.band),
        )
        for line in lines
    ]
