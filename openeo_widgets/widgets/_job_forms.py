"""What the forms of a `JobWidget` begin with, and what comes back from them: pure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from openeo_widgets.api._copying import copy_request
from openeo_widgets.api._graph import as_flat_graph
from openeo_widgets.api._shapes import number_of, text_of
from openeo_widgets.errors import OpenEOWidgetsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openeo_widgets.api._capabilities import Capabilities

__all__ = ["draft_of", "options_of", "parsed_options", "parsed_process", "with_graph"]

_IN_THE_FORM = ("process", "title", "description", "plan", "budget")

# Characters of a process as JSON: nobody edits more in a form.
_MOST_PROCESS = 1_000_000
_MOST_OPTIONS = 1_000_000


def draft_of(
    described: Mapping[str, Any], capabilities: Capabilities, *, copy: bool
) -> dict[str, Any]:
    """What the forms begin with; see ``Draft`` in js/src/protocol-answers.ts."""
    begun = copy_request(described) if copy else described
    texts = {name: text_of(begun.get(name)) for name in ("title", "description", "plan")}
    options = options_of(begun) if copy else {}
    return {
        **texts,
        "budget": number_of(begun.get("budget")),
        "options": json.dumps(options, indent=2, ensure_ascii=False),
        "process": _written(begun["process"]) if copy else None,
        "process_most": _MOST_PROCESS,
        "plans": list(capabilities.plans),
        "currency": capabilities.currency,
    }


def options_of(request: Mapping[str, Any]) -> dict[str, Any]:
    """What a job was created with beyond the fields that the form has."""
    return {name: value for name, value in request.items() if name not in _IN_THE_FORM}


def parsed_options(options: str) -> dict[str, Any]:
    """The options of the form; none for an empty text.

    Raises:
        OpenEOWidgetsError: They are no JSON object.
    """
    found = _parsed(options, "options", _MOST_OPTIONS) if options.strip() else {}
    if not isinstance(found, dict):
        raise OpenEOWidgetsError(
            'The options must be a JSON object, such as {"log_level": "debug"}.'
        )
    return found


def parsed_process(process: str, before: Any) -> dict[str, Any]:
    """The process of the form: a process with its graph, or a flat graph alone.

    Args:
        process: JSON.
        before: The process of the job, of which a graph alone keeps all else.

    Raises:
        OpenEOWidgetsError: It is no such JSON.
    """
    found = _parsed(process, "process", _MOST_PROCESS)
    try:
        as_flat_graph(found)
    except (TypeError, ValueError):
        raise OpenEOWidgetsError(
            "The process must be a JSON object with a process_graph, in which every node has a "
            "process_id."
        ) from None
    # A node may be called "process_graph", too.
    inner = found.get("process_graph")
    is_whole = isinstance(inner, dict) and "process_id" not in inner
    return found if is_whole else with_graph(before, found)


def with_graph(process: Any, graph: Any) -> dict[str, Any]:
    """A process with another process graph.

    Args:
        process: The process; its description and parameters stay.
        graph: What `as_flat_graph` takes.

    Raises:
        ValueError: It is no process graph.
        TypeError: It is something else altogether.
    """
    rest = process if isinstance(process, dict) else {}
    return {**rest, "process_graph": as_flat_graph(graph)}


def _written(process: Any) -> str | None:
    """A process as JSON to be edited, or None where that cannot be."""
    try:
        text = json.dumps(process, indent=2, ensure_ascii=False, allow_nan=False)
    except (ValueError, RecursionError):
        return None
    return text if len(text) <= _MOST_PROCESS else None


def _parsed(text: str, what: str, most: int) -> Any:
    if len(text) > most:
        raise OpenEOWidgetsError(f"The {what} must have {most:,} characters at most.")
    try:
        return json.loads(text, parse_constant=_refused)
    except json.JSONDecodeError as error:
        raise OpenEOWidgetsError(f"What stands in the {what} is no JSON: {error}.") from error
    except ValueError:
        raise OpenEOWidgetsError(f"A number in the {what} is none that JSON has.") from None
    except RecursionError:
        raise OpenEOWidgetsError(f"What stands in the {what} is nested too deeply.") from None


def _refused(constant: str) -> None:
    raise ValueError(constant)
