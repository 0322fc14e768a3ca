"""NetCDF: xarray's own view, facts, and values over time."""

import io
import sys
import warnings

import pytest

from openeo_widgets.errors import MissingExtraError, OpenEOWidgetsError
from openeo_widgets.preview import BUDGET_BYTES, open_preview

numpy = pytest.importorskip("numpy")
xarray = pytest.importorskip("xarray")
pytest.importorskip("h5netcdf")


def cube(shape=(3, 4, 5), **variables):
    values = numpy.arange(numpy.prod(shape), dtype="f4").reshape(shape)
    times = numpy.datetime64("2022-01-01", "ns") + numpy.arange(shape[0]) * numpy.timedelta64(
        1, "D"
    )
    made = {"B04": (("t", "y", "x"), values)}
    made |= {name: (("t", "y", "x"), value) for name, value in variables.items()}
    coords = {"t": times, "y": 50.0 + numpy.arange(shape[1]), "x": 5.0 + numpy.arange(shape[2])}
    return xarray.Dataset(made, coords)


def as_netcdf(dataset, **options):
    written = io.BytesIO()
    dataset.to_netcdf(written, engine="h5netcdf", **options)
    return written.getvalue()


def facts_of(preview, view):
    return {fact["name"]: fact["text"] for fact in view(preview, "facts")[0]["facts"]}


@pytest.mark.parametrize(
    ("name", "media_type"), [("a.nc", ""), ("a", "application/x-netcdf"), ("a.h5", "")]
)
def test_a_cube_is_a_chart_at_its_middle_a_page_and_facts(opened, view, name, media_type):
    preview = opened(as_netcdf(cube()), name, media_type)
    assert [one["kind"] for one in preview.told] == ["chart", "html", "facts"]
    told, _ = view(preview, "chart")
    (line,) = told["lines"]
    assert (line["name"], line["y"]) == ("B04", [12, 32, 52])
    assert line["x"] == [1640995200000 + day * 86_400_000 for day in range(3)]
    assert told["note"] == "Values at x 7, y 52."
    assert "xarray" in view(preview, "html")[0]["html"]
    facts = facts_of(preview, view)
    assert facts["Dimensions"] == "t: 3, y: 4, x: 5"
    assert facts["Variable B04"] == "float32 (t, y, x)"
    assert facts["t, first and last"] == "2022-01-01T00:00:00 to 2022-01-03T00:00:00"


def test_metres_are_told_in_plain_digits_with_their_reference_system(opened, view):
    given = cube().assign_coords(x=620365.0 + numpy.arange(5), y=5341460.0 - numpy.arange(4))
    given.x.attrs["units"] = given.y.attrs["units"] = "m"
    given["crs"] = ((), 0, {"crs_wkt": 'PROJCRS["WGS 84 / UTM zone 32N",BASEGEOGCRS[]]'})
    told, _ = view(opened(as_netcdf(given), "a.nc"), "chart")
    assert told["note"].replace("\N{NO-BREAK SPACE}", " ") == (
        "Values at x 620 367 m, y 5 341 458 m (WGS 84 / UTM zone 32N)."
    )


def test_gaps_are_gaps_and_numbers_are_those_of_the_file(opened, view):
    values = numpy.full((3, 4, 5), 0.25)
    values[1] = numpy.nan
    told, _ = view(opened(as_netcdf(cube(B08=values)), "a.nc"), "chart")
    assert [line["y"] for line in told["lines"]][1] == [0.25, None, 0.25]


def test_what_has_no_times_is_a_page_and_facts(opened):
    still = xarray.Dataset({"a": (("y", "x"), numpy.zeros((2, 2))), "name": "text"})
    assert [one["kind"] for one in opened(as_netcdf(still), "a.nc").told] == ["html", "facts"]
    assert opened(as_netcdf(xarray.Dataset()), "a.nc").told


def test_dates_in_a_unit_that_nobody_knows_are_numbers(opened, view):
    odd = xarray.Dataset(
        {"a": (("t",), [1.0, 2.0])}, {"t": ("t", [0, 5], {"units": "days since x"})}
    )
    told, _ = view(opened(as_netcdf(odd), "a.nc"), "chart")
    assert (told["x"], told["lines"][0]["x"]) == ("number", [0, 5])


def test_what_a_file_says_in_its_attributes_is_text(opened, view):
    hostile = cube()
    hostile["B04"].attrs["units"] = "<img src=x onerror=alert(1)>"
    hostile.attrs["title"] = "<script>alert(1)</script>"
    html = view(opened(as_netcdf(hostile), "a.nc"), "html")[0]["html"]
    assert "<img" not in html
    assert "<script>alert" not in html


def test_of_a_large_cube_its_metadata_are_read_and_the_rest_offered(opened, view, read):
    noise = numpy.random.default_rng(7).random((60, 400, 400), dtype="f4")
    encoding = {"B04": {"chunksizes": (60, 400, 400), "zlib": True}}
    dataset = cube(noise.shape).assign(B04=(("t", "y", "x"), noise))
    content = as_netcdf(dataset, encoding=encoding)
    assert len(content) > 6 * BUDGET_BYTES
    preview = opened(content, "a.nc")
    assert [one["kind"] for one in preview.told] == ["html", "facts"]
    assert "more than is read unasked" in preview.note
    assert preview.question
    assert sum(read) <= BUDGET_BYTES
    whole = opened(content, "a.nc", whole=True)
    assert view(whole, "chart")[0]["lines"][0]["y"][0] == pytest.approx(float(noise[0, 200, 200]))


@pytest.mark.parametrize("content", [b"", b"x" * 100, b"\x89HDF\r\n\x1a\n" + b"x" * 100])
def test_what_is_no_netcdf_is_said(opened, content):
    with pytest.raises(OpenEOWidgetsError, match="cannot be read as NetCDF"):
        opened(content, "a.nc")


def folder(tmp_path, dataset, version=3, **options):
    """A Zarr store as what loads a file of it, and the paths that were asked for."""
    import zarr.errors  # noqa: PLC0415 - beside this test nothing needs it

    with warnings.catch_warnings():
        # That of format 3 is not agreed upon yet.
        warnings.simplefilter("ignore", zarr.errors.ZarrUserWarning)
        dataset.to_zarr(tmp_path / "a", zarr_format=version, consolidated=True, **options)
    asked = []

    def load(path):
        asked.append(path)
        file = tmp_path / "a" / path
        return file.read_bytes() if file.is_file() else None

    return load, asked


@pytest.mark.parametrize("version", [2, 3])
def test_a_zarr_store_is_shown_as_a_cube_is(tmp_path, file_of, view, version):
    load, asked = folder(tmp_path, cube(), version)
    file = file_of(b"", "a", "application/vnd+zarr")
    file.member = load
    preview = open_preview(file)
    assert [one["kind"] for one in preview.told] == ["chart", "html", "facts"]
    assert view(preview, "chart")[0]["lines"][0]["y"] == [12, 32, 52]
    assert facts_of(preview, view)["Dimensions"] == "t: 3, y: 4, x: 5"
    assert "open_zarr" in preview.python
    assert asked


def test_of_a_large_zarr_store_no_more_than_the_budget_is_read(tmp_path, file_of):
    noise = numpy.random.default_rng(7).random((40, 500, 500), dtype="f4")
    dataset = cube(noise.shape).assign(B04=(("t", "y", "x"), noise))
    load, asked = folder(tmp_path, dataset, encoding={"B04": {"chunks": (1, 500, 500)}})
    file = file_of(b"", "a.zarr")
    file.member = load
    preview = open_preview(file)
    assert [one["kind"] for one in preview.told] == ["html", "facts"]
    assert "more than is read unasked" in preview.note
    # Some are loaded at the same time.
    assert len([path for path in asked if path.startswith("B04/c/")]) < 25
    file.whole = True
    assert [one["kind"] for one in open_preview(file).told] == ["chart", "html", "facts"]


def test_what_is_no_zarr_store_is_said(file_of):
    file = file_of(b"", "a.zarr")
    with pytest.raises(OpenEOWidgetsError, match="said to be a folder"):
        open_preview(file)
    file.member = lambda _path: None
    with pytest.raises(OpenEOWidgetsError, match="cannot be read as Zarr"):
        open_preview(file)


def test_without_zarr_it_says_what_to_install(file_of, monkeypatch):
    monkeypatch.setitem(sys.modules, "zarr", None)
    file = file_of(b"", "a.zarr")
    file.member = lambda _path: None
    with pytest.raises(MissingExtraError) as caught:
        open_preview(file)
    assert 'pip install "openeo-widgets[cubes]"' in str(caught.value)


@pytest.mark.parametrize("missing", ["xarray", "h5netcdf"])
def test_what_is_not_installed_is_named(opened, monkeypatch, missing):
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(MissingExtraError) as caught:
        opened(as_netcdf_once(), "a.nc")
    assert 'pip install "openeo-widgets[cubes]"' in str(caught.value)


def as_netcdf_once():
    return b"\x89HDF\r\n\x1a\n" + b"x" * 100
