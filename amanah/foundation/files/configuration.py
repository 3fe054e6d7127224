"""Where files are stored, read from the environment: a folder of this machine, or any storage that speaks S3.

S3 needs the package `django-storages[s3]`, which is not installed by default, and: AMANAH_S3_BUCKET, AMANAH_S3_ENDPOINT (for other providers
than AWS), AMANAH_S3_REGION, AMANAH_S3_KEY and AMANAH_S3_SECRET (or AMANAH_S3_SECRET_FILE). Objects stay
private: downloads always pass through the program.
"""
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from amanah.foundation.kernel import environment as env


def file_storage(folder: Path) -> dict[str, Any]:
    """The entry for Django's STORAGES. Stops the start with a sentence when S3 is configured by halves."""
    bucket = env.text("AMANAH_S3_BUCKET", default="")
    if not bucket:
        return {"BACKEND": "amanah.foundation.files.storage.LocalDisk", "OPTIONS": {"location": str(folder)}}
    if find_spec("storages") is None:
        raise env.Misconfigured("AMANAH_S3_BUCKET is set, but the package for it is missing. Install it with: pip install 'django-storages[s3]'")
    key, secret = env.text("AMANAH_S3_KEY", default=""), env.text("AMANAH_S3_SECRET", default="")
    if not (key and secret):
        raise env.Misconfigured("AMANAH_S3_BUCKET is set, but not AMANAH_S3_KEY and AMANAH_S3_SECRET (or AMANAH_S3_SECRET_FILE).")
    endpoint, region = env.text("AMANAH_S3_ENDPOINT", default=""), env.text("AMANAH_S3_REGION", default="")
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": {
        "bucket_name": bucket, "endpoint_url": endpoint or None, "region_name": region or None, "access_key": key, "secret_key": secret,
        "default_acl": None, "querystring_auth": True, "file_overwrite": False}}
