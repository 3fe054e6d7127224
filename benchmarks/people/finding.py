"""Finding somebody in a filled register: by NIK, with a record of the look, by name in every spelling, and while typing. Answers first.

Expects Django to be set up on a database with a register in it; half of the searches are of officials of the whole city, the others of one
kecamatan or one kelurahan. A time is shown as a rate, and its limit as the rate that the issue asks for: a ratio of 1 and more holds.
"""
import os
import random
import statistics
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.harness import Figure, compare, in_processes, keep, pgbench, say

CLIENTS, SAMPLE = 8, 2_000
BODY = '{"actor": "account: 1", "at": 1795000000000000, "deed": "people.read", "kind": "read", "purpose": "tolok ukur", "subject": "people.person: 1"}'
BARE_LOOK = r"""
\set id random(1, {persons})
\set seq random(1, 9000000000000000)
SELECT id, name, sex, born, status, family_id, relation, place_id FROM people_person WHERE id = :id;
INSERT INTO bench_entry (lane, seq, body, mac) VALUES (:client_id, :seq, '{body}', decode(repeat('ab', 64), 'hex'));
"""


def official(territory: str = "") -> Any:
    from amanah.foundation.kernel.actor import Actor, Holding, Scope

    return Actor("account:1", "staff", "Contoh", 1, (Holding(frozenset({"people.read"}), Scope("", territory), "role:bench"),), request_id="r")


def sample(count: int = SAMPLE, seed: int = 1) -> list[Any]:
    """Persons drawn from everywhere in the register, with the code of their place."""
    from amanah.registries.people.models import Person

    drawn = random.Random(seed)
    last = Person.objects.order_by("-pk").values_list("pk", flat=True)[0]
    numbers = [drawn.randint(1, last) for _n in range(count)]
    return sorted(Person.objects.filter(pk__in=numbers, status=1).select_related("place"), key=lambda person: numbers.index(person.pk))


def niks(persons: Sequence[Any]) -> list[tuple[int, Any]]:
    from django.conf import settings

    from amanah.foundation.kernel.identifiers import Nik

    return [(person.pk, Nik(settings.SEAL.open(person.nik, "nik"))) for person in persons if person.nik]


# ---------------------------------------------------------------- what the worker processes do

def looker() -> Callable[[], None]:
    """Somebody is looked up by NIK: permission, scope, record of the read."""
    from amanah.registries.people.queries.purposes import purposes
    from amanah.registries.people.queries.search import by_nik
    from amanah.registries.people.services.looking import person_shown

    who, known = official(), niks(sample(seed=random.randint(1, 1_000_000)))
    purpose = purposes(permission="people.read")[0].code

    def deed() -> None:
        row = by_nik(who, random.choice(known)[1])
        if row is None:
            raise SystemExit("wrong answer: somebody is not found by their NIK")
        person_shown(who, row, purpose=purpose)

    return deed


def bare_looker() -> Callable[[], None]:
    """The same rows without an application, where there is no pgbench: SQLite."""
    from django.db import connection, transaction

    from amanah.registries.people.models import Person

    last = Person.objects.order_by("-pk").values_list("pk", flat=True)[0]
    client = os.getpid()

    def deed() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT id, name, sex, born, status, family_id, relation, place_id FROM people_person WHERE id = %s", [random.randint(1, last)])
            cursor.fetchone()
            cursor.execute("INSERT INTO bench_entry (lane, seq, body, mac) VALUES (%s, %s, %s, %s)", [client, random.getrandbits(62), BODY, b"\xab" * 64])

    return deed


# ---------------------------------------------------------------- the run

def run(*, seconds: float) -> list[Figure]:
    from django.db import connection

    from amanah.registries.people.models import Person

    size = f"{Person.objects.count():,} persons, {connection.vendor}"
    persons = sample()
    return [lookup(size, persons), recorded(size, seconds), by_name(size, persons), typing(size, persons)]


def lookup(size: str, persons: Sequence[Any]) -> Figure:
    from amanah.registries.people.queries.search import by_nik

    known, who = niks(persons), official()
    for number, nik in known[:200]:
        row = by_nik(who, nik)
        if row is None or row.id != number:
            raise SystemExit("wrong answer: a NIK finds somebody else or nobody")
    return within("NIK look-up in process, scoped", size, [lambda nik=nik: by_nik(who, nik) for _number, nik in known], p95=5)


def recorded(size: str, seconds: float) -> Figure:
    from django.db import connection

    from amanah.foundation.audit.models import Entry
    from amanah.registries.people.models import Person

    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_entry")
        cursor.execute("CREATE TABLE bench_entry (LIKE audit_entry INCLUDING ALL)" if connection.vendor == "postgresql" else
                       "CREATE TABLE bench_entry (id integer PRIMARY KEY AUTOINCREMENT, lane integer, seq integer, body text, mac blob, UNIQUE (lane, seq))")
    before, deed = Entry.objects.filter(kind="read").count(), looker()
    for _n in range(10):
        deed()
    if Entry.objects.filter(kind="read").count() != before + 10:
        raise SystemExit("wrong answer: a look left no entry")
    last = Person.objects.order_by("-pk").values_list("pk", flat=True)[0]

    def bare() -> float:
        if connection.vendor != "postgresql":
            return in_processes("benchmarks.people.finding:bare_looker", workers=CLIENTS, seconds=seconds)
        return pgbench(BARE_LOOK.format(persons=last, body=BODY), os.environ["AMANAH_DATABASE_URL"], clients=CLIENTS, seconds=seconds)

    try:
        return compare("NIK look-up with its durable read record, 8 clients", size,
                       lambda: in_processes("benchmarks.people.finding:looker", workers=CLIENTS, seconds=seconds), bare,
                       limit_name=f"{'pgbench' if connection.vendor == 'postgresql' else 'bare statements'}, SELECT + INSERT, 8 clients", least=0.10)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE bench_entry")


def by_name(size: str, persons: Sequence[Any]) -> Figure:
    from amanah.registries.people.queries.search import find

    asked = mix(persons)
    for person in persons[:100]:
        page = find(official(), name=person.name, born=person.born)
        if person.pk not in {row.id for row in page.rows} and page.next is None:
            raise SystemExit("wrong answer: somebody is not found by name and birth date")
    return within(f"search by name, {len(asked)} different questions", size, [lambda who=who, text=text: find(who, text) for who, text in asked],
                  p95=100, most=300, kinds="common, rare, two words, whole names, typing errors, fragments, short words")


def typing(size: str, persons: Sequence[Any]) -> Figure:
    from amanah.registries.people.queries.search import suggest

    who, deeds = official(), []
    for person in persons[100:200]:
        name = person.name.lower()
        deeds += [lambda text=name[:length]: suggest(who, text) for length in range(2, min(len(name), 12), 2)]
    if not any(deed() for deed in deeds[:20]):
        raise SystemExit("wrong answer: nothing is suggested")
    return within("names suggested while typing", size, deeds, p95=100, most=300)


def mix(persons: Sequence[Any]) -> list[tuple[Any, str]]:
    """The fixed mix of questions, each with who asks."""
    drawn = random.Random(3)
    counted = Counter(word for person in persons for word in person.name.lower().split() if len(word) > 2)
    common = [word for word, _many in counted.most_common(60)]
    texts = [*common, *(f"{one} {other}" for one, other in zip(common, common[7:], strict=False)), *"abdefhiklmnprsuwyz"]
    for person in persons[200:300]:
        words = [word for word in person.name.lower().split() if len(word) > 2] or [person.name.lower()]
        long = max(words, key=len)
        at = drawn.randrange(max(1, len(long) - 1))
        texts += [
            person.name, long, long[:4], long[1:6], long[-4:],
            f"{long[:at]}{long[at + 1:at + 2]}{long[at:at + 1]}{long[at + 2:]}",      # two letters swapped
            f"{long[:at]}{long[at + 1:]} {words[0]}",                                   # one left out
            f"{words[-1]} {words[0][:3]}", f"{words[0]} {drawn.choice(common)} {words[-1]}",
        ]
    scopes = [official(), official(), *(official(".".join(person.place.code.split(".")[:depth])) for person, depth in zip(persons, (3, 4), strict=False))]
    return [(scopes[n % 4], text) for n, text in enumerate(dict.fromkeys(texts))]


def within(name: str, size: str, deeds: Sequence[Callable[[], Any]], *, p95: float, most: float = 0, rounds: int = 3, **notes: Any) -> Figure:
    """How long the deeds take, one after the other, against what is asked in milliseconds; each round is a pair."""
    say(f"  {name}")
    for deed in deeds[:20]:
        deed()
    pairs, all_times = [], []
    for _round in range(rounds):
        times = []
        for deed in deeds:
            start = time.perf_counter()
            deed()
            times.append((time.perf_counter() - start) * 1000)
        slow = statistics.quantiles(times, n=20)[-1]
        worst = max(slow / p95, max(times) / most if most else 0)
        pairs.append((1000 / (worst * p95), 1000 / p95))
        all_times += times
        say(f"    p50 {statistics.median(times):.1f} ms, p95 {slow:.1f} ms, longest {max(times):.1f} ms")
    asked = f"p95 under {p95:g} ms{f', never over {most:g} ms' if most else ''}"
    figure = Figure(name, size, statistics.median(pair[0] for pair in pairs), 1000 / p95, asked, 1.0, pairs, {
        "p50_ms": round(statistics.median(all_times), 1), "p95_ms": round(statistics.quantiles(all_times, n=20)[-1], 1),
        "longest_ms": round(max(all_times), 1), "questions": len(deeds), **notes})
    keep(figure)
    return figure
