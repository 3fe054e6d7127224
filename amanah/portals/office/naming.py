"""Names for references of the audit record, and the places somebody works for."""
from collections.abc import Iterable

from django.apps import apps
from django.utils.translation import gettext as _

from amanah.foundation.access.models import Account
from amanah.foundation.kernel.actor import Actor, Scope


def own_places(actor: Actor) -> list[Scope]:
    """The narrow scopes an actor holds something in, each once, in the order of their holdings; the whole city is not among them."""
    return list(dict.fromkeys(holding.scope for holding in actor.holdings if holding.scope.office or holding.scope.territory))


NAMED = {  # how a row of each kind is called; kinds that are not here keep their reference
    "access.role": "name", "access.grant": "role__name", "access.mandate": "position", "offices.office": "name", "offices.position": "title",
    "offices.official": "name", "offices.appointment": "position__title", "territory.territory": "name",
}


def names(refs: Iterable[str]) -> dict[str, str]:
    """Names for references of the audit record, one statement for each kind of row: staff and partners by name, residents only as such."""
    wanted: dict[str, set[int]] = {}
    known = {"public": _("Publik")}
    for ref in set(refs):
        kind, _colon, key = ref.partition(":")
        if kind == "system":
            known[ref] = _("Sistem")
        elif key.isdecimal():
            wanted.setdefault(kind, set()).add(int(key))
    accounts = wanted.pop("account", set()) | wanted.pop("access.account", set())
    for row in Account.objects.filter(pk__in=accounts) if accounts else ():
        known[f"account:{row.pk}"] = known[f"access.account:{row.pk}"] = row.name if row.kind != "resident" else _("seorang warga")
    for kind, keys in wanted.items():
        if field := NAMED.get(kind):
            found = apps.get_model(kind)._default_manager.filter(pk__in=keys).values_list("pk", field)
            known.update({f"{kind}:{pk}": str(name) for pk, name in found})
    return known
