"""Asking for a file such that whoever waits for the answer can leave."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from openeo_widgets.transfer._control import LOOK_S
from openeo_widgets.transfer._stream import connections

if TYPE_CHECKING:
    from collections.abc import Callable

    import requests

    from openeo_widgets.transfer._control import Control

__all__ = ["answered"]


def answered(
    ask: Callable[[], requests.Response],
    control: Control,
    name: str,
    tell: Callable[[], object] = bool,
) -> requests.Response:
    """Ask in another thread: one that waits for a name, a connection or an answer cannot look.

    Args:
        ask: Makes the request, streamed. Goes on alone once nobody waits for it; made anew after
            a pause.
        control: Says whether it is canceled or paused.
        name: What is asked for, for messages.
        tell: Called while it pauses.

    Returns:
        The answer, whatever its status.

    Raises:
        DownloadError: It was canceled.
        Exception: What `ask` raises.
    """
    while True:
        control.heed(name, tell)
        asking = _Asking(ask)
        connections.submit(asking.run)
        try:
            answer = asking.wait(control)
        finally:
            asking.leave()
        if answer is not None:
            return answer


class _Asking:
    def __init__(self, ask: Callable[[], requests.Response]) -> None:
        self._ask = ask
        self._here = threading.Condition()
        self._outcome: requests.Response | Exception | None = None
        self._left = False

    def run(self) -> None:
        outcome: requests.Response | Exception
        try:
            with self._here:
                if self._left:  # before its turn came
                    return
            outcome = self._ask()
        except Exception as error:  # noqa: BLE001 - raised where it is waited for
            outcome = error
        with self._here:
            self._outcome = outcome
            self._here.notify_all()
            left = self._left
        if left:
            self._drop()

    def wait(self, control: Control) -> requests.Response | None:
        """The answer; None if it is not to be waited for any more."""
        with self._here:
            while self._outcome is None:
                if control.halted:
                    return None
                self._here.wait(LOOK_S)
            outcome, self._outcome = self._outcome, None
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def leave(self) -> None:
        with self._here:
            self._left = True
        self._drop()

    def _drop(self) -> None:
        """Close an answer that nobody waits for any more: its connection would stay open."""
        with self._here:
            outcome, self._outcome = self._outcome, None
        if outcome is not None and not isinstance(outcome, Exception):
            with suppress(Exception):  # whatever it is: it is over
                outcome.close()
