"""Official boundaries are examined before they are believed."""
import copy
import json

import pytest
import shapely

from amanah.foundation.kernel.errors import Invalid
from amanah.registries.territory.rules.boundaries import Known, examine, read_features
from amanah.registries.territory.tests.factories import register, square, squares

KNOWN = {entry.code: Known(entry.name, entry.parent or "", entry.lat, entry.lng) for entry in register().entries if entry.level == "kelurahan"}


def features(**properties):
    return [{"type": "Feature", "properties": {"kode": code, "nama": KNOWN[code].name, **properties}, "geometry": shape}
            for code, shape in squares().items()]


def moved(given, change):
    """The same features with every corner changed."""
    given = copy.deepcopy(given)
    for feature in given:
        feature["geometry"]["coordinates"] = [[list(change(x, y)) for x, y in ring] for ring in feature["geometry"]["coordinates"]]
    return given


def refusal(given, **options):
    with pytest.raises(Invalid) as refused:
        examine(given, KNOWN, **options)
    return refused.value.message


def test_a_sound_file_passes_without_a_word():
    examined = examine(features(), KNOWN)
    assert examined.warnings == ()
    assert (examined.moved_m2, examined.property_used) == (0, "kode")
    assert set(examined.shapes) == set(KNOWN)


def test_codes_without_dots_are_understood():
    given = features()
    for feature in given:
        feature["properties"]["kode"] = feature["properties"]["kode"].replace(".", "")
    assert set(examine(given, KNOWN).shapes) == set(KNOWN)


def test_without_any_code_the_properties_are_named():
    given = [{**feature, "properties": {"nama": "x", "gid": 1}} for feature in features()]
    assert "Isian dalam berkas: gid, nama. Sebutkan dengan --code-property" in refusal(given)


def test_swapped_coordinates_have_a_sentence_of_their_own():
    assert "Lintang dan bujur tertukar" in refusal(moved(features(), lambda x, y: (y, x)))


def test_metres_have_a_sentence_of_their_own():
    assert "bukan derajat" in refusal(moved(features(), lambda x, y: (x * 6500, y * 1e6)))


def test_another_place_has_a_sentence_of_its_own():
    assert "jauh dari wilayah kota" in refusal(moved(features(), lambda x, y: (x + 7, y - 5)))


def test_missing_territories_are_named():
    assert "1 dari 6 wilayah tidak ada di berkas: 91.01.01.1001 Pasar Lama" in refusal(features()[1:])


def test_an_unknown_code_of_the_same_city_is_refused_and_one_of_another_city_passed_over():
    extra = {"type": "Feature", "properties": {"kode": "91.01.01.1099"}, "geometry": square(100.1, -1)}
    assert "91.01.01.1099 (fitur 7)" in refusal([*features(), extra])
    extra["properties"]["kode"] = "91.02.01.1001"
    assert examine([*features(), extra], KNOWN).warnings == ("1 fitur di luar kota ini dilewati.",)


def test_features_of_one_code_become_one_territory():
    island = {"type": "Feature", "properties": {"kode": "91.01.01.1001"}, "geometry": square(99.9, -1, 0.001)}
    examined = examine([*features(), island], KNOWN)
    assert "terdiri dari 2 fitur" in examined.warnings[0]
    assert len(shapely.get_parts(examined.shapes["91.01.01.1001"])) == 2


def test_other_names_are_told_but_not_other_letter_case():
    given = features()
    given[0]["properties"]["nama"] = "PASAR LAMA"
    given[1]["properties"]["nama"] = "Air Jernih"
    assert examine(given, KNOWN).warnings == ("1 nama berbeda dari daftar wilayah: 91.01.01.1002 Aie Janiah (Air Jernih).",)


def test_a_bow_tie_is_repaired_and_told():
    given = features()
    west, south, side = 99.995, -1.005, 0.01
    given[0]["geometry"] = {"type": "Polygon", "coordinates": [[
        [west, south], [west + side, south + side], [west + side, south], [west, south + side], [west, south]]]}
    examined = examine(given, KNOWN)
    assert any("91.01.01.1001: poligon tidak sah" in warning for warning in examined.warnings)
    assert examined.shapes["91.01.01.1001"].is_valid


def test_overlaps_are_told_with_their_area_and_closed():
    given = features()
    given[0]["geometry"] = square(99.995, -1.005, 0.0102)
    examined = examine(given, KNOWN)
    assert any(warning.startswith("Bertindih: ") and "91.01.01.1001 dan 91.01.01.1002" in warning for warning in examined.warnings)
    assert examined.moved_m2 > 10_000
    assert shapely.coverage_is_valid(list(examined.shapes.values()))


def test_a_wide_gap_is_told_with_its_place_and_left():
    given = features()
    given[1]["geometry"] = {"type": "Polygon", "coordinates": [
        given[1]["geometry"]["coordinates"][0], [[100.009, -1.001], [100.009, -0.999], [100.011, -0.999], [100.011, -1.001], [100.009, -1.001]]]}
    examined = examine(given, KNOWN)
    assert any(warning.startswith("Celah: ") and "-1.00000, 100.01000" in warning for warning in examined.warnings)
    assert examined.moved_m2 == 0


def test_two_exchanged_polygons_are_noticed():
    given = features()
    given[0]["geometry"], given[5]["geometry"] = given[5]["geometry"], given[0]["geometry"]
    warnings = " ".join(examine(given, KNOWN).warnings)
    assert "2 titik tengah di luar poligonnya sendiri" in warnings
    assert "di 91.01.02.1003" in warnings


def test_a_polygon_far_from_its_kecamatan_is_noticed():
    corners = {"91.01.01.1001", "91.01.02.1003"}  # a kecamatan of two opposite corners
    apart = {code: Known(place.name, "91.01.01" if code in corners else "91.01.02") for code, place in KNOWN.items()}
    warnings = " ".join(examine(features(), apart).warnings)
    assert "2 wilayah tidak menyentuh wilayah lain dari kecamatannya sendiri" in warnings
    assert "91.01.02.1003 Ladang Tinggi (berbatasan dengan 91.01.02)" in warnings


def test_a_line_is_no_boundary():
    given = features()
    given[0]["geometry"] = {"type": "LineString", "coordinates": [[100, -1], [100.1, -1]]}
    assert "91.01.01.1001 Pasar Lama bukan poligon" in refusal(given)
    given[0]["geometry"] = {"type": "Polygon", "coordinates": "x"}
    assert "tidak terbaca" in refusal(given)


@pytest.mark.parametrize(("text", "says"), [
    ("{", "Bukan GeoJSON: baris 1"),
    ('{"type": "Feature"}', "bukan FeatureCollection"),
    ('{"type": "FeatureCollection", "features": []}', "bukan FeatureCollection"),
    ('{"type": "FeatureCollection", "features": [{}], "crs": {"properties": {"name": "urn:ogc:def:crs:EPSG::32747"}}}', "EPSG::32747"),
])
def test_what_is_no_geojson_in_degrees_is_refused(text, says):
    with pytest.raises(Invalid) as refused:
        read_features(text)
    assert says in refused.value.message


def test_a_declared_wgs84_is_welcome():
    whole = {"type": "FeatureCollection", "features": features(), "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}}
    assert len(read_features(json.dumps(whole))) == 6
