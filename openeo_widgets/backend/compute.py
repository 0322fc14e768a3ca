"""A process graph becomes result files."""

from __future__ import annotations

import json
import logging
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import xarray as xr

from openeo_widgets.backend import formats, processes, writers
from openeo_widgets.backend.cubes import GEOMETRY
from openeo_widgets.backend.describe import describe
from openeo_widgets.backend.failures import ProcessFailure
from openeo_widgets.backend.graph import Evaluator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from openeo_widgets.backend.engine import Engine
    from openeo_widgets.backend.source import Source

_COMPUTED = 0.9
"""How much of a file's progress is computing; the rest is writing."""


@dataclass(frozen=True)
class Report:
    """Where a computation says how it is going.

    Args:
        progress: called with a percentage, 0 to 100.
        log: called with a log entry: ``level``, ``message`` and maybe ``code``, ``data``.
        file: called with ``describe``'s description of every file, once it is complete.
    """

    progress: Callable[[float], None]
    log: Callable[[dict[str, Any]], None]
    file: Callable[[dict[str, Any]], None]


class Computation:
    """One run of one process graph.

    Args:
        source: where the collection comes from.
        engine: what computes Dask's tasks.
        folder: where the files go; must exist.
        report: what is told about it.
    """

    def __init__(self, source: Source, engine: Engine, folder: Path, report: Report) -> None:
        self._engine = engine
        self._folder = folder
        self._report = report
        self._saved = 0
        self._to_save = 1
        self._files: Counter[str] = Counter()
        self._loaded: list[xr.DataArray] = []
        self._processes = processes.implementations(source, self._save_result, self._inspect)

    def run(self, graph: dict[str, Any]) -> None:
        """Computes a flat process graph and writes its files.

        Raises:
            ProcessFailure: if it cannot be done, with the path of the node.
        """
        ids = [node["process_id"] for node in graph.values()]
        self._to_save = max(ids.count("save_result"), 1)
        with _library_log(self._report.log):
            result = Evaluator(self._processes, self._finish).run(graph)
            if "save_result" not in ids:
                raster = isinstance(result, xr.DataArray) and {"x", "y"} <= set(result.dims)
                name = "GTiff" if raster else "JSON"
                self._report.log(
                    {"level": "warning", "message": f"No save_result: saved as {name}."}
                )
                self._save_result(result, name)

    def _finish(self, process_id: str, arguments: dict[str, Any], result: Any) -> Any:
        """Looks after what the processes forget: the CRS, attributes, and emptiness."""
        self._report.log({"level": "debug", "message": f"{process_id} is set up."})
        if not isinstance(result, xr.DataArray):
            return result
        empty = [str(dim) for dim, size in result.sizes.items() if size == 0]
        if empty:
            raise ProcessFailure(
                "NoDataAvailable", f"Nothing is left after {process_id}: {empty[0]} is empty."
            )
        result = result.drop_attrs(deep=False)
        if process_id == "load_collection":
            self._loaded.append(result)
        if process_id == "ndvi" and "bands" not in result.dims:
            result.name = "NDVI"
        crs = next(
            (
                value.coords["spatial_ref"]
                for value in arguments.values()
                if isinstance(value, xr.DataArray) and "spatial_ref" in value.coords
            ),
            None,
        )
        if "spatial_ref" not in result.coords and crs is not None:
            result = result.assign_coords(spatial_ref=crs)
        return result

    def _save_result(self, data: Any, format: str, options: Any = None) -> bool:  # noqa: A002 -- the process has this parameter
        """The process ``save_result``: computes the cube and writes it."""
        name = formats.find(format)
        if name is None:
            known = ", ".join(formats.OUTPUT)
            raise ProcessFailure("FormatUnsuitable", f"There is no format {format!r}: {known}.")
        cube = self._engine.compute(data, self._computed)
        if not isinstance(cube, xr.DataArray) and name != "JSON":
            raise ProcessFailure("FormatUnsuitable", f"{name} needs a cube; JSON takes anything.")
        target = writers.Target(self._folder, self._stem(name), options or {})
        for written in writers.WRITERS[name](cube, target):
            self._report.file(describe(written, self._folder, self._loaded))
            self._report.log({"level": "info", "message": f"Wrote {written.name}."})
        self._saved += 1
        self._report.progress(100 * self._saved / self._to_save)
        return True

    def _computed(self, share: float) -> None:
        self._report.progress(100 * (self._saved + _COMPUTED * share) / self._to_save)

    def _stem(self, name: str) -> str:
        """``openEO`` for a format's first file, then ``openEO-2`` and so on."""
        self._files[name] += 1
        count = self._files[name]
        return "openEO" if count == 1 else f"openEO-{count}"

    def _inspect(
        self, data: Any, message: str = "", code: str = "User", level: str = "info"
    ) -> Any:
        """The process ``inspect``: a log entry about the data, which passes through."""
        self._report.log(
            {
                "level": level if level in ("debug", "info", "warning", "error") else "info",
                "message": str(message) or "inspect",
                "code": str(code),
                "data": _summary(data),
            }
        )
        return data


def _summary(data: Any) -> Any:
    """What ``inspect`` logs: a cube's dimensions, as a collection's metadata has them."""
    if isinstance(data, xr.DataArray):
        return {"cube:dimensions": {str(dim): _dimension(data, str(dim)) for dim in data.dims}}
    try:
        json.dumps(data, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        # NaN or an array: no answer could hold it, and no log entry of the job be read any more.
        return str(data)
    return data


def _dimension(cube: xr.DataArray, dim: str) -> dict[str, Any]:
    if dim == "t":
        return {"type": "temporal", "values": writers.times(cube)}
    if dim == "bands":
        return {"type": "bands", "values": writers.bands(cube)}
    if dim == GEOMETRY:
        return {"type": "geometry", "bbox": [], "size": cube.sizes[dim]}
    if dim in ("x", "y"):
        values = cube[dim].values
        return {
            "type": "spatial", "axis": dim,
            "extent": [float(values.min()), float(values.max())], "size": cube.sizes[dim],
        }  # fmt: skip
    return {"type": "other", "values": [str(value) for value in cube[dim].values]}


@contextmanager
def _library_log(log: Callable[[dict[str, Any]], None]) -> Iterator[None]:
    """Warnings of openeo-processes-dask go to the job's log."""

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            log({"level": "warning", "message": record.getMessage()})

    handler = Handler(logging.WARNING)
    logger = logging.getLogger("openeo_processes_dask")
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
