"""Loading the city's files into the tables: all or nothing, twice the same, edits kept."""
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from amanah.foundation.audit.models import Entry
from amanah.foundation.kernel.errors import Invalid, NotFound
from amanah.registries.offices import queries, services
from amanah.registries.offices.models import Appointment, Office, OfficeLink, Official, Position, Unit
from amanah.registries.territory.models import Territory

from . import factories

CITY = Path(__file__).resolve().parents[4] / "cities" / "padang"
FILE = """\
sources: {s: Perda Contoh}
positions:
  dinas: [{code: kepala, title: "Kepala {name}", level: kepala, head: true, confirmed: true}]
  kelurahan:
    - {code: lurah, title: "Lurah {territory}", level: lurah, head: true}
    - {code: kasi, title: Kepala Seksi, level: kasi, unit: Seksi Pelayanan}
for_each:
  - {level: kelurahan, code: "kel_{digits}", name: "Kelurahan {name}", kind: kelurahan, parent: kota, confirmed: true}
offices:
  kota: {name: Kota Contoh, kind: city, territory: "99.71", confirmed: true}
  dinas: {name: Dinas Contoh, kind: dinas, parent: kota, confirmed: true, note: awal}
  seksi: {name: Seksi Contoh, kind: uptd, parent: dinas, confirmed: false}
"""


@pytest.fixture
def folder(tmp_path: Path, places: dict[str, Territory]) -> Path:
    (tmp_path / "offices.yaml").write_text(FILE, encoding="utf-8")
    return tmp_path


def load(folder: Path, text: str = "") -> services.Loaded:
    if text:
        (folder / "offices.yaml").write_text(text, encoding="utf-8")
    return services.load_from(factories.SYSTEM, folder)


def test_a_load_makes_offices_seats_and_units(folder: Path) -> None:
    done = load(folder)
    assert (done.made, done.changed, done.unchanged, done.positions) == (5, 0, 0, 5)
    assert queries.by_code("kel_9971011001").path == "kota.kel_9971011001"
    assert [row.title for row in queries.officials_of("kel_9971011001")] == ["Lurah Muara 1", "Kepala Seksi"]
    assert Unit.objects.filter(name="Seksi Pelayanan").count() == 2


def test_the_second_load_of_the_same_file_changes_nothing(folder: Path) -> None:
    load(folder)
    before = list(Office.objects.order_by("id").values())
    done = load(folder)
    assert (done.made, done.changed, done.unchanged, done.positions, done.links) == (0, 0, 5, 0, 0)
    assert list(Office.objects.order_by("id").values()) == before


def test_an_edit_in_the_program_survives_until_the_file_says_something_new_about_it(folder: Path, clock_at) -> None:
    clock_at("2026-07-06 09:00")
    load(folder)
    services.rename(factories.SYSTEM, queries.office("dinas"), name="Dinas Diganti", since=date(2026, 7, 1), legal_basis="Perda Contoh")
    load(folder, FILE.replace("note: awal", "note: lain"))
    row = queries.by_code("dinas")
    assert (row.name, row.note) == ("Dinas Diganti", "lain")
    load(folder, FILE.replace("Dinas Contoh", "Dinas Baru"))
    assert queries.by_code("dinas").name == "Dinas Baru"


def test_an_office_that_moves_takes_all_beneath_it_along(folder: Path) -> None:
    load(folder)
    load(folder, FILE.replace("kind: dinas, parent: kota", "kind: dinas, parent: kel_9971011001"))
    assert queries.by_code("seksi").path == "kota.kel_9971011001.dinas.seksi"


def test_an_office_that_left_the_file_stays_and_is_named(folder: Path) -> None:
    load(folder)
    done = load(folder, FILE.replace("  seksi: {name: Seksi Contoh, kind: uptd, parent: dinas, confirmed: false}\n", ""))
    assert done.unmentioned == ("seksi",) and Office.objects.filter(code="seksi").exists()


def test_a_seat_keeps_its_holder_when_its_title_changes(folder: Path) -> None:
    load(folder)
    seat = Position.objects.get(office__code="dinas")
    services.appoint(factories.SYSTEM, seat, official=factories.official(), since=date(2026, 1, 1))
    load(folder, FILE.replace("Kepala {name}", "Pemimpin {name}"))
    head = queries.head_of("dinas", date(2026, 7, 6))
    assert head and head.spoken == "Pemimpin Dinas Contoh"


def test_a_file_with_one_mistake_writes_nothing(folder: Path) -> None:
    with pytest.raises(Invalid, match=r"offices\.yaml:12"):
        load(folder, FILE.replace("kind: uptd", "kind: upt d"))
    assert not Office.objects.exists() and not Entry.objects.exists()


def test_hours_that_the_calendar_does_not_have_are_named(folder: Path, calendar: None) -> None:
    with pytest.raises(Invalid, match="dinas: malam"):
        load(folder, FILE.replace("note: awal", "hours_group: malam"))
    assert not Office.objects.exists()
    assert load(folder, FILE.replace("note: awal", "hours_group: enam")).made == 5


def test_a_folder_without_the_file_says_so(tmp_path: Path, db: None) -> None:
    with pytest.raises(NotFound):
        services.load_from(factories.SYSTEM, tmp_path)
    with pytest.raises(NotFound):
        services.load_calendar_from(factories.SYSTEM, tmp_path)


def test_the_command_names_file_and_line(folder: Path) -> None:
    (folder / "offices.yaml").write_text(FILE.replace("kind: uptd", "knd: uptd"), encoding="utf-8")
    with pytest.raises(CommandError, match=r'offices\.yaml:12  seksi: isian "knd" tidak dikenal; maksudnya "kind"\?'):
        call_command("offices_load", folder=folder)


# ---------------------------------------------------------------- the city itself

@pytest.fixture
def whole_city(db: None, capsys: pytest.CaptureFixture[str]) -> str:
    """Territory, calendar and offices of the city, loaded by their commands; what the commands said."""
    call_command("territory_load", folder=CITY, stdout=StringIO())
    call_command("offices_load_calendar", folder=CITY)
    call_command("offices_load", folder=CITY)
    return capsys.readouterr().out


def test_the_city_loads_whole_and_a_second_time_without_a_change(whole_city: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "Kantor: 204 baru, 0 berubah, 0 tetap. Jabatan baru: 703. Hubungan penerus: 1." in whole_city
    call_command("offices_load", folder=CITY)
    call_command("offices_load_calendar", folder=CITY)
    said = capsys.readouterr().out
    assert "Kantor: 0 baru, 0 berubah, 204 tetap. Jabatan baru: 0. Hubungan penerus: 0." in said and "Tidak ada perubahan" in said


def test_every_kelurahan_of_the_city_is_served_by_its_own_office_its_kecamatan_and_the_city(whole_city: str) -> None:
    kelurahan = Territory.objects.filter(level="kelurahan")
    assert kelurahan.count() == 104
    for place in kelurahan.select_related("parent")[::13]:
        chain = queries.offices_for_territory(place.code)
        assert [row.kind for row in chain] == ["kelurahan", "kecamatan", "city"]
        assert [row.territory for row in chain] == [place.code, place.parent.code, "13.71"] and chain[0].name == f"Kelurahan {place.name}"


def test_kesbangpol_was_a_kantor_until_the_perda_of_2023(whole_city: str) -> None:
    assert [row.code for row in queries.answering("kantor_kesbangpol", date(2023, 7, 30))] == ["kantor_kesbangpol"]
    assert [row.code for row in queries.answering("kantor_kesbangpol", date(2023, 7, 31))] == ["kesbangpol"]
    link = OfficeLink.objects.get()
    assert (link.kind, link.legal_basis) == ("raised", "Perda 9/2023")


def test_the_city_file_names_no_person_and_invents_no_address(whole_city: str) -> None:
    assert not Official.objects.exists() and not Appointment.objects.exists()
    assert not Office.objects.exclude(address="").exists() and not Office.objects.exclude(lat=None).exists()
    assert list(Office.objects.exclude(phone="").values_list("code", flat=True)) == ["bpbd"]


def test_the_demonstration_of_the_city_has_its_cast(whole_city: str) -> None:
    cast = services.demo_officials(factories.SYSTEM)
    assert {each.office for each in cast} >= {"walikota", "setda", "inspektorat", "diskominfo"}
    assert {each.office for each in cast} >= {"kec_padang_selatan", "kel_1371011001", "kel_1371011002"}


def test_those_with_a_demonstration_account_take_their_seats_first(whole_city: str) -> None:
    lead = ("kota.kec_koto_tangah.kel_1371111009", "Yusra Contoh", 12)
    cast = services.demo_officials(factories.SYSTEM, [lead, ("kota.disdukcapil", "Sari Contoh", 13), ("kota.tidak_ada", "Rina Contoh", 14)])
    assert {(each.office, each.name) for each in cast} >= {("kel_1371111009", "Yusra Contoh"), ("disdukcapil", "Sari Contoh")}
    assert len({each.office for each in cast}) == len(cast)
    assert Official.objects.get(name="Yusra Contoh").account_id == 12 and not Official.objects.filter(name="Rina Contoh").exists()
