"""Cancel and pause, from any thread."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from openeo_widgets.errors import DownloadError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["LOOK_S", "Control"]

#: Seconds between two looks at whether it is canceled or paused.
LOOK_S = 0.05


class Control:
    """The handle on downloads on their way; one may be for several of them.

    They look at it twenty times a second. A paused one holds no connection, and goes on where it
    was if the file on the server is still the same.

    Args:
        canceled: Asked besides; True cancels.
        of: Another one that cancels and pauses too.
    """

    def __init__(self, canceled: Callable[[], bool] = bool, *, of: Control | None = None) -> None:
        self._above = of
        self._canceled = threading.Event()
        self._running = threading.Event()
        self._running.set()
        self._asked = canceled

    def cancel(self) -> None:
        """End them. What has come is kept for the next time where the server allows that."""
        self._canceled.set()

    def pause(self) -> None:
        """Have them wait."""
        self._running.clear()

    def resume(self) -> None:
        """Have them go on."""
        self._running.set()

    @property
    def canceled(self) -> bool:
        """Whether they are to end."""
        return (
            self._canceled.is_set()
            or self._asked()
            or (self._above is not None and self._above.canceled)
        )

    @property
    def paused(self) -> bool:
        """Whether they are to wait."""
        return not self._running.is_set() or (self._above is not None and self._above.paused)

    @property
    def halted(self) -> bool:
        """Whether they are to end or to wait."""
        return self.canceled or self.paused

    def stop_if_canceled(self, name: str) -> None:
        """End a download that is canceled.

        Raises:
            DownloadError: It is.
        """
        if self.canceled:
            raise DownloadError(f"The download of {name!r} was canceled.")

    def heed(self, name: str, tell: Callable[[], object] = bool) -> None:
        """End a download that is canceled; have one that is paused wait here.

        Args:
            name: What is downloaded, for messages.
            tell: Called while it waits.

        Raises:
            DownloadError: It is canceled.
        """
        self.stop_if_canceled(name)
        while self.paused:
            tell()
            time.sleep(LOOK_S)
            self.stop_if_canceled(name)
