"""The roster of a kelurahan, and its download: the same query, the same columns, numbers masked in both."""
import csv
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from amanah.foundation.acts import look
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.errors import Invalid
from amanah.portals.office.deeds import staff
from amanah.portals.office.register.places import kelurahan_for, kelurahan_of
from amanah.portals.office.register.purpose import for_export, with_purpose
from amanah.portals.office.register.searching import record
from amanah.portals.shell.components import Option, Pager
from amanah.registries.people.permissions import EXPORT, READ
from amanah.registries.people.queries import purposes, roster
from amanah.registries.people.queries.roster import RosterRow, Wanted
from amanah.registries.people.rules import codes
from amanah.registries.people.services.opening import mask
from amanah.registries.territory import queries as territory
from amanah.registries.territory.rules.codes import at_level, read_label

COLUMNS = (gettext_lazy("Nama"), gettext_lazy("NIK"), gettext_lazy("Nomor KK"), gettext_lazy("Jenis kelamin"), gettext_lazy("Tanggal lahir"),
           gettext_lazy("Umur"), gettext_lazy("Hubungan keluarga"), gettext_lazy("Alamat"), gettext_lazy("RT"), gettext_lazy("RW"), gettext_lazy("Kelurahan"),
           gettext_lazy("Keterangan"))
PARAMETERS = ("wilayah", "rw", "rt", "jk", "dari_umur", "sampai_umur")
PAGE = 50


@require_safe
@staff(READ)
@with_purpose
def index(request: HttpRequest) -> HttpResponse:
    """Who lives in a kelurahan, a page at a time. Each page is on record, and those on it can see that they stood in it."""
    groups = kelurahan_for(request.actor, READ)
    asked, wanted, faults = _wanted(request, request.GET, groups)
    context: dict[str, Any] = {"asked": asked, "kelurahan": groups, "faults": faults, "wanted": wanted,
                               "sexes": [Option("", _("Semua")), *(Option(str(code), label, asked["jk"] == str(code)) for code, label in codes.SEX.items())]}
    if wanted is not None:
        found = roster.page(request.actor, wanted, cursor=request.GET.get("dari", ""), size=PAGE)
        record(request, found.rows, {"roster": wanted.told})
        query = urlencode({name: value for name, value in asked.items() if value})
        pager = Pager(*(f"?{query}&dari={at}" if at else "" for at in (found.previous, found.next)))
        exports = for_export(request) if request.actor.may(EXPORT, wanted.scope) else []
        context |= {"rows": [(row, cells(row)) for row in found.rows], "pager": pager, "exports": exports, "place": territory.by_code(wanted.place),
                    "narrowed": len([value for value in asked.values() if value]) > 1}
    return render(request, "office/register/roster.html", context)


@require_POST
@staff(EXPORT)
def download(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """The roster as a file (CSV, UTF-8 with mark, for spreadsheets). On record with its purpose, place and length before the first line leaves."""
    actor = request.actor
    _asked, wanted, faults = _wanted(request, request.POST, kelurahan_for(actor, EXPORT), EXPORT)
    if wanted is None or faults or not request.POST.get("keperluan"):
        raise Invalid(_("Pilih dulu kelurahan dan keperluannya, lalu unduh lagi."))
    purpose = purposes.need(actor, EXPORT, request.POST.get("keperluan", ""))
    count = roster.listed(actor, wanted, EXPORT).count()
    look(actor, EXPORT, scope=wanted.scope, purpose=purpose.code, details={"persons": count, "roster": wanted.told})
    response = StreamingHttpResponse(_lines(roster.every(actor, wanted, EXPORT)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="daftar-penduduk-{clock.today():%Y-%m-%d}.csv"'
    response["Cache-Control"] = "no-store"
    return response


def cells(row: RosterRow) -> tuple[str, ...]:
    """A row as page and file show it."""
    kelurahan = territory.by_code(at_level(row.place, "kelurahan") or row.place)
    return (row.name, _masked(row.nik, "nik"), _masked(row.kk, "kk"), codes.label("sex", row.sex), row.born.isoformat(), str(row.age), row.relation, row.address,
            row.rt, row.rw, kelurahan.name, _("Belum dipastikan") if row.provisional else "")


def _masked(sealed: bytes | None, label: str) -> str:
    return mask(settings.SEAL.open(sealed, label), label) if sealed else ""


def _lines(rows: Iterator[RosterRow]) -> Iterator[bytes]:
    writer = csv.writer(_Echo())
    yield b"\xef\xbb\xbf" + writer.writerow([str(title) for title in COLUMNS])
    batch: list[bytes] = []
    for row in rows:
        batch.append(writer.writerow([harmless(cell) for cell in cells(row)]))
        if len(batch) >= 500:
            yield b"".join(batch)
            batch = []
    yield b"".join(batch)


class _Echo:
    """A file that hands back what is written into it."""

    @staticmethod
    def write(line: str) -> bytes:
        return line.encode()


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: OWASP, CSV injection."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


# ---------------------------------------------------------------- what was asked for

def _wanted(request: HttpRequest, data: Any, groups: Any, needs: str = READ) -> tuple[dict[str, str], Wanted | None, list[str]]:
    asked = {name: data.get(name, "").strip()[:60] for name in PARAMETERS}
    place, faults = kelurahan_of(request.actor, needs, asked["wilayah"], groups), []
    labels = {}
    for name, title in (("rw", "RW"), ("rt", "RT")):
        try:
            labels[name] = read_label(asked[name]) if asked[name] else ""
        except ValueError:
            faults.append(_("Tulis %(title)s dengan angka, misalnya 003.") % {"title": title})
    ages = {}
    for name in ("dari_umur", "sampai_umur"):
        if asked[name] and not (asked[name].isdecimal() and int(asked[name]) <= 130):
            faults.append(_("Tulis umur dengan angka, paling banyak 130."))
        ages[name] = int(asked[name]) if asked[name].isdecimal() and len(asked[name]) < 4 else None
    if not place or faults:
        return asked, None, faults
    asked["wilayah"] = place
    sex = int(asked["jk"]) if asked["jk"] in ("1", "2") else None
    return asked, Wanted(place, labels["rw"], labels["rt"], sex, ages["dari_umur"], ages["sampai_umur"]), faults
