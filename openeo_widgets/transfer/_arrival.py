"""The bytes of one file, over as many connections as it takes and as are worth it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openeo_widgets.errors import DownloadError
from openeo_widgets.transfer._answer import (
    BROKEN,
    ChangedError,
    NoRangesError,
    RefusedError,
    check_size,
)
from openeo_widgets.transfer._intake import Intake
from openeo_widgets.transfer._patience import Patience
from openeo_widgets.transfer._tuning import Tuning
from openeo_widgets.transfer._verify import Follower

if TYPE_CHECKING:
    from openeo_widgets.transfer._control import Control
    from openeo_widgets.transfer._intake import Source
    from openeo_widgets.transfer._kept import Version
    from openeo_widgets.transfer._part import Part
    from openeo_widgets.transfer._progress import Meter

__all__ = ["Arrival"]

# So many other versions of the file may show while it is brought here.
_MOST_VERSIONS = 3


class Arrival:
    """Brings a file into its part, and goes on where a connection broke; else it begins anew.

    The caller's thread looks after it all, and hashes; each connection has a thread of its own.

    Args:
        source: Where the file comes from.
        part: Where the bytes go.
        control: Says whether it is canceled or paused.
        meter: Told of what has come.
    """

    def __init__(self, source: Source, part: Part, control: Control, meter: Meter) -> None:
        self._source, self._part, self._control, self._meter = source, part, control, meter
        self._patience = Patience(source.patience_s)
        self._versions, self._has_spent = 0, False
        self._intake = Intake(source, part)
        self._begin()

    @property
    def version(self) -> Version:
        """Which version of the file has come."""
        return self._intake.version

    def _begin(self) -> None:
        self._tuning = Tuning(self._source.most)
        checksum = self._source.checksum
        self._follower = Follower(checksum, self._part.read_at) if checksum else None

    def _begin_anew(self) -> None:
        self._intake.clear()
        self._begin()

    def finish(self) -> None:
        """Bring all of it, and compare it with what is known.

        Raises:
            DownloadError: What the server offers is not the file, or it was canceled.
            DiskError: The disk does not take it.
            requests.RequestException: The connection broke too often; as `BROKEN` has it.
        """
        intake = self._intake
        recalled = intake.ranges.done_bytes > 0
        intake.check_room()
        while True:
            try:
                while not intake.is_complete:
                    self._look()
            finally:
                intake.stop()
            if self._verify():
                return
            if not recalled:
                self._part.clear()
                raise DownloadError(
                    f"{self._source.name!r} arrived, but its checksum is not the one that the "
                    "back-end gave.",
                    hint="Try again, and tell the back-end if it happens again.",
                )
            # What an earlier run left here may have been lost to a power cut.
            recalled = False
            self._begin_anew()

    def _look(self) -> None:
        """Do what is to be done now, then wait a moment."""
        intake, patience_s = self._intake, self._source.patience_s
        self._control.stop_if_canceled(self._source.name)
        if self._control.paused:
            intake.stop()
            self._control.heed(self._source.name, self._tell_paused)
            self._patience = Patience(patience_s)
        self._has_spent = False
        for error in intake.take_errors():
            self._judge(error)
        self._start_streams()
        intake.hang_up_on_stalled(self._source.stall_s)
        self._tell()
        self._part.sync_sometimes(intake.done)
        if not self._follow():
            intake.wait(even_alone=self._patience.left_s > 0)

    def _tell(self) -> None:
        with self._intake.lock:
            done, total = self._intake.ranges.done_bytes, self._intake.ranges.total
            reading = self._intake.is_reading
        lost_s = self._patience.left_s if self._patience.is_tried(done) and not reading else None
        self._meter.tell("running" if lost_s is None else "lost", done, total, again_s=lost_s)

    def _tell_paused(self) -> None:
        self._meter.tell("paused", self._intake.ranges.done_bytes, self._intake.ranges.total)

    def _follow(self) -> bool:
        """Hash some of what has come; whether there was any."""
        if self._follower is None:
            return False
        with self._intake.lock:
            prefix = self._intake.ranges.prefix
        before = self._follower.position
        self._follower.follow(prefix, self._is_halted)
        return self._follower.position > before

    def _is_halted(self) -> bool:
        return self._control.halted

    def _verify(self) -> bool:
        total = self._intake.ranges.total or 0
        check_size(self._source.name, total, self._source.size)

        def look() -> None:
            self._control.heed(self._source.name, self._tell_paused)
            self._meter.tell("verifying", total, total)

        return self._follower is None or self._follower.agrees_with(total, look, self._is_halted)

    def _start_streams(self) -> None:
        intake = self._intake
        with intake.lock:
            if intake.ranges.complete or self._patience.left_s > 0:
                return
            shares = bool(intake.version.validator) and intake.ranged is not False
            if not intake.count and intake.ranges.done_bytes and not shares:
                self._begin_anew()
            proven = bool(intake.ranged)
            intake.start_streams(self._tuning.wanted(intake.ranges, shares=shares, proven=proven))

    def _judge(self, error: Exception) -> None:
        """Decide what a connection's error means for the file."""
        intake = self._intake
        if isinstance(error, ChangedError):
            self._versions += 1
            if self._versions > _MOST_VERSIONS:
                raise DownloadError(f"{self._source.name!r} keeps changing while it is downloaded.")
            intake.stop()
            self._begin_anew()
            self._patience = Patience(self._source.patience_s)
        elif isinstance(error, NoRangesError):
            intake.ranged = False  # one that is alone begins anew
        elif not isinstance(error, (RefusedError, *BROKEN)):
            raise error
        elif not intake.count:
            self._spend(error)
        elif isinstance(error, RefusedError) or not self._patience.spend_further():
            self._tuning.shrink(intake.count)

    def _spend(self, error: Exception) -> None:
        """Count a failure that stopped the file. Of connections that broke together one counts."""
        if not self._has_spent:
            self._patience.spend(error, self._intake.ranges.done_bytes)
        self._has_spent = True
