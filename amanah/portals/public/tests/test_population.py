"""The public pages about residents: exact figures, small ones hidden everywhere alike, source and date always beside them."""
import csv
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from amanah.foundation.kernel import clock
from amanah.registries.people.queries.public import ALL, BOTH, public_counts
from amanah.registries.people.services import bulk, counting
from amanah.registries.people.services.bulk import Card, Happening, Life
from amanah.registries.people.tests.factories import SYSTEM, master
from amanah.registries.people.tests.lives import moment
from amanah.registries.territory import queries as territory
from amanah.registries.territory.tests import factories

NOW = moment(date(2026, 11, 22))
KELURAHAN, KECAMATAN = "91.01.01.1001", "91.01.01"


@pytest.fixture
def city(db):
    """Sixty of one faith and three of another in one kelurahan, forty of one in the next; one was born this year, one died."""
    cache.clear()
    places = factories.small_city()
    lives = [_life(n, places[KELURAHAN].pk, religion=3 if n < 4 else 1) for n in range(1, 64)]
    lives += [_life(n, places["91.01.01.1002"].pk, religion=1) for n in range(64, 104)]
    lives[0].happenings.append(Happening("death", date(2026, 5, 1), moment(date(2026, 5, 2)), {"status": 2}))
    with clock.fixed(NOW):
        bulk.write([Card(1, "", places[KELURAHAN].pk, "")], lives, source=master(), extract=None, actor=SYSTEM, fresh=False)
        counting.fold()
        yield places
    cache.clear()
    territory.forget()


def _life(key: int, place: int, **facts: object) -> Life:
    born = date(2026, 2, 3) if key == 5 else date(1950, 1, 1) + timedelta(days=200 * key)
    start = max(born, date(2020, 1, 1))
    return Life(key, [Happening("birth" if key == 5 else "register", start, moment(start), {
        "status": 1, "place": place, "family": 1, "relation": 4, "name": f"Warga {key} Contoh", "sex": 1 + key % 2, "born": born, **facts})])


def text(client, name: str, *args: str, **query: str) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_the_city_says_how_many_live_there_and_where_that_comes_from(client, city):
    page = text(client, "public_population")
    assert "<b>102</b>" in page and "Register penduduk kota" in page and "22 Nov 2026" in page and "Bukan angka BPS" in page
    assert "Pasar" in page and 'class="chart pyramid"' in page and reverse("public_population_of", args=[KECAMATAN]) in page
    assert "Contoh" not in page.replace("Kota Contoh", "").replace("Provinsi Contoh", ""), "nobody's name"


def test_small_figures_are_hidden_with_what_would_open_them(client, city):
    page = text(client, "public_population_of", KELURAHAN)
    assert "•••" in page and "<b>62</b>" in page
    counts = public_counts("agama")
    assert counts.figure(KELURAHAN, 3) is None and counts.figure(KELURAHAN, 1) is None, "the other faith would open it by subtraction"
    assert counts.figure(KECAMATAN, ALL, BOTH) == 102 and counts.figure(KECAMATAN, 3) is None and counts.figure("91.01", 3) is None


def test_a_day_gone_by(client, city):
    page = text(client, "public_population", tanggal="2026-04-30")
    assert "<b>103</b>" in page and "30 Apr 2026" in page
    assert client.get(reverse("public_population"), {"pada": "besok"}).status_code == 422
    assert client.get(reverse("public_population"), {"pada": "2030-01-01"}).status_code == 422


def test_the_year_is_explained_only_where_nobody_is_singled_out(client, city):
    assert "Setahun terakhir" not in text(client, "public_population"), "one birth and one death"


def test_the_file_holds_source_date_and_the_same_hidden_figures(client, city):
    answer = client.get(reverse("public_population_csv"), {"menurut": "agama"})
    rows = list(csv.DictReader(b"".join(answer.streaming_content).decode().splitlines()))
    found = {(row["kode_wilayah"], row["kode"]): row for row in rows}
    assert found["91.01", ""]["jumlah"] == "102" and found[KELURAHAN, "3"]["jumlah"] == "•••" and found[KELURAHAN, "3"]["tanggal"] == "2026-11-22"
    assert all(row["sumber"] for row in rows)
    assert client.get(reverse("public_population_csv"), {"menurut": "nama"}).status_code == 404


def test_what_is_not_public_leads_to_what_is(client, city):
    rw = factories.neighbourhood(city[KELURAHAN])
    assert client.get(reverse("public_population_of", args=[rw.code])).url == reverse("public_population_of", args=[KELURAHAN])
    assert client.get(reverse("public_population_of", args=["91.01"])).url == reverse("public_population")
    assert client.get(reverse("public_population_of", args=["91.01.99"])).status_code == 404
    assert reverse("public_population_of", args=[KELURAHAN]) in text(client, "public_territory", KELURAHAN)


def test_an_empty_register_and_an_empty_map_are_told(client, db):
    cache.clear()
    territory.forget()
    assert "belum dimuat" in text(client, "public_population")
    factories.small_city()
    assert "Belum ada penduduk" in text(client, "public_population")
    territory.forget()
