"""An invented extract as the national register's export looks, with mistakes planted in it, and a second one some time later.

Every planted mistake stands in the truth with its row (1 is the first below the headings), what was done, and what is right to do with it:
`accept` the row, `warn` about it, or `reject` it.
"""
import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from random import Random

from ..rules import codes
from .attributes import Attributes
from .city import Part, live
from .persons import Home, Person, World

HEADINGS = ("NIK", "NO_KK", "NAMA_LGKP", "JENIS_KLMIN", "TMPT_LHR", "TGL_LHR", "AGAMA", "STAT_KWN", "STAT_HBKEL", "PDDK_AKH", "JENIS_PKRJN", "GOL_DRH",
            "NAMA_LGKP_AYAH", "NAMA_LGKP_IBU", "NIK_AYAH", "NIK_IBU", "ALAMAT", "NO_RT", "NO_RW", "KODE_WILAYAH", "KWRGNEGRN", "STATUS", "NO_HP")
AT = {heading: place for place, heading in enumerate(HEADINGS)}
UPPER = {name: {code: label.upper() for code, label in labels.items()} for name, labels in codes.LISTS.items()}
Row = list[str]


@dataclass(slots=True)
class Made:
    """One part of the extracts, as CSV text without headings. The truth counts rows within this part."""

    text: str = ""
    rows: int = 0
    after: str = ""
    after_rows: int = 0
    truth: list[tuple[str, int, str, str, str]] = field(default_factory=list)   # file, row, what, column, right


def row(world: World, home: Home, one: Person) -> Row:
    quarter = world.quarters[home.quarter]
    _pk, rw, rt = quarter.homes[home.place]
    day = date.fromordinal(one.born)
    return [one.nik or "", home.number, one.name.upper(), UPPER["sex"][one.sex], one.birthplace.upper(), f"{day.day:02}-{day.month:02}-{day.year}",
            UPPER["religion"][one.religion], UPPER["marital"][one.marital], UPPER["relation"][one.relation], UPPER["education"][one.education],
            UPPER["occupation"][one.occupation], UPPER["blood"][one.blood], one.father_name.upper(), one.mother_name.upper(),
            (one.father.nik or "") if one.father else "", (one.mother.nik or "") if one.mother else "", home.address.upper(), rt, rw, quarter.code,
            "WNI", "HIDUP", one.phone or ""]


# ---------------------------------------------------------------- mistakes

Spoil = Callable[[Row, Random], None]


def _put(heading: str, value: str | Callable[[str], str]) -> Spoil:
    def spoil(one: Row, chance: Random) -> None:
        one[AT[heading]] = value if isinstance(value, str) else value(one[AT[heading]])
    return spoil


def _excel(text: str) -> str:
    day, month, year = text.split("-")
    return str((date(int(year), int(month), int(day)) - date(1899, 12, 30)).days)


# what, column, right, how
MISTAKES: tuple[tuple[str, str, str, Spoil], ...] = (
    ("nik_in_scientific_notation", "NIK", "reject", _put("NIK", lambda text: f"{text[0]},{text[1:6]}E+15")),
    ("nik_too_short", "NIK", "reject", _put("NIK", lambda text: text[:-1])),
    ("nik_with_a_letter", "NIK", "reject", _put("NIK", lambda text: text[:12] + "O" + text[13:])),
    ("nik_with_spaces", "NIK", "accept", _put("NIK", lambda text: f" {text[:6]} {text[6:]}")),
    ("nik_prefix_unknown", "NIK", "warn", _put("NIK", lambda text: "9977" + text[4:])),
    ("sex_disagrees_with_nik", "JENIS_KLMIN", "warn", _put("JENIS_KLMIN", lambda text: "PEREMPUAN" if text.startswith("LAKI") else "LAKI-LAKI")),
    ("sex_unknown", "JENIS_KLMIN", "reject", _put("JENIS_KLMIN", "X")),
    ("name_empty", "NAMA_LGKP", "reject", _put("NAMA_LGKP", "")),
    ("birth_in_the_future", "TGL_LHR", "reject", _put("TGL_LHR", lambda text: text[:6] + "2091")),
    ("birth_on_no_day", "TGL_LHR", "reject", _put("TGL_LHR", lambda text: "31-02" + text[5:])),
    ("birth_empty", "TGL_LHR", "reject", _put("TGL_LHR", "")),
    ("birth_as_spreadsheet_number", "TGL_LHR", "accept", _put("TGL_LHR", _excel)),
    ("birth_with_slashes", "TGL_LHR", "accept", _put("TGL_LHR", lambda text: text.replace("-", "/"))),
    ("birth_year_first", "TGL_LHR", "accept", _put("TGL_LHR", lambda text: "-".join(reversed(text.split("-"))))),
    ("religion_unknown", "AGAMA", "reject", _put("AGAMA", "TIDAK JELAS")),
    ("religion_spelt_otherwise", "AGAMA", "accept", _put("AGAMA", lambda text: text.lower())),
    ("kelurahan_unknown", "KODE_WILAYAH", "reject", _put("KODE_WILAYAH", lambda text: text[:-4] + "1999")),
    ("row_cut_short", "", "reject", lambda one, chance: one.__delitem__(slice(9, None))),
    ("own_mother", "NIK_IBU", "warn", lambda one, chance: one.__setitem__(AT["NIK_IBU"], one[AT["NIK"]])),
)


def spoil(rows: list[Row], chance: Random, share: float) -> list[tuple[int, str, str, str]]:
    """Plant mistakes in about `share` of the rows, each kind as often as the others; rows that come twice are added at the end. Rows count from 1."""
    truth = []
    plain = len(rows)
    for number, place in enumerate(chance.sample(range(plain), min(round(plain * share), plain))):
        kind = number % (len(MISTAKES) + 3)
        one = rows[place]
        if kind < len(MISTAKES):
            what, column, right, how = MISTAKES[kind]
            if len(one[AT["NIK"]]) == 16:
                how(one, chance)
                truth.append((place + 1, what, column, right))
        elif kind == len(MISTAKES):
            rows.append(list(one))
            truth.append((len(rows), "row_twice", "NIK", "reject"))
        elif kind == len(MISTAKES) + 1:
            again = list(one)
            again[AT["NAMA_LGKP"]] = again[AT["NAMA_LGKP"]][::-1]
            rows.append(again)
            truth.append((len(rows), "nik_twice", "NIK", "reject"))
        elif one[AT["STAT_HBKEL"]] == UPPER["relation"][codes.HEAD]:
            one[AT["STAT_HBKEL"]] = UPPER["relation"][9]
            truth.append((place + 1, "family_without_head", "STAT_HBKEL", "warn"))
        else:
            one[AT["STAT_HBKEL"]] = UPPER["relation"][codes.HEAD]
            truth.append((place + 1, "family_with_two_heads", "STAT_HBKEL", "reject"))
    return truth


# ---------------------------------------------------------------- some time later

def change(world: World, homes: list[Home], chance: Random, share: float) -> tuple[list[Row], list[tuple[int, str, str, str]]]:
    """The rows some time later: `share` of them new, gone or different. Both numbers of the truth: the row it is in now, 0 when it is missing."""
    attributes = Attributes(world)
    rows: list[Row] = []
    truth: list[tuple[int, str, str, str]] = []
    kinds = ("died", "died_missing", "moved_out", "moved_out_missing", "moved_inside", "moved_inside", "name", "education", "occupation", "phone", "birth", "birth",
             "moved_in")
    turn = 0
    for home in homes:
        members = [(one, row(world, home, one)) for one in home.members]
        more: list[tuple[str, Row]] = []
        for one, now in members:
            if chance.random() >= share:
                rows.append(now)
                continue
            kind = kinds[turn % len(kinds)]
            turn += 1
            if kind in ("died", "died_missing", "moved_out", "moved_out_missing") and (one.relation == codes.HEAD or one.children):
                kind = "occupation"
            if kind.endswith("missing"):
                truth.append((0, kind, "NIK", now[0]))
                continue
            match kind:
                case "died":
                    now[AT["STATUS"]] = "MATI"
                case "moved_out":
                    now[AT["STATUS"]] = "PINDAH"
                case "moved_inside":
                    now[AT["ALAMAT"]] = f"JALAN BARU NO. {turn % 90 + 1}"
                    now[AT["NO_RT"]] = "001" if now[AT["NO_RT"]] != "001" else "002"
                case "name":
                    now[AT["NAMA_LGKP"]] += " PUTRA" if one.sex == codes.MALE else " SARI"
                case "education":
                    now[AT["PDDK_AKH"]] = UPPER["education"][min(one.education + 1, 10)]
                case "occupation":
                    now[AT["JENIS_PKRJN"]] = UPPER["occupation"][88 if one.occupation != 88 else 15]
                case "phone":
                    now[AT["NO_HP"]] = world.numbers.phone()
                case _:
                    more.append((kind, _newcomer(world, attributes, home, kind)))
            rows.append(now)
            if kind not in ("birth", "moved_in"):
                truth.append((len(rows), kind, "", now[0]))
        for kind, now in more:
            rows.append(now)
            truth.append((len(rows), kind, "", now[0]))
    return rows, truth


def _newcomer(world: World, attributes: Attributes, home: Home, kind: str) -> Row:
    sex = 1 + int(world.chance.random() * 2)
    one = Person(sex, world.until - 1 - int(world.chance.random() * (60 if kind == "birth" else 12_000)))
    one.home, one.relation = home, 9
    head = home.head
    if kind == "birth" and head is not None and head.spouse is not None:
        one.mother, one.father = (head, head.spouse) if head.sex == codes.FEMALE else (head.spouse, head)
        one.relation = codes.CHILD
    attributes.complete(one, world.until, newborn=kind == "birth")
    attributes.name_parents(one)
    return row(world, home, one)


# ---------------------------------------------------------------- one part

@dataclass(frozen=True, slots=True)
class Order:
    """What is asked of every part."""

    dirty: float
    changes: float

    def make(self, part: Part) -> Made:
        world = live(part)
        chance = Random(f"extract {part.seed}/{part.number}")  # noqa: S311
        homes = [home for home in world.homes if not home.ended]
        made = Made()
        rows = [row(world, home, one) for home in homes for one in home.members]
        truth = spoil(rows, chance, self.dirty)
        made.text, made.rows = text(rows), len(rows)
        made.truth = [("first", place, what, column, right) for place, what, column, right in truth]
        if self.changes:
            rows, changed = change(world, homes, chance, self.changes)
            made.after, made.after_rows = text(rows), len(rows)
            made.truth += [("after", place, what, column, right) for place, what, column, right in changed]
        return made


def text(rows: list[Row]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue()
