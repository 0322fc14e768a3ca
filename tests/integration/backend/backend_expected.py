"""What the tests expect, in plain NumPy."""

from __future__ import annotations

import numpy as np
import shapely
from affine import Affine
from backend_graphs import POLYGON
from pyproj import Transformer
from rasterio.features import geometry_mask
from shapely import geometry as shapes

from openeo_widgets.backend import sample

BAND = {name: index for index, name in enumerate(sample.BANDS)}
TRANSFORM = Affine(sample.STEP, 0, sample.WEST, 0, -sample.STEP, sample.NORTH)
SUMMER = [date for date in sample.DATES if "2022-06-01" <= date < "2022-09-01"]


def steps(*dates):
    return [sample.DATES.index(date) for date in dates]


def inside(*geometries):
    """Where the pixel centres lie in one of these lon/lat geometries."""
    project = Transformer.from_crs(4326, sample.EPSG, always_xy=True).transform

    def metres(points):
        return np.column_stack(project(points[:, 0], points[:, 1]))

    projected = [shapely.transform(shapes.shape(g), metres) for g in geometries]
    size = (sample.HEIGHT, sample.WIDTH)
    return geometry_mask(projected, out_shape=size, transform=TRANSFORM, invert=True)


def close(got, expected, rtol=1e-5):
    np.testing.assert_allclose(got, expected, rtol=rtol, atol=1e-6, equal_nan=True)


def ndvi(scenes, index):
    nir, red = scenes[index, BAND["B08"]], scenes[index, BAND["B04"]]
    return (nir - red) / (nir + red)


HOLE = {
    "type": "Polygon",
    "coordinates": [
        [[16.605, 48.205], [16.62, 48.205], [16.62, 48.22], [16.605, 48.22], [16.605, 48.205]],
        [[16.61, 48.21], [16.61, 48.215], [16.615, 48.215], [16.615, 48.21], [16.61, 48.21]],
    ],
}
TWO = {
    "type": "MultiPolygon",
    "coordinates": [
        HOLE["coordinates"],
        [[[16.63, 48.22], [16.638, 48.22], [16.638, 48.226], [16.63, 48.226], [16.63, 48.22]]],
    ],
}
GEOMETRIES = {
    "polygon": (POLYGON, [POLYGON]),
    "feature": ({"type": "Feature", "geometry": HOLE, "properties": None}, [HOLE]),
    "multipolygon": (TWO, [TWO]),
    "collection": (
        {
            "type": "FeatureCollection",
            "features": [
                {"type": "Feature", "geometry": g, "properties": {"name": n}}
                for n, g in (("a", POLYGON), ("b", TWO))
            ],
        },
        [POLYGON, TWO],
    ),
}
