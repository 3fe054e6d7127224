"""Reading extracts: headings, dates, numbers, places, codes, and everything that can be wrong with a row."""
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanah.foundation.kernel.errors import Invalid
from amanah.foundation.kernel.identifiers import Nik, Phone
from amanah.registries.people.rules.extract import FIELDS, NEEDED, BadFile, guess, places_of
from amanah.registries.people.rules.extract_rows import Entry, PlaceRow, Places, Reader, Wrong, cell_text, read_date, read_kk, read_nik

PLACES = [
    PlaceRow(1, "99.71", "city", "Kota Contoh", "", None),
    PlaceRow(2, "99.71.01", "kecamatan", "Hulu Contoh", "", 1), PlaceRow(3, "99.71.02", "kecamatan", "Hilir Contoh", "", 1),
    PlaceRow(4, "99.71.01.1001", "kelurahan", "Muara", "", 2), PlaceRow(5, "99.71.02.1001", "kelurahan", "Muara", "", 3),
    PlaceRow(6, "99.71.01.1002", "kelurahan", "Aie Janiah", "", 2),
    PlaceRow(7, "99.71.01.1001.rw-aaaaaaa", "rw", "", "001", 4), PlaceRow(8, "99.71.01.1001.rw-aaaaaaa.rt-bbbbbbb", "rt", "", "002", 7),
]
TODAY = date(2026, 11, 24)
RIGHT = {"sex": "2", "status": "", "religion": "ISLAM", "marital": "KAWIN", "education": "SLTA/SEDERAJAT", "occupation": "WIRASWASTA", "relation": "ISTRI",
         "blood": "O", "citizenship": "WNI", "kelurahan": "99.71.01.1001", "rw": "1", "rt": "2", "nik": "1371015705909001", "kk": "1371010101109001",
         "name": "RINA  CONTOH", "born": "17-05-1990", "birthplace": "PADANG", "mother_name": "SITI CONTOH", "phone": "0812 3456 7890"}


def read(**cells: str) -> Entry | list[Wrong]:
    told = {**RIGHT, **cells}
    return Reader(Places(PLACES), TODAY).read([told.get(field, "") for field in FIELDS])


def test_a_right_row() -> None:
    entry = read()
    assert isinstance(entry, Entry)
    assert entry[:6] == ("1371015705909001", "1371010101109001", "RINA CONTOH", "1990-05-17", 8, (2, 1, 1, 2, 5, 88, 3, 4, 1, None))
    assert entry.phone == "+6281234567890" and entry.warnings == ()


@pytest.mark.parametrize(("cells", "code", "field"), [
    ({"nik": "1,37102E+15"}, "NIK_BUKAN_TEKS", "nik"), ({"nik": "1.371015705909E+15"}, "NIK_BUKAN_TEKS", "nik"),
    ({"nik": "1371015705909001.0"}, "NIK_BUKAN_TEKS", "nik"), ({"nik": ""}, "NIK_KOSONG", "nik"), ({"nik": "137101"}, "NIK_SALAH", "nik"),
    ({"nik": "1371019905909001"}, "NIK_SALAH", "nik"), ({"kk": "1,37102E+15"}, "KK_BUKAN_TEKS", "kk"), ({"kk": "12"}, "KK_SALAH", "kk"),
    ({"name": " "}, "NAMA_KOSONG", "name"), ({"name": "R\ufffdNA"}, "HURUF_RUSAK", "name"), ({"name": "R" * 201}, "ISIAN_TERLALU_PANJANG", "name"),
    ({"born": "31-02-1990"}, "TANGGAL_TIDAK_TERBACA", "born"), ({"born": "2027-01-01"}, "LAHIR_DI_MASA_DEPAN", "born"),
    ({"born": "1890-01-01"}, "LAHIR_TERLALU_LAMA", "born"), ({"kelurahan": "99.71.01.1009"}, "KELURAHAN_TIDAK_DIKENAL", "kelurahan"),
    ({"kelurahan": "Muara"}, "KELURAHAN_TIDAK_DIKENAL", "kelurahan"), ({"religion": "Jedi"}, "KODE_TIDAK_DIKENAL", "religion"),
    ({"sex": ""}, "JENIS_KELAMIN_KOSONG", "sex"),
    ({"on": "2027-01-01"}, "PERISTIWA_DI_MASA_DEPAN", "on"), ({"status": "4"}, "KODE_TIDAK_DIKENAL", "status"),
])
def test_a_wrong_row_says_what_and_where(cells: dict[str, str], code: str, field: str) -> None:
    assert read(**cells) == [Wrong(code, field)]


@pytest.mark.parametrize(("cells", "warning"), [
    ({"nik": "9971015705909001"}, "NIK_WILAYAH_TIDAK_DIKENAL"), ({"born": "18-05-1990"}, "NIK_BEDA_TANGGAL"), ({"sex": "L"}, "NIK_BEDA_KELAMIN"),
    ({"nik": "1371015705900000"}, "NIK_NOMOR_URUT"), ({"kk": ""}, "TANPA_KK"), ({"rw": "9"}, "RW_RT_TIDAK_DIKENAL"), ({"phone": "123"}, "TELEPON_DILEWATI"),
    ({"mother_nik": "1371015705909001"}, "ORANG_TUA_MELINGKAR"), ({"mother_nik": "7"}, "NIK_ORANG_TUA_DILEWATI"),
    ({"status": "MENINGGAL", "relation": "1"}, "KEPALA_MENINGGAL"),
])
def test_a_doubtful_row_enters_with_a_warning(cells: dict[str, str], warning: str) -> None:
    entry = read(**cells)
    assert isinstance(entry, Entry) and entry.warnings == (warning,)


@pytest.mark.parametrize(("cells", "place"), [
    ({"kelurahan": "9971011001"}, 8), ({"kelurahan": "1001", "kecamatan": "1"}, 8), ({"kelurahan": "MUARA", "kecamatan": "KEC. HILIR CONTOH", "rw": ""}, 5),
    ({"kelurahan": "Kel. Aie Janiah", "rw": "0"}, 6), ({"rt": ""}, 7), ({"rw": "007"}, 4), ({"kelurahan": "MUARA", "kecamatan": "02", "rw": ""}, 5),
])
def test_the_narrowest_place_known(cells: dict[str, str], place: int) -> None:
    entry = read(**cells)
    assert isinstance(entry, Entry) and entry.place == place


@pytest.mark.parametrize("text", ["2001-08-17", "17-08-2001", "17/8/2001", "17 Agustus 2001", "20010817", "37120", "37120.0", "2001-08-17 00:00:00",
                                  "17.08.2001", "2001/8/17"])
def test_dates_in_every_usual_form(text: str) -> None:
    assert read_date(text) == "2001-08-17"


@given(st.dates(min_value=date(1900, 3, 1), max_value=date(2100, 1, 1)))
def test_all_ways_to_write_a_date_mean_the_same(day: date) -> None:
    for text in (day.isoformat(), f"{day:%d-%m-%Y}", f"{day:%d/%m/%Y}", f"{day.day}/{day.month}/{day.year}", str((day - date(1899, 12, 30)).days)):
        assert read_date(text) == day.isoformat()


@given(st.text(max_size=30))
def test_no_text_breaks_a_parser(text: str) -> None:
    assert read_date(text) is None or date.fromisoformat(read_date(text) or "")
    read_kk(text)
    assert isinstance(read(name=text, nik=text, kelurahan=text, rw=text, phone=text, religion=text), list | Entry)


@given(st.one_of(st.text(max_size=24), st.from_regex(r"['0-9][0-9 .\-]{12,20}[0-9e+]?", fullmatch=True), st.from_regex(r"[0-9]{16}", fullmatch=True),
                 st.builds(lambda day, woman, serial: f"137101{day.day + 40 * woman:02}{day:%m%y}{serial:04}",
                           st.dates(date(1930, 1, 1), date(2026, 1, 1)), st.booleans(), st.integers(0, 9999))))
def test_the_short_way_for_a_nik_agrees_with_the_reference(text: str) -> None:
    number, problem = read_nik(text)
    try:
        assert number == Nik.parse(text).value and not problem
    except Invalid:
        assert problem in ("NIK_SALAH", "NIK_BUKAN_TEKS", "NIK_KOSONG") and not number


def test_cells_of_a_spreadsheet() -> None:
    assert [cell_text(value) for value in (None, 3.0, 7, "x", date(2001, 8, 17), 37120.0, True)] == ["", "3", "7", "x", "2001-08-17", "37120", "1"]
    assert read_nik(cell_text(1371015705909000.0)) == ("", "NIK_BUKAN_TEKS")


def test_headings_are_guessed_and_saved_ones_win() -> None:
    headings = ["NO", "NIK", "NO_KK", "NAMA_LGKP", "JENIS_KLMIN", "TGL_LHR", "KODE_WILAYAH", "NO_KEC", "NO_KEL", "ALAMAT", "NAMA_PANGGILAN"]
    columns = guess(headings)
    assert {field: columns[field] for field in NEEDED} == {"nik": "NIK", "kk": "NO_KK", "name": "NAMA_LGKP", "sex": "JENIS_KLMIN", "born": "TGL_LHR",
                                                           "kelurahan": "KODE_WILAYAH"}
    assert guess(headings, {"name": "NAMA_PANGGILAN"})["name"] == "NAMA_PANGGILAN"
    assert places_of(headings, columns)[FIELDS.index("nik")] == 1
    with pytest.raises(BadFile) as refused:
        places_of(["a", "b"], guess(["a", "b"]))
    assert refused.value.problem.code == "JUDUL_TIDAK_ADA" and "NIK" in refused.value.sentence


def test_nothing_happens_after_today() -> None:
    assert isinstance(read(born=TODAY.isoformat()), Entry) and isinstance(read(born=(TODAY + timedelta(days=1)).isoformat()), list)


@given(st.one_of(st.text(max_size=16), st.from_regex(r"08[0-9]{6,13}", fullmatch=True)))
def test_the_short_way_for_a_telephone_agrees_with_the_reference(text: str) -> None:
    entry = read(phone=text)
    assert isinstance(entry, Entry)
    try:
        assert entry.phone == (Phone.parse(text).value if text.strip() not in ("", "-", "--", "0") else "")
    except Invalid:
        assert entry.phone == ""
