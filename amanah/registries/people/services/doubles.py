"""Look for doubles in the whole register (`people_match`): read it, sift it, keep the pairs that are to be decided."""
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy

from amanah.foundation.acts import act, emit, look
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.names import search_key
from amanah.foundation.stores import bulk
from amanah.registries.territory.models import Territory

from ..models import Pair, Person
from ..permissions import MATCH
from ..rules import codes
from ..rules.matching import Weights, reasons
from . import weights as held
from .learning import learn
from .sifting import Found, Sieve, engine

PURPOSE = "data_ganda"  # of the processing register
THRESHOLD = 0.98
FETCH = 20_000
State = Pair.State


@dataclass(slots=True)
class Sifted:
    """What a sifting found. `met`: pairs that a key brought together; `compared`: those looked at closely; `seconds` of each step."""

    found: list[Found]
    people: int
    met: int
    compared: int
    weights: Weights
    seconds: dict[str, float]
    sieve: Sieve


@dataclass(slots=True)
class Kept:
    """What became of the pairs that were found: how many are new, renewed, reopened because their evidence changed, decided already, or gone."""

    new: int = 0
    renewed: int = 0
    reopened: int = 0
    decided: int = 0
    gone: int = 0
    fields: Counter[str] = field(default_factory=Counter)


def sift(actor: Actor, *, threshold: float = THRESHOLD, frozen: bool = False, source: Iterable[Any] | None = None) -> Sifted:
    """Compare the whole register with itself. Changes nothing; recorded as one look at everybody. Raises Refused, Unavailable (analytics missing).

    `frozen`: with the weights as shipped instead of learning them anew. `source`: rows of sifting.COLUMNS instead of the register's.
    """
    sieve, seconds, at = Sieve(), {}, time.perf_counter()
    if source is None:
        look(actor, MATCH, purpose=PURPOSE)

    def lap(name: str) -> None:
        nonlocal at
        seconds[name], at = round(time.perf_counter() - at, 2), time.perf_counter()

    people = sieve.fill(entries() if source is None else source)
    lap("read")
    compared = sieve.block()
    lap("block")
    if frozen:
        names, places, days = sieve.rarities()
        weights = held.for_people(held.shipped(), people)
        weights = replace(weights, names=names, places=places, days=days, namesakes=sieve.namesakes())
    else:
        weights = learn(sieve, held.shipped())
    lap("learn")
    found = sieve.sift(weights, threshold)
    lap("compare")
    return Sifted(found, people, sieve.met, compared, weights, seconds, sieve)


def entries() -> Iterator[tuple[Any, ...]]:
    """Everybody who is not void, as sifting.COLUMNS: a stream, so that the register is never held in memory. Names of mothers are opened on the way."""
    places = dict(Territory.objects.values_list("pk", "code"))
    unseal = settings.SEAL.open
    query = Person.objects.exclude(status=codes.VOID).order_by().annotate(has_nik=Length("nik_key")).values_list(
        "id", "search", "born", "sex", "birthplace", "father_name", "mother_name", "family_id", "place_id", "has_nik", "mother_id", "father_id")
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(*query.query.sql_with_params())
        known: dict[str, str] = {}
        while rows := cursor.fetchmany(FETCH):
            if len(known) > 100_000:
                known.clear()
            for id, search, born, sex, birthplace, father, mother, family, place, nik, mother_id, father_id in rows:
                if father and father not in known:
                    known[father] = search_key(father)
                opened = unseal(mother, "mother_name") if mother else ""
                if opened and opened not in known:
                    known[opened] = search_key(opened)
                yield (id, search, born, sex, birthplace.lower(), known[father] if father else "", known[opened] if opened else "", family, places[place],
                       nik is not None, mother_id, father_id)


@act("people.find_pairs", title=gettext_lazy("Memeriksa seluruh register untuk data ganda"),
     says=gettext_lazy("{actor} meminta seluruh register diperiksa untuk data ganda"), emits=("people.pairs_wanted",))
def find_pairs(actor: Actor) -> None:
    """Ask for the whole register to be searched for doubles: the worker does it. Raises Unavailable when what it needs is not installed."""
    engine().close()
    emit("people.pairs_wanted")


@transaction.atomic
def keep(found: list[Found], *, complete: bool = True) -> Kept:
    """Keep pairs for the officials who decide. What was decided stays decided, unless what agrees has changed since.

    `complete`: `found` is all there is; open pairs of an earlier search that are not in it any more are gone. Not an act: nothing is decided, and that
    everybody was looked at is on record from `sift`.
    """
    kept, now = Kept(), clock.now()
    known = {(first, second): (pk, state, said) for pk, first, second, state, said in
             Pair.objects.values_list("pk", "first_id", "second_id", "state", "reasons").iterator()}
    new: list[tuple[Any, ...]] = []
    changed: list[Pair] = []
    for one in found:
        said = reasons(one.likeness)
        kept.fields.update(f"{name}: {level}" for name, level in said)
        pk, state, before = known.pop((one.first, one.second), (None, None, None))
        if pk is None:
            new.append((one.first, one.second, one.probability, said, "match", State.OPEN, now))
            kept.new += 1
        elif state == State.OPEN or (state != State.SAME and before != said):
            changed.append(Pair(pk=pk, state=State.OPEN, probability=one.probability, reasons=said))
            kept.renewed += state == State.OPEN
            kept.reopened += state != State.OPEN
        else:
            kept.decided += 1
    bulk.load(Pair, ("first_id", "second_id", "probability", "reasons", "origin", "state", "found_at"), new)
    Pair.objects.bulk_update(changed, ("state", "probability", "reasons"), batch_size=500)
    if complete:
        gone = [pk for pk, state, _said in known.values() if state == State.OPEN]
        for start in range(0, len(gone), 500):
            kept.gone += Pair.objects.filter(pk__in=gone[start:start + 500], state=State.OPEN, origin="match").delete()[0]
    return kept


# ---------------------------------------------------------------- against the truth

@dataclass(frozen=True, slots=True)
class Judged:
    """How the found pairs stand against the truth. `missed`: why a double was not found → how many; `by_way`: what differed in those missed."""

    doubles: int
    right: int
    wrong: int
    missed: Mapping[str, int]
    by_way: Mapping[str, int]

    @property
    def precision(self) -> float:
        return self.right / max(self.right + self.wrong, 1)

    @property
    def recall(self) -> float:
        return self.right / max(self.doubles, 1)


def judge(sifted: Sifted, truth: Mapping[tuple[int, int], str]) -> Judged:
    """Compare with `truth`: pair of primary keys (smaller first) → what differs between its entries."""
    found = {(one.first, one.second) for one in sifted.found}
    missed, ways = Counter[str](), Counter[str]()
    lost = {pair: why for pair, why in truth.items() if pair not in found}
    met = set(sifted.sieve.sides_of(lost))
    for pair, why in lost.items():
        missed["score below the threshold" if pair in met else "no key brought them together"] += 1
        ways[why] += 1
    right = len(found & truth.keys())
    return Judged(len(truth), right, len(found) - right, missed, ways)
