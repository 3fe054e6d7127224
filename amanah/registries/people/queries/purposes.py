"""For what the city uses personal data: its processing register, read once and known to every look.

A look at people names one of these purposes. `need` refuses an unknown one, one that does not allow the deed, and one that does not
reach somebody who asked us to restrict the use of their data.
"""
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from amanah.foundation.acts import record_refusal
from amanah.foundation.acts.registry import PERMISSIONS
from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.errors import NotFound, Refused

from ..rules import processing
from ..rules.processing import Processing, Purpose

FILE = "processing.yaml"
OWN = "diri_sendiri"  # not of the file: somebody looks at their own data


def register() -> Processing:
    """The city's register. Raises ContentError naming every mistake, NotFound when the city has none. Read anew when the file changes."""
    path = Path(settings.CITY_DIR) / FILE
    try:
        return _read(path, path.stat().st_mtime_ns)
    except FileNotFoundError as error:
        raise NotFound(_("Tidak ada processing.yaml di folder kota.")) from error


@lru_cache(maxsize=4)
def _read(path: Path, _edition: int) -> Processing:
    return processing.parse(path.name, path.read_text(encoding="utf-8"), PERMISSIONS)


def purposes(actor: Actor | None = None, permission: str | None = None) -> list[Purpose]:
    """The purposes in the order of the file: those for which `permission` may be used, and for which `actor` holds anything at all."""
    found = list(register().purposes.values())
    if permission is not None:
        found = [one for one in found if permission in one.permissions]
    if actor is not None:
        found = [one for one in found if any(actor.holds(name) for name in one.permissions)]
    return found


def choices(actor: Actor, permission: str) -> list[tuple[str, str]]:
    """(code, title) for the select of a page."""
    return [(one.code, one.title) for one in purposes(actor, permission)]


def said(code: str) -> str:
    """A purpose in plain words, as a resident reads it; a code that is no longer in the file stays as it is."""
    if code == OWN:
        return _("Melihat data sendiri")
    known = register().purposes.get(code)
    return known.title if known else code


def need(actor: Actor, permission: str, code: str, subject: Any = None) -> Purpose:
    """The purpose for which `actor` uses `permission` on `subject` (a Person, for whom a restriction counts).

    Raises Refused, recorded as such, for an unknown purpose, one that does not allow it, and a restricted person.
    """
    found = register().purposes.get(code)
    if found is None:
        sentence = _("Pilih dulu untuk keperluan apa data ini dibuka.")
    elif permission not in found.permissions:
        sentence = _("Keperluan ini tidak membolehkan hal itu. Pilih keperluan lain.")
    elif getattr(subject, "restricted", False) and not found.restricted:
        sentence = _("Orang ini meminta penggunaan datanya dibatasi. Pilih keperluan yang tetap boleh.")
    else:
        return found
    refusal = Refused(sentence, needs=permission)
    refusal.deed = (actor, permission, subject)  # type: ignore[attr-defined]
    scope = getattr(subject, "scope", None)
    record_refusal(actor, permission, subject, **({"scope": scope} if scope else {}))
    raise refusal
