"""Two at once, which only PostgreSQL can show: of two appointments one wins, of two changes of hours none is lost."""
from collections.abc import Callable
from datetime import date, time

import pytest

from amanah.foundation.kernel.errors import Conflict
from amanah.registries.offices import queries, services
from amanah.registries.offices.models import Appointment, CalendarVersion, Office
from tests.at_once import at_once

from . import factories

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("until", [None, date(2026, 12, 31)])
def test_of_two_who_appoint_to_one_seat_at_once_one_wins_and_the_other_is_told(city: dict[str, Office], until: date | None) -> None:
    seat = factories.position(city["dinas"])
    people = [factories.official(f"{name} Contoh") for name in ("Dedi", "Sari", "Rina", "Yulia")]
    since = date(2026, 1, 1)
    results = at_once(*(lambda who=who: services.appoint(factories.SYSTEM, seat, official=who, since=since, until=until) for who in people))
    assert sorted(type(result).__name__ for result in results) == ["Appointment", "Conflict", "Conflict", "Conflict"]
    assert Appointment.objects.count() == 1


def test_an_appointment_ended_twice_at_once_ends_once(city: dict[str, Office]) -> None:
    held = services.appoint(factories.SYSTEM, factories.position(city["dinas"]), official=factories.official(), since=date(2026, 1, 1))

    def end() -> object:
        return services.end_appointment(factories.SYSTEM, Appointment.objects.get(pk=held.pk), last_day=date(2026, 7, 6), reason="Mutasi")

    results = at_once(end, end)
    assert sorted(isinstance(result, Conflict) for result in results) == [False, True]


def test_hours_of_two_offices_set_at_once_are_both_kept(city: dict[str, Office], calendar: None) -> None:
    def own_hours(code: str) -> Callable[[], object]:
        return lambda: services.set_hours(factories.SYSTEM, queries.office(code), season="Sore", week={0: (time(13), time(20))}, source="SE Contoh")

    results = at_once(*(own_hours(code) for code in ("kel_1", "kel_2", "dinas")))
    assert all(isinstance(result, Office) for result in results), results
    assert {"kantor:kel_1", "kantor:kel_2", "kantor:dinas"} <= queries.calendar().groups.keys()
    assert CalendarVersion.objects.filter(current=True).count() == 1
