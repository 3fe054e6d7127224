"""What a city says it does with personal data: purposes with their legal bases, and how long things are kept (UU 27/2022 arts 20, 31). Pure.

The file is `processing.yaml` of the city; every mistake in it is named with its line.
"""
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from amanah.registries.offices.rules.strict_yaml import Document, Field, meant

# Art. 20: what makes a processing lawful → how a page says it.
BASES: Mapping[str, str] = {
    "persetujuan": "persetujuan Anda", "perjanjian": "perjanjian dengan Anda", "kewajiban_hukum": "kewajiban hukum kota",
    "kepentingan_vital": "menyelamatkan jiwa", "tugas_publik": "tugas pelayanan publik", "kepentingan_sah": "kepentingan yang sah",
}
EXPIRING = ("extract_files", "report_files", "sightings", "requests", "copies")  # what the nightly deletion knows
KEPT = ("register", "trail")                                                     # what is never deleted, with the reason

_FILE = {"controller": Field(str, required=True), "official_names": Field(bool, default=False), "unusual_openings_a_day": Field(int, default=20),
         "purposes": Field(dict, required=True), "retention": Field(dict, required=True), "kept": Field(dict, required=True)}
_PURPOSE = {"title": Field(str, required=True), "basis": Field(str, required=True, choices=tuple(BASES)), "law": Field(str, required=True),
            "confirmed": Field(bool, required=True), "data": Field(list, required=True), "recipients": Field(list, required=True),
            "retention": Field(str, required=True), "permissions": Field(list, required=True), "restricted": Field(bool, default=False),
            "dpia": Field(bool, default=False)}
_PERIOD = {"days": Field(int, required=True), "reason": Field(str, required=True), "confirmed": Field(bool, required=True)}
_REASON = {"reason": Field(str, required=True), "confirmed": Field(bool, required=True)}


@dataclass(frozen=True, slots=True)
class Purpose:
    """For what personal data may be used. `permissions`: what may be done for it; `restricted`: also with data whose owner asked for restriction."""

    code: str
    title: str
    basis: str
    law: str
    confirmed: bool
    data: tuple[str, ...]
    recipients: tuple[str, ...]
    retention: str
    permissions: frozenset[str]
    restricted: bool
    dpia: bool

    @property
    def ground(self) -> str:
        """The legal basis in words."""
        return BASES[self.basis]


@dataclass(frozen=True, slots=True)
class Period:
    """How long a kind of thing is kept, in days from when it is finished; `days` 0: for good."""

    kind: str
    days: int
    reason: str
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Processing:
    """The whole register of a city."""

    controller: str
    official_names: bool
    unusual_openings_a_day: int
    purposes: Mapping[str, Purpose]
    retention: Mapping[str, Period]
    kept: Mapping[str, Period]


def parse(name: str, text: str, permissions: Iterable[str]) -> Processing:
    """Read the file; `permissions` are the names the program knows. Raises ContentError naming every mistake with its line."""
    doc, known = Document(name, text), tuple(permissions)
    file = doc.read(doc.root, "", _FILE)
    purposes = {code: _purpose(doc, code, node, file["purposes"].lines[code], known) for code, node in (file["purposes"] or {}).items()}
    retention = {kind: _period(doc, f"retention.{kind}", kind, node, _PERIOD, file["retention"].lines[kind]) for kind, node in (file["retention"] or {}).items()}
    kept = {kind: _period(doc, f"kept.{kind}", kind, node, _REASON, file["kept"].lines[kind]) for kind, node in (file["kept"] or {}).items()}
    for where, given, wanted in (("retention", retention, EXPIRING), ("kept", kept, KEPT)):
        for kind in given:
            if kind not in wanted:
                doc.problem(file[where].lines[kind], where, f'isian "{kind}" tidak dikenal{meant(kind, wanted)}')
        for kind in wanted:
            if kind not in given:
                doc.problem(doc.root.lines.get(where, 1), where, f'isian "{kind}" belum ada')
    if (file["unusual_openings_a_day"] or 0) < 1:
        doc.problem(doc.root.lines.get("unusual_openings_a_day", 1), "unusual_openings_a_day", "harus bilangan bulat, paling kecil 1")
    doc.finish()
    return Processing(file["controller"], file["official_names"], file["unusual_openings_a_day"], purposes, retention, kept)


def _purpose(doc: Document, code: str, node: Any, line: int, known: tuple[str, ...]) -> Purpose:
    where = f"purposes.{code}"
    if not code.isidentifier() or len(code) > 50 or code != code.lower():
        doc.problem(line, where, "kode ditulis dengan huruf kecil dan garis bawah, paling panjang 50")
    facts = doc.read(node, where, _PURPOSE, line)
    for key in ("data", "recipients", "permissions"):
        items: Any = facts.get(key) or ()
        for place, item in enumerate(items):
            at = f"{where}.{key}[{place + 1}]"
            if not isinstance(item, str) or not item.strip():
                doc.problem(items.lines[place], at, "harus teks")
            elif key == "permissions" and item not in known:
                doc.problem(items.lines[place], at, f'wewenang "{item}" tidak ada{meant(item, known)}')
        if key != "permissions" and not items and key in (node if isinstance(node, dict) else ()):
            doc.problem(line, f"{where}.{key}", "paling sedikit satu")
    return Purpose(code, facts.get("title") or "", facts.get("basis") or "", facts.get("law") or "", bool(facts.get("confirmed")),
                   _texts(facts, "data"), _texts(facts, "recipients"), facts.get("retention") or "", frozenset(_texts(facts, "permissions")),
                   bool(facts.get("restricted")), bool(facts.get("dpia")))


def _texts(facts: Mapping[str, Any], key: str) -> tuple[str, ...]:
    return tuple(str(item) for item in facts.get(key) or ())


def _period(doc: Document, where: str, kind: str, node: Any, shape: Mapping[str, Field], line: int) -> Period:
    facts = doc.read(node, where, shape, line)
    if "days" in shape and facts.get("days") is not None and facts["days"] < 1:
        doc.problem(line, where, "days paling kecil 1")
    return Period(kind, facts.get("days") or 0, facts.get("reason") or "", bool(facts.get("confirmed")))
