"""What may be seen of the program itself."""
from amanah.foundation.acts import permission

READ_JOBS = permission("jobs.read", "Melihat antrean dan jadwal kerja sistem")
