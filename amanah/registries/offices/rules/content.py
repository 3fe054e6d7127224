"""What `offices.yaml` says: offices, their positions, who follows whom, and the rules by which territories get their offices."""
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from .strict_yaml import Document, Entries, Field, meant

KINDS = ("city", "head", "sekretariat", "asisten", "staf_ahli", "bagian", "inspektorat", "dinas", "badan", "kantor", "satuan", "kecamatan",
         "kelurahan", "rsud", "puskesmas", "uptd", "perumda", "external")
LEVELS = ("kepala_daerah", "wakil_kepala_daerah", "sekda", "asisten", "staf_ahli", "kepala", "sekretaris", "kabag", "kabid", "camat", "lurah",
          "kasi", "kasubag", "direktur", "staf")
LINKS = ("renamed", "merged", "split", "raised")
CODE = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)*$")


@dataclass(frozen=True, slots=True)
class Seat:
    """A position; `unit` is the name of the part of the office it leads, if any."""

    code: str
    title: str
    level: str
    head: bool
    unit: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """An office as the file states it; `line` is where."""

    code: str
    name: str
    kind: str
    abbreviation: str
    parent: str
    function_code: str
    duties: str
    territory: str
    hours_group: str
    address: str
    phone: str
    email: str
    lat: float | None
    lng: float | None
    confirmed: bool
    source: str
    note: str
    valid_from: date | None
    valid_to: date | None
    seats: tuple[Seat, ...]
    line: int

    @property
    def stated(self) -> dict[str, Any]:
        """What the file says, wherever it says it, as JSON can hold it."""
        said = {key: value.isoformat() if isinstance(value, date) else value for key, value in asdict(self).items()}
        return said | {"seats": [list(asdict(seat).values()) for seat in self.seats], "line": 0}


@dataclass(frozen=True, slots=True)
class Link:
    predecessor: str
    successor: str
    kind: str
    day: date
    legal_basis: str
    note: str


@dataclass(frozen=True, slots=True)
class Place:
    """A territory as far as making its office needs it."""

    code: str
    level: str
    name: str
    parent: str


@dataclass(frozen=True, slots=True)
class Content:
    """The whole file, with an office for every territory that a rule names."""

    entries: tuple[Entry, ...]
    links: tuple[Link, ...]


_FACTS = {
    "name": Field(str, required=True), "kind": Field(str, required=True, choices=KINDS), "abbreviation": Field(str, default=""),
    "parent": Field(str, default=""), "function_code": Field(str, default=""), "duties": Field(str, default=""),
    "hours_group": Field(str, default=""), "confirmed": Field(bool, required=True), "source": Field(list, default=()), "note": Field(str, default=""),
}
_OFFICE = _FACTS | {
    "territory": Field(str, default=""), "address": Field(str, default=""), "phone": Field(str, default=""), "email": Field(str, default=""),
    "lat": Field(float), "lng": Field(float), "valid_from": Field(date), "valid_to": Field(date), "positions": Field(list),
}
_RULE = _FACTS | {"code": Field(str, required=True), "level": Field(str, required=True, choices=("kecamatan", "kelurahan"))}
_SEAT = {"code": Field(str, required=True), "title": Field(str, required=True), "level": Field(str, required=True, choices=LEVELS),
         "head": Field(bool, default=False), "unit": Field(str, default=""), "confirmed": Field(bool, default=False)}
_LINK = {"predecessor": Field(str, required=True), "successor": Field(str, required=True), "kind": Field(str, required=True, choices=LINKS),
         "day": Field(date, required=True), "legal_basis": Field(str, default=""), "note": Field(str, default="")}
_FILE = {"sources": Field(dict, required=True), "positions": Field(dict, default={}), "for_each": Field(list, default=()),
         "offices": Field(dict, required=True), "links": Field(list, default=())}


def parse(name: str, text: str, places: Sequence[Place]) -> Content:
    """Read the file for a city of these territories. Raises ContentError naming every mistake with its line."""
    doc = Document(name, text)
    return _Reader(doc, places).content()


class _Reader:
    def __init__(self, doc: Document, places: Sequence[Place]) -> None:
        self.doc, self.places = doc, places
        self.file = doc.read(doc.root, "", _FILE)
        self.sources: dict[str, Any] = self.file["sources"] or {}
        self.patterns = {kind: self._patterns(seats, f"positions.{kind}") for kind, seats in (self.file["positions"] or {}).items()}
        for kind in self.patterns:
            if kind not in KINDS:
                doc.problem(self.file["positions"].lines[kind], "positions", f'jenis "{kind}" tidak dikenal{meant(kind, KINDS)}')

    def content(self) -> Content:
        offices: dict[str, Any] = self.file["offices"] or {}
        entries = [self._entry(code, node, offices.lines[code]) for code, node in offices.items()]  # type: ignore[attr-defined]
        served: dict[str, str] = {}  # territory → code of the office that a rule made for it
        for n, rule in enumerate(self.file["for_each"], 1):
            entries += self._expand(rule, self.file["for_each"].lines[n - 1], f"for_each[{n}]", served)
        by_code = {entry.code: entry for entry in entries}
        self._check(entries, by_code)
        links = tuple(self._link(node, self.file["links"].lines[n], f"links[{n + 1}]", by_code) for n, node in enumerate(self.file["links"]))
        self.doc.finish()
        return Content(tuple(_parents_first(entries, by_code)), links)

    def _entry(self, code: str, node: Any, line: int) -> Entry:
        values = self.doc.read(node, code, _OFFICE, line)
        where = {"name": values.get("name") or "", "territory": next((p.name for p in self.places if p.code == values.get("territory")), "")}
        return self._made(code, line, values, where)

    def _expand(self, node: Any, line: int, where: str, served: dict[str, str]) -> Iterable[Entry]:
        values = self.doc.read(node, where, _RULE, line)
        for place in self.places if values.get("level") else ():
            if place.level != values["level"]:
                continue
            words = {"slug": slug(place.name), "digits": place.code.replace(".", ""), "name": place.name,
                     "parent_office": served.get(place.parent, "")}
            filled = {key: self._fill(value, words, line, f"{where}.{key}") if isinstance(value, str) else value for key, value in values.items()}
            code = served[place.code] = filled.pop("code")
            filled.pop("level")
            yield self._made(code, line, filled | {"territory": place.code}, {"name": filled["name"], "territory": place.name})

    def _made(self, code: str, line: int, values: dict[str, Any], words: dict[str, str]) -> Entry:
        if not CODE.match(code):
            self.doc.problem(line, code, "kode hanya huruf kecil, angka, dan garis bawah")
        facts = {key: values.get(key, field.default) for key, field in _OFFICE.items() if key not in ("positions", "source")}
        own = values.get("positions")
        patterns = self._patterns(own, f"{code}.positions") if own is not None else self.patterns.get(facts["kind"] or "", [])
        sure = bool(facts["confirmed"])  # a seat is no surer than its office
        seats = tuple(replace(seat, title=self._fill(seat.title, words, at, f"{code}.positions"), confirmed=seat.confirmed and sure)
                      for seat, at in patterns)
        return Entry(code=code, line=line, source=self._source(values.get("source") or (), code, line), seats=seats, **facts)

    def _patterns(self, nodes: Any, where: str) -> list[tuple[Seat, int]]:
        if not isinstance(nodes, list):
            self.doc.problem(0, where, "harus daftar dengan tanda -")
            return []
        found = []
        for n, node in enumerate(nodes):
            line = nodes.lines[n]  # type: ignore[attr-defined]
            values = self.doc.read(node, f"{where}[{n + 1}]", _SEAT, line)
            if isinstance(node, Entries) and all(values[key] is not None for key in _SEAT):
                found.append((Seat(**values), line))
        for word, count in (("code", len({seat.code for seat, _l in found})), ("head", len([1 for seat, _l in found if not seat.head]) + 1)):
            if count < len(found):
                self.doc.problem(found[0][1], where, "kode jabatan ditulis dua kali" if word == "code" else "hanya 1 jabatan yang memimpin")
        return found

    def _source(self, keys: Iterable[Any], where: str, line: int) -> str:
        for key in keys:
            if key not in self.sources:
                self.doc.problem(line, f"{where}.source", f'sumber "{key}" tidak dikenal{meant(key, self.sources)}')
        return "; ".join(str(self.sources.get(key, key)) for key in keys)

    def _fill(self, text: str, words: dict[str, str], line: int, where: str) -> str:
        for word in re.findall(r"{(\w*)}", text):
            if word not in words:
                self.doc.problem(line, where, f"{{{word}}} tidak dikenal{meant(word, words)}")
                return text
        return text.format(**words)

    def _link(self, node: Any, line: int, where: str, by_code: dict[str, Entry]) -> Link:
        values = self.doc.read(node, where, _LINK, line)
        for key in ("predecessor", "successor"):
            if values.get(key) and values[key] not in by_code:
                self.doc.problem(line, f"{where}.{key}", f'tidak ada kantor "{values[key]}"{meant(values[key], by_code)}')
        return Link(**values) if values else Link("", "", "", date.min, "", "")

    def _check(self, entries: list[Entry], by_code: dict[str, Entry]) -> None:
        known = {place.code for place in self.places}
        for entry in entries:
            if by_code[entry.code] is not entry:
                self.doc.problem(entry.line, entry.code, "kode ini sudah dipakai kantor lain")
            if entry.parent and entry.parent not in by_code:
                self.doc.problem(entry.line, f"{entry.code}.parent", f'tidak ada kantor "{entry.parent}"{meant(entry.parent, by_code)}')
            if entry.territory and entry.territory not in known:
                self.doc.problem(entry.line, f"{entry.code}.territory", f'tidak ada wilayah "{entry.territory}"{meant(entry.territory, known)}')
            if (entry.lat is None) != (entry.lng is None):
                self.doc.problem(entry.line, entry.code, "lintang dan bujur ditulis keduanya atau tidak sama sekali")
            if entry.valid_from and entry.valid_to and entry.valid_to < entry.valid_from:
                self.doc.problem(entry.line, f"{entry.code}.valid_to", "lebih awal daripada valid_from")
            above, seen = entry, {entry.code}
            while (above := by_code.get(above.parent)) is not None:  # type: ignore[assignment]
                if above.code in seen:
                    self.doc.problem(entry.line, f"{entry.code}.parent", "kantor ini menjadi induk dirinya sendiri")
                    break
                seen.add(above.code)


def slug(name: str) -> str:
    """A name as part of a code: "Balai Kota Baru" → "balai_kota_baru"."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def _parents_first(entries: list[Entry], by_code: dict[str, Entry]) -> list[Entry]:
    def depth(entry: Entry) -> int:
        return 1 + depth(by_code[entry.parent]) if entry.parent else 0

    return sorted(entries, key=depth)
