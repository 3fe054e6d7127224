"""Permissions of the audit record; they stand here because the record's own room lies below the door."""
from django.utils.translation import gettext_lazy

from .registry import permission

READ_TRAIL = permission("audit.read", gettext_lazy("Membaca catatan jejak"))
