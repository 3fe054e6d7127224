from pathlib import Path

import pytest

from amanah.foundation.files import configuration
from amanah.foundation.files.configuration import file_storage
from amanah.foundation.kernel.environment import Misconfigured


@pytest.fixture
def s3(monkeypatch):
    monkeypatch.setattr(configuration, "find_spec", lambda name: object())
    for name, value in (("BUCKET", "berkas"), ("ENDPOINT", "https://s3.example"), ("REGION", "id"), ("KEY", "k"), ("SECRET", "s")):
        monkeypatch.setenv(f"AMANAH_S3_{name}", value)


def test_without_configuration_files_lie_in_the_folder():
    assert file_storage(Path("/srv/files")) == {"BACKEND": "amanah.foundation.files.storage.LocalDisk", "OPTIONS": {"location": "/srv/files"}}


def test_s3_is_a_matter_of_configuration(s3):
    storage = file_storage(Path("/srv/files"))
    assert storage["BACKEND"] == "storages.backends.s3.S3Storage"
    assert storage["OPTIONS"] | {"bucket_name": "berkas", "endpoint_url": "https://s3.example", "default_acl": None} == storage["OPTIONS"]


@pytest.mark.parametrize("missing", ["KEY", "SECRET"])
def test_half_a_configuration_stops_the_start(s3, monkeypatch, missing):
    monkeypatch.delenv(f"AMANAH_S3_{missing}")
    with pytest.raises(Misconfigured, match="AMANAH_S3_SECRET"):
        file_storage(Path("/srv/files"))


def test_a_missing_package_stops_the_start_and_says_what_to_install(s3, monkeypatch):
    monkeypatch.setattr(configuration, "find_spec", lambda name: None)
    with pytest.raises(Misconfigured, match="pip install 'django-storages"):
        file_storage(Path("/srv/files"))
