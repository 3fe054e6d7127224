"""Reading the two city files: what is right is read, what is wrong is named with its line."""
import csv
from pathlib import Path

import pytest

from amanah.registries.offices.rules import calendar_file, content
from amanah.registries.offices.rules.content import Place
from amanah.registries.offices.rules.strict_yaml import ContentError, Document

ROOT = Path(__file__).resolve().parents[4]
CITY = ROOT / "cities" / "padang"
FACTS = ROOT.parent / "shared" / "domain"
PLACES = [Place("99.71", "city", "Kota Contoh", "99"), Place("99.71.01", "kecamatan", "Hulu Contoh", "99.71"),
          Place("99.71.01.1001", "kelurahan", "Muara 1", "99.71.01")]
GOOD = """\
sources: {s: Perda Contoh}
positions:
  dinas: [{code: kepala, title: "Kepala {name}", level: kepala, head: true, confirmed: true}]
for_each:
  - {level: kecamatan, code: "kec_{slug}", name: "Kecamatan {name}", kind: kecamatan, parent: kota, confirmed: true}
  - {level: kelurahan, code: "kel_{digits}", name: "Kelurahan {name}", kind: kelurahan, parent: "{parent_office}", confirmed: true}
offices:
  kota: {name: Kota Contoh, kind: city, territory: "99.71", confirmed: true}
  dinas: {name: Dinas Contoh, kind: dinas, parent: kota, confirmed: false, source: [s], function_code: "1.10"}
"""


def parse(text: str) -> content.Content:
    return content.parse("offices.yaml", text, PLACES)


def mistakes(text: str) -> list[str]:
    with pytest.raises(ContentError) as caught:
        parse(text)
    return caught.value.lines


def test_a_good_file_gives_offices_with_parents_first_and_one_for_each_territory() -> None:
    entries = parse(GOOD).entries
    assert [entry.code for entry in entries] == ["kota", "dinas", "kec_hulu_contoh", "kel_9971011001"]
    assert (entries[3].parent, entries[3].territory) == ("kec_hulu_contoh", "99.71.01.1001")
    assert entries[1].function_code == "1.10" and entries[1].source == "Perda Contoh"


def test_a_seat_is_no_surer_than_its_office() -> None:
    seat = parse(GOOD).entries[1].seats[0]
    assert (seat.title, seat.confirmed) == ("Kepala Dinas Contoh", False)


@pytest.mark.parametrize(("wrong", "right", "line"), [
    ("knd: dinas", "kind: dinas", 'offices.yaml:9  dinas: isian "knd" tidak dikenal; maksudnya "kind"?'),
    ("kind: dinass", "kind: dinas", 'offices.yaml:9  dinas.kind: "dinass" tidak dikenal; maksudnya "dinas"?'),
    ("parent: koto", "parent: kota, confirmed: false", 'offices.yaml:9  dinas.parent: tidak ada kantor "koto"; maksudnya "kota"?'),
    ('territory: "99.72"', 'territory: "99.71"', 'offices.yaml:8  kota.territory: tidak ada wilayah "99.72"; maksudnya "99.71"?'),
    ("function_code: 1.10", 'function_code: "1.10"', 'offices.yaml:9  dinas.function_code: harus teks; apit dengan tanda kutip: "1.1"'),
    ("source: [t]", "source: [s]", 'offices.yaml:9  dinas.source: sumber "t" tidak dikenal'),
    ("{parent_ofice}", "{parent_office}", 'offices.yaml:6  for_each[2].parent: {parent_ofice} tidak dikenal; maksudnya "parent_office"?'),
    ("  kota2: {name: X, kind: city, confirmed: true, parent: kota2}\n  kota:", "  kota:",
     "offices.yaml:8  kota2.parent: kantor ini menjadi induk dirinya sendiri"),
    ("name: Kota Contoh, name: Lagi", "name: Kota Contoh", 'offices.yaml:8  offices.kota: isian "name" ditulis dua kali'),
    ("level: kepla", "level: kepala", 'offices.yaml:3  positions.dinas[1].level: "kepla" tidak dikenal; maksudnya "kepala"?'),
    ("confirmed: yes please", "confirmed: false", "offices.yaml:9  dinas.confirmed: harus true atau false"),
    ("  Dinas-1:", "  dinas:", "offices.yaml:9  Dinas-1: kode hanya huruf kecil, angka, dan garis bawah"),
])
def test_a_mistake_reads_like_help(wrong: str, right: str, line: str) -> None:
    assert line in mistakes(GOOD.replace(right, wrong))


def test_all_mistakes_are_named_at_once_in_the_order_of_their_lines() -> None:
    lines = mistakes(GOOD.replace("kind: city", "kind: citty").replace("parent: kota, confirmed: false", "confirmed: false, duty: x"))
    assert [line.split()[0] for line in lines] == ["offices.yaml:8", "offices.yaml:9"]


def test_broken_yaml_names_its_line() -> None:
    assert mistakes(GOOD + "  x: [1")[0].startswith("offices.yaml:")


def test_an_empty_file_says_what_is_missing() -> None:
    assert 'offices.yaml:1  isian "offices" belum ada' in mistakes("")


def test_links_to_unknown_offices_are_named() -> None:
    assert mistakes(GOOD + "links: [{predecessor: dinaz, successor: kota, kind: merged, day: 2026-01-01}]\n") == [
        'offices.yaml:10  links[1].predecessor: tidak ada kantor "dinaz"; maksudnya "dinas"?']


def test_a_document_survives_values_that_yaml_cannot_build() -> None:
    doc = Document("x.yaml", "day: 2026-02-31")
    with pytest.raises(ContentError, match=r'x\.yaml:1  day: "2026-02-31" tidak terbaca'):
        doc.finish()


# ---------------------------------------------------------------- calendar.yaml

CALENDAR = """\
joint_leave_counts: false
default_group: lima
years:
  "2026":
    source: SKB Contoh
    confirmed: true
    national: {2026-01-01: Tahun Baru}
groups:
  lima:
    name: Lima
    confirmed: true
    seasons: [{name: Biasa, confirmed: true, hours: {senin-jumat: "07.30-12.00, 13.00-16.00"}}]
"""


@pytest.mark.parametrize(("wrong", "right", "line"), [
    ("2025-01-01: Tahun", "2026-01-01: Tahun", "calendar.yaml:7  years.2026.national.2025-01-01: tanggal ini bukan di tahun 2026"),
    ("1 Januari: Tahun", "2026-01-01: Tahun", "calendar.yaml:7  years.2026.national.1 Januari: tanggal ditulis YYYY-MM-DD"),
    ("natonal:", "national:", 'calendar.yaml:7  years.2026: isian "natonal" tidak dikenal; maksudnya "national"?'),
    ("senin-jumaat", "senin-jumat", 'calendar.yaml:12  groups.lima.seasons[1].hours: hari "jumaat" tidak dikenal; maksudnya "jumat"?'),
    ("13.00-11.00", "13.00-16.00", 'calendar.yaml:12  groups.lima.seasons[1].hours.senin-jumat: tulis jam seperti "07.30-12.00, 13.00-16.00"'),
    ("default_group: lma", "default_group: lima", 'calendar.yaml:2  default_group: tidak ada kelompok "lma"; maksudnya "lima"?'),
    ("{name: Biasa, from: 2026-01-01,", "{name: Biasa,",
     "calendar.yaml:9  groups.lima: harus punya 1 musim tanpa from dan to, untuk hari-hari biasa"),
])
def test_a_mistake_in_the_calendar_reads_like_help(wrong: str, right: str, line: str) -> None:
    with pytest.raises(ContentError) as caught:
        calendar_file.parse("calendar.yaml", CALENDAR.replace(right, wrong))
    assert line in caught.value.lines


def test_one_more_holiday_or_another_hour_gives_another_version() -> None:
    versions = {calendar_file.parse("c", text).version for text in (
        CALENDAR, CALENDAR, CALENDAR.replace("Tahun Baru}", "Tahun Baru, 2026-01-02: Sisipan}"), CALENDAR.replace("16.00", "16.30"))}
    assert len(versions) == 3


# ---------------------------------------------------------------- the files of the city

def facts(name: str) -> list[dict[str, str]]:
    if not (FACTS / name).is_file():
        pytest.skip(f"the shared facts ({name}) are not beside this repository")
    with (FACTS / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def city_places() -> list[Place]:
    lines = (CITY / "territory.csv").read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    return sorted((Place(row["code"], row["level"], row["name"], row["parent"]) for row in rows), key=lambda place: len(place.code))


def test_the_city_has_an_office_for_each_of_its_territories() -> None:
    kinds = [entry.kind for entry in content.parse("offices.yaml", (CITY / "offices.yaml").read_text(encoding="utf-8"), city_places()).entries]
    assert (len(kinds), kinds.count("kecamatan"), kinds.count("kelurahan"), kinds.count("puskesmas")) == (204, 11, 104, 24)


def test_every_office_of_the_fact_table_stands_in_the_city_file_with_its_mark() -> None:
    rows = {row["id"]: row for row in facts("offices_padang.csv")}
    entries = {e.code: e for e in content.parse("offices.yaml", (CITY / "offices.yaml").read_text(encoding="utf-8"), city_places()).entries}
    assert len(rows) == 99 and rows.keys() <= entries.keys()
    for code, row in rows.items():
        entry = entries[code]
        noted = bool(row["note"]) and row["type"] != "kecamatan"  # the note on their numbering stands once, above the rule
        said = (row["type"], row["parent"], row["function_code"], row["abbreviation"], row["confirmed"] == "yes", noted)
        assert (entry.kind, entry.parent, entry.function_code, entry.abbreviation, entry.confirmed, bool(entry.note)) == said, code
        assert entry.name == row["name"] or code in ("ext_pln", "ext_kemenag")  # two names are English in the table
    for code, entry in entries.items():
        if entry.kind == "kecamatan":
            assert entry.territory in rows[code]["duties"]


def test_every_day_of_the_fact_table_stands_in_the_calendar_with_its_mark() -> None:
    calendar = calendar_file.parse("calendar.yaml", (CITY / "calendar.yaml").read_text(encoding="utf-8"))
    rows = facts("calendar_id.csv")
    ours = {(day.isoformat(), off.name, off.kind, off.confirmed, bool(off.note)) for day, off in calendar.holidays.items() if not off.estimated}
    assert ours == {(row["date"], row["name"], row["type"], row["confirmed"] == "yes", bool(row["note"])) for row in rows}
