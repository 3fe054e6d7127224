"""The small city of `factories`, with its calendar in force."""
import pytest

from amanah.registries.offices import services
from amanah.registries.offices.models import Kind, Office
from amanah.registries.territory.models import Territory

from . import factories


@pytest.fixture
def places(db: None) -> dict[str, Territory]:
    return factories.territories()


@pytest.fixture
def city(places: dict[str, Territory]) -> dict[str, Office]:
    """Offices by code: kota, kec, kel_1, kel_2, dinas."""
    top = factories.office(code="kota", kind=Kind.CITY, territory=places["99.71"])
    kec = factories.office(top, code="kec", kind=Kind.KECAMATAN, territory=places["99.71.01"])
    kel = [factories.office(kec, code=f"kel_{n}", kind=Kind.KELURAHAN, territory=places[f"99.71.01.100{n}"]) for n in (1, 2)]
    dinas = factories.office(top, code="dinas", kind=Kind.DINAS)
    return {each.code: each for each in (top, kec, *kel, dinas)}


@pytest.fixture
def calendar(db: None) -> None:
    services.load_calendar(factories.SYSTEM, file="calendar.yaml", content=factories.calendar())
