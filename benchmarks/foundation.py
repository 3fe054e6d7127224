"""The price of the one door: acts, audit and recorded reads against the bare rows, on PostgreSQL."""
import hmac
import random
import time
from collections.abc import Callable
from typing import Any

from benchmarks.harness import Figure, compare, in_processes, pgbench, say, scratch_postgres

THINGS, ENTRIES, WRITERS = 100_000, 200_000, 8
# The rows an act writes, without an application: the thing itself, its audit entry, the lane's head, its event. Same columns, types and indexes.
BARE_WRITE = r"""
\set id random(1, {things})
\set state random(1, 1000000)
\set seq random(1, 9000000000000000)
BEGIN;
UPDATE bench_thing SET state = :state WHERE id = :id;
INSERT INTO bench_entry (lane, seq, body, mac) VALUES (:client_id, :seq, '{body}', decode(repeat('ab', 64), 'hex'));
UPDATE bench_lane SET seq = :seq, mac = decode(repeat('ab', 64), 'hex'), seal = decode(repeat('cd', 64), 'hex') WHERE lane = :client_id;
INSERT INTO bench_event (name, payload, actor, request_id, created_at) VALUES ('bench.moved', '{{"thing": 1}}', 'account:1', 'r', now());
COMMIT;
"""
BARE_READ = r"""
\set id random(1, {things})
\set seq random(1, 9000000000000000)
SELECT id, office, territory, state FROM bench_thing WHERE id = :id;
INSERT INTO bench_entry (lane, seq, body, mac) VALUES (:client_id, :seq, '{body}', decode(repeat('ab', 64), 'hex'));
"""


def prepare() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_thing (id bigint PRIMARY KEY, office text NOT NULL, territory text NOT NULL, state bigint NOT NULL)")
        cursor.execute("INSERT INTO bench_thing SELECT n, 'kota.dinas' || n %% 50, '1.2.' || n %% 104, 0 FROM generate_series(1, %s) n", [THINGS])
        cursor.execute("CREATE TABLE bench_entry (LIKE audit_entry INCLUDING ALL)")
        cursor.execute("CREATE TABLE bench_lane (LIKE audit_lane INCLUDING ALL)")
        cursor.execute("INSERT INTO bench_lane SELECT * FROM audit_lane")
        cursor.execute("CREATE TABLE bench_event (LIKE jobs_outboxevent INCLUDING ALL)")
        cursor.execute("VACUUM ANALYZE bench_thing")


def thing_model() -> Any:
    """The benchmark's own row, unmanaged: it stands for any row of a room."""
    from django.apps import apps
    from django.db import models

    from amanah.foundation.kernel.actor import Scope

    if "thing" in apps.all_models["bench"]:
        return apps.all_models["bench"]["thing"]

    class Thing(models.Model):
        office = models.TextField()
        territory = models.TextField()
        state = models.BigIntegerField()

        class Meta:
            app_label, db_table, managed = "bench", "bench_thing", False

        @property
        def scope(self) -> Scope:
            return Scope(self.office, self.territory)

    return Thing


def actor() -> Any:
    from amanah.foundation.kernel.actor import Actor, Holding, Scope

    held = frozenset({"bench.move", "bench.open"})
    return Actor("account:1", "staff", "Contoh", 1, (Holding(held, Scope("kota", "1.2"), "role:bench"),), request_id="r")


# ---------------------------------------------------------------- what the worker processes do

def mover() -> Callable[[], None]:
    from amanah.foundation.acts import act, emit

    thing, who = thing_model(), actor()

    @act("bench.move", title="Menggeser", says="{actor} menggeser {subject}", emits=("bench.moved",))
    def move(actor: Any, row: Any, *, state: int) -> None:
        """Move a thing."""
        thing.objects.filter(pk=row.pk).update(state=state)
        emit("bench.moved", thing=row.pk)

    def deed() -> None:
        # The row is made here, not read: the bare leg does not read it either.
        move(who, thing(id=random.randint(1, THINGS), office="kota.dinas1", territory="1.2.3", state=0), state=random.randint(1, 1_000_000))

    return deed


def reader() -> Callable[[], None]:
    from amanah.foundation.acts import covered, look, permission

    thing, who = thing_model(), actor()
    permission("bench.open", "Membuka")

    def deed() -> None:
        row = thing.objects.filter(covered(who, "bench.open", office="office", territory="territory"), pk=random.randint(1, THINGS)).get()
        look(who, "bench.open", row, purpose="tolok ukur")

    return deed


# ---------------------------------------------------------------- the run

def run(*, seconds: float) -> list[Figure]:
    with scratch_postgres() as url:
        prepare()
        return [*writing(url, seconds), reading(url, seconds), verifying()]


def example_body() -> str:
    from amanah.foundation.audit.models import Entry

    # pgbench takes :name for a variable; a space after each colon keeps it JSON
    return Entry.objects.order_by("-id").first().body.replace("'", "''").replace(":", ": ")  # type: ignore[union-attr]


def writing(url: str, seconds: float) -> list[Figure]:
    from django.db import connection

    from amanah.foundation.audit import verification

    deed = mover()
    for _ in range(10):
        deed()
    with connection.cursor() as cursor:  # the answer first: every act left its row, its entry and its event
        cursor.execute("SELECT (SELECT count(*) FROM bench_thing WHERE state > 0), (SELECT count(*) FROM audit_entry),"
                       " (SELECT count(*) FROM jobs_outboxevent)")
        if (counts := cursor.fetchone()) != (10, 10, 10):
            raise SystemExit(f"wrong answer: {counts}")
    script = BARE_WRITE.format(things=THINGS, body=example_body())
    figures = [compare("act with audit and outbox, 8 writers", f"{THINGS:,} rows",
                       lambda: in_processes("benchmarks.foundation:mover", workers=WRITERS, seconds=seconds),
                       lambda protocol=protocol: pgbench(script, url, clients=WRITERS, seconds=seconds, protocol=protocol),
                       limit_name=f"pgbench, the same four rows, 8 clients, {protocol} protocol", least=least)
               for protocol, least in (("simple", 0.3), ("prepared", None))]
    with connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT count(*) FROM audit_entry), (SELECT count(*) FROM jobs_outboxevent), (SELECT sum(seq) FROM audit_lane)")
        counts = {int(n) for n in cursor.fetchone()}
    count, faults = verification.verify()
    if faults or counts != {count}:
        raise SystemExit(f"wrong answer after the run: {counts} entries, events and heads, {count} verified, {faults[:1]}")
    return figures


def reading(url: str, seconds: float) -> Figure:
    from django.db import connection

    from amanah.foundation.audit.models import Entry

    before = Entry.objects.filter(kind="read").count()
    deed = reader()
    for _ in range(10):
        deed()
    if Entry.objects.filter(kind="read").count() != before + 10:
        raise SystemExit("wrong answer: a read left no entry")
    script = BARE_READ.format(things=THINGS, body=example_body())
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE bench_entry")
    return compare("scoped point look-up with its durable read record, 8 clients", f"{THINGS:,} rows",
                   lambda: in_processes("benchmarks.foundation:reader", workers=WRITERS, seconds=seconds),
                   lambda: pgbench(script, url, clients=WRITERS, seconds=seconds),
                   limit_name="pgbench, SELECT + INSERT of the same rows, 8 clients, simple protocol", least=0.10)


def verifying() -> Figure:
    from django.db import connection, transaction

    from amanah.foundation.audit import rules, services, verification
    from amanah.foundation.audit.models import Entry

    have = Entry.objects.count()
    say(f"  building {max(0, ENTRIES - have):,} entries")
    while have < ENTRIES:
        with transaction.atomic():
            notes = [services.Note(kind="deed", deed="bench.move", actor="account:1", subject=f"bench.thing:{have + n}", via="role:bench",
                                   office="kota.dinas1", territory="1.2.3", request="r", details={"by": 1}) for n in range(500)]
            services.append(notes)
            have += len(notes)
    with connection.cursor() as cursor:  # the answer first: an edit is found and named, and all is well without it
        cursor.execute("SELECT id, lane, seq, body FROM audit_entry ORDER BY id OFFSET 12345 LIMIT 1")
        row, lane, seq, body = cursor.fetchone()
        for text, wanted in ((body.replace("bench", "bensh"), [(lane, seq, "edited")]), (body, [])):
            cursor.execute("SET session_replication_role = replica")
            cursor.execute("UPDATE audit_entry SET body = %s WHERE id = %s", [text, row])
            cursor.execute("SET session_replication_role = origin")
            count, faults = verification.verify()
            if [(f.lane, f.seq, f.kind) for f in faults] != wanted or count != Entry.objects.count():
                raise SystemExit(f"wrong answer: {count} entries, {faults[:1]}, wanted {wanted}")
        cursor.execute("SELECT body FROM audit_entry ORDER BY lane, seq")
        bodies = [text.encode() for (text,) in cursor.fetchall()]
    key, _name = services.signing_key()

    def ours() -> float:
        start = time.perf_counter()
        count, _faults = verification.verify()
        return count / (time.perf_counter() - start)

    def bare() -> float:
        start, mac = time.perf_counter(), rules.START
        for data in bodies:
            mac = hmac.digest(key, mac + data, "sha512")
        return len(bodies) / (time.perf_counter() - start)

    return compare("audit verification, from the database", f"{len(bodies):,} entries", ours, bare,
                   limit_name="bare HMAC-SHA512 over the same bytes in memory, one process", least=0.3,
                   bytes_an_entry=sum(map(len, bodies)) // len(bodies))

