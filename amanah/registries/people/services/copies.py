"""The copy of everything we hold about somebody: one ZIP with JSON for machines, a page to read, and a table of what happened (UU 27/2022 arts 7, 13)."""
import csv
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from amanah.foundation.files import services as files
from amanah.foundation.files.models import StoredFile
from amanah.foundation.kernel import clock, dates
from amanah.foundation.kernel.actor import Actor
from amanah.registries.territory import queries as territory

from ..models import Event, Past, Person, Request, Tie
from ..queries import lookers, looks, purposes
from ..rules import codes
from ..rules.state import SEALED, from_text
from .opening import clear

MOST_LOOKS = 5000
OWNER_ONLY = "people.owner_only"  # declared nowhere, so that no role can ever give it: the file opens for the account it belongs to
LABELS = {"name": "Nama", "nik": "NIK", "kk": "Nomor KK", "born": "Tanggal lahir", "birthplace": "Tempat lahir", "sex": "Jenis kelamin", "religion": "Agama",
          "marital": "Status perkawinan", "education": "Pendidikan", "occupation": "Pekerjaan", "relation": "Hubungan dalam keluarga",
          "citizenship": "Kewarganegaraan", "blood": "Golongan darah", "disability": "Disabilitas", "address": "Alamat", "place": "Wilayah",
          "mother_name": "Nama ibu", "father_name": "Nama ayah", "phone": "Telepon", "status": "Status", "restricted": "Penggunaan dibatasi", "family": "Keluarga",
          "mother": "Ibu", "father": "Ayah"}


def make(actor: Actor, person: Person, *, owner: str) -> StoredFile:
    """Gather it and store it for `owner` alone. Nobody's role opens it; it is deleted after the days of the processing register."""
    told = gather(person, mine=owner)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data-saya.html", page(told))
        archive.writestr("data-saya.json", json.dumps(told, ensure_ascii=False, indent=1, default=str))
        archive.writestr("riwayat.csv", _csv(["berlaku_sejak", "dicatat", "peristiwa", "sumber", "perubahan"], (
            [row["since"], row["recorded"], row["what"], row["source"], "; ".join(f"{k}: {v}" for k, v in row["changes"].items())] for row in told["events"])))
        archive.writestr("siapa-melihat.csv", _csv(["waktu", "kantor", "peran", "perbuatan", "keperluan"], (
            [row["at"], row["office"], row["role"], row["what"], row["purpose"]] for row in told["looks"])))
    days = purposes.register().retention["copies"].days
    return files.keep(packed.getvalue(), name=f"salinan-data-{clock.today():%Y-%m-%d}.zip", kind="zip", by=actor, owner=owner, needs=OWNER_ONLY,
                      scope=person.scope, keep_until=clock.today() + timedelta(days=days + 1))  # a day later than ours, which is on record with its count


def gather(person: Person, *, mine: str = "") -> dict[str, Any]:
    """Everything we hold about one person, identifiers whole, as plain values. Whoever calls this has recorded why."""
    family = person.family
    present = {name: _words(person, name) for name in LABELS if name not in ("family", "place", "mother", "father")}
    present["place"] = _place(person.place.code)
    present["mother"], present["father"] = (parent.name if parent else "" for parent in (person.mother, person.father))
    members = Person.objects.filter(family=family).exclude(pk=person.pk).exclude(status=codes.VOID).order_by("relation", "born") if family else ()
    return {"made": clock.now().isoformat(), "controller": purposes.register().controller, "present": present,
            "family": [{"name": member.name, "relation": codes.label("relation", member.relation)} for member in members],
            "past": [{"since": row.valid_from, "until": row.valid_until, "status": codes.label("status", row.status), "name": row.name,
                      "place": _place(row.place.code), "marital": codes.label("marital", row.marital), "corrected": row.replaced_at is not None}
                     for row in Past.objects.filter(person=person).select_related("place").order_by("valid_from", "id")],
            "events": [_event(event) for event in Event.objects.filter(person=person).select_related("source").order_by("id")],
            "account": [{"since": tie.at, "how": tie.how} for tie in Tie.objects.filter(person=person)],
            "requests": [{"at": row.at, "kind": row.get_kind_display(), "text": row.text, "state": row.get_state_display(), "answer": row.answer}
                         for row in Request.objects.filter(person=person).order_by("id")],
            "looks": _looks(person, mine)}


def page(told: Mapping[str, Any]) -> str:
    """The same as a page that any browser and any printer can show."""
    facts = format_html_join("", "<tr><th>{}</th><td>{}</td></tr>", ((LABELS[name], value) for name, value in told["present"].items() if value))
    parts = [_table(_("Keluarga"), (_("Nama"), _("Hubungan")), [(row["name"], row["relation"]) for row in told["family"]]),
             _table(_("Yang pernah terjadi"), (_("Berlaku sejak"), _("Peristiwa"), _("Sumber"), _("Perubahan")), [
                 (row["since"], row["what"], row["source"], "; ".join(f"{LABELS.get(k, k)}: {v}" for k, v in row["changes"].items())) for row in told["events"]]),
             _table(_("Siapa melihat data Anda"), (_("Waktu"), _("Kantor"), _("Peran"), _("Perbuatan"), _("Keperluan")), [
                 (row["at"], row["office"], row["role"], row["what"], row["purpose"]) for row in told["looks"]]),
             _table(_("Permintaan Anda"), (_("Waktu"), _("Permintaan"), _("Hasil"), _("Jawaban")), [
                 (row["at"], row["kind"], row["state"], row["answer"]) for row in told["requests"]])]
    return str(format_html(
        '<!doctype html><html lang="id"><meta charset="utf-8"><title>{title}</title><h1>{title}</h1><p>{controller}, {day}</p><table>{facts}</table>{rest}</html>',
        title=_("Salinan data pribadi Anda"), controller=told["controller"], day=dates.long_date(clock.today()), facts=facts,
        rest=format_html_join("", "{}", ((part,) for part in parts))))


def _table(title: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> Any:
    rows = list(rows)
    if not rows:
        return format_html("<h2>{}</h2><p>{}</p>", title, _("Tidak ada."))
    line = format_html_join("", "<th>{}</th>", ((head,) for head in heads))
    body = format_html_join("", "<tr>{}</tr>", ((format_html_join("", "<td>{}</td>", ((cell,) for cell in row)),) for row in rows))
    return format_html("<h2>{}</h2><table border=1><tr>{}</tr>{}</table>", title, line, body)


def _words(person: Person, name: str) -> Any:
    if name in (*SEALED, "kk"):
        return clear(person, name)
    if name == "address":
        return person.family.address if person.family else ""
    value = getattr(person, name)
    return codes.label(name, value) if name in codes.LISTS else value


def _event(event: Event) -> dict[str, Any]:
    return {"since": event.valid_from, "recorded": event.recorded_at, "what": str(Event.Kind(event.kind).label), "source": event.source.name,
            "evidence": event.evidence, "changes": {name: _told(name, value) for name, value in from_text(event.changes).items() if value is not None}}


def _told(name: str, value: Any) -> Any:
    """A changed value in words; sealed ones whole, for this is their owner's copy."""
    from django.conf import settings

    if name in SEALED:
        return settings.SEAL.open(value, name)
    if name in codes.LISTS:
        return codes.label(name, value)
    if name == "place":
        return _place(value)
    if name in ("mother", "father"):
        return Person.objects.filter(pk=value).values_list("name", flat=True).first() or ""
    return value if name != "family" else _("keluarga nomor %(n)d") % {"n": value}


def _place(key: str | int) -> str:
    if isinstance(key, int):
        from amanah.registries.territory.models import Territory

        key = Territory.objects.filter(pk=key).values_list("code", flat=True).first() or ""
    found = territory.by_codes([key])
    return territory.full_title(found[key]) if key in found else key


def _looks(person: Person, mine: str) -> list[dict[str, Any]]:
    rows: list[looks.Look] = []
    cursor: str | None = ""
    while cursor is not None and len(rows) < MOST_LOOKS:
        found = looks.looks(person, cursor=cursor, size=100)
        rows += found.rows
        cursor = found.next
    names = lookers.named((look.doer for look in rows), mine=mine)
    return [{"at": dates.date_and_time(look.at), "office": names[look.doer].office, "role": names[look.doer].role,
             "what": look.what, "purpose": purposes.said(look.purpose) if look.purpose else ""} for look in rows]


def _csv(heads: list[str], rows: Iterable[Sequence[Any]]) -> str:
    """A table that spreadsheets open without harm: a text that would be a formula gets an apostrophe."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(heads)
    for row in rows:
        table.writerow([f"'{cell}" if str(cell).startswith(("=", "+", "-", "@", "\t")) else cell for cell in row])
    return "\ufeff" + out.getvalue()
