"""Offices come, are renamed, and go; seats are added to them."""
from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amanah.foundation.acts import act, emit
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.errors import Conflict, Invalid
from amanah.registries.territory.models import Territory

from ..models import Appointment, FormerName, Kind, Level, Office, OfficeLink, Position, Unit
from ..rules.content import CODE


@act("offices.open", title=gettext_lazy("Membuka kantor baru"),
     says=gettext_lazy("{actor} membuka kantor {name}"), creates=True, emits=("offices.opened",))
def open_(actor: Actor, parent: Office | None, *, code: str, name: str, kind: str, valid_from: date | None = None, abbreviation: str = "",
          function_code: str = "", duties: str = "", territory: Territory | None = None, hours_group: str = "", confirmed: bool = False,
          source: str = "") -> Office:
    """Open an office beneath another (None: at the top). Raises Invalid on a bad or taken code, an unknown kind, a parent that is closed."""
    if not CODE.match(code):
        raise Invalid(code=_("Kode hanya huruf kecil, angka, dan garis bawah."))
    if kind not in Kind.values:
        raise Invalid(kind=_("Jenis kantor ini tidak dikenal."))
    if not name.strip():
        raise Invalid(name=_("Isi nama kantor."))
    if Office.objects.filter(code=code).exists():
        raise Invalid(code=_("Kode ini sudah dipakai. Kode kantor tidak pernah dipakai ulang."))
    if parent is not None and valid_from is not None and not parent.stands_on(valid_from):
        raise Invalid(valid_from=_("Kantor induk belum atau tidak lagi berdiri pada tanggal itu."))
    office = Office.objects.create(
        code=code, path=f"{parent.path}.{code}" if parent else code, parent=parent, name=name.strip(), kind=kind, abbreviation=abbreviation,
        function_code=function_code, duties=duties, territory=territory, hours_group=hours_group, confirmed=confirmed, source=source,
        valid_from=valid_from)
    emit("offices.opened", office=office.pk)
    return office


@act("offices.rename", title=gettext_lazy("Mengganti nama kantor"),
     says=gettext_lazy("{actor} mengganti nama {subject} menjadi {name}"), emits=("offices.renamed",))
def rename(actor: Actor, office: Office, *, name: str, since: date, legal_basis: str, abbreviation: str = "") -> Office:
    """Give an office another name from a day on; code, path and history stay, the former name is kept. Raises Invalid."""
    if not name.strip() or name.strip() == office.name:
        raise Invalid(name=_("Isi nama yang baru."))
    if not legal_basis.strip():
        raise Invalid(legal_basis=_("Sebutkan dasar hukumnya, misalnya nomor Perda."))
    if since > clock.today():
        raise Invalid(since=_("Catat pergantian nama pada harinya atau sesudahnya."))
    current = _locked(office)
    last = FormerName.objects.filter(office=office).order_by("-until").first()
    if last and last.until >= since - timedelta(days=1):
        raise Conflict(_("Nama kantor ini sudah diganti per tanggal itu atau sesudahnya."))
    FormerName.objects.create(office=office, name=current.name, abbreviation=current.abbreviation, until=since - timedelta(days=1),
                              legal_basis=legal_basis)
    current.name, current.abbreviation = name.strip(), abbreviation or current.abbreviation
    current.save(update_fields=["name", "abbreviation"])
    emit("offices.renamed", office=office.pk, since=since)
    return current


@act("offices.close", title=gettext_lazy("Menutup kantor"), says=gettext_lazy("{actor} menutup {subject} per {last_day}"), emits=("offices.closed",))
def close(actor: Actor, office: Office, *, last_day: date, successors: Sequence[Office] = (), kind: str = OfficeLink.Kind.MERGED,
          legal_basis: str, reason: str = "") -> Office:
    """End an office on a day and name who answers for it from the next; whoever holds a seat there leaves it on that day.

    Without a successor a reason is asked. Raises Invalid, also while offices beneath it stand; Conflict when it is closed already.
    """
    if not legal_basis.strip():
        raise Invalid(legal_basis=_("Sebutkan dasar hukumnya, misalnya nomor Perda."))
    if not successors and not reason.strip():
        raise Invalid(successors=_("Sebutkan kantor yang melanjutkan, atau alasan bila tidak ada."))
    if kind not in OfficeLink.Kind.values:
        raise Invalid(kind=_("Jenis perubahan ini tidak dikenal."))
    current = _locked(office)
    if current.valid_to is not None:
        raise Conflict(_("Kantor ini sudah ditutup."))
    next_day = last_day + timedelta(days=1)
    if current.valid_from and last_day < current.valid_from:
        raise Invalid(last_day=_("Hari terakhir lebih awal daripada hari kantor ini dibuka."))
    if Office.objects.filter(parent=office).filter(Q(valid_to=None) | Q(valid_to__gt=last_day)).exists():
        raise Invalid(last_day=_("Tutup atau pindahkan dulu kantor di bawahnya."))
    if any(other.pk == office.pk or not other.stands_on(next_day) for other in successors):
        raise Invalid(successors=_("Kantor penerus harus kantor lain yang berdiri pada hari berikutnya."))
    current.valid_to = last_day
    current.save(update_fields=["valid_to"])
    OfficeLink.objects.bulk_create([OfficeLink(predecessor=current, successor=other, kind=kind, day=next_day, legal_basis=legal_basis, note=reason)
                                    for other in successors])
    seats = Appointment.objects.filter(position__office=office).filter(Q(until=None) | Q(until__gt=last_day))
    if seats.filter(since__gt=last_day).exists():
        raise Invalid(last_day=_("Ada pengangkatan yang baru mulai sesudah hari itu. Akhiri dulu."))
    seats.update(until=last_day, end_reason=legal_basis)
    emit("offices.closed", office=office.pk, last_day=last_day, successors=[other.pk for other in successors])
    return current


@act("offices.add_position", title=gettext_lazy("Menambah jabatan"),
     says=gettext_lazy("{actor} menambah jabatan {title} di {subject}"), emits=("offices.position_added",))
def add_position(actor: Actor, office: Office, *, code: str, title: str, level: str, is_head: bool = False, unit: Unit | None = None,
                 confirmed: bool = True) -> Position:
    """Add a seat to an office. Raises Invalid on a bad or taken code, an unknown level, a second head, or a unit of another office."""
    if not CODE.match(code):
        raise Invalid(code=_("Kode hanya huruf kecil, angka, dan garis bawah."))
    if not title.strip():
        raise Invalid(title=_("Isi nama jabatan."))
    if level not in Level.values:
        raise Invalid(level=_("Jenjang ini tidak dikenal."))
    if unit is not None and unit.office_id != office.pk:
        raise Invalid(unit=_("Bagian ini milik kantor lain."))
    current = _locked(office)
    if current.valid_to is not None:
        raise Invalid(office=_("Kantor ini sudah ditutup."))
    if Position.objects.filter(office=office, code=code).exists():
        raise Invalid(code=_("Kode jabatan ini sudah dipakai di kantor ini."))
    if is_head and Position.objects.filter(office=office, is_head=True, abolished_on=None).exists():
        raise Invalid(is_head=_("Kantor ini sudah punya jabatan pemimpin."))
    position = Position.objects.create(office=office, unit=unit, code=code, title=title.strip(), level=level, is_head=is_head, confirmed=confirmed)
    emit("offices.position_added", position=position.pk)
    return position


def _locked(office: Office) -> Office:
    """The row as it stands now, held against others until the act is done."""
    return Office.objects.select_for_update(of=("self",)).get(pk=office.pk)
