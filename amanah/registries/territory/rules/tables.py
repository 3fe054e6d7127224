"""The city's own tables: territories, other names, BPS codes. CSV; lines beginning with # are notes, "# source: …" names the source of the file."""
import csv
from collections.abc import Iterator
from dataclasses import dataclass, field

from amanah.foundation.kernel.errors import Invalid

from . import codes

TERRITORY_COLUMNS = ("code", "name", "level", "parent", "lat", "lng", "sea")
ALIAS_COLUMNS = ("code", "alias", "kind", "confirmed", "source")
BPS_COLUMNS = ("code", "bps_code")
MOST_PROBLEMS = 20


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list of territories."""

    code: str
    name: str
    level: str
    parent: str | None
    lat: float | None
    lng: float | None
    sea: str
    bps_code: str
    source: str


@dataclass(frozen=True, slots=True)
class Alias:
    code: str
    name: str
    kind: str
    confirmed: bool
    source: str


@dataclass(frozen=True, slots=True)
class Register:
    """The tables together, checked: every parent exists, every code fits its level, every alias and BPS code has its territory."""

    entries: tuple[Entry, ...]
    aliases: tuple[Alias, ...]


@dataclass
class _Reader:
    """Reads lines and gathers what is wrong with them, so that one run names everything."""

    problems: list[str] = field(default_factory=list)
    file: str = ""
    line: int = 0
    source: str = ""

    def rows(self, file: str, text: str, columns: tuple[str, ...]) -> Iterator[dict[str, str]]:
        self.file, self.line, self.source = file, 0, ""
        head: list[str] | None = None
        for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
            self.line = number
            if line.startswith("#"):
                if line[1:].strip().startswith("source:"):
                    self.source = line.partition("source:")[2].strip()
                continue
            if not line.strip():
                continue
            cells = [cell.strip() for cell in next(csv.reader([line]))]
            if head is None:
                head = cells
                if missing := [name for name in columns if name not in cells]:
                    self.wrong(f"kolom belum ada: {', '.join(missing)}. Tulis judul kolom {', '.join(columns)}.")
                    return
            elif len(cells) != len(head):
                self.wrong(f"ada {len(cells)} isian, seharusnya {len(head)}. Periksa koma; beri tanda kutip pada nama yang berkoma.")
            else:
                yield dict(zip(head, cells, strict=True))
        if head is None:
            self.wrong(f"berkas kosong. Isi judul kolom {', '.join(columns)}.")

    def wrong(self, sentence: str) -> None:
        self.problems.append(f"{self.file}:{self.line}  {sentence}")


def read_register(territory: tuple[str, str], aliases: tuple[str, str] | None = None, bps: tuple[str, str] | None = None) -> Register:
    """The tables (file name, text) as one checked register.

    Raises Invalid with every problem as "file:line  what is wrong and what to do", at most twenty of them.
    """
    reader = _Reader()
    mapped = _read_bps(reader, *bps) if bps else {}
    entries = _read_entries(reader, *territory, {code: number for code, (number, _) in mapped.items()})
    for code, (_, line) in mapped.items():
        if code not in entries:
            reader.file, reader.line = bps[0] if bps else "", line
            reader.wrong(f"kode {code} tidak ada di {territory[0]}. Tambahkan di sana atau hapus baris ini.")
    others = _read_aliases(reader, *aliases, entries) if aliases else []
    if reader.problems:
        more = len(reader.problems) - MOST_PROBLEMS
        shown = reader.problems[:MOST_PROBLEMS] + ([f"… dan {more} lagi."] if more > 0 else [])
        raise Invalid("Daftar wilayah belum bisa dimuat. Tidak ada yang diubah.\n" + "\n".join(shown), territory=reader.problems[0])
    return Register(tuple(entries[code] for code in sorted(entries)), tuple(others))


def _read_entries(reader: _Reader, file: str, text: str, bps: dict[str, str]) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    lines: dict[str, int] = {}
    for row in reader.rows(file, text, TERRITORY_COLUMNS):
        code = row["code"]
        try:
            level = codes.level_of(code)
        except ValueError:
            reader.wrong(f"kode {code!r} bukan kode wilayah. Tulis seperti 11.01.01.2001.")
            continue
        if code in found:
            reader.wrong(f"kode {code} sudah ada di baris {lines[code]}. Hapus salah satu.")
        elif level in codes.NEIGHBOURHOODS:
            reader.wrong("RW dan RT tidak dimuat dari daftar ini. Tambahkan lewat kelurahannya.")
        elif level != row["level"]:
            reader.wrong(f"kode {code} adalah {level}, tetapi kolom level berisi {row['level']!r}. Perbaiki salah satu.")
        elif (codes.parent_of(code) or "") != row["parent"]:
            reader.wrong(f"induk {code} adalah {codes.parent_of(code) or '(kosong)'}, bukan {row['parent']!r}.")
        elif not row["name"]:
            reader.wrong(f"nama {code} kosong. Isi namanya.")
        elif row["sea"] not in ("", "N", "E", "S", "W") or (row["sea"] and level != "city"):
            reader.wrong("kolom sea hanya untuk kota: N, E, S, W, atau kosong.")
        else:
            try:
                lat, lng = (float(row[name]) if row[name] else None for name in ("lat", "lng"))
            except ValueError:
                reader.wrong(f"lintang atau bujur {code} bukan angka. Tulis dengan titik, misalnya -0.947.")
                continue
            if (lat is None) != (lng is None):
                reader.wrong(f"{code} hanya punya lintang atau bujur saja. Isi keduanya atau kosongkan keduanya.")
            elif lat is not None and lng is not None and (abs(lat) > 90 or abs(lng) > 180):
                reader.wrong(f"lintang {lat} dan bujur {lng} tidak mungkin. Mungkin tertukar: kolom lat lebih dulu.")
            else:
                found[code] = Entry(code, row["name"], level, codes.parent_of(code), lat, lng, row["sea"], bps.get(code, ""), reader.source)
                lines[code] = reader.line
    for code, entry in found.items():
        if entry.parent and entry.parent not in found:
            reader.line = lines[code]
            reader.wrong(f"induk {entry.parent} tidak ada di berkas ini. Tambahkan barisnya.")
    return found


def _read_bps(reader: _Reader, file: str, text: str) -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    seen: dict[str, str] = {}
    for row in reader.rows(file, text, BPS_COLUMNS):
        code, number = row["code"], row["bps_code"]
        if not (number.isascii() and number.isdigit()):
            reader.wrong(f"kode BPS {number!r} bukan angka.")
        elif code in found or number in seen:
            reader.wrong(f"kode {code} atau kode BPS {number} sudah dipakai ({seen.get(number, code)}). Satu kode BPS untuk satu wilayah.")
        else:
            found[code], seen[number] = (number, reader.line), code
    return found


def _read_aliases(reader: _Reader, file: str, text: str, entries: dict[str, Entry]) -> list[Alias]:
    found: list[Alias] = []
    seen: set[tuple[str, str]] = set()
    for row in reader.rows(file, text, ALIAS_COLUMNS):
        code, name = row["code"], row["alias"]
        if code not in entries:
            reader.wrong(f"kode {code} tidak ada di daftar wilayah.")
        elif not codes.key(name):
            reader.wrong("nama lain kosong. Isi kolom alias.")
        elif row["kind"] not in ("spelling", "former", "popular"):
            reader.wrong(f"kind {row['kind']!r} tidak dikenal. Pilih spelling, former, atau popular.")
        elif row["confirmed"] not in ("yes", "no"):
            reader.wrong("kolom confirmed berisi yes atau no.")
        elif (code, codes.key(name)) in seen:
            reader.wrong(f"nama lain {name!r} untuk {code} sudah ada. Hapus salah satu.")
        elif codes.key(name) == codes.key(entries[code].name):
            reader.wrong(f"nama lain {name!r} sama dengan namanya sendiri. Hapus baris ini.")
        else:
            seen.add((code, codes.key(name)))
            found.append(Alias(code, name, row["kind"], row["confirmed"] == "yes", row["source"] or reader.source))
    return found
