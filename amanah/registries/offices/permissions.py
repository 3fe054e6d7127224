"""What may be done here beyond the acts themselves: nothing. Offices, officials and hours are public; this says where an act may be done."""
from django.db.models import QuerySet

from amanah.foundation.acts import covered
from amanah.foundation.kernel.actor import Actor

from .models import Office


def visible(actor: Actor, permission: str) -> QuerySet[Office]:
    """The offices on which `actor` holds `permission`; the list of a form and the check of its act agree."""
    return Office.objects.filter(covered(actor, permission, office="path", territory="territory__code"))
