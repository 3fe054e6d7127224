"""The real list of the city, and official polygons where they lie beside the repository (they stay out of it)."""
import csv
import json
import random

import pytest
import shapely
from django.conf import settings
from django.core.management import call_command

from amanah.foundation.kernel import clock
from amanah.registries.territory import queries
from amanah.registries.territory.models import Territory, TerritoryAlias

pytestmark = pytest.mark.django_db
SHARED = settings.BASE_DIR.parent / "shared/data/padang_wilayah"
POLYGONS = SHARED / "batas_kelurahan_padang.geojson"
needs_polygons = pytest.mark.skipif(not POLYGONS.is_file(), reason=f"official polygons are not part of the repository: no {POLYGONS.name} beside it")
# Centre points that lie outside their own polygon: a crescent around a bay, a headland with an islet, and three decimals next to a border.
CENTRES_OUTSIDE = {"13.71.01.1011", "13.71.05.1005", "13.71.10.1003", "13.71.11.1013"}


@pytest.fixture
def padang():
    call_command("territory_load", folder=settings.BASE_DIR / "cities/padang", verbosity=0)


@pytest.fixture
def official(padang):
    call_command("territory_load_boundaries", POLYGONS, source="uji", verbosity=0)


def test_the_list_of_the_city_is_whole(padang):
    assert [len(queries.of_level(level)) for level in ("province", "city", "kecamatan", "kelurahan")] == [1, 1, 11, 104]
    assert Territory.objects.filter(level="kecamatan").exclude(bps_code="").count() == 11
    assert queries.by_code("13.71.01").bps_code == "1371040", "by the table, never by text"
    assert TerritoryAlias.objects.count() >= 20


@pytest.mark.parametrize(("text", "codes"), [
    ("Air Pacah", ["13.71.11.1003"]), ("aie pacah", ["13.71.11.1003"]), ("Pasir Nan Tigo", ["13.71.11.1013"]), ("pasie nan tigo", ["13.71.11.1013"]),
    ("gurun laweh", ["13.71.10.1004", "13.71.06.1006"]), ("kuranji", ["13.71.09", "13.71.09.1007"]),
])
def test_names_of_the_city_are_found(padang, text, codes):
    assert [row.code for row in queries.search(text)] == codes


def test_approximate_cells_hold_every_centre_and_keep_the_budget(padang):
    wrong = [row.code for row in queries.of_level("kelurahan") if queries.locate(row.lat, row.lng).kelurahan.code != row.code]
    assert wrong == []
    assert len(queries.geojson("kelurahan")) <= 60_000
    assert len(queries.geojson("kecamatan")) <= 15_000


@needs_polygons
def test_official_polygons_hold_their_centres_but_for_four(official):
    found = {row.code: queries.locate(row.lat, row.lng) for row in queries.of_level("kelurahan")}
    outside = {code for code, place in found.items() if not isinstance(place, queries.Inside) or place.kelurahan.code != code}
    assert outside == CENTRES_OUTSIDE
    assert sum(official for official, _all in queries.official_boundaries(clock.today()).values()) == 104


@needs_polygons
def test_official_maps_keep_the_budget_and_leave_no_gap(official):
    for level, most, count in (("kelurahan", 60_000, 104), ("kecamatan", 15_000, 11)):
        told = queries.geojson(level)
        assert len(told) <= most
        shapes = [shapely.from_geojson(json.dumps(feature["geometry"])) for feature in json.loads(told)["features"]]
        assert len(shapes) == count
        assert shapely.is_valid(shapes).all()
        assert shapely.coverage_is_valid(shapes)


@needs_polygons
def test_the_index_gives_the_answers_of_the_polygons_as_delivered(official):
    """Away from borders (closed overlaps and slivers are up to some metres wide) nothing may have changed."""
    delivered = {feature["properties"]["kode"]: shapely.from_geojson(json.dumps(feature["geometry"]))
                 for feature in json.loads(POLYGONS.read_text(encoding="utf-8"))["features"]}
    codes, shapes = list(delivered), list(delivered.values())
    tree = shapely.STRtree(shapes)
    west, south, east, north = queries.map_facts().bbox
    chance = random.Random(7)
    points = [(chance.uniform(south, north), chance.uniform(west, east)) for _ in range(3000)]
    inside = 0
    for lat, lng in points:
        truth = [codes[i] for i in tree.query(shapely.Point(lng, lat), predicate="intersects")]
        found = queries.locate(lat, lng)
        if isinstance(found, queries.Inside):
            inside += 1
            assert found.kelurahan.code in truth or (found.near_border_m or 0) <= 25 or not truth
            assert found.kecamatan.code == found.kelurahan.parent
        else:
            assert not truth
    assert inside > 500


@needs_polygons
def test_a_point_in_the_open_sea_is_said_to_be_there(official):
    place = queries.locate(-0.9471, 100.33)
    assert place.at_sea
    assert place.nearest.parent in {"13.71.01", "13.71.03"}


@needs_polygons
def test_the_codes_of_the_list_are_those_of_the_ministry_as_stored(padang):
    with (SHARED / "wilayah_padang.csv").open(encoding="utf-8", newline="") as rows:
        told = {row["kode"]: row["nama"] for row in csv.DictReader(rows)}
    assert {row.code: row.name for level in ("province", "city", "kecamatan", "kelurahan") for row in queries.of_level(level)} == told
