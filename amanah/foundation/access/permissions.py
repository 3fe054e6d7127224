"""Permissions of this room that are no acts."""
from amanah.foundation.acts import permission

READ = permission("access.read", "Melihat akun, peran, mandat, dan sesi tugas")
