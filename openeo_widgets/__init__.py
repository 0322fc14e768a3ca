"""Watch, steer and see openEO batch jobs from any notebook.

Everything public is importable from here and loaded when it is first used: ``connect`` alone
brings in neither ipywidgets nor any of the extras.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from openeo_widgets._version import __version__

if TYPE_CHECKING:
    from openeo_widgets.api import (
        BatchJob,
        Connection,
        DataCube,
        JobResults,
        LogEntry,
        RESTJob,
        ResultAsset,
        connect,
    )
    from openeo_widgets.errors import (
        BackendError,
        DownloadError,
        FileChangedError,
        JobFailedError,
        MissingExtraError,
        MultipleAssetsError,
        NoAnswerError,
        NoSuchAssetError,
        NotFoundError,
        NotJSONError,
        OpenEOWidgetsError,
        RasterError,
        SignInError,
        TargetExistsError,
        WaitTimeoutError,
    )
    from openeo_widgets.preview import PreviewFile, register_preview
    from openeo_widgets.transfer import Control
    from openeo_widgets.widgets import JobWidget, ResultsWidget, enable

_HOMES = {
    "openeo_widgets.api": (
        "BatchJob",
        "Connection",
        "DataCube",
        "JobResults",
        "LogEntry",
        "RESTJob",
        "ResultAsset",
        "connect",
    ),
    "openeo_widgets.errors": (
        "BackendError",
        "DownloadError",
        "FileChangedError",
        "JobFailedError",
        "MissingExtraError",
        "MultipleAssetsError",
        "NoAnswerError",
        "NoSuchAssetError",
        "NotFoundError",
        "NotJSONError",
        "OpenEOWidgetsError",
        "RasterError",
        "SignInError",
        "TargetExistsError",
        "WaitTimeoutError",
    ),
    "openeo_widgets.preview": ("PreviewFile", "register_preview"),
    "openeo_widgets.transfer": ("Control",),
    "openeo_widgets.widgets": ("JobWidget", "ResultsWidget", "enable"),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "BackendError",
    "BatchJob",
    "Connection",
    "Control",
    "DataCube",
    "DownloadError",
    "FileChangedError",
    "JobFailedError",
    "JobResults",
    "JobWidget",
    "LogEntry",
    "MissingExtraError",
    "MultipleAssetsError",
    "NoAnswerError",
    "NoSuchAssetError",
    "NotFoundError",
    "NotJSONError",
    "OpenEOWidgetsError",
    "PreviewFile",
    "RESTJob",
    "RasterError",
    "ResultAsset",
    "ResultsWidget",
    "SignInError",
    "TargetExistsError",
    "WaitTimeoutError",
    "__version__",
    "connect",
    "enable",
    "register_preview",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)


def _shown_as_widget(thing: Any) -> Any:
    """Make the widget of a job or a result; None outside a notebook."""
    from openeo_widgets.widgets import widget_for  # noqa: PLC0415 - only when one is shown

    return widget_for(thing)


def _plug_in() -> None:
    """Let jobs and results of the layers below show themselves as widgets."""
    from openeo_widgets.api import _display  # noqa: PLC0415 - keeps the name out of the package

    _display.show_with(_shown_as_widget)


_plug_in()
