"""Reads the environment loudly: a missing or malformed variable stops the start with a sentence that says what to write."""
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


class Misconfigured(SystemExit):
    """The environment holds a value that the program cannot or must not start with."""


def raw(name: str) -> str | None:
    """The variable, or the content of the file named by NAME_FILE (how secrets arrive from systemd or containers)."""
    if path := os.environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text().strip()
        except OSError as error:
            raise Misconfigured(f"{name}_FILE: {path} cannot be read ({error.strerror}).") from error
    return os.environ.get(name)


def text(name: str, *, default: str) -> str:
    value = raw(name)
    return default if value is None else value


def secret(name: str, *, default: str) -> str:
    """A secret of at least 32 characters, or `default` (which may be empty) when there is none."""
    value = raw(name)
    if value and len(value) < 32:
        raise Misconfigured(f"{name} has {len(value)} characters; it needs at least 32.")
    return value or default


def flag(name: str, *, default: bool) -> bool:
    value = raw(name)
    if value is None or value == "":
        return default
    if value.lower() in ("1", "true", "yes", "on"):
        return True
    if value.lower() in ("0", "false", "no", "off"):
        return False
    raise Misconfigured(f"{name} is {value!r}; write 1 or 0.")


def number(name: str, *, default: int, least: int = 0) -> int:
    value = raw(name)
    if value is None or value == "":
        return default
    if not value.isdecimal() or int(value) < least:
        raise Misconfigured(f"{name} is {value!r}; write a whole number of at least {least}.")
    return int(value)


def choice(name: str, options: tuple[str, ...], *, default: str) -> str:
    value = raw(name) or default
    if value not in options:
        raise Misconfigured(f"{name} is {value!r}; write one of: {', '.join(options)}.")
    return value


def words(name: str, *, default: list[str]) -> list[str]:
    value = raw(name)
    return default if value is None else value.replace(",", " ").split()


def folder(name: str, *, default: Path) -> Path:
    path = Path(raw(name) or default)
    path.mkdir(parents=True, exist_ok=True)
    return path


SQLITE_START = ("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;"
                "PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY; PRAGMA foreign_keys=ON;"
                "PRAGMA recursive_triggers=ON;")  # else REPLACE would slip past the delete trigger of append-only tables


def database(name: str, *, default: str) -> dict[str, Any]:
    """Django's database settings from `sqlite:///FILE` or `postgres://USER:PASSWORD@HOST:PORT/NAME?option=value`."""  # pragma: allowlist secret
    url = raw(name) or default
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": unquote(parts.path[1:]) or ":memory:", "CONN_MAX_AGE": 600,
                "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": SQLITE_START}}
    if parts.scheme in ("postgres", "postgresql"):
        options: dict[str, Any] = dict(parse_qsl(parts.query))
        options.setdefault("options", "-c jit=off")  # JIT costs more than it saves on short queries (DIGIT: 90 ms + 324 ms to compile)
        # Values travel apart from the statement and repeated statements are planned once: a third less work for the server, measured on acts.
        options |= {"server_side_binding": True, "prepare_threshold": 5}
        return {"ENGINE": "django.db.backends.postgresql", "NAME": unquote(parts.path[1:]), "USER": unquote(parts.username or ""),
                "PASSWORD": unquote(parts.password or ""), "HOST": options.pop("host", "") or parts.hostname or "", "PORT": str(parts.port or ""),
                "CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True, "OPTIONS": options}
    raise Misconfigured(f"{name} must begin with sqlite:/// or postgres://, not {parts.scheme!r}.")


BUILT_IN = "only-for-demonstration-and-tests-"  # how every built-in default of a secret begins
HOW_TO_MAKE = "make 48 random characters (python3 -c 'import secrets; print(secrets.token_urlsafe(48))') and name the file that holds them in"


def unsafe_production(settings: Mapping[str, Any]) -> list[str]:
    """What forbids these settings to serve a real city: a sentence each, saying what to set. Empty when nothing does."""
    site, hosts, databases = settings.get("SITE_URL") or "", settings.get("ALLOWED_HOSTS") or (), settings.get("DATABASES") or {}
    on_sqlite = any("sqlite" in one["ENGINE"] for one in databases.values())
    secret_key, audit_key = settings.get("SECRET_KEY") or "", settings.get("AUDIT_KEY") or ""
    seal_key, lookup_key = settings.get("SEAL_KEY") or "", settings.get("LOOKUP_KEY") or ""
    former = {*(settings.get("SEAL_OLD_KEYS") or ()), *(settings.get("AUDIT_OLD_KEYS") or ())}
    checks = (
        (settings.get("DEBUG"),
         "AMANAH_DEBUG is on and would show the program's insides to visitors; remove it."),
        (_guessable(secret_key),
         f"AMANAH_SECRET_KEY is missing, too short or the built-in one; {HOW_TO_MAKE} AMANAH_SECRET_KEY_FILE."),
        (_guessable(audit_key),
         f"AMANAH_AUDIT_KEY is missing, too short or the built-in one, so anyone could forge the audit chain; {HOW_TO_MAKE} AMANAH_AUDIT_KEY_FILE."),
        (audit_key and audit_key == secret_key,
         "AMANAH_AUDIT_KEY equals AMANAH_SECRET_KEY; make two, so that losing one does not lose the other."),
        (_guessable(seal_key),
         f"AMANAH_SEAL_KEY is missing, too short or the built-in one, so anyone could open sealed identifiers; {HOW_TO_MAKE} AMANAH_SEAL_KEY_FILE."),
        (_guessable(lookup_key),
         f"AMANAH_LOOKUP_KEY is missing, too short or the built-in one, so anyone could try out every NIK; {HOW_TO_MAKE} AMANAH_LOOKUP_KEY_FILE."),
        (seal_key and seal_key in {lookup_key, audit_key, secret_key, *former},
         "AMANAH_SEAL_KEY equals another key or a former one; give it a value of its own, so that one leak does not open the register."),
        (lookup_key and lookup_key in {audit_key, secret_key, *former},
         "AMANAH_LOOKUP_KEY equals another key or a former one; give it a value of its own."),
        (not settings.get("AUDIT_CHECKPOINT_KEY"),
         "AMANAH_AUDIT_CHECKPOINT_KEY is missing, so daily checkpoints cannot be signed; make one (openssl genpkey -algorithm ed25519 -out FILE)"
         " and name the file in AMANAH_AUDIT_CHECKPOINT_KEY_FILE."),
        (settings.get("DEMO_SIGN_IN"),
         "AMANAH_DEMO_SIGN_IN is on and lets anybody sign in as anybody; remove it."),
        (on_sqlite and (settings.get("WORKERS") or 1) > 1,
         "SQLite lets one process write at a time; set AMANAH_DATABASE_URL to a PostgreSQL database, or AMANAH_WORKERS=1 for one small office."),
        (not site,
         "AMANAH_SITE_URL is not set; give the address that residents type, beginning with https://."),
        (site and not site.startswith("https://") and not settings.get("INSECURE_HTTP"),
         "AMANAH_SITE_URL does not begin with https://, so passwords would travel in the clear; put TLS in front,"
         " or set AMANAH_INSECURE_HTTP=1 for a trial on a closed network."),
        (not hosts,
         "AMANAH_HOSTS is not set; list the host names this server answers to, separated by spaces."),
        ("*" in hosts,
         "AMANAH_HOSTS contains *, so a stranger could choose the address in our messages; list the host names."),
        (any("MD5" in name for name in settings.get("PASSWORD_HASHERS") or ()),
         "PASSWORD_HASHERS names MD5, which is for tests only; AMANAH_MODE must be production."),
    )
    return [sentence for wrong, sentence in checks if wrong]


def _guessable(secret: str) -> bool:
    return len(secret) < 32 or secret.startswith(BUILT_IN)
