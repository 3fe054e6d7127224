"""An RW in numbers: families, and what happened in a month. Nobody is named; who may see it is asked by the page (people.read_neighbourhood)."""
from datetime import date, timedelta

from django.db.models import Count, Q

from amanah.registries.territory.models import Territory
from amanah.registries.territory.rules.codes import at_level

from ..models import Event, Family

Kind = Event.Kind
TOLD = (Kind.BIRTH, Kind.DEATH, Kind.MOVE_IN, Kind.MOVE, Kind.MOVE_OUT, Kind.MARRIAGE, Kind.DIVORCE)


def families(place: str, level: str = "rw") -> dict[str, int]:
    """Families by the part of `place` (a code) they live in; those whose part is not known stand under the place they are known to live in."""
    found: dict[str, int] = {}
    rows = Family.objects.filter(place_id__in=_places(place), ended=False).values_list("place__code").annotate(count=Count("pk"))
    for code, count in rows:
        part = at_level(code, level) or code
        found[part] = found.get(part, 0) + count
    return found


def happened(place: str, month: date) -> dict[str, int]:
    """How often each kind of event happened in a month to people who live in `place` now or lived there last; undone ones do not count.

    Marriages and divorces count persons: two where both live here.
    """
    first = month.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    rows = (Event.objects.filter(kind__in=TOLD, valid_from__gte=first, valid_from__lt=after, person__place_id__in=_places(place))
            .filter(Q(extract__isnull=True) | Q(extract__undone_at__isnull=True)).exclude(answers__kind=Kind.UNDO)
            .values_list("kind").annotate(count=Count("pk", distinct=True)))
    told = dict(rows)
    return {str(kind): told.get(kind, 0) for kind in TOLD}


def _places(code: str) -> list[int]:
    return list(Territory.objects.filter(Q(code=code) | Q(code__startswith=f"{code}.")).values_list("pk", flat=True))
