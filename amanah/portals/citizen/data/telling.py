"""A trace in words that its owner understands: who, what was done, what could be seen, and why."""
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils.translation import gettext as _

from amanah.foundation.acts.registry import title
from amanah.foundation.kernel.clock import WIB
from amanah.portals.shell.components import Chip
from amanah.registries.people.queries import lookers, purposes
from amanah.registries.people.queries.looks import Look
from amanah.registries.people.services.opening import FIELDS
from amanah.registries.territory import queries as territory


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the page: one trace, or several of the same kind in a row. `key` names the newest in a question; "" where there is nobody to ask."""

    key: str
    at: datetime
    since: datetime
    times: int
    who: str
    role: str
    what: str
    seen: str
    why: str
    chip: Chip | None
    doer: str


def tell(rows: list[Look], *, mine: str, whose: str) -> list[Told]:
    """`whose`: "Anda", or the name of the child that the page is about."""
    names = lookers.named((row.doer for row in rows), mine=mine)
    return [_one(row, names[row.doer], whose) for row in rows]


def days(rows: list[Told]) -> list[tuple[date, list[Told]]]:
    """The same, day by day on the wall of a city office; what was done again and again in a row stands once, with how often and since when."""
    found: list[tuple[date, list[Told]]] = []
    for row in rows:
        day = row.at.astimezone(WIB).date()
        if not found or found[-1][0] != day:
            found.append((day, []))
        lines = found[-1][1]
        if lines and _alike(lines[-1], row):
            lines[-1] = replace(lines[-1], since=row.since, times=lines[-1].times + row.times)
        else:
            lines.append(row)
    return found


def _alike(one: Told, other: Told) -> bool:
    return (one.who, one.role, one.what, one.why, one.doer) == (other.who, other.role, other.what, other.why, other.doer)


def _one(look: Look, who: lookers.Looker, whose: str) -> Told:
    what, seen = _sentence(look, whose)
    chip = (Chip(_("Ditolak"), "bad", "ban") if look.what == "refusal" else Chip(_("Nomor dibuka"), "warn", "eye") if look.what == "field"
            else Chip(_("Otomatis"), "", "refresh") if who.kind == lookers.SYSTEM else None)
    role = ", ".join(filter(None, (who.role, who.name)))
    return Told("" if who.kind == lookers.OWN else look.key, look.at, look.at, 1, who.office, role, what, seen,
                purposes.said(look.purpose) if look.purpose else "", chip, look.actor)


def _sentence(look: Look, whose: str) -> tuple[str, str]:
    """What was done, and what could be seen by it."""
    whom = {"whose": whose}
    if look.what == "refusal":
        return _("Mencoba: %(deed)s") % {"deed": _low(str(title(look.deed)))}, _("Tidak ada yang terlihat.")
    if look.what == "field":
        field = str(FIELDS.get(str(look.details.get("field")), _("data tersegel")))
        return _("Membuka %(field)s %(whose)s") % {"field": field, **whom}, _("Yang terlihat: %(field)s lengkap.") % {"field": field}
    if look.what == "list":
        return _("Membuka daftar yang memuat nama %(whose)s") % whom, _("Yang terlihat: nama, umur, dan wilayah. Nomor tidak tampil.")
    if look.what == "export":
        return _("Mengunduh daftar penduduk %(place)s") % {"place": _place(look.territory)}, _("Nama %(whose)s dapat termasuk di dalamnya.") % whom
    if look.what == "family":
        return (_("Membuka halaman keluarga %(whose)s") % whom, _("Yang terlihat: nama, umur, dan hubungan keluarga.")) if look.purpose \
            else (_("Mencatat di keluarga %(whose)s: %(deed)s") % {"deed": _low(str(title(look.deed))), **whom}, "")
    if look.what == "pair":
        return _("Memeriksa apakah %(whose)s tercatat dua kali") % whom, _("Yang terlihat: nama, alamat, tanggal lahir. Nomor tersamar.")
    if look.deed == "people.open_own":
        return _("Membuka %(field)s sendiri") % {"field": str(FIELDS.get(str(look.details.get("field")), _("data tersegel")))}, ""
    if look.what == "deed":
        return str(title(look.deed)), ""
    return _page(look, whom)


def _page(look: Look, whom: Mapping[str, str]) -> tuple[str, str]:
    if look.deed in ("people.answer", "people.protect"):
        return _("Membaca permintaan %(whose)s tentang data pribadi") % whom, _("Yang terlihat: permintaan dan data yang disebut di dalamnya.")
    if "by" in look.details:
        return _("Mencari seseorang dan menemukan %(whose)s") % whom, _("Yang terlihat: nama, umur, dan wilayah. Nomor tidak tampil.")
    return _("Membuka halaman data %(whose)s") % whom, _("Yang terlihat: nama, alamat, tanggal lahir, keluarga. Nomor tersamar.")


def _place(code: str) -> str:
    found = territory.by_codes([code]) if code else {}
    return territory.full_title(found[code]) if code in found else _("seluruh kota")


def _low(text: str) -> str:
    return text[:1].lower() + text[1:]
