"""When a call may be repeated, how long to wait, when to stop asking, and what of a body may be kept. No database, no network, no clock."""
import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from amanah.foundation.kernel.logs import HIDDEN, redact

FIRST_WAIT, LONGEST_WAIT = 0.5, 8.0  # seconds
BODY_KEPT = 2_000                    # characters of a body in the journal
_DEEPEST = 20

IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})  # RFC 9110 §9.2.2
TEMPORARY = frozenset({408, 425, 429, 500, 502, 503, 504})

# Values under these names are never kept, in whatever spelling: compared without case, "-", "_" and spaces.
PERSONAL = frozenset("""
    nik nokk kk kknumber familynumber npwp nama name namalengkap fullname firstname lastname namaibu mothername alamat address street jalan rt rw
    tempatlahir birthplace tanggallahir tgllahir birthdate dateofbirth dob telepon telp phone phonenumber hp nohp handphone mobile whatsapp msisdn
    to recipient penerima email mail agama religion bloodtype golongandarah diagnosis norekening rekening accountnumber photo foto biometric
    fingerprint text body message pesan isi subject keterangan note lat lon lng latitude longitude file attachment
""".split())
SECRET = frozenset("""
    password sandi katasandi pin otp token accesstoken refreshtoken idtoken secret clientsecret apikey key authorization signature cookie session
    sessionid code assertion credential credentials privatekey
""".split())
_HIDE = PERSONAL | SECRET


def may_repeat(method: str, *, idempotency_key: str, asked: bool | None, arrived: bool) -> bool:
    """Whether a failed call may be sent again: when it certainly did not arrive, is harmless by its kind, carries a key, or when asked for."""
    if asked is not None:
        return asked
    return not arrived or method in IDEMPOTENT or bool(idempotency_key)


def wait_before(attempt: int, chance: float) -> float:
    """Seconds before try number `attempt` (2 is the first repetition); `chance` in [0, 1) spreads callers between half and all of the wait."""
    return min(FIRST_WAIT * 2.0 ** min(max(attempt - 2, 0), 16), LONGEST_WAIT) * (0.5 + chance / 2)


@dataclass(frozen=True, slots=True)
class Circuit:
    """Whether to bother a partner that keeps failing: after `failures_to_open` in a row nobody asks for `open_for` seconds, then one may try."""

    failures_to_open: int = 5
    open_for: float = 30.0
    failures: int = 0
    opened_at: float | None = None

    def closed(self, now: float) -> bool:
        return self.opened_at is None or now - self.opened_at >= self.open_for

    def after_success(self) -> "Circuit":
        return Circuit(self.failures_to_open, self.open_for)

    def after_trial(self, now: float) -> "Circuit":
        """Somebody goes to try: everybody else keeps waiting."""
        return self if self.opened_at is None else Circuit(self.failures_to_open, self.open_for, self.failures, now)

    def after_failure(self, now: float) -> "Circuit":
        failures = self.failures + 1
        return Circuit(self.failures_to_open, self.open_for, failures, now if failures >= self.failures_to_open else None)


def kept_body(content: bytes, content_type: str, also_personal: Collection[str] = ()) -> str:
    """What the journal may keep of a body: JSON and forms with personal and secret values hidden, of everything else only kind and size.

    At most BODY_KEPT characters. Hidden are the values under known names (and the partner's own, `also_personal`), and whatever looks like a NIK, a
    telephone number, an address of e-mail or a secret. A body that does not parse is not kept: a cut-off name has no field to know it by.
    """
    if not content:
        return ""
    kind = content_type.partition(";")[0].strip().lower()
    hidden = _HIDE | {_plain(name) for name in also_personal}
    value: Any = None
    try:
        if kind == "application/json" or kind.endswith("+json"):
            value = json.loads(content)
        elif kind == "application/x-www-form-urlencoded":
            value = [{name: text} for name, text in parse_qsl(content.decode(), keep_blank_values=True)]
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict | list):
        return f"<{redact(kind)[:60] or '?'}, {len(content)} bytes>"
    text = json.dumps(hide(value, hidden), ensure_ascii=False, separators=(",", ":")).encode(errors="replace").decode()  # half a surrogate pair
    return text if len(text) <= BODY_KEPT else text[:BODY_KEPT - 2] + " …"


def hide(value: Any, names: Collection[str], depth: int = 0) -> Any:
    """A JSON value without what belongs to a person or is secret. Its form stays: keys, lists, true, false, null, small numbers."""
    if depth > _DEEPEST:
        return HIDDEN
    match value:
        case dict():
            return {redact(str(key)): HIDDEN if _plain(str(key)) in names and item not in (None, True, False, "") else hide(item, names, depth + 1)
                    for key, item in value.items()}
        case list():
            return [hide(item, names, depth + 1) for item in value]
        case str():
            return redact(value)
        case bool() | None:
            return value
        case int() | float() if redact(str(value)) == str(value):
            return value
        case _:
            return HIDDEN


def _plain(name: str) -> str:
    return "".join(char for char in name.lower() if char.isalnum())
