"""What the city may ask of the register: figures by period and territory, open data without small cells, a map."""
from datetime import date, timedelta

import pytest
from django.core.cache import cache

from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Actor
from amanah.foundation.outlets import Period, dataset, datasets, layer, measures, published, read
from amanah.registries.people.queries.counts import table
from amanah.registries.people.queries.flows import flows
from amanah.registries.territory import queries as territory
from amanah.registries.territory.tests.factories import small_city

from .lives import LAST, moment, town

pytestmark = pytest.mark.django_db
NOW = moment(LAST + timedelta(days=40))
CITY, YEAR = "91.01", Period.year(2024)


@pytest.fixture(autouse=True)
def some():
    cache.clear()
    with clock.fixed(NOW):
        yield town(11, 80, small_city())
    cache.clear()
    territory.forget()


def test_every_measure_answers_for_the_city_and_for_its_parts():
    ours = [each for each in measures() if each.name.startswith("people.")]
    assert len(ours) == 12
    for measure in ours:
        for by in (None, *measure.per):
            assert read(measure, YEAR, by).status in ("ok", "empty"), measure.name


def test_measures_say_what_the_tables_say():
    on = date(2024, 12, 31)
    counted = table(CITY, ages="anak", on=on)
    assert read("people.residents", YEAR).city.value == counted.total
    assert sum(reading.value for reading in read("people.residents", YEAR, "kelurahan").readings) == counted.total
    children = read("people.children", YEAR).city
    assert (children.value, children.whole) == (counted.along("age").get(0, 0), counted.total)
    assert read("people.births", YEAR).city.value == flows(CITY, date(2023, 12, 31), on).births
    assert read("people.families", YEAR).status == "empty", "families of the past are not counted"
    assert read("people.families", Period.year(2026)).city.value == 1


def test_open_data_show_no_small_cell():
    ours = [each.slug for each in datasets() if each.slug.startswith("penduduk-")]
    assert "penduduk-menurut-umur-dan-jenis-kelamin" in ours and len(ours) == 5
    for slug in ours:
        public = published(dataset(slug))
        at = [each.name for each in public.columns].index("n")
        assert not [row for row in public.rows if row[at] is not None and 0 < row[at] < 5], slug


def test_the_map_carries_residents():
    nobody = Actor.system("test")
    shown = list(layer("penduduk-kelurahan", nobody).features(nobody, None))
    assert {feature["properties"]["code"] for feature in shown} <= {row.code for row in territory.of_level("kelurahan")}
    assert all("residents" in feature["properties"] for feature in shown)
