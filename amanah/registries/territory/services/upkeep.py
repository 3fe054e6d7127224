"""Small changes: a new name, RW and RT that come and go (Permendagri 18/2018: community institutions, decided in the kelurahan)."""
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django.db import IntegrityError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amanah.foundation.acts import act
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.errors import Conflict, Invalid

from ..models import Level, Territory
from ..rules import codes
from .edition import new_edition
from .register import keep_former_name


@act("territory.rename", title=gettext_lazy("Mengganti nama wilayah"), says=gettext_lazy("{actor} mengganti nama {subject} menjadi {name}"))
def rename(actor: Actor, territory: Territory, *, name: str, since: date, source: str) -> Territory:
    """Give a territory another name from a day on, by the decision named in `source`; the former name stays findable."""
    name = " ".join(name.split())
    if territory.level in codes.NEIGHBOURHOODS:
        raise Invalid(name=_("RW dan RT tidak punya nama. Tutup lalu buat nomor baru."))
    if not codes.key(name):
        raise Invalid(name=_("Isi nama barunya."))
    if not source.strip():
        raise Invalid(source=_("Sebutkan keputusan yang mengganti nama ini."))
    if since > clock.today():
        raise Invalid(since=_("Nama baru dicatat pada hari ia berlaku, bukan sebelumnya."))
    if name == territory.name:
        raise Invalid(name=_("Nama ini sudah dipakai."))
    former = territory.name
    changed = Territory.objects.filter(pk=territory.pk, name=former).update(name=name, source=source)
    if not changed:
        raise Conflict()
    keep_former_name(territory, until=since - timedelta(days=1), source=source)
    territory.aliases.filter(key=codes.key(name)).delete()
    territory.refresh_from_db()
    new_edition()
    return territory


@act("territory.add_rw", title=gettext_lazy("Menambah RW"), creates=True, says=gettext_lazy("{actor} menambah {subject}"))
def add_rw(actor: Actor, kelurahan: Territory, *, label: str, since: date | None = None, source: str = "", modelled: bool = False) -> Territory:
    """Add an RW to a kelurahan. The number is a label of three digits, once among the RW of the kelurahan that exist."""
    return _add(kelurahan, Level.KELURAHAN, Level.RW, label, since, source, modelled)


@act("territory.add_rt", title=gettext_lazy("Menambah RT"), creates=True, says=gettext_lazy("{actor} menambah {subject}"))
def add_rt(actor: Actor, rw: Territory, *, label: str, since: date | None = None, source: str = "", modelled: bool = False) -> Territory:
    """Add an RT to an RW. The number is a label of three digits, once among the RT of the RW that exist."""
    return _add(rw, Level.RW, Level.RT, label, since, source, modelled)


@act("territory.add_neighbourhoods", title=gettext_lazy("Menambah banyak RW dan RT sekaligus"),
     says=gettext_lazy("{actor} menambah RW dan RT di {subject}"))
def add_neighbourhoods(actor: Actor, kelurahan: Territory, *, plan: Mapping[str, Sequence[str]], source: str = "", modelled: bool = False) -> int:
    """Add many RW with their RT at once: {"001": ["001", "002"], …}. All or nothing; returns how many came into being. Three statements or so."""
    if kelurahan.level != Level.KELURAHAN:
        raise Invalid(plan=_("RW dan RT ditambah pada sebuah kelurahan."))
    labels = {_label(rw): [_label(rt) for rt in rts] for rw, rts in plan.items()}
    if len(labels) != len(plan) or any(len(set(rts)) != len(rts) for rts in labels.values()):
        raise Invalid(plan=_("Ada nomor yang ditulis dua kali. Hapus salah satu."))
    if Territory.objects.filter(parent=kelurahan, label__in=labels, valid_to=None).exists():
        raise Conflict(_("Sebagian nomor RW sudah ada di kelurahan ini."))
    ended = list(Territory.objects.filter(parent=kelurahan, label__in=labels).values_list("label", flat=True))
    common = {"source": source, "modelled": modelled}
    Territory.objects.bulk_create([
        Territory(code=codes.neighbourhood_code(kelurahan.code, Level.RW, label, ended.count(label)), level=Level.RW, parent=kelurahan, label=label,
                  **common) for label in labels])
    made = {rw.label: rw for rw in Territory.objects.filter(parent=kelurahan, label__in=labels, valid_to=None)}
    Territory.objects.bulk_create([
        Territory(code=codes.neighbourhood_code(made[rw].code, Level.RT, label), level=Level.RT, parent=made[rw], label=label, **common)
        for rw, rts in labels.items() for label in rts])
    return len(labels) + sum(map(len, labels.values()))


@act("territory.close", title=gettext_lazy("Menutup RW atau RT"), says=gettext_lazy("{actor} menutup {subject}: {reason}"))
def close(actor: Actor, territory: Territory, *, on: date, reason: str) -> Territory:
    """End an RW or RT; `on` is the last day on which it exists. An RW ends after its RT. Its number may be given again, its code never is."""
    if territory.level not in codes.NEIGHBOURHOODS:
        raise Invalid(territory=_("Hanya RW dan RT yang ditutup di sini. Wilayah lain berubah lewat daftar wilayah."))
    if not reason.strip():
        raise Invalid(reason=_("Tulis alasannya."))
    if territory.valid_from and on < territory.valid_from:
        raise Invalid(on=_("Hari terakhir tidak boleh sebelum hari pertama."))
    if territory.children.filter(valid_to=None).exists():
        raise Invalid(territory=_("Tutup dulu RT di dalamnya."))
    if not Territory.objects.filter(pk=territory.pk, valid_to=None).update(valid_to=on):
        raise Conflict(_("Wilayah ini sudah ditutup."))
    territory.refresh_from_db()
    return territory


def _add(parent: Territory, parent_level: str, level: str, label: str, since: date | None, source: str, modelled: bool) -> Territory:
    if parent.level != parent_level:
        raise Invalid(parent=_("RW ditambah pada kelurahan, RT pada RW."))
    if parent.valid_to is not None:
        raise Invalid(parent=_("Wilayah ini sudah ditutup. Pilih yang masih ada."))
    label = _label(label)
    same = list(Territory.objects.filter(parent=parent, label=label).values_list("valid_to", flat=True))
    if None in same:
        raise Conflict(_("Nomor %(label)s sudah ada di sini.") % {"label": label})
    code = codes.neighbourhood_code(parent.code, level, label, earlier=len(same))
    try:
        return Territory.objects.create(code=code, level=level, parent=parent, label=label, valid_from=since, source=source, modelled=modelled)
    except IntegrityError as problem:  # somebody else added the same number at the same moment
        raise Conflict(_("Nomor %(label)s sudah ada di sini.") % {"label": label}) from problem


def _label(text: str) -> str:
    try:
        return codes.read_label(text)
    except ValueError as problem:
        raise Invalid(label=_("Isi nomor dengan tiga angka, misalnya 003.")) from problem
