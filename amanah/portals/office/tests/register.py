"""A small register and the officials of two kelurahan, a head of an RW, and Disdukcapil's operator, each with a browser, for the tests of its pages."""
from types import SimpleNamespace
from typing import Any

from django.test import Client
from django.urls import reverse

from amanah.foundation.access.tests import factories as access
from amanah.portals.office.tests.people import browser, person
from amanah.registries.people import permissions
from amanah.registries.people.tests import factories as make

KEL_1, KEL_2 = "99.71.01.1001", "99.71.01.1002"
COUNTER = (permissions.READ, permissions.OPEN_FIELD, permissions.READ_NEIGHBOURHOOD,
           *(f"people.{deed}" for deed in make.DEEDS if deed not in ("correct", "undo_event")))
EVERYTHING = (*COUNTER, permissions.EXPORT, permissions.MATCH, "people.correct", "people.undo_event")
SERVING, RECORDING, KEEPING = "pelayanan_penduduk", "pencatatan_peristiwa", "pembinaan_wilayah"


def city() -> SimpleNamespace:
    """Places by code, officials, and the family of Rina with a husband and two children in RT 001 of the first kelurahan."""
    places = make.territories()
    roles = {"verifikator": access.role("verifikator", COUNTER, reach="both"),
             "ketua_rw": access.role("ketua_rw", (permissions.READ_NEIGHBOURHOOD,), reach="territory"),
             "operator": access.role("operator", EVERYTHING, reach="city"), "petugas": access.role("petugas", (), reach="city")}
    rw = f"{KEL_1}.rw-aaaaaab"
    people = {"dedi": person("Dedi Contoh", "verifikator", roles, territory=KEL_1), "melati": person("Melati Contoh", "verifikator", roles, territory=KEL_2),
              "mira": person("Mira Contoh", "operator", roles), "syafrudin": person("Syafrudin Contoh", "ketua_rw", roles, territory=rw),
              "hendra": person("Hendra Contoh", "petugas", roles)}
    family = make.family(make.rt(places), head="Armen Contoh", sex=1, marital=2, number="9971012001159001")
    wife = make.member(family, "Rina Contoh", sex=2, relation=3, marital=2, born=make.head_of(family).born, nik=make.nik(make.head_of(family).born, 2))
    boy, girl = make.member(family, "Budi Contoh"), make.member(family, "Upik Contoh", sex=2)
    return SimpleNamespace(places=places, rw=places[rw], family=family, head=make.head_of(family), wife=wife, boy=boy, girl=girl, **people)


def desk(account: Any, purpose: str = SERVING) -> Client:
    """A browser of an official who has said for what they look."""
    client = browser(account)
    if purpose:
        assert client.post(reverse("office_register_purpose"), {"keperluan": purpose}).status_code == 302
    return client
