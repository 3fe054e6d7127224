"""New names, and RW and RT that come and go: by the right hand, the wrong one, and twice."""
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from amanah.foundation.kernel.actor import Actor, Holding, Scope
from amanah.foundation.kernel.errors import Conflict, Invalid, Refused
from amanah.registries.territory import queries, services
from amanah.registries.territory.models import Level, Territory, TerritoryAlias
from amanah.registries.territory.tests import factories
from amanah.registries.territory.tests.factories import AIE_JANIAH, PASAR_LAMA

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("tests")
DEEDS = frozenset({"territory.add_rw", "territory.add_rt", "territory.add_neighbourhoods", "territory.close"})


def lurah(kelurahan):
    return Actor("account:7", "staff", "Pak Dedi", 7, (Holding(DEEDS, Scope(office="", territory=kelurahan), "role:lurah"),))


@pytest.fixture
def city(clock_at):
    clock_at("2026-11-24 09:40")
    return factories.small_city()


def test_a_lurah_adds_and_closes_in_his_own_kelurahan(city):
    dedi = lurah(PASAR_LAMA)
    rw = services.add_rw(dedi, city[PASAR_LAMA], label="3", since=date(2026, 11, 24), source="Keputusan lurah 12/2026")
    rt = services.add_rt(dedi, rw, label="01")
    assert (rw.label, rw.level, rt.label, rt.level) == ("003", "rw", "001", "rt")
    assert rt.code.startswith(f"{rw.code}.rt-") and rw.code.startswith(f"{PASAR_LAMA}.rw-")
    services.close(dedi, rt, on=date(2026, 12, 31), reason="digabung")
    assert services.close(dedi, rw, on=date(2026, 12, 31), reason="digabung").valid_to == date(2026, 12, 31)


def test_nobody_adds_in_another_kelurahan(city):
    with pytest.raises(Refused):
        services.add_rw(lurah(AIE_JANIAH), city[PASAR_LAMA], label="003")
    assert not Territory.objects.filter(level=Level.RW).exists()


def test_a_lurah_does_not_rename_his_kelurahan(city):
    with pytest.raises(Refused):
        services.rename(lurah(PASAR_LAMA), city[PASAR_LAMA], name="Pasar Baru", since=date(2026, 11, 1), source="x")


def test_a_number_is_given_once_and_again_after_it_was_closed(city):
    first = services.add_rw(SYSTEM, city[PASAR_LAMA], label="001")
    with pytest.raises(Conflict):
        services.add_rw(SYSTEM, city[PASAR_LAMA], label="1")
    services.close(SYSTEM, first, on=date(2026, 11, 1), reason="dipecah")
    second = services.add_rw(SYSTEM, city[PASAR_LAMA], label="001")
    assert (first.label, second.label) == ("001", "001")
    assert first.code != second.code
    assert services.add_rw(SYSTEM, city[AIE_JANIAH], label="001").label == "001", "unique only inside its parent"


def test_the_database_itself_refuses_a_number_twice(city):
    rw = services.add_rw(SYSTEM, city[PASAR_LAMA], label="001")
    with pytest.raises(IntegrityError), transaction.atomic():
        Territory.objects.create(code=f"{PASAR_LAMA}.rw-bbbbbbb", level="rw", parent=rw.parent, label="001")


@pytest.mark.parametrize("wrong", [
    {"level": "rw", "label": ""}, {"level": "kelurahan", "label": "001", "name": "X"}, {"level": "kelurahan", "name": ""},
    {"level": "kelurahan", "name": "X", "lat": 1.0}, {"level": "kelurahan", "name": "X", "lat": 100.0, "lng": -1.0},
    {"level": "kelurahan", "name": "X", "sea": "Q"}, {"level": "kelurahan", "name": "X", "parent": None},
    {"level": "kelurahan", "name": "X", "valid_from": date(2026, 2, 1), "valid_to": date(2026, 1, 1)},
])
def test_the_database_itself_refuses_what_makes_no_sense(city, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Territory.objects.create(**{"code": "91.01.01.1009", "parent": city["91.01.01"], **wrong})


@pytest.mark.parametrize("label", ["", "0", "RW 1", "1234"])
def test_what_is_no_number_is_refused(city, label):
    with pytest.raises(Invalid) as refused:
        services.add_rw(SYSTEM, city[PASAR_LAMA], label=label)
    assert refused.value.fields == ["label"]


def test_each_stands_in_its_place(city):
    rw = services.add_rw(SYSTEM, city[PASAR_LAMA], label="001")
    for deed, parent in ((services.add_rw, city["91.01.01"]), (services.add_rt, city[PASAR_LAMA]), (services.add_rw, rw)):
        with pytest.raises(Invalid) as refused:
            deed(SYSTEM, parent, label="002")
        assert refused.value.fields == ["parent"]


def test_closing_wants_a_reason_an_order_and_happens_once(city):
    rw = factories.neighbourhood(city[PASAR_LAMA], "001", ("001",))
    with pytest.raises(Invalid) as refused:
        services.close(SYSTEM, rw, on=date(2026, 11, 24), reason=" ")
    assert refused.value.fields == ["reason"]
    with pytest.raises(Invalid):
        services.close(SYSTEM, rw, on=date(2026, 11, 24), reason="digabung")  # an RT is still in it
    with pytest.raises(Invalid):
        services.close(SYSTEM, city[PASAR_LAMA], on=date(2026, 11, 24), reason="digabung")
    services.close(SYSTEM, rw.children.get(), on=date(2026, 11, 24), reason="digabung")
    services.close(SYSTEM, rw, on=date(2026, 11, 24), reason="digabung")
    with pytest.raises(Conflict):
        services.close(SYSTEM, rw, on=date(2026, 11, 24), reason="digabung")
    with pytest.raises(Invalid):
        services.add_rt(SYSTEM, Territory.objects.get(pk=rw.pk), label="002")


def test_many_are_added_at_once_or_none(city, statements):
    plan = {f"{n:03}": [f"{k:03}" for k in range(1, 6)] for n in range(1, 9)}
    assert services.add_neighbourhoods(SYSTEM, city[PASAR_LAMA], plan=plan, modelled=True) == 8 + 40
    assert len(queries.neighbourhoods(PASAR_LAMA)) == 48
    with pytest.raises(Conflict):
        services.add_neighbourhoods(SYSTEM, city[PASAR_LAMA], plan={"020": [], "001": []})
    with pytest.raises(Invalid):
        services.add_neighbourhoods(SYSTEM, city[PASAR_LAMA], plan={"021": ["1", "001"]})
    assert len(queries.neighbourhoods(PASAR_LAMA)) == 48


def test_a_rename_keeps_the_former_name_with_its_last_day(city):
    renamed = services.rename(SYSTEM, city[PASAR_LAMA], name="  Pasar   Gadang ", since=date(2026, 11, 1), source="Perda 7/2026")
    assert renamed.name == queries.by_code(PASAR_LAMA).name == "Pasar Gadang"
    former = TerritoryAlias.objects.get(territory=renamed)
    assert (former.name, former.kind, former.until) == ("Pasar Lama", "former", date(2026, 10, 31))
    assert [row.code for row in queries.search("pasar lama")][:1] == [PASAR_LAMA]


@pytest.mark.parametrize(("wrong", "field"), [
    ({"name": " "}, "name"), ({"name": "Pasar Lama"}, "name"), ({"source": ""}, "source"), ({"since": date(2026, 11, 25)}, "since")])
def test_a_rename_wants_a_name_a_decision_and_a_day_that_has_come(city, wrong, field):
    with pytest.raises(Invalid) as refused:
        services.rename(SYSTEM, city[PASAR_LAMA], **{"name": "Pasar Gadang", "since": date(2026, 11, 1), "source": "Perda 7/2026", **wrong})
    assert refused.value.fields == [field]


def test_two_who_rename_at_once_do_not_overwrite_each_other(city):
    stale = Territory.objects.get(code=PASAR_LAMA)
    services.rename(SYSTEM, city[PASAR_LAMA], name="Pasar Gadang", since=date(2026, 11, 1), source="Perda 7/2026")
    with pytest.raises(Conflict):
        services.rename(SYSTEM, stale, name="Pasar Ketek", since=date(2026, 11, 1), source="Perda 7/2026")
    assert queries.by_code(PASAR_LAMA).name == "Pasar Gadang"
