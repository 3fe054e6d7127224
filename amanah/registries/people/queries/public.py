"""Counts as the public may see them: from city to kelurahan by sex and age or list, hidden where they could point to somebody.

For every subject there is one system of figures, and every public page, file and dataset shows parts of it: what is hidden in one is hidden in all, so
that one table cannot be subtracted from another.
"""
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from amanah.foundation.kernel import clock
from amanah.foundation.kernel.errors import NotFound
from amanah.foundation.outlets.rules import LEAST
from amanah.registries.territory import queries as territory

from ..rules import codes
from ..rules.counting import GROUPINGS
from ..rules.suppression import hidden
from .counts import LEVELS, table
from .flows import Flows, flows_by

AGE = "umur"
# Address → list, what it is called, and how far down it is published: few share an occupation in a kelurahan, and hiding them would hide most others.
# Relation, blood, citizenship and disability are not published at all.
SUBJECTS = {AGE: ("age", _("Umur"), "kelurahan"), "agama": ("religion", _("Agama"), "kelurahan"),
            "perkawinan": ("marital", _("Status perkawinan"), "kelurahan"), "pendidikan": ("education", _("Pendidikan"), "kelurahan"),
            "pekerjaan": ("occupation", _("Pekerjaan"), "kecamatan")}
AGES = "lima"
ALL, BOTH = 0, 0         # every code, both sexes
UNKNOWN = -1             # the code of those of whom it is not stated
KEPT_SECONDS = 300

Key = tuple[str, int, int]  # code of a territory (with "?" behind it: those of whom only that wider place is known), code, sex


@dataclass(frozen=True, slots=True)
class PublicCounts:
    """One subject on one day. `figures`: None where it is hidden. `labels`: the codes of the subject in order, without `ALL`."""

    subject: str
    on: date
    counted_at: datetime
    labels: Mapping[int, str]
    figures: Mapping[Key, int | None]

    def figure(self, place: str, code: int = ALL, sex: int = BOTH) -> int | None:
        """The figure, None when it is hidden; nobody there is 0."""
        return self.figures.get((place, code, sex), 0)


def public_counts(subject: str, on: date | None = None) -> PublicCounts:
    """The figures of a subject (`SUBJECTS`) for the city, each kecamatan and each kelurahan, now or on a day; some minutes old at most.

    Raises NotFound for an unknown subject, Invalid for a day to come.
    """
    if subject not in SUBJECTS or (city := territory.city()) is None:
        raise NotFound
    day = on or clock.today()
    key = f"people.public.{city.code}.{subject}.{day}"
    found: PublicCounts | None = cache.get(key)
    if found is None:
        found = _counted(city.code, subject, day)
        cache.set(key, found, KEPT_SECONDS)
    return found


def _counted(city: str, subject: str, day: date) -> PublicCounts:
    name, _title, level = SUBJECTS[subject]
    counted = table(city, level=level, on=day, **({"ages": AGES} if subject == AGE else {"by": name}))
    grouping = GROUPINGS[AGES]
    # Codes of lists are from 1; the first band begins at 0, so bands are numbered by their place.
    labels = {n: grouping.label(first) for n, first in enumerate(grouping.firsts, 1)} if subject == AGE else dict(codes.LISTS[name])
    number = {first: n for n, first in enumerate(grouping.firsts, 1)} if subject == AGE else {code: code for code in labels} | {None: UNKNOWN}
    counts: dict[Key, int] = {}
    beneath: dict[str, set[str]] = {}
    for (place, sex, code), people in counted.along("place", "sex", name).items():
        line = [city, *(part for part in (".".join(place.split(".")[:3]), place) if len(part) > len(city))]
        if place.count(".") < LEVELS.index(level) + 2:
            line.append(f"{place}?")  # lives there, nobody knows where exactly: a part of its own, so that the others add up
        for above, under in pairwise(line):
            if above != under:
                beneath.setdefault(above, set()).add(under)
        for at in dict.fromkeys(line):
            for key in ((at, number[code], sex), (at, number[code], BOTH), (at, ALL, sex), (at, ALL, BOTH)):
                counts[key] = counts.get(key, 0) + people
    if any(code == UNKNOWN for _place, code, _sex in counts):
        labels[UNKNOWN] = str(_("Tidak dinyatakan"))
    places = {place for place, _code, _sex in counts}
    sums: list[tuple[Key, list[Key]]] = []
    for place in sorted(places):
        for code in (ALL, *labels):
            sums.append(((place, code, BOTH), [(place, code, sex) for sex in codes.SEX]))
        for sex in (BOTH, *codes.SEX):
            sums.append(((place, ALL, sex), [(place, code, sex) for code in labels]))
    for above, parts in sorted(beneath.items()):
        sums += [((above, code, sex), [(part, code, sex) for part in sorted(parts)]) for code in (ALL, *labels) for sex in (BOTH, *codes.SEX)]
    for key in {key for total, parts in sums for key in (total, *parts)}:
        counts.setdefault(key, 0)
    out = hidden(counts, sums)
    return PublicCounts(subject, day, clock.now(), labels, {key: None if key in out else people for key, people in counts.items()})


FLOW_DAYS, FLOWS_KEPT = 365, 3 * 3600


def public_flows(code: str, *, renew: bool = False) -> Flows | None:
    """What changed the number of residents of the city or a kecamatan during the last 365 days, some hours old at most.

    None for other territories, and where so few were born, died or moved that the figures could point to somebody.
    """
    city = territory.city()
    if city is None:
        return None
    key = f"people.public.flows.{city.code}"
    found: dict[str, Flows] | None = None if renew else cache.get(key)
    if found is None:
        until = clock.today()
        span = until - timedelta(days=FLOW_DAYS), until
        found = flows_by(city.code, "kecamatan", *span) | flows_by(city.code, None, *span)
        cache.set(key, found, FLOWS_KEPT)
    flow = found.get(code)
    if flow is None or any(0 < figure < LEAST for figure in (flow.births, flow.deaths, flow.moved_in, flow.moved_out)):
        return None
    return flow
