"""Process graphs for the tests."""

from __future__ import annotations

ID = "SENTINEL2_SAMPLE"
POLYGON = {
    "type": "Polygon",
    "coordinates": [
        [[16.61, 48.21], [16.62, 48.21], [16.622, 48.22], [16.61, 48.221], [16.61, 48.21]]
    ],
}


def load(**arguments):
    base = {"id": ID, "spatial_extent": None, "temporal_extent": None}
    return {"process_id": "load_collection", "arguments": base | arguments}


def node(process_id, **arguments):
    return {"process_id": process_id, "arguments": arguments}


def of(name):
    return {"from_node": name}


def parameter(name):
    return {"from_parameter": name}


def callback(process_id, name="data", **arguments):
    inner = {"process_id": process_id, "arguments": {name: parameter(name), **arguments}}
    return {"process_graph": {"inner": inner | {"result": True}}}


def chain(first, *rest, format="GTiff", **options):  # noqa: A002 -- as save_result has it
    """A graph of nodes that each take ``data`` from the one before, and save the last."""
    graph, previous = {"load": first}, "load"
    for index, step in enumerate(rest):
        name = f"{step['process_id']}{index}"
        graph[name] = step | {"arguments": {"data": of(previous), **step["arguments"]}}
        previous = name
    save = node("save_result", data=of(previous), format=format, options=options)
    return graph | {"save": save | {"result": True}}


SMALL = chain(
    load(temporal_extent=["2022-07-01", "2022-07-15"], bands=["B04", "B08"]),
    node("ndvi", nir="B08", red="B04"),
)
SEVERAL = chain(
    load(temporal_extent=["2022-06-01", "2022-07-15"], bands=["B04", "B08"]),
    node("ndvi", nir="B08", red="B04"),
)
