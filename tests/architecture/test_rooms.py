"""What imports do not show: paragraphs, foreign keys, the clock, the web, the city's name, migrations."""
import ast
import csv
import importlib
import re

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader
from django.db.models import ForeignKey, ManyToManyField, OneToOneField

from .rooms import ROOT, imports, is_test, name, place, room_of, rooms, sources, tree

LONGEST_FILE = 450  # lines; a file that grows past some 400 becomes a package of the same name
WEB = ("django.http", "django.shortcuts", "django.views")
CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("timezone", "now")}


def ours():
    return [config for config in apps.get_app_configs() if config.name.startswith("amanah.")]


@pytest.mark.parametrize("room", rooms(), ids=lambda path: path.name)
def test_a_room_says_what_it_is_for_and_what_not(room):
    promise = ast.get_docstring(tree(room / "__init__.py")) or ""
    assert len(promise) > 60, "one paragraph, please"
    assert re.search(r"\b(not|nothing|nobody|never)\b", promise.lower()), "say also what it is not for"
    assert any(path.name != "__init__.py" for path in room.rglob("*.py")), "an empty room is not built"


def test_no_file_has_grown_into_a_package():
    long = {name(path): lines for path in sources(tests=True) if (lines := path.read_text(encoding="utf-8").count("\n")) > LONGEST_FILE}
    assert not long


def test_foreign_keys_point_down():
    wrong = []
    for config in ours():
        for model in config.get_models():
            for field in model._meta.get_fields():
                if not isinstance(field, ForeignKey | OneToOneField | ManyToManyField):
                    continue
                target = field.related_model.__module__
                if target.startswith("amanah.") and room_of(target) != room_of(model.__module__) and place(model.__module__) >= place(target):
                    wrong.append(f"{model._meta.label}.{field.name} points up or sideways to {field.related_model._meta.label}")
    assert not wrong


def test_a_foreign_key_upwards_would_be_found():
    assert place("amanah.foundation.audit.models") >= place("amanah.foundation.access.models")
    assert place("amanah.registries.territory.models") >= place("amanah.registries.offices.models")
    assert place("amanah.registries.offices.models") < place("amanah.registries.territory.models")
    with pytest.raises(LookupError):
        place("amanah.foundation.cellar.models")


def test_requests_responses_and_pages_stay_in_the_portals():
    wrong = [f"{name(path)}:{line} imports {what}" for floor in ("foundation", "registries", "engine", "domains") for path in sources(below=floor)
             for line, what in imports(path) if any(what == web or what.startswith(f"{web}.") for web in WEB)]
    assert not wrong


def test_only_the_clock_reads_the_clock():
    wrong = []
    for path in sources():
        if name(path) != "amanah/foundation/kernel/clock.py":
            wrong += [f"{name(path)}:{node.lineno}" for node in ast.walk(tree(path)) if isinstance(node, ast.Call)
                      and isinstance(node.func, ast.Attribute) and (getattr(node.func.value, "id", ""), node.func.attr) in CLOCKS]
    assert not wrong


def test_the_code_names_no_city():
    """Neither the city nor a district nor a code of either; that is what cities/<city>/ is for."""
    words = set()
    for city in (ROOT / "cities").iterdir():
        words.add(city.name)
        with (city / "territory.csv").open(encoding="utf-8", newline="") as rows:
            for row in csv.DictReader(row for row in rows if not row.startswith("#")):
                if row["code"].count(".") <= 2 and len(row["code"]) >= 5:
                    words |= {row["code"], row["name"].removeprefix("Kota ").removeprefix("Kabupaten ")}
    assert len(words) > 10
    pattern = re.compile("|".join(rf"(?<![\w.]){re.escape(word)}(?![\w.]*\d)\b" for word in sorted(words)), re.IGNORECASE)
    wrong = [f"{name(path)}:{number} {hit.group()}" for path in sorted((ROOT / "amanah").rglob("*")) if path.is_file() and not is_test(path)
             and path.suffix in (".py", ".html", ".txt", ".js", ".css", ".svg", ".po") and "vendor" not in path.parts
             for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) for hit in [pattern.search(line)] if hit]
    assert not wrong


def test_every_migration_can_be_taken_back_or_says_why_not():
    wrong = []
    for (app, title), migration in MigrationLoader(None, ignore_no_migrations=True).disk_migrations.items():
        if apps.get_app_config(app).name.startswith("amanah."):
            why = "irreversible:" in (importlib.import_module(migration.__module__).__doc__ or "").lower()
            wrong += [f"{app}.{title}: {operation.describe()}" for operation in migration.operations if not operation.reversible and not why]
    assert not wrong


def test_migrations_import_no_code_that_may_change():
    """A migration is history: it may use a room's own fields and triggers, but neither models nor services nor queries."""
    wrong = [f"{name(path)}:{line} imports {what}" for path in sorted((ROOT / "amanah").rglob("migrations/*.py")) for line, what in imports(path)
             if re.search(r"\.(services|queries|tasks|outlets)\b", what)]
    assert not wrong


@pytest.mark.django_db
def test_no_model_has_changed_without_a_migration():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
