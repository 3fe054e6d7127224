"""The rail of the staff pages: five to seven rooms, each shown to those who may do something in it."""
from django.utils.translation import gettext_lazy as _

from amanah.foundation.kernel.actor import Actor
from amanah.foundation.messages.queries import unread_count
from amanah.portals.shell import menu
from amanah.registries.people.queries.requests import ANSWER, waiting_count

UPKEEP = ("offices.set_hours", "offices.register_official", "offices.appoint", "offices.add_position", "territory.add_rw", "territory.add_rt")
STRUCTURE = ("offices.open", "offices.rename", "offices.close", "offices.link_account", "territory.rename", "access.register_client", "access.remove_client")


def fill() -> None:
    menu.enter("office", "office_home", _("Beranda"), icon="home", order=10)
    menu.enter("office", "office_inbox", _("Kabar"), icon="bell", order=15, count=unread)
    menu.enter("office", "office_register", _("Penduduk"), icon="search", order=16, needs="people.read")
    menu.enter("office", "office_register_rws", _("RW"), icon="map-pin", order=17, needs="people.read_neighbourhood")
    menu.enter("office", "office_pairs", _("Data ganda"), icon="layers-intersect", order=18, needs="people.match")
    menu.enter("office", "office_extracts", _("Ekstrak"), icon="upload", order=19, needs="people.bring")
    menu.enter("office", "office_positions", _("Posisi"), icon="chart-bar", order=19, needs="people.freeze_position")
    menu.enter("office", "office_accounts", _("Akun"), icon="users", order=20, needs="access.read")
    menu.enter("office", "office_upkeep", _("Perawatan"), icon="building-community", order=30, when=may_upkeep)
    menu.enter("office", "office_structure", _("Susunan"), icon="hierarchy-2", order=35, when=may_structure)
    menu.enter("office", "office_privacy", _("Pelindung"), icon="shield-lock", order=37, needs=ANSWER, count=requests_waiting)
    menu.enter("office", "office_trail", _("Jejak"), icon="history", order=40, needs="audit.read")
    menu.enter("office", "office_queue", _("Sistem"), icon="progress", order=50, needs="jobs.read")


def unread(actor: Actor) -> int:
    """What the bell says. One look at an index."""
    return unread_count(actor.account_id) if actor.account_id is not None else 0


def requests_waiting(actor: Actor) -> int:
    """Requests about personal data that wait at this desk."""
    return waiting_count(actor)


def may_upkeep(actor: Actor) -> bool:
    return any(actor.holds(name) for name in UPKEEP)


def may_structure(actor: Actor) -> bool:
    """Those who hold one of its deeds, and those to whom a duty session may bring them: the page then says so."""
    return any(actor.holds(name) for name in (*STRUCTURE, "access.start_duty"))
