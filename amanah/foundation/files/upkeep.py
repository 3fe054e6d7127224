"""Whether every file is there and unchanged, and clearing away what nobody refers to."""
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.core.files.storage import default_storage
from django.db import transaction

from amanah.foundation.files.models import StoredFile
from amanah.foundation.files.services import FOLDER, remove
from amanah.foundation.kernel import clock

# A file older than this without a row was left by a transaction that never committed; a younger one may still be on its way.
ORPHAN_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be: "missing", "changed" or "orphan"."""

    what: str
    path: str
    file_id: str = ""


def verify() -> Iterator[Finding]:
    """Read every stored file and compare it with its row; then look for files without a row. Reads all bytes: minutes for gigabytes."""
    for file in StoredFile.objects.order_by("created_at").iterator(chunk_size=500):
        try:
            with default_storage.open(file.path, "rb") as stream:
                digest, size = hashlib.sha256(), 0
                for part in iter(lambda stream=stream: stream.read(1 << 20), b""):
                    digest.update(part)
                    size += len(part)
        except OSError:
            yield Finding("missing", file.path, str(file.pk))
        else:
            if (size, digest.hexdigest()) != (file.size, file.sha256):
                yield Finding("changed", file.path, str(file.pk))
    yield from (Finding("orphan", path) for path in orphans())


def orphans() -> Iterator[str]:
    """Files of the storage that no row refers to and that are older than a day."""
    before = clock.now() - ORPHAN_AFTER
    for folder, names in _walk(FOLDER):
        paths = [f"{folder}/{name}" for name in names]
        known = set(StoredFile.objects.filter(path__startswith=f"{folder}/").values_list("path", flat=True)) if paths else set()
        for path in paths:
            if path not in known and default_storage.get_modified_time(path) < before:
                yield path


def sweep_orphans() -> int:
    """Delete them; says how many."""
    count = 0
    for path in list(orphans()):
        default_storage.delete(path)
        count += 1
    return count


def remove_expired() -> int:
    """Remove files whose time of keeping is over; says how many."""
    count = 0
    for file in StoredFile.objects.filter(keep_until__lt=clock.today()).iterator(chunk_size=200):
        with transaction.atomic():
            remove(file)
        count += 1
    return count


def _walk(folder: str) -> Iterator[tuple[str, list[str]]]:
    try:
        folders, names = default_storage.listdir(folder)
    except OSError:
        return  # nothing has been stored yet
    yield folder, names
    for name in folders:
        yield from _walk(f"{folder}/{name}")
