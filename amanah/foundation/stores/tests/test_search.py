import pytest
from django.db import connection, models, transaction
from django.db.utils import NotSupportedError, ProgrammingError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amanah.foundation.stores import search, triggers
from amanah.foundation.stores.bulk import load
from amanah.foundation.stores.search import CreateTextIndex, TextIndex, closeness, matching

from .conftest import Place

NAMES = """
    lubuk buaya;lubuk minturun;lubuk lintah;lubuk begalung nan xx;lubuk kilangan;koto tangah;koto panjang ikua koto;koto pulai;kuranji;
    kuranji hilir;korong gadang;kalumbuk;gunung sarik;sungai sapih;ampang;anduring;pasar ambacang;pasar laban;teluk kabung utara;
    teluk kabung tengah;teluk kabung selatan;bungus barat;bungus timur;bungus selatan;air dingin;aie pacah;balai gadang;batang kabung ganting;
    batipuh panjang;bungo pasang;dadok tunggul hitam;padang sarai;parupuk tabing;pasie nan tigo;ikur koto;limau manis;limau manis selatan;
    cupak tangah;kapala koto;lambung bukit;pisang;piai tangah;binuang kampung dalam;jati;jati baru;kubu dalam parak karakah;sawahan;simpang haru;
    andalas;parak gadang timur;ganting parak gadang;belakang tangsi;berok nipah;flamboyan baru;kampung jao;kampung pondok;olo;padang pasir;
    purus;rimbo kaluang;ujung gurun;alai parak kopi;gunung pangilun;kampung lapai;kampung olo;kurao pagang;surau gadang;tabing banda gadang
""".replace("\n", "").replace("    ", "")


class Spot(models.Model):
    search = models.CharField(max_length=80)
    area = models.IntegerField(default=1)

    class Meta:
        app_label, apps, db_table = "stores_tests", Place._meta.apps, "stores_tests_spot"


INDEX = TextIndex("stores_tests_spot_text", table="stores_tests_spot", text_column="search")
OPERATION = CreateTextIndex(INDEX.name, table=INDEX.table, text_column=INDEX.text_column)


@pytest.fixture(scope="module")
def indexed(table_setup):
    with table_setup(Spot, then=(OPERATION,)):
        yield


@pytest.fixture
def spots(indexed, db):
    load(Spot, ["search", "area"], ((name.strip(), 1 + n % 2) for n, name in enumerate(NAMES.split(";"))))


def names(words, limit=5, queryset=None):
    return [spot.search for spot in matching(queryset if queryset is not None else Spot.objects.all(), INDEX, words, limit)]


@pytest.mark.parametrize(("typed", "meant"), [
    ("lubuk buaya", "lubuk buaya"), ("lubuak buayo", "lubuk buaya"), ("lubuk buaia", "lubuk buaya"), ("buaya", "lubuk buaya"),
    ("Lubuk  BUAYA", "lubuk buaya"), ("kuranji", "kuranji"), ("kurandji", "kuranji"), ("kuranjii", "kuranji"), ("koranji", "kuranji"),
    ("kampuang jao", "kampung jao"), ("olo", "olo"), ("teluak kabuang utara", "teluk kabung utara"), ("limau manih", "limau manis"),
    ("rimbo kalung", "rimbo kaluang"), ("pasir nan tigo", "pasie nan tigo"), ("gunuang pangilun", "gunung pangilun"),
    ("simpang aru", "simpang haru"), ("flamboian baru", "flamboyan baru"), ("belakang tansi", "belakang tangsi"),
    ("begalung", "lubuk begalung nan xx"), ("buaya lubuk", "lubuk buaya"), ("parupuak tabiang", "parupuk tabing"),
    ("lubuk beg", "lubuk begalung nan xx"), ("aia pacah", "aie pacah"), ("ganting", "ganting parak gadang"), ("andaleh", "andalas"),
    ("sawahan'", "sawahan"), ('"olo" OR x', "olo"),
])
def test_what_people_type_finds_what_they_mean_first_on_both_databases(spots, typed, meant):
    assert names(typed)[0] == meant


@pytest.mark.parametrize(("typed", "found"), [
    ("bungus", ["bungus barat", "bungus timur", "bungus selatan"]),
    ("jati", ["jati", "jati baru"]),
    ("koto", ["ikur koto", "koto pulai", "kapala koto", "koto tangah"]),
    ("teluk kabung", ["teluk kabung utara", "teluk kabung tengah", "teluk kabung selatan"]),
    ("xyzxyz", []), ("", []), ("  ?! ", []), ("%%%", []), ("___", []), ("'); drop table x; --", []), ("jakarta barat timur", []),
])
def test_the_same_list_in_the_same_order_on_both_databases(spots, typed, found):
    assert names(typed, limit=4) == found


def test_the_whole_name_comes_before_longer_ones(spots):
    assert names("jati") == ["jati", "jati baru"]
    assert names("limau manis")[:2] == ["limau manis", "limau manis selatan"]


def test_short_words_alone_find_beginnings(spots):
    assert names("ol") == ["olo"]
    assert names("ja") == ["jati", "jati baru"]


def test_only_rows_of_the_given_queryset_are_found(spots):
    everywhere = {spot.search: spot.area for spot in Spot.objects.all()}
    found = names("lubuk", limit=20, queryset=Spot.objects.filter(area=2))
    assert found and all(everywhere[name] == 2 for name in found)
    assert len(found) < len(names("lubuk", limit=20))


def test_the_limit_holds(spots):
    assert len(names("kampung", limit=2)) == 2 and names("kampung", limit=0) == []


def test_the_index_follows_changes_and_removals(spots):
    Spot.objects.filter(search="purus").update(search="purus kebun")
    Spot.objects.filter(search="olo").delete()
    Spot.objects.create(search="belimbing")
    assert names("purus")[0] == "purus kebun" and "olo" not in names("olo") and names("belimbiang")[0] == "belimbing"
    assert names("kebun") == ["purus kebun"]


def test_what_is_rolled_back_is_not_found(spots):
    with transaction.atomic():
        Spot.objects.create(search="sementara")
        transaction.set_rollback(True)
    assert names("sementara") == []


def test_an_index_made_later_knows_the_rows_that_were_there(table_setup):
    """Also the way in which a later migration repeats the operation."""
    late = type("Late", (models.Model,), {"__module__": __name__, "search": models.TextField(), "Meta": type("Meta", (), {
        "app_label": "stores_tests", "apps": Place._meta.apps, "db_table": "stores_tests_late"})})
    operation = CreateTextIndex("stores_tests_late_text", table="stores_tests_late", text_column="search")
    with table_setup(late):
        late.objects.create(search="sudah ada")
        for _ in range(2):
            with connection.schema_editor() as editor:
                operation.database_forwards("x", editor, None, None)
        index = TextIndex("stores_tests_late_text", table="stores_tests_late", text_column="search")
        assert [row.search for row in matching(late.objects.all(), index, "sudah")] == ["sudah ada"]
        with connection.schema_editor() as editor:
            operation.database_backwards("x", editor, None, None)


def test_an_index_asked_about_another_table_refuses(spots):
    with pytest.raises(ValueError, match="is over"):
        matching(Place.objects.all(), INDEX, "x")


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="extensions are PostgreSQL's")
def test_a_role_that_may_not_create_the_extension_is_told_what_to_do(db, monkeypatch):
    class Editor:
        connection = connection

        def execute(self, statement):
            raise ProgrammingError("permission denied to create extension")

    with connection.cursor() as cursor:
        cursor.execute("DROP EXTENSION IF EXISTS pg_trgm CASCADE")
    with pytest.raises(NotSupportedError, match="CREATE EXTENSION pg_trgm"):
        search._need_pg_trgm(Editor())


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite always answers MATCH from its index")
def test_the_index_is_used(spots):
    load(Spot, ["search"], ((f"tempat nomor {n:05}",) for n in range(3000)))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE stores_tests_spot; SET LOCAL enable_seqscan = off")
    plan = Spot.objects.filter(search._Near(models.F("search"), models.Value("buaya"))).explain()
    assert INDEX.name in plan
    assert INDEX.name in Spot.objects.filter(search__contains="buaya").explain()


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL keeps indexes true by itself")
def test_the_triggers_are_watched(spots, monkeypatch):
    monkeypatch.setattr(triggers, "applied", lambda connection: iter([OPERATION]))
    assert triggers.missing(connection) == []
    with connection.cursor() as cursor:
        cursor.execute(f'DROP TRIGGER "{INDEX.virtual_table}_insert"')
    assert triggers.missing(connection) == [f"{INDEX.table}.{INDEX.virtual_table}_insert"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40))
def test_no_words_break_the_search(spots, words):
    assert len(names(words)) <= 5


@given(st.text("abcdefghij ", max_size=20), st.text("abcdefghij ", max_size=20))
def test_closeness_is_a_share_and_one_only_for_the_same_words(sought, text):
    near = closeness(sought, text)
    assert 0 <= near <= 1
    if near == 1:
        assert set(sought.split()) <= set(text.split())


def test_closeness_grows_with_likeness():
    assert closeness("lubuk buaya", "lubuk buaya") == 1
    assert closeness("lubuak buayo", "lubuk buaya") > closeness("lubuak buayo", "lubuk lintah")
    assert closeness("padang", "padang") > closeness("padang", "padang pasir") > closeness("padang", "pauh")
