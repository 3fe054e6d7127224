"""Permissions of the audit record; they stand here because the record's own room lies below the door."""
from .registry import permission

READ_TRAIL = permission("audit.read", "Membaca catatan jejak")
