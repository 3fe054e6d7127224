"""Storing and removing files. Acts of other rooms call these; the row belongs to the caller's transaction."""
import errno
import hashlib
import uuid
from collections.abc import Callable, Iterable
from datetime import date
from typing import IO, Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from amanah.foundation.files import images, rules
from amanah.foundation.files.models import StoredFile
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Actor, Scope
from amanah.foundation.kernel.errors import Invalid, Unavailable

FOLDER = "stored"  # everything beneath it is ours to count and to sweep
LIMIT = 5 * 1024 * 1024
_CHUNK = 64 * 1024


def store(source: UploadedFile | IO[bytes], *, by: Actor, owner: str, needs: str, scope: Scope, name: str = "",
          kinds: Iterable[str] = ("jpeg", "png", "pdf"), limit: int = LIMIT, long_side: int | None = None, personal: bool = True,
          keep_until: date | None = None) -> StoredFile:
    """Check what was handed in and store it; give its row, written in the caller's transaction.

    `needs` is the permission that opens the file, over `scope`. `limit` is in bytes, and never more than one byte beyond it is kept in memory.
    Pictures are written anew: upright, without EXIF, at most `long_side` pixels long.
    Raises Invalid(file=sentence) for what may not be stored and Unavailable when the storage is full or away; then nothing is left behind.
    """
    allowed = [rules.KINDS[kind] for kind in kinds]
    content = _read(source, limit)
    name = name or getattr(source, "name", None) or ""
    kind = _checked(content, str(name), allowed)
    if kind.image:
        content = images.rewrite(kind, content, long_side=long_side).content
    key = uuid.uuid4()
    path = f"{FOLDER}/{clock.today():%Y/%m}/{key}.{kind.extensions[0]}"
    _guarded(lambda: _put(path, content))
    return StoredFile.objects.create(
        id=key, name=rules.clean_name(str(name), kind), kind=kind.name, size=len(content), sha256=hashlib.sha256(content).hexdigest(), path=path,
        owner=owner, needs=needs, office=scope.office, territory=scope.territory, personal=personal, keep_until=keep_until,
        created_at=clock.now(), created_by=by.ref)


def keep(content: bytes, *, name: str, kind: str, by: Actor, owner: str, needs: str, scope: Scope, personal: bool = True,
         keep_until: date | None = None) -> StoredFile:
    """Store what the program itself has made (a copy of somebody's data, a report): nothing to check. Raises Unavailable as `store` does."""
    found, key = rules.KINDS[kind], uuid.uuid4()
    path = f"{FOLDER}/{clock.today():%Y/%m}/{key}.{found.extensions[0]}"
    _guarded(lambda: _put(path, content))
    return StoredFile.objects.create(
        id=key, name=rules.clean_name(name, found), kind=found.name, size=len(content), sha256=hashlib.sha256(content).hexdigest(), path=path, owner=owner,
        needs=needs, office=scope.office, territory=scope.territory, personal=personal, keep_until=keep_until, created_at=clock.now(), created_by=by.ref)


def keep_large(source: IO[bytes], *, name: str, kind: str, by: Actor, owner: str, needs: str, scope: Scope, personal: bool = True,
               keep_until: date | None = None) -> StoredFile:
    """Like `keep`, for what is too long for memory: `source` is read in parts from its beginning. The caller has looked at it."""
    found, key, digest, size = rules.KINDS[kind], uuid.uuid4(), hashlib.sha256(), 0
    path = f"{FOLDER}/{clock.today():%Y/%m}/{key}.{found.extensions[0]}"
    source.seek(0)
    while part := source.read(_CHUNK):
        digest.update(part)
        size += len(part)
    source.seek(0)
    _guarded(lambda: _put(path, File(source, name=path)))
    return StoredFile.objects.create(
        id=key, name=rules.clean_name(name, found), kind=found.name, size=size, sha256=digest.hexdigest(), path=path, owner=owner, needs=needs,
        office=scope.office, territory=scope.territory, personal=personal, keep_until=keep_until, created_at=clock.now(), created_by=by.ref)


def remove(file: StoredFile) -> None:
    """Remove the row now, in the caller's transaction, and the bytes once that is committed."""
    path = file.path
    file.delete()
    transaction.on_commit(lambda: default_storage.delete(path), robust=True)


def _read(source: UploadedFile | IO[bytes], limit: int) -> bytes:
    content = bytearray()
    if source.seekable():
        source.seek(0)
    while part := source.read(min(_CHUNK, limit + 1 - len(content))):
        content += part
        if len(content) > limit:
            raise Invalid(file=_("File ini terlalu besar. Paling besar %(limit)s.") % {"limit": _size(limit)})
    if not content:
        raise Invalid(file=_("File ini kosong. Pilih file lain."))
    return bytes(content)


def _checked(content: bytes, name: str, allowed: list[rules.Kind]) -> rules.Kind:
    kind = rules.sniff(content)
    if kind is None or kind not in allowed:
        raise Invalid(file=_("File ini tidak dapat diterima. Kirim %(kinds)s.") % {"kinds": _or([one.says for one in allowed])})
    if not rules.extension_fits(name, kind):
        raise Invalid(file=_("Nama file berakhiran .%(extension)s, tetapi isinya %(kind)s. Kirim file aslinya.") % {
            "extension": rules.extension_of(name)[:10], "kind": kind.says})
    if rules.hides_another(kind, content):
        raise Invalid(file=_("File ini memuat bagian yang tidak aman. Simpan ulang sebagai %(kind)s biasa, lalu kirim lagi.") % {"kind": kind.says})
    if kind.name == "pdf" and not rules.complete_pdf(content):
        raise Invalid(file=_("Dokumen ini tidak lengkap. Unduh atau pindai ulang, lalu kirim lagi."))
    return kind


def _put(path: str, content: "bytes | File[bytes]") -> None:
    try:
        saved = default_storage.save(path, ContentFile(content) if isinstance(content, bytes) else content)
    except BaseException:
        default_storage.delete(path)  # some storages leave the part that fitted
        raise
    if saved != path:
        default_storage.delete(saved)
        raise OSError(errno.EEXIST, "the storage chose another name")


def _guarded(step: Callable[[], Any]) -> None:
    """Run a step of the storage; whatever goes wrong there becomes a sentence. Nobody's fault, so worth another try."""
    try:
        step()
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Unavailable(_("Tempat penyimpanan kami penuh. File belum tersimpan; isian lain aman. Coba lagi nanti.")) from error
        raise Unavailable(_("Tempat penyimpanan kami sedang bermasalah. File belum tersimpan. Coba lagi nanti.")) from error


def _size(count: int) -> str:
    return f"{count // (1024 * 1024)} MB" if count >= 1024 * 1024 else f"{count // 1024} kB" if count >= 1024 else f"{count} B"


def _or(words: list[str]) -> str:
    return words[0] if len(words) == 1 else _("%(first)s, atau %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}
