"""One row of an extract: from cells to a checked entry, or to the named problems that keep it out. Pure.

A million rows pass here, so what repeats is remembered: combinations of codes, places, dates. The reference for numbers is kernel.identifiers;
the short way for a NIK of sixteen plain digits agrees with it (a property test says so) and everything else takes the long way.
"""
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from amanah.foundation.kernel.errors import Invalid
from amanah.foundation.kernel.identifiers import KkNumber, Nik, Phone
from amanah.registries.territory.rules.codes import key as place_key
from amanah.registries.territory.rules.codes import read_label

from . import codes
from .extract import CODED, FIELDS, PLACED

MOST = 1 << 17  # entries of a memory; then it begins anew
OLDEST = 130    # years
PROVINCES = frozenset("11 12 13 14 15 16 17 18 19 21 31 32 33 34 35 36 51 52 53 61 62 63 64 65 71 72 73 74 75 76 81 82 91 92 93 94 95 96 97".split())
_CODED, _PLACED = len(CODED), len(CODED) + len(PLACED)
_SPREADSHEET = re.compile(r"[\d.,]*\d[.,]?\d*e[+-]?\d+|\d{10,}[.,]0+", re.IGNORECASE)
_BROKEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]")
_EMPTY = frozenset({"", "-", "--", "0", "null", "NULL", "None", "TIDAK ADA", "tidak ada"})
_EXCEL = date(1899, 12, 30)
_MONTHS = {name: number for number, names in enumerate((
    "jan januari", "feb februari pebruari", "mar maret", "apr april", "mei may", "jun juni", "jul juli", "agu agt agustus aug", "sep september sept",
    "okt oktober oct", "nov november nopember", "des desember dec"), 1) for name in names.split()}


class Entry(NamedTuple):
    """A row that may enter the register. Identifiers are plain; codes in the order of extract.CODED; `on` is the day the row itself gives."""

    nik: str
    kk: str
    name: str
    born: str       # ISO
    place: int
    coded: tuple[int | None, ...]
    birthplace: str
    mother_name: str
    father_name: str
    mother_nik: str
    father_nik: str
    address: str
    phone: str
    on: str         # ISO or ""
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wrong:
    """A problem and the field it is about."""

    code: str
    field: str


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A territory as rows name it."""

    pk: int
    code: str
    level: str
    name: str
    label: str
    parent: int | None


class Places:
    """Which territory a row means. Names may be written in any usual way; `others` are further names (code → names)."""

    def __init__(self, rows: Iterable[PlaceRow], others: Mapping[str, Iterable[str]] | None = None) -> None:
        self._codes: dict[str, int] = {}
        self._named: dict[tuple[str, str], int | None] = {}
        self._labels: dict[tuple[int, str], int] = {}
        self._city = ""
        every = list(rows)
        for row in every:
            if row.level == "city":
                self._city = row.code.replace(".", "")
        kecamatan = {row.pk: row for row in every if row.level == "kecamatan"}
        for row in every:
            if row.level in ("rw", "rt") and row.parent is not None:
                self._labels[row.parent, row.label] = row.pk
            elif row.level == "kelurahan":
                self._codes[row.code.replace(".", "")] = row.pk
                above = kecamatan.get(row.parent or 0)
                names = {place_key(name) for name in (row.name, *(others or {}).get(row.code, ()))}
                tops = {place_key(above.name), above.code.replace(".", "")} if above else set()
                for name in names:
                    self._named["", name] = None if ("", name) in self._named else row.pk  # a name that occurs twice needs its kecamatan
                    for top in tops:
                        self._named[top, name] = row.pk

    def find(self, kecamatan: str, kelurahan: str, rw: str, rt: str) -> tuple[int | None, bool]:
        """The narrowest territory known, and whether RW or RT were given that are not known. No kelurahan: (None, False)."""
        found = self._kelurahan(kecamatan.strip(), kelurahan.strip())
        if found is None:
            return None, False
        for text in (rw, rt):
            if text.strip().lstrip("0") in ("", "-"):
                return found, False
            try:
                narrower = self._labels.get((found, read_label(text.strip().removesuffix(".0"))))
            except ValueError:
                narrower = None
            if narrower is None:
                return found, True
            found = narrower
        return found, False

    def _kelurahan(self, kecamatan: str, kelurahan: str) -> int | None:
        digits = re.sub(r"[.\s]", "", kelurahan.removesuffix(".0"))
        if digits.isdecimal():
            if len(digits) == 10:
                return self._codes.get(digits)
            top = re.sub(r"[.\s]", "", kecamatan.removesuffix(".0"))
            if len(digits) == 4 and top.isdecimal():
                return self._codes.get((top if len(top) == 6 else self._city + top.zfill(2)) + digits)
            return None
        name, top = place_key(kelurahan), re.sub(r"[.\s]", "", kecamatan)
        if not top.isdecimal():
            top = place_key(kecamatan) if kecamatan else ""
        elif len(top) != 6:
            top = self._city + top.zfill(2)
        return self._named.get((top, name)) if name else None


@lru_cache(maxsize=MOST)
def read_date(text: str) -> str | None:
    """A date as extracts and spreadsheets write it, as ISO; None when it is none: 2001-08-17, 17-08-2001, 17/8/2001, 17 Agustus 2001, 20010817, Excel's 37120.

    The day comes before the month, as everywhere in Indonesia. A time of day behind it is passed over.
    """
    bare = text.strip()
    try:
        if len(bare) == 10 and bare[4] == "-":
            return date.fromisoformat(bare).isoformat()
        match = re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T].*)?", bare, re.ASCII)
        if match:
            return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
        match = re.fullmatch(r"(\d{1,2})[-/. ](\d{1,2}|[A-Za-z]+)[-/. ](\d{4})(?:[ T].*)?", bare, re.ASCII)
        if match:
            month = int(match[2]) if match[2].isdecimal() else _MONTHS.get(match[2].casefold(), 0)
            return date(int(match[3]), month, int(match[1])).isoformat()
        match = re.fullmatch(r"(\d{1,6})(?:\.\d+)?", bare, re.ASCII)
        if match and 60 < int(match[1]) < 80_000:  # days since 1899-12-30; before March 1900 Excel counts a day that there was not
            return (_EXCEL + timedelta(days=int(match[1]))).isoformat()
        if re.fullmatch(r"\d{8}", bare, re.ASCII):
            return date(int(bare[:4]), int(bare[4:6]), int(bare[6:])).isoformat()
    except ValueError:
        return None
    return None


@lru_cache(maxsize=MOST)
def _meant(six: str) -> tuple[int, frozenset[str]]:
    """What the middle of a NIK says: sex, and the birth dates it can mean (none: no date)."""
    nik = object.__new__(Nik)
    object.__setattr__(nik, "value", "100000" + six + "0001")
    return (codes.FEMALE if nik.sex == "female" else codes.MALE), frozenset(day.isoformat() for day in nik.birth_dates())


def read_nik(text: str) -> tuple[str, str]:
    """(number, "") or ("", code of the problem). Agrees with Nik.parse on every text."""
    if len(text) == 16 and text.isascii() and text.isdecimal() and text[0] != "0":
        return (text, "") if _meant(text[6:12])[1] else ("", "NIK_SALAH")
    try:
        return Nik.parse(text).value, ""
    except Invalid:
        pass
    bare = re.sub(r"[\s\u200b\ufeff]", "", text).lstrip("'’`")
    return "", "NIK_KOSONG" if not bare else "NIK_BUKAN_TEKS" if _SPREADSHEET.fullmatch(bare) else "NIK_SALAH"


def read_kk(text: str) -> tuple[str, str]:
    """(number, "") or ("", code of the problem); an empty text is no problem here."""
    if len(text) == 16 and text.isascii() and text.isdecimal() and text[0] != "0":
        return text, ""
    if text.strip() in _EMPTY:
        return "", ""
    try:
        return KkNumber.parse(text).value, ""
    except Invalid:
        return "", "KK_BUKAN_TEKS" if _SPREADSHEET.fullmatch(text.strip().lstrip("'’`")) else "KK_SALAH"


def cell_text(value: object) -> str:
    """A cell of a spreadsheet as the text that a CSV of it should have had. Sixteen digits that were a number are shown as one: some are lost."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, bool):
        return "" if value is None else "1" if value else "0"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, int | float):
        return f"{value:.5E}" if abs(value) >= 1e15 else str(value)
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


class Reader:
    """Reads rows for one load. `today`: nothing may happen after it. `lowest`: who was born before is too old to be."""

    def __init__(self, places: Places, today: date) -> None:
        self._places, self._today = places, today.isoformat()
        self._lowest = f"{today.year - OLDEST}{self._today[4:]}"
        self._coded: dict[tuple[str, ...], tuple[tuple[int | None, ...], tuple[Wrong, ...], tuple[str, ...]]] = {}
        self._placed: dict[tuple[str, ...], tuple[int | None, bool]] = {}

    def read(self, cells: Sequence[str]) -> Entry | list[Wrong]:
        """`cells` stand in the order of extract.FIELDS."""
        (nik_text, kk_text, name, born_text, birthplace, mother_name, father_name, mother_nik, father_nik, address, phone, on) = cells[_PLACED:]
        wrong: list[Wrong] = []
        warned: list[str] = []
        coded = self._coded.get(key := tuple(cells[:_CODED])) or self._codes(key)
        if coded[1]:
            wrong += coded[1]
        place, unknown = self._placed.get(key := tuple(cells[_CODED:_PLACED])) or self._place(key)
        if place is None:
            wrong.append(Wrong("KELURAHAN_TIDAK_DIKENAL", "kelurahan"))
        elif unknown:
            warned.append("RW_RT_TIDAK_DIKENAL")
        nik, problem = read_nik(nik_text)
        if problem:
            wrong.append(Wrong(problem, "nik"))
        kk, problem = read_kk(kk_text)
        if problem:
            wrong.append(Wrong(problem, "kk"))
        elif not kk:
            warned.append("TANPA_KK")
        born = read_date(born_text)
        if born is None:
            wrong.append(Wrong("TANGGAL_TIDAK_TERBACA", "born"))
        elif born > self._today:
            wrong.append(Wrong("LAHIR_DI_MASA_DEPAN", "born"))
        elif born < self._lowest:
            wrong.append(Wrong("LAHIR_TERLALU_LAMA", "born"))
        elif nik:
            sex, dates = _meant(nik[6:12])
            if born not in dates:
                warned.append("NIK_BEDA_TANGGAL")
            if sex != coded[0][0]:
                warned.append("NIK_BEDA_KELAMIN")
            if nik[:2] not in PROVINCES:
                warned.append("NIK_WILAYAH_TIDAK_DIKENAL")
            if nik[12:] == "0000":
                warned.append("NIK_NOMOR_URUT")
        name = " ".join(name.split())
        if name in _EMPTY:
            wrong.append(Wrong("NAMA_KOSONG", "name"))
        if mother_nik or father_nik:
            mother_nik, father_nik = self._parent(mother_nik, warned), self._parent(father_nik, warned)
            if nik and nik in (mother_nik, father_nik):
                warned.append("ORANG_TUA_MELINGKAR")
                mother_nik, father_nik = ("" if nik == parent else parent for parent in (mother_nik, father_nik))
        if phone:
            phone = self._phone(phone, warned)
        if on:
            read = "" if on.strip() in _EMPTY else read_date(on)
            if read is None:
                wrong.append(Wrong("TANGGAL_TIDAK_TERBACA", "on"))
            elif read > self._today:
                wrong.append(Wrong("PERISTIWA_DI_MASA_DEPAN", "on"))
            on = read or ""
        birthplace, mother_name, father_name, address = _tidy(birthplace), _tidy(mother_name), _tidy(father_name), _tidy(address)
        for field, text, most in (("name", name, 200), ("birthplace", birthplace, 100), ("mother_name", mother_name, 200),
                                  ("father_name", father_name, 200), ("address", address, 200)):
            if len(text) > most:
                wrong.append(Wrong("ISIAN_TERLALU_PANJANG", field))
            if not (text.isascii() and text.isprintable()) and _BROKEN.search(text):
                wrong.append(Wrong("HURUF_RUSAK", field))
        if coded[2]:
            warned += coded[2]
        if wrong:
            return wrong
        return Entry(nik, kk, name, born or "", place or 0, coded[0], birthplace, mother_name, father_name, mother_nik, father_nik, address, phone, on,
                     tuple(warned))

    def _codes(self, key: tuple[str, ...]) -> tuple[tuple[int | None, ...], tuple[Wrong, ...], tuple[str, ...]]:
        values: list[int | None] = []
        wrong: list[Wrong] = []
        for name, text in zip(CODED, key, strict=True):
            value = codes.read(name, text.strip().removesuffix(".0"))
            if isinstance(value, codes.Unknown):
                wrong.append(Wrong("KODE_TIDAK_DIKENAL", name))
                value = None
            elif value is None and name == "sex":
                wrong.append(Wrong("JENIS_KELAMIN_KOSONG", "sex"))
            values.append(codes.RESIDENT if value is None and name == "status" else value)
        if values[1] == codes.VOID:
            wrong.append(Wrong("KODE_TIDAK_DIKENAL", "status"))
        warned = ("KEPALA_MENINGGAL",) if values[1] == codes.DEAD and values[6] == codes.HEAD else ()
        if len(self._coded) >= MOST:
            self._coded.clear()
        found = self._coded[key] = (tuple(values), tuple(wrong), warned)
        return found

    def _place(self, key: tuple[str, ...]) -> tuple[int | None, bool]:
        kecamatan, kelurahan, rw, rt = key
        if len(self._placed) >= MOST:
            self._placed.clear()
        found = self._placed[key] = self._places.find(kecamatan, kelurahan, rw, rt)
        return found

    @staticmethod
    def _parent(text: str, warned: list[str]) -> str:
        if text.strip() in _EMPTY:
            return ""
        number, problem = read_nik(text)
        if problem:
            warned.append("NIK_ORANG_TUA_DILEWATI")
        return number

    @staticmethod
    def _phone(text: str, warned: list[str]) -> str:
        if text.startswith("08") and 10 <= len(text) <= 13 and text.isascii() and text.isdecimal():  # as Phone.parse reads it, in a tenth of the time
            return f"+62{text[1:]}"
        if text.strip() in _EMPTY:
            return ""
        try:
            return Phone.parse(text).value
        except Invalid:
            warned.append("TELEPON_DILEWATI")
            return ""


def _tidy(text: str) -> str:
    text = text.strip()
    if text in _EMPTY:
        return ""
    return " ".join(text.split()) if "  " in text or "\n" in text or "\t" in text else text


assert FIELDS[_PLACED:] == ("nik", "kk", "name", "born", "birthplace", "mother_name", "father_name", "mother_nik", "father_nik", "address", "phone", "on")  # noqa: S101
