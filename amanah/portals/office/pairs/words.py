"""How pairs are said: fields, verdicts and states in words, each with a tone and an icon."""
from django.utils.translation import gettext_lazy as _

from amanah.portals.shell.components import Chip

FIELDS = {
    "name": _("Nama"), "born": _("Tanggal lahir"), "sex": _("Jenis kelamin"), "birthplace": _("Tempat lahir"), "nik": _("NIK"), "card": _("Nomor KK"),
    "mother": _("Nama ibu kandung"), "father": _("Nama ayah"), "phone": _("Telepon"), "relation": _("Hubungan keluarga"), "home": _("Tempat tinggal"),
    "address": _("Alamat"), "status": _("Status"), "since": _("Berlaku sejak"),
}
VERDICTS = {
    "same": Chip(_("Sama"), "ok", "circle-check"), "alike": Chip(_("Mirip"), "warn", "help-circle"), "different": Chip(_("Berbeda"), "bad", "circle-x"),
    "one": Chip(_("Hanya di satu"), "", "info-circle"), "neither": Chip(_("Tidak ada"), "", "ban"),
}
STATES = {
    "open": Chip(_("Perlu diperiksa"), "info", "eye-check"), "same": Chip(_("Orang yang sama"), "ok", "user-check"),
    "different": Chip(_("Orang berbeda"), "", "users"), "unsure": Chip(_("Belum pasti"), "pause", "help-circle"),
}
