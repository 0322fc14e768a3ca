"""What can be known to be wrong with a process graph before it is computed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import shapely

from openeo_widgets.backend import formats, geometries, intervals, processes, sample
from openeo_widgets.backend.failures import ProcessFailure

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    Path = tuple[dict[str, str], ...]
    Problem = dict[str, Any]


def validate(graph: Any) -> list[Problem]:
    """All problems found in a flat process graph, each with ``code``, ``message`` and ``path``.

    The path is that of a log entry: the node first, then its parents.
    """
    try:
        return list(_graph(graph, (), frozenset()))
    except RecursionError:
        return [_problem("ProcessGraphComplexity", "The process graph is nested too deeply.", ())]


def _graph(graph: Any, parents: Path, parameters: frozenset[str]) -> Iterator[Problem]:
    if not isinstance(graph, dict) or not graph:
        yield _problem("ProcessGraphMissing", "The process graph is empty.", parents)
        return
    broken = [node_id for node_id, node in graph.items() if not _is_node(node)]
    for node_id in broken:
        yield _problem("ProcessGraphInvalid", f"The node '{node_id}' has no 'process_id'.", parents)
    if broken:
        return
    results = [node_id for node_id, node in graph.items() if node.get("result") is True]
    if len(results) != 1:
        yield _problem(
            "ProcessGraphMissing",
            f"Exactly one node must have 'result': true; {len(results)} have.",
            parents,
        )
    cycle = _cycle(graph)
    if cycle:
        yield _problem(
            "ProcessGraphInvalid", f"The nodes {' -> '.join(cycle)} need each other.", parents
        )
        return
    for node_id, node in graph.items():
        path = ({"node_id": node_id, "process_id": str(node["process_id"])}, *parents)
        yield from _node(node, graph, path, parameters)


def _is_node(node: Any) -> bool:
    return (
        isinstance(node, dict)
        and isinstance(node.get("process_id"), str)
        and isinstance(node.get("arguments", {}), dict)
    )


def _node(node: Any, graph: Any, path: Path, parameters: frozenset[str]) -> Iterator[Problem]:
    process_id = node["process_id"]
    arguments = node.get("arguments", {})
    specification = processes.specifications().get(process_id)
    if specification is None or node.get("namespace") not in (None, "backend"):
        yield _problem("ProcessUnsupported", f"There is no process '{process_id}'.", path)
    else:
        yield from _arguments(process_id, specification, arguments, path)
        check = _CHECKS.get(process_id)
        if check is not None:
            yield from check(arguments, path)
    known = {
        parameter["name"]: parameter for parameter in (specification or {}).get("parameters", [])
    }
    for name, value in arguments.items():
        inner = parameters | _callback_parameters(known.get(name, {}))
        yield from _references(value, graph, path, parameters, inner)


def _arguments(
    process_id: str, specification: Any, arguments: dict[str, Any], path: Path
) -> Iterator[Problem]:
    known = {parameter["name"]: parameter for parameter in specification["parameters"]}
    for name in arguments:
        if name not in known:
            yield _problem(
                "ProcessParameterUnsupported",
                f"{process_id} has no parameter '{name}'; it has {', '.join(known) or 'none'}.",
                path,
            )
    for name, parameter in known.items():
        if not parameter.get("optional") and name not in arguments:
            yield _problem(
                "ProcessParameterRequired", f"{process_id} needs the parameter '{name}'.", path
            )


def _callback_parameters(parameter: Any) -> frozenset[str]:
    """The names that a process graph given as this parameter can refer to."""
    schemas = parameter.get("schema", {})
    schemas = schemas if isinstance(schemas, list) else [schemas]
    # `properties` of load_collection holds its process graphs one level down.
    schemas += [
        schema["additionalProperties"]
        for schema in schemas
        if isinstance(schema.get("additionalProperties"), dict)
    ]
    return frozenset(inner["name"] for schema in schemas for inner in schema.get("parameters", []))


def _references(
    value: Any, graph: Any, path: Path, outer: frozenset[str], inner: frozenset[str]
) -> Iterator[Problem]:
    if isinstance(value, list):
        for element in value:
            yield from _references(element, graph, path, outer, inner)
    elif isinstance(value, dict):
        if set(value) == {"from_node"}:
            if not _is_known(value["from_node"], graph):
                yield _problem(
                    "ProcessGraphInvalid", f"There is no node '{value['from_node']}'.", path
                )
        elif set(value) == {"from_parameter"}:
            if not _is_known(value["from_parameter"], outer):
                yield _problem(
                    "ProcessParameterMissing",
                    f"There is no parameter '{value['from_parameter']}' here.",
                    path,
                )
        elif "process_graph" in value:
            yield from _graph(value["process_graph"], path, inner)
        else:
            for element in value.values():
                yield from _references(element, graph, path, outer, inner)


def _is_known(name: Any, names: Container[str]) -> bool:
    return isinstance(name, str) and name in names


def _cycle(graph: dict[str, Any]) -> list[str]:
    """The nodes of a cycle, in order; empty if there is none."""
    done: set[str] = set()
    for start, node in graph.items():
        trail: list[str] = []
        stack = [(start, iter(_needed(node.get("arguments", {}))))]
        while stack:
            node_id, rest = stack[-1]
            if not trail or trail[-1] != node_id:
                trail.append(node_id)
            following = next((need for need in rest if need in graph and need not in done), None)
            if following is None:
                done.add(node_id)
                trail.pop()
                stack.pop()
            elif following in trail:
                return [*trail[trail.index(following) :], following]
            else:
                stack.append((following, iter(_needed(graph[following].get("arguments", {})))))
    return []


def _needed(value: Any) -> list[str]:
    if isinstance(value, list):
        return [need for element in value for need in _needed(element)]
    if isinstance(value, dict):
        if set(value) == {"from_node"}:
            return [str(value["from_node"])]
        return [need for element in value.values() for need in _needed(element)]
    return []


def _load_collection(arguments: dict[str, Any], path: Path) -> Iterator[Problem]:
    collection = arguments.get("id")
    if collection != sample.COLLECTION_ID:
        if not _is_reference(collection):
            yield _problem("CollectionNotFound", f"There is no collection '{collection}'.", path)
        return
    bands = arguments.get("bands")
    if isinstance(bands, list):
        unknown = [str(band) for band in bands if band not in sample.BANDS]
        if unknown or not bands:
            yield _problem(
                "BandNotFound",
                f"{collection} has no band {', '.join(unknown) or '(none chosen)'};"
                f" it has {', '.join(sample.BANDS)}.",
                path,
            )
    yield from _extent(arguments.get("spatial_extent"), path)
    yield from _interval(arguments.get("temporal_extent"), path)


def _filter_bbox(arguments: dict[str, Any], path: Path) -> Iterator[Problem]:
    yield from _extent(arguments.get("extent"), path)


def _filter_temporal(arguments: dict[str, Any], path: Path) -> Iterator[Problem]:
    yield from _interval(arguments.get("extent"), path)


def _filter_bands(arguments: dict[str, Any], path: Path) -> Iterator[Problem]:
    bands = arguments.get("bands")
    if bands is None or bands == []:
        yield _problem("BandFilterParameterMissing", "filter_bands needs 'bands'.", path)


def _save_result(arguments: dict[str, Any], path: Path) -> Iterator[Problem]:
    name = arguments.get("format")
    if name is not None and not _is_reference(name) and formats.find(name) is None:
        known = ", ".join(formats.OUTPUT)
        yield _problem("FormatUnsuitable", f"There is no format '{name}'; there are {known}.", path)


def _extent(extent: Any, path: Path) -> Iterator[Problem]:
    """Checks a bounding box or GeoJSON against the sample data's place."""
    if extent is None or _is_reference(extent):
        return
    if not isinstance(extent, dict):
        yield _problem("ExtentInvalid", "A spatial extent is a bounding box or GeoJSON.", path)
        return
    crs = geometries.parse_crs(sample.EPSG)
    try:
        if "type" in extent:
            shapes = [feature.geometry for feature in geometries.features(extent, crs)]
        else:
            shapes = [shapely.box(*geometries.box(extent, crs))]
    except ProcessFailure as failure:
        yield _problem(failure.code, failure.message, path)
        return
    place = shapely.box(*sample.bounds())
    if not any(shape.intersects(place) for shape in shapes):
        west, south, east, north = sample.lon_lat_bounds()
        yield _problem(
            "NoDataAvailable",
            f"There is no data in that spatial extent: {sample.COLLECTION_ID} reaches from"
            f" {west} to {east} degrees east and from {south} to {north} degrees north.",
            path,
        )


def _interval(extent: Any, path: Path) -> Iterator[Problem]:
    """Checks a temporal extent against the sample data's dates."""
    if extent is None or _is_reference(extent) or _has_reference(extent):
        return
    try:
        start, end = intervals.interval(extent)
    except ProcessFailure as failure:
        yield _problem(failure.code, failure.message, path)
        return
    times = [intervals.moment(f"{date}T{sample.TIME}") for date in sample.DATES]
    if not any(start <= time < end for time in times if time is not None):
        yield _problem(
            "NoDataAvailable",
            f"There is no data at that time: {sample.COLLECTION_ID} reaches from"
            f" {sample.DATES[0]} to {sample.DATES[-1]}, about every 15 days.",
            path,
        )


def _is_reference(value: Any) -> bool:
    return isinstance(value, dict) and bool({"from_node", "from_parameter"} & set(value))


def _has_reference(value: Any) -> bool:
    return isinstance(value, list) and any(_is_reference(element) for element in value)


_CHECKS = {
    "load_collection": _load_collection,
    "filter_bbox": _filter_bbox,
    "filter_temporal": _filter_temporal,
    "filter_bands": _filter_bands,
    "save_result": _save_result,
}


def _problem(code: str, message: str, path: Path) -> Problem:
    return {"code": code, "message": message} | ({"path": list(path)} if path else {})
