"""Loading the list and the boundaries: again changes nothing, a mistake changes nothing, everything is recorded."""
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from amanah.foundation.audit.models import Entry
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import PUBLIC, Actor
from amanah.foundation.kernel.errors import Invalid, Refused
from amanah.registries.territory import queries, services
from amanah.registries.territory.models import Boundary, Edition, Territory, TerritoryAlias
from amanah.registries.territory.tests import factories
from amanah.registries.territory.tests.factories import AIE_JANIAH, PASAR_LAMA, TERRITORY, register

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("tests")


@pytest.fixture
def city():
    return factories.small_city()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "territory.csv").write_text(TERRITORY, encoding="utf-8")
    (tmp_path / "territory_aliases.csv").write_text(factories.ALIASES, encoding="utf-8")
    return tmp_path


@pytest.fixture
def official(tmp_path):
    path = tmp_path / "batas.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"kode": code}, "geometry": shape} for code, shape in factories.squares().items()]}), encoding="utf-8")
    return path


def run(command, *args, **options):
    out = StringIO()
    call_command(command, *args, stdout=out, stderr=out, **options)
    return out.getvalue()


def test_the_list_is_loaded_once_and_then_stays_the_same(folder):
    assert "10 ditambah, 0 berubah, 0 tetap. Nama lain: 1 ditambah" in run("territory_load", folder=folder)
    edition = Edition.objects.get().token
    assert "0 ditambah, 0 berubah, 10 tetap. Nama lain: 0 ditambah, 0 berubah" in run("territory_load", folder=folder)
    assert Edition.objects.get().token == edition, "what did not change is no new edition"


def test_a_load_leaves_an_audit_entry(folder):
    run("territory_load", folder=folder)
    entry = Entry.objects.order_by("-id")[0]
    assert (entry.deed, entry.actor) == ("territory.load", "system:territory")


def test_a_mistake_in_the_tables_changes_nothing(folder):
    (folder / "territory.csv").write_text(TERRITORY.replace("91.01.02.1003", "91.01.02.103"), encoding="utf-8")
    with pytest.raises(CommandError, match=r"territory\.csv:12  kode '91\.01\.02\.103' bukan kode wilayah"):
        run("territory_load", folder=folder)
    assert not Territory.objects.exists()


def test_a_folder_without_the_list_is_named(tmp_path):
    with pytest.raises(CommandError, match=r"Tidak ada territory\.csv"):
        run("territory_load", folder=tmp_path)


def test_a_changed_name_leaves_the_former_one_behind(city):
    report = services.load(SYSTEM, register=register(TERRITORY.replace("Pasar Lama", "Pasar Tua")))
    assert (report.added, report.changed, report.same) == (0, 1, 9)
    former = TerritoryAlias.objects.get(territory__code=PASAR_LAMA)
    assert (former.name, former.kind) == ("Pasar Lama", "former")
    assert [row.name for row in queries.search("pasar lama")] == ["Pasar Tua"]


def test_what_is_absent_from_the_tables_stays_and_is_told(city):
    report = services.load(SYSTEM, register=register("\n".join(line for line in TERRITORY.splitlines() if not line.startswith("91.01.02.1003"))))
    assert report.absent == ("91.01.02.1003",)
    assert Territory.objects.filter(code="91.01.02.1003").exists()


def test_nobody_but_those_who_may_loads(db):
    with pytest.raises(Refused):
        services.load(PUBLIC, register=register())
    assert not Territory.objects.exists()


def test_without_official_boundaries_cells_are_grown_and_said_to_be_approximate(city):
    assert Boundary.objects.filter(official=True).count() == 0
    assert Boundary.objects.count() == 6 + 2 + 1
    assert queries.map_facts().approximate
    assert queries.official_boundaries(clock.today()) == {"91.01.01": (0, 3), "91.01.02": (0, 3)}
    place = queries.locate(-1.0, 100.0)
    assert place.approximate
    assert queries.describe(place) == "Kelurahan Pasar Lama, Kecamatan Pasar. Batas perkiraan."


def test_a_moved_centre_point_moves_the_cells(city):
    before = Boundary.objects.get(territory__code=PASAR_LAMA).geometry
    report = services.load(SYSTEM, register=register(TERRITORY.replace("-1.000,100.000", "-1.002,100.001")))
    assert report.cells == 6
    assert Boundary.objects.get(territory__code=PASAR_LAMA).geometry != before


def test_official_boundaries_replace_the_cells_and_make_the_kecamatan(city, official):
    said = run("territory_load_boundaries", official, source="Keputusan contoh")
    assert "Batas 6 kelurahan dan 2 kecamatan disimpan, 7.3" in said, said
    assert Boundary.objects.filter(official=True, source="Keputusan contoh").count() == 6 + 2 + 1
    assert not queries.map_facts().approximate
    assert queries.official_boundaries(clock.today()) == {"91.01.01": (3, 3), "91.01.02": (3, 3)}
    kelurahan = sum(Boundary.objects.filter(territory__level="kelurahan").values_list("area_m2", flat=True))
    assert Boundary.objects.get(territory__level="city").area_m2 == pytest.approx(kelurahan, abs=10)
    place = queries.locate(-1.0, 100.0)
    assert queries.describe(place) == "Kelurahan Pasar Lama, Kecamatan Pasar."


def test_loading_the_list_again_leaves_official_boundaries_alone(city, official, folder):
    run("territory_load_boundaries", official)
    run("territory_load", folder=folder)
    assert queries.parts_with_official_boundary() == (6, 6)
    assert queries.official_boundaries(clock.today()) == {"91.01.01": (3, 3), "91.01.02": (3, 3)}


def test_a_dry_run_stores_nothing(city, official):
    said = run("territory_load_boundaries", official, dry_run=True)
    assert "Tidak ada yang disimpan" in said
    assert not Boundary.objects.filter(official=True).exists()


def test_boundaries_are_not_stored_before_the_list_is_there(db, official):
    with pytest.raises(CommandError, match="Daftar wilayah masih kosong"):
        run("territory_load_boundaries", official)


def test_a_file_that_is_not_there_is_named(city):
    with pytest.raises(CommandError, match="tidak bisa dibaca"):
        run("territory_load_boundaries", "tidak-ada.geojson")


def test_boundaries_have_to_be_complete_and_have_a_source(city):
    with pytest.raises(Invalid) as refused:
        services.load_boundaries(SYSTEM, level="kelurahan", polygons={}, source="x")
    assert refused.value.fields == ["polygons"]
    with pytest.raises(Invalid) as refused:
        services.load_boundaries(SYSTEM, level="kelurahan", polygons={}, source=" ")
    assert refused.value.fields == ["source"]
    assert Boundary.objects.count() == 9


def test_official_kecamatan_hold_approximate_kelurahan(city, tmp_path):
    halves = {"91.01.01": (-1.005, -0.995), "91.01.02": (-0.995, -0.985)}
    path = tmp_path / "kecamatan.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"id": code}, "geometry": {
        "type": "Polygon", "coordinates": [[[99.99, south], [100.03, south], [100.03, north], [99.99, north], [99.99, south]]]}}
        for code, (south, north) in halves.items()]}), encoding="utf-8")
    said = run("territory_load_boundaries", path, level="kecamatan", source="Keputusan contoh")
    assert "Batas 6 kelurahan dan 2 kecamatan" in said
    assert not queries.map_facts("kecamatan").approximate
    assert queries.map_facts("kelurahan").approximate
    assert queries.locate(-0.9951, 100.02).kelurahan.code == "91.01.01.1003"
    assert queries.locate(-0.9949, 100.02).kelurahan.code == "91.01.02.1003"


def test_another_process_notices_a_new_edition(city, monkeypatch):
    held = queries.by_code(AIE_JANIAH)
    Territory.objects.filter(code=AIE_JANIAH).update(name="Lain")  # as another process would have done it
    Edition.objects.update(token="another")
    assert queries.by_code(AIE_JANIAH) == held, "within a second the copy in memory answers"
    monkeypatch.setattr("amanah.registries.territory.queries.still.CHECK_SECONDS", 0)
    assert queries.by_code(AIE_JANIAH).name == "Lain"


def test_a_demonstration_gets_modelled_neighbourhoods_once(city):
    assert "60 RW dan RT model dibuat di 6 kelurahan" in run("territory_model_neighbourhoods", rw=2, rt=4)
    assert all(row.modelled for row in queries.neighbourhoods(PASAR_LAMA))
    assert len(queries.neighbourhoods(PASAR_LAMA)) == 10
    assert "0 RW dan RT model dibuat" in run("territory_model_neighbourhoods", rw=2, rt=4)


def test_a_real_city_gets_no_modelled_neighbourhoods(city, settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="hanya untuk peragaan"):
        run("territory_model_neighbourhoods")
    assert queries.neighbourhoods(PASAR_LAMA) == []
