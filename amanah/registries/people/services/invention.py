"""The invented city into the register, and invented extracts into files. Only for demonstrations and benchmarks: refuses in production."""
import csv
import io
import marshal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amanah.foundation.acts import act
from amanah.foundation.kernel import clock
from amanah.foundation.kernel.actor import Actor
from amanah.foundation.kernel.errors import Conflict, Invalid
from amanah.foundation.kernel.progress import progress
from amanah.registries.territory.models import Level, Territory

from ..invention import city, extract
from ..invention.content import read, sizes, whole
from ..invention.persons import Entry, Quarter
from ..models import Person, Source
from ..rules import codes
from ..rules.state import FIELDS
from .bulk import Card, Happening, Life, Written, write
from .matching import check_new
from .recording import LOCAL

PROCESSES = 2
SOURCE = "peragaan"
COMPARED = 100  # of the second entries at most; the others are left to people_match
DOUBLES = 0.002                                    # entries made twice, as a share of all
MIDNIGHT = date(1970, 1, 1).toordinal() * 1440 + 420   # in minutes as the invention counts them: the city's wall clock is seven hours ahead of UTC
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BORN, _FAMILY, _MOTHER, _FATHER = (FIELDS.index(name) for name in ("born", "family", "mother", "father"))


@dataclass(frozen=True, slots=True)
class Invented:
    """What came of an invention. `star`: primary key of whoever stands behind the demonstration's account of a resident, 0 when nobody does."""

    residents: int
    written: Written
    doubles: int
    star: int
    truth: Path


def parts(residents: int, *, seed: int, years: int = 10, until: date | None = None, doubles: float = 0.0) -> list[city.Part]:
    """The parts of a city of so many residents, in the kelurahan and RT that are loaded. `until`: the first day that is not told any more (today).

    `doubles` is the share of entries made twice; they count among `residents`, as they would in any register that does not know of them.
    Raises Invalid in production, without a map, RT or people.yaml, or for very few.
    """
    if settings.PRODUCTION:
        raise Invalid(_("Penduduk rekaan hanya untuk peragaan."))
    if not (settings.CITY_DIR / "people.yaml").is_file():
        raise Invalid(_("Tidak ada people.yaml di folder kota."))
    kelurahan = list(Territory.objects.filter(level=Level.KELURAHAN, valid_to=None).order_by("code").values_list("code", flat=True))
    homes: dict[str, list[tuple[int, str, str]]] = {code: [] for code in kelurahan}
    for pk, code, label, rw in (Territory.objects.filter(level=Level.RT, valid_to=None, parent__valid_to=None).order_by("code")
                                .values_list("pk", "code", "label", "parent__label")):
        homes[code.rsplit(".", 2)[0]].append((pk, rw, label))
    if not kelurahan or not all(homes.values()):
        raise Invalid(_("Muat dulu wilayah dan RT-nya: ./run manage city_load, lalu territory_model_neighbourhoods."))
    if residents < 20 * len(kelurahan):
        raise Invalid(_("Kota peragaan butuh paling sedikit %(least)d penduduk.") % {"least": 20 * len(kelurahan)})
    people = sizes(read(settings.CITY_DIR), kelurahan, residents, lambda code: code.rpartition(".")[0])
    twice = whole(people, round(residents * doubles))
    quarters = [Quarter(code, people[code] - twice[code], tuple(sorted(homes[code], key=lambda home: home[1:])), twice[code]) for code in kelurahan]
    return city.parts(settings.CITY_DIR, quarters, seed=seed, until=(until or clock.today()).toordinal(), years=years)


@act("people.invent", title=gettext_lazy("Mengisi peragaan dengan penduduk rekaan"),
     says=gettext_lazy("{actor} mengisi peragaan dengan {residents} penduduk rekaan"))
def invent(actor: Actor, *, residents: int, seed: int = 1, years: int = 10, doubles: float = DOUBLES, truth: Path | None = None) -> Invented:
    """Fill the empty register with a city of exactly so many residents on this day and what happened to them for years.

    The truth about entries made twice and people who look alike goes to a file beside the database, never into it.
    Raises Invalid in production or without a map, Conflict when the register holds anybody.
    """
    what = parts(residents, seed=seed, years=years, doubles=doubles)
    if anybody():
        raise Conflict(_("Sudah ada penduduk di daftar ini. Penduduk rekaan hanya untuk daftar yang kosong."))
    truth = truth or settings.VAR_DIR / "people-truth.csv"
    with _told(what) as told:
        pairs: list[tuple[int, int, bool, str]] = []
        star = 0
        for lived, ahead in told.parts():
            pairs += [(first + ahead.people, second + (ahead.doubles if same else ahead.people), same, why) for first, second, same, why in lived.pairs]
            star = lived.star + ahead.people if lived.star else star
        master = Source.objects.get_or_create(code=SOURCE, defaults={"name": _("Peragaan (orang rekaan)"), "master": True})[0]
        counter = Source.objects.get_or_create(code=LOCAL, defaults={"name": _("Loket kelurahan")})[0]
        written = write(told.cards(), progress(told.lives(), "people"), source=master, extract=None, actor=actor, fresh=True)
        again = write(told.cards(again=True), told.lives(again=True), source=counter, extract=None, actor=actor, fresh=False)
    for person in Person.objects.filter(pk__gt=again.person_base, pk__lte=again.person_base + min(again.persons, COMPARED)).select_related("place"):
        check_new(person)  # as the counter would have
    truth.parent.mkdir(parents=True, exist_ok=True)
    with truth.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([("first", "second", "same", "why"), *(
            (first + written.person_base, second + (again if same else written).person_base, int(same), why) for first, second, same, why in pairs)])
    return Invented(Person.objects.filter(status=codes.RESIDENT).count(), written, again.persons, star + written.person_base if star else 0, truth)


def anybody() -> bool:
    """Whether the register holds anybody."""
    return Person.objects.exists()


def person(pk: int) -> Person:
    return Person.objects.get(pk=pk)


def neighbours(pk: int, number: int) -> list[Person]:
    """Heads of families between thirty and fifty in the kelurahan of somebody; without anybody, of the whole city."""
    today = clock.today()
    heads = Person.objects.filter(status=codes.RESIDENT, relation=codes.HEAD, nik__isnull=False, born__gt=today - timedelta(days=50 * 365),
                                  born__lt=today - timedelta(days=30 * 365)).exclude(pk=pk).order_by("pk")
    if pk:
        heads = heads.filter(place__code__startswith=person(pk).place.code.rsplit(".", 2)[0])
    return list(heads[:number])


@dataclass(frozen=True, slots=True)
class _Ahead:
    """How many came before a part: keys go on from there."""

    people: int = 0
    homes: int = 0
    doubles: int = 0
    double_homes: int = 0


class _Told:
    """What was told of the parts, one at a time: held when there is one, in files when there are several."""

    def __init__(self, held: list[city.Lived] | None, files: list[Path]) -> None:
        self._held, self._files = held, files

    def _read(self) -> Iterator[city.Lived]:
        if self._held is not None:
            yield from self._held
        for path in self._files:
            with path.open("rb") as file:
                homes, double_homes, pairs, star = marshal.load(file)  # noqa: S302 (our own file of a minute ago)
                stories, double_stories = marshal.load(file)  # noqa: S302
            yield city.Lived(homes, stories, double_homes, double_stories, pairs, star)

    def parts(self) -> Iterator[tuple[city.Lived, _Ahead]]:
        ahead = _Ahead()
        for lived in self._read():
            yield lived, ahead
            ahead = replace(ahead, people=ahead.people + len(lived.stories), homes=ahead.homes + len(lived.homes),
                            doubles=ahead.doubles + len(lived.double_stories), double_homes=ahead.double_homes + len(lived.double_homes))

    def cards(self, *, again: bool = False) -> Iterator[Card]:
        key = 0
        for lived in self._read():
            for number, place, address, ended in lived.double_homes if again else lived.homes:
                key += 1
                yield Card(key, number, place, address, ended)

    def lives(self, *, again: bool = False) -> Iterator[Life]:
        key = 0
        for lived, ahead in self.parts():
            people, homes = (0, ahead.double_homes) if again else (ahead.people, ahead.homes)
            for story in lived.double_stories if again else lived.stories:
                key += 1
                yield Life(key, [happening(entry, people, homes) for entry in story])


def happening(entry: Entry, people: int, homes: int) -> Happening:
    """An entry of a story as the register takes it: keys counted through all parts, dates and moments instead of numbers."""
    day, minute, kind, told = entry
    if isinstance(told, tuple):
        state = list(told)
        state[_BORN] = date.fromordinal(state[_BORN])
        for place, more in ((_FAMILY, homes), (_MOTHER, people), (_FATHER, people)):
            if state[place] is not None:
                state[place] += more
        changes = dict(zip(FIELDS, state, strict=True))
    elif "family" in told:
        changes = {**told, "family": told["family"] + homes}
    else:
        changes = told
    return Happening(kind, date.fromordinal(day), EPOCH + timedelta(minutes=minute - MIDNIGHT), changes)


@contextmanager
def _told(what: list[city.Part]) -> Iterator[_Told]:
    if len(what) == 1:
        yield _Told([city.tell(what[0])], [])
        return
    with tempfile.TemporaryDirectory(dir=settings.VAR_DIR) as folder:
        yield _Told(None, list(progress(city.each(partial(city.tell_into, folder=Path(folder)), what, PROCESSES), "parts of the city", total=len(what))))


def write_extracts(order: extract.Order, what: list[city.Part], out: Path, *, after: Path | None = None, truth: Path | None = None,
                   tell: Callable[[str], None] = lambda text: None) -> int:
    """An extract as the national register exports it, and if wanted a later one and the truth about both. Says how many rows the first has."""
    heading = io.StringIO()
    csv.writer(heading, lineterminator="\r\n").writerow(extract.HEADINGS)
    known = [("file", "row", "what", "column", "right")]
    first = later = 0
    with out.open("w", encoding="utf-8", newline="") as file, (after or Path("/dev/null")).open("w", encoding="utf-8", newline="") as second:
        file.write(heading.getvalue())
        second.write(heading.getvalue())
        for made in progress(city.each(order.make, what, PROCESSES), "parts", total=len(what)):
            file.write(made.text)
            second.write(made.after)
            known += [(name, str(row + (later if name == "after" else first) if row else 0), thing, column, right)
                      for name, row, thing, column, right in made.truth]
            first += made.rows
            later += made.after_rows
    if truth is not None:
        with truth.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(known)
    tell(f"{first:,} rows, {later:,} later, {len(known) - 1:,} of them told in the truth")
    return first
