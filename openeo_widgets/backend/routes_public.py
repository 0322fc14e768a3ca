"""Endpoints that anyone may ask: what the back-end is and has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response

from openeo_widgets._version import __version__
from openeo_widgets.backend import billing, catalog, formats, processes, sample
from openeo_widgets.backend.errors import ApiError

if TYPE_CHECKING:
    from openeo_widgets.backend.call import Call

ENDPOINTS: dict[str, tuple[str, ...]] = {
    "/.well-known/openeo": ("GET",),
    "/file_formats": ("GET",),
    "/conformance": ("GET",),
    "/collections": ("GET",),
    "/collections/{collection_id}": ("GET",),
    "/processes": ("GET",),
    "/credentials/basic": ("GET",),
    "/me": ("GET",),
    "/validation": ("POST",),
    "/jobs": ("GET", "POST"),
    "/jobs/{job_id}": ("GET", "PATCH", "DELETE"),
    "/jobs/{job_id}/estimate": ("GET",),
    "/jobs/{job_id}/logs": ("GET",),
    "/jobs/{job_id}/results": ("GET", "POST", "DELETE"),
}
"""What ``GET /`` lists: methods by path."""


def capabilities(call: Call) -> Response:
    """``GET /``."""
    return JSONResponse(
        {
            "api_version": call.services.settings.api_version,
            "backend_version": __version__,
            "stac_version": "1.1.0",
            "type": "Catalog",
            "id": "openeo-widgets-local",
            "title": "Local openEO back-end of openeo-widgets",
            "description": (
                "For demos, classrooms and tests: it computes for real, over sample data."
            ),
            "conformsTo": _conformance(call),
            "production": False,
            "endpoints": [
                {"path": path, "methods": list(methods)} for path, methods in ENDPOINTS.items()
            ],
            "billing": billing.terms(),
            "links": [
                _link(call, "self", "/"),
                _link(call, "conformance", "/conformance"),
                _link(call, "data", "/collections"),
                _link(call, "version-history", "/.well-known/openeo"),
            ],
        }
    )


def well_known(call: Call) -> Response:
    """``GET /.well-known/openeo``."""
    version = {
        "url": call.url("/"),
        "api_version": call.services.settings.api_version,
        "production": False,
    }
    return JSONResponse({"versions": [version]})


def conformance(call: Call) -> Response:
    """``GET /conformance``."""
    return JSONResponse({"conformsTo": _conformance(call)})


def _conformance(call: Call) -> list[str]:
    version = call.services.settings.api_version
    classes = [
        f"https://api.openeo.org/{version}",
        "https://api.stacspec.org/v1.0.0/core",
        "https://api.stacspec.org/v1.0.0/collections",
    ]
    if version != "1.2.0":
        classes.append(f"https://api.openeo.org/{version}/authentication/jwt")
    return classes


def file_formats(call: Call) -> Response:  # noqa: ARG001 -- the caller hands it over
    """``GET /file_formats``."""
    return JSONResponse({"input": {}, "output": formats.OUTPUT})


def collections(call: Call) -> Response:
    """``GET /collections``."""
    found = _linked(call, catalog.collection(full=False))
    return JSONResponse({"collections": [found], "links": [_link(call, "self", "/collections")]})


def collection(call: Call) -> Response:
    """``GET /collections/{collection_id}``."""
    collection_id = call.request.path_params["collection_id"]
    if collection_id != sample.COLLECTION_ID:
        raise ApiError("CollectionNotFound", f"There is no collection '{collection_id}'.")
    return JSONResponse(_linked(call, catalog.collection(full=True)))


def _linked(call: Call, metadata: dict[str, Any]) -> dict[str, Any]:
    own = f"/collections/{metadata['id']}"
    links = [
        _link(call, "self", own), _link(call, "root", "/"), _link(call, "parent", "/collections"),
    ]  # fmt: skip
    return metadata | {"links": links}


def list_processes(call: Call) -> Response:
    """``GET /processes``."""
    found = list(processes.specifications().values())
    return JSONResponse({"processes": found, "links": [_link(call, "self", "/processes")]})


def sign_in(call: Call) -> Response:
    """``GET /credentials/basic``."""
    token = call.services.auth.sign_in(call.request.headers.get("authorization"))
    return JSONResponse({"access_token": token}, headers={"Cache-Control": "no-store"})


def unsupported(call: Call) -> Response:
    """Endpoints of the API that this back-end lacks."""
    raise ApiError("FeatureUnsupported", f"{call.request.url.path} is not supported here.")


def _link(call: Call, rel: str, path: str) -> dict[str, str]:
    return {"rel": rel, "href": call.url(path), "type": "application/json"}
