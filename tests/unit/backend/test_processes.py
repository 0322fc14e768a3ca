"""The list of processes, and every pixel process against NumPy."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import numpy as np
import pytest

from openeo_widgets.backend import processes


@pytest.fixture(scope="module")
def run():
    """Applies a process to the pixels of a small cube, as a job would."""
    import xarray as xr  # noqa: PLC0415

    from openeo_widgets.backend.graph import Evaluator  # noqa: PLC0415
    from openeo_widgets.backend.source import Source  # noqa: PLC0415

    # Importing openeo-processes-dask brings deprecations of planetary_computer and others, which
    # are theirs; a job's process ignores them too.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = processes.implementations(Source(Path("unused")), print, print)

    def run(process_id, values, parameter="x", **arguments):
        cube = xr.DataArray(np.array([values, values]), dims=("y", "x")).chunk({"y": 1})
        node = {"process_id": process_id, "result": True}
        node["arguments"] = {parameter: {"from_parameter": "x"}, **arguments}
        outer = {
            "process_id": "apply", "result": True,
            "arguments": {"data": {"from_node": "cube"}, "process": {"process_graph": {"p": node}}},
        }  # fmt: skip
        graph = {"cube": {"process_id": "cube", "arguments": {}}, "apply": outer}
        evaluator = Evaluator({**found, "cube": lambda: cube}, lambda _, __, r: r)
        result = evaluator.run(graph).compute()
        np.testing.assert_array_equal(result[0], result[1])
        return result[0].values

    return run


def test_every_process_has_a_specification_and_an_implementation(run):
    listed = processes.specifications()
    assert set(listed) == set(processes.TAKEN) | set(processes.OWN)
    assert all(listed[name]["id"] == name for name in listed)
    assert not set(processes.TAKEN) & set(processes.OWN)
    assert json.dumps(listed)


X = np.array([0.2, 0.5, -0.7, np.nan])


@pytest.mark.parametrize(
    ("process_id", "arguments", "expected"),
    [
        ("absolute", {}, np.abs(X)),
        ("add", {"y": 2}, X + 2),
        ("arccos", {}, np.arccos(X)),
        ("arcsin", {}, np.arcsin(X)),
        ("arctan", {}, np.arctan(X)),
        ("between", {"min": 0, "max": 0.5}, [True, True, False, np.nan]),
        ("ceil", {}, np.ceil(X)),
        ("clip", {"min": 0, "max": 0.3}, np.clip(X, 0, 0.3)),
        ("cos", {}, np.cos(X)),
        ("divide", {"y": 2}, X / 2),
        ("eq", {"y": 0.5}, [False, True, False, np.nan]),
        ("floor", {}, np.floor(X)),
        ("gt", {"y": 0.2}, [False, True, False, np.nan]),
        ("gte", {"y": 0.2}, [True, True, False, np.nan]),
        ("int", {}, np.trunc(X)),
        ("is_nan", {}, [False, False, False, True]),
        ("is_nodata", {}, [False, False, False, True]),
        ("is_valid", {}, [True, True, True, False]),
        ("linear_scale_range", {"inputMin": 0, "inputMax": 0.4}, np.clip(X, 0, 0.4) / 0.4),
        ("lt", {"y": 0.2}, [False, False, True, np.nan]),
        ("lte", {"y": 0.2}, [True, False, True, np.nan]),
        ("mod", {"y": 0.3}, np.mod(X, 0.3)),
        ("multiply", {"y": 3}, X * 3),
        ("neq", {"y": 0.5}, [True, False, True, np.nan]),
        ("round", {"p": 0}, np.round(X)),
        ("sgn", {}, np.sign(X)),
        ("sin", {}, np.sin(X)),
        ("subtract", {"y": 3}, X - 3),
        ("tan", {}, np.tan(X)),
        ("normalized_difference", {"y": 2}, (X - 2) / (X + 2)),
    ],
)
def test_pixel_processes(run, process_id, arguments, expected):
    found = np.asarray(run(process_id, X, **arguments), float)
    np.testing.assert_allclose(found, np.asarray(expected, float))


@pytest.mark.parametrize(
    ("process_id", "parameter", "expected"),
    [("exp", "p", np.exp(X)), ("ln", "x", np.log(np.abs(X))), ("sqrt", "x", np.sqrt(np.abs(X)))],
)
def test_pixel_processes_of_positive_numbers(run, process_id, parameter, expected):
    values = X if process_id == "exp" else np.abs(X)
    np.testing.assert_allclose(run(process_id, values, parameter), expected)


def test_power(run):
    np.testing.assert_allclose(run("power", X, "base", p=2), X**2)
