import pytest
from django.core.checks import run_checks
from django.core.management.color import no_style
from django.db import IntegrityError, connection, models, transaction

from amanah.foundation.stores import triggers
from amanah.foundation.stores.guard import AppendOnly, guarded, lifted

from .conftest import Entry

TABLE = Entry._meta.db_table


@pytest.fixture(scope="module")
def guarded_table(table_setup):
    with table_setup(Entry, then=(AppendOnly(TABLE),)):
        yield


@pytest.fixture
def entry(guarded_table, db):
    return Entry.objects.create(number=1, text="asli")


def sql(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("change", [
    lambda: Entry.objects.update(text="lain"),
    lambda: Entry.objects.filter(number=1).delete(),
    lambda: sql(f"UPDATE {TABLE} SET text = 'lain'"),
    lambda: sql(f"DELETE FROM {TABLE}"),
    lambda: Entry.objects.bulk_create([Entry(number=1, text="lain")], update_conflicts=True, unique_fields=["number"], update_fields=["text"]),
])
def test_rows_can_be_neither_changed_nor_removed(entry, change):
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        change()
    assert list(Entry.objects.values_list("text", flat=True)) == ["asli"]


def test_a_changed_row_cannot_be_saved(entry):
    entry.text = "lain"
    with pytest.raises(IntegrityError, match=r"append-only: UPDATE refused"), transaction.atomic():
        entry.save()


def test_rows_can_still_be_added(entry):
    Entry.objects.create(number=2, text="berikutnya")
    assert Entry.objects.count() == 2


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no TRUNCATE")
def test_the_table_cannot_be_truncated(entry):
    with pytest.raises(IntegrityError, match="TRUNCATE refused"), transaction.atomic():
        sql(f"TRUNCATE {TABLE}")


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL has no REPLACE")
def test_replace_does_not_slip_past_the_guard(entry):
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        sql(f"INSERT OR REPLACE INTO {TABLE} (id, number, text) VALUES ({entry.pk}, 9, 'lain')")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        sql(f"REPLACE INTO {TABLE} (number, text) VALUES (1, 'lain')")


def test_the_guard_can_be_lifted_in_tests_and_stands_again_afterwards(entry):
    with lifted(connection):
        assert not guarded(connection, TABLE)
        Entry.objects.update(text="diubah diam-diam")
    assert guarded(connection, TABLE)
    assert Entry.objects.get().text == "diubah diam-diam"
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.update(text="lagi")


def test_the_guard_stands_again_after_an_error(entry):
    with pytest.raises(ZeroDivisionError), lifted(connection):
        raise ZeroDivisionError
    assert guarded(connection, TABLE)


def test_nothing_lifts_the_guard_outside_tests(entry, settings):
    settings.TESTING = False
    with pytest.raises(RuntimeError, match="tests only"), lifted(connection):
        pass
    assert guarded(connection, TABLE)


def test_the_operation_is_reversible_and_repeatable(table_setup):
    operation = AppendOnly(TABLE + "_2")
    model = type("Entry2", (models.Model,), {"__module__": __name__, "Meta": type("Meta", (), {
        "app_label": "stores_tests", "apps": Entry._meta.apps, "db_table": operation.table})})
    with table_setup(model):
        for _ in range(2):
            with connection.schema_editor() as editor:
                operation.database_forwards("x", editor, None, None)
            assert guarded(connection, operation.table)
        with connection.schema_editor() as editor:
            operation.database_backwards("x", editor, None, None)
        assert not guarded(connection, operation.table)
        model.objects.create(id=1)
        assert model.objects.all().delete()[0] == 1


def test_long_table_names_get_names_the_database_accepts():
    names = AppendOnly("t" * 63).trigger_names("postgresql")
    assert len(set(names)) == 2 and all(len(name) <= 63 for name in names)


@pytest.mark.django_db(transaction=True)
def test_a_test_that_commits_leaves_the_guarded_table_empty_for_the_next(guarded_table):
    Entry.objects.create(number=5, text="tinggal")
    connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), [TABLE]))
    assert Entry.objects.count() == 0
    assert guarded(connection, TABLE)


@pytest.mark.django_db
def test_every_guard_and_index_that_a_migration_made_still_stands():
    assert triggers.missing(connection) == []


def test_a_lost_guard_is_found_by_the_system_check(entry, monkeypatch):
    monkeypatch.setattr(triggers, "applied", lambda connection: iter([AppendOnly(TABLE)]))
    def found():
        return [error for error in run_checks(tags=["database"], databases=["default"]) if error.id == "stores.E001"]

    assert found() == []
    with lifted(connection):
        assert len(found()) == 2
