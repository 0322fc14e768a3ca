"""A small builder of process graphs: every process that the back-end lists is a method."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openeo_widgets.api._graph import Callback, Node, callback, flat_graph
from openeo_widgets.errors import OpenEOWidgetsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from openeo_widgets.api._connection import Connection
    from openeo_widgets.api._job import BatchJob

__all__ = ["DataCube"]

_CUBES = frozenset({"datacube", "raster-cube", "vector-cube", "geojson"})

# What `execute_batch` takes for the waiting and not for the job, as the official client does.
_WAITING = frozenset(
    [
        "connection_retry_interval",
        "max_poll_interval",
        "print",
        "require_success",
        "show_error_logs",
        "soft_error_max",
        "timeout",
    ]
)

# Names of formats that back-ends share, by the extension of their files.
_FORMATS = {
    ".csv": "CSV",
    ".geojson": "GeoJSON",
    ".json": "JSON",
    ".nc": "netCDF",
    ".png": "PNG",
    ".tif": "GTiff",
    ".tiff": "GTiff",
}


class DataCube:
    """A data cube that exists at the back-end only: the steps that make it.

    Every process that the back-end lists is a method; the cube fills its first cube parameter,
    and arguments follow by position or by name, as the back-end's own description says. Where
    the process wants a callback, give a function or the name of a process::

        ndvi = cube.ndvi(nir="B08", red="B04")
        mean = ndvi.reduce_dimension(dimension="t", reducer="mean")
        evi = cube.reduce_dimension(
            dimension="bands",
            reducer=lambda b: 2.5 * (b["B08"] - b["B04"]) / (b["B08"] + 2.4 * b["B04"] + 1),
        )

    Args:
        node: The last step.
        connection: Where it is to be computed.
    """

    def __init__(self, node: Node, connection: Connection) -> None:
        self._node = node
        self.connection = connection

    @classmethod
    def load(cls, connection: Connection, arguments: Mapping[str, Any]) -> DataCube:
        """Begin a cube with ``load_collection``; see `Connection.load_collection`."""
        given = dict(arguments)
        if given.get("bands") is None:
            given.pop("bands", None)  # None is no value of this parameter; to leave it out is
        if isinstance(given.get("properties"), Mapping):
            given["properties"] = {
                name: callback(test, ["value"], where=name) if callable(test) else test
                for name, test in given["properties"].items()
            }
        return cls(Node("load_collection", given), connection)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} after {self._node.process_id!r}>"

    def result_node(self) -> Node:
        """The last step of the graph."""
        return self._node

    def flat_graph(self) -> dict[str, Any]:
        """The process graph in the flat form of the API."""
        return flat_graph(self._node)

    def to_json(self, *, indent: int | None = 2) -> str:
        """The process graph as JSON text."""
        return json.dumps({"process_graph": self.flat_graph()}, indent=indent)

    def process(self, process_id: str, /, **arguments: Any) -> DataCube:
        """Add any process, also one that the back-end does not list.

        The cube goes to ``data`` unless an argument holds a cube already.

        Args:
            process_id: Id of the process.
            **arguments: Its arguments. Functions become callbacks where the back-end describes
                the process.
        """
        if not any(isinstance(value, DataCube) for value in arguments.values()):
            arguments = {_cube_parameter(self._spec(process_id)): self, **arguments}
        return self._added(process_id, arguments)

    def filter_bbox(
        self,
        extent: Mapping[str, Any] | Sequence[float] | None = None,
        *,
        west: float | None = None,
        south: float | None = None,
        east: float | None = None,
        north: float | None = None,
        crs: int | str | None = None,
    ) -> DataCube:
        """Keep what lies in a box.

        Args:
            extent: The box as a dictionary, or as four numbers west, south, east, north.
            west: Western edge, in degrees of longitude or in the units of `crs`.
            south: Southern edge, in degrees of latitude or in the units of `crs`.
            east: Eastern edge.
            north: Northern edge.
            crs: EPSG code or WKT2 of the numbers; lon/lat degrees (EPSG:4326) by default.

        Raises:
            ValueError: An edge is missing.
        """
        sides = ("west", "south", "east", "north")
        box: dict[str, Any]
        if extent is None:
            box = dict(zip(sides, (west, south, east, north), strict=True))
        elif isinstance(extent, Mapping):
            box = dict(extent)
        else:
            box = dict(zip(sides, extent, strict=True))
        missing = [side for side in sides if box.get(side) is None]
        if missing:
            raise ValueError(f"filter_bbox needs all four edges; missing: {', '.join(missing)}.")
        if crs is not None:
            box["crs"] = crs
        return self._added("filter_bbox", {"data": self, "extent": box})

    def filter_temporal(
        self, *dates: Any, extent: Sequence[Any] | None = None, **arguments: Any
    ) -> DataCube:
        """Keep a span of time.

        Args:
            *dates: First date, included, and last, excluded, as two arguments or as one pair.
            extent: The same pair, by name.
            **arguments: More of the process, such as ``dimension``.

        Raises:
            ValueError: It is not two dates.
        """
        pair = extent or (dates[0] if len(dates) == 1 else dates)
        span = [] if isinstance(pair, str) or pair is None else list(pair)
        if len(span) != 2:  # noqa: PLR2004 - begin and end
            raise ValueError("filter_temporal needs a first and a last date; None leaves one open.")
        return self._added("filter_temporal", {"data": self, "extent": span, **arguments})

    def reduce_dimension(
        self, dimension: str, reducer: Callable[..., Any] | str, **arguments: Any
    ) -> DataCube:
        """Make one value of all values along a dimension.

        By position in the order of the official client, which is not that of the process.

        Args:
            dimension: Name of the dimension, such as ``"t"`` or ``"bands"``. It is gone then.
            reducer: A function of the values, or the name of a process such as ``"mean"``.
            **arguments: More of the process, such as ``context``.
        """
        return self._added(
            "reduce_dimension",
            {"data": self, "reducer": reducer, "dimension": dimension, **arguments},
        )

    def save_result(
        self,
        format: str = "GTiff",  # noqa: A002 - the API's own word
        options: Mapping[str, Any] | None = None,
    ) -> DataCube:
        """Say in which format the result is stored.

        Args:
            format: Name of an output format of the back-end, such as ``"GTiff"``.
            options: Options of that format.
        """
        return self._added(
            "save_result", {"data": self, "format": format, "options": dict(options or {})}
        )

    def create_job(
        self, out_format: str | None = None, *, auto_add_save_result: bool = True, **fields: Any
    ) -> BatchJob:
        """Create a batch job that computes this cube. It is not started.

        Args:
            out_format: Output format, where no `save_result` says it already. Default: GTiff
                for a raster cube, JSON where the last process gives something else.
            auto_add_save_result: Whether to add a missing ``save_result``.
            **fields: ``title``, ``description``, ``plan``, ``budget``, ``log_level`` and more,
                as in `Connection.create_job`.

        Raises:
            ValueError: `out_format` is given, and the cube has a ``save_result`` already.
        """
        if self._is_saved and out_format:
            raise ValueError(
                f"The cube already ends in save_result(format={self._node.arguments['format']!r}); "
                f"leave out_format={out_format!r} out, or the save_result."
            )
        cube = self
        if not self._is_saved and (out_format or auto_add_save_result):
            cube = self.save_result(format=out_format or self._usual_format())
        return self.connection.create_job(cube, **fields)

    def execute_batch(
        self,
        outputfile: str | Path | None = None,
        out_format: str | None = None,
        *,
        wait: Mapping[str, Any] | None = None,
        **fields: Any,
    ) -> BatchJob:
        """Create a batch job, start it, and wait until it is finished.

        Args:
            outputfile: File to download the result to, if there is just one.
            out_format: Output format, as in `create_job`; by default what `outputfile` says by
                its extension.
            wait: Arguments for `BatchJob.start_and_wait`; they may also stand by themselves.
            **fields: As in `create_job`.

        Returns:
            The finished batch job.

        Raises:
            JobFailedError: It ended otherwise.
        """
        waiting = {name: fields.pop(name) for name in _WAITING & fields.keys()} | dict(wait or {})
        if outputfile is not None and not self._is_saved:
            out_format = out_format or _FORMATS.get(Path(outputfile).suffix.lower())
        job = self.create_job(out_format, **fields).start_and_wait(**waiting)
        if outputfile is not None:
            job.get_results().download_file(outputfile)
        return job

    def __getattr__(self, name: str) -> Callable[..., DataCube]:
        if name.startswith("_"):
            raise AttributeError(name)
        specs = self.connection.process_specs()
        if name not in specs:
            near = difflib.get_close_matches(name, specs, n=3)
            hint = f" Did you mean {', '.join(near)}?" if near else ""
            raise AttributeError(
                f"The back-end lists no process {name!r}.{hint} "
                "Use cube.process(id, ...) for one that it does not list."
            )
        return self._method(name, specs[name])

    def __dir__(self) -> Iterable[str]:
        try:
            processes = list(self.connection.process_specs())
        except OpenEOWidgetsError:
            processes = []  # completing a name is no occasion to tell of an outage
        return [*super().__dir__(), *processes]

    def _method(self, process_id: str, spec: Mapping[str, Any]) -> Callable[..., DataCube]:
        own = _cube_parameter(spec)
        others = [name for name in _parameters(spec) if name != own]

        def method(*values: Any, **arguments: Any) -> DataCube:
            if len(values) > len(others):
                raise TypeError(f"{process_id} takes {len(others)} arguments, not {len(values)}.")
            given = dict(zip(others, values, strict=False))
            twice = given.keys() & arguments.keys()
            if twice:
                raise TypeError(f"{process_id} got {', '.join(sorted(twice))} twice.")
            return self._added(process_id, {own: self, **given, **arguments})

        method.__name__ = method.__qualname__ = process_id
        method.__doc__ = _documentation(spec, others)
        return method

    def _added(self, process_id: str, arguments: Mapping[str, Any]) -> DataCube:
        schemas = _parameters(self._spec(process_id))
        ready = {
            name: _argument(process_id, name, value, schemas.get(name))
            for name, value in arguments.items()
        }
        return DataCube(Node(process_id, ready), self.connection)

    def _spec(self, process_id: str) -> Mapping[str, Any]:
        return self.connection.process_specs().get(process_id, {})

    @property
    def _is_saved(self) -> bool:
        return self._node.process_id == "save_result"

    def _usual_format(self) -> str:
        returns = self._spec(self._node.process_id).get("returns")
        schema = returns.get("schema") if isinstance(returns, dict) else None
        kinds = [kind for kind in _alternatives(schema) if "type" in kind or "subtype" in kind]
        return "GTiff" if not kinds or any(map(_is_raster, kinds)) else "JSON"


def _parameters(spec: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The parameters of a process, or of a callback, by name."""
    listed = spec.get("parameters")
    return {
        str(parameter["name"]): parameter
        for parameter in (listed if isinstance(listed, list) else ())
        if isinstance(parameter, dict) and "name" in parameter
    }


def _is_raster(schema: Mapping[str, Any]) -> bool:
    """Whether a schema is that of a cube without a dimension of geometries."""
    dimensions = schema.get("dimensions")
    kinds = [d.get("type") for d in dimensions or () if isinstance(d, dict)]
    return schema.get("subtype") in {"datacube", "raster-cube"} and "geometry" not in kinds


def _alternatives(schema: Any) -> list[Mapping[str, Any]]:
    """A parameter's schema is one, or a list of alternatives."""
    found = schema if isinstance(schema, list) else [schema]
    return [kind for kind in found if isinstance(kind, dict)]


def _cube_parameter(spec: Mapping[str, Any]) -> str:
    """The parameter that the cube goes to: the first that takes one, else ``data``."""
    for name, parameter in _parameters(spec).items():
        if any(kind.get("subtype") in _CUBES for kind in _alternatives(parameter.get("schema"))):
            return name
    return "data"


def _callback_parameters(parameter: Mapping[str, Any] | None) -> list[str] | None:
    """The names that a callback gets, or None where the parameter is no callback."""
    for kind in _alternatives((parameter or {}).get("schema")):
        if kind.get("subtype") == "process-graph":
            return list(_parameters(kind))
    return None


def _argument(process_id: str, name: str, value: Any, parameter: Mapping[str, Any] | None) -> Any:
    names = _callback_parameters(parameter)
    if isinstance(value, Callback) or (names is None and not callable(value)):
        return value
    if callable(value) or (isinstance(value, str) and names is not None):
        return callback(value, names or ["data"], where=f"{name} of {process_id}")
    return value


def _documentation(spec: Mapping[str, Any], names: Sequence[str]) -> str:
    parameters = _parameters(spec)
    lines = [f"    {name}: {parameters[name].get('description', '')}" for name in names]
    return "\n".join(
        [str(spec.get("summary", "")), "", str(spec.get("description", "")), "", "Args:", *lines]
    )
