"""Which preview a file gets: the user's own first, then ours, and for the rest a look at bytes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from openeo_widgets.errors import OpenEOWidgetsError
from openeo_widgets.preview._archive import is_archive, make_archive
from openeo_widgets.preview._csv import is_csv, make_csv
from openeo_widgets.preview._cube import is_cube, make_cube
from openeo_widgets.preview._image import is_image, make_image
from openeo_widgets.preview._json import is_json, make_json
from openeo_widgets.preview._parquet import is_parquet, make_parquet
from openeo_widgets.preview._text import is_text, make_anything, make_text
from openeo_widgets.preview._users import made_of

if TYPE_CHECKING:
    from openeo_widgets.preview._file import PreviewFile
    from openeo_widgets.preview._views import Made

__all__ = ["family_of", "register_preview"]

Match = Callable[["PreviewFile"], bool]
Make = Callable[["PreviewFile"], Any]

_OURS: tuple[tuple[Match, Callable[[PreviewFile], Made]], ...] = (
    (is_json, make_json),
    (is_csv, make_csv),
    (is_parquet, make_parquet),
    (is_cube, make_cube),
    (is_image, make_image),
    (is_archive, make_archive),
    (is_text, make_text),
)

_lock = threading.Lock()
_users: list[tuple[Match, Make]] = []


def register_preview(match: str | Match, make: Make) -> Callable[[], None]:
    """Show files of a kind in a way of your own, in the results of every job.

    What was registered last is asked first, and all of it before the previews of this package.
    An error of `make` is shown in the place of the preview, and leaves the rest of the card alone.

    Args:
        match: Which files: an extension (".xyz"), a media type ("chemical/x-xyz"), or a function
            that is given a `PreviewFile` and says yes or no.
        make: What is to be shown of a file. It is given a `PreviewFile`, in a thread, and returns
            a text, the bytes of a PNG or JPEG, a pandas table, a dict or list as JSON has them,
            anything with ``_repr_html_``, or several of these in a tuple. HTML is shown in a
            frame in which no script runs.

    Returns:
        A function that takes it back.

    Raises:
        TypeError: `match` or `make` is something else.

    Example:
        >>> import openeo_widgets
        >>> take_back = openeo_widgets.register_preview(
        ...     ".xyz", lambda file: file.head(1000)[0].decode()
        ... )
    """
    if isinstance(match, str):
        match = _of_kind(match)
    if not callable(match) or not callable(make):
        raise TypeError(
            "register_preview takes an extension, a media type or a function to match "
            "files, and a function that makes what is shown."
        )
    entry = (match, make)
    with _lock:
        _users.insert(0, entry)

    def take_back() -> None:
        with _lock:
            if entry in _users:
                _users.remove(entry)

    return take_back


def family_of(file: PreviewFile) -> Callable[[], Made]:
    """What makes the preview of a file.

    Args:
        file: The file.

    Returns:
        A function that reads the file and returns what is shown.

    Raises:
        OpenEOWidgetsError: A function that was registered has failed.
    """
    with _lock:
        users = tuple(_users)
    for match, make in users:
        if _said(match, file):
            return lambda make=make: _made_by_user(make, file)  # type: ignore[misc]
    ours = next((make for match, make in _OURS if match(file)), make_anything)
    return lambda: ours(file)


def _of_kind(kind: str) -> Match:
    wanted = kind.strip().lower()
    return lambda file: wanted in {file.extension, file.media_type} and bool(wanted)


def _said(match: Match, file: PreviewFile) -> bool:
    try:
        return bool(match(file))
    except Exception as error:  # it is somebody else's code
        raise OpenEOWidgetsError(
            f"A registered preview failed to say whether it is for {file.name!r}: "
            f"{type(error).__name__}: {error}",
        ) from error


def _made_by_user(make: Make, file: PreviewFile) -> Made:
    try:
        return made_of(make(file))
    except OpenEOWidgetsError:  # such as: more is to be read than is read unasked
        raise
    except Exception as error:
        raise OpenEOWidgetsError(
            f"The preview that was registered for {file.name!r} failed: "
            f"{type(error).__name__}: {error}",
            hint="See the function that was given to register_preview.",
        ) from error
