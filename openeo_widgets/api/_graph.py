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
        first = _FIRST.get(name, "x")
        return lambda **arguments: self.process(name, **{first: self, **arguments})

    def __getitem__(self, key: str | int) -> CallbackValue:
        which = "label" if isinstance(key, str) else "index"
        return self.process("array_element", data=self, **{which: key})

    # With a numpy value on its left, the operators here decide and not those of numpy.
    __array_ufunc__ = None

    # Without this, iterating would ask for element after element and never end.
    __iter__ = None

    def __bool__(self) -> bool:
        raise TypeError(
            "A value in a callback is known only at the back-end: it cannot be used with if, and, "
            "or, not. Use processes such as 'if', 'and', 'or', 'not' through process(...)."
        )

    def __neg__(self) -> CallbackValue:
        return self.process("multiply", x=self, y=-1)

    def __abs__(self) -> CallbackValue:
        return self.process("absolute", x=self)

    def __invert__(self) -> CallbackValue:
        return self.process("not", x=self)

    def __hash__(self) -> int:
        return id(self)


# Processes whose first parameter is called "data" (openEO processes 1.2 and 2.0).
_ON_ARRAYS = """
    all any array_append array_apply array_concat array_contains array_element array_filter
    array_find array_find_label array_interpolate_linear array_labels array_modify count cummax
    cummin cumproduct cumsum extrema first last max mean median min order product quantiles
    rearrange sd sort sum text_begins text_concat text_contains text_ends variance
"""

# Names of first parameters where they are not "x".
_FIRST = dict.fromkeys(_ON_ARRAYS.split(), "data") | {
    "date_difference": "date1",
    "date_replace_component": "date",
    "date_shift": "date",
    "exp": "p",
    "power": "base",
}

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
    if isinstance(reducer, str):
        return Callback(Node(reducer, _usual_arguments(reducer, parameters)))
    values = [CallbackValue(ParameterRef(name)) for name in parameters]
    result = reducer(*values[: _accepted(reducer, parameters)])
    if not isinstance(result, CallbackValue) or not isinstance(result._ref, Node):  # noqa: SLF001
        raise TypeError(
            f"The function given as {where} must return the result of a process, "
            f"and it returned {type(result).__name__}."
        )
    return Callback(result._ref)  # noqa: SLF001


def _usual_arguments(process_id: str, parameters: Sequence[str]) -> dict[str, Any]:
    """The arguments of a process that is a callback by itself, such as ``reducer="mean"``."""
    refs = [ParameterRef(name) for name in parameters]
    if list(parameters[:2]) == ["x", "y"]:
        # Two values that overlap: for "max" and its like an array of both, for "add" x and y.
        if _FIRST.get(process_id) == "data":
            return {"data": refs[:2]}
        return dict(zip(("x", "y"), refs, strict=False))
    return {
        _FIRST.get(process_id, name): ref for name, ref in zip(parameters[:1], refs, strict=False)
    }


def _accepted(function: Callable[..., Any], parameters: Sequence[str]) -> int:
    """How many of the parameters a function takes.

    One with a default value is filled only if it is named like the parameter, so that
    ``lambda x, k=k: x * k``, which keeps the value of a loop, means what it says.
    """
    count = 0
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is parameter.VAR_POSITIONAL:
            return len(parameters)
        optional = parameter.default is not parameter.empty
        positional = parameter.kind in {
            parameter.POSITIONAL_ONLY,
            parameter.POSITIONAL_OR_KEYWORD,
        }
        if not positional or (optional and parameter.name not in parameters[count : count + 1]):
            break
        count += 1
    return min(count, len(parameters))


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
        yield _last_step(value)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _nodes_in(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _nodes_in(item)


def _last_step(cube: Any) -> Node:
    node = cube.result_node()
    if not isinstance(node, Node):
        raise TypeError("A cube of the official client cannot be joined with one of this package.")
    return node


def _plain(value: Any, ids: Mapping[int, str]) -> Any:  # noqa: PLR0911 - one case a line
    """Write one argument as JSON, with references for nodes."""
    if isinstance(value, CallbackValue):
        value = value._ref  # noqa: SLF001
    elif hasattr(value, "result_node"):
        value = _last_step(value)
    if isinstance(value, Node):
        return {"from_node": ids[id(value)]}
    if isinstance(value, ParameterRef):
        return {"from_parameter": value.name}
    if isinstance(value, Callback):
        return {"process_graph": flat_graph(value.result)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item, ids) for key, item in value.items()}
    if isinstance(value, list | tuple):
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
        if str(getattr(value, "dtype", "")) == "datetime64[ns]":
            value = value.astype("datetime64[s]")  # these would become plain numbers
        return _plain(value.tolist(), {})
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
    if isinstance(source, Path) or not text.lstrip().startswith("{"):
        try:
            text = Path(source).read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            raise ValueError(f"{source!s} is neither JSON nor a file that can be read.") from error
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("This JSON is nested too deep to be a process graph.") from None
