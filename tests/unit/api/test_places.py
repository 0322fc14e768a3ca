"""Where Items and files lie: geometry of every kind, the antimeridian, projections, many."""

from __future__ import annotations

import math
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openeo_widgets.api import _projection
from openeo_widgets.api._antimeridian import placed
from openeo_widgets.api._boxes import is_world, joined, overlap, read_box, wrapped
from openeo_widgets.api._geojson import drawable, lines, positions
from openeo_widgets.api._places import MOST_PLACES, Place, footprints, simplified
from openeo_widgets.api._stac_items import Linked, file_key
from openeo_widgets.api._where import footprint

BASE = "https://back.end/jobs/1/results"
UTM = {"proj:epsg": 32633, "proj:bbox": [600_000, 5_320_000, 620_000, 5_340_000]}


def box(west, south, east, north):
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def item(number, bbox, **assets):
    return {"type": "Feature", "id": f"i{number}", "bbox": bbox, "geometry": box(*bbox),
            "properties": {"datetime": "2022-07-01"}, "assets": assets}  # fmt: skip


def below(*items):
    documents = {f"{BASE}/{one['id']}": one for one in items}
    return Linked(documents, {key: key for key in documents})


def test_each_item_and_each_file_that_says_more():
    own = {"href": "a.tif", "bbox": [1, 2, 2, 3], "datetime": "2022-07-02"}
    linked = below(item(1, [1, 2, 3, 4], a=own, b={"href": "b.tif"}))
    top = {"assets": {"c": {"href": "c.tif", "proj:epsg": 4326, "proj:bbox": [5, 6, 7, 8]},
                      "d": {"href": "d.tif"}}}  # fmt: skip
    found = {place.key: place for place in footprints(top, BASE, linked)}
    assert list(found) == ["i1", "i1_a", "c"]
    assert (found["i1"].kind, found["i1"].assets) == ("item", ("i1_b",))
    assert (found["i1_a"].kind, found["i1_a"].datetime) == ("asset", "2022-07-02")
    assert found["i1_a"].bbox == (1, 2, 2, 3)
    assert found["c"].bbox == (5, 6, 7, 8)


def test_keys_are_those_of_the_files_that_are_listed():
    linked = below(item(1, [1, 2, 3, 4], a={"href": "a.tif?sig=2"}))
    top = {"assets": {"i1_a": {"href": "a.tif?sig=1"}}}
    (place,) = footprints(top, BASE, linked)
    assert place.assets == ("i1_a",)


@pytest.mark.usefixtures("_without_extras")
def test_without_pyproj_the_extra_is_named():
    found = footprint({"properties": UTM, "geometry": None})
    assert found.bbox is None
    assert 'pip install "openeo-widgets[geo]"' in found.note
    assert "EPSG:32633" in found.note


@pytest.fixture
def _without_extras(monkeypatch):
    _projection._transformer.cache_clear()
    for name in ("pyproj", "shapely", "shapely.geometry", "antimeridian"):
        monkeypatch.setitem(sys.modules, name, None)
    yield
    _projection._transformer.cache_clear()


CROSSING = [
    box(178, -19, -179, -16),
    box(178, -19, 181, -16),
    box(-182, -19, -179, -16),
    {"type": "MultiPolygon", "coordinates": [box(178, -19, 180, -16)["coordinates"],
                                             box(-180, -19, -179, -16)["coordinates"]]},
    {"type": "LineString", "coordinates": [[178, -19], [-179, -16]]},
]  # fmt: skip


@pytest.mark.parametrize("geometry", CROSSING, ids=lambda one: one["type"])
def test_across_the_antimeridian_in_one_piece(geometry):
    drawn, around = placed(drawable(geometry))
    assert around == pytest.approx((178, -19, -179, -16))
    longitudes = [x for x, _ in positions(drawn)]
    assert (min(longitudes), max(longitudes)) == pytest.approx((178, 181))


@pytest.mark.usefixtures("_without_extras")
@pytest.mark.parametrize("geometry", CROSSING, ids=lambda one: one["type"])
def test_across_the_antimeridian_without_the_package(geometry):
    test_across_the_antimeridian_in_one_piece(geometry)


def test_a_long_line_that_goes_back_and_forth_is_left_to_what_is_quick():
    count = 100_000  # for which the package takes minutes
    line = [[179 if n % 2 else -179, -60 + 120 * n / count] for n in range(count)]
    drawn, around = placed({"type": "LineString", "coordinates": line})
    assert (around[0], around[2]) == (179, -179)
    assert len(positions(drawn)) == count


def test_what_is_wide_is_told_from_what_crosses_by_its_box():
    wide = box(-170, -10, 170, 10)
    assert placed(drawable(wide), (-170.0, -10.0, 170.0, 10.0))[1] == (-170, -10, 170, 10)
    assert placed(drawable(wide))[1] == (170, -10, -170, 10)
    world = box(-180, -90, 180, 90)
    assert is_world(placed(drawable(world))[1])


def test_a_pole():
    ring = {"type": "Polygon", "coordinates": [[[x, -70] for x in (0, -90, -179, 90, 0)]]}
    assert placed(drawable(ring))[1] == (-180, -90, 180, -70)


@pytest.mark.parametrize(
    ("boxes", "found"),
    [
        ([(1, 2, 3, 4), (5, 0, 6, 1)], (1, 0, 6, 4)),
        ([(170, 0, -175, 1), (160, 0, 165, 1)], (160, 0, -175, 1)),
        ([(170, 0, 180, 1), (-180, 0, -170, 1)], (170, 0, -170, 1)),
        ([(-180, 0, 180, 1), (170, 0, 180, 1)], (-180, 0, 180, 1)),
        ([(170, 0, -175, 1), (-20, 0, 20, 1)], (170, 0, 20, 1)),
        ([], None),
    ],
)
def test_boxes_joined(boxes, found):
    assert joined(boxes) == found


edges = st.tuples(st.integers(-180, 179), st.integers(-90, 89), st.integers(1, 180))


@given(st.lists(edges, min_size=1, max_size=4))
def test_what_is_joined_holds_all_its_parts(parts):
    boxes = [wrapped((w, s, w + d, min(90, s + 1))) for w, s, d in parts]
    around = joined(boxes)
    assert all(overlap(around, one) for one in boxes)
    assert read_box(list(around))[0] == around


@pytest.mark.parametrize("crs", ["EPSG:32633", "EPSG:3857"])
def test_rotated_grids(crs):
    pytest.importorskip("pyproj")
    turned = [7.0, 7.0, 600_000, 7.0, -7.0, 5_340_000]
    fields = {"proj:code": crs, "proj:transform": turned, "proj:shape": [100, 100]}
    found = footprint({"properties": fields})
    corners = next(lines(found.geometry))
    assert len(corners) > 20
    assert all(map(math.isfinite, found.bbox))
    # A diamond: its northern corner is far from the corners of its box.
    north = max(corners, key=lambda corner: corner[1])
    west, _, east, _ = found.bbox
    assert north[0] == pytest.approx((west + east) / 2, abs=(east - west) / 10)


CIRCLE = [[math.cos(a / 100) / 9, math.sin(a / 100) / 9] for a in range(628)]
ROUND = {"type": "Polygon", "coordinates": [[*CIRCLE, CIRCLE[0]]]}


def test_many_vertices_become_as_few_as_a_browser_bears():
    places = [Place(str(n), "item", ROUND, (-1, -1, 1, 1)) for n in range(100)]
    kept = simplified(places, most=2000)
    drawn = [place.geometry for place in kept if place.geometry]
    assert sum(len(positions(geometry)) for geometry in drawn) <= 2000
    ring = kept[0].geometry["coordinates"][0]
    assert ring[0] == ring[-1]
    assert len(ring) > 4
    assert places[0].geometry is ROUND
    assert len(ROUND["coordinates"][0]) == 629


@pytest.mark.usefixtures("_without_extras")
def test_many_vertices_become_few_without_shapely():
    test_many_vertices_become_as_few_as_a_browser_bears()


def test_so_many_and_no_more():
    places = [Place(str(n), "item", None, (0, 0, 1, 1)) for n in range(MOST_PLACES + 5)]
    assert len(simplified(places)) == MOST_PLACES


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://x/a.tif?sig=1&se=2", "https://x/a.tif?sig=3", True),
        ("https://x/a.tif?X-Amz-Signature=1", "https://x/a.tif", True),
        ("https://x/dl?file=a.tif&sig=1", "https://x/dl?sig=2&file=a.tif", True),
        ("https://x/dl?file=a.tif", "https://x/dl?file=b.tif", False),
        ("https://x/a.tif#1", "https://x/a.tif#2", True),
    ],
)
def test_the_same_file(one, other, same):
    assert (file_key(one) == file_key(other)) is same


@pytest.mark.parametrize(
    "naming",
    [
        'EXTENSION["PROJ4","+proj=merc +nadgrids=/dev/zero"]',
        'EXTENSION["PROJ4","+proj=merc +nadgrids=@null,/dev/zero"]',
        'EXTENSION["PROJ4_GRIDS","/dev/zero"]',
        'PARAMETERFILE["Latitude and longitude difference file","/dev/zero"]',
        'REMARK["PROJ CRS string: +init=/dev/zero:1"]',
    ],
)
def test_a_reference_system_that_names_files_of_this_machine_is_not_used(naming):
    assert _projection.crs_of({"proj:wkt2": f'PROJCS["a",{naming}]'}) is None
    assert _projection.crs_of({"proj:projjson": {"remarks": naming}}) is None


def test_the_one_grid_that_is_none_is_no_file():
    mercator = 'PROJCS["a",EXTENSION["PROJ4","+proj=merc +nadgrids=@null +wktext +no_defs"]]'
    assert _projection.crs_of({"proj:wkt2": mercator}) == mercator
