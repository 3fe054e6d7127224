"""Words for what the lower floors only know as codes: scopes, references of the audit record, holdings."""
from collections.abc import Iterable

from django.utils.translation import gettext as _

from amanah.foundation.access.models import Account
from amanah.foundation.kernel.actor import Actor, Scope
from amanah.foundation.kernel.errors import NotFound
from amanah.registries.offices import queries as offices
from amanah.registries.territory import queries as territory


def place_name(scope: Scope) -> str:
    """"Kelurahan Lolong Contoh", the office's name where there is one, or "seluruh kota"."""
    for path, find in ((scope.office, _office_name), (scope.territory, _territory_name)):
        if path and (name := find(path)):
            return name
    return _("seluruh kota")


def _office_name(path: str) -> str:
    try:
        return offices.by_path(path).name
    except NotFound:
        return ""


def _territory_name(code: str) -> str:
    try:
        return territory.by_code(code).title
    except NotFound:
        return ""


def own_places(actor: Actor) -> list[Scope]:
    """The narrow scopes an actor holds something in, each once, in the order of their holdings; the whole city is not among them."""
    return list(dict.fromkeys(holding.scope for holding in actor.holdings if holding.scope.office or holding.scope.territory))


def people(refs: Iterable[str]) -> dict[str, str]:
    """Names for references of actors, in one statement: staff and partners by name, residents only as such, the program as itself."""
    wanted = {ref for ref in refs if ref}
    ids = [int(ref.removeprefix("account:")) for ref in wanted if ref.startswith("account:")]
    accounts = {f"account:{row.pk}": row.name if row.kind != "resident" else _("seorang warga") for row in Account.objects.filter(pk__in=ids)} if ids else {}
    return {ref: accounts.get(ref) or (_("Publik") if ref == "public" else _("Sistem") if ref.startswith("system:") else ref) for ref in wanted}
