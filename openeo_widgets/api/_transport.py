"""What failed between here and the back-end, in words, and whether a request can have arrived."""

from __future__ import annotations

import re
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING

import requests
import urllib3

from openeo_widgets.errors import NoAnswerError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["transport_errors"]

# How deep libraries wrap what really happened, at most.
_DEEPEST = 10

# Causes that tell that no connection was made, so that nothing can have arrived.
_NEVER_CONNECTED = (
    ConnectionRefusedError,
    socket.gaierror,
    urllib3.exceptions.ConnectTimeoutError,
    urllib3.exceptions.NameResolutionError,
    urllib3.exceptions.NewConnectionError,
)

_NOT_REACHED = "Check that the back-end runs and that the address is right."


@contextmanager
def transport_errors(where: str, *, repeatable: bool) -> Iterator[None]:
    """Say in words what failed between here and the back-end."""
    # Nobody knows whether a request that got no answer was carried out.
    unsure = (
        "" if repeatable else "It may have been carried out all the same: look before asking again."
    )
    try:
        yield
    except requests.exceptions.SSLError as error:
        raise NoAnswerError(
            f"{where}: the connection is not secure ({_reason(_innermost(error))}).",
            hint="Check the address and the certificates of this machine.",
            may_have_arrived=False,
        ) from None
    except requests.ConnectTimeout:
        why = "no connection in time"
        raise NoAnswerError(
            f"{where}: {why}.", hint=_NOT_REACHED, may_have_arrived=False, reason=why
        ) from None
    except requests.Timeout:
        why = "no answer in time"
        raise NoAnswerError(f"{where}: {why}.", hint=unsure, reason=why) from None
    except requests.ConnectionError as error:
        cause = _innermost(error)
        arrived = not isinstance(cause, _NEVER_CONNECTED)
        raise NoAnswerError(
            f"{where}: no connection ({_reason(cause)}).",
            hint=(arrived and unsure) or _NOT_REACHED,
            may_have_arrived=arrived,
            reason=_reason(cause),
        ) from None
    except (requests.exceptions.InvalidURL, requests.exceptions.MissingSchema) as error:
        raise NoAnswerError(
            f"{where}: the address is not valid ({type(error).__name__}).", may_have_arrived=False
        ) from None
    except requests.exceptions.InvalidJSONError:
        raise ValueError(f"{where}: what was to be sent cannot be written as JSON.") from None
    except requests.RequestException as error:
        why = _words(error)
        raise NoAnswerError(f"{where}: {why}.", hint=unsure, reason=why) from None
    except (ValueError, urllib3.exceptions.HTTPError) as error:
        # Of its text nothing: it may quote the address, or the header with the token.
        raise NoAnswerError(
            f"{where}: the request cannot be made ({type(error).__name__}).",
            hint="Check the address and the token.",
            may_have_arrived=False,
        ) from None


def _innermost(error: BaseException) -> BaseException:
    """Find what really happened, below what libraries wrap around it."""
    inner = error
    for _ in range(_DEEPEST):
        below = (getattr(inner, "reason", None), *reversed(inner.args), inner.__cause__)
        found = next((cause for cause in below if isinstance(cause, BaseException)), None)
        if found is None:
            break
        inner = found
    return inner


def _reason(cause: BaseException) -> str:
    """Say a cause in words: "Connection refused", not five class names.

    The texts around it hold the URL with its query, which may be a signature.
    """
    return (cause.strerror if isinstance(cause, OSError) else "") or _words(cause)


def _words(error: BaseException) -> str:
    """Tell an error by its class's name, in words: ``RemoteDisconnected``, remote disconnected."""
    name = type(error).__name__.removesuffix("Error").removesuffix("Exception")
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
