"""The local disk as a storage: a file is there whole or not at all, also when the disk is full or the power fails in between."""
import os
import tempfile
from pathlib import Path

from django.core.files import File
from django.core.files.storage import FileSystemStorage


class LocalDisk(FileSystemStorage):
    """Django's storage for a folder, with the last step made indivisible: write beside, bring to the disk, then give it its name."""

    def _save(self, name: str, content: File) -> str:
        target = Path(self.path(name))
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, beside = tempfile.mkstemp(prefix=".", suffix=".part", dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(beside, 0o640)
            os.replace(beside, target)
        except BaseException:
            Path(beside).unlink(missing_ok=True)
            raise
        folder = os.open(target.parent, os.O_RDONLY)  # the name, too, must survive a power cut
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return name
