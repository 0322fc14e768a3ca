"""From an asset to something to look at: one module a family. No Jupyter, no threads."""

from openeo_widgets.preview._chart import Chart, lines_shown
from openeo_widgets.preview._cube_open import is_netcdf, is_zarr, raster_of_netcdf, raster_of_zarr
from openeo_widgets.preview._features import Feature, Features, declared_crs, located
from openeo_widgets.preview._file import PreviewFile
from openeo_widgets.preview._geojson import features_of
from openeo_widgets.preview._open import Opened, open_preview
from openeo_widgets.preview._outlines import MOST_ASKED, MOST_UNASKED, outlines
from openeo_widgets.preview._raster import RasterFile
from openeo_widgets.preview._raster_about import About, Band
from openeo_widgets.preview._raster_colours import COLOR_MAPS
from openeo_widgets.preview._raster_cube import Cube, CubeFrame
from openeo_widgets.preview._raster_grid import Box, Grid, View, visible_part
from openeo_widgets.preview._raster_picture import Picture, picture
from openeo_widgets.preview._raster_style import (
    Style,
    first_style,
    legend,
    modes_of,
    number_text,
    ranges,
    stretches_of,
    styled,
)
from openeo_widgets.preview._raster_values import CostsMore, Pixels, Stats, stats
from openeo_widgets.preview._registry import register_preview
from openeo_widgets.preview._table import Table
from openeo_widgets.preview._tree import Tree
from openeo_widgets.preview._views import BUDGET_BYTES, SHOWN_BYTES, Image, Locate

__all__ = [
    "BUDGET_BYTES",
    "COLOR_MAPS",
    "MOST_ASKED",
    "MOST_UNASKED",
    "SHOWN_BYTES",
    "About",
    "Band",
    "Box",
    "Chart",
    "CostsMore",
    "Cube",
    "CubeFrame",
    "Feature",
    "Features",
    "Grid",
    "Image",
    "Locate",
    "Opened",
    "Picture",
    "Pixels",
    "PreviewFile",
    "RasterFile",
    "Stats",
    "Style",
    "Table",
    "Tree",
    "View",
    "declared_crs",
    "features_of",
    "first_style",
    "is_netcdf",
    "is_zarr",
    "legend",
    "lines_shown",
    "located",
    "modes_of",
    "number_text",
    "open_preview",
    "outlines",
    "picture",
    "ranges",
    "raster_of_netcdf",
    "raster_of_zarr",
    "register_preview",
    "stats",
    "stretches_of",
    "styled",
    "visible_part",
]
