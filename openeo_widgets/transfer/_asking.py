"""Asking for a file such that whoever waits for the answer can leave."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from openeo_widgets.transfer._answer import BROKEN, broken, check_busy
from openeo_widgets.transfer._control import LOOK_S
from openeo_widgets.transfer._patience import Patience, persistently
from openeo_widgets.transfer._progress import Meter
from openeo_widgets.transfer._stream import connections

if TYPE_CHECKING:
    from collections.abc import Callable

    import requests

    from openeo_widgets.transfer._control import Control
    from openeo_widgets.transfer._progress import Report

__all__ = ["answered", "controlled", "first_answer", "good_answer"]

_Outcome = TypeVar("_Outcome")

# Seconds of an outage that somebody waits out who wants the bytes at once.
_SHORT_S = 5.0


def good_answer(ask: Callable[[], requests.Response], name: str) -> requests.Response:
    """Ask for a file that somebody waits for; again, for a few seconds, where that fails.

    Args:
        ask: Makes the request, streamed.
        name: What is asked for, for messages.

    Returns:
        The answer. Its status is none that a moment may change.

    Raises:
        DownloadError: None came.
    """

    def attempt() -> requests.Response:
        response = ask()
        check_busy(response, name)
        return response

    try:
        return persistently(attempt, Patience(_SHORT_S))
    except BROKEN as error:
        raise broken(name, error) from None  # the cause holds the link


def first_answer(
    ask: Callable[[], requests.Response],
    name: str,
    control: Control,
    report: Report | None = None,
) -> requests.Response:
    """Ask for a file before it is known what it is to be called; as patiently as `download`.

    Args:
        ask: Makes the request, streamed.
        name: What is asked for, for messages.
        control: Says whether it is canceled or paused.
        report: Told while it is not to be had, or pauses.

    Returns:
        The answer, whatever its status.

    Raises:
        DownloadError: None came, or it was canceled.
    """
    meter = Meter(name, None, report)
    asking = partial(answered, ask, control, name, lambda: meter.tell("paused", 0, None))
    try:
        return controlled(asking, Patience(), control, meter, name)
    except BROKEN as error:
        raise broken(name, error) from None  # the cause holds the link


def controlled(
    attempt: Callable[[], _Outcome],
    patience: Patience,
    control: Control,
    meter: Meter,
    name: str,
    size: int | None = None,
) -> _Outcome:
    """Try something `persistently`; meanwhile it is told of, and can be canceled and paused.

    Raises:
        DownloadError: It was canceled.
        Exception: What the last attempt raised.
    """

    def wait(_seconds: float) -> None:
        while True:
            control.heed(name, lambda: meter.tell("paused", 0, size))
            if patience.is_tried(0):
                meter.tell("lost", 0, size, again_s=patience.left_s)
            if patience.left_s <= 0:
                return
            time.sleep(min(LOOK_S, patience.left_s))

    return persistently(attempt, patience, wait=wait)


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
