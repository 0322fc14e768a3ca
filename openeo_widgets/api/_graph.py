"""Process graphs: nodes, the flat form that the API takes, and callbacks written as functions."""

from __future__ import annotations

import datetime as dt
import inspect
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["CallbackValue", "Node", "ParameterRef", "as_flat_graph", "callback", "flat_graph"]


@dataclass(frozen=True, eq=False)
class Node:
    """One process of a graph with its arguments, which may hold other nodes."""

    process_id: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    namespace: str | None = None


@dataclass(frozen=True)
class ParameterRef:
    """A parameter of a callback or of a user-defined process."""

    name: str


@dataclass(frozen=True)
class Callback:
    """A callback: the node that gives its result."""

    result: Node


class CallbackValue:
    """A value inside a callback: a parameter or the result of a process.

    Arithmetic and comparisons add processes; ``value["B08"]`` and ``value[0]`` take one element
    of an array by label or index; ``value.mean()`` calls any process with the value as its
    first argument.
    """

    def __init__(self, ref: Node | ParameterRef) -> None:
        self._ref = ref

    def process(self, process_id: str, /, **arguments: Any) -> CallbackValue:
        """Add a process to the callback.

        Args:
            process_id: Id of the process.
            **arguments: Its arguments; say which of them this value is.
        """
        return CallbackValue(Node(process_id, arguments))

    def __getattr__(self, name: str) -> Callable[..., CallbackValue]:
        if name.startswith("_"):
            raise AttributeError(name)
        first = "data" if name in _ON_ARRAYS else "x"
        return lambda **arguments: self.process(name, **{first: self, **arguments})

    def __getitem__(self, key: str | int) -> CallbackValue:
        which = "label" if isinstance(key, str) else "index"
        return self.process("array_element", data=self, **{which: key})

    # Without this, iterating would ask for element after element and never end.
    __iter__ = None

    def __bool__(self) -> bool:
        raise TypeError(
            "A value in a callback is known only at the back-end: it cannot be used with if, and, "
            "or, not. Use processes such as 'if', 'and', 'or', 'not' through process(...)."
        )

    def __neg__(self) -> CallbackValue:
        return self.process("multiply", x=self, y=-1)

    def __invert__(self) -> CallbackValue:
        return self.process("not", x=self)

    def __hash__(self) -> int:
        return id(self)


# Processes whose first parameter is called "data" and not "x".
_ON_ARRAYS = frozenset(
    [
        "all",
        "any",
        "array_apply",
        "array_concat",
        "array_contains",
        "array_element",
        "array_filter",
        "array_find",
        "array_labels",
        "array_modify",
        "count",
        "cummax",
        "cummin",
        "cumproduct",
        "cumsum",
        "extrema",
        "first",
        "last",
        "max",
        "mean",
        "median",
        "min",
        "order",
        "product",
        "quantiles",
        "rearrange",
        "sd",
        "sort",
        "sum",
        "variance",
    ]
)

_OPERATORS = {
    "add": "add", "sub": "subtract", "mul": "multiply", "truediv": "divide", "pow": "power",
    "mod": "mod", "lt": "lt", "le": "lte", "gt": "gt", "ge": "gte", "eq": "eq", "ne": "neq",
    "and": "and", "or": "or",
}  # fmt: skip


def _operator(process_id: str, *, swapped: bool) -> Callable[[CallbackValue, Any], CallbackValue]:
    left, right = ("base", "p") if process_id == "power" else ("x", "y")

    def apply(self: CallbackValue, other: Any) -> CallbackValue:
        first, second = (other, self) if swapped else (self, other)
        return self.process(process_id, **{left: first, right: second})

    return apply


for _name, _process in _OPERATORS.items():
    setattr(CallbackValue, f"__{_name}__", _operator(_process, swapped=False))
    if _process not in {"lt", "lte", "gt", "gte", "eq", "neq"}:
        setattr(CallbackValue, f"__r{_name}__", _operator(_process, swapped=True))


def callback(
    reducer: Callable[..., Any] | str, parameters: Sequence[str], *, where: str = "callback"
) -> Callback:
    """Turn a function, or the name of a process, into a callback.

    Args:
        reducer: A function of as many arguments as it wants of `parameters`, in their order, or
            a process id such as ``"mean"``, which gets the first parameter.
        parameters: The names that the process gives to the callback.
        where: What the callback belongs to, for error messages.

    Raises:
        TypeError: The function returns something that is no process.
    """
    values = [CallbackValue(ParameterRef(name)) for name in parameters]
    if isinstance(reducer, str):
        names = ("x", "y") if list(parameters[:2]) == ["x", "y"] else tuple(parameters[:1])
        return Callback(Node(reducer, dict(zip(names, values))))  # noqa: B905 - y is optional
    result = reducer(*values[: _accepted(reducer, len(values))])
    if not isinstance(result, CallbackValue) or not isinstance(result._ref, Node):  # noqa: SLF001
        raise TypeError(
            f"The function given as {where} must return the result of a process, "
            f"and it returned {type(result).__name__}."
        )
    return Callback(result._ref)  # noqa: SLF001


def _accepted(function: Callable[..., Any], most: int) -> int:
    kinds = [p.kind for p in inspect.signature(function).parameters.values()]
    if inspect.Parameter.VAR_POSITIONAL in kinds:
        return most
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return min(most, sum(kind in positional for kind in kinds))


def flat_graph(result: Node) -> dict[str, Any]:
    """Write a graph in the flat form of the API (section "Processes", process graph).

    Ids are those of the official client: the process id without underscores, and a number.

    Args:
        result: The node whose output is the result.

    Returns:
        A fresh dictionary of nodes by id.
    """
    ids: dict[int, str] = {}
    count: Counter[str] = Counter()
    order = _in_order(result)
    for node in order:
        stem = node.process_id.replace("_", "")
        count[stem] += 1
        ids[id(node)] = f"{stem}{count[stem]}"
    flat: dict[str, Any] = {}
    for node in order:
        flat[ids[id(node)]] = {"process_id": node.process_id} | (
            {"namespace": node.namespace} if node.namespace else {}
        )
        flat[ids[id(node)]]["arguments"] = {
            name: _plain(value, ids) for name, value in node.arguments.items()
        }
    flat[ids[id(result)]]["result"] = True
    return flat


def _in_order(result: Node) -> list[Node]:
    """List all nodes, each after those that it takes its input from.

    Without recursion: a loop over dates easily makes a chain of a thousand nodes.
    """
    order: list[Node] = []
    done: set[int] = set()
    stack: list[tuple[Node, bool]] = [(result, False)]
    while stack:
        node, ready = stack.pop()
        if id(node) in done:
            continue
        if ready:
            done.add(id(node))
            order.append(node)
            continue
        stack.append((node, True))
        inputs = [found for value in node.arguments.values() for found in _nodes_in(value)]
        stack.extend((found, False) for found in reversed(inputs) if id(found) not in done)
    return order


def _nodes_in(value: Any) -> Iterator[Node]:
    if isinstance(value, CallbackValue):
        value = value._ref  # noqa: SLF001
    if isinstance(value, Node):
        yield value
    elif hasattr(value, "result_node"):
        yield value.result_node()
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _nodes_in(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _nodes_in(item)


def _plain(value: Any, ids: Mapping[int, str]) -> Any:  # noqa: PLR0911 - one case a line
    """Write one argument as JSON, with references for nodes."""
    if isinstance(value, CallbackValue):
        value = value._ref  # noqa: SLF001
    if hasattr(value, "result_node"):
        value = value.result_node()
    if isinstance(value, Node):
        return {"from_node": ids[id(value)]}
    if isinstance(value, ParameterRef):
        return {"from_parameter": value.name}
    if isinstance(value, Callback):
        return {"process_graph": flat_graph(value.result)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item, ids) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item, ids) for item in value]
    if hasattr(value, "__geo_interface__"):
        return _plain(value.__geo_interface__, ids)
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, dt.datetime):
        return (value.astimezone(dt.timezone.utc) if value.tzinfo else value).strftime(
            "%Y-%m-%dT%H:%M:%SZ"
        )
    if isinstance(value, dt.date):
        return value.isoformat()
    if callable(getattr(value, "tolist", None)):  # numpy scalars and arrays
        return value.tolist()
    raise TypeError(f"{type(value).__name__} cannot be an argument of a process.")


def as_flat_graph(graph: Any) -> dict[str, Any]:
    """Read a flat process graph from whatever form a person has it in.

    Args:
        graph: A flat graph, a dictionary with ``process_graph``, an object with ``flat_graph()``
            (our cube, the official client's), a string of JSON, or the path of a JSON file.

    Raises:
        ValueError: The string is neither JSON nor the path of a file, or it holds no graph.
        TypeError: It is something else altogether.
    """
    if callable(getattr(graph, "flat_graph", None)):
        graph = graph.flat_graph()
    if isinstance(graph, str | Path):
        graph = _read_json(graph)
    if not isinstance(graph, Mapping):
        raise TypeError(f"{type(graph).__name__} is no process graph.")
    if "process_graph" in graph and isinstance(graph["process_graph"], Mapping):
        graph = graph["process_graph"]
    if not graph or not all(isinstance(n, Mapping) and "process_id" in n for n in graph.values()):
        raise ValueError("This is no flat process graph: every node needs a 'process_id'.")
    return dict(graph)


def _read_json(source: str | Path) -> Any:
    text = str(source)
    if not text.lstrip().startswith("{"):
        try:
            text = Path(source).read_text(encoding="utf-8")
        except OSError as error:
            raise ValueError(f"{source!s} is neither JSON nor a file that can be read.") from error
    return json.loads(text)
