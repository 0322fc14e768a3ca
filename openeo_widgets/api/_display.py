"""How a job or a result shows itself as the last line of a cell.

The layers below know nothing of widgets. The package sets, from above, what makes one; without
it, or outside a notebook, plain text stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["bundle", "show", "show_with"]

_make: Callable[[Any], Any] | None = None


def show_with(make: Callable[[Any], Any]) -> None:
    """Set the function that makes a widget of a job or a result."""
    global _make  # noqa: PLW0603 - the one place where the upper layers plug in
    _make = make


def bundle(thing: Any, **options: Any) -> Any:
    """Make the MIME bundle that IPython asks an object for.

    Returns:
        The widget's bundle, or plain text where there is no widget to be had.
    """
    widget = _make(thing) if _make else None
    if widget is None:
        return {"text/plain": repr(thing)}
    return widget._repr_mimebundle_(**options)


def show(thing: Any) -> None:
    """Display the widget of a job or a result, and what stays of it where no kernel is.

    Raises:
        NotImplementedError: There is no widget to be had; IPython then asks for the `bundle`.
    """
    widget = _make(thing) if _make else None
    if widget is None:
        raise NotImplementedError
    widget._ipython_display_()
