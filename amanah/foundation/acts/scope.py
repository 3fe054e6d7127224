"""From what an actor holds to which rows it may see: the same rule for lists as for single checks (kernel.actor.Scope.covers)."""
from django.db.models import Q

from amanah.foundation.kernel.actor import Actor

NOTHING = Q(pk__in=())
EVERYTHING = ~NOTHING  # not Q(): joined by "or" with anything, an empty Q vanishes, and with it the right to see everything


def covered(actor: Actor, permission: str, *, office: str | None = None, territory: str | None = None) -> Q:
    """The rows on which `actor` holds `permission`; `office` and `territory` name the fields that hold the dotted paths, if the rows have them."""
    where = NOTHING
    for scope in actor.scopes(permission):
        here = Q()
        for field, path in ((office, scope.office), (territory, scope.territory)):
            if field and path:
                here &= Q(**{field: path}) | Q(**{f"{field}__startswith": f"{path}."}) | Q(**{f"{field}__isnull": True})
        if not here:
            return EVERYTHING
        where |= here
    return where
