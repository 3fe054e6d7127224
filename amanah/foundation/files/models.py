"""The register of stored files. The bytes lie in the storage; this row says what they are and who may see them."""
import uuid

from django.db import models

from amanah.foundation.files.rules import KINDS, Kind
from amanah.foundation.kernel.actor import Scope


class StoredFile(models.Model):
    """One file. `owner` is the opaque name of what it belongs to ("cases.case:12"), or of the account it belongs to ("account:7")."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=8)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)  # of the stored bytes, which for pictures are not the bytes that came in
    path = models.CharField(max_length=100, unique=True)
    owner = models.CharField(max_length=100, db_index=True)
    needs = models.CharField(max_length=100)
    office = models.CharField(max_length=100, null=True)
    territory = models.CharField(max_length=100, null=True)
    personal = models.BooleanField(default=True)
    keep_until = models.DateField(null=True, db_index=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=100)

    @property
    def scope(self) -> Scope:
        return Scope(office=self.office, territory=self.territory)

    @property
    def format(self) -> Kind:
        return KINDS[self.kind]
