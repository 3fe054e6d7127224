"""From rows of an extract to rows of the register, without the database: a scanner says what can be said of a row by itself, and may run in a process of
its own beside the encoder, which knows the other rows and numbers them.

The encoder is told what the register holds (`Known`) and works in steps. Of each row it decides: not changed, rejected, new, or known and perhaps
changed. New persons come out ready for COPY with numbers reserved beforehand; known ones go to `changes`, for they need the register itself.
"""
import json
from array import array
from binascii import b2a_base64
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b
from operator import itemgetter
from typing import Any

from django.conf import settings

from amanah.foundation.kernel.names import order_free_key, search_key
from amanah.foundation.stores.bulk import Block, form_of

from ...rules import codes
from ...rules.addresses import address_key
from ...rules.extract import CODED, FIELDS
from ...rules.extract_rows import Entry, Places, Reader, Wrong, read_nik
from ...rules.families import YOUNGEST_PARENT
from ...rules.state import has_cycle

STEP = 10_000      # rows that are committed together
JOIN = "\x1f"      # between the cells of a row that travels as one text
SHOWN = 20         # row numbers kept for each warning
_text = json.encoder.encode_basestring  # type: ignore[attr-defined]
_TAIL = itemgetter(*(CODED.index(name) for name in ("religion", "marital", "education", "occupation", "relation", "blood", "citizenship", "disability")))
_TAIL_NAMES = ("religion", "marital", "education", "occupation", "relation", "blood", "citizenship", "disability")


# Entry as a tuple; keys of NIK, KK, mother and father; sealed NIK, mother's name, telephone; the name as it is searched.
Prepared = tuple[tuple[Any, ...], bytes, bytes, bytes, bytes, bytes, bytes, bytes, str]
Scanned = tuple[int, str, int | list[Wrong] | Prepared] | None


@dataclass(slots=True)
class Known:
    """What the register holds, as far as a load needs it. Arrays run over the same persons; `born` are ordinals of days, `prints` 0 for none."""

    ids: "array[int]"
    keys: bytes          # 16 bytes a person, zeros where there is no NIK
    prints: "array[int]"
    born: "array[int]"
    families: list[tuple[int, bytes]]
    provisional: list[tuple[int, bytes, str, str]]  # without NIK yet: person, family's key, born, name without order


@dataclass(slots=True)
class Task:
    """What one load is about. Bases are numbers before the first reserved key."""

    vendor: str
    picks: list[int]     # for each of FIELDS its column, −1 for none
    width: int
    today: date
    position: date
    previous: date | None  # position of the extract before; None: the first, whose persons are simply registered
    recorded_at: str     # as the database wants it
    source: int
    extract: int
    provisional: bool
    actor: str
    family_base: int
    person_base: int
    event_base: int
    skip: int = 0        # rows that an earlier run brought in


@dataclass(slots=True)
class Candidate:
    """A row about somebody whom the register knows (`person`), or who is new but needs the register's eye (`person` 0)."""

    person: int
    number: int
    entry: Entry
    family: int | None
    fingerprint: int
    cells: list[str]
    confirms: bool = False  # a provisional person gets their NIK


@dataclass(slots=True)
class Step:
    """What came of some rows, in order."""

    rows: int
    families: Block = b""  # as stores.bulk.send takes them
    persons: Block = b""
    events: Block = b""
    new_families: int = 0
    new: int = 0
    unchanged: int = 0
    seen: "array[int]" = field(default_factory=lambda: array("q"))
    candidates: list[Candidate] = field(default_factory=list)
    rejected: list[tuple[int, list[Wrong], list[str]]] = field(default_factory=list)
    warned: Counter[str] = field(default_factory=Counter)
    where: dict[str, list[int]] = field(default_factory=dict)
    touched: dict[int, int] = field(default_factory=dict)  # families that were there before: their last event
    words: list[str] = field(default_factory=list)
    last_person: int = 0
    headless: list[tuple[int, int]] = field(default_factory=list)  # only in the last step: (family, row)
    links: list[tuple[int, str, int]] = field(default_factory=list)  # only in the last step: child, "mother" or "father", parent


class Scanner:
    """What can be said of a row by itself: unchanged since it was last read, wrong, or an entry with its identifiers sealed. May run in a process of
    its own; it hands on plain tuples, which travel cheaply: (fingerprint, the row as one text, what was found).
    """

    def __init__(self, task: Task, prints: Mapping[int, int], places: Places) -> None:
        seal = settings.SEAL
        self.reader, self.width = Reader(places, task.today), task.width
        self._lookup, self._seal = seal.lookup, seal.seal  # asking the settings each time costs more than the seal itself
        self._pick = itemgetter(*task.picks)
        self._hash = blake2b(digest_size=8, key=seal.lookup("extract", "fingerprint"))
        self._prints, self._met = prints, set[int]()

    def scan(self, rows: Iterable[list[str]]) -> list[Scanned]:
        return [self.row(row) for row in rows]

    def row(self, row: list[str], *, anew: bool = False) -> Scanned:
        """One row; None when it is empty. `anew`: read it although its fingerprint is known."""
        width = self.width
        if len(row) != width:
            if not any(row):
                return None
            while len(row) > width and not row[-1]:
                row.pop()
            if len(row) != width:
                return 0, JOIN.join(row), [Wrong("BARIS_TERPOTONG" if len(row) < width else "TERLALU_BANYAK_KOLOM", "")]
        raw = JOIN.join(row)
        row.append("")  # what a missing column says
        cells = self._pick(row)
        hasher = self._hash.copy()
        hasher.update(JOIN.join(cells).encode("utf-8", "replace"))
        mark = int.from_bytes(hasher.digest(), "big", signed=True) or 1
        known = self._prints.get(mark)
        if known is not None and mark not in self._met and not anew:
            self._met.add(mark)
            return mark, raw, known
        found = self.reader.read(cells)
        return mark, raw, found if type(found) is list else self._prepared(found)  # type: ignore[arg-type]

    def _prepared(self, entry: Entry) -> Prepared:
        lookup, seal = self._lookup, self._seal
        return (tuple(entry), lookup(entry.nik, "nik"), lookup(entry.kk, "kk") if entry.kk else b"",
                lookup(entry.mother_nik, "nik") if entry.mother_nik else b"", lookup(entry.father_nik, "nik") if entry.father_nik else b"",
                seal(entry.nik, "nik"), seal(entry.mother_name, "mother_name") if entry.mother_name else b"",
                seal(entry.phone, "phone") if entry.phone else b"", search_key(entry.name)[:200])


class Encoder:
    """Holds what was seen so far. One encoder reads one file from its beginning to its end."""

    def __init__(self, task: Task, known: Known, places: Places) -> None:
        self.task, self.form = task, form_of(task.vendor)
        self._scanner = Scanner(task, {}, places)
        self._lookup, self._seal = settings.SEAL.lookup, settings.SEAL.seal
        self._nik = FIELDS.index("nik")
        zero = bytes(16)
        self._niks = {key: pk for n, pk in enumerate(known.ids) if (key := known.keys[16 * n:16 * n + 16]) != zero}
        self._born = dict(zip(known.ids, known.born, strict=True)) if len(known.ids) < 1_000 else _Born(known.ids, known.born)
        self._families = {key: pk for pk, key in known.families}
        self._provisional = {(kk, born, name): pk for pk, kk, born, name in known.provisional}
        self._born_new = array("i", [0])      # by row number
        self._seen: set[int] = set()
        self._heads: set[int] = set()
        self._headless: dict[int, int] = {}
        self._skipped = array("q")
        self._waiting: list[tuple[array[int], bytearray]] = [(array("q"), bytearray()), (array("q"), bytearray())]
        self._words: set[str] = set()
        self._fragments: dict[tuple[int | None, ...], tuple[Any, ...]] = {}
        self._row, self._family, self._event = 0, task.family_base, task.event_base
        self._previous = task.previous.isoformat() if task.previous else None
        self._position = task.position.isoformat()

    def skip(self, cells: Sequence[str]) -> None:
        """Pass over a row that an earlier run brought in; its NIK is remembered, lest a later row repeat it."""
        self._row += 1
        self._born_new.append(0)
        if len(cells) == self.task.width:
            pk = self._niks.get(self._lookup(read_nik(cells[self.task.picks[self._nik]])[0], "nik"))
            if pk and pk not in self._seen:
                self._seen.add(pk)
                self._skipped.append(pk)

    def step(self, rows: Iterable[Scanned]) -> Step:
        """Decide about some rows and encode those that are new."""
        out = Step(0, seen=self._skipped)
        self._skipped = array("q")
        new: list[tuple[int, Entry, Prepared, int, int | None]] = []
        made: dict[int, Entry] = {}       # families that begin here
        numbers: dict[int, tuple[str, bytes]] = {}
        seen, task = self._seen, self.task
        for scanned in rows:
            out.rows += 1
            self._row += 1
            self._born_new.append(0)
            if scanned is None:
                continue
            mark, raw, found = scanned
            if type(found) is int:
                if found not in seen:
                    seen.add(found)
                    out.seen.append(found)
                    out.unchanged += 1
                    continue
                found = self._scanner.row(raw.split(JOIN), anew=True)[2]  # type: ignore[index]
            if type(found) is list:
                out.rejected.append((self._row, found, raw.split(JOIN)))
                continue
            prepared: Prepared = found  # type: ignore[assignment]
            entry, key = Entry(*prepared[0]), prepared[1]
            pk = self._niks.get(key, 0)
            if pk in seen or pk > task.person_base:
                out.rejected.append((self._row, [Wrong("NIK_GANDA_DALAM_BERKAS", "nik")], raw.split(JOIN)))
                continue
            family, kk_key = self._family_of(entry, prepared[2], made, numbers)
            leads = entry.coded[6] == codes.HEAD and entry.coded[1] == codes.RESIDENT and family is not None
            if leads:
                if family in self._heads:
                    out.rejected.append((self._row, [Wrong("KEPALA_GANDA", "relation")], raw.split(JOIN)))
                    continue
                self._heads.add(family)  # type: ignore[arg-type]
                self._headless.pop(family, None)  # type: ignore[arg-type]
            for code in entry.warnings:
                self._warn(out, code, self._row)
            confirms = False
            if not pk and self._provisional:
                pk = self._provisional.get((kk_key, entry.born, order_free_key(entry.name)), 0)
                confirms = bool(pk) and pk not in seen
                pk = pk if confirms else 0
            if pk or (leads and family is not None and family <= task.family_base):
                if pk:
                    seen.add(pk)
                    out.seen.append(pk)
                out.candidates.append(Candidate(pk, self._row, entry, family, mark, raw.split(JOIN), confirms))
                continue
            pk = task.person_base + self._row
            self._niks[key] = pk
            self._born_new[-1] = date.fromisoformat(entry.born).toordinal()
            new.append((pk, entry, prepared, mark, family))
        self._encode(out, new, made, numbers)
        return out

    def last(self) -> Step:
        """What only shows at the end of the file."""
        out = Step(0)
        for family, row in self._headless.items():
            out.headless.append((family, row))
            self._warn(out, "KELUARGA_TANPA_KEPALA", row)
        for role, (children, keys) in zip(("mother", "father"), self._waiting, strict=True):
            for n, child in enumerate(children):
                parent = self._niks.get(bytes(keys[16 * n:16 * n + 16]))
                if parent is not None and (problem := self._unfit(child, parent, {})):
                    self._warn(out, problem, child - self.task.person_base)
                elif parent is not None:
                    out.links.append((child, role, parent))
        return out

    def _warn(self, out: Step, code: str, row: int) -> None:
        out.warned[code] += 1
        if out.warned[code] <= SHOWN:
            out.where.setdefault(code, []).append(row)

    def _family_of(self, entry: Entry, key: bytes, made: dict[int, Entry], numbers: dict[int, tuple[str, bytes]]) -> tuple[int | None, bytes]:
        if not entry.kk:
            return None, b""
        family = self._families.get(key)
        if family is None:
            self._family += 1
            family = self._families[key] = self._family
            made[family] = entry
            numbers[family] = (entry.kk, key)
            if entry.coded[1] == codes.RESIDENT:
                self._headless[family] = self._row
        return family, key

    def _encode(self, out: Step, new: list[tuple[int, Entry, Prepared, int, int | None]], made: dict[int, Entry], numbers: dict[int, tuple[str, bytes]]) -> None:
        task, form, seal, fragments = self.task, self.form, self._seal, self._fragments
        null, blob, text, postgres = form.null, form.blob, form.text, task.vendor == "postgresql"
        claims: dict[int, tuple[int, ...]] = {}  # child → parents named in these rows
        parents: dict[int, tuple[bytes, bytes]] = {}
        for pk, _entry, prepared, *_rest in new:
            if prepared[3] or prepared[4]:
                keys = parents[pk] = (prepared[3], prepared[4])
                claims[pk] = tuple(parent for key in keys if key and (parent := self._niks.get(key)))
        persons, events, words, last = [], [], set(), {}
        after: list[tuple[str, tuple[Any, ...]]] = []  # children above their parents in the file: in the table they follow them
        provisional, event = int(task.provisional), self._event
        moment, position, previous = task.recorded_at, self._position, self._previous
        for pk, entry, (_told, key, _kk, _mother, _father, sealed, sealed_mother, sealed_phone, search), mark, family in new:
            event += 1
            coded = entry.coded
            fragment = fragments.get(coded) or self._fragment(coded)
            nik64 = b2a_base64(sealed, newline=False).decode()
            born, name = entry.born, entry.name
            mother = father = mother_name = phone = null
            more = ""
            if pk in claims:
                mother, father = self._parents(out, pk, parents[pk], claims)
                if mother is not null:
                    more += f',"mother":{mother}'
                if father is not null:
                    more += f',"father":{father}'
            if sealed_mother:
                mother_name = blob(sealed_mother)
                more += f',"mother_name":"{b2a_base64(sealed_mother, newline=False).decode()}"'
            if sealed_phone:
                phone = blob(sealed_phone)
                more += f',"phone":"{b2a_base64(sealed_phone, newline=False).decode()}"'
            if entry.father_name:
                more += f',"father_name":{_text(entry.father_name)}'
            if entry.birthplace:
                more += f',"birthplace":{_text(entry.birthplace)}'
            if family is None:
                home = null
            else:
                home = family
                more += f',"family":{family}'
                last[family] = event
            if previous is None:
                kind, since = "register", entry.on or position
            elif born > previous:
                kind, since = "birth", born
            else:
                kind, since = "move_in", entry.on or position
            changes = f'{{"place":{entry.place},"name":{_text(name)},"born":"{born}","nik":"{nik64}"{fragment[3]}{more}}}'
            if postgres and "\\" in changes:
                changes = changes.replace("\\", "\\\\")
            words.update(search.split())
            made_person = (pk, fragment[0], entry.place, fragment[1], born, *fragment[2], home, since, moment, event, text(name), search,
                            text(entry.birthplace), blob(sealed), blob(key), phone, mother_name, text(entry.father_name), mother, father, provisional, 0, mark)
            if more and ((mother is not null and mother > pk) or (father is not null and father > pk)):
                after.append((born, made_person))
            else:
                persons.append(made_person)
            events.append((event, pk, home, kind, since, moment, task.source, task.extract, provisional, null, null, changes, task.actor, "", ""))
        persons += [one for _born, one in sorted(after)]
        families = []
        for family, entry in made.items():
            kk, kk_key = numbers[family]
            families.append((family, blob(seal(kk, "kk")), blob(kk_key), entry.place, text(entry.address), address_key(entry.address), 0, provisional,
                             last.pop(family, 0)))
        self._event = event
        out.new, out.new_families, out.touched = len(persons), len(families), last
        out.words = sorted(words - self._words)
        self._words |= words
        out.last_person = new[-1][0] if new else 0
        out.families, out.persons, out.events = (form.pack(rows) for rows in (families, persons, events))

    def _fragment(self, coded: tuple[int | None, ...]) -> tuple[Any, ...]:
        """What rows share that have the same codes: status, sex, the columns of the other codes, and all of them as JSON."""
        null = self.form.null
        tail = _TAIL(coded)
        said = [("status", coded[1]), ("sex", coded[0]), *zip(_TAIL_NAMES, tail, strict=True)]
        found = self._fragments[coded] = (coded[1], coded[0], tuple(null if code is None else code for code in tail),
                                          "".join(f',"{name}":{code}' for name, code in said if code is not None))
        return found

    def _parents(self, out: Step, pk: int, keys: tuple[bytes, bytes], claims: dict[int, tuple[int, ...]]) -> tuple[Any, Any]:
        linked = []
        for (children, waiting), key in zip(self._waiting, keys, strict=True):
            parent: Any = self.form.null
            if key:
                found = self._niks.get(key)
                if found is None:
                    children.append(pk)
                    waiting.extend(key)
                elif problem := self._unfit(pk, found, claims):
                    self._warn(out, problem, pk - self.task.person_base)
                else:
                    parent = found
            linked.append(parent)
        return linked[0], linked[1]

    def _unfit(self, child: int, parent: int, claims: dict[int, tuple[int, ...]]) -> str:
        """Why two people are not joined as child and parent; "" when nothing speaks against it. Who is older by years cannot be one's descendant."""
        if (self._day(child) - self._day(parent)) / 365.25 >= YOUNGEST_PARENT:
            return ""
        return "ORANG_TUA_MELINGKAR" if has_cycle(claims, child) else "ORANG_TUA_TERLALU_MUDA"

    def _day(self, pk: int) -> int:
        return self._born_new[pk - self.task.person_base] if pk > self.task.person_base else self._born[pk]


class _Born:
    """Birth days by person, found by halving: eight bytes a person instead of a hundred."""

    def __init__(self, ids: "array[int]", born: "array[int]") -> None:
        order = range(len(ids)) if all(ids[n] < ids[n + 1] for n in range(len(ids) - 1)) else sorted(range(len(ids)), key=ids.__getitem__)
        self._ids, self._born = array("q", (ids[n] for n in order)), array("i", (born[n] for n in order))

    def __getitem__(self, pk: int) -> int:
        from bisect import bisect_left

        at = bisect_left(self._ids, pk)
        if at == len(self._ids) or self._ids[at] != pk:
            raise KeyError(pk)
        return self._born[at]
