"""Showing jobs and results as widgets when they are the last line of a cell."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any

from openeo_widgets.api import _display
from openeo_widgets.widgets._job import JobWidget
from openeo_widgets.widgets._results import ResultsWidget
from openeo_widgets.widgets._still import kernel
from openeo_widgets.widgets._things import is_job

if TYPE_CHECKING:
    from openeo_widgets.widgets._base import LiveWidget

__all__ = ["enable", "widget_for"]

# By the id of the thing: the widget keeps what it shows alive, so ids are not used again.
_shown: weakref.WeakValueDictionary[int, LiveWidget] = weakref.WeakValueDictionary()


def widget_for(thing: Any) -> LiveWidget | None:
    """The widget of a job or of results: the same one each time; None outside a notebook."""
    if kernel() is None:
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
    shows its widget. Nothing happens outside of a kernel.
    """
    here = kernel()
    if here is None:
        return
    formatter = here.shell.display_formatter.ipython_display_formatter
    for name in ("BatchJob", "JobResults"):
        formatter.for_type_by_name("openeo.rest.job", name, _display.show)
