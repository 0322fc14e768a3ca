"""Endpoints of accounts and batch jobs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from starlette.responses import JSONResponse, Response

from openeo_widgets.backend import billing, estimate, requests_in, validation
from openeo_widgets.backend.errors import ApiError
from openeo_widgets.backend.store import LEVELS

if TYPE_CHECKING:
    from openeo_widgets.backend.call import Call

_LARGEST = 2**62
_QUOTA = 10 * 2**30  # bytes, told to clients; nothing holds a teacher to it
_SHOWN = ("id", "status", "created", "updated", "progress")
_RAN = ("queued", "started")


def me(call: Call) -> Response:
    """``GET /me``."""
    user = call.user()
    used = call.services.store.storage_used(user)
    return JSONResponse(
        {
            "user_id": user,
            "name": user,
            "default_plan": billing.PLAN,
            "storage": {"free": max(_QUOTA - used, 0), "quota": _QUOTA},
            "budget": max(billing.CREDITS - call.services.store.spent(user), 0),
            "links": [],
        }
    )


def validate(call: Call) -> Response:
    """``POST /validation``."""
    call.user()
    graph = requests_in.process_graph(call.json())
    errors = [
        {
            "code": problem["code"],
            "message": problem["message"] + _where(problem.get("path", [])),
        }
        for problem in validation.validate(graph)
    ]
    return JSONResponse({"errors": errors})


def _where(path: list[dict[str, str]]) -> str:
    return f" (node '{path[0]['node_id']}')" if path else ""


def list_jobs(call: Call) -> Response:
    """``GET /jobs``."""
    user = call.user()
    size = call.limit()
    before = _number(call, "before")
    found = call.services.store.jobs(user, size + 1, before)
    links = []
    if len(found) > size:
        query = urlencode({"limit": size, "before": found[size - 1]["number"]})
        links.append({"rel": "next", "href": call.url(f"/jobs?{query}")})
    jobs = [_short(job) for job in found[:size]]
    return JSONResponse({"jobs": jobs, "links": links})


def create_job(call: Call) -> Response:
    """``POST /jobs``."""
    user = call.user()
    request = requests_in.new_job(call.json())
    job_id = call.services.store.add_job(user, request)
    headers = {"Location": call.url(f"/jobs/{job_id}"), "OpenEO-Identifier": job_id}
    return Response(status_code=201, headers=headers)


def describe_job(call: Call) -> Response:
    """``GET /jobs/{job_id}``."""
    job = own_job(call)
    links = []
    if job["run"]:
        own = call.url(f"/jobs/{job['id']}")
        links.append({"rel": "monitor", "href": f"{own}/logs", "type": "application/json"})
        if job["files"]:
            links.append({"rel": "result", "href": f"{own}/results", "type": "application/json"})
    full = _short(job) | {key: job["request"][key] for key in job["request"]}
    full |= {"log_level": job["request"].get("log_level") or "info", "links": links}
    if job["usage"]:
        full["usage"] = job["usage"]
    return JSONResponse(full)


def update_job(call: Call) -> Response:
    """``PATCH /jobs/{job_id}``."""
    job = own_job(call)
    changes = requests_in.job_changes(call.json())
    if not call.services.store.update_request(job["id"], job["request"] | changes):
        raise ApiError("JobLocked", "The job is queued or running: cancel it before changing it.")
    return Response(status_code=204)


def delete_job(call: Call) -> Response:
    """``DELETE /jobs/{job_id}``."""
    call.services.queue.remove(own_job(call)["id"])
    return Response(status_code=204)


def estimate_job(call: Call) -> Response:
    """``GET /jobs/{job_id}/estimate``."""
    return JSONResponse(estimate.estimate(own_job(call)["request"]))


def start_job(call: Call) -> Response:
    """``POST /jobs/{job_id}/results``."""
    call.services.queue.submit(own_job(call)["id"])
    return Response(status_code=202)


def cancel_job(call: Call) -> Response:
    """``DELETE /jobs/{job_id}/results``."""
    call.services.queue.cancel(own_job(call)["id"])
    return Response(status_code=204)


def job_logs(call: Call) -> Response:
    """``GET /jobs/{job_id}/logs``."""
    job = own_job(call)
    level = call.request.query_params.get("level", "debug")
    if level not in LEVELS:
        raise ApiError("ParameterValueUnsupported", f"'level' must be one of {', '.join(LEVELS)}.")
    stored = job["request"].get("log_level") or "info"
    effective = max(level, stored, key=LEVELS.index)
    size = call.limit()
    offset = _number(call, "offset") or 0
    found = call.services.store.logs(job["id"], offset, effective, size + 1)
    links = []
    if len(found) > size:
        query = urlencode({"limit": size, "offset": found[size - 1]["id"], "level": level})
        href = call.url(f"/jobs/{job['id']}/logs?{query}")
        links.append({"rel": "next", "href": href})
    return JSONResponse({"level": effective, "logs": found[:size], "links": links})


def own_job(call: Call) -> dict[str, Any]:
    """The job in the path, if it is the caller's.

    Raises:
        ApiError: ``JobNotFound``, also for another user's job.
    """
    user = call.user()
    job_id = call.request.path_params["job_id"]
    job = call.services.store.job(job_id, user)
    if job is None:
        raise ApiError("JobNotFound", f"You have no job '{job_id[:64]}'.")
    return job


def _short(job: dict[str, Any]) -> dict[str, Any]:
    shown = {key: job[key] for key in _SHOWN if job[key] is not None}
    asked = {key: job["request"].get(key) for key in ("title", "plan", "budget")}
    shown |= {key: value for key, value in asked.items() if value is not None}
    shown |= {key: job[key] for key in _RAN if job[key] is not None}
    return shown | {"costs": billing.costs(job)}


def _number(call: Call, name: str) -> int | None:
    """A query parameter that holds a number of ours."""
    text = call.request.query_params.get(name)
    if text is None or text == "":
        return None
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise ApiError("ParameterValueUnsupported", f"'{name}' is not a value that came from here.")
    return min(int(text), _LARGEST)
