"""The output beside a live view that stays readable where no kernel is.

A live view's own output names a widget that only the kernel knows, and JupyterLab keeps what was
said beside it at the moment of display. So the static card is an output of its own, which is
brought up to date whenever it would say something else. Front ends see both; the live view hides
the static one while it is there.
"""

from __future__ import annotations

import logging
import sys
import threading
import uuid
from typing import TYPE_CHECKING, Any

from openeo_widgets.redact import log_failure
from openeo_widgets.watch import watcher
from openeo_widgets.widgets._static import as_html, as_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from openeo_widgets.widgets._static import StaticCard

__all__ = ["StillOutput", "display", "kernel"]

_log = logging.getLogger(__name__)

# Each update changes the notebook's document, which then is to be saved.
_BETWEEN_S = 1.0


def kernel() -> Any:
    """The kernel that this process is, or None: without importing IPython where nobody uses it."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return getattr(shell, "kernel", None)


def display(
    data: Mapping[str, Any],
    metadata: Mapping[str, Any] | None = None,
    transient: Mapping[str, Any] | None = None,
) -> None:
    """Put an output below the cell that is run. There has to be a kernel."""
    kernel().shell.display_pub.publish(data=data, metadata=metadata or {}, transient=transient)


class StillOutput:
    """The static output of one widget, wherever that is displayed.

    Args:
        card: Says what there is to say. Called from any thread.
    """

    def __init__(self, card: Callable[[], StaticCard]) -> None:
        self.id = uuid.uuid4().hex
        self._card = card
        self._lock = threading.Lock()
        self._shown: StaticCard | None = None
        self._waiting = False

    def show(self) -> None:
        """Display it, in the cell that is run."""
        with self._lock:
            card = self._card()
            self._shown = card.gist()
        # In Jupyter a second display of the same id brings the first one up to date as well.
        display(self._bundle(card), transient={"display_id": self.id})

    def changed(self) -> None:
        """Bring it up to date within a second, if it says something else now. From any thread."""
        with self._lock:
            if self._shown is None or self._waiting or self._card().gist() == self._shown:
                return
            self._waiting = True
        watcher().later(_BETWEEN_S, self.update)

    def update(self) -> None:
        """Bring it up to date, if it says something else now. From any thread, and never raises."""
        with self._lock:
            self._waiting = False
            if self._shown is None:
                return
            try:
                card = self._card()
                if card.gist() != self._shown:
                    self._send(card)
                    self._shown = card.gist()
            except Exception:  # noqa: BLE001 - what remains is what was known before
                log_failure(_log, "The static output could not be brought up to date")

    def _bundle(self, card: StaticCard) -> dict[str, str]:
        return {"text/plain": as_text(card), "text/html": as_html(card, self.id)}

    def _send(self, card: StaticCard) -> None:
        """Send it as comms send theirs from threads.

        The shell's publisher would flush the streams of the cell that runs, and while that cell
        captures its output it is another one.
        """
        here = kernel()
        if here is None:
            return
        content = {
            "data": self._bundle(card),
            "metadata": {},
            "transient": {"display_id": self.id},
        }
        here.session.send(
            here.iopub_socket,
            "update_display_data",
            content,
            parent=here.get_parent(),
            ident=b"update_display_data",
        )
