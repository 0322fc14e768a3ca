"""Checks what clients send about jobs."""

from __future__ import annotations

from typing import Any

from openeo_widgets.backend import billing, simulate
from openeo_widgets.backend.errors import ApiError
from openeo_widgets.backend.store import LEVELS

_EDITABLE = ("title", "description", "process", "plan", "budget", "log_level", "simulate")


def process_graph(value: Any) -> dict[str, Any]:
    """The flat process graph of a process object.

    Raises:
        ApiError: ``ProcessGraphMissing``.
    """
    graph = value.get("process_graph") if isinstance(value, dict) else None
    if not isinstance(graph, dict):
        raise ApiError("ProcessGraphMissing", "There is no 'process_graph' in the process.")
    return graph


def new_job(body: dict[str, Any]) -> dict[str, Any]:
    """What to store of the body of ``POST /jobs``: all of it, except what only we may say.

    Raises:
        ApiError: if a property does not fit.
    """
    process_graph(body.get("process"))
    _check(body)
    ours = {"id", "status", "created", "updated", "progress", "usage", "costs", "links"}
    return {key: value for key, value in body.items() if key not in ours}


def job_changes(body: dict[str, Any]) -> dict[str, Any]:
    """What to change by the body of ``PATCH /jobs/{job_id}``.

    Raises:
        ApiError: ``NoDataForUpdate``, ``PropertyNotEditable``, or if a property does not fit.
    """
    if not body:
        raise ApiError("NoDataForUpdate", "There is nothing to change in the body.")
    fixed = [key for key in body if key not in _EDITABLE]
    if fixed:
        raise ApiError("PropertyNotEditable", f"'{fixed[0][:64]}' cannot be changed.")
    if "process" in body:
        process_graph(body["process"])
    _check(body)
    return body


def _check(body: dict[str, Any]) -> None:
    for name in ("title", "description"):
        if not isinstance(body.get(name), (str, type(None))):
            raise ApiError("ParameterValueUnsupported", f"'{name}' must be a text.")
    plan = body.get("plan")
    if plan is not None and (not isinstance(plan, str) or plan.lower() != billing.PLAN):
        raise ApiError("BillingPlanInvalid", f"The only plan is '{billing.PLAN}'.")
    budget = body.get("budget")
    if budget is not None and (
        isinstance(budget, bool) or not isinstance(budget, (int, float)) or budget < 0
    ):
        raise ApiError("BudgetInvalid", "'budget' must be a number and not negative.")
    level = body.get("log_level")
    if level is not None and level not in LEVELS:
        raise ApiError(
            "ParameterValueUnsupported", f"'log_level' must be one of {', '.join(LEVELS)}."
        )
    simulate.parse(body.get("simulate"))
