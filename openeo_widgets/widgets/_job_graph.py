"""The process graph of a `JobWidget`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openeo_widgets.widgets._job import JobWidget

__all__ = ["GraphPanel"]


class GraphPanel:
    """Answers the tab of the process graph.

    Args:
        widget: The widget that it is a part of.
    """

    def __init__(self, widget: JobWidget) -> None:
        self._widget = widget

    def graph(self) -> Any:
        """The process and the marks on its nodes; see ``GraphAnswer`` in js/src/protocol.ts."""
        raise NotImplementedError

    def copy(self) -> Any:
        """The process as it is."""
        raise NotImplementedError

    def chunk(self, name: str) -> Any:
        """The source of a module that the browser loads when it needs it."""
        raise NotImplementedError
