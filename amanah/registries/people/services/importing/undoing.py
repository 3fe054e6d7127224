"""An extract taken back as a whole: none of its events counts any more, and the register stands as if it had never come; what was believed stays readable."""
from django.db import connection, transaction
from django.utils.translation import gettext as _

from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.errors import Conflict
from amanah.foundation.stores import bulk

from ...models import Event, Extract, Past, Person
from ...rules import codes
from ..counting import mark_stale
from ..recording import rebuild
from ..rows import PAST

_COLUMNS = ", ".join(column for column in PAST if column not in ("person_id", "valid_until", "closed_at", "replaced_at"))
# Persons of whom nothing was ever told but their coming, by this extract.
_CREATED = ("SELECT e.person_id FROM people_event e WHERE e.extract_id = %s AND e.person_id IS NOT NULL GROUP BY e.person_id"
            " HAVING COUNT(*) = (SELECT COUNT(*) FROM people_event a WHERE a.person_id = e.person_id)")


def later_events(extract: Extract) -> int:
    """How many events that still count were recorded after this extract about the persons and families it touched."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*) FROM people_event l LEFT JOIN people_extract x ON x.id = l.extract_id WHERE l.kind <> 'undo' AND x.undone_at IS NULL"
            " AND (l.extract_id IS NULL OR l.extract_id <> %s) AND l.id > (SELECT MIN(f.id) FROM people_event f WHERE f.extract_id = %s)"
            " AND (EXISTS (SELECT 1 FROM people_event e WHERE e.extract_id = %s AND e.person_id = l.person_id AND e.id < l.id)"
            "  OR EXISTS (SELECT 1 FROM people_event e WHERE e.extract_id = %s AND e.family_id = l.family_id AND e.id < l.id))"
            " AND NOT EXISTS (SELECT 1 FROM people_event u WHERE u.about_id = l.id AND u.kind = 'undo')", [extract.pk] * 4)
        return int(cursor.fetchone()[0])


def undo(extract: Extract, actor: Actor) -> dict[str, int]:
    """Take the extract back, inside the caller's transaction; says how many persons became void and how many went back to their former state.

    Raises Conflict when later events build on it. One event of the kind `undo` stands for the whole, and names the extract.
    """
    if later := later_events(extract):
        raise Conflict(_("Ada %(count)s peristiwa yang lebih baru di atas ekstrak ini. Batalkan dulu peristiwa itu.") % {"count": later})
    now = clock.now()
    moment = bulk.form_of(connection.vendor).moment(now)
    Extract.objects.filter(pk=extract.pk).update(undone_at=now, state=Extract.State.UNDONE)
    extract.undone_at, extract.state = now, Extract.State.UNDONE
    Event.objects.create(kind=Event.Kind.UNDO, valid_from=clock.today(), recorded_at=now, source_id=extract.source_id, extract=extract, actor=actor.ref)
    table = Past._meta.db_table
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE undone_persons (id bigint PRIMARY KEY)")
        try:
            cursor.execute(f"INSERT INTO undone_persons {_CREATED}", [extract.pk])
            only_theirs = "SELECT id FROM undone_persons"
            cursor.execute("SELECT DISTINCT person_id FROM people_event WHERE extract_id = %s AND person_id IS NOT NULL"
                           " AND person_id NOT IN (SELECT id FROM undone_persons)", [extract.pk])
            changed = [pk for (pk,) in cursor.fetchall()]
            # The one state they had becomes a state that never was; the present row stands for nothing.
            cursor.execute(f"UPDATE {table} SET replaced_at = %s WHERE replaced_at IS NULL AND person_id IN ({only_theirs})", [moment])  # noqa: S608
            cursor.execute(f"INSERT INTO {table} (person_id, {_COLUMNS}, valid_until, closed_at, replaced_at)"  # noqa: S608 - our own columns
                           f" SELECT id, {_COLUMNS}, valid_from, %s, %s FROM people_person WHERE id IN ({only_theirs}) AND status <> %s",
                           [moment, moment, codes.VOID])
            cursor.execute(f"UPDATE people_person SET status = %s, recorded_at = %s, fingerprint = NULL WHERE id IN ({only_theirs})",  # noqa: S608
                           [codes.VOID, moment])
            void = cursor.rowcount
            cursor.execute("UPDATE people_family SET ended = %s WHERE id IN (SELECT family_id FROM people_person WHERE id IN (SELECT id FROM undone_persons))"
                           " AND NOT EXISTS (SELECT 1 FROM people_person p WHERE p.family_id = people_family.id AND p.status = %s)", [True, codes.RESIDENT])
        finally:
            if not connection.needs_rollback:
                cursor.execute("DROP TABLE undone_persons")
    _go_back(changed)
    mark_stale()
    return {"void": void, "restored": len(changed)}


def _go_back(changed: list[int]) -> None:
    """Persons who stood before the extract get their former state; those who gain the lead of a family last, when it is free."""
    waiting = []
    for pk in changed:
        person = Person.objects.get(pk=pk)
        try:
            with transaction.atomic():
                rebuild(person)
        except Conflict:
            waiting.append(person)
    for person in waiting:
        rebuild(person)
    for n in range(0, len(changed), 5_000):
        Person.objects.filter(pk__in=changed[n:n + 5_000]).update(fingerprint=None)

