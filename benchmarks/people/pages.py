"""The staff pages of a filled register: whole requests through every layer, signed in, each look recorded. Answers first.

Expects Django to be set up on a database with a demonstration city in it. A time is shown as a rate, and its limit as the rate that the issue
asks for: a ratio of 1 and more holds.
"""
import random
import time
from typing import Any

from benchmarks.harness import Figure, say
from benchmarks.people.finding import within

ROLE, PAGES = "operator_data", 300
FAMILY_MS, FAMILY_STATEMENTS, ROSTER_MS, SEARCH_MS = 50, 12, 3000, 300


def signed_in() -> Any:
    """A browser of the operator of the register, with a purpose chosen."""
    from django.test import Client
    from django.urls import reverse

    client = Client(HTTP_HOST="localhost", HTTP_ACCEPT_LANGUAGE="id")
    if client.post(reverse("signin_demo", args=[ROLE])).status_code != 302:
        raise SystemExit(f"{ROLE} cannot sign in")
    if client.post(reverse("office_register_purpose"), {"keperluan": a_purpose("people.read")}).status_code != 302:
        raise SystemExit("no purpose can be chosen")
    return client


def a_purpose(permission: str) -> str:
    from amanah.registries.people.queries.purposes import purposes

    return purposes(permission=permission)[0].code


def run(*, seconds: float) -> list[Figure]:
    from django.db import connection
    from django.db.models import Count
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    from amanah.registries.people.models import Person
    from amanah.registries.territory import queries as territory

    size = f"{Person.objects.count():,} persons, {connection.vendor}"
    client, drawn = signed_in(), random.Random(3)
    last = Person.objects.order_by("-pk").values_list("pk", flat=True)[0]
    some = list(Person.objects.filter(pk__in=[drawn.randint(1, last) for _n in range(3 * PAGES)], status=1, family__isnull=False)
                .values_list("pk", "family_id"))[:PAGES]
    addresses = {"family page": [reverse("office_register_family", args=[family]) for _person, family in some],
                 "person page": [reverse("office_register_person", args=[person]) for person, _family in some]}
    figures = []
    for name, pages in addresses.items():
        for address in pages[:20]:
            with CaptureQueriesContext(connection) as asked:
                answer = client.get(address)
            if answer.status_code != 200 or b"<h1" not in answer.content:
                raise SystemExit(f"wrong answer: {name} gave {answer.status_code}")
        said = {"statements": len(asked), "asked_statements": FAMILY_STATEMENTS} if name == "family page" else {"statements": len(asked)}
        if name == "family page" and len(asked) > FAMILY_STATEMENTS:
            say(f"    {len(asked)} statements, asked: {FAMILY_STATEMENTS} at most: MISSED")
        figures.append(within(f"{name} in process, recorded", size, [lambda address=address: client.get(address) for address in pages], p95=FAMILY_MS, **said))

    # The kelurahan whose number of residents comes closest to ten thousand.
    counted: dict[str, int] = {}
    for code, people in Person.objects.filter(status=1).values_list("place__code").annotate(n=Count("pk")):
        kelurahan = ".".join(code.split(".")[:4])
        counted[kelurahan] = counted.get(kelurahan, 0) + people
    code, people = min(counted.items(), key=lambda one: abs(one[1] - 10_000))
    purpose = a_purpose("people.export")

    def roster() -> None:
        answer = client.post(reverse("office_register_download"), {"wilayah": code, "keperluan": purpose})
        lines = b"".join(answer.streaming_content).count(b"\r\n")
        if lines != people + 1:
            raise SystemExit(f"wrong answer: the roster of {people} has {lines} lines")

    started = time.perf_counter()
    roster()
    say(f"    a roster of {people:,} in {time.perf_counter() - started:.2f} s ({territory.full_title(territory.by_code(code))})")
    figures.append(within("kelurahan roster, downloaded", f"{people:,} residents, {connection.vendor}", [roster] * 5, p95=ROSTER_MS))
    return figures
