"""Did I get what I asked for: a process graph beside the metadata of its results."""

from __future__ import annotations

import pytest

from openeo_widgets.api._comparison import compared

BOX = {"west": 16.1, "south": 48.1, "east": 16.6, "north": 48.3}
LOAD = {"id": "S2", "spatial_extent": BOX, "temporal_extent": ["2022-07-01", "2022-09-01"],
        "bands": ["B04", "B08"]}  # fmt: skip
SAVE = {"process_id": "save_result", "arguments": {"format": "GTiff"}}


def graph(load=None, **more):
    loaded = {"process_id": "load_collection", "arguments": {**LOAD, **(load or {})}}
    return {"load": loaded, **more, "save": SAVE}


def item(bbox=(16.1, 48.1, 16.6, 48.3), first="2022-07-01", last="2022-09-01", **asset):
    properties = {"datetime": None, "start_datetime": first, "end_datetime": last}
    a = {"href": "a.tif", "type": "image/tiff; application=geotiff", "roles": ["data"], **asset}
    return {"type": "Feature", "bbox": list(bbox), "properties": properties, "assets": {"a": a}}


def row(what, document, of=None):
    (found,) = [row for row in compared(of or graph(), document) if row.what == what]
    return found


def test_all_as_asked_for():
    bands = [{"name": "B04"}, {"name": "B08"}]
    rows = compared(graph(), item(**{"eo:bands": bands, "proj:epsg": 4326}))
    assert [(r.what, r.differs, r.note) for r in rows] == [
        ("Area", False, ""),
        ("Dates", False, ""),
        ("Bands", False, ""),
        ("CRS", None, ""),
        ("Format", False, ""),
    ]
    assert (rows[0].asked, rows[0].delivered) == ("lon 16.1 to 16.6, lat 48.1 to 48.3",) * 2
    assert rows[1].asked == "2022-07-01 until before 2022-09-01"


@pytest.mark.parametrize(
    ("bbox", "differs", "note"),
    [
        ((16.101, 48.101, 16.601, 48.301), False, ""),
        ((16.0, 48.0, 16.7, 48.4), True, "larger"),
        ((16.2, 48.15, 16.5, 48.2), True, "smaller"),
        ((16.2, 48.1, 16.7, 48.3), True, "shifted"),
        ((-16.6, 48.1, -16.1, 48.3), True, "elsewhere"),
    ],
)
def test_areas(bbox, differs, note):
    found = row("Area", item(bbox))
    assert found.differs is differs
    assert note in found.note


@pytest.mark.parametrize(
    ("bbox", "differs"),
    [((16.2, 48.2, 16.3, 48.25), False), ((16.1, 48.1, 16.6, 48.3), False), ((1, 2, 3, 4), True)],
)
def test_what_is_summed_up_by_geometries_lies_in_them_or_in_the_whole(bbox, differs):
    ring = [[16.2, 48.2], [16.3, 48.2], [16.3, 48.25], [16.2, 48.2]]
    geometry = {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]}}
    more = {"a": {"process_id": "aggregate_spatial", "arguments": {"geometries": geometry}}}
    found = row("Area", item(bbox), graph(**more))
    assert found.asked == "lon 16.2 to 16.3, lat 48.2 to 48.25"
    assert found.differs is differs


def test_periods_may_begin_earlier():
    more = {"a": {"process_id": "aggregate_temporal_period", "arguments": {"period": "year"}}}
    found = row("Dates", item(first="2022-01-01", last="2022-08-30"), graph(**more))
    assert (found.differs, "periods" in found.note) == (None, True)


def test_an_area_across_the_antimeridian():
    load = {"spatial_extent": {"west": 170, "south": -10, "east": -170, "north": 10}}
    assert row("Area", item((170, -10, -170, 10)), graph(load)).differs is False
    assert (
        row("Area", item((170, -10, 175, 10)), graph(load)).note == "It is smaller than asked for."
    )


def test_an_area_on_the_grid_of_another_system():
    pytest.importorskip("pyproj")
    extent = {"west": 5.1, "south": 51.2, "east": 5.6, "north": 51.4}
    grid = {"proj:code": "EPSG:32631", "proj:shape": [2320, 3570]}
    # The envelope of that extent in UTM, on a grid of 10 m; its box of degrees is larger.
    native = [646_570, 5_673_950, 682_070, 5_697_380]
    document = item((5.0966, 51.1866, 5.6165, 51.4133), **grid, **{"proj:bbox": native})
    found = row("Area", document, graph({"spatial_extent": extent}))
    assert found.differs is False


@pytest.mark.parametrize(
    ("first", "last", "differs", "note"),
    [
        ("2022-07-01T00:00:00Z", "2022-08-31T23:59:59Z", False, ""),
        ("2022-07-03", "2022-08-29", False, "no data"),
        ("2022-07-01", "2022-09-02", True, "ends later"),
        ("2022-06-30", "2022-08-31", True, "begins earlier"),
        ("2022-07-01", "2022-07-05", True, "less than half"),
        ("2022-09-01", "2022-09-30", True, "later"),
        ("2021-07-01", "2021-09-01", True, "earlier"),
        ("2022-07-15", "2022-07-15", None, "One date"),
        ("2022-06-30T00:00:00Z", "2022-07-01T00:00:00Z", True, "earlier"),
        ("2022-07-01", None, None, ""),
        ("someday", "2022-08-31", None, ""),
    ],
)
def test_dates_are_half_open(first, last, differs, note):
    found = row("Dates", item(first=first, last=last))
    assert found.differs is differs
    assert note in found.note


@pytest.mark.parametrize(
    ("asked", "differs"),
    [(["2022", "2023"], False), ([None, "2022-09"], False), (["2022-08", None], True)],
)
def test_dates_as_months_years_and_open(asked, differs):
    got = item(first="2022-01-02", last="2022-08-30")
    assert row("Dates", got, graph({"temporal_extent": asked})).differs is differs


def test_filters_narrow_what_was_asked_for():
    filters = {
        "f1": {"process_id": "filter_bbox", "arguments": {"extent": {**BOX, "west": 16.4}}},
        "f2": {"process_id": "filter_temporal", "arguments": {"extent": ["2022-08-01", None]}},
        "f3": {"process_id": "filter_bands", "arguments": {"bands": ["B08"]}},
    }
    rows = compared(graph(**filters), {})
    assert [r.asked for r in rows] == [
        "lon 16.4 to 16.6, lat 48.1 to 48.3",
        "2022-08-01 until before 2022-09-01",
        "B08",
        "GTiff",
    ]
    assert {r.differs for r in rows} == {None}


@pytest.mark.parametrize(
    ("bands", "differs", "note"),
    [
        ([{"name": "B08"}, {"name": "B04"}], False, "another order"),
        ([{"name": "B04"}], True, "Missing: B08."),
        ([{"name": "B04"}, {"name": "B08"}, {"name": "SCL"}], True, "Not asked for: SCL."),
        ([{"name": "b4", "common_name": "B04"}, {"name": "B08"}], False, ""),
        ([{"name": 5}, "B04", None], None, ""),
    ],
)
@pytest.mark.parametrize("field", ["bands", "eo:bands", "raster:bands"])
def test_bands(field, bands, differs, note):
    found = row("Bands", item(**{field: bands}))
    assert found.differs is differs
    assert found.note == note or note in found.note


def test_bands_of_the_datacube():
    cube = {"cube:dimensions": {"b": {"type": "bands", "values": ["B04", "B08"]}}}
    assert row("Bands", {**item(), **cube}).differs is False


@pytest.mark.parametrize("process", ["ndvi", "reduce_dimension", "merge_cubes", "my_own"])
def test_processes_that_make_other_bands_leave_it_open(process):
    more = {"n": {"process_id": process, "arguments": {"dimension": "bands"}}}
    found = row("Bands", item(bands=[{"name": "NDVI"}]), graph(**more))
    assert (found.asked, found.delivered, found.differs) == ("", "NDVI", None)


def test_a_reduced_time_keeps_the_bands():
    more = {"r": {"process_id": "reduce_dimension", "arguments": {"dimension": "t"}}}
    assert row("Bands", item(bands=[{"name": "B04"}]), graph(**more)).differs is True


def test_grid_and_format():
    args = {"projection": 32633, "resolution": 20}
    more = {"r": {"process_id": "resample_spatial", "arguments": args}}
    grid = {"proj:transform": [10, 0, 500000, 0, -10, 5300000], "type": "application/x-netcdf"}
    rows = {r.what: r for r in compared(graph(**more), item(**grid, **{"proj:code": "EPSG:32633"}))}
    assert rows["CRS"].differs is False
    assert (rows["Resolution"].asked, rows["Resolution"].delivered) == ("20", "10")
    assert rows["Resolution"].differs is True
    assert rows["Format"].differs is True
    other = {r.what: r for r in compared(graph(**more), item(**{"proj:epsg": 32631}))}
    assert other["CRS"].differs is True


def test_a_parameter_is_unknown():
    load = {
        name: {"from_parameter": name} for name in ("spatial_extent", "temporal_extent", "bands")
    }
    rows = compared(graph(load), item(bands=[{"name": "B04"}]))
    assert all(row.differs is None and not row.asked for row in rows if row.what != "Format")


def test_nothing_asked_for_is_nothing_to_compare():
    assert compared({}, item()) == []
    assert compared({"x": None, "y": {"arguments": 5}}, item()) == []


def test_placeholders_deliver_nothing():
    document = {**item(), "title": "Unfinished batch job j-1", "assets": {}}
    assert {r.delivered for r in compared(graph(), document)} == {""}


@pytest.mark.parametrize(
    ("shares", "delivered", "differs", "note"),
    [
        ([100, 98.26], "98.3 % to 100 %", None, ""),
        ([0, 0], "0 %", True, "There are none."),
        ([0, 50], "0 % to 50 %", True, "Without any: B04."),
    ],
)
@pytest.mark.parametrize("field", ["bands", "raster:bands"])
def test_files_without_values(field, shares, delivered, differs, note):
    bands = [
        {"name": name, "statistics": {"valid_percent": share}}
        for name, share in zip(("B04", "B08"), shares, strict=True)
    ]
    found = row("Pixels with a value", item(**{field: bands}))
    assert (found.delivered, found.differs, found.note) == (delivered, differs, note)


@pytest.mark.parametrize("statistics", [None, [], {"valid_percent": "x"}, {"valid_percent": 1e9}])
def test_statistics_of_another_shape_say_nothing(statistics):
    document = item(**{"raster:bands": [{"statistics": statistics}]})
    assert "Pixels with a value" not in [r.what for r in compared(graph(), document)]
