"""Acts that keep the roles in the database as the city wrote them."""
from pathlib import Path

from django.utils.translation import gettext_lazy

from amanah.foundation.access import catalogue
from amanah.foundation.access.models import Role
from amanah.foundation.acts import act
from amanah.foundation.acts.registry import PERMISSIONS
from amanah.foundation.kernel.actor import Actor


@act("access.load_roles", title=gettext_lazy("Memuat peran"), says=gettext_lazy("{actor} memuat peran dari berkas kota"))
def load_roles(actor: Actor, *, folder: Path) -> dict[str, int]:
    """Make the roles in the database those of `folder`/roles.yaml: new ones added, changed ones changed, missing ones retired.

    Returns how many of each. A retired role gives nothing any more, but past grants of it stay readable. Raises Invalid, changing nothing,
    when the file names a permission, role or field that does not exist.
    """
    before = {role.code: role for role in Role.objects.all()}
    counts = {"added": 0, "changed": 0, "unchanged": 0, "retired": 0}
    texts = catalogue.read(folder / "roles.yaml", PERMISSIONS)
    for text in texts:
        old = before.pop(text.code, None)
        if old is not None and old.digest == text.digest and not old.retired:
            counts["unchanged"] += 1
            continue
        Role.objects.update_or_create(code=text.code, defaults={
            "name": text.name, "description": text.description, "kind": text.kind, "reach": text.reach, "digest": text.digest, "retired": False,
            "permissions": list(text.permissions), "duty_permissions": list(text.duty), "may_grant": list(text.may_grant)})
        counts["changed" if old else "added"] += 1
    counts["retired"] = Role.objects.filter(pk__in=[role.pk for role in before.values()], retired=False).update(retired=True)
    return counts
