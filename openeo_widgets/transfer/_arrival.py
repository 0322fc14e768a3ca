"""The bytes of one file, over as many connections as it takes and as are worth it."""

from __future__ import annotations

import shutil
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from openeo_widgets.errors import DownloadError
from openeo_widgets.transfer._answer import (
    BROKEN,
    Asked,
    ChangedError,
    NoRangesError,
    RefusedError,
    check_size,
    validator_of,
)
from openeo_widgets.transfer._control import LOOK_S
from openeo_widgets.transfer._hosts import hosts
from openeo_widgets.transfer._part import Version
from openeo_widgets.transfer._patience import Patience
from openeo_widgets.transfer._ranges import Ranges
from openeo_widgets.transfer._stream import DiskError, Stream
from openeo_widgets.transfer._tuning import Tuning
from openeo_widgets.transfer._verify import Checksum, Follower

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import requests

    from openeo_widgets.transfer._control import Control
    from openeo_widgets.transfer._part import Part
    from openeo_widgets.transfer._progress import Meter
    from openeo_widgets.transfer._ranges import Segment

__all__ = ["Arrival", "Source"]

# So many other versions of the file may show while it is brought here.
_MOST_VERSIONS = 3


class Source(NamedTuple):
    """Where a file comes from, and what is known of it.

    Attributes:
        ask: Makes the request with these headers besides, streamed, and returns the answer. Called
            by several threads at a time.
        name: What arrives, for messages.
        size: Expected size in bytes, or None.
        checksum: Expected checksum, or None.
        most: How many connections, at most.
        stall_s: Seconds without a byte after which a connection counts as broken.
        patience_s: Seconds without progress after which it is given up, or None for the default.
    """

    ask: Callable[[Mapping[str, str]], requests.Response]
    name: str
    size: int | None
    checksum: Checksum | None
    most: int
    stall_s: float
    patience_s: float | None


class Arrival:
    """Brings a file into its part, and goes on where a connection broke.

    The caller's thread looks after it all, and hashes; each connection has a thread of its own.
    Only bytes of one version of the file are put together: the strong ETag of the first answer,
    or its Last-Modified, goes back as ``If-Range`` (RFC 9110, 13.1.5). Else it begins anew.

    Args:
        source: Where the file comes from.
        part: Where the bytes go.
        control: Says whether it is canceled or paused.
        meter: Told of what has come.
    """

    def __init__(self, source: Source, part: Part, control: Control, meter: Meter) -> None:
        self.name, self.size, self.ask = source.name, source.size, source.ask
        self._source, self._part, self._control, self._meter = source, part, control, meter
        self._lock = threading.Condition()
        self._streams: list[Stream] = []
        self._errors: list[Exception] = []
        self._patience = Patience(source.patience_s)
        self._versions, self._has_spent = 0, False
        self.version, done = part.recall()
        if source.size is not None and self.version.total not in {None, source.size}:
            self.version, done = Version("", None), ()
        self._ranges = Ranges(done, self.version.total)
        self._ranged: bool | None = None
        self._begin_anew(clear=not done)

    @property
    def done(self) -> list[tuple[int, int]]:
        """Which bytes are here."""
        with self._lock:
            return list(self._ranges.done)

    def _begin_anew(self, *, clear: bool) -> None:
        if clear:
            self._part.clear()
            self.version, self._ranges = Version("", None), Ranges()
        self._tuning = Tuning(self._source.most)
        checksum = self._source.checksum
        self._follower = Follower(checksum, self._part.read_at) if checksum else None

    # -- in the caller's thread --

    def finish(self) -> None:
        """Bring all of it, and compare it with what is known.

        Raises:
            DownloadError: What the server offers is not the file, or it was canceled.
            DiskError: The disk does not take it.
            requests.RequestException: The connection broke too often; as `BROKEN` has it.
        """
        recalled = self._ranges.done_bytes > 0
        self._check_room()
        while True:
            try:
                while not self._is_complete():
                    self._look()
            finally:
                self._stop()
            if self._verify():
                return
            if not recalled:
                self._part.clear()
                raise DownloadError(
                    f"{self.name!r} arrived, but its checksum is not the one that the back-end "
                    "gave.",
                    hint="Try again, and tell the back-end if it happens again.",
                )
            # What an earlier run left here may have been lost to a power cut.
            recalled = False
            self._begin_anew(clear=True)

    def _is_complete(self) -> bool:
        with self._lock:
            # One that has brought its last byte is let go on to the end of the answer: only then
            # can the next file have its connection.
            return self._ranges.complete and not any(one.is_reading for one in self._streams)

    def _look(self) -> None:
        """Do what is to be done now, then wait a moment."""
        self._control.stop_if_canceled(self.name)
        if self._control.paused:
            self._stop()
            self._control.heed(self.name, self._tell_paused)
            self._patience = Patience(self._source.patience_s)
        with self._lock:
            errors, self._errors = self._errors, []
        self._has_spent = False
        for error in errors:
            self._judge(error)
        self._start_streams()
        self._hang_up_on_stalled()
        with self._lock:
            done, total = self._ranges.done_bytes, self._ranges.total
            reading = any(one.is_reading for one in self._streams)
        lost_s = self._patience.left_s if self._patience.is_tried(done) and not reading else None
        self._meter.tell("running" if lost_s is None else "lost", done, total, again_s=lost_s)
        self._part.sync_sometimes(self.done)
        if not self._follow():
            with self._lock:
                # Whoever has something to tell notifies.
                if not self._errors and (self._streams or self._patience.left_s > 0):
                    self._lock.wait(LOOK_S)

    def _tell_paused(self) -> None:
        self._meter.tell("paused", self._ranges.done_bytes, self._ranges.total)

    def _follow(self) -> bool:
        """Hash some of what has come; whether there was any."""
        if self._follower is None:
            return False
        with self._lock:
            prefix = self._ranges.prefix
        before = self._follower.position
        self._follower.follow(prefix, self._is_halted)
        return self._follower.position > before

    def _is_halted(self) -> bool:
        return self._control.halted

    def _verify(self) -> bool:
        check_size(self.name, self._ranges.total or 0, self.size)
        if self._follower is None:
            return True
        total = self._ranges.total or 0

        def look() -> None:
            self._control.heed(self.name, self._tell_paused)
            self._meter.tell("verifying", total, total)

        return self._follower.agrees_with(total, look, self._is_halted)

    def _check_room(self) -> None:
        """Refuse a file that the disk has no room for, before it is full."""
        total = self._ranges.total if self._ranges.total is not None else self.size
        missing = (total or 0) - self._ranges.done_bytes
        folder = self._part.path.parent
        if missing > 0 and missing > (free := shutil.disk_usage(folder).free):
            raise DownloadError(
                f"{self.name!r} needs {missing} bytes more, and {free} are free in "
                f"{str(folder)!r}.",
                hint="Make room there, or choose another folder.",
            )

    def _start_streams(self) -> None:
        with self._lock:
            if self._ranges.complete or self._patience.left_s > 0:
                return
            can_go_on = bool(self.version.validator) and self._ranged is not False
            if not self._streams and self._ranges.done_bytes and not can_go_on:
                self._begin_anew(clear=True)
            wanted = self._tuning.wanted(self._ranges, shares=can_go_on, proven=bool(self._ranged))
            while len(self._streams) < wanted:
                stream = Stream(self)
                if self._streams:
                    host = self._streams[0].host
                    if host is None or not hosts.try_join(host):
                        return
                    stream.host = host
                self._streams.append(stream)
                stream.start()

    def _hang_up_on_stalled(self) -> None:
        now = time.monotonic()
        for stream in list(self._streams):
            if stream.heard is not None and now - stream.heard > self._source.stall_s:
                stream.hang_up()

    def _judge(self, error: Exception) -> None:
        """Decide what a stream's error means for the file."""
        with self._lock:
            alone = not self._streams
        if isinstance(error, ChangedError):
            self._versions += 1
            if self._versions > _MOST_VERSIONS:
                raise DownloadError(f"{self.name!r} keeps changing while it is downloaded.")
            self._stop()
            self._begin_anew(clear=True)
            self._patience = Patience(self._source.patience_s)
        elif isinstance(error, NoRangesError):
            self._ranged = False  # one that is alone begins anew
        elif not isinstance(error, (RefusedError, *BROKEN)):
            raise error
        elif alone:
            self._spend(error)
        elif isinstance(error, RefusedError) or not self._patience.spend_further():
            self._tuning.shrink(len(self._streams))

    def _spend(self, error: Exception) -> None:
        """Count a failure that stopped the file. Of connections that broke together one counts."""
        if not self._has_spent:
            self._patience.spend(error, self._ranges.done_bytes)
        self._has_spent = True

    def _stop(self) -> None:
        """End all streams. One that waits for an answer, or for bytes, notices by itself.

        Not even a server that ignores the end of a connection holds anybody up: of one that is
        over no byte is written any more, whenever it comes.
        """
        with self._lock:
            for stream in self._streams:
                stream.is_over = True
                stream.hang_up()
            while any(stream.is_writing for stream in self._streams):
                self._lock.wait(LOOK_S)
            for stream in self._streams:
                self._take_back(stream)
                self._leave_host(stream)
            self._streams, self._errors = [], []
            done = self._ranges.done
        with suppress(OSError):  # a full disk: the last entry that it took counts
            self._part.note(self.version, done, now=True)

    # -- in the threads of the streams --

    def next_for(self, stream: Stream) -> tuple[Segment, Asked | None] | None:
        """Give out the next segment; see `Book`."""
        with self._lock:
            crowded = len(self._streams) > 1 and hosts.is_crowded(stream.host or "")
            if stream.is_over or crowded or self._ranges.complete:
                return None
            segment = self._ranges.take()
            if segment is None:
                return None
            stream.segment, stream.heard = segment, None
            if not self.version.validator:
                return segment, None
            return segment, Asked(segment.start, *self.version)

    def begin(self, stream: Stream, response: requests.Response, end: int | None) -> bool:
        """Note that a good answer is there; see `Book`."""
        with self._lock:
            segment = stream.segment
            if stream.is_over or segment is None:
                return False
            if stream.host is None:
                stream.host = urlsplit(response.url).hostname or ""
                hosts.join(stream.host)
            if self.version.validator:
                self._ranged = True
                if not self._ranges.confirm(segment):
                    return False
            else:
                self.version = Version(validator_of(response), end)
                self._ranges.total = segment.end = end
                self._check_room()
            if end is not None:
                check_size(self.name, self._ranges.total or 0, self.size)
            stream.is_reading = True
            return True

    def write(self, stream: Stream, chunk: bytes) -> bool:
        """Bring bytes to their place; see `Book`."""
        with self._lock:
            segment = stream.segment
            if stream.is_over or segment is None:
                return False
            position, end = segment.position, segment.end
            stream.is_writing = True
        if end is not None and len(chunk) > end - position:
            chunk = chunk[: max(0, end - position)]
        try:
            return self._write(segment, chunk, position)
        finally:
            with self._lock:
                stream.is_writing = False
                if stream.is_over:
                    self._lock.notify_all()

    def _write(self, segment: Segment, chunk: bytes, position: int) -> bool:
        try:
            self._part.write_at(chunk, position)
        except OSError as error:
            raise DiskError from error
        with self._lock:
            reached = position + len(chunk)
            segment.position = reached if segment.end is None else min(reached, segment.end)
            if segment.end is None and self.size is not None:
                # It is not the file; what never ends would fill the disk.
                check_size(self.name, max(reached, self.size), self.size)
            done, version = self._ranges.done, self.version
            more = segment.end is None or segment.position < segment.end
        self._part.note(version, done)
        return more

    def end_of_body(self, stream: Stream) -> None:
        """Note that the segment, whose end nobody knew, is whole; see `Book`."""
        with self._lock:
            segment = stream.segment
            if segment is not None and not stream.is_over:
                self._ranges.total = segment.end = segment.position
                self.version = self.version._replace(total=segment.position)

    def give_back(self, stream: Stream) -> None:
        """Take the stream's segment back; see `Book`."""
        with self._lock:
            stream.is_reading = False
            self._take_back(stream)
            self._lock.notify_all()

    def ended(self, stream: Stream, error: Exception | None) -> None:
        """Note that the stream is over; see `Book`."""
        with self._lock:
            stream.is_reading = False
            if not stream.is_over:
                self._take_back(stream)
                self._leave_host(stream)
                self._streams.remove(stream)
                if error is not None:
                    self._errors.append(error)
            self._lock.notify_all()

    def _take_back(self, stream: Stream) -> None:
        if stream.segment is not None:
            self._ranges.give_back(stream.segment)
            stream.segment = None

    def _leave_host(self, stream: Stream) -> None:
        if stream.host is not None:
            hosts.leave(stream.host)
            stream.host = None
