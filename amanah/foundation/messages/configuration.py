"""The mail server, read from the environment as one address: AMANAH_EMAIL_URL=smtp://HOST:587 (STARTTLS) or smtps://… (TLS),
with name and password before the host.

As AMANAH_EMAIL_URL_FILE it is read from a file, for the password's sake. Without it the demonstration writes e-mails into files; a real city
sends none, and each that was due is recorded as a technical failure.
"""
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from amanah.foundation.kernel import environment as env


def receipt_keys() -> dict[str, str]:
    """The keys with which providers sign their receipts, by channel; "" where none are taken. Each has at least 32 characters."""
    return {"sms": env.secret("AMANAH_RECEIPT_KEY_SMS", default=""), "whatsapp": env.secret("AMANAH_RECEIPT_KEY_WHATSAPP", default="")}


def mail(folder: Path, *, production: bool) -> dict[str, Any]:
    """Django's EMAIL_… settings. Stops the start with a sentence when the address is malformed."""
    url = env.text("AMANAH_EMAIL_URL", default="")
    parts = urlsplit(url)
    if url and (parts.scheme not in ("smtp", "smtps") or not parts.hostname):
        raise env.Misconfigured("AMANAH_EMAIL_URL must look like smtp://user:password@host:587 or smtps://user:password@host:465.")  # pragma: allowlist secret
    local = parts.hostname in ("localhost", "127.0.0.1", "::1")
    return {
        "EMAIL_BACKEND": f"django.core.mail.backends.{'smtp' if url or production else 'filebased'}.EmailBackend",
        "EMAIL_FILE_PATH": str(folder),
        "EMAIL_HOST": parts.hostname or "",
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and not local,
        "EMAIL_TIMEOUT": 20,
        "DEFAULT_FROM_EMAIL": env.text("AMANAH_EMAIL_FROM", default="Amanah <amanah@localhost>"),
    }
