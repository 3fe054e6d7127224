"""What the room offers: found by those who do not import it."""
from datetime import date

import pytest

from amanah.foundation import outlets
from amanah.foundation.kernel.actor import PUBLIC
from amanah.foundation.outlets import Period
from amanah.registries.territory.tests import factories
from amanah.registries.territory.tests.factories import AIE_JANIAH, PASAR_LAMA

pytestmark = pytest.mark.django_db
NAME = "territory.kelurahan_with_official_boundary"


@pytest.fixture
def city(clock_at):
    clock_at("2026-11-24 09:40")
    return factories.small_city()


def test_the_list_is_a_public_dataset_from_the_wide_to_the_narrow(city):
    table = outlets.published(outlets.dataset("wilayah"))
    assert [column.name for column in table.columns] == ["code", "level", "name", "parent", "bps_code"]
    assert table.rows[0] == ("91", "province", "Provinsi Contoh", "", "")
    assert table.rows[2] == ("91.01.01", "kecamatan", "Pasar", "91.01", "9101020")
    assert (len(table.rows), table.rows_hidden) == (10, 0)


def test_neighbourhoods_are_not_published(city):
    factories.neighbourhood(city[PASAR_LAMA])
    assert len(outlets.published(outlets.dataset("wilayah")).rows) == 10


def test_the_measure_tells_its_share_with_its_counts(city):
    november = Period.month(2026, 11)
    told = outlets.read(NAME, november)
    assert (told.status, told.city.value, told.city.part, told.city.whole) == ("ok", 0, 0, 6)
    assert [(reading.of, reading.whole) for reading in outlets.read(NAME, november, "kecamatan").readings] == [("91.01.01", 3), ("91.01.02", 3)]


def test_of_the_time_before_the_first_boundary_nothing_is_known(city):
    assert outlets.read(NAME, Period(date(2026, 1, 1), date(2026, 10, 31))).status == "empty"


@pytest.mark.parametrize(("name", "count"), [("wilayah-kelurahan", 6), ("wilayah-kecamatan", 2)])
def test_the_layers_are_for_everybody_and_say_that_they_are_approximate(city, name, count):
    shown = list(outlets.layer(name, PUBLIC).features(PUBLIC, None))
    assert len(shown) == count
    assert all(feature["properties"]["approximate"] for feature in shown)


def test_a_layer_shows_only_what_lies_within_the_window(city):
    within = outlets.layer("wilayah-kelurahan", PUBLIC).features(PUBLIC, (99.999, -1.001, 100.011, -0.999))
    assert [feature["properties"]["code"] for feature in within] == [PASAR_LAMA, AIE_JANIAH]
