"""Reads the environment loudly: a missing or malformed variable stops the start with a sentence that says what to write."""
import os
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


def secret(name: str, *, default: str | None) -> str:
    """A secret of at least 32 characters; `default=None` makes it obligatory, an empty default makes it optional."""
    value = raw(name)
    if not value:
        if default is None:
            raise Misconfigured(f"{name} is not set. Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
                                f" and give it as {name} or, better, as a file named by {name}_FILE.")
        return default
    if len(value) < 32:
        raise Misconfigured(f"{name} has {len(value)} characters; it needs at least 32.")
    return value


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
                "PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY; PRAGMA foreign_keys=ON;")


def database(name: str, *, default: str) -> dict[str, Any]:
    """Django's database settings from `sqlite:///FILE` or `postgres://user:password@host:port/name?option=value`."""
    url = raw(name) or default
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": unquote(parts.path[1:]) or ":memory:",
                "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": SQLITE_START}}
    if parts.scheme in ("postgres", "postgresql"):
        options: dict[str, Any] = dict(parse_qsl(parts.query))
        options.setdefault("options", "-c jit=off")  # JIT costs more than it saves on short queries (DIGIT: 90 ms + 324 ms to compile)
        return {"ENGINE": "django.db.backends.postgresql", "NAME": unquote(parts.path[1:]), "USER": unquote(parts.username or ""),
                "PASSWORD": unquote(parts.password or ""), "HOST": options.pop("host", "") or parts.hostname or "", "PORT": str(parts.port or ""),
                "CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True, "OPTIONS": options}
    raise Misconfigured(f"{name} must begin with sqlite:/// or postgres://, not {parts.scheme!r}.")
