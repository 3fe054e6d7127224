"""What the offices offer, asked for through the outlets."""
from datetime import date

from amanah.foundation.outlets import Period, dataset, published, read
from amanah.registries.offices import services
from amanah.registries.offices.models import Kind, Level, Office

from . import factories

JULY = Period.month(2026, 7)


def readings(name: str, by: str | None = None, period: Period = JULY) -> dict[str, tuple[object, ...]]:
    value = read(name, period, by)
    assert value.status != "failed"
    return {each.of: (each.value, each.part, each.whole) for each in value.readings}


def test_offices_are_counted_without_outside_bodies_and_dissolved_ones(city: dict[str, Office]) -> None:
    factories.office(code="ext_x", kind=Kind.EXTERNAL)
    factories.office(city["kota"], code="lama", valid_to=date(2026, 7, 30))
    assert readings("offices.count") == {"": (5, None, None)}
    assert readings("offices.count", "kind")["kelurahan"] == (2, None, None)
    assert readings("offices.count", period=Period.month(2026, 6)) == {"": (6, None, None)}


def test_empty_seats_are_counted_beside_all_seats(city: dict[str, Office]) -> None:
    held = factories.position(city["kel_1"], level=Level.LURAH)
    factories.position(city["kel_2"], level=Level.LURAH)
    services.appoint(factories.SYSTEM, held, official=factories.official(), since=date(2026, 7, 31))
    assert readings("offices.positions_vacant") == {"": (1, 1, 2)}
    assert readings("offices.positions_vacant", "office") == {"kota.kec.kel_1": (0, 0, 1), "kota.kec.kel_2": (1, 1, 1)}
    assert readings("offices.positions_vacant", "kind", Period.month(2026, 6)) == {"kelurahan": (2, 2, 2)}


def test_without_seats_nothing_was_measured_which_is_not_zero(city: dict[str, Office]) -> None:
    assert read("offices.positions_vacant", JULY).status == "empty"


def test_the_public_list_names_offices_and_no_person(city: dict[str, Office], statements) -> None:
    services.appoint(factories.SYSTEM, factories.position(city["dinas"]), official=factories.official(), since=date(2026, 1, 1))
    with statements() as seen:
        table = published(dataset("perangkat-daerah"))
    assert len(seen) == 1
    codes = [column.name for column in table.columns].index("code")
    assert [row[codes] for row in table.rows] == ["kota", "dinas", "kec", "kel_1", "kel_2"]
    assert table.rows_hidden == 0 and "Dedi" not in repr(table.rows)
