"""The ASGI application: paths, CORS and errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from openeo_widgets.backend import routes_jobs as jobs
from openeo_widgets.backend import routes_public as public
from openeo_widgets.backend import routes_results as results
from openeo_widgets.backend.call import Call, endpoint, error_response
from openeo_widgets.backend.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from openeo_widgets.backend.services import Services

_HANDLERS: dict[str, dict[str, Callable[[Call], Response]]] = {
    "/": {"GET": public.capabilities},
    "/.well-known/openeo": {"GET": public.well_known},
    "/conformance": {"GET": public.conformance},
    "/file_formats": {"GET": public.file_formats},
    "/collections": {"GET": public.collections},
    "/collections/{collection_id}": {"GET": public.collection},
    "/processes": {"GET": public.list_processes},
    "/credentials/basic": {"GET": public.sign_in},
    "/me": {"GET": jobs.me},
    "/validation": {"POST": jobs.validate},
    "/jobs": {"GET": jobs.list_jobs, "POST": jobs.create_job},
    "/jobs/{job_id}": {
        "GET": jobs.describe_job, "PATCH": jobs.update_job, "DELETE": jobs.delete_job,
    },
    "/jobs/{job_id}/estimate": {"GET": jobs.estimate_job},
    "/jobs/{job_id}/logs": {"GET": jobs.job_logs},
    "/jobs/{job_id}/results": {
        "GET": results.results, "POST": jobs.start_job, "DELETE": jobs.cancel_job,
    },
    "/files/{job_id}/{run}/{name}": {"GET": results.download},
    "/stac/{job_id}/{run}/{name}": {"GET": results.canonical},
}  # fmt: skip

_LACKING = (
    "/collections/{collection_id}/queryables", "/credentials/oidc", "/files", "/files/{path}",
    "/process_graphs", "/process_graphs/{process_graph_id}", "/result", "/service_types",
    "/services", "/services/{service_id}", "/services/{service_id}/logs", "/udf_runtimes",
)  # fmt: skip
"""Endpoints of the API that are answered with ``FeatureUnsupported``."""


def make_app(services: Services) -> ASGIApp:
    """The application over ``services``, which must have been started."""
    routes = [_route(path, handlers) for path, handlers in _HANDLERS.items()]
    methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
    routes += [Route(path, endpoint(public.unsupported), methods=methods) for path in _LACKING]
    app = Starlette(routes=routes, exception_handlers={HTTPException: _http_error})
    app.state.services = services
    return Cors(app)


def _route(path: str, handlers: dict[str, Callable[[Call], Response]]) -> Route:
    def answer(call: Call) -> Response:
        method = "GET" if call.request.method == "HEAD" else call.request.method
        if method == "OPTIONS":
            allowed = ", ".join(["OPTIONS", *handlers])
            return Response(status_code=204, headers={"Access-Control-Allow-Methods": allowed})
        return handlers[method](call)

    return Route(path, endpoint(answer), methods=["OPTIONS", *handlers])


async def _http_error(request: Request, error: Exception) -> Response:
    """What Starlette finds wrong, as an error object."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 405:  # noqa: PLR2004 -- named by its comment or context
        message = f"{request.method} is not supported at this endpoint."
        return error_response(ApiError("FeatureUnsupported", message))
    return error_response(ApiError("NotFound", "There is no such endpoint."))


class Cors:
    """Lets browsers in, as the API's section on CORS has it.

    Args:
        app: the application to let them into.
    """

    _HEADERS = (
        (b"access-control-allow-origin", b"*"),
        (
            b"access-control-allow-headers",
            b"Accept, Accept-Language, Authorization, Content-Type, If-None-Match, If-Range, Range",
        ),
        (
            b"access-control-expose-headers",
            (
                b"Accept-Ranges, Content-Disposition, Content-Range, ETag, Link, Location,"
                b" OpenEO-Costs, OpenEO-Identifier"
            ),
        ),
    )

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers an ASGI event."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers: list[Any] = list(message.get("headers", []))
                message = {**message, "headers": [*headers, *self._HEADERS]}
            await send(message)

        await self._app(scope, receive, with_headers)
