"""What may be seen of the program itself."""
from amanah.foundation.acts import permission

READ_JOBS = permission("jobs.read", "Melihat antrean dan jadwal kerja sistem")
READ_OUTBOX = permission("messages.read_outbox", "Melihat pesan keluar, dengan alamat disamarkan")
READ_WIRES = permission("wires.read_journal", "Melihat sambungan ke mitra dan catatan panggilannya")
