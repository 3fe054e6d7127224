"""Checking, exporting and checkpointing the record, while writers go on writing."""
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from django.conf import settings
from django.db import connection, transaction

from amanah.foundation.kernel import clock
from amanah.foundation.kernel.errors import Invalid

from . import rules
from .models import Checkpoint, Lane
from .services import key_ring

CHUNK = 5000


def verify(*, checkpoints: list[str] | None = None, progress: Callable[[int], None] = lambda count: None) -> tuple[int, list[rules.Fault]]:
    """(entries checked, the first fault of each lane at fault).

    Checkpoints in the database are used too, as far as their signatures hold; give those from the other custodian as texts,
    for whoever can rewrite the database can rewrite its checkpoints as well.
    """
    faults: list[rules.Fault] = []
    texts = list(checkpoints or ())
    for row in Checkpoint.objects.order_by("number").iterator():
        if rules.signature_holds(row.text, bytes(row.signature), public_pem()):
            texts.append(row.text)
        else:
            faults.append(rules.Fault(-1, row.number, "checkpoint", "the signature in the database does not hold"))
    marks = rules.marks_of(texts)
    seen = 0
    for lane in _lanes(marks):
        check = rules.LaneCheck(lane, key_ring(), marks.get(lane))
        head = None
        while True:  # entries that arrive meanwhile are checked too: the head is read after the rows
            before = check.seq
            for rows in _chunks(lane, check.seq):
                check.feed(rows)
                progress(seen + check.count)
            head = _head(lane)
            if head is None or head.seq <= check.seq or check.seq == before:
                break
        check.close(head)
        seen += check.count
        if check.fault:
            faults.append(check.fault)
    return seen, faults


def _lanes(marks: dict[int, Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT lane FROM audit_lane UNION SELECT DISTINCT lane FROM audit_entry")
        return sorted({row[0] for row in cursor.fetchall()} | set(marks))


def _head(lane: int) -> rules.Head | None:
    row = Lane.objects.filter(pk=lane).first()
    return row and rules.Head(row.lane, row.seq, bytes(row.mac), bytes(row.seal))


def _chunks(lane: int, after: int) -> Iterator[list[tuple[int, str, bytes]]]:
    # Pages by key instead of a server-side cursor: no long transaction, and the same on both databases.
    while True:
        with closing(connection.cursor()) as cursor:
            cursor.execute("SELECT seq, body, mac FROM audit_entry WHERE lane = %s AND seq > %s ORDER BY seq LIMIT %s", [lane, after, CHUNK])
            rows = cursor.fetchall()
        if rows:
            yield rows
            after = rows[-1][0]
        if len(rows) < CHUNK:
            return


# ---------------------------------------------------------------- checkpoints

@cache
def _private() -> Ed25519PrivateKey:
    if settings.AUDIT_CHECKPOINT_KEY:
        key = load_pem_private_key(settings.AUDIT_CHECKPOINT_KEY.encode(), None)
        if not isinstance(key, Ed25519PrivateKey):
            raise Invalid("AMANAH_AUDIT_CHECKPOINT_KEY must be an Ed25519 key in PEM: openssl genpkey -algorithm ed25519")
        return key
    # The demonstration and the tests sign with a key that everybody can derive; production is refused without a real one.
    return Ed25519PrivateKey.from_private_bytes(rules.hashlib.sha256(b"demonstration:" + settings.AUDIT_KEY.encode()).digest())


def public_pem() -> bytes:
    return _private().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def make_checkpoint() -> Path:
    """Sign the heads of all lanes, keep the checkpoint, and write it where the other custodian fetches it. Returns the file."""
    with transaction.atomic():
        last = Checkpoint.objects.order_by("-number").first()
        heads = [rules.Head(row.lane, row.seq, bytes(row.mac), bytes(row.seal)) for row in Lane.objects.all()]
        number, moment = (last.number + 1 if last else 1), clock.now()
        text = rules.checkpoint_text(number, moment.isoformat(), rules.hashlib.sha256(last.text.encode()).hexdigest() if last else "", heads,
                                     sum(head.seq for head in heads))
        row = Checkpoint.objects.create(number=number, made_at=moment, text=text, signature=_private().sign(text.encode()), public_key=public_pem().decode())
    return _write(row, Path(settings.AUDIT_CHECKPOINT_DIR))


def _write(row: Checkpoint, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{row.number:06d}.json"
    path.write_text(json.dumps({"text": row.text, "signature": bytes(row.signature).hex(), "public_key": row.public_key}, indent=1))
    return path


def read_checkpoint(path: Path) -> str:
    """The text of a checkpoint file, if our key signed it; Invalid with a sentence if not."""
    try:
        told = json.loads(path.read_text())
        text, signature = told["text"], bytes.fromhex(told["signature"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Invalid(f"{path.name} is not a checkpoint file ({error}).") from error
    if not rules.signature_holds(text, signature, public_pem()):
        raise Invalid(f"{path.name} was not signed by this city's checkpoint key.")
    return str(text)


# ---------------------------------------------------------------- export

def export(folder: Path, progress: Callable[[int], None] = lambda count: None) -> int:
    """Write the whole record for checking elsewhere: entries.jsonl, heads.json, checkpoints/, public-key.pem, verify.py. Returns the count."""
    folder.mkdir(parents=True, exist_ok=True)
    count, heads = 0, []
    with (folder / "entries.jsonl").open("w", encoding="utf-8") as out:
        for row in Lane.objects.order_by("lane"):
            heads.append({"lane": row.lane, "seq": row.seq, "mac": bytes(row.mac).hex(), "seal": bytes(row.seal).hex()})
            for rows in _chunks(row.lane, 0):
                for seq, body, mac in rows:
                    if seq > row.seq:  # written after the head was read
                        break
                    out.write(json.dumps({"lane": row.lane, "seq": seq, "body": body, "mac": bytes(mac).hex()}, ensure_ascii=False) + "\n")
                    count += 1
                progress(count)
    (folder / "heads.json").write_text(json.dumps(heads))
    for checkpoint in Checkpoint.objects.order_by("number").iterator():
        _write(checkpoint, folder / "checkpoints")
    (folder / "public-key.pem").write_bytes(public_pem())
    shutil.copyfile(str(rules.__file__), folder / "verify.py")
    return count
