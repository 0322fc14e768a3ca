"""The sample data look like something, and the same everywhere."""

from __future__ import annotations

import numpy as np
import pytest

from openeo_widgets.backend import sample
from openeo_widgets.backend.geometries import LON_LAT, parse_crs


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return sample.ensure(tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="module")
def scenes(path):
    return np.stack([sample.read(path, date, sample.BANDS) for date in sample.DATES])


def test_its_form(scenes):
    assert scenes.shape == (24, 6, sample.HEIGHT, sample.WIDTH)
    assert min(sample.HEIGHT, sample.WIDTH) >= 256
    assert len(sample.x_coordinates()) == sample.WIDTH
    assert len(sample.y_coordinates()) == sample.HEIGHT


def test_it_is_made_once(path):
    before = path.stat().st_mtime_ns
    assert sample.ensure(path.parent) == path
    assert path.stat().st_mtime_ns == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_it_is_the_same_every_time(path):
    again = sample.make()
    for date in sample.DATES[:2]:
        with np.load(path) as archive:
            np.testing.assert_array_equal(archive[date], again[date])


def test_clouds_are_as_many_as_told(scenes):
    classes = scenes[:, sample.BANDS.index("SCL")]
    for scene, cover in zip(classes, sample.CLOUDS, strict=True):
        seen = np.isfinite(scene)
        share = 100 * np.isin(scene[seen], [8, 9]).mean()
        assert abs(share - cover) < (1 if seen.all() else 20)


def test_fields_green_up_and_ripen(scenes):
    """Winter crops are green in May and ripe in July, summer crops the other way round."""
    clear = [sample.DATES.index(date) for date in ("2022-05-08", "2022-07-07")]
    red, nir = (scenes[clear][:, sample.BANDS.index(band)] for band in ("B04", "B08"))
    may, july = (nir - red) / (nir + red)
    assert ((may > 0.7) & (july < 0.45)).mean() > 0.03
    assert ((may < 0.3) & (july > 0.6)).mean() > 0.1


def test_the_edge_of_the_swath_is_nodata(scenes):
    missing = np.isnan(scenes).all(axis=1)
    assert [index for index in range(24) if missing[index].any()] == list(range(1, 24, 4))
    np.testing.assert_array_equal(np.isnan(scenes).any(axis=1), missing)


def test_its_bounds_in_degrees():
    from pyproj import Transformer  # noqa: PLC0415

    transformer = Transformer.from_crs(parse_crs(sample.EPSG), LON_LAT, always_xy=True)
    exact = transformer.transform_bounds(*sample.bounds(), densify_pts=21)
    np.testing.assert_allclose(sample.lon_lat_bounds(), exact, atol=1.1e-4)
    west, south, east, north = sample.lon_lat_bounds()
    assert west <= exact[0]
    assert south <= exact[1]
    assert east >= exact[2]
    assert north >= exact[3]
