"""The pages of the register: who gets in, what goes on record, what never stands in an address or a log."""
import pytest
from django.urls import reverse

from . import register
from .register import desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(db):
    return register.city()


def test_smoke(city):
    client = desk(city.mira)
    for name, args in (("office_register", []), ("office_register_roster", []), ("office_register_unconfirmed", []), ("office_register_doubtful", []),
                       ("office_register_person", [city.wife.pk]), ("office_register_family", [city.family.pk]), ("office_register_rws", []),
                       ("office_register_rw", [city.rw.pk]), ("office_register_open_family", [])):
        response = client.get(reverse(name, args=args))
        assert response.status_code == 200, (name, response.content.decode()[-2000:])
    from amanah.portals.office.register.deeds import OF_FAMILY, OF_PERSON
    for deed in OF_FAMILY:
        assert client.get(reverse(deed.url, args=[city.family.pk])).status_code == 200
    for deed in OF_PERSON:
        assert client.get(reverse(deed.url, args=[city.wife.pk])).status_code == 200
    page = client.post(reverse("office_register"), {"teks": "rina"}, follow=True)
    assert "Rina Contoh" in page.content.decode()
    for name in ("office_register_roster", "office_register_unconfirmed", "office_register_doubtful", "office_register_rws"):
        response = client.get(reverse(name), {"wilayah": "99.71.01.1001"})
        assert response.status_code == 200
