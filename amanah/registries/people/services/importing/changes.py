"""What an extract says of somebody whom the register knows: compared with their state, and told as events."""
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import SequenceMatcher
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Min

from amanah.foundation.kernel.names import order_free_key
from amanah.foundation.stores import bulk

from ...models import Event, Extract, Family, Past, Person, Shift, Source
from ...rules import codes
from ...rules.extract import CODED
from ...rules.extract_rows import Wrong
from ...rules.projection import Row
from ...rules.state import COUNTS, FIELDS, SEALED, from_text, to_text
from ..recording import rebuild, state_of
from ..rows import EVENT, PAST, PERSON, Maker
from .encoding import Candidate

Kind = Event.Kind
CORRECTED = ("born", "sex", "birthplace", "father_name", "mother_name")  # what somebody is since birth: it changes only because it was written wrongly
ALIKE = 0.75  # of two spellings: above it a name was corrected, below it was changed
FEW = 5_000   # changes that readers of counts add up by themselves


@dataclass(slots=True)
class Load:
    """What every change of one load shares."""

    source: Source
    extract: Extract
    actor: str
    now: datetime
    mapped: frozenset[str]  # fields for which the file has a column

    @property
    def provisional(self) -> bool:
        return not self.source.master


@dataclass(slots=True)
class Outcome:
    """What became of some candidates."""

    counts: Counter[str] = field(default_factory=Counter)  # by kind of event, and "unchanged", "changed", "new", "contradicted", "confirmed"
    rejected: list[tuple[int, list[Wrong], list[str]]] = field(default_factory=list)
    deferred: list[Candidate] = field(default_factory=list)
    shifts: int = 0
    words: set[str] = field(default_factory=set)
    contradicted: list[int] = field(default_factory=list)  # persons


@dataclass(slots=True)
class _Told:
    kind: str
    valid_from: date
    changes: dict[str, Any]
    about: int | None = None


def absorb(load: Load, candidates: list[Candidate], *, last: bool) -> Outcome:
    """Bring what the rows say into the register, inside the caller's transaction. Rows that would make a second head wait (`deferred`) for rows that
    still come; when `last`, they are rejected."""
    return _Batch(load, candidates).run(last) if candidates else Outcome()


class _Batch:
    def __init__(self, load: Load, candidates: list[Candidate]) -> None:
        self.load, self.candidates, self.out = load, candidates, Outcome()
        self.maker = Maker(bulk.form_of(connection.vendor))
        ids = [one.person for one in candidates if one.person]
        self.persons = {person.pk: person for n in range(0, len(ids), 5_000) for person in Person.objects.filter(pk__in=ids[n:n + 5_000])}
        self.open = self._open_provisional(ids)
        families = {one.family for one in candidates if one.family}
        self.heads = dict(Person.objects.filter(family__in=families, relation=codes.HEAD, status=codes.RESIDENT).values_list("family_id", "pk"))
        self.parents = self._parents()
        self.events: list[tuple[int, Candidate, _Told, dict[str, Any]]] = []

    def run(self, last: bool) -> Outcome:
        planned: list[tuple[Candidate, list[_Told], dict[str, Any]]] = []
        for one in self.candidates:
            person = self.persons.get(one.person)
            if person is not None and not one.confirms and self._stranger(person, one):
                self.out.rejected.append((one.number, [Wrong("NIK_DIPAKAI_ORANG_LAIN", "nik")], one.cells))
                continue
            told = self._enter(one) if person is None else self._compare(person, one)
            after = dict(state_of(person)) if person is not None else dict.fromkeys(FIELDS)
            for event in told:
                after.update(event.changes)
            planned.append((one, told, after))
        planned = self._one_head(planned, last)
        self._write(planned)
        return self.out

    # ------------------------------------------------------------ what is said

    def _stated(self, one: Candidate) -> dict[str, Any]:
        """What the row says, in the fields of a state; sealed fields plain. Empty cells say nothing."""
        entry, mapped = one.entry, self.load.mapped
        stated: dict[str, Any] = {name: value for name, value in zip(CODED, entry.coded, strict=True) if value is not None and (name in mapped or name == "status")}
        stated |= {"name": entry.name, "born": date.fromisoformat(entry.born), "place": entry.place}
        if one.family is not None:
            stated["family"] = one.family
        stated |= {name: value for name in ("birthplace", "father_name", "mother_name", "phone") if (value := getattr(entry, name))}
        for role, nik in (("mother", entry.mother_nik), ("father", entry.father_nik)):
            parent = self.parents.get(nik)
            if parent and parent[0] != one.person and (stated["born"] - parent[1]).days / 365.25 >= 10:
                stated[role] = parent[0]
        return stated

    def _enter(self, one: Candidate) -> list[_Told]:
        extract, stated = self.load.extract, self._stated(one)
        previous = self._previous
        kind, since = ((Kind.REGISTER, self._on(one)) if previous is None else (Kind.BIRTH, stated["born"]) if stated["born"] > previous
                       else (Kind.MOVE_IN, self._on(one)))
        del extract
        return [_Told(kind, since, {**stated, "nik": one.entry.nik})]

    def _compare(self, person: Person, one: Candidate) -> list[_Told]:
        before, stated, on = state_of(person), self._stated(one), self._on(one)
        if before["status"] == codes.VOID:
            return [_Told(Kind.REGISTER, max(on, person.valid_from), {**stated, "nik": one.entry.nik})]
        changes = {name: value for name, value in stated.items() if not self._same(name, before[name], value)}
        if stated["status"] != codes.RESIDENT:  # somebody who is gone has no new home
            changes = {name: value for name, value in changes.items() if name not in ("place", "family", "relation")}
        for role in ("mother", "father"):
            if before[role] is not None:
                changes.pop(role, None)
        told: list[_Told] = []
        contradicted = False
        for number, said in self.open.get(person.pk, ()):
            disputed = {name for name in said if name in changes}
            agreed = not disputed
            told.append(_Told(Kind.CONFIRM if agreed else Kind.CONTRADICT, on, {}, number))
            contradicted |= not agreed
            changes = {name: value for name, value in changes.items() if name not in disputed}
        if contradicted:
            self.out.contradicted.append(person.pk)
        if one.confirms:
            changes["nik"] = one.entry.nik
            told.append(_Told(Kind.CONFIRM, max(on, person.valid_from), {"nik": changes.pop("nik")}))
        return [*told, *self._events(person, before, changes, on)]

    def _events(self, person: Person, before: dict[str, Any], changes: dict[str, Any], on: date) -> list[_Told]:
        told: list[_Told] = []

        def take(*names: str) -> dict[str, Any]:
            return {name: changes.pop(name) for name in names if name in changes}

        corrected = take(*CORRECTED)
        if "name" in changes:
            one, other = order_free_key(before["name"]), order_free_key(changes["name"])
            if SequenceMatcher(None, one, other, autojunk=False).ratio() >= ALIKE:
                corrected |= take("name")
            else:
                told.append(_Told(Kind.NAME, on, take("name")))
        if corrected:
            told.insert(0, _Told(Kind.CORRECTION, self._since(person), corrected))
        status = changes.pop("status", before["status"])
        if before["status"] == status == codes.RESIDENT:
            if "place" in changes:
                told.append(_Told(Kind.MOVE, on, take("place", "family", "relation")))
            elif "family" in changes:
                told.append(_Told(Kind.SPLIT, on, take("family", "relation")))
            elif "relation" in changes and codes.HEAD in (before["relation"], changes["relation"]):
                told.append(_Told(Kind.HEAD, on, take("relation")))
        elif status != before["status"]:
            if before["status"] == codes.RESIDENT:
                leaving = _Told(Kind.DEATH if status == codes.DEAD else Kind.MOVE_OUT, on, {"status": status})
            else:
                kind = Kind.MOVE_IN if (before["status"], status) == (codes.MOVED, codes.RESIDENT) else Kind.CORRECTION
                leaving = _Told(kind, on, {"status": status, **take("place", "family", "relation")})
            if changes:
                told.append(_Told(Kind.UPDATE, on, dict(changes)))
            return [*told, leaving]
        if changes:
            told.append(_Told(Kind.UPDATE, on, dict(changes)))
        return told

    def _same(self, name: str, before: Any, after: Any) -> bool:
        if name in SEALED:
            return before is not None and settings.SEAL.open(before, name) == after
        return bool((before or None) == (after or None))

    def _on(self, one: Candidate) -> date:
        return date.fromisoformat(one.entry.on) if one.entry.on else self.load.extract.position

    def _since(self, person: Person) -> date:
        """The first day that the register knows of somebody."""
        if not hasattr(self, "_firsts"):
            self._firsts: dict[int, date] = {}
        if person.pk not in self._firsts:
            ids = list(self.persons)
            for n in range(0, len(ids), 5_000):
                self._firsts.update(Event.objects.filter(person__in=ids[n:n + 5_000]).values_list("person").annotate(Min("valid_from")))
        return self._firsts[person.pk]

    @staticmethod
    def _stranger(person: Person, one: Candidate) -> bool:
        """Whether the row cannot mean this person: neither the birth date nor any word of the name agrees."""
        same_words = set(order_free_key(person.name).split()) & set(order_free_key(one.entry.name).split())
        return not same_words and person.born.isoformat() != one.entry.born

    # ------------------------------------------------------------ what the register says

    @property
    def _previous(self) -> date | None:
        earlier = getattr(self, "_earlier", "")
        if earlier == "":
            earlier = self._earlier = previous_position(self.load.extract)
        return earlier

    def _open_provisional(self, ids: list[int]) -> dict[int, list[tuple[int, dict[str, Any]]]]:
        """What was told here first and has not been answered by the master yet."""
        found: dict[int, list[tuple[int, dict[str, Any]]]] = {}
        if self.load.source.master:
            for n in range(0, len(ids), 5_000):
                rows = Event.objects.filter(person__in=ids[n:n + 5_000], provisional=True, answers=None, extract__undone_at=None)
                for pk, person, changes in rows.order_by("pk").values_list("pk", "person_id", "changes"):
                    found.setdefault(person, []).append((pk, from_text(changes)))
        return found

    def _parents(self) -> dict[str, tuple[int, date]]:
        niks = {nik for one in self.candidates for nik in (one.entry.mother_nik, one.entry.father_nik) if nik}
        keys = {settings.SEAL.lookup(nik, "nik"): nik for nik in niks}
        found: dict[str, tuple[int, date]] = {}
        every = list(keys)
        for n in range(0, len(every), 5_000):
            for key, pk, born in Person.objects.filter(nik_key__in=every[n:n + 5_000]).values_list("nik_key", "pk", "born"):
                found[keys[bytes(key)]] = (pk, born)
        return found

    # ------------------------------------------------------------ one head a family

    def _one_head(self, planned: list[tuple[Candidate, list[_Told], dict[str, Any]]], last: bool) -> list[tuple[Candidate, list[_Told], dict[str, Any]]]:
        """Leave out who would be a second head; what was left out may make room for none, so it is asked again until nobody leaves."""
        while True:
            freed = {one.person: after for one, _told, after in planned}
            kept = []
            for one, told, after in planned:
                family = after["family"]
                if after["relation"] == codes.HEAD and after["status"] == codes.RESIDENT and family is not None:
                    head = self.heads.get(family) or self._head_of(family)
                    there = freed.get(head) if head else None
                    stays = head and head != one.person and (there is None or (there["relation"] == codes.HEAD and there["status"] == codes.RESIDENT
                                                                               and there["family"] == family))
                    if stays:
                        if last:
                            self.out.rejected.append((one.number, [Wrong("KEPALA_GANDA", "relation")], one.cells))
                        else:
                            self.out.deferred.append(one)
                        continue
                kept.append((one, told, after))
            if len(kept) == len(planned):
                return kept
            planned = kept

    def _head_of(self, family: int) -> int | None:
        found = Person.objects.filter(family=family, relation=codes.HEAD, status=codes.RESIDENT).values_list("pk", flat=True).first()
        self.heads[family] = found  # type: ignore[assignment]
        return found

    # ------------------------------------------------------------ writing

    def _write(self, planned: list[tuple[Candidate, list[_Told], dict[str, Any]]]) -> None:
        load, maker, out = self.load, self.maker, self.out
        pack = maker.form.pack
        event = bulk.reserve(Event, sum(len(told) for _one, told, _after in planned))
        fresh = bulk.reserve(Person, sum(1 for one, _told, _after in planned if not one.person))
        events, past, shifts, late = [], [], [], []
        plain: list[tuple[Any, ...]] = []     # persons who lead no family afterwards: written first, so that a head makes room
        leading: list[tuple[Any, ...]] = []
        entering: list[tuple[Any, ...]] = []
        touched: dict[int, int] = {}
        for one, told, _after in planned:
            person = self.persons.get(one.person)
            begun = event + 1
            if person is None:
                fresh += 1
                pk, rows, key, provisional, before = fresh, [], settings.SEAL.lookup(one.entry.nik, "nik"), load.provisional, None
                out.counts["new"] += 1
            else:
                pk, before = person.pk, state_of(person)
                rows = [Row(person.valid_from, person.event, before, person.recorded_at)]
                key, provisional = bytes(person.nik_key) if person.nik_key is not None else None, person.provisional
                out.counts["changed" if told else "unchanged"] += 1
            rebuilt = False
            for said in told:
                event += 1
                out.counts[said.kind] += 1
                changes = maker.sealed({name: value for name, value in said.changes.items() if rows or value is not None})
                if "nik" in said.changes:
                    key = settings.SEAL.lookup(said.changes["nik"], "nik")
                family = changes.get("family", rows[-1].state["family"] if rows else None)
                events.append(maker.event(event, person=pk, family=family, kind=said.kind, valid_from=said.valid_from, recorded_at=load.now,
                                          source=load.source.pk, extract=load.extract.pk, provisional=load.provisional, changes=to_text(changes),
                                          actor=load.actor, about=said.about, together=begun if len(told) > 1 and event > begun else None))
                for one_family in {family, rows[-1].state["family"] if rows else None} - {None}:
                    touched[one_family] = event  # type: ignore[index]
                if said.kind == Kind.CONFIRM and not load.provisional:
                    provisional = False
                if not changes:
                    continue
                if rows and (said.valid_from < rows[-1].valid_from or rows[-1].state["status"] == codes.VOID):
                    rebuilt = True
                    continue
                if rows:
                    rows[-1].valid_until, rows[-1].closed_at = said.valid_from, load.now
                rows.append(Row(said.valid_from, event, {**(rows[-1].state if rows else dict.fromkeys(FIELDS)), **changes}, load.now))
            if rebuilt:
                late.append((pk, one.fingerprint, provisional))
                continue
            state = rows[-1].state
            made = maker.person(pk, rows[-1], nik_key=key, provisional=provisional, restricted=person.restricted if person else False,
                                fingerprint=one.fingerprint)
            (entering if person is None else leading if state["relation"] == codes.HEAD and state["status"] == codes.RESIDENT else plain).append(made)
            out.words.update(str(made[_SEARCH]).split())
            past += [maker.past(pk, row) for row in rows[:-1]]
            if told:
                shifts += _shifts(before, state)
        bulk.send(Event, EVENT, pack(events))
        bulk.send(Past, PAST, pack(past))
        bulk.replace(Person, PERSON, pack(plain))
        for pk, mark, provisional in late:
            rebuild(Person.objects.get(pk=pk))
            Person.objects.filter(pk=pk).update(fingerprint=mark, provisional=provisional)
        bulk.replace(Person, PERSON, pack(leading))
        bulk.send(Person, PERSON, pack(entering))
        bulk.replace(Family, ("id", "event"), pack(sorted(touched.items())))
        if touched:
            Family.objects.filter(pk__in=list(touched), ended=True, persons__status=codes.RESIDENT).update(ended=False)
        if len(shifts) <= 2 * FEW:
            Shift.objects.bulk_create(shifts, batch_size=5_000)
        out.shifts = len(shifts)


_SEARCH = PERSON.index("search")


def previous_position(extract: Extract) -> date | None:
    """The day whose state the last loaded extract of the same source showed; None when this is the first."""
    found: date | None = (Extract.objects.filter(source=extract.source_id, state=Extract.State.DONE).exclude(pk=extract.pk).order_by("-position", "-pk")
                          .values_list("position", flat=True).first())
    return found


def _shifts(before: Any, after: Any) -> list[Shift]:
    """A resident who left a cell, a resident who came into one."""
    was = before if before is not None and before["status"] == codes.RESIDENT else None
    now = after if after["status"] == codes.RESIDENT else None
    if was is not None and now is not None and all(was[name] == now[name] for name in COUNTS):
        return []
    columns = [name for name in COUNTS if name not in ("status", "place")]
    return [Shift(sign=sign, place_id=state["place"], **{name: state[name] for name in columns}) for sign, state in ((-1, was), (1, now)) if state is not None]
