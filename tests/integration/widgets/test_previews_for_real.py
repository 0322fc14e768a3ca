"""Previews of what the local back-end writes, in each of its formats."""

import csv
import json

import numpy as np
import pytest
import xarray as xr
from harness.widgets import ask, wait_until

from openeo_widgets import ResultsWidget, connect
from openeo_widgets.backend import LocalBackend, sample


@pytest.fixture(scope="module")
def connection(tmp_path_factory):
    with LocalBackend(tmp_path_factory.mktemp("backend")) as local:
        yield connect(local.url).authenticate_basic("demo", "demo")


@pytest.fixture(scope="module")
def fields(connection):
    """Two fields inside the sample, in degrees."""
    extent = connection.describe_collection(sample.COLLECTION_ID)["extent"]["spatial"]["bbox"][0]
    lon, lat = (extent[0] + extent[2]) / 2, (extent[1] + extent[3]) / 2

    def square(west, south, size=0.002):
        ring = [[west, south], [west + size, south], [west + size, south + size]]
        ring += [[west, south + size], [west, south]]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        return {"type": "Feature", "geometry": geometry, "properties": {"name": f"{west:.3f}"}}

    features = [square(lon, lat), square(lon + 0.004, lat)]
    return {"type": "FeatureCollection", "features": features}


@pytest.fixture
def seen(connection, fields, tmp_path):
    """A function that runs a job and previews its first file; and reads the file beside that."""
    widgets = []

    def run(file_format, *, spatial=True, bands=("B04", "B08"), until="2022-08-01", **options):
        cube = connection.load_collection(
            sample.COLLECTION_ID, temporal_extent=["2022-06-01", until], bands=list(bands)
        )
        if spatial:
            cube = cube.aggregate_spatial(geometries=fields, reducer="mean")
        job = cube.save_result(format=file_format, options=options).create_job()
        job.start_and_wait(print=lambda _line: None, max_poll_interval=1, timeout=300)
        widget = ResultsWidget(job)
        widgets.append(widget)
        wait_until(widget, lambda w: w.state == "ready")
        key = widget.assets[0]["key"]
        assert ask(widget, "preview", key=key)["ok"]
        wait_until(widget, lambda w: w.preview["state"] != "loading")
        assert widget.preview["state"] == "ready", widget.preview
        return widget, job.get_results().get_asset(key).download(tmp_path)

    yield run
    for widget in widgets:
        widget.close()


def view(widget, kind):
    return next(one for one in widget.preview["views"] if one["kind"] == kind)


def rows(widget, kind="table"):
    number = [one["kind"] for one in widget.preview["views"]].index(kind)
    fields = {"view": number, "start": 0, "count": 200, "sort": "", "descending": False}
    answer = ask(widget, "preview_rows", search="", **fields)
    assert answer["ok"], answer
    return answer["data"]["rows"]


def test_json_is_the_curves_of_its_fields(seen):
    widget, path = seen("JSON")
    data = json.loads(path.read_text())
    lines = view(widget, "chart")["lines"]
    assert [(line["group"], line["band"]) for line in lines] == [
        ("geometry 1", "band 1"),
        ("geometry 1", "band 2"),
        ("geometry 2", "band 1"),
        ("geometry 2", "band 2"),
    ]
    for line, (field, band) in zip(lines, [(0, 0), (0, 1), (1, 0), (1, 1)], strict=True):
        assert line["y"] == [values[field][band] for values in data.values()]
    assert [row[0][:10] for row in rows(widget)] == [date[:10] for date in data]


def test_csv_is_the_same_curves_and_the_rows_of_the_file(seen):
    widget, path = seen("CSV")
    with path.open(newline="") as file:
        names, *expected = csv.reader(file)
    assert [column["name"] for column in view(widget, "table")["columns"]] == names
    assert rows(widget) == [[cell or None for cell in row] for row in expected]
    lines = view(widget, "chart")["lines"]
    assert [(line["group"], line["band"]) for line in lines] == [
        ("feature_index 0", "B04"),
        ("feature_index 0", "B08"),
        ("feature_index 1", "B04"),
        ("feature_index 1", "B08"),
    ]
    of_first = [row for row in expected if row[1] == "0"]
    assert lines[0]["y"] == [float(row[2]) if row[2] else None for row in of_first]


def test_geojson_is_the_properties_of_its_features(seen):
    widget, path = seen("GeoJSON")
    features = json.loads(path.read_text())["features"]
    names = [column["name"] for column in view(widget, "table")["columns"]]
    assert names[:3] == ["id", "geometry", "name"]
    for row, feature in zip(rows(widget), features, strict=True):
        told = dict(zip(names, row, strict=True))
        assert told["geometry"] == "Polygon"
        for name, value in feature["properties"].items():
            if isinstance(value, float):
                assert float(told[name]) == value


def test_netcdf_is_its_page_and_the_values_at_its_middle(seen):
    widget, path = seen("netCDF", spatial=False)
    with xr.open_dataset(path, engine="h5netcdf") as found:
        middle = found.isel(x=found.sizes["x"] // 2, y=found.sizes["y"] // 2)
        expected = {name: middle[name].to_numpy() for name in ("B04", "B08")}
    lines = view(widget, "chart")["lines"]
    assert [line["band"] for line in lines] == ["B04", "B08"]
    for line in lines:
        values = [np.nan if value is None else value for value in line["y"]]
        np.testing.assert_array_equal(values, expected[line["band"]])
    assert "xarray" in view(widget, "html")["html"]
    facts = {fact["name"]: fact["text"] for fact in view(widget, "facts")["facts"]}
    assert "WGS 84 / UTM zone 33N" in facts["Reference system"]


def test_png_is_the_picture(seen):
    widget, path = seen("PNG", spatial=False, bands=("B04",), until="2022-06-20")
    told = view(widget, "image")
    assert (told["width"], told["height"]) == (sample.WIDTH, sample.HEIGHT)
    found = widget._previews.image()
    assert found.content == path.read_bytes()
    assert found.data == {"media_type": "image/png"}


def test_geotiff_is_told_for_what_it_is(seen):
    widget, _ = seen("GTiff", spatial=False, until="2022-06-20")
    facts = {fact["name"]: fact["text"] for fact in view(widget, "facts")["facts"]}
    assert facts["Kind, by its first bytes"] == "TIFF"
