"""The city's tables: every mistake is named with file, line and what to do."""
import pytest

from amanah.foundation.kernel.errors import Invalid
from amanah.registries.territory.tests.factories import ALIASES, BPS, TERRITORY, register


def problems(**tables):
    with pytest.raises(Invalid) as refused:
        register(**tables)
    return refused.value.message


def test_the_tables_of_a_city_are_read():
    read = register()
    assert [entry.level for entry in read.entries[:3]] == ["province", "city", "kecamatan"]
    kecamatan = read.entries[2]
    assert (kecamatan.code, kecamatan.bps_code, kecamatan.source) == ("91.01.01", "9101020", "invented for tests")
    assert read.entries[1].sea == "W"
    assert [(alias.code, alias.name, alias.confirmed) for alias in read.aliases] == [("91.01.01.1002", "Air Jernih", False)]


@pytest.mark.parametrize(("old", "new", "says"), [
    ("91.01.01.1002,", "91.01.01.102,", "territory.csv:7  kode '91.01.01.102' bukan kode wilayah"),
    ("91.01.01.1002,", "91.01.01.1001,", "territory.csv:7  kode 91.01.01.1001 sudah ada di baris 6"),
    ("Aie Janiah,kelurahan", "Aie Janiah,kecamatan", "territory.csv:7  kode 91.01.01.1002 adalah kelurahan"),
    ("Aie Janiah,kelurahan,91.01.01,", "Aie Janiah,kelurahan,91.01.02,", "territory.csv:7  induk 91.01.01.1002 adalah 91.01.01"),
    ("Aie Janiah", "", "territory.csv:7  nama 91.01.01.1002 kosong"),
    ("-1.000,100.010", "-1.000,", "territory.csv:7  91.01.01.1002 hanya punya lintang atau bujur"),
    ("-1.000,100.010", "100.010,-1.000", "territory.csv:7  lintang 100.01 dan bujur -1.0 tidak mungkin. Mungkin tertukar"),
    ("-1.000,100.010", "'-1,100.010", "territory.csv:7  lintang atau bujur 91.01.01.1002 bukan angka"),
    ("Aie Janiah", "Aie, Janiah", "territory.csv:7  ada 8 isian, seharusnya 7"),
    ("91.01.01,Pasar,kecamatan", "91.01.03,Pasar,kecamatan", "territory.csv:6  induk 91.01.01 tidak ada di berkas ini"),
    ("code,name,level,parent", "kode,name,level,parent", "territory.csv:2  kolom belum ada: code"),
    ("91.01.01,Pasar,kecamatan,91.01,,,", "91.01.01,Pasar,kecamatan,91.01,,,W", "territory.csv:5  kolom sea hanya untuk kota"),
    ("91.01.02.1003,Ladang Tinggi,kelurahan,91.01.02,", "91.01.02.1003.rw-abcdefg,,rw,91.01.02.1003,", "territory.csv:12  RW dan RT tidak dimuat"),
])
def test_a_mistake_names_file_line_and_remedy(old, new, says):
    assert old in TERRITORY
    assert says in problems(territory=TERRITORY.replace(old, new, 1))


@pytest.mark.parametrize(("aliases", "says"), [
    ("91.01.01.1009,Air,spelling,no,x", "territory_aliases.csv:3  kode 91.01.01.1009 tidak ada"),
    ("91.01.01.1002,Air Bening,nickname,no,x", "territory_aliases.csv:3  kind 'nickname' tidak dikenal"),
    ("91.01.01.1002,Air Bening,spelling,maybe,x", "territory_aliases.csv:3  kolom confirmed berisi yes atau no"),
    ("91.01.01.1002,air-jernih,spelling,no,x", "territory_aliases.csv:3  nama lain 'air-jernih' untuk 91.01.01.1002 sudah ada"),
    ("91.01.01.1002,aie janiah,spelling,no,x", "territory_aliases.csv:3  nama lain 'aie janiah' sama dengan namanya sendiri"),
])
def test_a_mistake_among_the_other_names_is_named(aliases, says):
    assert says in problems(aliases=f"{ALIASES}{aliases}\n")


@pytest.mark.parametrize(("line", "says"), [
    ("91.01.09,9101090", "territory_bps.csv:4  kode 91.01.09 tidak ada di territory.csv"),
    ("91.01,91.01", "territory_bps.csv:4  kode BPS '91.01' bukan angka"),
    ("91.01,9101010", "territory_bps.csv:4  kode 91.01 atau kode BPS 9101010 sudah dipakai (91.01.02)"),
])
def test_a_mistake_in_the_bps_codes_is_named(line, says):
    assert says in problems(bps=f"{BPS}{line}\n")


def test_all_mistakes_are_told_at_once_but_no_more_than_twenty():
    several = problems(territory=TERRITORY.replace("kelurahan,91", "desa,91"))
    assert several.count("territory.csv:") == 6
    many = "code,alias,kind,confirmed,source\n" + "".join(f"91.01.01.10{n},X,spelling,no,x\n" for n in range(10, 40))
    assert problems(aliases=many).count("territory_aliases.csv:") == 20
    assert "dan 10 lagi" in problems(aliases=many)


def test_an_empty_table_is_refused():
    assert "territory.csv:0  berkas kosong" in problems(territory="")
