"""The open preview of a `ResultsWidget`: it holds what is seen, and answers what is asked of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from openeo_widgets.api._urls import host_of
from openeo_widgets.errors import OpenEOWidgetsError
from openeo_widgets.preview import Image, Opened, PreviewFile, Table, Tree, open_preview
from openeo_widgets.transfer import Workers
from openeo_widgets.widgets._base import Bytes, error_info
from openeo_widgets.widgets._shape_layer import SHAPE_COMMANDS
from openeo_widgets.widgets._traits import clip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openeo_widgets.api import ResultAsset
    from openeo_widgets.widgets._base import LiveWidget
    from openeo_widgets.widgets._shape_layer import ShapeLayer

__all__ = ["PREVIEW_ASKING", "PREVIEW_COMMANDS", "Previews", "preview_of"]

#: Names of the methods that answer about the open preview, by kind of message.
PREVIEW_COMMANDS = {
    "preview_rows": "_previews.rows",
    "preview_columns": "_previews.columns",
    "preview_children": "_previews.children",
    "preview_find": "_previews.find",
    "preview_image": "_previews.image",
    **SHAPE_COMMANDS,
}
#: Those of them that take long: a file may be read for them.
PREVIEW_ASKING = frozenset(
    {
        *("preview_rows", "preview_columns", "preview_children", "preview_find"),
        *("preview_image", "shape_position", "shape_lines"),
    }
)

# A file of a slow link must not hold up those of other widgets, nor the states of jobs. One that
# was closed is still read until its server answers, or the time for that is over: a host has only
# half of the threads for those.
_workers = Workers("openeo-widgets-previews", 8, most_of_lane=4)

View = TypeVar("View")


def preview_of(asset: ResultAsset, shown: str, **changes: Any) -> dict[str, Any]:
    """A preview as the browser shows it: see ``Preview`` in js/src/protocol-preview.ts."""
    empty: dict[str, Any] = {
        "state": "loading",
        "error": None,
        "note": "",
        "question": "",
        "python": "",
        "views": [],
    }
    return {"key": shown, "name": clip(asset.filename), **empty, **changes}


class Previews:
    """The preview that is open in one widget, if any.

    Args:
        widget: Whose it is: it has a trait ``preview``.
        shapes: What has the features of the open one on the map.
    """

    def __init__(self, widget: LiveWidget, shapes: ShapeLayer) -> None:
        self._widget = widget
        self._shapes = shapes
        # What was opened last, and what came of it. Only one is open at a time.
        self._turn = 0
        self._opened = Opened()

    def open(self, asset: ResultAsset, shown: str, *, whole: bool, **traits: Any) -> None:
        """Open the preview of an asset. Returns at once.

        Args:
            asset: The asset.
            shown: What the browser calls it.
            whole: Whether all of it may be read, also where that is a lot.
            traits: What else of the widget changes with it.
        """
        with self._widget.in_order():
            turn = self._begin()
            traits |= self._shapes.leave()
            self._widget.publish(preview=preview_of(asset, shown), **traits)
        _workers.submit(
            lambda: self._load(turn, asset, shown, whole=whole), lane=host_of(asset.href)
        )

    def close(self) -> None:
        """Close it; nothing if none is open."""
        with self._widget.in_order():
            self._begin()
            self._widget.publish(preview=None, **self._shapes.leave())

    def rows(
        self,
        view: int,
        start: int,
        count: int,
        sort: str,
        descending: bool,  # noqa: FBT001 - a message's field
        search: str,
    ) -> dict[str, Any]:
        """Some rows of a table; see ``PreviewRows`` in js/src/protocol-preview.ts.

        Raises:
            OpenEOWidgetsError: There is no such table, or no such column.
        """
        table = self._view(view, Table)
        return table.window(start, count, sort, search, descending=descending)

    def columns(self, view: int, x: str, y: Sequence[str]) -> dict[str, Any]:
        """Columns of a table as lines; see ``PreviewLines`` in js/src/protocol-preview.ts.

        Raises:
            OpenEOWidgetsError: There is no such table, or a column that cannot be drawn.
        """
        return self._view(view, Table).lines(x, y)

    def children(self, path: str, start: int, count: int) -> dict[str, Any]:
        """Some children of a node; see ``PreviewChildren`` in js/src/protocol-preview.ts.

        Raises:
            OpenEOWidgetsError: There is no tree, or no such node in it.
        """
        return self._view(None, Tree).children(path, start, count)

    def find(self, text: str) -> dict[str, Any]:
        """Nodes that hold a text; see ``PreviewFound`` in js/src/protocol-preview.ts.

        Raises:
            OpenEOWidgetsError: There is no tree.
        """
        return self._view(None, Tree).find(text)

    def image(self) -> Bytes:
        """The picture.

        Raises:
            OpenEOWidgetsError: There is none.
        """
        found = self._view(None, Image)
        return Bytes({"media_type": found.media_type}, found.content)

    def _begin(self) -> int:
        """Let go of what is open. What is still being read for it is not wanted any more."""
        self._turn += 1
        self._opened = Opened()
        return self._turn

    def _load(self, turn: int, asset: ResultAsset, shown: str, *, whole: bool) -> None:
        """Read and show a preview, if it is still wanted. Called in a worker thread."""
        if turn != self._turn:
            return
        opened = Opened()
        try:
            opened = open_preview(PreviewFile.of(asset, whole=whole))
            preview = preview_of(
                asset,
                shown,
                state="ready" if opened.told or not opened.question else "ask",
                note=opened.note,
                question=opened.question,
                python=opened.python.replace("{}", _asset_line(asset)),
                views=list(opened.told),
            )
        except Exception as error:  # noqa: BLE001 - shown in the widget, whatever it is
            preview = preview_of(asset, shown, state="error", error=error_info(error))
        with self._widget.in_order():  # it may be closed, or another one opened, at this moment
            if turn == self._turn:
                self._opened = opened
                traits = self._shapes.follow(asset, shown, opened)
                self._widget.publish(preview=preview, **traits)

    def _view(self, number: int | None, kind: type[View]) -> View:
        """The view of a number, or the only one of its kind."""
        views = self._opened.views
        some = views if number is None else views[number : number + 1]
        for view in some:
            if isinstance(view, kind):
                return view
        raise OpenEOWidgetsError(
            f"No {kind.__name__.lower()} is open there.", hint="Open the preview again."
        )


def _asset_line(asset: ResultAsset) -> str:
    """What a person writes to get an asset."""
    return f"connection.job({asset.job.job_id!r}).get_results().get_asset({asset.key!r})"
