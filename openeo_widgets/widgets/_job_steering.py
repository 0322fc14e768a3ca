"""What the menu of a `JobWidget` offers, and what is said before a start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openeo_widgets.widgets._job import JobWidget

__all__ = ["Steering"]


class Steering:
    """Answers the menu and its forms.

    Args:
        widget: The widget that it is a part of.
    """

    def __init__(self, widget: JobWidget) -> None:
        self._widget = widget

    def update(self, title: str, description: str) -> Any:
        """Change title and description."""
        raise NotImplementedError

    def draft(self) -> Any:
        """What a copy would be made of; see ``Draft`` in js/src/protocol.ts."""
        raise NotImplementedError

    def duplicate(self, **draft: Any) -> Any:
        """Create a copy."""
        raise NotImplementedError

    def preflight(self) -> Any:
        """Ask what a start would cost, and whether it can work."""
        raise NotImplementedError

    def open_link(self, index: int) -> Any:
        """The address of a link of the job."""
        raise NotImplementedError

    def web_editor(self) -> Any:
        """The address of the web editor."""
        raise NotImplementedError

    def copy_python(self) -> Any:
        """The lines of Python that show this job again."""
        raise NotImplementedError
