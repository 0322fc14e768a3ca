"""What has come of a file, and which connections bring the rest: what they ask, and tell."""

from __future__ import annotations

import shutil
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from openeo_widgets.errors import DownloadError
from openeo_widgets.transfer._answer import Asked, check_size, validator_of
from openeo_widgets.transfer._control import LOOK_S
from openeo_widgets.transfer._hosts import hosts
from openeo_widgets.transfer._kept import Version
from openeo_widgets.transfer._ranges import Ranges
from openeo_widgets.transfer._stream import DiskError, Stream

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import requests

    from openeo_widgets.transfer._part import Part
    from openeo_widgets.transfer._ranges import Segment
    from openeo_widgets.transfer._verify import Checksum

__all__ = ["Intake", "Source"]


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


class Intake:
    """Takes a file into its part, from as many connections as there are; see `Book`.

    Only bytes of one version of the file are put together: the strong ETag of the first answer,
    or its Last-Modified, goes back as ``If-Range`` (RFC 9110, 13.1.5).

    Args:
        source: Where the file comes from.
        part: Where the bytes go.

    Attributes:
        version: Which version of the file the bytes are of.
        ranges: Which bytes are here. To be looked at under `lock`, as all that changes.
        ranged: Whether the server gives ranges; None until that is known.
        lock: Notified when there is something to look at.
    """

    def __init__(self, source: Source, part: Part) -> None:
        self.name, self.size, self.ask = source.name, source.size, source.ask
        self._part = part
        self.lock = threading.Condition()
        self._streams: list[Stream] = []
        self._errors: list[Exception] = []
        self.ranged: bool | None = None
        self.version, done = part.recall()
        if source.size is not None and self.version.total not in {None, source.size}:
            self.version, done = Version("", None), ()
        self.ranges = Ranges(done, self.version.total)
        if not done:
            self.clear()

    # -- in the caller's thread --

    def clear(self) -> None:
        """Drop all that is here."""
        self._part.clear()
        self.version, self.ranges = Version("", None), Ranges()

    @property
    def done(self) -> list[tuple[int, int]]:
        """Which bytes are here."""
        with self.lock:
            return list(self.ranges.done)

    @property
    def is_complete(self) -> bool:
        """Whether all of it is here, and every connection free for the next file."""
        with self.lock:
            # One that has brought its last byte is let go on to the end of the answer: only then
            # can the next file have its connection.
            return self.ranges.complete and not self.is_reading

    @property
    def is_reading(self) -> bool:
        """Whether bytes of an answer come."""
        return any(one.is_reading for one in self._streams)

    @property
    def count(self) -> int:
        """How many connections there are."""
        with self.lock:
            return len(self._streams)

    def take_errors(self) -> list[Exception]:
        """What connections ended with since this was asked last."""
        with self.lock:
            errors, self._errors = self._errors, []
        return errors

    def wait(self, *, even_alone: bool) -> None:
        """Wait for something to look at, a moment at most.

        Args:
            even_alone: Whether to wait where there are no connections.
        """
        with self.lock:
            # Whoever has something to tell notifies.
            if not self._errors and (self._streams or even_alone):
                self.lock.wait(LOOK_S)

    def start_streams(self, wanted: int) -> None:
        """Have so many connections, as far as the host has room. Under the lock."""
        while len(self._streams) < wanted:
            stream = Stream(self)
            if self._streams:
                host = self._streams[0].host
                if host is None or not hosts.try_join(host):
                    return
                stream.host = host
            self._streams.append(stream)
            stream.start()

    def hang_up_on_stalled(self, stall_s: float) -> None:
        """End connections of which no byte came for so many seconds."""
        now = time.monotonic()
        for stream in list(self._streams):
            if stream.heard is not None and now - stream.heard > stall_s:
                stream.hang_up()

    def stop(self) -> None:
        """End all streams. One that waits for an answer, or for bytes, notices by itself.

        Not even a server that ignores the end of a connection holds anybody up: of one that is
        over no byte is written any more, whenever it comes.
        """
        with self.lock:
            for stream in self._streams:
                stream.is_over = True
                stream.hang_up()
            while any(stream.is_writing for stream in self._streams):
                self.lock.wait(LOOK_S)
            for stream in self._streams:
                self._take_back(stream)
                self._leave_host(stream)
            self._streams, self._errors = [], []
            done = self.ranges.done
        with suppress(OSError):  # a full disk: the last entry that it took counts
            self._part.note(self.version, done, now=True)

    def check_room(self) -> None:
        """Refuse a file that the disk has no room for, before it is full."""
        total = self.ranges.total if self.ranges.total is not None else self.size
        missing = (total or 0) - self.ranges.done_bytes
        folder = self._part.path.parent
        if missing > 0 and missing > (free := shutil.disk_usage(folder).free):
            raise DownloadError(
                f"{self.name!r} needs {missing} bytes more, and {free} are free in "
                f"{str(folder)!r}.",
                hint="Make room there, or choose another folder.",
            )

    # -- in the threads of the streams --

    def next_for(self, stream: Stream) -> tuple[Segment, Asked | None] | None:
        """Give out the next segment; see `Book`."""
        with self.lock:
            crowded = len(self._streams) > 1 and hosts.is_crowded(stream.host or "")
            if stream.is_over or crowded or self.ranges.complete:
                return None
            segment = self.ranges.take()
            if segment is None:
                return None
            stream.segment, stream.heard = segment, None
            if not self.version.validator:
                return segment, None
            return segment, Asked(segment.start, *self.version)

    def begin(self, stream: Stream, response: requests.Response, end: int | None) -> bool:
        """Note that a good answer is there; see `Book`."""
        with self.lock:
            segment = stream.segment
            if stream.is_over or segment is None:
                return False
            if stream.host is None:
                stream.host = urlsplit(response.url).hostname or ""
                hosts.join(stream.host)
            if self.version.validator:
                self.ranged = True
                if not self.ranges.confirm(segment):
                    return False
            else:
                self.version = Version(validator_of(response), end)
                self.ranges.total = segment.end = end
                self.check_room()
            if end is not None:
                check_size(self.name, self.ranges.total or 0, self.size)
            stream.is_reading = True
            return True

    def write(self, stream: Stream, chunk: bytes) -> bool:
        """Bring bytes to their place; see `Book`."""
        with self.lock:
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
            with self.lock:
                stream.is_writing = False
                if stream.is_over:
                    self.lock.notify_all()

    def _write(self, segment: Segment, chunk: bytes, position: int) -> bool:
        try:
            self._part.write_at(chunk, position)
        except OSError as error:
            raise DiskError from error
        with self.lock:
            reached = position + len(chunk)
            segment.position = reached if segment.end is None else min(reached, segment.end)
            if segment.end is None and self.size is not None:
                # It is not the file; what never ends would fill the disk.
                check_size(self.name, max(reached, self.size), self.size)
            done, version = self.ranges.done, self.version
            more = segment.end is None or segment.position < segment.end
        self._part.note(version, done)
        return more

    def end_of_body(self, stream: Stream) -> None:
        """Note that the segment, whose end nobody knew, is whole; see `Book`."""
        with self.lock:
            segment = stream.segment
            if segment is not None and not stream.is_over:
                self.ranges.total = segment.end = segment.position
                self.version = self.version._replace(total=segment.position)

    def give_back(self, stream: Stream) -> None:
        """Take the stream's segment back; see `Book`."""
        with self.lock:
            stream.is_reading = False
            self._take_back(stream)
            self.lock.notify_all()

    def ended(self, stream: Stream, error: Exception | None) -> None:
        """Note that the stream is over; see `Book`."""
        with self.lock:
            stream.is_reading = False
            if not stream.is_over:
                self._take_back(stream)
                self._leave_host(stream)
                self._streams.remove(stream)
                if error is not None:
                    self._errors.append(error)
            self.lock.notify_all()

    def _take_back(self, stream: Stream) -> None:
        if stream.segment is not None:
            self.ranges.give_back(stream.segment)
            stream.segment = None

    def _leave_host(self, stream: Stream) -> None:
        if stream.host is not None:
            hosts.leave(stream.host)
            stream.host = None
