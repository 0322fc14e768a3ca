"""Rasters of every kind: each is shown, or it says why not and what it would cost."""

import base64
import io

import numpy as np
import pytest
import rasterio
from harness.rasters import decoded, write_tiff
from rasterio.enums import ColorInterp

from openeo_widgets.errors import DownloadError, RasterError
from openeo_widgets.preview import (
    CostsMore,
    Grid,
    RasterFile,
    View,
    first_style,
    legend,
    picture,
    ranges,
    styled,
    visible_part,
)
from openeo_widgets.preview._raster_picture import MOST_SENT
from openeo_widgets.preview._raster_style import end_text

SIZE = 60
COLOURS = [ColorInterp.red, ColorInterp.green, ColorInterp.blue, ColorInterp.alpha]
RNG = np.random.default_rng(7)


@pytest.fixture
def opened():
    files = []

    def make(path, **metadata):
        files.append(path.open("rb"))
        return RasterFile(files[-1], path.name, metadata)

    yield make
    for file in files:
        file.close()


def whole(file):
    """A picture of all of it, a few hundred pixels wide."""
    box = file.about.place.box
    (south, west), (north, east) = box.lat_lon
    zoom = np.floor(np.log2(40_075_016.7 / 256 / ((box.right - box.left) / 400)))
    return visible_part(box, View((south + north) / 2, (west + east) / 2, zoom, 600, 600))


def drawn(file, style=None, *, most=None):
    """What is seen of a raster: red, green, blue, alpha; rows; columns."""
    style = style or first_style(file.about)
    pixels = file.read(whole(file), style.bands, most=most)
    spread = ranges(file.about, style, file.sample(style.bands, most=most))
    made = picture(pixels, style, spread, file.about.palette)
    assert len(made.url) <= MOST_SENT
    return decoded(base64.b64decode(made.url.partition(",")[2]))


KINDS = {
    "uint8": RNG.integers(0, 255, (1, SIZE, SIZE), np.uint8),
    "uint16": RNG.integers(0, 10_000, (4, SIZE, SIZE), np.uint16),
    "int16": RNG.integers(-500, 500, (1, SIZE, SIZE), np.int16),
    "int8": RNG.integers(-100, 100, (1, SIZE, SIZE), np.int8),
    "int64": RNG.integers(-100, 100, (1, SIZE, SIZE), np.int64),
    "float32": RNG.random((2, SIZE, SIZE), np.float32),
    "float64": RNG.random((1, SIZE, SIZE)) * 1e200,
    "complex64": (RNG.random((1, SIZE, SIZE)) * 1j).astype(np.complex64),
    "16 bands": RNG.integers(0, 4000, (16, SIZE, SIZE), np.uint16),
    "one value": np.full((1, SIZE, SIZE), 7, np.uint8),
    "one pixel": np.full((1, 1, 1), 7, np.uint8),
}


@pytest.mark.parametrize("layout", [{}, {"tiled": True, "blockxsize": 16, "blockysize": 16}])
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_drawn(tmp_path, opened, kind, layout):
    file = opened(write_tiff(tmp_path / "a.tif", KINDS[kind], **layout))
    seen = drawn(file)
    assert (seen[3] == 255).mean() > 0.9
    if "one" not in kind:
        assert len(np.unique(seen[:3].reshape(3, -1), axis=1).T) > 20


def test_what_has_no_value_is_transparent_and_leaves_the_colours_alone(tmp_path, opened):
    values = np.full((1, SIZE, SIZE), np.nan, np.float32)
    values[0, :, 30:] = np.linspace(0, 1, 30)
    values[0, 0, 0] = np.inf
    file = opened(write_tiff(tmp_path / "a.tif", values))
    (known,) = file.sample([1], most=None)
    assert (known.least, known.most) == (0, 1)
    assert known.missing == pytest.approx(0.5)
    seen = drawn(file)
    columns = seen.shape[2]
    assert not seen[3, :, : columns // 2 - 3].any()
    assert (seen[3, 5:-5, columns // 2 + 3 : -5] == 255).all()


@pytest.mark.parametrize(("values", "nodata"), [(np.zeros((1, 9, 9), np.uint8), 0), (None, None)])
def test_nothing_but_missing_values_is_drawn_as_nothing(tmp_path, opened, values, nodata):
    values = np.full((1, 9, 9), np.nan) if values is None else values
    file = opened(write_tiff(tmp_path / "a.tif", values, nodata=nodata))
    assert file.sample([1], most=None) == [None]
    assert not drawn(file)[3].any()
    (lat, lon) = (48.455, 16.045)
    assert file.values_at(lon, lat) == [None]


def test_a_dark_blue_is_no_hole_in_a_picture_of_three_bands(tmp_path, opened):
    values = RNG.integers(1, 255, (3, SIZE, SIZE), np.uint8)
    values[2] = 0
    path = write_tiff(tmp_path / "a.tif", values, nodata=0, photometric="RGB")
    assert (drawn(opened(path))[3] == 255).mean() > 0.9


def test_a_band_of_transparency_is_no_band_to_choose(tmp_path, opened):
    values = RNG.integers(1, 255, (4, SIZE, SIZE), np.uint8)
    values[3] = 255
    values[3, :, :30] = 0

    def colours(raster):
        raster.colorinterp = COLOURS

    file = opened(write_tiff(tmp_path / "a.tif", values, then=colours, photometric="RGB"))
    assert [band.number for band in file.about.bands] == [1, 2, 3]
    assert first_style(file.about).stretch == "byte"
    assert 0.4 < (drawn(file)[3] == 255).mean() < 0.6


def test_a_palette_is_shown_as_it_is_with_the_names_of_its_classes(tmp_path, opened):
    values = np.ones((1, SIZE, SIZE), np.uint8)
    values[0, :, 30:] = 2

    def colours(raster):
        raster.write_colormap(1, {1: (10, 200, 30, 255), 2: (200, 0, 0, 255)})

    classes = [{"value": 1, "name": "forest"}, {"value": 2, "title": "<b>built</b>"}, {"value": []}]
    path = write_tiff(tmp_path / "a.tif", values, then=colours, photometric="palette")
    file = opened(path, **{"raster:bands": [{"classification:classes": classes}]})
    seen = {tuple(colour) for colour in drawn(file).reshape(4, -1).T if colour[3]}
    assert seen == {(10, 200, 30, 255), (200, 0, 0, 255)}
    assert legend(file.about, first_style(file.about), [(0, 1)])["classes"] == [
        {"colour": "#0ac81e", "name": "forest"},
        {"colour": "#c80000", "name": "<b>built</b>"},
    ]
    single = styled(first_style(file.about), file.about, {"mode": "single"})
    assert drawn(file, single).any()


def test_bands_are_named_measured_and_made_a_picture_by_the_metadata(tmp_path, opened):
    bands = [
        {"name": name, "eo:common_name": colour, "unit": "1", "raster:scale": 0.0001}
        | {"statistics": {"minimum": 0, "maximum": 9000}}
        for name, colour in [("B02", "blue"), ("B03", "green"), ("B04", "red"), ("B08", "nir")]
    ]
    path = write_tiff(tmp_path / "a.tif", KINDS["uint16"])
    about = opened(path, bands=bands).about
    assert about.rgb == (3, 2, 1)
    assert about.bands[3].name == "B08"
    assert about.bands[3].meant(5000) == pytest.approx(0.5)
    style = styled(first_style(about), about, {"mode": "single", "stretch": "stated"})
    (ends,) = ranges(about, style, [None])
    assert ends == (0, 9000)
    assert legend(about, style, [ends])["high"] == "0.9"


@pytest.mark.parametrize(
    "bands", [None, "x", [None, 3], [{"name": 5, "statistics": "no", "scale": "x", "classes": 1}]]
)
def test_metadata_of_any_kind_are_no_error(tmp_path, opened, bands):
    path = write_tiff(tmp_path / "a.tif", KINDS["uint8"])
    told = {"bands": bands, "raster:bands": bands, "proj:epsg": [], "proj:transform": "x"}
    assert opened(path, **told).about.bands[0].name == "band 1"


@pytest.mark.parametrize(
    "wanted",
    [
        {"mode": "rgb"},
        {"mode": "x"},
        {"chosen": [2]},
        {"chosen": "1"},
        {"colormap": "jet"},
        {"ends": [[2, 1]]},
        {"ends": [[0, float("nan")]]},
        {"ends": [[0, 1], [0, 1]]},
    ],
)
def test_a_style_that_there_is_not_is_refused(tmp_path, opened, wanted):
    about = opened(write_tiff(tmp_path / "a.tif", KINDS["uint8"])).about
    with pytest.raises(ValueError, match=r"\w"):
        styled(first_style(about), about, wanted)


def test_a_range_of_ones_own_is_in_values_as_they_are_meant(tmp_path, opened):
    path = write_tiff(tmp_path / "a.tif", KINDS["uint16"])
    about = opened(path, bands=[{"scale": 0.5, "offset": 1}]).about
    style = styled(first_style(about), about, {"ends": [[11, 21]]})
    assert style.stretch == "own"
    assert ranges(about, style, [None]) == [(20, 40)]


def test_what_costs_more_than_the_budget_is_not_read(tmp_path, opened):
    values = RNG.integers(0, 255, (1, 2500, 2500), np.uint8)
    file = opened(write_tiff(tmp_path / "a.tif", values))
    with pytest.raises(CostsMore) as caught:
        file.read(whole(file), [1], most=1_000_000)
    # Of strips of three rows not all are touched.
    assert 2_000_000 < caught.value.cost < 6_250_000
    # A part of it is affordable.
    part = visible_part(file.about.place.box, View(35.0, 28.0, 11, 400, 300))
    assert file.read(part, [1], most=1_000_000).valid.any()


def test_pieces_too_large_for_memory_are_refused(tmp_path, opened):
    path = tmp_path / "a.tif"
    profile = {"width": 30_000, "height": 30_000, "count": 1, "dtype": "uint8", "crs": "EPSG:3857"}
    profile |= {
        "tiled": True,
        "blockxsize": 30_000,
        "blockysize": 30_000,
        "sparse_ok": True,
        "compress": "deflate",
    }
    with rasterio.open(
        path, "w", driver="GTiff", transform=rasterio.Affine(9, 0, 0, 0, -9, 0), **profile
    ):
        pass
    file = opened(path)
    with pytest.raises(RasterError, match="pieces of 900 MB"):
        file.read(whole(file), [1], most=None)


VRT = b"""<VRTDataset rasterXSize="1" rasterYSize="1"><VRTRasterBand dataType="Byte" band="1">
<SimpleSource><SourceFilename>/etc/passwd</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>"""


@pytest.mark.parametrize("content", [b"", b"II*\0", b"<html>", VRT, b"II*\0" + b"\xff" * 500])
def test_what_is_no_geotiff_is_said_to_be_none(content):
    with pytest.raises(RasterError, match="no GeoTIFF"):
        RasterFile(io.BytesIO(content), "a.tif", {})


def test_a_file_that_breaks_off_says_so_in_its_own_words(tmp_path):
    class Breaking(io.BytesIO):
        broken = False

        def read(self, count=-1):
            if self.broken:
                raise DownloadError("The connection is gone.")
            return super().read(count)

    file = Breaking(write_tiff(tmp_path / "a.tif", KINDS["uint8"]).read_bytes())
    raster = RasterFile(file, "a.tif", {})
    file.broken = True
    with pytest.raises(DownloadError, match="connection is gone"):
        raster.read(whole(raster), [1], most=None)


def test_what_is_too_much_to_send_is_sent_coarser(tmp_path, opened):
    values = RNG.integers(0, 255, (3, 1500, 1500), np.uint8)
    file = opened(write_tiff(tmp_path / "a.tif", values, photometric="RGB"))
    box = file.about.place.box
    grid = Grid(box, 0, 1500, 1500)
    style = first_style(file.about)
    made = picture(file.read(grid, style.bands, most=None), style, [(0.0, 255.0)] * 3)
    assert len(made.url) <= MOST_SENT
    assert made.coarser > 1


@pytest.mark.parametrize(
    ("end", "text"),
    [(-0.28412345, "-0.2841"), (0.848, "0.848"), (12345.67, "12346"), (65535, "65535")],
)
def test_ends_of_colours_have_four_digits(end, text):
    assert end_text(end) == text
