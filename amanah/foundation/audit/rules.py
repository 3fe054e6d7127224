"""The chain of the audit record, and its verifier. Standard library only: an export carries a copy of this file as `verify.py`.

An entry's body is canonical JSON whose first keys are the fingerprint of the key, the lane and the number in the lane. Its mac is
HMAC-SHA512(key, mac of the entry before it in the lane ‖ body). A lane's head repeats the last number and mac under a seal of its own;
a checkpoint repeats the heads of all lanes under an Ed25519 signature and is kept outside the city's server.

    python3 verify.py FOLDER --key-file KEY [--checkpoint FILE …] [--public-key FILE]

exits 0 when every entry is as it was written, 1 when not (the first bad entry of each lane is named), 2 when it could not look.
"""
import argparse
import hashlib
import hmac
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

START = bytes(64)  # what stands before the first entry of a lane


def fingerprint(key: bytes) -> str:
    """Names a key without telling it."""
    return hashlib.sha256(b"amanah-audit-key:" + key).hexdigest()[:8]


def canonical(value: Mapping[str, Any]) -> str:
    """The one way to write an entry down; keys keep their order, those without a value are left out."""
    return json.dumps({k: v for k, v in value.items() if v is not None}, ensure_ascii=False, separators=(",", ":"))


def body_of(key_name: str, lane: int, seq: int, fields: Mapping[str, Any]) -> str:
    return f'{head_of_body(key_name, lane, seq)}{canonical(fields)[1:]}'


def head_of_body(key_name: str, lane: int, seq: int) -> str:
    return f'{{"k":"{key_name}","lane":{lane},"seq":{seq},'


def mac_of(key: bytes, before: bytes, body: str) -> bytes:
    return hmac.digest(key, before + body.encode(), "sha512")


def seal_of(key: bytes, lane: int, seq: int, mac: bytes) -> bytes:
    """Binds a lane's head, so that nobody without the key can move it back over entries that were cut off."""
    return hmac.digest(key, b"head:%d:%d:" % (lane, seq) + mac, "sha512")


@dataclass(frozen=True, slots=True)
class Head:
    lane: int
    seq: int
    mac: bytes
    seal: bytes


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it was written; `seq` is the first entry concerned."""

    lane: int
    seq: int
    kind: str  # edited, deleted, inserted, reordered, truncated, head, checkpoint, unknown-key
    text: str

    def __str__(self) -> str:
        return f"lane {self.lane}, entry {self.seq}: {self.kind}: {self.text}"


class LaneCheck:
    """Walks one lane from its first entry; stops believing at the first fault and remembers it."""

    def __init__(self, lane: int, keys: dict[str, bytes], marks: Mapping[int, bytes] | None = None) -> None:
        self.lane, self.keys = lane, keys
        self.seq, self.mac = 0, START
        self.count = 0
        self.fault: Fault | None = None
        # {number: mac} that checkpoints swear to; and which of them were met
        self.marks = dict(marks or {})
        self.newest = next(reversed(self.keys), "")

    def feed(self, rows: Iterable[tuple[int, str, bytes]]) -> None:
        """Take (number, body, mac) in ascending order of number. The hot loop: one HMAC a row and little else."""
        lane, seq, before, name = self.lane, self.seq, self.mac, self.newest
        key = self.keys.get(name, b"")
        marks, digest, count = self.marks, hmac.digest, 0
        start = f'{{"k":"{name}","lane":{lane},"seq":'
        for number, body, mac in rows:
            seq += 1
            count += 1
            if number == seq and body.startswith(f"{start}{seq},") and digest(key, before + body.encode(), "sha512") == mac:
                before = mac
            else:
                fault, before = self._look_closer(seq, number, body, bytes(mac), before)
                if fault:
                    self.fault = self.fault or fault
                    seq = number
            if marks and marks.pop(seq, mac) != mac:
                self.fault = self.fault or Fault(lane, seq, "checkpoint", "a signed checkpoint holds another mac for this entry")
        self.seq, self.mac, self.count = seq, before, self.count + count

    def _look_closer(self, expected: int, number: int, body: str, mac: bytes, before: bytes) -> tuple[Fault | None, bytes]:
        try:
            told = json.loads(body)
            own = (told.get("k"), told.get("lane"), told.get("seq"))
        except (ValueError, AttributeError):
            return Fault(self.lane, number, "edited", "the body is no longer readable"), mac
        key = self.keys.get(str(own[0]))
        if number > expected:
            return Fault(self.lane, expected, "deleted", f"{number - expected} missing before entry {number}"), mac
        if number < expected:
            return Fault(self.lane, number, "inserted", "this number stands twice"), mac
        if own[1:] != (self.lane, number):
            return Fault(self.lane, number, "reordered", f"was written as entry {own[2]} of lane {own[1]}"), mac
        if key is None:
            return Fault(self.lane, number, "unknown-key", f"made with key {own[0]}, which was not given"), mac
        if mac_of(key, before, body) != mac:
            return Fault(self.lane, number, "edited", "body and mac do not belong together (edited, or inserted without the key)"), mac
        return None, mac  # made with an older key of the ring

    def close(self, head: Head | None) -> None:
        """Hold what was seen against the lane's head and the checkpoints that are left."""
        if self.fault:
            return
        if left := [number for number in self.marks if number > self.seq]:
            self.fault = Fault(self.lane, self.seq + 1, "truncated", f"a signed checkpoint knows this lane up to entry {max(left)}")
        elif head is None:
            self.fault = Fault(self.lane, 0, "head", "the head of this lane is missing")
        elif not any(hmac.compare_digest(seal_of(key, head.lane, head.seq, head.mac), head.seal) for key in self.keys.values()):
            self.fault = Fault(self.lane, head.seq, "head", "the head's seal is broken")
        elif head.seq > self.seq:
            self.fault = Fault(self.lane, self.seq + 1, "truncated", f"the head knows entries up to {head.seq}")
        elif (head.seq, head.mac) != (self.seq, self.mac):
            self.fault = Fault(self.lane, self.seq, "head", f"the head says entry {head.seq}, the lane ends with another")


def checkpoint_text(number: int, at: str, before: str, heads: Sequence[Head], entries: int) -> str:
    """What a checkpoint signs: its number and time, the hash of the checkpoint before it, and the head of every lane."""
    return json.dumps({"amanah-audit-checkpoint": 1, "number": number, "at": at, "before": before, "entries": entries,
                       "heads": [[h.lane, h.seq, h.mac.hex()] for h in sorted(heads, key=lambda h: h.lane)]}, separators=(",", ":"))


def marks_of(texts: Iterable[str]) -> dict[int, dict[int, bytes]]:
    """{lane: {number: mac}} from checkpoint texts."""
    marks: dict[int, dict[int, bytes]] = {}
    for text in texts:
        for lane, seq, mac in json.loads(text)["heads"]:
            if seq:
                marks.setdefault(lane, {})[seq] = bytes.fromhex(mac)
    return marks


def signature_holds(text: str, signature: bytes, public_pem: bytes) -> bool:
    """Whether the Ed25519 signature is that of the public key's owner; uses `cryptography`, else the openssl command."""
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.serialization import load_pem_public_key
    except ImportError:
        with tempfile.TemporaryDirectory() as folder:
            for name, data in (("text", text.encode()), ("signature", signature), ("key", public_pem)):
                (Path(folder) / name).write_bytes(data)
            done = subprocess.run(["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", "key", "-in", "text", "-sigfile", "signature"],  # noqa: S607
                                  cwd=folder, capture_output=True)
            return done.returncode == 0
    try:
        load_pem_public_key(public_pem).verify(signature, text.encode())  # type: ignore[call-arg,union-attr]
    except InvalidSignature:
        return False
    return True


# ---------------------------------------------------------------- an export, checked without the application

def read_entries(path: Path) -> Iterator[tuple[int, int, str, bytes]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield row["lane"], row["seq"], row["body"], bytes.fromhex(row["mac"])


def verify_export(folder: Path, keys: dict[str, bytes], checkpoints: Sequence[Path] = (), public_pem: bytes = b"") -> tuple[int, list[Fault]]:
    """(entries seen, faults) of the export in `folder`; entries may come in any order of lanes, each lane in ascending numbers."""
    faults, texts = [], []
    for path in checkpoints or sorted(folder.glob("checkpoints/*.json")):
        told = json.loads(path.read_text())
        if public_pem and not signature_holds(told["text"], bytes.fromhex(told["signature"]), public_pem):
            faults.append(Fault(-1, 0, "checkpoint", f"{path.name}: the signature does not hold"))
        else:
            texts.append(told["text"])
    marks = marks_of(texts)
    heads = {h["lane"]: Head(h["lane"], h["seq"], bytes.fromhex(h["mac"]), bytes.fromhex(h["seal"])) for h in json.loads((folder / "heads.json").read_text())}
    lanes = {lane: LaneCheck(lane, keys, marks.get(lane)) for lane in sorted({*heads, *marks})}
    for lane, seq, body, mac in read_entries(folder / "entries.jsonl"):
        lanes.setdefault(lane, LaneCheck(lane, keys)).feed([(seq, body, mac)])
    for lane, check in lanes.items():
        check.close(heads.get(lane))
        if check.fault:
            faults.append(check.fault)
    return sum(check.count for check in lanes.values()), faults


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Checks an export of the audit record without the application.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--key-file", type=Path, action="append", required=True, help="the audit key; give it again for each older key, oldest first")
    parser.add_argument("--checkpoint", type=Path, action="append", default=[], help="a checkpoint from the other custodian (else those in the export)")
    parser.add_argument("--public-key", type=Path, help="PEM of the key that signs checkpoints")
    told = parser.parse_args(argv)
    try:
        keys = {fingerprint(key): key for key in (path.read_text().strip().encode() for path in told.key_file)}
        count, faults = verify_export(told.folder, keys, told.checkpoint, told.public_key.read_bytes() if told.public_key else b"")
    except (OSError, ValueError, KeyError) as error:
        print(f"cannot check: {error}", file=sys.stderr)
        return 2
    for fault in faults:
        print(fault)
    print(f"{count} entries checked, {len(faults)} lanes at fault" if faults else f"{count} entries checked, all as written")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
