import pytest
from django.core.files.storage import default_storage


@pytest.fixture(params=["folder", "memory"])
def storage(request, settings, tmp_path):
    """Every test that stores runs twice: on the local disk, and on a storage that has no paths at all (as S3 has none)."""
    backend = ({"BACKEND": "amanah.foundation.files.storage.LocalDisk", "OPTIONS": {"location": str(tmp_path / "files")}} if request.param == "folder"
               else {"BACKEND": "django.core.files.storage.InMemoryStorage"})
    settings.STORAGES = {**settings.STORAGES, "default": backend}
    return default_storage
