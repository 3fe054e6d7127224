"""What may be read of the register. Acts carry their own permission; these are the looks. Everything is narrowed by where a person lives."""
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from amanah.foundation.acts import covered, permission
from amanah.foundation.kernel.actor import Actor

from .models import Family, Person

READ = permission("people.read", gettext_lazy("Melihat data penduduk dengan nomor tersamar"))
OPEN_FIELD = permission("people.open_field", gettext_lazy("Membuka nomor atau nama yang tersegel"))
EXPORT = permission("people.export", gettext_lazy("Mengunduh daftar penduduk"))
READ_NEIGHBOURHOOD = permission("people.read_neighbourhood", gettext_lazy("Melihat ringkasan RW tanpa data pengenal"))
MATCH = permission("people.match", gettext_lazy("Melihat dugaan data ganda"))
PROTECT = permission("people.protect", gettext_lazy("Mengawasi pemakaian data penduduk dan permintaan pemilik data"))


def visible(actor: Actor, needs: str = READ) -> QuerySet[Person]:
    """The persons on whom `actor` holds the permission: those who live within its territories."""
    return Person.objects.filter(covered(actor, needs, territory="place__code"))


def visible_families(actor: Actor, needs: str = READ) -> QuerySet[Family]:
    return Family.objects.filter(covered(actor, needs, territory="place__code"))
