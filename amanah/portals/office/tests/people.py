"""A small city and its people for the tests of this portal: a camat, two lurah, an administrator, a keeper, an auditor, each with a browser."""
from types import SimpleNamespace

from django.test import Client
from django.urls import reverse

from amanah.foundation.access.demo import PREFIX
from amanah.foundation.access.models import Account, Kind
from amanah.foundation.access.tests import factories as access
from amanah.registries.offices import services as office_acts
from amanah.registries.offices.models import Kind as OfficeKind
from amanah.registries.offices.tests import factories as offices

HEADS = ("access.read", "access.give_mandate", "access.end_mandate", "territory.add_rw", "territory.add_rt", "territory.add_neighbourhoods", "territory.close")
SECRETARY = ("access.read", "offices.set_hours", "offices.register_official", "offices.appoint", "offices.end_appointment", "offices.add_position")
ADMIN = ("access.read", "access.open_account", "access.invite", "access.grant", "access.revoke", "offices.set_hours", "offices.register_official")
DUTIES = ("access.grant", "access.revoke", "access.close_account", "access.reopen_account", "access.reset_proofs", "access.give_mandate")
KEL_1, KEL_2 = "99.71.01.1001", "99.71.01.1002"


def city() -> SimpleNamespace:
    """Offices by code, roles by code and the people below."""
    places = offices.territories()
    top = offices.office(code="kota", kind=OfficeKind.CITY, territory=places["99.71"])
    kec = offices.office(top, code="kec", name="Kecamatan Hulu Contoh", kind=OfficeKind.KECAMATAN, territory=places["99.71.01"])
    kel = [offices.office(kec, code=f"kel_{n}", name=f"Kelurahan Muara {n}", kind=OfficeKind.KELURAHAN, territory=places[f"99.71.01.100{n}"]) for n in (1, 2)]
    dinas = offices.office(top, code="dinas", name="Dinas Contoh")
    office_acts.load_calendar(offices.SYSTEM, file="calendar.yaml", content=offices.calendar())
    roles = {code: access.role(code, names, reach=reach, duty=duty, may_grant=gives) for code, names, reach, duty, gives in (
        ("verifikator", (), "both", (), ()), ("lurah", HEADS, "both", (), ("verifikator",)), ("camat", HEADS, "both", (), ("lurah", "verifikator")),
        ("admin", ADMIN, "office", (), ("operator",)), ("operator", (), "office", (), ()), ("sekda", SECRETARY, "city", (), ()),
        ("pengelola", ("access.read", "access.open_account", "access.invite", "access.start_duty"), "city", DUTIES, ("verifikator", "operator", "lurah")),
        ("auditor", ("access.read", "audit.read"), "city", (), ()))}
    people = {"lurah": person("Yusra Contoh", "lurah", roles, kel[0].path, KEL_1), "lurah_2": person("Melati Contoh", "lurah", roles, kel[1].path, KEL_2),
              "camat": person("Armen Contoh", "camat", roles, kec.path, "99.71.01"), "admin": person("Fitri Contoh", "admin", roles, dinas.path),
              "sekda": person("Nurlela Contoh", "sekda", roles), "pengelola": person("Taufik Contoh", "pengelola", roles),
              "auditor": person("Malik Contoh", "auditor", roles), "warga": access.account("Rina Contoh", Kind.RESIDENT, username=f"{PREFIX}rina")}
    return SimpleNamespace(offices={each.code: each for each in (top, kec, *kel, dinas)}, places=places, roles=roles, **people)


def person(name: str, role: str, roles: dict[str, object], office: str = "", territory: str = "") -> Account:
    made = access.account(name, office=office, username=f"{PREFIX}{name.partition(' ')[0].lower()}")
    access.granted(made, roles[role], office=office, territory=territory)
    return made


def browser(account: Account) -> Client:
    """A browser in which `account` has signed in with enough proof."""
    client = Client()
    assert client.post(reverse("signin_demo", args=[account.username.removeprefix(PREFIX)])).status_code == 302
    return client


def text(response: object) -> str:
    return response.content.decode()
