"""Endpoints of results: their metadata, and the files behind signed links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response

from openeo_widgets.backend import files, sample, stac
from openeo_widgets.backend.errors import ApiError
from openeo_widgets.backend.routes_jobs import own_job

if TYPE_CHECKING:
    from openeo_widgets.backend.call import Call

_GEOJSON = "application/geo+json"


def results(call: Call) -> Response:
    """``GET /jobs/{job_id}/results``."""
    job = own_job(call)
    partial = _flag(call, "partial")
    if job["status"] == "error" and not (partial and job["files"]):
        return JSONResponse(call.services.store.last_error(job["id"]) or _no_reason(), 424)
    if job["status"] != "finished" and not (partial and job["run"]):
        raise ApiError(
            "JobNotFinished", f"The job is {job['status']}: results come when it has finished."
        )
    expires = call.services.signer.expiry()
    return _document(call, job, expires, item=_wants_geojson(call))


def _wants_geojson(call: Call) -> bool:
    accepted = call.request.headers.get("accept", "")
    return _GEOJSON in accepted and "application/json" not in accepted


def canonical(call: Call) -> Response:
    """The document behind the link ``canonical``: no sign-in, the signature is enough."""
    job = _signed_job(call)
    item = call.request.path_params["name"] == "item.json"
    # Its links live no longer than itself: else whoever holds it could renew it for ever.
    return _document(call, job, int(call.request.query_params["expires"]), item=item)


def download(call: Call) -> Response:
    """A result file."""
    job = _signed_job(call)
    name = call.request.path_params["name"]
    file = next((file for file in job["files"] if file["name"] == name), None)
    path = call.services.results / job["id"] / str(job["run"]) / name
    # Only names that the computation reported are served, so no path can lead elsewhere.
    if file is None or not path.is_file():
        raise ApiError("FileNotFound", "There is no such file any more.")
    return files.response(call.request, path, file["type"], file["checksum"])


def _signed_job(call: Call) -> dict[str, Any]:
    query = call.request.query_params
    path = str(call.request.scope["path"])
    call.services.signer.check(path, query.get("expires"), query.get("signature"))
    job = call.services.store.job(call.request.path_params["job_id"])
    if job is None or str(job["run"]) != call.request.path_params["run"]:
        raise ApiError("FileNotFound", "There is no such file any more.")
    return job


def _document(call: Call, job: dict[str, Any], expires: int, *, item: bool) -> Response:
    item = item or stac.is_item(job)

    def signed(kind: str, name: str) -> str:
        path = f"/{kind}/{job['id']}/{job['run']}/{name}"
        return call.url(call.services.signer.sign(path, expires))

    links = stac.Links(
        asset=lambda name: signed("files", name),
        canonical=signed("stac", "item.json" if item else "collection.json"),
        collection=call.url(f"/collections/{sample.COLLECTION_ID}"),
        expires=expires,
    )
    return JSONResponse(
        stac.document(job, links, item=item),
        media_type=_GEOJSON if _wants_geojson(call) else "application/json",
        headers={"OpenEO-Costs": "0", "Cache-Control": "no-store"},
    )


def _flag(call: Call, name: str) -> bool:
    """A boolean query parameter; present without a value is true (``allowEmptyValue``)."""
    value = call.request.query_params.get(name)
    if value is None:
        return False
    if value.lower() not in ("", "true", "false", "1", "0"):
        raise ApiError("ParameterValueUnsupported", f"'{name}' must be true or false.")
    return value.lower() in ("", "true", "1")


def _no_reason() -> dict[str, str]:
    return {"id": "0", "level": "error", "message": "The job failed; its log does not say why."}
