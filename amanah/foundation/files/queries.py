"""Finding and opening files. Whoever opens one records it (`acts.look`) before the first byte leaves."""
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from amanah.foundation.files.models import StoredFile
from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.errors import NotFound, Unavailable


def may_open(actor: Actor, file: StoredFile) -> bool:
    """Whether the actor holds the permission that this file needs where it belongs, or is the account that it belongs to."""
    return actor.may(file.needs, file.scope) or (actor.account_id is not None and file.owner == actor.ref)


def find(actor: Actor, file_id: UUID | str) -> StoredFile:
    """The file, if it exists and the actor may open it; otherwise NotFound, which does not tell the two apart."""
    try:
        file = StoredFile.objects.filter(pk=file_id).first()
    except (ValidationError, ValueError):
        file = None
    if file is None or not may_open(actor, file):
        raise NotFound()
    return file


@contextmanager
def open_for(actor: Actor, file: StoredFile) -> Iterator[IO[bytes]]:
    """The bytes, to be read inside the block. Raises NotFound without permission and Unavailable when the storage has lost them.

    The caller records the reading of personal data; `response_headers` says how to hand the bytes to a browser.
    """
    if not may_open(actor, file):
        raise NotFound()
    try:
        stream = default_storage.open(file.path, "rb")
    except OSError as error:
        raise Unavailable(_("File ini tidak ada di tempat penyimpanan. Pengelola sudah dapat melihatnya."), permanent=True) from error
    with stream:
        yield stream


def of_owner(actor: Actor, owner: str) -> list[StoredFile]:
    """The files that belong to one thing and that the actor may open, oldest first."""
    return [file for file in StoredFile.objects.filter(owner=owner).order_by("created_at", "id") if may_open(actor, file)]


def response_headers(file: StoredFile, *, inline: bool = False) -> dict[str, str]:
    """The headers of a download: saved under its own name, never sniffed, run, embedded elsewhere or kept by anybody in between.

    `inline` shows pictures in the page; anything else is always saved.
    """
    shown = inline and file.format.image
    return {
        "Content-Type": file.format.mime,
        "Content-Length": str(file.size),
        "Content-Disposition": content_disposition_header(not shown, file.name) or "inline",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, no-store",
    }
