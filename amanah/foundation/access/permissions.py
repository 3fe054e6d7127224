"""Permissions of this room that are no acts."""
from django.utils.translation import gettext_lazy

from amanah.foundation.acts import permission

READ = permission("access.read", gettext_lazy("Melihat akun, peran, mandat, dan sesi tugas"))
