"""The door, tried with acts of its own: a content type stands for a thing of the city."""
import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from amanah.foundation.acts import act, covered, emit, look, registry
from amanah.foundation.audit import verification
from amanah.foundation.audit.models import Entry
from amanah.foundation.jobs.models import OutboxEvent
from amanah.foundation.kernel.actor import PUBLIC, Actor, Holding, Scope
from amanah.foundation.kernel.errors import Invalid, Refused

pytestmark = pytest.mark.django_db
HERE = Scope(office="kota.dinkes", territory=None)


@pytest.fixture(autouse=True)
def own_acts():
    """Acts declared in a test are forgotten after it."""
    before = dict(registry.ACTS), dict(registry.PERMISSIONS), {k: set(v) for k, v in registry.EVENTS.items()}
    yield
    for known, kept in zip((registry.ACTS, registry.PERMISSIONS, registry.EVENTS), before, strict=True):
        known.clear()
        known.update(kept)


def somebody(*permissions: str, office: str = "kota.dinkes") -> Actor:
    return Actor("account:1", "staff", "Dedi Contoh", 1, (Holding(frozenset(permissions), Scope(office, ""), "role:tester"),), request_id="r-1")


def thing(name: str = "satu") -> ContentType:
    row = ContentType.objects.create(app_label="trial", model=name)
    row.scope = HERE
    return row


def rename():
    @act("trial.rename", title="x", says="{actor} menamai {subject} {name}", emits=("trial.renamed",), secret=("why",))
    def rename(actor, row, *, name, why=""):
        """Give a thing another name."""
        if not name:
            raise Invalid(name="Tulis namanya.")
        ContentType.objects.filter(pk=row.pk).update(model=name)
        emit("trial.renamed", row=row.pk)
        if name == "refuse":
            raise Refused
        return row

    return rename


def entries(**wanted):
    return [(e.kind, e.deed, e.actor, e.subject) for e in Entry.objects.filter(**wanted).order_by("id")]


def test_a_deed_changes_the_row_leaves_an_entry_and_an_event():
    row = thing()
    rename()(somebody("trial.rename"), row, name="dua", why="rahasia")
    row.refresh_from_db()
    entry = Entry.objects.get()
    assert row.model == "dua"
    assert entries() == [("deed", "trial.rename", "account:1", f"contenttypes.contenttype:{row.pk}")]
    assert '"details":{"name":"dua","why":"•••"}' in entry.body and '"via":"role:tester"' in entry.body and '"request":"r-1"' in entry.body
    assert "rahasia" not in entry.body
    assert OutboxEvent.objects.values_list("name", "payload", "actor", "request_id").get() == ("trial.renamed", f'{{"row":{row.pk}}}', "account:1", "r-1")
    assert verification.verify() == (1, [])


@pytest.mark.parametrize("actor", [PUBLIC, somebody(), somebody("trial.other"), somebody("trial.rename", office="kota.dinsos")])
def test_who_may_not_changes_nothing_and_the_refusal_is_written_down(actor):
    row = thing()
    with pytest.raises(Refused):
        rename()(actor, row, name="dua")
    row.refresh_from_db()
    assert row.model == "satu" and not OutboxEvent.objects.exists()
    assert entries() == [("refusal", "trial.rename", actor.ref, f"contenttypes.contenttype:{row.pk}")]


def test_a_refusal_in_the_middle_undoes_what_was_written_before_it_is_recorded():
    row = thing()
    with pytest.raises(Refused):
        rename()(somebody("trial.rename"), row, name="refuse")
    row.refresh_from_db()
    assert row.model == "satu" and not OutboxEvent.objects.exists()
    assert [kind for kind, *_ in entries()] == ["refusal"]


def test_bad_input_undoes_everything_and_leaves_no_entry():
    with pytest.raises(Invalid) as error:
        rename()(somebody("trial.rename"), thing(), name="")
    assert error.value.fields == ["name"] and not entries()


def test_an_act_on_something_of_no_scope_needs_the_whole_city():
    @act("trial.restart", title="x", says="{actor} memulai ulang")
    def restart(actor):
        """Begin anew."""

    with pytest.raises(Refused):
        restart(somebody("trial.restart"))
    restart(somebody("trial.restart", office=""))
    assert [kind for kind, *_ in entries()] == ["refusal", "deed"]


def test_what_is_created_is_the_subject():
    @act("trial.add", title="x", says="{actor} menambah {subject}", creates=True)
    def add(actor, place, *, name):
        """Add a thing."""
        return ContentType.objects.create(app_label="trial", model=name)

    made = add(somebody("trial.add"), thing(), name="baru")
    assert entries()[0][3] == f"contenttypes.contenttype:{made.pk}"


def test_nested_acts_share_one_transaction_and_name_their_parent():
    inner = rename()

    @act("trial.tidy", title="x", says="{actor} merapikan {subject}")
    def tidy(actor, row):
        """Tidy up."""
        inner(actor, row, name="rapi")

    tidy(somebody("trial.tidy", "trial.rename"), thing())
    assert [deed for _, deed, *_ in entries()] == ["trial.tidy", "trial.rename"]
    assert '"parent":"trial.tidy"' in Entry.objects.get(deed="trial.rename").body
    assert Entry.objects.values("lane").distinct().count() == 1


def test_a_nested_act_that_fails_and_is_caught_leaves_nothing_behind():
    inner = rename()

    @act("trial.attempt", title="x", says="{actor} mencoba {subject}")
    def attempt(actor, row):
        """Try, and go on without."""
        try:
            inner(actor, row, name="refuse")
        except Refused:
            return "went on"

    row = thing()
    assert attempt(somebody("trial.attempt", "trial.rename"), row) == "went on"
    row.refresh_from_db()
    assert row.model == "satu" and not OutboxEvent.objects.exists()
    assert [deed for _, deed, *_ in entries()] == ["trial.attempt"]


def test_events_must_be_declared_and_belong_to_an_act():
    @act("trial.shout", title="x", says="{actor} berseru")
    def shout(actor):
        """Shout."""
        emit("trial.undeclared")

    with pytest.raises(RuntimeError, match="does not declare"):
        shout(Actor.system("trial"))
    with pytest.raises(RuntimeError, match="outside an act"):
        emit("trial.renamed")


def test_one_name_for_each_deed():
    rename()
    with pytest.raises(ValueError, match="taken"):
        rename()
    with pytest.raises(ValueError, match="no name"):
        registry.permission("Trial Rename", "x")
    with pytest.raises(TypeError):
        act("trial.wide", title="x", says="x")(lambda actor, one, two: None)


def test_a_read_is_recorded_with_its_purpose_or_refused():
    row = thing()
    look(somebody("trial.open"), "trial.open", row, purpose="layanan surat")
    assert entries() == [("read", "trial.open", "account:1", f"contenttypes.contenttype:{row.pk}")]
    with pytest.raises(Refused):
        look(somebody("trial.open"), "trial.open", row, purpose="")
    with pytest.raises(Refused):
        look(somebody(), "trial.open", row, purpose="ingin tahu")
    assert [kind for kind, *_ in entries()] == ["read", "refusal"]


def test_an_act_costs_a_bounded_number_of_statements(django_assert_max_num_queries):
    row, deed = thing(), rename()
    # savepoint and release (begin and commit outside tests), the row, the lane, entry and head, the outbox
    with django_assert_max_num_queries(6 if connection.vendor == "postgresql" else 7):
        deed(somebody("trial.rename"), row, name="tiga")


paths = st.sampled_from(["", "a", "a.b", "a.b.c", "a.bc", "d", "d.e"])
scopes = st.builds(Scope, office=paths, territory=paths)


class ListsAndChecksAgree(TestCase):
    """One rule answers "may I?" and "which ones?"; rows of the outbox stand for things, their columns for paths."""

    @settings(max_examples=60, deadline=None)
    @given(st.lists(scopes, max_size=3), st.lists(st.tuples(paths, paths), min_size=1, max_size=6, unique=True))
    def test_covered_lists_exactly_what_may_says(self, held, things):
        actor = Actor("account:1", "staff", "x", 1, tuple(Holding(frozenset({"trial.read"}), scope, "role:x") for scope in held))
        OutboxEvent.objects.all().delete()
        for office, territory in things:
            OutboxEvent.objects.create(name=office, actor=territory, payload="{}", created_at="2026-01-01T00:00Z")
        listed = set(OutboxEvent.objects.filter(covered(actor, "trial.read", office="name", territory="actor")).values_list("name", "actor"))
        self.assertEqual(listed, {thing for thing in things if actor.may("trial.read", Scope(*thing))})
