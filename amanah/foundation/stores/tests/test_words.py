import pytest
from django.db import connection, models
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amanah.foundation.stores import triggers
from amanah.foundation.stores.bulk import load
from amanah.foundation.stores.words import CreateWordIndex, WordIndex, among, beginning, holding

from .conftest import Place

NAMES = ("muhamad yusup", "yusup", "yusupa rahman", "rahman muhamad", "siti nur halija", "nurhalija", "ali", "alia siti", "a ali", "abdul 17 ali")


class Named(models.Model):
    search = models.CharField(max_length=80)
    area = models.IntegerField(default=1)

    class Meta:
        app_label, apps, db_table = "stores_tests", Place._meta.apps, "stores_tests_named"


INDEX = WordIndex("stores_tests_named_words", table="stores_tests_named", text_column="search")
OPERATION = CreateWordIndex(INDEX.name, table=INDEX.table, text_column=INDEX.text_column, beginnings=True)


@pytest.fixture(scope="module")
def indexed(table_setup):
    with table_setup(Named, then=(OPERATION,)):
        yield


@pytest.fixture
def named(indexed, db):
    load(Named, ["search", "area"], [(name, n % 2) for n, name in enumerate(NAMES)])


def texts(rows):
    return sorted(row.search for row in rows)


def found(*words, **how):
    return texts(holding(Named.objects.all(), INDEX, [word.split("|") for word in words], **how))


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize(("words", "names"), [
    (["yusup"], ["muhamad yusup", "yusup"]),
    (["yusup*"], ["muhamad yusup", "yusup", "yusupa rahman"]),
    (["muhamad", "rahman"], ["rahman muhamad"]),
    (["rahman", "muhamad"], ["rahman muhamad"]),
    (["ali|alia"], ["a ali", "abdul 17 ali", "ali", "alia siti"]),
    (["nurhalija|nur", "nurhalija|halija"], ["nurhalija", "siti nur halija"]),
    (["a"], ["a ali"]), (["a*", "17"], ["abdul 17 ali"]), (["xyz"], []), ([], []), (["?!"], []), (["ali", "%"], []),
    (["ali' | '\":* & ("], ["a ali", "abdul 17 ali", "ali"]), (["al\x00i"], ["a ali", "abdul 17 ali", "ali"]),
])
def test_every_word_in_one_of_its_spellings_on_both_databases(named, words, names, narrow):
    assert found(*words, narrow=narrow) == names


def test_one_of_three_words_may_be_missing(named):
    assert found("siti", "nur", "haliza") == []
    assert found("siti", "nur", "haliza", but_one=True) == ["siti nur halija"]
    assert found("siti", "haliza", but_one=True) == [], "of two words none may be missing"


def test_narrowed_and_counted_like_any_list(named):
    assert texts(holding(Named.objects.filter(area=0), INDEX, [["ali*"]])) == ["a ali", "ali"]
    assert holding(Named.objects.all(), INDEX, [["ali*"]]).count() == 4
    assert len(holding(Named.objects.all(), INDEX, [["ali*"]])[:2]) == 2
    numbers = list(Named.objects.filter(search__in=["ali", "yusup"]).values_list("pk", flat=True))
    for narrow in (False, True):
        assert texts(among(Named.objects.all(), "id", numbers, narrow=narrow)) == ["ali", "yusup"]
        assert texts(holding(among(Named.objects.all(), "id", numbers, narrow=narrow), INDEX, [["ali"]], narrow=narrow)) == ["ali"]
    assert texts(among(Named.objects.all(), "id", [])) == []


def test_texts_that_begin_so(named):
    assert texts(beginning(Named.objects.all(), INDEX, "al")) == ["ali", "alia siti"]
    assert texts(beginning(Named.objects.all(), INDEX, "%")) == []


def test_the_index_follows_every_change(named):
    row = Named.objects.get(search="yusup")
    row.search = "jakob"
    row.save()
    assert (found("yusup"), found("jakob")) == (["muhamad yusup"], ["jakob"])
    row.delete()
    assert found("jakob") == []


def test_it_stands_aside_and_comes_back_over_what_is_there(named):
    with connection.cursor() as cursor:
        for statement in OPERATION.take(connection.vendor):
            cursor.execute(statement)
        assert not triggers.existing(connection, INDEX.table)
        load(Named, ["search"], [("datang kemudian",)])
        for statement in OPERATION.put(connection.vendor):
            cursor.execute(statement)
    assert found("kemudian") == ["datang kemudian"]
    assert found("muhamad") == ["muhamad yusup", "rahman muhamad"]


def test_another_table_is_refused(named):
    with pytest.raises(ValueError, match="is over"):
        holding(Place.objects.all(), INDEX, [["ali"]])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.text(max_size=12), min_size=1, max_size=3), min_size=1, max_size=4), st.booleans())
def test_nothing_that_is_asked_breaks_the_question(named, words, but_one):
    list(holding(Named.objects.all(), INDEX, words, but_one=but_one))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(NAMES), st.data())
def test_whatever_a_word_begins_with_finds_it(named, name, data):
    word = data.draw(st.sampled_from(name.split()))
    assert name in found(word[:data.draw(st.integers(1, len(word)))] + "*")
