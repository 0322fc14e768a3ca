"""Every error this package raises, in one tree.

::

    OpenEOWidgetsError
    ├── BackendError            the back-end answered, with an error
    │   ├── SignInError         401 or 403; also a PermissionError
    │   └── NotFoundError       404; also a LookupError
    ├── NoAnswerError           no usable answer came; also a ConnectionError
    ├── JobFailedError          the batch job ended, not in ``finished``
    ├── WaitTimeoutError        the job had not ended in time; also a TimeoutError
    ├── MultipleAssetsError     one asset was asked for and there are several; also a ValueError
    ├── NoSuchAssetError        there is no such asset; also a LookupError
    ├── MissingExtraError       a library is not installed; also an ImportError
    ├── NotJSONError            a file was to be read as JSON and is none; also a ValueError
    ├── RasterError             a raster cannot be drawn on a map; also a ValueError
    └── DownloadError           a file could not be brought here whole; also an OSError
        ├── FileChangedError    the file at the server was replaced while it was read
        └── TargetExistsError   another file has its name already; also a FileExistsError

Messages say what happened, to which job or file, and what to do next. None of them holds an
asset link or a token, also where a back-end wrote one into its message: links are often signed,
and so as good as a password.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openeo_widgets.redact import redacted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = [
    "BackendError",
    "DownloadError",
    "FileChangedError",
    "JobFailedError",
    "MissingExtraError",
    "MultipleAssetsError",
    "NoAnswerError",
    "NoSuchAssetError",
    "NotFoundError",
    "NotJSONError",
    "OpenEOWidgetsError",
    "RasterError",
    "SignInError",
    "TargetExistsError",
    "WaitTimeoutError",
]

# HTTP answers after which the same question may be answered a moment later.
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})


class OpenEOWidgetsError(Exception):
    """The base of all errors of this package.

    Args:
        message: What happened, in words.
        code: The openEO error code where there is one, for example ``"JobNotFound"``.
        id: The back-end's reference for its support, where it gave one.
        hint: What to do next, where there is something to do.
    """

    def __init__(self, message: str, *, code: str = "", id: str = "", hint: str = "") -> None:  # noqa: A002 - the API's own word
        super().__init__(redacted(message))
        self.message = redacted(message)
        self.code = redacted(code)
        self.id = redacted(id)
        self.hint = redacted(hint)

    def __str__(self) -> str:
        """Say everything in one line: the message, its references, the next step."""
        marks = [self.code, f"ref. {self.id}" if self.id else ""]
        reference = ", ".join(mark for mark in marks if mark)
        parts = [self.message, f"({reference})" if reference else "", self.hint]
        return " ".join(part for part in parts if part)

    def __reduce__(self) -> tuple[Any, ...]:
        """Copy and pickle by state: what built the error were keywords, not its ``args``."""
        return _rebuilt, (type(self), self.args, self.__dict__)

    def _render_traceback_(self) -> list[str]:
        """Show the message alone in a notebook cell.

        IPython asks for this. These errors tell of the back-end, the network or the request;
        forty lines of this package's frames would bury the sentence that helps.
        """
        return [f"{type(self).__name__}: {self}"]


def _rebuilt(
    kind: type[OpenEOWidgetsError], args: tuple[Any, ...], state: dict[str, Any]
) -> OpenEOWidgetsError:
    error = kind.__new__(kind, *args)
    # An OSError takes its args here, and not in ``__new__``.
    super(OpenEOWidgetsError, error).__init__(*args)
    error.__dict__.update(state)
    return error


class BackendError(OpenEOWidgetsError):
    """The back-end answered with an error.

    Raised when an answer with an error status arrives, not when none does (`NoAnswerError`).

    Args:
        message: The message of the API's error object, or our words for the status.
        http_status: HTTP status code.
        code: The API's error code, or "".
        id: The back-end's reference, or "".
        links: The error object's links.
        retry_after_s: Seconds after which the back-end wants to be asked again, or None.
        hint: What to do next, or "".
    """

    def __init__(
        self,
        message: str,
        *,
        http_status: int,
        code: str = "",
        id: str = "",  # noqa: A002 - the API's own word
        links: Sequence[Mapping[str, Any]] = (),
        retry_after_s: float | None = None,
        hint: str = "",
    ) -> None:
        super().__init__(message, code=code, id=id, hint=hint)
        self.http_status = http_status
        self.links = tuple(dict(link) for link in links)
        self.retry_after_s = retry_after_s

    @property
    def may_pass(self) -> bool:
        """Whether the same question may be answered later (408, 429, most 5xx).

        ``EstimateComplexity`` is a 500 by the API's own table and still final.
        """
        return self.http_status in _PASSING and self.code != "EstimateComplexity"


class SignInError(BackendError, PermissionError):
    """The back-end does not know who asks, or does not let them (401, 403)."""


class NotFoundError(BackendError, LookupError):
    """The back-end has no such thing (404), for example no job of that id."""


class NoAnswerError(OpenEOWidgetsError, ConnectionError):
    """No usable answer came.

    Raised when the connection was refused or cut, timed out, or what came is no openEO answer
    (an HTML page, a truncated body). Not when the back-end said what is wrong (`BackendError`).

    Args:
        message: What happened, in words.
        hint: What to do next, or "".
        may_have_arrived: Whether the back-end may have got the request, and so carried it out.
        reason: What happened to the connection, in a word or two, or "": ``Connection refused``.
    """

    def __init__(
        self, message: str, *, hint: str = "", may_have_arrived: bool = True, reason: str = ""
    ) -> None:
        super().__init__(message, hint=hint)
        self.may_have_arrived = may_have_arrived
        self.reason = redacted(reason)


class JobFailedError(OpenEOWidgetsError):
    """A batch job ended, and not in ``finished``.

    Args:
        message: What happened.
        job_id: Id of the job.
        status: How it ended: ``error``, ``canceled``, or ``created`` after a cancel.
        log_entry: The last error entry of its logs, where there is one.
        code: That entry's code, or "".
        hint: What to do next, or "".
    """

    def __init__(
        self,
        message: str,
        *,
        job_id: str,
        status: str,
        log_entry: Mapping[str, Any] | None = None,
        code: str = "",
        hint: str = "",
    ) -> None:
        super().__init__(message, code=code, hint=hint)
        self.job_id = job_id
        self.status = status
        self.log_entry = dict(log_entry) if log_entry else None


class WaitTimeoutError(OpenEOWidgetsError, TimeoutError):
    """A batch job had not ended within the time that was given. It goes on at the back-end."""


class MultipleAssetsError(OpenEOWidgetsError, ValueError):
    """One asset was asked for without saying which, and the results have several."""


class NoSuchAssetError(OpenEOWidgetsError, LookupError):
    """The results have no asset of that key, or none at all."""


class MissingExtraError(OpenEOWidgetsError, ImportError):
    """A library is needed that is not installed; the hint says how to install it."""


class NotJSONError(OpenEOWidgetsError, ValueError):
    """A result file was to be read as JSON, and is something else.

    Raised when the file has arrived whole, not when it cannot be had (`DownloadError`).
    """


class RasterError(OpenEOWidgetsError, ValueError):
    """A raster cannot be drawn on a map.

    Raised when it is no GeoTIFF, when nothing tells where it lies, or when it is stored in a way
    in which no part of it can be read. Not raised when it cannot be fetched: that is a
    `DownloadError`.
    """


class DownloadError(OpenEOWidgetsError, OSError):
    """A file could not be brought here whole. Under its final name there is nothing of it.

    Args:
        message: What happened, to which file.
        http_status: Status of the answer, or None where none came.
        hint: What to do next, or "".
        causes: Why, by the key of the file, where several could not be brought here.
    """

    def __init__(
        self,
        message: str,
        *,
        http_status: int | None = None,
        hint: str = "",
        causes: Mapping[str, Exception] | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.http_status = http_status
        self.causes = dict(causes or {})


class FileChangedError(DownloadError):
    """The file at the server was replaced while it was read: what came before is of another one."""


class TargetExistsError(DownloadError, FileExistsError):
    """Another file has the name that a download was to get, and was left as it is.

    Raised when that file differs from the one to download, not when it is the same one: that is
    not fetched again.
    """
