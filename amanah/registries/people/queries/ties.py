"""Whose entry an account may see as its own."""
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Actor

from ..models import Person, Tie
from ..rules import codes
from ..rules.state import age

ADULT = 18


def person_of(actor: Actor) -> Person | None:
    """The entry of whoever is signed in; None as long as no official has tied it. One statement."""
    if actor.account_id is None:
        return None
    held = Tie.objects.filter(account=actor.account_id).select_related("person__place", "person__family__place").first()
    return held.person if held else None


def tie_of(person: Person) -> Tie | None:
    return Tie.objects.filter(person=person).first()


def children_of(person: Person) -> list[Person]:
    """Their children under eighteen in the same family: for them a parent may see who looked. One statement."""
    if person.family_id is None or person.sex not in (codes.MALE, codes.FEMALE):
        return []
    parent = {"father": person} if person.sex == codes.MALE else {"mother": person}
    found = Person.objects.filter(**parent, family=person.family_id, status=codes.RESIDENT).select_related("place").order_by("born", "id")
    return [child for child in found if age(child.born, clock.today()) < ADULT]
