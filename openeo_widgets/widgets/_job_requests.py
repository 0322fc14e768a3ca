"""The HTTP requests that were made for the job of a `JobWidget`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openeo_widgets.widgets._job import JobWidget

__all__ = ["RequestPanel"]


class RequestPanel:
    """Answers the tab of the requests.

    Args:
        widget: The widget that it is a part of.
    """

    def __init__(self, widget: JobWidget) -> None:
        self._widget = widget

    def since(self, since: int) -> Any:
        """The requests after a number; see ``RequestRow`` in js/src/protocol.ts."""
        raise NotImplementedError
