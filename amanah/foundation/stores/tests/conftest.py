"""Tables for the tests of this room. They live in a registry of their own, so that no other test and no migration ever sees them."""
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.apps.registry import Apps
from django.db import connection, models
from django.db.migrations.operations.base import Operation


class Colour(models.TextChoices):
    RED = "merah"
    BLACK = "hitam"


class Place(models.Model):
    name = models.CharField(max_length=40)

    class Meta:
        app_label, apps, db_table = "stores_tests", Apps(), "stores_tests_place"


class Thing(models.Model):
    """A column of every kind that matters."""

    name = models.CharField(max_length=60)
    rank = models.IntegerField(default=7)
    weight = models.DecimalField(max_digits=12, decimal_places=3, null=True)
    colour = models.CharField(max_length=10, choices=Colour, default=Colour.RED)
    details = models.JSONField(default=dict)
    day = models.DateField(null=True)
    at = models.DateTimeField(null=True)
    token = models.UUIDField(null=True, unique=True)
    seal = models.BinaryField(null=True)
    kept = models.BooleanField(default=False)
    place = models.ForeignKey(Place, models.PROTECT, null=True, db_constraint=False)

    class Meta:
        app_label, apps, db_table = "stores_tests", Place._meta.apps, "stores_tests_thing"


class Entry(models.Model):
    """A record that must stay as it was written."""

    number = models.IntegerField(unique=True)
    text = models.TextField()

    class Meta:
        app_label, apps, db_table = "stores_tests", Place._meta.apps, "stores_tests_entry"


@contextmanager
def tables(*made: type[models.Model], then: tuple[Operation, ...] = ()) -> Iterator[None]:
    with connection.schema_editor() as editor:
        for model in made:
            editor.create_model(model)
        for operation in then:
            operation.database_forwards("stores_tests", editor, None, None)
    try:
        yield
    finally:
        with connection.schema_editor() as editor:
            for operation in reversed(then):
                operation.database_backwards("stores_tests", editor, None, None)
            for model in reversed(made):
                editor.delete_model(model)


@pytest.fixture(scope="session")
def table_setup(django_db_setup, django_db_blocker):
    """Makes tables outside of the tests' transactions, which SQLite demands."""
    @contextmanager
    def setup(*made, then=()):
        with django_db_blocker.unblock(), tables(*made, then=then):
            yield
    return setup


@pytest.fixture(scope="session")
def things(table_setup):
    with table_setup(Place, Thing):
        yield
