"""Walks a flat process graph and calls the processes.

openeo-pg-parser-networkx is not used for this. It caches what the nodes of a callback returned,
so that a reducer gives its first answer for every later group too and ``aggregate_temporal``
comes out silently wrong; it also turns texts such as ``"2022"`` into date objects wherever they
stand. The walk here keeps results for one call of one graph only, and knows at which node
something went wrong.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from openeo_widgets.backend.failures import ProcessFailure, describe

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Node = dict[str, Any]
    Graph = dict[str, Node]
    Path = tuple[dict[str, str], ...]

_SPECIAL = ("axis", "keepdims", "source_transposed_axis", "context", "dim_labels")
"""What openeo-processes-dask hands to a callback beside its parameters."""


class Evaluator:
    """Calls the processes of graphs.

    Args:
        processes: implementation by process id.
        finish: called with (process id, arguments, result) after every node of the top-level
            graph; what it returns is the node's result.
    """

    def __init__(
        self,
        processes: Mapping[str, Callable[..., Any]],
        finish: Callable[[str, dict[str, Any], Any], Any],
    ) -> None:
        self._processes = processes
        self._finish = finish
        self._accepts: dict[str, frozenset[str]] = {}

    def run(self, graph: Graph) -> Any:
        """The value of a top-level graph's result node; every other node is run too.

        Raises:
            ProcessFailure: with the path of the node that failed.
        """
        walk = _Walk(self, graph, {}, {}, ())
        result = walk.value(result_node(graph))
        for node_id in graph:
            walk.value(node_id)
        return result

    def call(self, node: Node, arguments: dict[str, Any], walk: _Walk) -> Any:
        """Calls one node's process with its resolved arguments."""
        process_id = node["process_id"]
        implementation = self._processes.get(process_id)
        if implementation is None:
            raise ProcessFailure("ProcessUnsupported", f"There is no process '{process_id}'.")
        special = {
            name: value
            for name, value in walk.special.items()
            if name in self._accepted(process_id) and name not in arguments
        }
        result = implementation(**arguments, **special)
        return self._finish(process_id, arguments, result) if walk.top else result

    def _accepted(self, process_id: str) -> frozenset[str]:
        if process_id not in self._accepts:
            signature = inspect.signature(self._processes[process_id])
            self._accepts[process_id] = frozenset(signature.parameters)
        return self._accepts[process_id]


class Callback:
    """A process graph given as an argument, callable as openeo-processes-dask calls it."""

    def __init__(self, evaluator: Evaluator, graph: Graph, walk: _Walk, path: Path) -> None:
        self._evaluator = evaluator
        self._graph = graph
        self._outer = walk.parameters
        self._path = path

    def __call__(
        self,
        *args: Any,
        positional_parameters: dict[str, int] | None = None,
        named_parameters: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> Any:
        """The value of the graph's result node.

        Args:
            args: values of the parameters that ``positional_parameters`` names.
            positional_parameters: index into ``args`` by parameter name.
            named_parameters: values by parameter name.
            kwargs: ``_SPECIAL`` values for the processes, or further parameters.
        """
        parameters = {**self._outer, **(named_parameters or {})}
        for name, index in (positional_parameters or {}).items():
            parameters[name] = args[index]
        special = {name: kwargs.pop(name) for name in _SPECIAL if name in kwargs}
        if special.get("context") is not None:
            parameters["context"] = special["context"]
        parameters.update(kwargs)
        walk = _Walk(self._evaluator, self._graph, parameters, special, self._path)
        return walk.value(result_node(self._graph))


class _Walk:
    """One call of one graph."""

    def __init__(
        self,
        evaluator: Evaluator,
        graph: Graph,
        parameters: dict[str, Any],
        special: dict[str, Any],
        parents: Path,
    ) -> None:
        self.parameters = parameters
        self.special = special
        self.top = not parents
        self._evaluator = evaluator
        self._graph = graph
        self._parents = parents
        self._results: dict[str, Any] = {}

    def value(self, node_id: str) -> Any:
        """What the node returns; computed once."""
        if node_id not in self._results:
            node = self._graph[node_id]
            path = ({"node_id": node_id, "process_id": node["process_id"]}, *self._parents)
            arguments = {
                name: self._resolved(value, path)
                for name, value in node.get("arguments", {}).items()
            }
            try:
                self._results[node_id] = self._evaluator.call(node, arguments, self)
            except ProcessFailure as failure:
                raise failure.at(path) from failure.__cause__
            except Exception as error:
                raise describe(error).at(path) from error
        return self._results[node_id]

    def _resolved(self, value: Any, path: Path) -> Any:
        if isinstance(value, list):
            return self._stacked([self._resolved(element, path) for element in value])
        if not isinstance(value, dict):
            return value
        if set(value) == {"from_node"}:
            return self.value(value["from_node"])
        if set(value) == {"from_parameter"}:
            return self._parameter(value["from_parameter"], path)
        if isinstance(value.get("process_graph"), dict):
            return Callback(self._evaluator, value["process_graph"], self, path)
        return {key: self._resolved(element, path) for key, element in value.items()}

    def _parameter(self, name: str, path: Path) -> Any:
        if name in self.parameters:
            return self.parameters[name]
        if name == "context":
            return None
        message = f"There is no parameter '{name}' here."
        raise ProcessFailure("ProcessParameterMissing", message).at(path)

    def _stacked(self, elements: list[Any]) -> Any:
        """In a callback a list of pixel values is an array along the axis that it works on."""
        if self.top or not any(getattr(element, "ndim", 0) for element in elements):
            return elements
        import dask.array as da  # noqa: PLC0415 -- slow to import, or not there without the extra

        axis = self.special.get("axis")
        arrays = da.broadcast_arrays(*[da.asarray(element) for element in elements])
        return da.stack(arrays, axis=axis if isinstance(axis, int) else 0)


def result_node(graph: Graph) -> str:
    """The id of a graph's result node.

    Raises:
        ProcessFailure: if there is not exactly one.
    """
    results = [node_id for node_id, node in graph.items() if node.get("result") is True]
    if len(results) != 1:
        raise ProcessFailure(
            "ProcessGraphMissing", "A process graph needs exactly one node with 'result': true."
        )
    return results[0]
