"""What jobs compute, against plain NumPy on the same data."""

from __future__ import annotations

import numpy as np
import pytest
from backend_expected import BAND, GEOMETRIES, SUMMER, TWO, close, inside, ndvi, steps
from backend_graphs import callback, chain, load, node, of, parameter
from pyproj import Transformer

from openeo_widgets.backend import sample


def test_ndvi_of_every_date_is_a_file_of_its_own(rasters, scenes):
    graph = chain(
        load(temporal_extent=["2022-06-01", "2022-09-01"], bands=["B04", "B08"]),
        node("ndvi", nir="B08", red="B04"),
    )
    found = rasters(graph)
    assert sorted(found) == [f"openEO_{date}.tif" for date in SUMMER]
    for date in SUMMER:
        close(found[f"openEO_{date}.tif"][0], ndvi(scenes, sample.DATES.index(date)))


def test_ndvi_as_a_band_beside_the_others(one, scenes):
    graph = chain(
        load(temporal_extent=["2022-07-07", "2022-07-08"], bands=["B04", "B08"]),
        node("ndvi", nir="B08", red="B04", target_band="NDVI"),
    )
    found = one(graph)
    (index,) = steps("2022-07-07")
    close(found[0], scenes[index, BAND["B04"]])
    close(found[2], ndvi(scenes, index))


@pytest.mark.parametrize(
    ("reducer", "expected"),
    [
        ("mean", np.nanmean), ("median", np.nanmedian), ("min", np.nanmin), ("max", np.nanmax),
        ("sum", np.nansum), ("sd", lambda a, axis: np.nanstd(a, axis=axis, ddof=1)),
        ("variance", lambda a, axis: np.nanvar(a, axis=axis, ddof=1)),
        ("count", lambda a, axis: np.isfinite(a).sum(axis=axis)),
        ("first", lambda a, axis: np.where(np.isfinite(a[0]), a[0], a[1])),
        ("last", lambda a, axis: np.where(np.isfinite(a[-1]), a[-1], a[-2])),
        ("product", np.nanprod),
    ],
)  # fmt: skip
def test_reduce_over_time(one, scenes, reducer, expected):
    # From the first to the last of these dates, which both lie beside the swath's edge.
    dates = ["2022-05-23", "2022-06-07", "2022-06-22", "2022-07-07", "2022-07-22"]
    graph = chain(
        load(temporal_extent=["2022-05-20", "2022-08-01"], bands=["B04", "SCL"]),
        node("reduce_dimension", dimension="t", reducer=callback(reducer)),
    )
    close(one(graph), expected(scenes[steps(*dates)][:, [BAND["B04"], BAND["SCL"]]], axis=0))


def test_reduce_over_bands_with_math(one, scenes):
    evi = {
        "b8": node("array_element", data=parameter("data"), label="B08"),
        "b4": node("array_element", data=parameter("data"), index=1),
        "b2": node("array_element", data=parameter("data"), label="B02"),
        "difference": node("subtract", x=of("b8"), y=of("b4")),
        "six": node("multiply", x=6, y=of("b4")),
        "seven": node("multiply", x=of("b2"), y=7.5),
        "sum": node("add", x=of("b8"), y=of("six")),
        "below": node("subtract", x=of("sum"), y=of("seven")),
        "all": node("add", x=of("below"), y=10000),
        "ratio": node("divide", x=of("difference"), y=of("all")),
        "evi": node("multiply", x=2.5, y=of("ratio")) | {"result": True},
    }
    graph = chain(
        load(temporal_extent=["2022-07-07", "2022-07-08"], bands=["B08", "B04", "B02"]),
        node("reduce_dimension", dimension="bands", reducer={"process_graph": evi}),
    )
    (index,) = steps("2022-07-07")
    nir, red, blue = (scenes[index, BAND[name]] for name in ("B08", "B04", "B02"))
    close(one(graph)[0], 2.5 * (nir - red) / (nir + 6 * red - 7.5 * blue + 10000))


def test_reducer_over_a_list_of_bands(one, scenes):
    mean = {
        "red": node("array_element", data=parameter("data"), label="B04"),
        "nir": node("array_element", data=parameter("data"), label="B08"),
        "mean": node("mean", data=[of("red"), of("nir")]) | {"result": True},
    }
    graph = chain(
        load(temporal_extent=["2022-07-07", "2022-07-08"], bands=["B04", "B08"]),
        node("reduce_dimension", dimension="bands", reducer={"process_graph": mean}),
    )
    (index,) = steps("2022-07-07")
    close(one(graph)[0], scenes[index][[BAND["B04"], BAND["B08"]]].mean(axis=0))


def test_apply(one, scenes):
    scale = {
        "scaled": node("divide", x=parameter("x"), y=10000),
        "cut": node("clip", x=of("scaled"), min=0, max=0.3) | {"result": True},
    }
    graph = chain(
        load(temporal_extent=["2022-07-07", "2022-07-08"], bands=["B08"]),
        node("apply", process={"process_graph": scale}),
    )
    (index,) = steps("2022-07-07")
    close(one(graph)[0], np.clip(scenes[index, BAND["B08"]] / 10000, 0, 0.3))


def test_aggregate_over_intervals(rasters, scenes):
    """Each interval has its own values, its start included and its end excluded."""
    intervals = [["2022-03-09", "2022-05-08"], ["2022-06-07T10:00:00Z", "2022-08-06T10:00:00Z"]]
    graph = chain(
        load(bands=["B08"]),
        node("aggregate_temporal", intervals=intervals, reducer=callback("median")),
    )
    found = rasters(graph)
    spring = scenes[steps("2022-03-09", "2022-03-24", "2022-04-08", "2022-04-23")]
    summer = scenes[steps("2022-06-07", "2022-06-22", "2022-07-07", "2022-07-22")]
    assert sorted(found) == ["openEO_2022-03-09.tif", "openEO_2022-06-07.tif"]
    close(found["openEO_2022-03-09.tif"][0], np.nanmedian(spring[:, BAND["B08"]], axis=0))
    close(found["openEO_2022-06-07.tif"][0], np.nanmedian(summer[:, BAND["B08"]], axis=0))


def test_aggregate_over_periods_with_a_reducer_of_two_nodes(rasters, scenes):
    reducer = {
        "mean": node("mean", data=parameter("data")),
        "scaled": node("divide", x=of("mean"), y=10000) | {"result": True},
    }
    graph = chain(
        load(temporal_extent=["2022-04-01", "2022-08-01"], bands=["B04"]),
        node("aggregate_temporal_period", period="month", reducer={"process_graph": reducer}),
    )
    found = rasters(graph)
    assert sorted(found) == [f"openEO_2022-0{month}-01.tif" for month in (4, 5, 6, 7)]
    for month in (4, 5, 6, 7):
        chosen = [i for i, date in enumerate(sample.DATES) if date.startswith(f"2022-0{month}")]
        expected = np.nanmean(scenes[chosen][:, BAND["B04"]], axis=0) / 10000
        close(found[f"openEO_2022-0{month}-01.tif"][0], expected)


def test_mask_by_scene_classification(one, scenes):
    cloudy = {
        "shadow": node("eq", x=parameter("x"), y=3),
        "medium": node("eq", x=parameter("x"), y=8),
        "high": node("eq", x=parameter("x"), y=9),
        "either": node("or", x=of("shadow"), y=of("medium")),
        "any": node("or", x=of("either"), y=of("high")) | {"result": True},
    }
    graph = {
        "load": load(temporal_extent=["2022-05-23", "2022-05-24"], bands=["B04", "B08", "SCL"]),
        "scl": node("filter_bands", data=of("load"), bands=["SCL"]),
        "flat": node(
            "reduce_dimension", data=of("scl"), dimension="bands", reducer=callback("first")
        ),
        "clouds": node("apply", data=of("flat"), process={"process_graph": cloudy}),
        "bands": node("filter_bands", data=of("load"), bands=["B08", "B04"]),
        "mask": node("mask", data=of("bands"), mask=of("clouds")),
        "save": node("save_result", data=of("mask"), format="GTiff") | {"result": True},
    }
    (index,) = steps("2022-05-23")
    scene = scenes[index]
    hidden = np.isin(scene[BAND["SCL"]], [3, 8, 9])
    assert 0.05 < hidden.mean() < 0.5
    close(one(graph), np.where(hidden, np.nan, scene[[BAND["B08"], BAND["B04"]]]))


def test_filters(one, scenes):
    box = {"west": 16.61, "south": 48.205, "east": 16.625, "north": 48.215}
    graph = chain(
        load(),
        node("filter_bbox", extent=box),
        node("filter_temporal", extent=["2022-06-22T10:00:00Z", "2022-07-07T10:00:00Z"]),
        node("filter_bands", bands=["B11"]),
    )
    project = Transformer.from_crs(4326, sample.EPSG, always_xy=True)
    west, south, east, north = project.transform_bounds(*box.values(), densify_pts=21)
    x, y = sample.x_coordinates(), sample.y_coordinates()
    (index,) = steps("2022-06-22")
    part = scenes[index, BAND["B11"]][np.ix_((y > south) & (y < north), (x > west) & (x < east))]
    close(one(graph)[0], part)


def test_filter_by_cloud_cover(client):
    few = {"process_graph": {"low": node("lte", x=parameter("value"), y=0) | {"result": True}}}
    results = client.run(chain(load(bands=["B04"], properties={"eo:cloud_cover": few})))
    clear = [d for d, c in zip(sample.DATES, sample.CLOUDS, strict=True) if c == 0]
    assert sorted(results["assets"]) == [f"openEO_{date}.tif" for date in clear]


def test_mask_polygon_knows_holes_and_parts(one, scenes):
    graph = chain(
        load(temporal_extent=["2022-07-07", "2022-07-08"], bands=["B08"]),
        node("mask_polygon", mask={"type": "Feature", "geometry": TWO, "properties": {}}),
    )
    (index,) = steps("2022-07-07")
    close(one(graph)[0], np.where(inside(TWO), scenes[index, BAND["B08"]], np.nan))


@pytest.mark.parametrize("kind", GEOMETRIES)
def test_aggregate_over_geometries(series, scenes, kind):
    given, expected = GEOMETRIES[kind]
    graph = chain(
        load(bands=["B04", "B08"]),
        node("aggregate_spatial", geometries=given, reducer=callback("mean")),
        format="JSON",
    )
    found = series(graph)
    assert list(found) == [f"{date}T10:00:00Z" for date in sample.DATES]
    for index, values in enumerate(found.values()):
        for geometry, by_band in zip(expected, values, strict=True):
            pixels = scenes[index][[BAND["B04"], BAND["B08"]]][:, inside(geometry)]
            close(by_band, np.nanmean(pixels, axis=1, dtype=float), rtol=1e-4)


def test_a_series_has_null_where_there_is_no_data(series, scenes):
    # This strip lies beyond the swath's edge on some dates.
    strip = [[16.6, 48.202], [16.601, 48.202], [16.601, 48.203], [16.6, 48.203], [16.6, 48.202]]
    graph = chain(
        load(bands=["B04"]),
        node(
            "aggregate_spatial",
            geometries={"type": "Polygon", "coordinates": [strip]},
            reducer=callback("median"),
        ),
        format="json",
    )
    missing = [time[:10] for time, values in series(graph).items() if values == [[None]]]
    assert missing == [sample.DATES[index] for index in range(1, 24, 4)]


def test_merge_cubes_with_a_resolver(one, scenes):
    maximum = {
        "process_graph": {
            "max": node("max", data=[parameter("x"), parameter("y")]) | {"result": True}
        }
    }
    dates = {"a": ["2022-06-07", "2022-06-08"], "b": ["2022-07-07", "2022-07-08"]}
    graph = {}
    for name, extent in dates.items():
        graph[f"load_{name}"] = load(temporal_extent=extent, bands=["B08"])
        graph[name] = node(
            "reduce_dimension", data=of(f"load_{name}"), dimension="t", reducer=callback("first")
        )
    graph["merge"] = node("merge_cubes", cube1=of("a"), cube2=of("b"), overlap_resolver=maximum)
    graph["save"] = node("save_result", data=of("merge"), format="GTiff") | {"result": True}
    june, july = steps("2022-06-07", "2022-07-07")
    close(one(graph)[0], np.maximum(scenes[june, BAND["B08"]], scenes[july, BAND["B08"]]))


BELGIUM = {"west": 3, "south": 51, "east": 4, "north": 52}


@pytest.mark.parametrize(
    ("graph", "code", "node_id", "words"),
    [
        (chain(load(id="NOPE")), "CollectionNotFound", "load", "NOPE"),
        (chain(load(bands=["B99"])), "BandNotFound", "load", "B99"),
        (chain(load(temporal_extent=["2021-01-01", "2021-02-01"])), "NoDataAvailable", "load",
         "2022-01-08"),
        (chain(load(), node("filter_bbox", extent=BELGIUM)),
         "NoDataAvailable", "filter_bbox0", "spatial extent"),
        (chain(load(), node("nonsense")), "ProcessUnsupported", "nonsense0", "nonsense"),
        (chain(load(), node("filter_bands", bands=["B02"]),
               node("reduce_dimension", dimension="z", reducer=callback("mean"))),
         "DimensionNotAvailable", "reduce_dimension1", "z"),
        (chain(load(), node("filter_temporal", extent=["2022-07-08", "2022-07-10"])),
         "NoDataAvailable", "filter_temporal0", "time"),
        (chain(load(), format="CSV"), "FormatUnsuitable", "save", "GTiff"),
        (chain(load(bands=["B02"]), node("ndvi")), "NirBandAmbiguous", "ndvi0", "B08"),
    ],
)  # fmt: skip
def test_what_cannot_work_says_why_and_where(client, graph, code, node_id, words):
    entry = client.fail(graph)
    assert entry["level"] == "error"
    assert entry["code"] == code
    assert words in entry["message"]
    assert entry["path"][0]["node_id"] == node_id


def test_an_error_in_a_callback_names_its_parents(client):
    reducer = {"process_graph": {"pick": node(
        "array_element", data=parameter("data"), label="B99") | {"result": True}}}  # fmt: skip
    graph = chain(load(bands=["B04"]), node("reduce_dimension", dimension="bands", reducer=reducer))
    entry = client.fail(graph)
    assert entry["code"] == "ArrayElementNotAvailable"
    assert [step["node_id"] for step in entry["path"]] == ["pick", "reduce_dimension0"]
