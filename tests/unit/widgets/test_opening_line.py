"""The line of Python that opens a downloaded file."""

import ast
import json

import pytest

from openeo_widgets.widgets._opening_line import opening_line


@pytest.mark.parametrize(
    ("path", "media_type", "call"),
    [
        ("a.tif", "image/tiff; application=geotiff", "rioxarray.open_rasterio('a.tif')"),
        ("a.nc", "application/x-netcdf", "xarray.open_dataset('a.nc')"),
        ("a.nc", None, "xarray.open_dataset('a.nc')"),
        ("a.json", "application/json", "json.load(open('a.json', encoding=\"utf-8\"))"),
        ("a.geojson", "application/json", "geopandas.read_file('a.geojson')"),
        ("a", "application/geo+json", "geopandas.read_file('a')"),
        ("a.csv", "TEXT/CSV; charset=utf-8", "pandas.read_csv('a.csv')"),
        ("a.zip", "application/octet-stream", "zipfile.ZipFile('a.zip')"),
        ("a.parquet", "application/vnd.apache.parquet", "pandas.read_parquet('a.parquet')"),
        ("a.log", "text/plain", "open('a.log', encoding=\"utf-8\").read()"),
        ("a", "made/up", "open('a', \"rb\").read()"),
        ("a", "", "open('a', \"rb\").read()"),
    ],
)
def test_it_goes_by_media_type_and_then_by_extension(path, media_type, call):
    assert call in opening_line(path, media_type)


@pytest.mark.parametrize(
    "name", ["it's.json", 'a"b.json', "a\\b.json", "{}.json", "'); evil('.json", "é\n.json"]
)
def test_a_path_is_nothing_but_a_path(name):
    tree = ast.parse(opening_line(name, "application/json"))
    assert next(node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)) == name
    assert sum(isinstance(node, ast.Call) for node in ast.walk(tree)) == 2


def test_it_runs(tmp_path):
    path = tmp_path / "it's.json"
    path.write_text(json.dumps([1]), encoding="utf-8")
    names = {}
    with pytest.warns(ResourceWarning):
        exec(opening_line(str(path), "application/json"), names)  # noqa: S102 - our own line
    assert names["data"] == [1]
