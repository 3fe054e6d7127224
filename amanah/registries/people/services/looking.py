"""Lists of people that somebody was shown: one entry in the audit record, and who stood in the list, so that residents can see it (UU 27/2022 art. 20)."""
from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Any

from django.db import transaction

from amanah.foundation.acts import look
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Actor, Scope
from amanah.foundation.kernel.errors import Refused

from ..models import Person, Sighting
from ..permissions import READ
from ..queries import purposes
from ..queries.rows import PersonRow

LONGEST = 100  # persons of one list; a longer one is an export and has a record of its own


def list_shown(actor: Actor, shown: Sequence[PersonRow], *, purpose: str, deed: str = READ, details: Mapping[str, Any] | None = None) -> None:
    """Record, before a list is shown, that `actor` sees these persons; all or nothing. An empty list is recorded as well: somebody looked.

    `details` says what was looked for without its values (`Found.by`); the number of persons is added. Raises Refused when the actor may not see one
    of them or names no purpose, ValueError for more than LONGEST.
    """
    if len(shown) > LONGEST:
        raise ValueError(f"a list of {len(shown)} persons is an export")
    purposes.need(actor, deed, purpose)
    here = _where(actor, deed, shown)
    with transaction.atomic():
        look(actor, deed, scope=here, purpose=purpose, details={**(details or {}), "persons": len(shown)})
        at = clock.now()
        Sighting.objects.bulk_create([Sighting(person_id=row.id, at=at, actor=actor.ref, deed=deed, purpose=purpose) for row in shown])


def person_shown(actor: Actor, row: PersonRow, *, purpose: str, deed: str = READ, details: Mapping[str, Any] | None = None) -> None:
    """Record, before it is shown, that `actor` sees this one person; the entry names them. Raises Refused. One statement."""
    purposes.need(actor, deed, purpose)
    look(actor, deed, Person(pk=row.id), scope=row.scope, purpose=purpose, details=dict(details or {}))


def _where(actor: Actor, deed: str, shown: Sequence[PersonRow]) -> Scope:
    """The narrowest territory around all of them over which the actor holds the permission."""
    if any(not actor.may(deed, row.scope) for row in shown):
        return next(row.scope for row in shown if not actor.may(deed, row.scope))  # look refuses there, and records it
    if not shown:
        held = next(iter(actor.scopes(deed)), None)
        if held is None:
            raise Refused(needs=deed)
        return Scope(office=None, territory=held.territory)
    levels = zip(*(row.place.split(".") for row in shown), strict=False)
    common = Scope(office=None, territory=".".join(level[0] for level in takewhile(lambda level: len(set(level)) == 1, levels)))
    return common if actor.may(deed, common) else shown[0].scope
