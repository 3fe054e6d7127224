"""The audit record as people read it: entries with their sentences, only those the actor may see."""
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from amanah.foundation.audit.models import Entry
from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.paging import Page
from amanah.foundation.stores.paging import keyset

from .permissions import READ_TRAIL
from .registry import ACTS, title
from .scope import covered

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class TrailRow:
    """One entry for a reader. `actor` and `subject` are references; the portal puts names to those it may name."""

    id: int
    at: datetime
    kind: str
    deed: str
    actor: str
    subject: str
    purpose: str
    via: str
    parent: str
    details: Mapping[str, Any]
    place: tuple[int, int]  # lane and number, what the verifier names

    @property
    def says(self) -> str:
        """The deed's sentence, without the actor's name, which stands beside it."""
        return self.told({})

    def told(self, names: Mapping[str, str]) -> str:
        """The sentence with names in place of the references it holds, as far as the reader may know them."""
        return sentence(self.deed, self.kind, {"subject": names.get(self.subject, ""),
                                               **{key: names.get(value, value) if isinstance(value, str) else value for key, value in self.details.items()}})


def trail(actor: Actor, *, kind: str = "", deed: str = "", by: str = "", subject: str = "", cursor: str = "", size: int = 50) -> Page[TrailRow]:
    """The entries this actor may read, newest first, `size` a page; filters are exact matches and combine."""
    rows = Entry.objects.filter(covered(actor, READ_TRAIL, office="office", territory="territory"))
    given = {"kind": kind, "deed": deed, "actor": by, "subject": subject}
    page = keyset(rows.filter(**{name: value for name, value in given.items() if value}), order=("-id",), cursor=cursor, size=size)
    return replace(page, rows=[_row(entry) for entry in page.rows])


def recent_kinds(actor: Actor, *, of: int = 500) -> dict[str, int]:
    """How many of the newest `of` entries that the actor may read are a deed, read, refusal or sign_in: a bounded look, one statement."""
    rows = Entry.objects.filter(covered(actor, READ_TRAIL, office="office", territory="territory")).order_by("-id").values_list("kind", flat=True)
    return dict(Counter(rows[:of]))


def about_account(account_id: int, *, cursor: str = "", size: int = 20) -> Page[TrailRow]:
    """What was done with or seen of somebody's own account, by whomever, newest first: everybody may read this about themselves (UU 27/2022, right of access)."""
    page = keyset(Entry.objects.filter(subject=f"access.account:{account_id}"), order=("-id",), cursor=cursor, size=size)
    return replace(page, rows=[_row(entry) for entry in page.rows])


def _row(entry: Entry) -> TrailRow:
    told = json.loads(entry.body)
    return TrailRow(id=entry.pk, at=EPOCH + timedelta(microseconds=told["at"]), kind=told["kind"], deed=told["deed"], actor=told["actor"],
                    subject=told.get("subject", ""), purpose=told.get("purpose", ""), via=told.get("via", ""), parent=told.get("parent", ""),
                    details=told.get("details", {}), place=(entry.lane, entry.seq))


def sentence(deed: str, kind: str, details: Mapping[str, Any]) -> str:
    """What an entry says: the act's own sentence with the details it was recorded with; a deed that is gone from the program keeps its code.

    The actor's and the subject's names are not part of the record, so they stay out of the sentence and stand beside it.
    """
    known = ACTS.get(deed)
    if kind == "refusal":
        return _("Ditolak: %(deed)s") % {"deed": title(deed)}
    if known is None:
        return str(title(deed))
    words = {"actor": "", "subject": "", **{key: str(value) for key, value in details.items()}}
    text = " ".join(str(known.says).format_map(_Blank(words)).split())
    return text[:1].upper() + text[1:]


class _Blank(dict[str, str]):
    """An older entry may lack a keyword that today's sentence has."""

    def __missing__(self, key: str) -> str:
        return "…"
