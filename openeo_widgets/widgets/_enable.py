"""Showing jobs and results as widgets when they are the last line of a cell."""

from __future__ import annotations

import sys
import weakref
from typing import TYPE_CHECKING, Any

from openeo_widgets.widgets._job import JobWidget
from openeo_widgets.widgets._results import ResultsWidget
from openeo_widgets.widgets._things import is_job

if TYPE_CHECKING:
    from openeo_widgets.widgets._base import LiveWidget

__all__ = ["enable", "widget_for"]

# By the id of the thing: the widget keeps what it shows alive, so ids are not used again.
_shown: weakref.WeakValueDictionary[int, LiveWidget] = weakref.WeakValueDictionary()


def widget_for(thing: Any) -> LiveWidget | None:
    """The widget of a job or of results: the same one each time; None outside a notebook."""
    if not _in_notebook():
        return None
    widget = _shown.get(id(thing))
    if widget is None or widget.comm is None:
        widget = JobWidget(thing) if is_job(thing) else ResultsWidget(thing)
        widget.shown_for = thing
        _shown[id(thing)] = widget
    return widget


def enable() -> None:
    """Show the official client's jobs and results as these widgets too.

    After this call an ``openeo.BatchJob`` or ``openeo.JobResults`` as the last line of a cell
    shows its widget. Nothing happens outside of IPython.
    """
    shell = _shell()
    if shell is None:
        return
    formatter = shell.display_formatter.mimebundle_formatter
    for name in ("BatchJob", "JobResults"):
        formatter.for_type_by_name("openeo.rest.job", name, _bundle)


def _bundle(thing: Any, **options: Any) -> Any:
    widget = widget_for(thing)
    return None if widget is None else widget._repr_mimebundle_(**options)


def _shell() -> Any:
    """IPython's shell if this is one; without importing IPython where nobody uses it."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None


def _in_notebook() -> bool:
    return getattr(_shell(), "kernel", None) is not None
