"""A trace in words that its owner understands: who, what was done, what could be seen, and why."""
from collections.abc import Mapping
from dataclasses import dataclass
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
    """One line of the page. `key` names it in a question; "" where there is nobody to ask (oneself)."""

    key: str
    at: datetime
    who: str
    role: str
    what: str
    seen: str
    why: str
    chip: Chip | None


def tell(rows: list[Look], *, mine: str, whose: str) -> list[Told]:
    """`whose`: "Anda", or the name of the child that the page is about."""
    names = lookers.named((row.doer for row in rows), mine=mine)
    return [_one(row, names[row.doer], whose) for row in rows]


def days(rows: list[Told]) -> list[tuple[date, list[Told]]]:
    """The same, day by day on the wall of a city office."""
    found: list[tuple[date, list[Told]]] = []
    for row in rows:
        day = row.at.astimezone(WIB).date()
        if not found or found[-1][0] != day:
            found.append((day, []))
        found[-1][1].append(row)
    return found


def _one(look: Look, who: lookers.Looker, whose: str) -> Told:
    what, seen = _sentence(look, whose)
    chip = (Chip(_("Ditolak"), "bad", "ban") if look.what == "refusal" else Chip(_("Nomor dibuka"), "warn", "eye") if look.what == "field"
            else Chip(_("Otomatis"), "", "refresh") if who.kind == lookers.SYSTEM else Chip(_("Anda sendiri"), "", "user") if who.kind == lookers.OWN else None)
    role = ", ".join(filter(None, (who.role, who.name)))
    return Told("" if who.kind == lookers.OWN else look.key, look.at, who.office, role, what, seen, purposes.said(look.purpose) if look.purpose else "", chip)


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
