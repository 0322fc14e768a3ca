"""The processes that the back-end offers: their specifications, and what implements them.

The specifications are the files that come with openeo-processes-dask; reading them does not
import it, so the server answers at once.
"""

from __future__ import annotations

import functools
import importlib.util
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from openeo_widgets.backend.source import Source

TAKEN = (
    "absolute", "add", "add_dimension", "all", "and", "any", "apply", "apply_dimension",
    "apply_kernel", "arccos", "arcosh", "arcsin", "arctan", "arctan2", "array_append",
    "array_apply", "array_concat", "array_contains", "array_create", "array_create_labeled",
    "array_element", "array_find", "array_find_label",
    "array_interpolate_linear", "array_modify", "arsinh", "artanh", "between",
    "ceil", "clip", "constant", "cos", "cosh", "count", "cummax", "cummin", "cumproduct",
    "cumsum", "dimension_labels", "divide", "drop_dimension", "eq", "exp",
    "filter_bands", "first", "floor", "gt", "gte", "if", "int", "is_infinite", "is_nan",
    "is_nodata", "is_valid", "last", "linear_scale_range", "ln", "log", "lt", "lte", "max",
    "mean", "median", "merge_cubes", "min", "mod", "multiply", "nan", "ndvi", "neq",
    "normalized_difference", "not", "or", "order", "pi", "power", "product", "quantiles",
    "rearrange", "reduce_dimension", "rename_dimension", "rename_labels",
    "resample_cube_spatial", "resample_cube_temporal", "resample_spatial", "round", "sd", "sgn",
    "sin", "sinh", "sort", "sqrt", "subtract", "sum", "tan", "tanh", "text_begins",
    "text_concat", "text_contains", "text_ends", "trim_cube", "variance", "xor",
)  # fmt: skip
"""Implemented by openeo-processes-dask.

Left out of what it has: ``load_stac`` (fetches from the network), ``run_udf`` (runs any code),
``create_data_cube`` (makes a cube that nothing can be added to), ``array_filter``,
``array_labels`` and ``extrema`` (which do not work on the pixels of a cube), and what is not in
the openEO specifications.
"""

OWN = (
    "aggregate_spatial", "aggregate_temporal", "aggregate_temporal_period", "filter_bbox",
    "filter_labels", "filter_spatial", "filter_temporal", "inspect", "load_collection", "mask",
    "mask_polygon", "reduce_spatial", "save_result",
)  # fmt: skip
"""Implemented here."""


@functools.cache
def specifications() -> dict[str, dict[str, Any]]:
    """The specification of every process offered, by id; not to be changed."""
    found = importlib.util.find_spec("openeo_processes_dask")
    locations = (found.submodule_search_locations if found else None) or []
    folder = Path(next(iter(locations))) / "specs" / "openeo-processes"
    return {
        name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        for name in sorted(TAKEN + OWN)
    }


def implementations(
    source: Source, save_result: Callable[..., Any], inspect: Callable[..., Any]
) -> dict[str, Callable[..., Any]]:
    """The implementation of every process offered, by id. Takes seconds: imports Dask and all.

    Args:
        source: where the collection comes from.
        save_result: the process of this name, which writes the files.
        inspect: the process of this name, which writes to the job's log.
    """
    import openeo_processes_dask.process_implementations as taken  # noqa: PLC0415 -- slow to import, or not there without the extra

    from openeo_widgets.backend import cubes, elements  # noqa: PLC0415 -- slow to import, or not there without the extra

    found = {name: getattr(taken, name, None) or getattr(taken, f"_{name}") for name in TAKEN}
    # Python's own names, and openEO's that it cannot have, carry an underscore there.
    found |= {name: getattr(taken, f"_{name}") for name in TAKEN if hasattr(taken, f"_{name}")}
    found |= {name: getattr(cubes, name) for name in OWN if hasattr(cubes, name)}
    found |= elements.corrected(dict(found))
    return found | {
        "load_collection": source.load_collection,
        "save_result": save_result,
        "inspect": inspect,
    }
