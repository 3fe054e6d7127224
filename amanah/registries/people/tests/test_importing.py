"""Extracts from their file into the register and out again: counts, reasons, steps, changes, undoing."""
import csv
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection

from amanah.foundation.files.models import StoredFile
from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.errors import Conflict, Invalid
from amanah.foundation.stores.models import Aside
from amanah.registries.people.models import Counting, Event, Extract, Family, Past, Person, Shift, Word
from amanah.registries.people.queries.events import facts_of
from amanah.registries.people.rules.extract import BadFile
from amanah.registries.people.rules.state import timeline
from amanah.registries.people.services.importing import deeds, loading
from amanah.registries.people.services.importing.files import rows, survey

from .factories import territories

pytestmark = pytest.mark.django_db
ACTOR = Actor.system("test")
HEADINGS = ["NIK", "NO_KK", "NAMA_LGKP", "JENIS_KLMIN", "TGL_LHR", "AGAMA", "STAT_KWN", "STAT_HBKEL", "NIK_IBU", "NAMA_LGKP_IBU",
            "ALAMAT", "NO_RW", "NO_RT", "KODE_WILAYAH", "STATUS"]
FIRST, SECOND = date(2026, 6, 30), date(2026, 9, 30)


@pytest.fixture(autouse=True)
def _places(clock_at: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[None]:
    settings.VAR_DIR = tmp_path
    clock_at("2026-11-24 09:40")
    territories()
    yield


def row(n: int, **cells: str) -> dict[str, str]:
    """The nth of a family of three; the mother follows her child."""
    family, place = divmod(n, 3)
    woman = place != 1
    born = date(1980 if place != 1 else 2012, 5, 17)
    nik = f"137101{born.day + 40 * woman:02}{born:%m%y}{n + 1:04}"
    mother = f"1371015705{80:02}{3 * family + 3:04}"
    return {"NIK": nik, "NO_KK": f"137101010110{family + 1:04}", "NAMA_LGKP": f"RINA {'ABCDEFGHIJ'[n % 10]}LI CONTOH", "JENIS_KLMIN": "P" if woman else "L",
            "TGL_LHR": f"{born:%d-%m-%Y}", "AGAMA": "ISLAM", "STAT_KWN": "1", "STAT_HBKEL": ("KEPALA KELUARGA", "ANAK", "FAMILI LAIN")[place],
            "NIK_IBU": mother if place == 1 else "", "NAMA_LGKP_IBU": "SITI CONTOH", "ALAMAT": "JL. CONTOH 5", "NO_RW": "1", "NO_RT": "1",
            "KODE_WILAYAH": "99.71.01.1001", "STATUS": "HIDUP", **cells}


def write(path: Path, lines: list[dict[str, str]], *, encoding: str = "utf-8", delimiter: str = ",", headings: list[str] = HEADINGS) -> Path:
    with path.open("w", encoding=encoding, newline="") as out:
        writer = csv.DictWriter(out, headings, delimiter=delimiter, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(lines)
    return path


def bring(path: Path, position: date = FIRST, **how: Any) -> Extract:
    return deeds.bring(ACTOR, deeds.source_of("siak", "SIAK"), path=path, name=path.name, position=position, **how)


def load(path: Path, position: date = FIRST, **how: Any) -> Extract:
    extract = bring(path, position, complete=how.pop("complete", False))
    return deeds.carry_out(deeds.load_extract(ACTOR, extract, background=False), ACTOR, path=path, size=how.pop("size", 4), alone=True, **how)


def counts(extract: Extract) -> dict[str, int]:
    return {key: value for key, value in extract.counts["counts"].items() if value}


def consistent() -> None:
    """Every person's rows are what their events say."""
    for person in Person.objects.exclude(status=4):
        last = timeline(facts_of(person.pk))[-1]
        assert (last.event, last.valid_from) == (person.event, person.valid_from)
        for name in ("status", "name", "sex", "born", "religion", "marital", "relation"):
            assert last.state[name] == getattr(person, name), name
        assert (last.state["place"], last.state["family"], last.state["mother"]) == (person.place_id, person.family_id, person.mother_id)


def test_a_first_load_and_the_same_file_again(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [row(n) for n in range(12)])
    extract = load(path)
    assert counts(extract) == {"new": 12, "families": 4, "linked": 1} and extract.state == "done" and extract.reached == 12
    assert extract.report is None
    child = Person.objects.get(nik_key=settings.SEAL.lookup(row(1)["NIK"], "nik"))
    assert child.mother is not None and settings.SEAL.open(child.mother.nik or b"", "nik") == row(2)["NIK"]
    assert child.valid_from == FIRST and child.place.level == "rt" and not child.provisional
    assert settings.SEAL.open(child.mother_name or b"", "mother_name") == "SITI CONTOH"
    assert set(Event.objects.values_list("kind", flat=True)) == {"register", "link"}
    assert Family.objects.count() == 4 and Family.objects.filter(persons__event__gt=0, event=0).count() == 0
    assert {"rina", "ali", "conto"} <= set(Word.objects.values_list("word", flat=True))
    assert Counting.objects.get().stale and not Shift.objects.exists()
    consistent()
    before = Event.objects.count(), Past.objects.count(), Person.objects.order_by("pk").values_list("pk", "event").last()
    again = load(path)
    assert counts(again) == {"unchanged": 12}
    assert (Event.objects.count(), Past.objects.count(), Person.objects.order_by("pk").values_list("pk", "event").last()) == before


def test_a_rejected_row_comes_back_with_reason_column_and_remedy(tmp_path: Path) -> None:
    lines = [row(n) for n in range(6)]
    lines[1]["NIK"] = "1,37102E+15"
    lines[4]["NIK"] = lines[3]["NIK"]
    lines[5]["STAT_HBKEL"] = "KEPALA KELUARGA"
    lines[2]["ALAMAT"] = "=HYPERLINK(1)"
    lines[2]["KODE_WILAYAH"] = "99.71.01.1009"
    extract = load(write(tmp_path / "a.csv", lines, delimiter=";"))
    assert counts(extract) == {"new": 2, "families": 2, "rejected": 4}
    assert extract.counts["rejected"] == {"NIK_BUKAN_TEKS": 1, "KELURAHAN_TIDAK_DIKENAL": 1, "NIK_GANDA_DALAM_BERKAS": 1, "KEPALA_GANDA": 1}
    stored = StoredFile.objects.get(pk=extract.report)
    assert stored.personal and stored.needs == "people.bring"
    with default_storage.open(stored.path) as content:
        report = list(csv.DictReader(io.StringIO(content.read().decode("utf-8-sig")), delimiter=";"))
    assert [(one["baris"], one["kolom"], one["alasan"].split(":")[0]) for one in report] == [
        ("3", "NIK", "NIK_BUKAN_TEKS"), ("4", "KODE_WILAYAH", "KELURAHAN_TIDAK_DIKENAL"), ("6", "NIK", "NIK_GANDA_DALAM_BERKAS"), ("7", "STAT_HBKEL", "KEPALA_GANDA")]
    assert report[1]["ALAMAT"] == "'=HYPERLINK(1)" and report[0]["yang harus dilakukan"]
    assert not list((tmp_path / "imports").iterdir())


def test_a_dry_run_says_the_same_and_changes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [row(0), row(1), row(2, NIK="7")])
    extract = deeds.check(ACTOR, bring(path), path=path)
    assert counts(extract) == {"new": 2, "rejected": 1} and extract.state == "checked"
    assert not Person.objects.exists() and not Event.objects.exists() and not Family.objects.exists()


def test_what_changed_between_two_extracts_becomes_events(tmp_path: Path) -> None:
    load(write(tmp_path / "a.csv", [row(n) for n in range(15)]))
    lines = [row(n) for n in range(15)]
    lines[0]["STATUS"], lines[0]["STAT_HBKEL"] = "MENINGGAL", "KEPALA KELUARGA"
    lines[2]["STAT_HBKEL"] = "KEPALA KELUARGA"       # the dead head's place is free
    lines[3]["NAMA_LGKP"] = "RINA DLII CONTOH"       # spelt otherwise
    lines[6]["NAMA_LGKP"] = "ZULAIKHA RAHMI"         # another name
    lines[7]["AGAMA"] = "KRISTEN"
    for n in (9, 10, 11):
        lines[n]["KODE_WILAYAH"] = "99.71.01.1002"
    lines[12]["STATUS"], lines[12]["STAT_HBKEL"] = "PINDAH", "KEPALA KELUARGA"
    del lines[14]
    lines += [row(20, NO_KK=lines[0]["NO_KK"], STAT_HBKEL="FAMILI LAIN"), row(21, NIK="1371011008269001", TGL_LHR="10-08-2026", JENIS_KLMIN="L", STAT_HBKEL="ANAK",
                                                                      NO_KK=lines[0]["NO_KK"])]
    extract = load(write(tmp_path / "b.csv", lines), SECOND)
    told = counts(extract)
    assert {key: told[key] for key in ("new", "changed", "unchanged", "missing")} == {"new": 2, "changed": 9, "unchanged": 5, "missing": 1}
    kinds = dict.fromkeys(Event.objects.filter(extract=extract).values_list("kind", flat=True), 0)
    for kind in Event.objects.filter(extract=extract).values_list("kind", flat=True):
        kinds[kind] += 1
    assert kinds == {"death": 1, "head": 1, "correction": 1, "name": 1, "update": 1, "move": 3, "move_out": 1, "move_in": 1, "birth": 1}
    assert Person.objects.filter(status=1, valid_from=SECOND, place__code__startswith="99.71.01.1002").count() == 3
    assert Person.objects.get(name="RINA DLII CONTOH").valid_from == FIRST
    consistent()
    assert counts(load(tmp_path / "b.csv", SECOND))["unchanged"] == 16
    assert sum(shift.sign for shift in Shift.objects.all()) == Person.objects.filter(status=1).count() - 15


def test_a_complete_extract_notes_who_has_left(tmp_path: Path) -> None:
    load(write(tmp_path / "a.csv", [row(n) for n in range(6)]))
    load(write(tmp_path / "b.csv", [row(n) for n in range(5)]), SECOND, complete=True)
    gone = Person.objects.get(status=3)
    event = gone.events.latest("pk")
    assert (event.kind, event.provisional, event.valid_from) == ("move_out", True, SECOND) and event.note
    consistent()


def test_a_killed_load_goes_on_where_it_stopped(tmp_path: Path) -> None:
    lines = [row(n) for n in range(12)]
    lines[1]["NIK"] = "7"
    path = write(tmp_path / "a.csv", lines)
    extract = deeds.load_extract(ACTOR, bring(path), background=False)

    def killed(progress: loading.Progress) -> None:
        if progress.rows == 8:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deeds.carry_out(extract, ACTOR, path=path, size=4, alone=True, told=killed)
    extract.refresh_from_db()
    assert extract.state == "stopped" and extract.reached == 8 and Person.objects.count() == 7 and not Aside.objects.exists()
    again = deeds.carry_out(deeds.load_extract(ACTOR, extract, background=False), ACTOR, path=path, size=4, alone=True)
    assert again.state == "done" and counts(again)["new"] == 11 and Person.objects.count() == 11 and Family.objects.count() == 4
    assert counts(again).get("missing", 0) == 0
    with default_storage.open(StoredFile.objects.get(pk=again.report).path) as content:
        assert len(content.read().decode("utf-8-sig").splitlines()) == 2
    consistent()


def test_an_extract_is_undone_as_a_whole_and_loaded_again(tmp_path: Path) -> None:
    load(write(tmp_path / "a.csv", [row(n) for n in range(6)]))
    before = list(Person.objects.order_by("pk").values("pk", "status", "name", "place_id", "valid_from", "event", "relation"))
    lines = [row(n) for n in range(9)]
    lines[0]["STATUS"] = "MENINGGAL"
    lines[4]["AGAMA"] = "KRISTEN"
    path = write(tmp_path / "b.csv", lines)
    extract = load(path, SECOND)
    deeds.undo_extract(ACTOR, extract, reason="salah berkas")
    assert extract.counts["undone"] == {"void": 3, "restored": 2}
    assert list(Person.objects.exclude(status=4).order_by("pk").values("pk", "status", "name", "place_id", "valid_from", "event", "relation")) == before
    assert Event.objects.filter(kind="undo", extract=extract).count() == 1 and Family.objects.filter(ended=True).count() == 1
    assert not Past.objects.filter(person__status=4, replaced_at=None).exists()
    consistent()
    again = load(path, SECOND)
    assert Person.objects.filter(status=4).count() == 0 and Person.objects.filter(status=2).count() == 1 and again.state == "done"
    assert Family.objects.filter(ended=True).count() == 0
    consistent()


def test_an_extract_with_later_events_is_not_undone(tmp_path: Path) -> None:
    first = load(write(tmp_path / "a.csv", [row(n) for n in range(3)]))
    load(write(tmp_path / "b.csv", [row(0, AGAMA="KRISTEN"), row(1), row(2)]), SECOND)
    with pytest.raises(Conflict):
        deeds.undo_extract(ACTOR, first, reason="salah berkas")


@pytest.mark.parametrize(("content", "code"), [
    (b"", "BERKAS_KOSONG"), (b"\x00\x01\x02PNG" * 50, "BERKAS_BUKAN_CSV"), (b"satu kolom saja\n1\n", "JUDUL_TIDAK_ADA"),
    (b"1371015705909001,1371010101109001,RINA CONTOH\n", "JUDUL_TIDAK_ADA"), (b"NIK,NO_KK,NAMA\n1,2,\"Rina\n", "TANDA_KUTIP_TERBUKA"),
    (b"PK\x03\x04 no spreadsheet", "BERKAS_BUKAN_CSV"), (b"NIK,NO_KK,NAMA\n1,2,R\x81\x8d\n", "SANDI_TIDAK_DIKENAL"), (b"A," * 400 + b"\n", "TERLALU_BANYAK_KOLOM"),
])
def test_a_broken_file_is_refused_by_name(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(BadFile) as refused:
        survey(path)
    assert refused.value.problem.code == code and refused.value.sentence


def test_too_many_rows_are_refused_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(BadFile) as refused:
        survey(write(tmp_path / "a.csv", [row(n) for n in range(5)]), most_rows=4)
    assert refused.value.problem.code == "BARIS_TERLALU_BANYAK"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_every_usual_encoding(tmp_path: Path, encoding: str) -> None:
    form = survey(write(tmp_path / "a.csv", [row(0, NAMA_LGKP="RENÉ CONTOH")], encoding=encoding, delimiter="\t"))
    assert form.headings == HEADINGS and next(iter(rows(form)))[2] == "RENÉ CONTOH" and form.rows == 1


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "a.csv", [row(0), row(1, NIK="7")])
    call_command("people_import", str(path), "--source", "siak", "--position", "2026-06-30", "--report", str(tmp_path / "ditolak.csv"))
    said = capsys.readouterr().out
    assert "NIK_SALAH" in said and row(0)["NIK"] not in said
    assert "NIK_SALAH" in (tmp_path / "ditolak.csv").read_text(encoding="utf-8-sig")
    call_command("people_import", "--undo", str(Extract.objects.get().pk))
    assert Extract.objects.get().state == "undone"
    with pytest.raises(CommandError, match="JUDUL_TIDAK_ADA|Judul|judul"):
        call_command("people_import", str(write(tmp_path / "b.csv", [], headings=["A", "B", "C"])), "--source", "siak")


def test_columns_are_remembered_with_their_source(tmp_path: Path) -> None:
    lines = [row(0)]
    headings = ["NOMOR" if heading == "NIK" else heading for heading in HEADINGS]
    lines[0]["NOMOR"] = lines[0]["NIK"]
    path = write(tmp_path / "a.csv", lines, headings=headings)
    with pytest.raises(Invalid):
        bring(path, columns={"name": "NAMA_LGKP"})
    extract = bring(path, columns={"nik": "NOMOR", "kk": "NO_KK", "name": "NAMA_LGKP", "sex": "JENIS_KLMIN", "born": "TGL_LHR", "kelurahan": "KODE_WILAYAH"})
    assert extract.source.columns["nik"] == "NOMOR"
    assert counts(load(path))["new"] == 1
    assert connection.vendor in ("sqlite", "postgresql")
