"""From an asset to something to look at."""

from openeo_widgets.preview._json import BUDGET_BYTES, JsonPreview, Series, preview_json
from openeo_widgets.preview._raster import CostsMore, Pixels, RasterFile, Stats, stats
from openeo_widgets.preview._raster_about import About, Band
from openeo_widgets.preview._raster_colours import COLOR_MAPS
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

__all__ = [
    "BUDGET_BYTES",
    "COLOR_MAPS",
    "About",
    "Band",
    "Box",
    "CostsMore",
    "Grid",
    "JsonPreview",
    "Picture",
    "Pixels",
    "RasterFile",
    "Series",
    "Stats",
    "Style",
    "View",
    "first_style",
    "legend",
    "modes_of",
    "number_text",
    "picture",
    "preview_json",
    "ranges",
    "stats",
    "stretches_of",
    "styled",
    "visible_part",
]
