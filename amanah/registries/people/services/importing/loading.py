"""A load from its first to its last row: steps that are committed one by one, each together with how far the extract has come."""
import csv
import os
import tempfile
from array import array
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.errors import Conflict
from amanah.foundation.kernel.names import order_free_key
from amanah.foundation.stores import bulk
from amanah.foundation.stores.aside import indexes_aside, put_back
from amanah.registries.territory.models import Territory, TerritoryAlias

from ...models import Event, Extract, Family, Person
from ...rules import codes
from ...rules.extract import PROBLEMS, TITLES, guess, places_of
from ...rules.extract_rows import PlaceRow, Places, Wrong
from ..bulk import TABLES, remember
from ..counting import mark_stale
from ..rows import EVENT, FAMILY, PERSON, Maker
from .changes import FEW, Load, Outcome, absorb, previous_position
from .encoding import STEP, Candidate, Known, Step, Task
from .files import Form
from .process import steps

SHOWN = 1_000  # persons who are named in the counts
LEFT = "Tidak ada lagi dalam ekstrak lengkap"


@dataclass(slots=True)
class Progress:
    """How a load goes, told after every step."""

    rows: int
    total: int


@dataclass(slots=True)
class Tally:
    """What came of the rows so far; becomes Extract.counts."""

    counts: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    warned: Counter[str] = field(default_factory=Counter)
    where: dict[str, list[int]] = field(default_factory=dict)
    contradicted: list[int] = field(default_factory=list)
    missing: list[int] = field(default_factory=list)
    reported: int = 0  # bytes of the report that belong to the rows reached

    @classmethod
    def of(cls, counts: dict[str, Any]) -> "Tally":
        return cls(Counter(counts.get("counts", {})), Counter(counts.get("rejected", {})), Counter(counts.get("warned", {})), counts.get("where", {}),
                   counts.get("contradicted", []), counts.get("missing", []), counts.get("reported", 0))

    def plain(self) -> dict[str, Any]:
        return {"counts": dict(self.counts), "rejected": dict(self.rejected), "warned": dict(self.warned), "where": self.where,
                "contradicted": self.contradicted[:SHOWN], "missing": self.missing[:SHOWN], "reported": self.reported}


class Report:
    """The rejected rows as CSV, with why and what to do. While an extract is loaded they lie in a file of its number, which a later run continues at
    `begin`, the length that was committed; without a number, in a temporary file."""

    def __init__(self, headings: list[str], columns: dict[str, str], number: int = 0, begin: int = 0) -> None:
        if number:
            self.path = settings.VAR_DIR / "imports" / f"{number}.csv"
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            begin = begin if self.path.exists() and self.path.stat().st_size >= begin else 0
            os.close(os.open(self.path, os.O_CREAT | os.O_WRONLY, 0o600))
            os.truncate(self.path, begin)
        else:
            handle, name = tempfile.mkstemp(suffix=".csv")
            os.close(handle)
            self.path = Path(name)
        self.file = self.path.open("a", encoding="utf-8", newline="")
        self._out, self._columns, self._width = csv.writer(self.file, delimiter=";"), columns, len(headings)
        self.rows = int(begin > 0)
        if not begin:
            self.file.write("\ufeff")
            self._out.writerow([*headings, "baris", "kolom", "alasan", "yang harus dilakukan"])

    def reached(self) -> int:
        """How long it is, on the disk for good."""
        self.file.flush()
        os.fsync(self.file.fileno())
        return self.path.stat().st_size

    def forget(self) -> None:
        self.file.close()
        self.path.unlink(missing_ok=True)

    def write(self, rejected: list[tuple[int, list[Wrong], list[str]]]) -> None:
        for number, wrongs, cells in rejected:
            self.rows += 1
            row = [_harmless(cell) for cell in [*cells, *[""] * (self._width - len(cells))]]
            self._out.writerow([*row[:self._width], number + 1, "; ".join(self._columns.get(one.field, TITLES.get(one.field, "")) for one in wrongs),
                                "; ".join(f"{one.code}: {PROBLEMS[one.code].says}" for one in wrongs),
                                "; ".join(dict.fromkeys(PROBLEMS[one.code].remedy for one in wrongs))])


def _harmless(cell: str) -> str:
    """A cell that a spreadsheet would take for a formula becomes a text."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") and len(cell) > 1 else cell


def known_places() -> Places:
    rows = [PlaceRow(*row) for row in Territory.objects.filter(valid_to=None).values_list("pk", "code", "level", "name", "label", "parent_id")]
    others: dict[str, list[str]] = {}
    for code, name in TerritoryAlias.objects.values_list("territory__code", "name"):
        others.setdefault(code, []).append(name)
    return Places(rows, others)


def known_register() -> Known:
    """What the register holds, in some forty bytes a person. Persons whose news the master has not answered are compared in any case."""
    ids, prints, born, keys, zero = array("q"), array("q"), array("i"), bytearray(), bytes(16)
    open_news = set(Event.objects.filter(provisional=True, answers=None, person__isnull=False).values_list("person_id", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM people_person")
        for n in _ranges(Person):
            cursor.execute("SELECT id, nik_key, fingerprint, born FROM people_person WHERE id > %s AND id <= %s ORDER BY id", n)
            for pk, key, mark, day in cursor.fetchall():
                ids.append(pk)
                prints.append(0 if mark is None or pk in open_news else mark)
                born.append((day if isinstance(day, date) else date.fromisoformat(day)).toordinal())
                keys += key or zero
    families = [(pk, bytes(key)) for pk, key in Family.objects.exclude(number_key=None).values_list("pk", "number_key").iterator(10_000)]
    waiting = [(pk, bytes(key or b""), day.isoformat(), order_free_key(name)) for pk, key, day, name in
               Person.objects.filter(provisional=True, nik_key=None).values_list("pk", "family__number_key", "born", "name")]
    return Known(ids, bytes(keys), prints, born, families, waiting)


def _ranges(model: Any, size: int = 50_000) -> Iterator[list[int]]:
    last = model.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    first = (model.objects.order_by("pk").values_list("pk", flat=True).first() or 1) - 1
    return ([n, min(n + size, last)] for n in range(first, last, size))


def task_for(extract: Extract, form: Form, actor: Actor, *, dry: bool = False) -> tuple[Task, dict[str, str]]:
    """The task of a load, with numbers reserved for every row that the file can hold."""
    columns = guess(form.headings, extract.source.columns)
    picks = places_of(form.headings, columns)
    count = 0 if dry else form.rows
    return Task(connection.vendor, picks, len(form.headings), clock.today(), extract.position, previous_position(extract),
                Maker(bulk.form_of(connection.vendor)).moment(clock.now()), extract.source_id, extract.pk or 0, not extract.source.master, actor.ref,
                bulk.reserve(Family, count), bulk.reserve(Person, count), bulk.reserve(Event, count), extract.reached), columns


def try_out(extract: Extract, form: Form, actor: Actor, *, size: int = STEP) -> tuple[Tally, Report]:
    """Read and compare the whole file without changing anything: a load in transactions that are rolled back."""
    task, columns = task_for(extract, form, actor, dry=True)
    task.skip = 0
    # Numbers that nobody has yet: they are compared and thrown away.
    task.person_base = task.family_base = task.event_base = 1 << 62
    tally, report = Tally(), Report(form.headings, columns)
    load = Load(extract.source, extract, actor.ref, clock.now(), frozenset(columns))
    deferred: list[Candidate] = []
    for step in steps(task, known_register(), known_places(), form, size=size):
        _count(tally, step, report)
        tally.counts["new"] += step.new
        candidates = [one for one in step.candidates if one.person]
        tally.counts["new"] += len(step.candidates) - len(candidates)
        with transaction.atomic():
            outcome = _absorbed_and_forgotten(load, candidates)
            _told(tally, outcome, report)
            deferred += outcome.deferred
            transaction.set_rollback(True)
    tally.counts["changed"] += len(deferred)
    return tally, report


def _absorbed_and_forgotten(load: Load, candidates: list[Candidate]) -> Outcome:
    """What the register would say; families that would be made are not there, so they count as unknown."""
    for one in candidates:
        if one.family is not None and one.family > 1 << 62:
            one.family = None
    return absorb(load, candidates, last=False)


def run(extract: Extract, form: Form, actor: Actor, *, told: Callable[[Progress], None] = lambda progress: None, size: int = STEP,
        alone: bool | None = None) -> tuple[Tally, Report]:
    """Load the file, from where an earlier run stopped. Each step is committed as a whole, together with `Extract.reached`.

    Raises BadFile where the file breaks off and Conflict when another process loads the same extract; what was committed stays, and the next run
    goes on from there.
    """
    put_back()
    task, columns = task_for(extract, form, actor)
    load = Load(extract.source, extract, actor.ref, clock.now(), frozenset(columns))
    task.recorded_at = Maker(bulk.form_of(connection.vendor)).moment(load.now)
    tally = Tally.of(extract.counts)
    report = Report(form.headings, columns, extract.pk, tally.reported)
    seen = _Seen()
    deferred: list[Candidate] = []
    first = not Person.objects.exists() and not Family.objects.exists() and not Event.objects.exists()
    try:
        with _aside(first):
            for step in steps(task, known_register(), known_places(), form, size=size, alone=alone):
                with transaction.atomic():
                    _send(step, task.vendor, first)
                    outcome = absorb(load, [*step.candidates, *(deferred if not step.rows else ())], last=not step.rows)
                    deferred += outcome.deferred
                    if step.links:
                        _link(step, load)
                    _count(tally, step, report)
                    tally.counts["new"] += step.new
                    tally.counts["families"] += step.new_families
                    tally.counts["linked"] += len(step.links)
                    _told(tally, outcome, report)
                    _counted(tally, step, outcome, task, first)
                    remember({*step.words, *outcome.words})
                    reached = extract.reached + step.rows
                    tally.reported = report.reached()
                    moved = Extract.objects.filter(pk=extract.pk, reached=extract.reached, state=Extract.State.RUNNING).update(
                        reached=reached, counts=tally.plain(), rows=form.rows)
                    if not moved:
                        raise Conflict(_("Ekstrak ini sedang dimuat proses lain."))
                    extract.reached, extract.counts = reached, tally.plain()
                seen.add(step.seen)
                told(Progress(reached, form.rows))
    except BaseException:
        report.file.close()  # what was committed stays for the next run
        raise
    _missing(extract, load, tally, seen, task.person_base)
    return tally, report


@contextmanager
def _aside(first: bool) -> Iterator[None]:
    if first and not connection.in_atomic_block:
        with indexes_aside(TABLES):
            yield
    else:
        yield


def _send(step: Step, vendor: str, first: bool) -> None:
    bulk.send(Family, FAMILY, step.families)
    bulk.send(Person, PERSON, step.persons)
    bulk.send(Event, EVENT, step.events)
    if step.touched:
        bulk.replace(Family, ("id", "event"), bulk.form_of(vendor).pack(sorted(step.touched.items())))
        if not first:
            Family.objects.filter(pk__in=list(step.touched), ended=True).update(ended=False)


def _link(step: Step, load: Load) -> None:
    """Parents whose row came after their child's: an event of its own for each child."""
    asked: dict[int, dict[str, int]] = {}
    for child, role, parent in step.links:
        asked.setdefault(child, {})[role] = parent
    from ..linking import link_parents

    link_parents(load.source, load.extract, load.actor, load.now, asked, valid_from=load.extract.position)


def _count(tally: Tally, step: Step, report: Report) -> None:
    tally.counts["unchanged"] += step.unchanged
    tally.counts["rejected"] += len(step.rejected)
    tally.rejected.update(one.code for _number, wrongs, _cells in step.rejected for one in wrongs)
    tally.warned.update(step.warned)
    for code, numbers in step.where.items():
        tally.where[code] = [*tally.where.get(code, []), *numbers][:20]
    report.write(step.rejected)


def _told(tally: Tally, outcome: Outcome, report: Report) -> None:
    tally.counts.update(outcome.counts)
    tally.counts["rejected"] += len(outcome.rejected)
    tally.rejected.update(one.code for _number, wrongs, _cells in outcome.rejected for one in wrongs)
    tally.contradicted += outcome.contradicted
    report.write(outcome.rejected)


def _counted(tally: Tally, step: Step, outcome: Outcome, task: Task, first: bool) -> None:
    """Few changes are told one by one; many make the counts stale."""
    if first or tally.counts["new"] + tally.counts["changed"] > FEW:
        if step.new or outcome.shifts:
            mark_stale()
    elif step.new:
        columns = "place_id, sex, born, religion, marital, education, occupation, relation, blood, citizenship, disability"
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO people_shift (sign, {columns}) SELECT 1, {columns} FROM people_person"  # noqa: S608 - our own columns
                           " WHERE id > %s AND id <= %s AND status = %s", [step.last_person - step.rows, step.last_person, codes.RESIDENT])


class _Seen:
    """The persons whom the file names."""

    def __init__(self) -> None:
        self._marks = bytearray()

    def add(self, ids: "array[int]") -> None:
        if ids and (most := max(ids)) >= len(self._marks):
            self._marks.extend(bytes(most + 1 - len(self._marks)))
        for pk in ids:
            self._marks[pk] = 1

    def __contains__(self, pk: int) -> bool:
        return pk < len(self._marks) and self._marks[pk] == 1


def _missing(extract: Extract, load: Load, tally: Tally, seen: _Seen, new_from: int) -> None:
    """Residents whom the file does not name. A complete extract means that they have left: so it is noted, provisionally."""
    missing: list[int] = []
    with connection.cursor() as cursor:
        for first, last in _ranges(Person):
            if first >= new_from:
                break
            cursor.execute("SELECT id FROM people_person WHERE id > %s AND id <= %s AND status = %s ORDER BY id", [first, min(last, new_from), codes.RESIDENT])
            missing += [pk for (pk,) in cursor.fetchall() if pk not in seen]
    tally.counts["missing"] = len(missing)
    tally.missing = missing[:SHOWN]
    if extract.complete and missing:
        from ..linking import tell_all

        for n in range(0, len(missing), 5_000):
            with transaction.atomic():
                tell_all(load.source, extract, load.actor, load.now, {pk: {"status": codes.MOVED} for pk in missing[n:n + 5_000]},
                         kind=Event.Kind.MOVE_OUT, valid_from=extract.position, provisional=True, note=LEFT)
        if len(missing) > FEW:
            mark_stale()
    extract.counts = tally.plain()

