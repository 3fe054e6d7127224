"""The acts: the right one, the wrong one, and what may not be."""
from datetime import date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction

from amanah.foundation.audit.models import Entry
from amanah.foundation.jobs.models import OutboxEvent
from amanah.foundation.kernel.actor import Scope
from amanah.foundation.kernel.clock import WIB
from amanah.foundation.kernel.errors import Conflict, Invalid, Refused
from amanah.registries.offices import permissions, queries, services
from amanah.registries.offices.models import Appointment, CalendarVersion, FormerName, Kind, Level, Office, OfficeLink, Position
from amanah.registries.offices.services import calendar as calendar_services

from . import factories
from .factories import actor

City = dict[str, Office]
DAY = date(2026, 7, 6)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WIB)


def deeds() -> list[tuple[str, str]]:
    return list(Entry.objects.order_by("id").values_list("kind", "deed"))


# ---------------------------------------------------------------- offices

def test_an_office_is_opened_beneath_another_and_the_deed_is_recorded(city: City) -> None:
    made = services.open_(actor(), city["dinas"], code="uptd_contoh", name="UPTD Contoh", kind=Kind.UPTD, valid_from=DAY)
    assert made.path == "kota.dinas.uptd_contoh" and made.scope == Scope("kota.dinas.uptd_contoh", None)
    entry = Entry.objects.get(deed="offices.open")
    assert (entry.subject, entry.office) == (f"offices.office:{made.pk}", "kota.dinas")
    assert OutboxEvent.objects.filter(name="offices.opened").exists()


@pytest.mark.parametrize(("facts", "field"), [
    ({"code": "Dinas Baru"}, "code"), ({"code": "kel_1"}, "code"), ({"kind": "kerajaan"}, "kind"), ({"name": " "}, "name")])
def test_an_office_with_a_bad_fact_is_not_opened(city: City, facts: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        services.open_(actor(), city["dinas"], **({"code": "baru", "name": "Baru", "kind": "uptd"} | facts))
    assert caught.value.fields == [field]


def test_only_who_holds_the_permission_there_opens_an_office(city: City) -> None:
    elsewhere = actor(Scope("kota.kec", ""))
    with pytest.raises(Refused):
        services.open_(elsewhere, city["dinas"], code="x", name="X", kind=Kind.UPTD)
    assert not Office.objects.filter(code="x").exists()
    assert deeds()[-1] == ("refusal", "offices.open")
    assert services.open_(elsewhere, city["kec"], code="x", name="X", kind=Kind.UPTD).path == "kota.kec.x"


def test_an_office_at_the_top_needs_the_whole_city(db: None) -> None:
    with pytest.raises(Refused):
        services.open_(actor(Scope("kota", "")), None, code="ext_x", name="X", kind=Kind.EXTERNAL)
    assert services.open_(actor(), None, code="ext_x", name="X", kind=Kind.EXTERNAL).path == "ext_x"


def test_the_list_of_offices_one_may_act_on_agrees_with_the_acts(city: City) -> None:
    who = actor(Scope("kota.kec", ""))
    assert set(permissions.visible(who, "offices.appoint").values_list("code", flat=True)) == {"kec", "kel_1", "kel_2"}
    in_place = actor(Scope("", "99.71.01.1001"))
    # An office without a place of its own lies within every place.
    assert set(permissions.visible(in_place, "offices.appoint").values_list("code", flat=True)) == {"kel_1", "dinas"}


def test_a_renamed_office_keeps_its_code_and_its_former_name(city: City, clock_at) -> None:
    clock_at("2026-08-01 09:00")
    services.rename(actor(), city["dinas"], name="Dinas Baru", since=DAY, legal_basis="Perda Contoh 1/2026")
    assert queries.by_code("dinas").name == "Dinas Baru"
    assert queries.name_on("dinas", DAY - timedelta(days=1)) == "Kantor dinas" and queries.name_on("dinas", DAY) == "Dinas Baru"
    with pytest.raises(Conflict):
        services.rename(actor(), city["dinas"], name="Dinas Lain", since=DAY, legal_basis="Perda Contoh 2/2026")
    with pytest.raises(Invalid):
        services.rename(actor(), city["dinas"], name="Dinas Nanti", since=date(2026, 9, 1), legal_basis="Perda Contoh 3/2026")
    assert FormerName.objects.count() == 1


def test_a_closed_office_names_its_successors_and_its_seats_end_with_it(city: City) -> None:
    other = factories.office(city["kota"], code="dinas_baru")
    held = services.appoint(actor(), factories.position(city["dinas"]), official=factories.official(), since=date(2026, 1, 5))
    services.close(actor(), city["dinas"], last_day=DAY, successors=[other], kind=OfficeLink.Kind.MERGED, legal_basis="Perda Contoh 1/2026")
    held.refresh_from_db()
    assert held.until == DAY
    assert [row.code for row in queries.answering("dinas", DAY)] == ["dinas"]
    assert [row.code for row in queries.answering("dinas", DAY + timedelta(days=1))] == ["dinas_baru"]
    with pytest.raises(Conflict):
        services.close(actor(), city["dinas"], last_day=DAY, successors=[other], legal_basis="x")


def test_an_office_is_not_closed_over_offices_that_stand_nor_without_a_successor_or_a_reason(city: City) -> None:
    with pytest.raises(Invalid) as caught:
        services.close(actor(), city["kec"], last_day=DAY, legal_basis="x", reason="y")
    assert "di bawahnya" in str(caught.value.details["last_day"])
    with pytest.raises(Invalid) as caught:
        services.close(actor(), city["dinas"], last_day=DAY, legal_basis="x")
    assert caught.value.fields == ["successors"]
    with pytest.raises(Invalid):
        services.close(actor(), city["dinas"], last_day=DAY, legal_basis="x", successors=[city["dinas"]])


# ---------------------------------------------------------------- seats and people

def test_a_seat_is_added_and_an_office_has_one_head(city: City) -> None:
    seat = services.add_position(actor(), city["dinas"], code="kepala", title="Kepala Dinas", level=Level.KEPALA, is_head=True)
    with pytest.raises(Invalid) as caught:
        services.add_position(actor(), city["dinas"], code="ketua", title="Ketua", level=Level.KEPALA, is_head=True)
    assert caught.value.fields == ["is_head"]
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.position(city["dinas"], code="ketua")
    assert queries.heads_of(["dinas"])["dinas"].id == seat.pk


def test_an_appointment_is_seen_on_its_days_and_in_the_record(city: City) -> None:
    seat = factories.position(city["kel_1"], title="Lurah Muara 1", level=Level.LURAH)
    services.appoint(actor(), seat, official=factories.official(), since=DAY, legal_basis="SK Contoh")
    assert queries.head_of("kel_1", DAY - timedelta(days=1)) is None
    head = queries.head_of("kel_1", DAY)
    assert head and (head.name, head.spoken) == ("Dedi Contoh", "Lurah Muara 1")
    entry = Entry.objects.get(deed="offices.appoint")
    assert (entry.subject, entry.office, entry.territory) == (f"offices.position:{seat.pk}", "kota.kec.kel_1", "99.71.01.1001")
    assert "Dedi" not in entry.body


def test_two_holders_at_one_time_are_refused_but_one_after_the_other_is_not(city: City) -> None:
    seat = factories.position(city["dinas"])
    first = services.appoint(actor(), seat, official=factories.official(), since=date(2026, 1, 1))
    for kind, until in ((Appointment.Kind.DEFINITIVE, None), (Appointment.Kind.PJ, None), (Appointment.Kind.DEFINITIVE, date(2026, 12, 31))):
        with pytest.raises(Conflict):
            services.appoint(actor(), seat, official=factories.official("Sari Contoh"), since=DAY, kind=kind, until=until)
    services.end_appointment(actor(), first, last_day=DAY, reason="Pensiun")
    services.appoint(actor(), seat, official=factories.official("Sari Contoh"), since=DAY + timedelta(days=1))
    assert [queries.head_of("dinas", day).name for day in (DAY, DAY + timedelta(days=1))] == ["Dedi Contoh", "Sari Contoh"]


def test_the_database_itself_refuses_a_second_open_ended_holder(city: City) -> None:
    seat = factories.position(city["dinas"])
    facts = {"position": seat, "official": factories.official(), "kind": Appointment.Kind.DEFINITIVE, "since": DAY}
    Appointment.objects.create(**facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.create(**facts)


def test_acting_stands_beside_the_holder_and_answers_while_it_lasts(city: City) -> None:
    seat = factories.position(city["kec"], title="Camat Contoh", level=Level.CAMAT)
    services.appoint(actor(), seat, official=factories.official(), since=date(2026, 1, 1))
    services.appoint(actor(), seat, official=factories.official("Sari Contoh"), kind=Appointment.Kind.PLH, since=DAY, until=DAY + timedelta(days=4),
                     reason="Camat cuti")
    head = queries.head_of("kec", DAY)
    assert head and (head.name, head.spoken) == ("Sari Contoh", "Plh. Camat Contoh")
    after = queries.head_of("kec", DAY + timedelta(days=5))
    assert after and after.name == "Dedi Contoh"


@pytest.mark.parametrize(("facts", "field"), [
    ({"kind": "plt", "reason": "kosong"}, "until"), ({"kind": "plh", "until": DAY}, "reason"), ({"until": DAY - timedelta(days=1)}, "until"),
    ({"kind": "raja"}, "kind")])
def test_an_appointment_that_breaks_a_rule_names_the_field(city: City, facts: dict, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        services.appoint(actor(), factories.position(city["dinas"]), official=factories.official(), **({"since": DAY} | facts))
    assert caught.value.fields == [field]


def test_the_database_refuses_acting_without_end_or_reason(city: City) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.create(position=factories.position(city["dinas"]), official=factories.official(), kind="plt", since=DAY, reason="kosong")


def test_nobody_is_appointed_in_an_office_that_does_not_stand(city: City) -> None:
    gone = factories.office(city["kota"], code="lama", valid_to=DAY)
    with pytest.raises(Invalid):
        services.appoint(actor(), factories.position(gone), official=factories.official(), since=DAY + timedelta(days=1))


def test_an_appointment_ends_once_and_with_a_reason(city: City) -> None:
    held = services.appoint(actor(), factories.position(city["dinas"]), official=factories.official(), since=DAY)
    with pytest.raises(Invalid):
        services.end_appointment(actor(), held, last_day=DAY, reason="")
    with pytest.raises(Invalid):
        services.end_appointment(actor(), held, last_day=DAY - timedelta(days=1), reason="salah")
    services.end_appointment(actor(), held, last_day=DAY, reason="Mutasi")
    with pytest.raises(Conflict):
        services.end_appointment(actor(), held, last_day=DAY + timedelta(days=1), reason="Mutasi")


def test_a_stranger_to_the_office_neither_appoints_nor_ends(city: City) -> None:
    seat, stranger = factories.position(city["dinas"]), actor(Scope("kota.kec", ""))
    with pytest.raises(Refused):
        services.appoint(stranger, seat, official=factories.official(), since=DAY)
    held = services.appoint(actor(), seat, official=factories.official(), since=DAY)
    with pytest.raises(Refused):
        services.end_appointment(stranger, held, last_day=DAY, reason="x")


def test_an_official_is_registered_without_the_name_in_the_record_and_linked_city_wide_only(city: City) -> None:
    known = services.register_official(actor(Scope("kota.dinas", "")), city["dinas"], name="Rina Contoh")
    assert "Rina" not in Entry.objects.get(deed="offices.register_official").body
    with pytest.raises(Refused):
        services.link_account(actor(Scope("kota.dinas", "")), official=known, account_id=7)
    assert services.link_account(actor(), official=known, account_id=7).account_id == 7


# ---------------------------------------------------------------- the calendar in versions

def test_a_calendar_comes_back_from_the_tables_as_it_went_in(calendar: None) -> None:
    assert queries.calendar() == factories.calendar() and queries.calendar().version == factories.calendar().version


def test_a_day_inserted_later_makes_a_new_version_and_the_old_one_stays(calendar: None) -> None:
    old = queries.calendar().version
    later = factories.calendar(factories.off("2026-01-01"), factories.off("2026-08-18", "joint_leave"))
    said = services.load_calendar(factories.SYSTEM, file="calendar.yaml", content=later)
    assert "+ 2026-08-18 Libur Contoh (cuti bersama)" in said
    assert queries.calendar().version == later.version != old
    assert queries.calendar(old).is_working_day(date(2026, 8, 18)) and not queries.calendar().is_working_day(date(2026, 8, 18))
    assert OutboxEvent.objects.filter(name="offices.calendar_changed").count() == 2


def test_loading_the_same_calendar_changes_nothing_and_going_back_reuses_the_version(calendar: None) -> None:
    assert services.load_calendar(factories.SYSTEM, file="calendar.yaml", content=factories.calendar()) == []
    other = factories.calendar(factories.off("2026-02-02"))
    services.load_calendar(factories.SYSTEM, file="calendar.yaml", content=other)
    services.load_calendar(factories.SYSTEM, file="calendar.yaml", content=factories.calendar())
    assert CalendarVersion.objects.count() == 2 and queries.calendar().version == factories.calendar().version


def test_days_of_a_version_cannot_be_changed_behind_its_back(calendar: None) -> None:
    version = CalendarVersion.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        version.holidays.update(name="lain")
    with pytest.raises(IntegrityError), transaction.atomic():
        version.holidays.all().delete()


def test_a_calendar_that_forgets_hours_in_use_is_refused(calendar: None, city: City) -> None:
    services.set_hours(actor(), city["dinas"], group="enam")
    lacking = factories.calendar()
    groups = {code: group for code, group in lacking.groups.items() if code != "enam"}
    with pytest.raises(Invalid, match="enam"):
        services.load_calendar(factories.SYSTEM, file="calendar.yaml", content=type(lacking)(lacking.holidays, groups, "lima"))
    assert "enam" in queries.calendar().groups


def test_an_office_gets_a_group_of_hours(calendar: None, city: City) -> None:
    services.set_hours(actor(Scope("kota.dinas", "")), city["dinas"], group="siaga")
    assert queries.open_now("dinas", moment("2026-07-05 03:00")).round_the_clock
    with pytest.raises(Invalid):
        services.set_hours(actor(), city["dinas"], group="tidak_ada")
    with pytest.raises(Refused):
        services.set_hours(actor(Scope("kota.kec", "")), city["dinas"], group="enam")


def test_hours_of_one_office_survive_the_next_load_of_the_city_file(calendar: None, city: City) -> None:
    services.set_hours(actor(), city["kel_1"], season="Jam sore", week={0: (time(13), time(20))}, source="SE Contoh 1/2026")
    services.set_hours(actor(), city["kel_2"], season="Jam pagi", week={0: (time(6), time(9), time(10), time(12))}, source="SE Contoh 2/2026")
    services.load_calendar(factories.SYSTEM, file="calendar.yaml", content=factories.calendar(factories.off("2026-07-13")))
    evening = moment("2026-07-06 19:00")
    assert [queries.open_now(code, evening).open for code in ("kel_1", "kel_2", "dinas")] == [True, False, False]
    assert queries.open_now("kel_2", moment("2026-07-06 08:00")).open
    assert queries.open_now("kel_1", moment("2026-07-13 19:00")).holiday == "Libur Contoh"


def test_hours_for_a_while_end_by_themselves(calendar: None, city: City) -> None:
    services.set_hours(actor(), city["kel_1"], season="Pekan layanan", week={5: (time(8), time(12))}, valid_from=date(2026, 7, 6),
                       valid_to=date(2026, 7, 12), source="SE Contoh")
    opened = [queries.open_now("kel_1", moment(text)).open for text in ("2026-07-11 09:00", "2026-07-18 09:00", "2026-07-13 09:00")]
    assert opened == [True, False, True]


@pytest.mark.parametrize("week", [{}, {0: (time(9), time(8))}, {7: (time(8), time(9))}, {0: (time(8), time(9), time(10))}])
def test_hours_out_of_order_are_refused(calendar: None, city: City, week: dict) -> None:
    with pytest.raises(Invalid):
        services.set_hours(actor(), city["kel_1"], season="X", week=week, source="SE Contoh")


def test_versions_are_made_one_after_the_other(calendar: None) -> None:
    assert calendar_services._current(held=True) == queries.calendar()
    assert CalendarVersion.objects.filter(current=True).count() == 1


# ---------------------------------------------------------------- the demonstration

def test_the_demonstration_appoints_invented_people_once(city: City) -> None:
    for code in ("kec", "kel_1", "kel_2"):
        factories.position(city[code], title=f"Pemimpin {code}", level=Level.LURAH)
    cast = services.demo_officials(factories.SYSTEM)
    assert [(each.office, each.kind) for each in cast] == [("kel_1", "definitive"), ("kel_2", "plt"), ("kec", "definitive")]
    assert all(each.name.endswith(" Contoh") for each in cast)
    assert services.demo_officials(factories.SYSTEM) == cast and Appointment.objects.count() == 3
    assert Position.objects.filter(appointments__official__invented=True).count() == 3
