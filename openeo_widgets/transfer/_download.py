"""One file from an HTTP server to disk: complete and verified, or not there."""

from __future__ import annotations

import logging
import time
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import requests

from openeo_widgets.errors import DownloadError, OpenEOWidgetsError, TargetExistsError
from openeo_widgets.transfer._answer import BROKEN, broken
from openeo_widgets.transfer._arguments import (
    checked_count,
    checked_path,
    checked_seconds,
    checked_text,
)
from openeo_widgets.transfer._arrival import Arrival
from openeo_widgets.transfer._control import Control
from openeo_widgets.transfer._disk import unwritable
from openeo_widgets.transfer._existing import There, has_same_bytes, what_is_there
from openeo_widgets.transfer._hosts import MOST_PER_HOST
from openeo_widgets.transfer._intake import Source
from openeo_widgets.transfer._kept import is_kept
from openeo_widgets.transfer._mark import mark
from openeo_widgets.transfer._part import Part
from openeo_widgets.transfer._progress import Meter
from openeo_widgets.transfer._stream import DiskError
from openeo_widgets.transfer._verify import Checksum, checksum_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from openeo_widgets.transfer._progress import Progress, Report

__all__ = ["download"]

_log = logging.getLogger(__name__)

_NOTHING_KEPT = "Nothing was kept"
_KEPT = "What came is kept: try again, and only the rest is fetched."


def download(  # noqa: PLR0913 - keywords with defaults
    ask: Callable[[Mapping[str, str]], requests.Response],
    target: Path,
    *,
    size: int | None = None,
    checksum: str | None = None,
    progress: Progress | None = None,
    report: Report | None = None,
    canceled: Callable[[], bool] = bool,
    control: Control | None = None,
    overwrite: bool = False,
    most_connections: int = MOST_PER_HOST,
    stall_s: float = 30.0,
    patience_s: float | None = None,
    sync: bool = True,
) -> bool:
    """Bring a file here: under its final name it is complete, or does not exist.

    What came of one that failed, was canceled or killed is kept from a megabyte on, and the next
    fetches the rest, if the server says that the file is still the same; a whole one that is
    there is not fetched. Of several with one target one fetches at a time.

    Args:
        ask: Makes the request with these headers besides, streamed; in several threads.
        target: The file to write.
        size: Expected size in bytes (``file:size``), or None.
        checksum: Expected multihash (``file:checksum``), or None; compared if it is known.
        progress: Told of bytes.
        report: Told of states; see `FileState`.
        canceled: Asked now and then; True ends the download.
        control: To cancel and pause it from any thread.
        overwrite: Whether another file in its place is replaced, once the new one is complete.
        most_connections: How many connections, at most.
        stall_s: Seconds without a byte after which a connection is made anew.
        patience_s: Seconds without progress after which it is given up; None for two minutes.
        sync: Whether to wait for the disk: else a power cut may leave a damaged file.

    Returns:
        True if size or checksum was there to compare with, and agreed; else a cut may not show.

    Raises:
        TargetExistsError: Another file has the target's name.
        DownloadError: The file could not be brought here whole, or was canceled.
        TypeError, ValueError: An argument makes no sense.
    """
    target = checked_path("target", target, of_file=True)
    source = _source(ask, target.name, size, checksum, (most_connections, stall_s, patience_s))
    meter, stop = Meter(target.name, progress, report), Control(canceled, of=control)
    with _telling(target, meter, stop):
        return _brought(source, target, stop, meter, overwrite=overwrite, sync=sync)


def _source(
    ask: Callable[[Mapping[str, str]], requests.Response],
    name: str,
    size: int | None,
    checksum: str | None,
    limits: tuple[int, float, float | None],
) -> Source:
    """Look at the arguments of `download` before anything is asked."""
    most_connections, stall_s, patience_s = limits
    return Source(
        partial(_asked, ask, name),
        name,
        None if size is None else checked_count("size", size, least=0),
        _checksum(checksum, name),
        checked_count("most_connections", most_connections, least=1),
        checked_seconds("stall_s", stall_s),
        None if patience_s is None else checked_seconds("patience_s", patience_s, none=True),
    )


def _asked(
    ask: Callable[[Mapping[str, str]], requests.Response], name: str, headers: Mapping[str, str]
) -> requests.Response:
    """Ask, so that no error of the network, or of its certificates, passes for one of the disk."""
    try:
        return ask(headers)
    except (OpenEOWidgetsError, *BROKEN):
        raise
    except ConnectionError as error:
        raise requests.ConnectionError(error) from None
    except OSError as error:
        why = error.strerror or error
        raise DownloadError(f"{name!r} cannot be asked for: {why}.") from None


def _checksum(stated: object, name: str) -> Checksum | None:
    """Read what is stated; one that cannot be compared is as none, and so the file not verified."""
    known = None if stated is None else checksum_of(checked_text("checksum", stated))
    if stated is not None and known is None:
        _log.debug("The checksum of %r is none that can be compared here.", name)
    return known


@contextmanager
def _telling(target: Path, meter: Meter, stop: Control) -> Iterator[None]:
    """Tell of a failure, as an error that says what happened and what is left."""
    try:
        yield
    except BaseException as error:
        meter.end("canceled" if stop.canceled else "failed")
        is_told = isinstance(error, TargetExistsError)  # nothing came, and what is here stays
        if isinstance(error, (OSError, OpenEOWidgetsError, DiskError, *BROKEN)) and not is_told:
            raise _told(target, error) from None  # the cause may hold the link
        raise


def _brought(
    source: Source, target: Path, stop: Control, meter: Meter, *, overwrite: bool, sync: bool
) -> bool:
    """Bring the file here, unless it is; whether there was something to compare with."""
    verified = source.size is not None or source.checksum is not None
    there = _what_is_there(target, source, stop, meter, overwrite=overwrite)
    if there is There.SAME:
        return _tell("kept", target, meter, verified=verified)
    target.parent.mkdir(parents=True, exist_ok=True)
    with Part(target, lambda seconds: _wait(seconds, source, stop, meter)) as part:
        if part.waited:
            there = _what_is_there(target, source, stop, meter, overwrite=overwrite)
            if there is There.SAME:
                return _tell("kept", target, meter, verified=verified)
        arrival = Arrival(source, part, stop, meter)
        arrival.finish()
        if there is There.NOTHING and not overwrite:
            # Somebody may have put a file there meanwhile.
            there = _what_is_there(target, source, stop, meter, overwrite=False)
        if there is There.SAME:
            part.clear()
            return _tell("kept", target, meter, verified=verified)
        if there is There.UNKNOWN and not overwrite:
            same = has_same_bytes(target, part.read_at, part.size, stop, meter)
            part.clear()
            if not same:
                raise _exists(target)
            mark(target, arrival.version.validator)  # the next time this decides
            return _tell("kept", target, meter, verified=verified)
        part.finish(validator=arrival.version.validator, sync=sync)
    return _tell("done", target, meter, verified=verified)


def _tell(state: str, target: Path, meter: Meter, *, verified: bool) -> bool:
    size = target.stat().st_size
    meter.tell(state, size, size, verified=verified, now=True)
    return verified


def _what_is_there(
    target: Path, source: Source, stop: Control, meter: Meter, *, overwrite: bool
) -> There:
    """What lies under the name; another file is refused, unless it is to be replaced."""
    there = what_is_there(target, source, stop, meter)
    if there is There.OTHER and not overwrite:
        raise _exists(target)
    return there


def _exists(target: Path) -> TargetExistsError:
    # The link may lead to a disk that is not mounted now.
    leads_nowhere = target.is_symlink() and not target.exists()
    what = "a link that leads nowhere" if leads_nowhere else "another file than the one to download"
    return TargetExistsError(
        f"{target.name!r} is in {str(target.parent)!r} already, and is {what}.",
        hint="It was kept. Say overwrite=True to replace it, or choose another folder.",
    )


def _wait(seconds: float, source: Source, stop: Control, meter: Meter) -> None:
    """Wait for another process that fetches to the same target."""
    stop.heed(source.name, lambda: meter.tell("paused", 0, source.size))
    meter.tell("held", 0, source.size)
    time.sleep(seconds)


def _told(target: Path, error: BaseException) -> OpenEOWidgetsError:
    """Make an error that says what happened, and what is left of the file."""
    if isinstance(error, OpenEOWidgetsError):
        told = error
    elif isinstance(error, BROKEN):
        told = broken(target.name, error)
    else:
        told = unwritable(target, error.__cause__ if isinstance(error, DiskError) else error)
    if is_kept(target):
        told.hint = f"{_KEPT} {told.hint}".strip()
    else:
        told.hint = f"{_NOTHING_KEPT}. {told.hint}" if told.hint else f"{_NOTHING_KEPT}; try again."
    return told
