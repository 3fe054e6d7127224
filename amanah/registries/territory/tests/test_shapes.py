"""Cells grown from centre points, and polygons made to fit: they cover the land, never overlap, and stay gap-free when simplified."""
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from amanah.registries.territory.rules import shapes
from amanah.registries.territory.rules.places import Hit, Miss, PointIndex

# Centre points of up to thirty territories in two kecamatan, at least 11 m apart, near the equator and far from it.
places = st.tuples(st.integers(0, 400), st.integers(0, 400))
centres = st.lists(places, min_size=1, max_size=30, unique=True).flatmap(lambda given: st.sampled_from([-0.9, 45.0]).map(lambda lat: {
    f"91.01.0{1 + n % 2}.{1001 + n}": (100 + x * 0.0001, lat + y * 0.0001) for n, (x, y) in enumerate(given)}))


@given(centres)
@settings(max_examples=60, deadline=None)
def test_cells_cover_the_outline_without_overlapping(given):
    cells = shapes.cells(given)
    plane = shapes.plane_of(cells)
    flat = plane.flat(list(cells.values()))
    union = shapely.union_all(flat)
    assert set(cells) == set(given)
    assert shapely.is_valid(flat).all()
    assert shapely.coverage_is_valid(flat)
    assert shapely.area(flat).sum() == pytest.approx(union.area, rel=1e-9)
    assert union.area >= shapes.outline([(lng * plane.scale[0], lat * plane.scale[1]) for lng, lat in given.values()]).area * 0.999


@given(centres)
@settings(max_examples=60, deadline=None)
def test_every_centre_lies_in_its_own_cell(given):
    cells = shapes.cells(given)
    assert [code for code, (lng, lat) in given.items() if not cells[code].intersects(shapely.Point(lng, lat))] == []


@given(centres, st.lists(st.tuples(st.integers(-50, 450), st.integers(-50, 450)), min_size=1, max_size=20))
@settings(max_examples=60, deadline=None)
def test_the_kecamatan_of_the_kelurahan_found_is_the_kecamatan_found(given, points):
    cells = shapes.cells(given)
    kecamatan = shapes.dissolve(cells, {code: code[:8] for code in cells})
    small, large = PointIndex(cells), PointIndex(kecamatan)
    lat0 = next(iter(given.values()))[1]
    for x, y in points:
        lat, lng = round(lat0) + y * 0.0001, 100 + x * 0.0001
        fine, coarse = small.locate(lat, lng), large.locate(lat, lng)
        if isinstance(fine, Hit) and isinstance(coarse, Hit):
            on_border = fine.border_m == 0
            assert fine.code.startswith(coarse.code) or on_border
        else:  # within a hair of the outline the two may disagree about inside and outside, nowhere else
            assert type(fine) is type(coarse) or min(getattr(answer, "distance_m", 0) for answer in (fine, coarse)) == 0


@given(centres, places)
@settings(max_examples=60, deadline=None)
def test_the_index_agrees_with_measuring_every_polygon(given, place):
    cells = shapes.cells(given)
    lat, lng = round(next(iter(given.values()))[1]) + place[1] * 0.0001, 100 + place[0] * 0.0001
    plane = shapes.plane_of(cells)
    point = plane.flat(shapely.Point(lng, lat))
    apart = {code: plane.flat(cell).distance(point) for code, cell in cells.items()}
    found = PointIndex(cells).locate(lat, lng)
    if isinstance(found, Hit):
        assert apart[found.code] < 1e-6
        others = [metres for code, metres in apart.items() if code != found.code and metres < 99]
        assert (found.border_m is None and not others) or abs(found.border_m - min(others, default=99.5)) <= 1
    else:
        assert found.distance_m == pytest.approx(min(apart.values()), abs=1)
        assert apart[found.nearest] == pytest.approx(min(apart.values()), abs=0.01)


def test_two_territories_with_the_same_point_leave_one_without_a_cell():
    cells = shapes.cells({"b": (100.0, -1.0), "a": (100.0, -1.0), "c": (100.02, -1.0)})
    assert sorted(cells) == ["a", "c"]


def test_a_cell_ends_where_it_is_told_to():
    within = shapely.box(100, -1, 100.1, -0.9)
    cells = shapes.cells({"a": (100.02, -0.95), "b": (100.08, -0.95)}, within=within)
    assert shapely.union_all(list(cells.values())).symmetric_difference(within).area < 1e-9
    assert shapes.area_m2(cells["a"]) == pytest.approx(shapes.area_m2(within) / 2, rel=1e-3)


def test_a_square_kilometre_is_one():
    side = 1000 / 110_574  # metres per degree of latitude at the equator; of longitude there: 111,320
    assert shapes.area_m2(shapely.box(0, 0, 1000 / 111_320, side)) == pytest.approx(1_000_000, rel=1e-3)


def test_overlaps_and_slivers_are_closed_and_wide_gaps_are_left():
    metre = 1 / 110_600
    left, right = shapely.box(100, 0, 100.01, 0.01), shapely.box(100.01 - 3 * metre, 0, 100.02, 0.01)
    ring = shapely.box(99.99, -0.01, 100.03, 0.02).difference(shapely.box(99.9999, -0.0001, 100.0201, 0.0101))
    fitted = shapes.fit({"a": left, "b": right, "c": ring})
    assert shapely.coverage_is_valid(list(fitted.values()))
    assert sum(len(part.interiors) for part in shapely.get_parts(shapely.union_all(list(fitted.values())))) == 0, "an 11 m gap is a sliver"
    lake = {"a": shapely.box(0, 0, 1, 1).difference(shapely.box(0.4, 0.4, 0.6, 0.6)), "b": shapely.box(1, 0, 2, 1)}
    assert shapes.fit(lake)["a"].area == pytest.approx(0.96)


def test_simplified_neighbours_leave_no_gap_and_keep_within_the_budget():
    cells = shapes.cells({f"91.01.0{1 + (x + y) % 2}.{1001 + 10 * y + x}": (100 + x * 0.01 + y * 0.0031, y * 0.01 + x * 0.0017)
                          for x in range(8) for y in range(8)})
    group = {code: code[:8] for code in cells}
    thin, grouped = shapes.for_screen(cells, group, most=12_000, most_grouped=9_000)
    for made, most in ((thin, 12_000), (grouped, 9_000)):
        assert shapely.coverage_is_valid(list(made.values()))
        assert shapely.is_valid(list(made.values())).all()
        assert not shapely.is_empty(list(made.values())).any()
        assert sum(len(shapely.to_geojson(shape)) for shape in made.values()) <= most
    assert set(thin) == set(cells)


def test_an_islet_is_left_out_but_never_a_whole_territory():
    island = shapely.box(100.5, 0, 100.50001, 0.00001)
    shape = shapely.multipolygons([shapely.box(100, 0, 100.1, 0.1), island])
    thin = shapes.simplify({"a": shape, "b": shapely.box(100.2, 0, 100.20001, 0.00001)}, 50)
    assert thin["a"].geom_type == "Polygon"
    assert not thin["b"].is_empty


SQUARES = {"a": shapely.box(0, 0, 0.01, 0.01), "b": shapely.box(0.01, 0, 0.02, 0.01), "c": shapely.box(0.0, 0.01, 0.02, 0.02)}


def test_a_point_on_a_border_belongs_to_the_lowest_code():
    index = PointIndex(SQUARES)
    assert index.locate(0.005, 0.01) == Hit("a", 0, "b")
    assert index.locate(0.01, 0.01).code == "a"


def test_a_border_is_told_when_it_is_nearer_than_a_hundred_metres():
    index = PointIndex(SQUARES)
    assert index.locate(0.005, 0.01 + 50 / 111_320) == Hit("b", 50, "a")
    assert index.locate(0.005, 0.005) == Hit("a")
    assert index.locate(0.0005, 0.005) == Hit("a"), "the edge of the city is no border with a neighbour"


def test_a_point_outside_is_told_the_nearest_and_how_far():
    index = PointIndex(SQUARES, sea="W")
    assert index.locate(0.005, -1000 / 111_320) == Miss("a", 1000, at_sea=True)
    assert index.locate(0.005, 0.02 + 1000 / 111_320) == Miss("b", 1000, at_sea=False)
    assert index.locate(5, -0.01).at_sea is False, "north of all land nothing is said of the sea"
    assert PointIndex(SQUARES).locate(0.005, -0.01).at_sea is False


@pytest.mark.parametrize(("sea", "lat", "lng"), [("W", 0.005, -0.1), ("E", 0.005, 0.1), ("N", 0.1, 0.005), ("S", -0.1, 0.005)])
def test_the_sea_may_lie_on_any_side(sea, lat, lng):
    assert PointIndex(SQUARES, sea=sea).locate(lat, lng).at_sea


def test_an_islet_does_not_stand_between_a_point_and_the_sea():
    islet = shapely.box(-0.031, 0.005, -0.03, 0.006)
    index = PointIndex({**SQUARES, "a": shapely.multipolygons([SQUARES["a"], islet])}, sea="W")
    assert index.locate(0.0055, -0.02) == Miss("a", index.locate(0.0055, -0.02).distance_m, at_sea=True)


def test_a_territory_of_several_parts_is_found_in_each_and_nearest_to_each():
    far = shapely.box(0.1, 0.1, 0.11, 0.11)
    index = PointIndex({**SQUARES, "c": shapely.multipolygons([SQUARES["c"], far])})
    assert index.locate(0.105, 0.105) == Hit("c")
    assert index.locate(0.12, 0.12).nearest == "c"
