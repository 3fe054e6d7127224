"""What may be seen of the program itself."""
from django.utils.translation import gettext_lazy

from amanah.foundation.acts import permission

READ_JOBS = permission("jobs.read", gettext_lazy("Melihat antrean dan jadwal kerja sistem"))
READ_OUTBOX = permission("messages.read_outbox", gettext_lazy("Melihat pesan keluar, dengan alamat disamarkan"))
READ_WIRES = permission("wires.read_journal", gettext_lazy("Melihat sambungan ke mitra dan catatan panggilannya"))
