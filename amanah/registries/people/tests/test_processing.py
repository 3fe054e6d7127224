"""The processing register is read strictly: every mistake is named with its line, and a purpose counts for what it allows only."""
import pytest
from django.core.management import CommandError, call_command

from amanah.foundation.kernel.actor import EVERYWHERE, Actor, Holding
from amanah.foundation.kernel.errors import NotFound
from amanah.registries.offices.rules.strict_yaml import ContentError
from amanah.registries.people.queries import purposes
from amanah.registries.people.rules.processing import parse

GOOD = """\
controller: Kota Contoh
purposes:
  layanan:
    title: Melayani Anda
    basis: tugas_publik
    law: UU 25/2009
    confirmed: false
    data: [nama]
    recipients: [kelurahan]
    retention: tetap
    permissions: [people.read]
retention:
  extract_files: {days: 1, reason: a, confirmed: false}
  report_files: {days: 1, reason: a, confirmed: false}
  sightings: {days: 1, reason: a, confirmed: false}
  requests: {days: 1, reason: a, confirmed: false}
  copies: {days: 1, reason: a, confirmed: false}
kept:
  register: {reason: a, confirmed: false}
  trail: {reason: a, confirmed: true}
"""
NAMES = ("people.read", "people.open_field")


def mistakes(text):
    with pytest.raises(ContentError) as error:
        parse("processing.yaml", text, NAMES)
    return "\n".join(error.value.lines)


def test_a_good_file_reads_with_its_defaults():
    found = parse("processing.yaml", GOOD, NAMES)
    one = found.purposes["layanan"]
    assert (one.ground, one.restricted, one.dpia, one.permissions) == ("tugas pelayanan publik", False, False, frozenset({"people.read"}))
    assert (found.official_names, found.unusual_openings_a_day, found.retention["copies"].days, found.kept["trail"].confirmed) == (False, 20, 1, True)


@pytest.mark.parametrize(("old", "new", "said"), [
    ("people.read]", "people.reed]", 'processing.yaml:11  purposes.layanan.permissions[1]: wewenang "people.reed" tidak ada; maksudnya "people.read"?'),
    ("basis: tugas_publik", "basis: tugas_umum", "tugas_publik"),
    ("    law: UU 25/2009\n", "", 'isian "law" belum ada'),
    ("data: [nama]", "data: []", "purposes.layanan.data: paling sedikit satu"),
    ("data: [nama]", "data: [1]", "harus teks"),
    ("  copies: {days: 1, reason: a, confirmed: false}\n", "", 'isian "copies" belum ada'),
    ("copies: {days: 1", "copies: {days: 0", "days paling kecil 1"),
    ("copies:", "kopi:", 'isian "kopi" tidak dikenal'),
    ("trail:", "jejak:", 'isian "jejak" tidak dikenal'),
    ("layanan:", "Layanan Umum:", "huruf kecil"),
    ("controller: Kota Contoh", "controller: Kota Contoh\nunusual_openings_a_day: 0", "paling kecil 1"),
    ("purposes:\n", "purposes:\n  lain: teks\n", "harus berisi isian bernama"),
])
def test_every_mistake_is_named_with_its_line(old, new, said):
    assert said in mistakes(GOOD.replace(old, new, 1))


def test_purposes_of_an_actor_are_those_whose_permissions_it_holds():
    actor = Actor(ref="account:1", kind="staff", name="", account_id=1, holdings=(Holding(frozenset({"people.match"}), EVERYWHERE, "role:x"),))
    assert [one.code for one in purposes.purposes(actor)] == ["data_ganda"]
    assert purposes.purposes(actor, "people.export") == []
    assert ("data_ganda", "Memastikan satu orang tercatat satu kali") in purposes.choices(actor, "people.match")
    assert purposes.said("tidak_ada_lagi") == "tidak_ada_lagi"


def test_a_city_without_a_register_says_so(settings, tmp_path):
    settings.CITY_DIR = tmp_path
    with pytest.raises(NotFound):
        purposes.register()
    (tmp_path / "processing.yaml").write_text(GOOD.replace("people.read]", "tidak.ada]"))
    with pytest.raises(CommandError, match="tidak ada"):
        call_command("people_processing")


def test_the_command_lists_purposes_and_what_is_not_confirmed(capsys):
    call_command("people_processing")
    assert "pelayanan_penduduk: Melayani urusan kependudukan" in capsys.readouterr().out
