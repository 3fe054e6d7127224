"""Reads: by code, by place in the tree, by name, by point; and what they cost."""
import json
import re
from datetime import date

import pytest
import shapely

from amanah.foundation.kernel.actor import Actor, Scope
from amanah.foundation.kernel.errors import Invalid, NotFound, Unavailable
from amanah.registries.territory import queries, services
from amanah.registries.territory.tests import factories
from amanah.registries.territory.tests.factories import AIE_JANIAH, PASAR_LAMA

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("tests")


@pytest.fixture
def city():
    return factories.small_city()


def titles(rows):
    return [queries.full_title(row) for row in rows]


def test_a_territory_is_found_by_its_code_with_its_scope(city):
    row = queries.by_code(PASAR_LAMA)
    assert (row.id, row.name, row.parent, row.title) == (city[PASAR_LAMA].pk, "Pasar Lama", "91.01.01", "Kelurahan Pasar Lama")
    assert row.scope == city[PASAR_LAMA].scope == Scope(office=None, territory=PASAR_LAMA)
    assert Scope(territory="91.01.01").covers(row.scope)
    assert not Scope(territory="91.01.02").covers(row.scope)


@pytest.mark.parametrize("code", ["", "91.01.09", "91.01.01.1001.rw-aaaaaaa", "x" * 100, "91.01.01.1001.rw-aaaaaaa.rt-aaaaaaa.x"])
def test_what_does_not_exist_is_not_found(city, code):
    with pytest.raises(NotFound):
        queries.by_code(code)


def test_the_tree_is_walked_down_and_up(city):
    assert [row.code for row in queries.children("91.01")] == ["91.01.01", "91.01.02"]
    assert [row.name for row in queries.children("91.01.02")] == ["Koto Baru", "Bukit", "Ladang Tinggi"]
    assert [row.code for row in queries.ancestors(PASAR_LAMA)] == ["91", "91.01", "91.01.01"]
    assert queries.city().name == "Kota Contoh"
    assert len(queries.of_level("kelurahan")) == 6


def test_neighbourhoods_stand_beneath_their_kelurahan(city):
    rw = factories.neighbourhood(city[PASAR_LAMA], "002", ("002", "001"))
    factories.neighbourhood(city[PASAR_LAMA], "001", ("001",))
    assert [row.title for row in queries.children(PASAR_LAMA)] == ["RW 001", "RW 002"]
    assert [row.title for row in queries.children(rw.code)] == ["RT 001", "RT 002"]
    assert [row.title for row in queries.neighbourhoods(PASAR_LAMA)] == ["RW 001", "RT 001", "RW 002", "RT 001", "RT 002"]
    rt = queries.children(rw.code)[0]
    assert queries.full_title(rt) == "RT 001, RW 002, Kelurahan Pasar Lama, Kecamatan Pasar"
    assert [row.code for row in queries.ancestors(rt.code)] == ["91", "91.01", "91.01.01", PASAR_LAMA, rw.code]
    assert queries.by_code(rt.code).modelled


@pytest.mark.parametrize(("text", "found"), [
    ("aie janiah", ["Kelurahan Aie Janiah, Kecamatan Pasar"]),
    ("Kel. Air Jernih", ["Kelurahan Aie Janiah, Kecamatan Pasar"]),
    ("air jerni", ["Kelurahan Aie Janiah, Kecamatan Pasar"]),
    ("ladang tingi", ["Kelurahan Ladang Tinggi, Kecamatan Bukit"]),
    ("koto baru", ["Kelurahan Koto Baru, Kecamatan Pasar", "Kelurahan Koto Baru, Kecamatan Bukit"]),
    ("koto baru bukit", ["Kelurahan Koto Baru, Kecamatan Bukit"]),
    ("Kel. Koto Baru, Kec. Bukit", ["Kelurahan Koto Baru, Kecamatan Bukit"]),
    (PASAR_LAMA, ["Kelurahan Pasar Lama, Kecamatan Pasar"]),
    ("contoh", ["Kota Contoh"]),
    ("zzz", []), ("", []), ("a", []), ("%", []),
])
def test_names_are_found_however_they_are_written(city, text, found):
    assert titles(queries.search(text)) == found


def test_a_search_forgives_only_where_it_may(city):
    assert titles(queries.search("ladang tingi")) == ["Kelurahan Ladang Tinggi, Kecamatan Bukit"]
    assert queries.search("ladang tingi", forgiving=False) == []


def test_a_search_keeps_to_its_limit_and_levels(city):
    assert len(queries.search("koto baru", limit=1)) == 1
    assert titles(queries.search("bukit", levels=("kecamatan",))) == ["Kecamatan Bukit"]


def test_the_map_from_province_to_kelurahan_costs_no_statement(city, statements):
    queries.locate(-1, 100)
    queries.search("pasar")
    queries.geojson("kelurahan")
    with statements() as seen:
        for row in queries.of_level("kelurahan"):
            queries.by_code(row.code)
            queries.full_title(row)
            queries.locate(row.lat, row.lng)
            queries.search(row.name)
        queries.children("91.01")
        queries.geojson("kelurahan")
    assert seen == []


def test_neighbourhoods_cost_one_statement_however_many_they_are(city, statements):
    factories.neighbourhood(city[PASAR_LAMA], "001", tuple(f"{n:03}" for n in range(1, 40)))
    queries.by_code(PASAR_LAMA)
    for read in (lambda: queries.neighbourhoods(PASAR_LAMA), lambda: queries.children(PASAR_LAMA)):
        with statements() as seen:
            read()
        assert len(seen) == 1


def test_a_point_has_one_kelurahan_and_its_kecamatan(city):
    place = queries.locate(-1.0, 100.010)
    assert (place.kelurahan.code, place.kecamatan.code) == (AIE_JANIAH, "91.01.01")
    assert (place.near_border_m, place.neighbour) == (None, None)


def test_a_point_near_a_border_names_the_neighbour(city):
    place = queries.locate(-1.0, 100.0051)
    assert (place.kelurahan.code, place.near_border_m, place.neighbour.code) == (AIE_JANIAH, 11, PASAR_LAMA)
    assert "Titik ini 11 meter dari Kelurahan Pasar Lama." in queries.describe(place)


def test_a_point_at_sea_or_outside_is_told_the_nearest(city):
    west, north = queries.locate(-1.0, 99.9), queries.locate(0.5, 100.0)
    assert (west.at_sea, west.nearest.code) == (True, PASAR_LAMA)
    assert queries.describe(west) == "Titik ini di laut atau di luar kota. Terdekat: Kelurahan Pasar Lama, 10 km. Batas perkiraan."
    assert (north.at_sea, north.nearest.parent) == (False, "91.01.02")
    assert queries.describe(north).startswith("Titik ini di luar wilayah kota. Terdekat: ")


@pytest.mark.parametrize(("lat", "lng", "says"), [
    (100.4, -0.9, "tertukar"), (200, 300, "tidak ada di bumi"), (float("nan"), 100, "bukan angka"), (float("inf"), 100, "bukan angka")])
def test_what_is_no_point_is_refused_with_a_sentence(city, lat, lng, says):
    with pytest.raises(Invalid, match=says):
        queries.locate(lat, lng)


def test_without_a_map_a_point_cannot_be_answered_and_the_maps_are_empty(db):
    with pytest.raises(Unavailable) as refused:
        queries.locate(-1, 100)
    assert refused.value.permanent
    assert json.loads(queries.geojson("kelurahan"))["features"] == []
    assert queries.svg_map("kecamatan").shapes == ()
    assert queries.city() is None


def test_the_map_file_says_what_stands_beside_every_map(city):
    for level, count in (("kelurahan", 6), ("kecamatan", 2), ("city", 1)):
        whole = json.loads(queries.geojson(level))
        assert (whole["approximate"], len(whole["features"])) == (True, count)
        assert whole["edition"] == queries.map_facts().edition
        for feature in whole["features"]:
            label = shapely.Point(feature["properties"]["lng"], feature["properties"]["lat"])
            assert shapely.from_geojson(json.dumps(feature["geometry"])).contains(label)
    with pytest.raises(ValueError, match="no map of level"):
        queries.geojson("rt")


def test_the_still_map_is_drawn_inside_its_frame(city):
    drawn = queries.svg_map("kelurahan", 300)
    assert [shape.code for shape in drawn.shapes][:2] == [PASAR_LAMA, AIE_JANIAH]
    assert drawn.facts.approximate
    for shape in drawn.shapes:
        numbers = [float(number) for number in re.split(r"[MLZ ]+", shape.path) if number]
        assert shape.path[0] == "M" and shape.path[-1] == "Z"
        assert min(numbers) >= 0 and max(numbers[::2]) <= drawn.width and max(numbers[1::2]) <= drawn.height
        assert 0 < shape.x < drawn.width and 0 < shape.y < drawn.height


def test_the_names_of_the_levels_are_indonesian_and_translatable(city):
    assert queries.by_code("91").title == "Provinsi Provinsi Contoh"
    assert str(city["91.01.01"]) == "Kecamatan Pasar"


def test_a_closed_neighbourhood_is_not_listed_but_still_known(city, clock_at):
    clock_at("2026-11-24 09:40")
    rw = factories.neighbourhood(city[PASAR_LAMA], "001", ())
    services.close(SYSTEM, rw, on=date(2026, 11, 23), reason="digabung")
    assert queries.children(PASAR_LAMA) == []
    assert queries.by_code(rw.code).valid_to == date(2026, 11, 23)
