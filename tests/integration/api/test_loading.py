"""Results as what they hold: tables, cubes, features."""

from __future__ import annotations

import gc
import io
import json
import sys

import numpy as np
import pandas as pd
import pytest
import rasterio
import xarray as xr

from openeo_widgets import (
    MissingExtraError,
    MultipleAssetsError,
    NoSuchAssetError,
    OpenEOWidgetsError,
)

PATH = "/jobs/job-1/results"

FEATURE = {
    "type": "Feature",
    "geometry": {"type": "Point", "coordinates": [5.0, 51.0]},
    "properties": {"name": "field", "area": 2.5},
}


@pytest.fixture
def files(backend, script, results, job):
    """A function that lets results have files, by name: their media type and content."""

    def serve(**of):
        assets = {}
        for number, (name, (media_type, content, *more)) in enumerate(of.items()):
            path = f"/files/{number}"
            backend.on("GET", path, script(content))
            extra = more[0] if more else {}
            assets[name] = {"href": f"{backend.url}{path}?sig=hush", "type": media_type, **extra}
        backend.on("GET", PATH, results(backend.url, assets=assets))
        return job.get_results()

    return serve


def open_rasters():
    """What rasterio has open: left to be closed by and by, it is closed when it cannot be read."""
    found = gc.get_objects()
    return [one for one in found if isinstance(one, rasterio.DatasetReader) and not one.closed]


def cube(first, count=2):
    times = pd.date_range(first, periods=count)
    values = np.arange(count * 4.0).reshape(count, 2, 2)
    coords = {"t": times, "y": [1.0, 0.0], "x": [0.0, 1.0]}
    return xr.Dataset({"B04": (("t", "y", "x"), values)}, coords)


def netcdf(dataset):
    written = io.BytesIO()
    dataset.to_netcdf(written, engine="h5netcdf")
    return written.getvalue()


def geotiff(value, names=("B04", "B08")):
    profile = {"driver": "GTiff", "width": 2, "height": 2, "count": len(names), "dtype": "float32"}
    transform = rasterio.transform.from_origin(0, 2, 1, 1)
    with rasterio.MemoryFile() as memory:
        with memory.open(**profile, crs="EPSG:32631", transform=transform) as raster:
            for band, name in enumerate(names, 1):
                raster.write(np.full((2, 2), value + band, "f4"), band)
                raster.set_band_description(band, name)
        return memory.read()


@pytest.mark.parametrize(
    "content",
    [
        b"date,b\n2022-01-01,2.5\n",
        b"\xef\xbb\xbfdate;b\n2022-01-01;2,5\n",
        "date\tb\n2022-01-01\t2.5\n".encode("utf-16"),
    ],
)
def test_csv_of_every_kind_is_a_table(files, content):
    table = files(**{"a.csv": ("text/csv", content)}).get_asset().load_table()
    assert list(table.columns) == ["date", "b"]
    assert table["b"].tolist() == [2.5]


def test_options_go_to_pandas(files):
    asset = files(**{"a.csv": ("text/csv", b"a;b\n1;2\n")}).get_asset()
    assert list(asset.load_table(sep=",").columns) == ["a;b"]


def test_parquet_is_a_table_of_which_columns_may_be_chosen(files):
    written = io.BytesIO()
    pd.DataFrame({"a": [1, 2], "b": ["x", "y"]}).to_parquet(written)
    media_type = "application/vnd.apache.parquet"
    asset = files(a=(media_type, written.getvalue())).get_asset()
    assert asset.load_table()["b"].tolist() == ["x", "y"]
    assert list(asset.load_table(columns=["a"]).columns) == ["a"]


@pytest.mark.parametrize(
    ("data", "rows"),
    [
        (
            {"2022-02-01": [[1, 2], [3, 4]], "2022-01-01": [[5, None], []]},
            [
                {"date": "2022-01-01", "feature_index": 0, "band 1": 5.0, "band 2": None},
                {"date": "2022-01-01", "feature_index": 1, "band 1": None, "band 2": None},
                {"date": "2022-02-01", "feature_index": 0, "band 1": 1.0, "band 2": 2.0},
                {"date": "2022-02-01", "feature_index": 1, "band 1": 3.0, "band 2": 4.0},
            ],
        ),
        ({"2022-01-01": 7}, [{"date": "2022-01-01", "band 1": 7}]),
        ({"features": [FEATURE, {}]}, [{"name": "field", "area": 2.5}]),
        ([{"a": 1}], [{"a": 1}]),
    ],
)
def test_json_of_openeo_is_a_table(files, data, rows):
    content = json.dumps(data).encode()
    table = files(**{"a.json": ("application/json", content)}).get_asset().load_table()
    found = table.astype(object).where(table.notna(), None).to_dict("records")
    assert found == rows


@pytest.mark.parametrize(
    ("name", "media_type"), [("a.tif", "image/tiff"), ("a.json", "application/json"), ("a", "")]
)
def test_what_is_no_table_is_said(files, name, media_type):
    asset = files(**{name: (media_type, b'{"a": 1}')}).get_asset()
    with pytest.raises(OpenEOWidgetsError, match="is no table"):
        asset.load_table()


def test_a_netcdf_is_opened_where_it_is(files):
    results = files(**{"a.nc": ("application/x-netcdf", netcdf(cube("2022-01-01")))})
    with results.to_xarray() as found:
        assert found["B04"].chunks is not None
        assert found["B04"].to_numpy().tolist() == cube("2022-01-01")["B04"].to_numpy().tolist()


def test_several_netcdf_are_combined(files):
    parts = {
        f"{n}.nc": ("application/netcdf", netcdf(cube(first)))
        for n, first in enumerate(("2022-01-03", "2022-01-01"))
    }
    results = files(**parts)
    with results.to_xarray() as found:
        assert [str(time)[8:10] for time in found["t"].to_numpy()] == ["01", "02", "03", "04"]
    with results.to_xarray("0.nc") as found:
        assert found.sizes["t"] == 2


def test_geotiffs_are_put_along_their_dates_by_band(files):
    results = files(
        **{
            "openEO_2022-02-01Z.tif": ("image/tiff; application=geotiff", geotiff(20)),
            "openEO_2022-01-01Z.tif": ("image/tiff", geotiff(10)),
            "overview.tif": ("image/tiff", geotiff(0), {"roles": ["thumbnail"]}),
        }
    )
    found = results.to_xarray()
    assert list(found.data_vars) == ["B04", "B08"]
    assert [str(time)[:10] for time in found["t"].to_numpy()] == ["2022-01-01", "2022-02-01"]
    assert found["B08"].to_numpy()[:, 0, 0].tolist() == [12, 22]
    assert found.rio.crs.to_epsg() == 32631
    assert open_rasters()
    found.close()
    assert open_rasters() == []


def test_what_does_not_belong_together_is_not_put_together(files):
    tif = ("image/tiff", geotiff(0))
    results = files(**{"a.tif": tif, "b.tif": tif})
    with pytest.raises(MultipleAssetsError, match=r"'a\.tif', 'b\.tif'"):
        results.to_xarray()
    results.to_xarray("a.tif").close()
    assert open_rasters() == []
    results = files(**{"a.tif": tif, "a.nc": ("application/netcdf", netcdf(cube("2022")))})
    with pytest.raises(MultipleAssetsError):
        results.to_xarray()


def test_geojson_and_geoparquet_are_features(files):
    content = json.dumps({"type": "FeatureCollection", "features": [FEATURE]}).encode()
    results = files(
        **{"a.json": ("application/json", b"{}"), "a.geojson": ("application/geo+json", content)}
    )
    frame = results.to_geodataframe()
    assert frame["name"].tolist() == ["field"]
    assert (frame.geometry[0].x, frame.geometry[0].y) == (5, 51)
    assert frame.crs == "OGC:CRS84"
    written = io.BytesIO()
    frame.to_parquet(written)
    results = files(**{"a.parquet": ("application/vnd.apache.parquet", written.getvalue())})
    assert results.to_geodataframe()["name"].tolist() == ["field"]


def test_what_holds_no_features_is_said(files):
    results = files(**{"a.geojson": ("application/geo+json", b"[1]")})
    with pytest.raises(NoSuchAssetError, match="no NetCDF or GeoTIFF"):
        results.to_xarray()
    bad = files(**{"a.geojson": ("application/geo+json", b'{"features": [1]}')})
    with pytest.raises(OpenEOWidgetsError, match="holds no features"):
        bad.to_geodataframe()


@pytest.mark.parametrize(
    ("missing", "extra", "load"),
    [
        ("pandas", "tables", lambda results: results.get_asset("a.csv").load_table()),
        ("xarray", "cubes", lambda results: results.to_xarray()),
        ("h5netcdf", "cubes", lambda results: results.to_xarray("a.nc")),
        ("geopandas", "tables", lambda results: results.to_geodataframe()),
    ],
)
def test_what_is_not_installed_is_named(files, monkeypatch, missing, extra, load):
    results = files(**{"a.csv": ("text/csv", b"a\n"), "a.nc": ("application/netcdf", b"")})
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(MissingExtraError) as caught:
        load(results)
    assert f'pip install "openeo-widgets[{extra}]"' in str(caught.value)
    assert isinstance(caught.value, ImportError)
