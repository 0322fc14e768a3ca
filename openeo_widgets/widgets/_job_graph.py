"""The process graph of a `JobWidget`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from openeo_widgets.errors import OpenEOWidgetsError
from openeo_widgets.widgets._base import Revealed
from openeo_widgets.widgets._process import shown_process
from openeo_widgets.widgets._traits import clip

if TYPE_CHECKING:
    from openeo_widgets.widgets._job import JobWidget

__all__ = ["GraphPanel", "graph_answer", "marks_of"]


class GraphPanel:
    """Answers the tab of the process graph.

    Args:
        widget: The widget that it is a part of.
    """

    def __init__(self, widget: JobWidget) -> None:
        self._widget = widget

    def graph(self) -> Revealed:
        """The process and the marks on its nodes, as `graph_answer` has it.

        Raises:
            OpenEOWidgetsError: The back-end does not tell of it, or it cannot be shown.
        """
        widget = self._widget
        # Without secrets already: taken out of the text as a whole, they would leave no JSON.
        return Revealed(graph_answer(self._process(), widget.failed_nodes, widget.preflight))

    def copy(self) -> Revealed:
        """The process as it is, for a click that asks for just that.

        Raises:
            OpenEOWidgetsError: The back-end does not tell of it, or it is nested too deeply.
        """
        process = self._process()
        try:
            text = json.dumps(process, indent=2, ensure_ascii=False)
        except RecursionError:
            raise OpenEOWidgetsError(
                "The process is nested too deeply to be copied.",
                hint='job.describe()["process"] has it.',
            ) from None
        return Revealed({"text": text})

    def _process(self) -> Any:
        process = self._widget.job.describe().get("process")
        if process is None:
            raise OpenEOWidgetsError(
                "The back-end does not tell what this job computes.",
                hint="It sends no process with the job.",
            )
        return process


def graph_answer(process: Any, failed: Any, preflight: Any) -> dict[str, Any]:
    """See ``GraphAnswer`` in js/src/protocol.ts, and `marks_of`.

    Raises:
        OpenEOWidgetsError: The process cannot be shown.
    """
    text, note = shown_process(process)
    return {"text": text, "marks": marks_of(failed, preflight), "note": note}


def marks_of(failed: Any, preflight: Any) -> dict[str, str]:
    """A word about each node in which something is wrong.

    Args:
        failed: Ids of nodes that the job failed in: where it happened, then those around it.
        preflight: What was found before a start (``Preflight`` in js/src/protocol.ts), or None.

    Returns:
        By node id: "failed", "failed inside" of a sub-graph of it, or "problem".
    """
    problems = preflight.get("problems") if isinstance(preflight, dict) else None
    nodes = filter(None, (clip(_node_of(problem)) for problem in _listed(problems)))
    marks = dict.fromkeys(nodes, "problem")
    failures: dict[str, str] = {}
    for node in filter(None, map(clip, _listed(failed))):
        failures.setdefault(node, "failed inside" if failures else "failed")
    return marks | failures


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []


def _node_of(problem: Any) -> Any:
    return problem.get("node") if isinstance(problem, dict) else None
