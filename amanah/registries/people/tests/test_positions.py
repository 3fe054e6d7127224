"""Frozen positions: the same for good, and proof that the register still says so."""
import json
from datetime import date, timedelta
from hashlib import sha256
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from amanah.foundation.kernel import clock
from amanah.foundation.kernel.errors import Invalid, NotFound, Refused
from amanah.registries.people.models import Past, Person, Position
from amanah.registries.people.queries import positions
from amanah.registries.people.queries.counts import table
from amanah.registries.people.services.positions import freeze_position
from amanah.registries.territory import queries as territory

from .factories import SYSTEM, actor, territories
from .lives import LAST, moment, town

pytestmark = pytest.mark.django_db
NOW, DAY = moment(LAST + timedelta(days=400)), date(2024, 6, 30)


@pytest.fixture
def some():
    with clock.fixed(NOW):
        found = town(3, 40, territories())
        territory.forget()
        yield found
    territory.forget()


def test_a_position_holds_the_counts_of_its_day(some):
    frozen = freeze_position(SYSTEM, day=DAY, note=" semester I ")
    body = positions.position(DAY)
    counted = table("99.71", by="religion", level="kelurahan", ages="terinci", on=DAY)
    assert frozen.people == body["people"] == counted.total > 0 and frozen.note == "semester I"
    tree = body["lists"]["religion"]
    for (place, sex, religion), people in counted.along("place", "sex", "religion").items():
        assert sum(tree[place][str(sex)]["" if religion is None else str(religion)]) == people
    assert sum(sum(bands) for sexes in body["rw"].values() for bands in sexes.values()) == counted.total
    assert frozen.digest == sha256(frozen.body.encode()).hexdigest() and frozen.body == json.dumps(body, sort_keys=True, separators=(",", ":"))


def test_what_is_told_later_makes_a_new_edition_and_changes_no_earlier_one(some):
    first = freeze_position(SYSTEM, day=DAY)
    with clock.fixed(NOW + timedelta(days=1)):
        person = Person.objects.filter(status=1, valid_from__lte=DAY).first()
        Past.objects.create(person=person, **{name: getattr(person, name) for name in (
            "status", "place_id", "sex", "born", "religion", "marital", "education", "occupation", "relation", "blood", "citizenship", "disability",
            "family_id", "valid_from", "recorded_at", "event", "name")}, valid_until=DAY, closed_at=clock.now())
        Person.objects.filter(pk=person.pk).update(status=2, valid_from=DAY, recorded_at=clock.now())
        second = freeze_position(SYSTEM, day=DAY)
        assert (second.edition, second.people) == (2, first.people - 1)
        assert positions.differences(first) == [] == positions.differences(second)
        assert [row.edition for row in positions.positions()] == [2, 1]
        assert positions.position(DAY)["people"] == second.people and positions.position(DAY, 1)["people"] == first.people


def test_verification_says_what_differs(some):
    frozen = freeze_position(SYSTEM, day=DAY)
    out = StringIO()
    call_command("people_freeze", verify=True, stdout=out)
    assert "cocok" in out.getvalue()
    person = Person.objects.filter(status=1, valid_from__lte=DAY).first()
    Person.objects.filter(pk=person.pk).update(sex=3 - person.sex)  # nobody may do this; somebody at the database could
    said = positions.differences(frozen)
    assert said and any(line.startswith("/rw/") for line in said)
    with pytest.raises(CommandError, match="1 posisi"):
        call_command("people_freeze", verify=True, stdout=StringIO())


def test_a_position_is_never_changed(some):
    frozen = freeze_position(SYSTEM, day=DAY)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE people_position SET people = 1 WHERE id = %s", [frozen.pk])
    frozen.body += " "
    assert positions.differences(frozen)[0] == "Isi posisi tidak cocok dengan sidiknya."


def test_who_may_freeze_and_which_days(some):
    with pytest.raises(Refused):
        freeze_position(actor(), day=DAY)
    with pytest.raises(Invalid):
        freeze_position(SYSTEM, day=clock.today())
    with pytest.raises(NotFound):
        positions.position(DAY)


def test_the_suggested_day_is_the_end_of_the_last_semester():
    with clock.fixed(moment(date(2026, 11, 22))):
        assert positions.suggested() == date(2026, 6, 30)
    with clock.fixed(moment(date(2026, 6, 30))):
        assert positions.suggested() == date(2025, 12, 31)
    out = StringIO()
    with clock.fixed(moment(date(2026, 11, 22))):
        territories()
        territory.forget()
        call_command("people_freeze", stdout=out)
    territory.forget()
    assert "Posisi 2026-06-30 edisi 1: 0 jiwa" in out.getvalue() and Position.objects.count() == 1
