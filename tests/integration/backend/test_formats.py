"""Every file format, read back and compared."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest
import rasterio
import xarray as xr
from backend_expected import BAND, GEOMETRIES, SUMMER, TRANSFORM, TWO, close, inside, ndvi, steps
from backend_graphs import POLYGON, SMALL, callback, chain, load, node, of
from shapely import geometry as shapes

from openeo_widgets.backend import sample


def test_csv(client, scenes, tmp_path):
    graph = chain(
        load(temporal_extent=["2022-06-01", "2022-09-01"], bands=["B04", "B08"]),
        node("ndvi", nir="B08", red="B04"),
        node("aggregate_spatial", geometries=POLYGON, reducer=callback("mean")),
        format="CSV",
    )
    (path,) = client.download(client.run(graph), tmp_path).values()
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert path.name == "timeseries.csv"
    assert [row["date"] for row in rows] == [f"{date}T10:00:00Z" for date in SUMMER]
    mask = inside(POLYGON)
    for row, date in zip(rows, SUMMER, strict=True):
        expected = np.nanmean(ndvi(scenes, sample.DATES.index(date))[mask])
        close(float(row["NDVI"]), expected, rtol=1e-4)


def test_geojson(client, scenes, tmp_path):
    graph = chain(
        load(temporal_extent=["2022-07-07", "2022-07-08"], bands=["B08"]),
        node("aggregate_spatial", geometries=GEOMETRIES["collection"][0], reducer=callback("max")),
        format="GeoJSON",
    )
    (path,) = client.download(client.run(graph), tmp_path).values()
    found = json.loads(path.read_text())
    assert path.suffix == ".geojson"
    (index,) = steps("2022-07-07")
    for feature, name, geometry in zip(found["features"], "ab", [POLYGON, TWO], strict=True):
        assert feature["properties"]["name"] == name
        got = shapes.shape(feature["geometry"])
        assert got.symmetric_difference(shapes.shape(geometry)).area < 1e-9
        expected = scenes[index, BAND["B08"]][inside(geometry)].max()
        close(feature["properties"]["B08_2022-07-07"], expected)


def test_netcdf(client, scenes, tmp_path):
    graph = chain(
        load(temporal_extent=["2022-06-01", "2022-09-01"], bands=["B04", "SCL"]), format="netCDF"
    )
    (path,) = client.download(client.run(graph), tmp_path).values()
    with xr.open_dataset(path, engine="h5netcdf", decode_coords="all") as found:
        assert list(found.data_vars) == ["B04", "SCL"]
        assert found["B04"].attrs.get("_FillValue") is None
        close(found["B04"].values, scenes[steps(*SUMMER)][:, BAND["B04"]])
        close(found["SCL"].values, scenes[steps(*SUMMER)][:, BAND["SCL"]])
        assert [str(t)[:10] for t in found["t"].values] == SUMMER
        close(found["x"].values, sample.x_coordinates())
        assert found.spatial_ref.attrs["crs_wkt"].startswith('PROJCS["WGS 84 / UTM zone 33N"')


def test_png(client, scenes, tmp_path):
    graph = chain(
        load(temporal_extent=["2022-05-23", "2022-05-24"], bands=["B04"]),
        format="PNG", minimum=0, maximum=2550,
    )  # fmt: skip
    (path,) = client.download(client.run(graph), tmp_path).values()
    with pytest.warns(rasterio.errors.NotGeoreferencedWarning), rasterio.open(path) as picture:
        grey, opacity = picture.read()
    (index,) = steps("2022-05-23")
    red = scenes[index, BAND["B04"]]
    np.testing.assert_array_equal(opacity == 255, np.isfinite(red))
    seen = np.isfinite(red)
    expected = np.clip(red[seen] / 10, 0, 255)
    assert np.abs(grey[seen].astype(float) - expected).max() <= 1


def test_geotiff_is_a_cog_in_the_right_place(client, tmp_path):
    results = client.run(SMALL)
    (path,) = client.download(results, tmp_path).values()
    with rasterio.open(path) as raster:
        assert raster.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert raster.crs.to_epsg() == sample.EPSG
        assert raster.transform == TRANSFORM
        assert np.isnan(raster.nodata)
        assert raster.descriptions == ("NDVI",)


def test_json_of_a_scalar_reduction(series, scenes):
    graph = chain(
        load(temporal_extent=["2022-07-07", "2022-07-08"], bands=["B08"]),
        node("reduce_spatial", reducer=callback("mean")),
        node("reduce_dimension", dimension="bands", reducer=callback("first")),
        format="JSON",
    )
    (index,) = steps("2022-07-07")
    expected = scenes[index, BAND["B08"]].mean(dtype=float)
    close(series(graph)["2022-07-07T10:00:00Z"], [[expected]], rtol=1e-4)


def test_several_saves_become_several_files(client):
    graph = {
        "load": load(temporal_extent=["2022-07-07", "2022-07-08"], bands=["B04"]),
        "tif": node("save_result", data=of("load"), format="GTiff"),
        "png": node("save_result", data=of("load"), format="PNG"),
        "nc": node("save_result", data=of("load"), format="netCDF") | {"result": True},
    }
    assert sorted(client.run(graph)["assets"]) == [
        "openEO.nc", "openEO_2022-07-07.png", "openEO_2022-07-07.tif",
    ]  # fmt: skip
