"""One request: who asks, with what, and how an answer or an error is sent."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from openeo_widgets.backend.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

    from openeo_widgets.backend.services import Services

_LOG = logging.getLogger(__name__)
_MAX_BODY = 16 * 1024 * 1024  # bytes: a process graph with many polygons has a few
_MAX_LIMIT = 10_000
_MAX_DEPTH = 200  # far below what Python's JSON can read and write, at any depth of the stack


@dataclass(frozen=True)
class Call:
    """A request with its body.

    Args:
        request: as it came.
        body: its body, in bytes.
    """

    request: Request
    body: bytes

    @property
    def services(self) -> Services:
        """What the endpoints work with."""
        services: Services = self.request.app.state.services
        return services

    def user(self) -> str:
        """Who asks.

        Raises:
            ApiError: if there is no valid token.
        """
        return self.services.auth.user(self.request.headers.get("authorization"))

    def json(self) -> dict[str, Any]:
        """The body, which must be a JSON object.

        Raises:
            ApiError: ``ContentTypeInvalid`` or ``RequestBodyInvalid``.
        """
        kind = self.request.headers.get("content-type", "application/json").split(";")[0].strip()
        if kind != "application/json":
            raise ApiError("ContentTypeInvalid", "The body must be 'application/json'.")
        try:
            value = json.loads(self.body)
            # Python reads NaN, infinity and lone surrogates, which no answer could hold.
            json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
            _check_depth(value)
        except (ValueError, RecursionError) as error:
            raise ApiError("RequestBodyInvalid", "The body is no valid JSON.") from error
        if not isinstance(value, dict):
            raise ApiError("RequestBodyInvalid", "The body must be a JSON object.")
        return value

    def limit(self) -> int:
        """The query parameter ``limit``: how many entries an answer holds, at most 10 000.

        Raises:
            ApiError: ``ParameterValueUnsupported`` unless it is a positive integer.
        """
        text = self.request.query_params.get("limit")
        if text is None:
            return _MAX_LIMIT
        if not text.isascii() or not text.isdigit() or int(text[:9]) < 1:
            raise ApiError("ParameterValueUnsupported", "'limit' must be a positive integer.")
        return min(int(text[:9]), _MAX_LIMIT)

    def url(self, path: str) -> str:
        """The absolute URL of a path, as the client reaches it."""
        base = self.services.settings.public_url or str(self.request.base_url)
        return base.rstrip("/") + path


def endpoint(handler: Callable[[Call], Response]) -> Callable[[Request], Awaitable[Response]]:
    """Makes a handler, which may block, an endpoint: it runs in a thread, its errors are answered.

    Args:
        handler: answers a call or raises ``ApiError``.
    """

    async def answer(request: Request) -> Response:
        try:
            call = Call(request, await _body(request))
            return await run_in_threadpool(handler, call)
        except ApiError as error:
            return error_response(error)
        except Exception:  # noqa: BLE001 -- whatever it is, it is logged and answered
            # The path only: a query may hold a signature.
            _LOG.exception("%s %s failed", request.method, request.url.path)
            return error_response(ApiError("Internal", "The back-end made a mistake."))

    return answer


def error_response(error: ApiError) -> Response:
    """An error object with its status."""
    return JSONResponse(error.body(), error.status, error.headers)


def _check_depth(value: Any) -> None:
    """Refuses what can be read here and perhaps not where it is read from the store.

    Raises:
        RecursionError: if lists and objects are nested too deeply.
    """
    level = [value]
    for _ in range(_MAX_DEPTH):
        nested = [part for part in level if isinstance(part, (dict, list))]
        if not nested:
            return
        level = [
            inner
            for part in nested
            for inner in (part.values() if isinstance(part, dict) else part)
        ]
    raise RecursionError


async def _body(request: Request) -> bytes:
    parts = bytearray()
    async for part in request.stream():
        parts += part
        if len(parts) > _MAX_BODY:
            raise ApiError("RequestTooLarge", "The body must not be larger than 16 MiB.")
    return bytes(parts)
