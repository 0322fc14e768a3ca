"""What the package exports, its errors, and what importing it brings in."""

from __future__ import annotations

import copy
import importlib
import inspect
import pickle
import pkgutil
import re
import subprocess
import sys

import pytest

import openeo_widgets
from openeo_widgets import api, errors, transfer

EXAMPLES = [
    errors.OpenEOWidgetsError("m", code="c", id="i", hint="h"),
    errors.BackendError("m", http_status=500, links=[{"a": 1}], retry_after_s=2.0),
    errors.SignInError("m", http_status=401),
    errors.NotFoundError("m", http_status=404, code="JobNotFound"),
    errors.NoAnswerError("m", hint="h"),
    errors.JobFailedError("m", job_id="j", status="error", log_entry={"id": "1"}),
    errors.WaitTimeoutError("m"),
    errors.MultipleAssetsError("m", hint="h"),
    errors.NoSuchAssetError("m"),
    errors.MissingExtraError("m", hint="h"),
    errors.NotJSONError("m", hint="h"),
    errors.RasterError("m", hint="h"),
    errors.DownloadError("m", http_status=403),
    errors.FileChangedError("m", hint="h"),
    errors.TargetExistsError("m", hint="h"),
]


def _tree():
    """The tree in the docstring: name of the error to (name of its base, other built-in base)."""
    above, found = [], {}
    for line in errors.__doc__.splitlines():
        entry = re.match(r"( {4}[│├└─ ]*)(\w+Error)\b(.*)", line)
        if not entry:
            continue
        depth = (len(entry[1]) - 4) // 4
        also = re.search(r"also an? (\w+)", entry[3])
        found[entry[2]] = (above[depth - 1] if depth else None, also and also[1])
        above[depth:] = [entry[2]]
    return found


def test_the_tree_in_the_docstring_is_the_tree():
    tree = _tree()
    assert sorted(tree) == sorted(errors.__all__)
    for name, (base, also) in tree.items():
        bases = [kind.__name__ for kind in getattr(errors, name).__bases__]
        assert bases == ([base, also] if also else [base or "Exception"])


@pytest.mark.parametrize("module", [openeo_widgets, api, errors, transfer])
def test_exports_are_there(module):
    for name in module.__all__:
        assert getattr(module, name) is not None


@pytest.mark.parametrize("package", [api, transfer])
def test_exports_of_the_modules_are_there(package):
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        found = importlib.import_module(module.name)
        assert all(hasattr(found, name) for name in found.__all__), module.name


def test_every_error_is_exported_by_the_package():
    assert set(errors.__all__) <= set(openeo_widgets.__all__)
    assert set(openeo_widgets.__all__) <= set(dir(openeo_widgets))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        openeo_widgets.nothing  # noqa: B018 - asking is the test


def test_every_error_has_an_example():
    assert {type(error).__name__ for error in EXAMPLES} == set(errors.__all__)


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize(
    "again",
    [lambda e: pickle.loads(pickle.dumps(e)), copy.copy, copy.deepcopy],  # noqa: S301
)
def test_errors_can_be_copied_and_pickled(error, again):
    found = again(error)
    assert type(found) is type(error)
    assert vars(found) == vars(error)
    assert (str(found), found.args) == (str(error), error.args)


def test_an_error_says_everything_in_one_line():
    assert str(EXAMPLES[0]) == "m (c, ref. i) h"
    assert str(errors.NoAnswerError("m")) == "m"
    assert EXAMPLES[2]._render_traceback_() == ["SignInError: m"]


@pytest.mark.parametrize(
    ("status", "code", "may_pass"),
    [
        (503, "", True),
        (429, "", True),
        (500, "EstimateComplexity", False),
        (501, "", False),
        (404, "", False),
    ],
)
def test_what_may_pass(status, code, may_pass):
    assert errors.BackendError("m", http_status=status, code=code).may_pass is may_pass


def test_public_things_are_documented():
    for name in api.__all__:
        thing = getattr(api, name)
        assert inspect.getdoc(thing), name
        for method, value in vars(thing).items() if inspect.isclass(thing) else ():
            if not method.startswith("_") and callable(value):
                assert inspect.getdoc(value), f"{name}.{method}"


@pytest.mark.parametrize(
    ("first", "not_loaded"),
    [
        ("from openeo_widgets import connect", "ipywidgets anywidget ipyleaflet IPython numpy"),
        ("from openeo_widgets import BatchJob, DataCube", "ipywidgets IPython numpy pandas"),
        ("import openeo_widgets", "rasterio xarray openeo shapely dask"),
        ("from openeo_widgets import ResultsWidget", "rasterio xarray openeo dask pandas"),
    ],
)
def test_what_is_light_stays_light(first, not_loaded):
    code = f"{first}; import sys; print(*(set({not_loaded.split()!r}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.split() == []
