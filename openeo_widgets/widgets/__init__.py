"""Widgets: traits, messages, layout. No I/O of their own."""

from openeo_widgets.widgets._enable import enable, widget_for
from openeo_widgets.widgets._job import JobWidget
from openeo_widgets.widgets._results import ResultsWidget

__all__ = ["JobWidget", "ResultsWidget", "enable", "widget_for"]
