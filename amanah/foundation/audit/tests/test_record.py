"""The record in a real database: written, protected, verified, checkpointed, exported."""
import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from amanah.foundation.audit import rules, services, verification
from amanah.foundation.audit.models import Checkpoint, Entry, Lane
from amanah.foundation.audit.services import Note, record
from amanah.foundation.stores.guard import lifted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_lane(monkeypatch):
    """Lanes are drawn by lot; here the lot always falls on the same one, so that a test knows where its entries stand."""
    monkeypatch.setattr(services, "randrange", lambda lanes: 7)


def write(count: int) -> None:
    for number in range(count):
        record(Note(kind="deed", deed="room.deed", actor="account:1", subject=f"room.thing:{number}", details={"n": number}))


def tamper(statement: str, *values: object) -> None:
    with lifted(connection), connection.cursor() as cursor:
        cursor.execute(statement, values)


def faults() -> list[tuple[int, str]]:
    return [(fault.seq, fault.kind) for fault in verification.verify()[1]]


def test_an_entry_holds_what_was_told_and_its_columns_come_from_its_body():
    record(Note(kind="read", deed="people.open", actor="account:7", subject="people.person:9", office="kota.dinkes", territory="1.2", purpose="bantuan"))
    entry = Entry.objects.get()
    told = json.loads(entry.body)
    assert (entry.kind, entry.deed, entry.actor, entry.subject, entry.office, entry.territory) == (
        "read", "people.open", "account:7", "people.person:9", "kota.dinkes", "1.2")
    assert told["purpose"] == "bantuan" and told["at"] == entry.at and "details" not in told
    assert verification.verify() == (1, [])


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET body = '{}'", "DELETE FROM audit_entry", "UPDATE audit_checkpoint SET text = ''",
                                       "DELETE FROM audit_checkpoint"])
def test_the_database_itself_refuses_to_change_or_delete(statement):
    write(2)
    verification.make_checkpoint()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert verification.verify() == (2, [])


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_written():
    with pytest.raises(RuntimeError):
        services.append([Note(kind="deed", deed="a.b", actor="public")])


def test_an_edited_a_deleted_and_a_forged_entry_are_named():
    write(6)
    lane = Entry.objects.values_list("lane", flat=True)[0]
    second = Entry.objects.get(lane=lane, seq=2)
    tamper("UPDATE audit_entry SET body = %s WHERE id = %s", second.body.replace("room.deed", "room.dead"), second.pk)
    assert faults() == [(2, "edited")]
    tamper("UPDATE audit_entry SET body = %s WHERE id = %s", second.body, second.pk)
    tamper("DELETE FROM audit_entry WHERE lane = %s AND seq = 4", lane)
    assert faults() == [(4, "deleted")]


def test_an_entry_added_behind_the_programs_back_is_named():
    write(2)
    lane = Entry.objects.values_list("lane", flat=True)[0]
    tamper("INSERT INTO audit_entry (lane, seq, body, mac) VALUES (%s, 3, %s, %s)", lane, '{"k":"x","lane":1,"seq":3,"at":1}', b"0" * 64)
    assert [seq for seq, _ in faults()] == [3]


def test_a_cut_off_tail_is_found_even_when_the_head_was_moved_back(tmp_path, settings):
    settings.AUDIT_CHECKPOINT_DIR = str(tmp_path)
    write(3)
    lane = Lane.objects.get(seq__gt=0)
    early = (lane.seq, bytes(lane.mac), bytes(lane.seal))
    write(2)
    path = verification.make_checkpoint()
    assert verification.verify()[1] == []
    tamper("DELETE FROM audit_entry WHERE lane = %s AND seq > 3", lane.lane)
    assert faults() == [(4, "truncated")]
    tamper("UPDATE audit_lane SET seq = %s, mac = %s, seal = %s WHERE lane = %s", *early, lane.lane)
    tamper("DELETE FROM audit_checkpoint")
    assert verification.verify()[1] == []  # the database alone can no longer know
    found = verification.verify(checkpoints=[verification.read_checkpoint(path)])[1]
    assert [(fault.seq, fault.kind) for fault in found] == [(4, "truncated")]


def test_a_checkpoint_with_another_signature_is_not_believed(tmp_path, settings):
    settings.AUDIT_CHECKPOINT_DIR = str(tmp_path)
    write(1)
    path = verification.make_checkpoint()
    told = json.loads(path.read_text())
    path.write_text(json.dumps({**told, "text": told["text"].replace('"entries":1', '"entries":9')}))
    with pytest.raises(Exception, match="was not signed"):
        verification.read_checkpoint(path)
    tamper("UPDATE audit_checkpoint SET text = %s", "{}")
    assert (1, "checkpoint") in faults()


def test_checkpoints_are_numbered_and_hold_each_other(tmp_path, settings):
    settings.AUDIT_CHECKPOINT_DIR = str(tmp_path)
    write(1)
    verification.make_checkpoint()
    write(1)
    verification.make_checkpoint()
    first, second = Checkpoint.objects.order_by("number")
    assert json.loads(second.text)["before"] == rules.hashlib.sha256(first.text.encode()).hexdigest()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["000001.json", "000002.json"]


def test_the_command_says_all_is_well_and_exits_with_one_when_it_is_not(capsys):
    write(2)
    call_command("audit_verify")
    assert "2 entries checked, all as written" in capsys.readouterr().out
    tamper("DELETE FROM audit_entry WHERE seq = 1")
    with pytest.raises(SystemExit) as stop:
        call_command("audit_verify")
    assert stop.value.code == 1 and "entry 1: deleted" in capsys.readouterr().out


def test_an_export_is_checked_by_its_own_script_without_the_application(tmp_path, settings):
    settings.AUDIT_CHECKPOINT_DIR = str(tmp_path / "custodian")
    write(5)
    verification.make_checkpoint()
    write(1)
    assert verification.export(tmp_path / "out") == 6
    (tmp_path / "key").write_text(settings.AUDIT_KEY)

    def check() -> subprocess.CompletedProcess[str]:
        # -I and -S: neither this project nor its packages can be imported
        return subprocess.run([sys.executable, "-I", "-S", "out/verify.py", "out", "--key-file", "key", "--public-key", "out/public-key.pem"],
                              cwd=tmp_path, capture_output=True, text=True)

    done = check()
    assert (done.returncode, done.stdout.strip()) == (0, "6 entries checked, all as written"), done.stderr
    lines = Path(tmp_path / "out/entries.jsonl").read_text().splitlines()
    (tmp_path / "out/entries.jsonl").write_text("\n".join(lines[:2] + lines[3:]) + "\n")
    done = check()
    assert done.returncode == 1 and "entry 3: deleted" in done.stdout


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_writers_do_not_queue_and_the_record_still_holds():
    """A transaction that holds its lane open does not stop another one from writing."""
    from threading import Thread

    held: list[int] = []

    def other() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '2s'")
            write(3)
            held.append(1)
        finally:
            connection.close()

    with transaction.atomic():
        write(1)
        thread = Thread(target=other)
        thread.start()
        thread.join(10)
        assert held == [1]
    assert Entry.objects.values("lane").distinct().count() > 1
    assert verification.verify() == (4, [])


def test_lanes_are_made_once_and_never_anew():
    from amanah.foundation.audit.apps import open_lanes

    assert Lane.objects.count() == services.LANES
    write(1)
    used = Entry.objects.get().lane
    tamper("DELETE FROM audit_lane WHERE lane = %s", used)
    open_lanes()
    assert not Lane.objects.filter(lane=used).exists()
    assert faults() == [(0, "head")]
