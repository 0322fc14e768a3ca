"""Files that differ by their date only are found, and nothing else is taken for one."""

import pytest

from openeo_widgets import Connection
from openeo_widgets.api import ResultAsset
from openeo_widgets.widgets._raster_dates import same_but_date

# Nobody listens there.
JOB = Connection("http://127.0.0.1:1").job("j-1")
TIFF = "image/tiff; application=geotiff"


def assets(*keys, **metadata):
    found = {}
    for key in keys:
        told = {"type": TIFF, **metadata.get(key, {})}
        href = told.pop("href", f"https://store.example/{key}?sig=1")
        found[key] = ResultAsset(JOB, key, href, told, key, links=JOB.get_results().links)
    return found


def group(found, key, of_items=None):
    files, place = same_but_date(found[key], found, of_items or {})
    assert files[place].asset is found[key]
    return [(file.label, file.key) for file in files]


@pytest.mark.parametrize(
    ("names", "labels"),
    [
        (["a_2022-06-02Z.tif", "a_2022-06-01Z.tif"], ["2022-06-01", "2022-06-02"]),
        (["a_20220601.tif", "a_20220702.tif"], ["2022-06-01", "2022-07-02"]),
        (["a_2022-06.tif", "a_2021-12.tif"], ["2021-12-01", "2022-06-01"]),
        (
            ["a_20220601T103021_T33UXP.tif", "a_20220601T104021_T33UXP.tif"],
            ["2022-06-01 10:30:21", "2022-06-01 10:40:21"],
        ),
    ],
)
def test_dates_in_names_order_the_files(names, labels):
    found = group(assets(*names), names[0])
    assert [label for label, _ in found] == labels
    assert [key for _, key in found] == sorted(names)


def test_another_place_kind_or_other_bands_make_another_raster():
    found = assets(
        *("a_2022-06-01.tif", "a_2022-06-02.tif", "b_2022-06-01.tif", "a_2022-06-03.png"),
        *("a_2022-06-04.tif", "a.tif"),
        **{
            "a_2022-06-03.png": {"type": "image/png"},
            "a_2022-06-04.tif": {"bands": [{"name": "B08"}]},
        },
    )
    assert [key for _, key in group(found, "a_2022-06-01.tif")] == [
        "a_2022-06-01.tif",
        "a_2022-06-02.tif",
    ]
    for alone in ("b_2022-06-01.tif", "a_2022-06-04.tif", "a.tif"):
        assert group(found, alone) == [("", alone)]


def test_what_metadata_tell_is_believed_before_names():
    days = {"a_2001-01-01.tif": "2022-06-02T00:00:00Z", "a_2001-01-02.tif": "2022-06-01T00:00:00Z"}
    told = {key: {"datetime": day} for key, day in days.items()}
    assert group(assets(*days, **told), "a_2001-01-01.tif") == [
        ("2022-06-01", "a_2001-01-02.tif"),
        ("2022-06-02", "a_2001-01-01.tif"),
    ]
    of_items = {key: f"2023-0{number}-01T00:00:00Z" for number, key in enumerate(days, 1)}
    assert group(assets(*days, **told), "a_2001-01-01.tif", of_items) == [
        ("2023-01-01", "a_2001-01-01.tif"),
        ("2023-02-01", "a_2001-01-02.tif"),
    ]


def test_a_date_that_all_files_of_an_item_share_tells_nothing():
    found = assets("a_2022-06-01.tif", "a_2022-06-02.tif")
    of_items = dict.fromkeys(found, "2022-06-01T00:00:00Z")
    assert [label for label, _ in group(found, "a_2022-06-01.tif", of_items)] == [
        "2022-06-01",
        "2022-06-02",
    ]


def test_files_of_several_items_may_have_the_same_name():
    told = {
        f"i{number}_B04": {"href": f"https://store.example/i{number}/B04.tif"} for number in (1, 2)
    }
    of_items = {"i1_B04": "2022-06-01T00:00:00Z", "i2_B04": "2022-06-11T00:00:00Z"}
    assert len(group(assets(*told, **told), "i1_B04", of_items)) == 2
    assert group(assets(*told, **told), "i1_B04") == [("", "i1_B04")]


def test_a_cube_has_its_dates_in_it():
    told = {"type": "application/x-netcdf"}
    found = assets("a_2022.nc", "a_2022-06-01.nc", "a_2022-06-02.nc", **{"a_2022-06-01.nc": told})
    assert group(found, "a_2022-06-01.nc") == [("", "a_2022-06-01.nc")]
