"""The invented city into the register, and invented extracts into files. Only for demonstrations and benchmarks: refuses in production."""
import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from amanah.foundation.kernel import clock
from amanah.foundation.kernel.errors import Invalid
from amanah.foundation.kernel.progress import progress
from amanah.registries.territory.models import Level, Territory

from ..invention import city, extract
from ..invention.content import read, sizes
from ..invention.persons import Quarter

PROCESSES = 2


def parts(residents: int, *, seed: int, years: int = 10, until: date | None = None) -> list[city.Part]:
    """The parts of a city of so many residents, in the kelurahan and RT that are loaded. `until`: the first day that is not told any more (today).

    Raises Invalid in production, without a map, or without RT.
    """
    if settings.PRODUCTION:
        raise Invalid(_("Penduduk rekaan hanya untuk peragaan."))
    kelurahan = list(Territory.objects.filter(level=Level.KELURAHAN, valid_to=None).order_by("code").values_list("code", flat=True))
    homes: dict[str, list[tuple[int, str, str]]] = {code: [] for code in kelurahan}
    for pk, code, label, rw in (Territory.objects.filter(level=Level.RT, valid_to=None, parent__valid_to=None).order_by("code")
                                .values_list("pk", "code", "label", "parent__label")):
        homes[code.rsplit(".", 2)[0]].append((pk, rw, label))
    if not kelurahan or not all(homes.values()):
        raise Invalid(_("Muat dulu wilayah dan RT-nya: ./run manage city_load, lalu territory_model_neighbourhoods."))
    people = sizes(read(settings.CITY_DIR), kelurahan, residents, lambda code: code.rpartition(".")[0])
    quarters = [Quarter(code, people[code], tuple(sorted(homes[code], key=lambda home: home[1:]))) for code in kelurahan]
    return city.parts(settings.CITY_DIR, quarters, seed=seed, until=(until or clock.today()).toordinal(), years=years)


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
