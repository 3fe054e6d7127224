"""The whole register sifted for doubles: DuckDB finds the pairs worth comparing, rules.matching compares them, Splink learns what agreement weighs.

Needs the extra `analytics` (`./run analytics`). All of it stays in memory: names of mothers are opened here, and DuckDB may not write to disk.
"""
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import log2
from typing import Any

from django.utils.translation import gettext as _

from amanah.foundation.kernel.errors import Unavailable

from ..rules.matching import Entry, Likeness, Rarity, Weights, liken, sound

COLUMNS = ("id", "name", "born", "sex", "birthplace", "father", "mother", "family", "place", "nik", "mother_id", "father_id")
WIDTH = len(COLUMNS) - 1
SIDES = ", ".join(f"{side}.{name}" for side in "xy" for name in COLUMNS[1:])
BATCH = 50_000
CROWDED = 400       # so many share a birth date (1 January, where the day is not known): the date alone finds nobody
CROWD = 2000        # so many have parents of one name: that name alone finds nobody
COMMON = 8.5        # bits; a word rarer than this finds by two thirds of a birth date
SLICES = 8
ROUGH = 20.0        # rough bits below which a pair is not looked at closely
DOUBT = 0.2         # pairs below this are no rivals to others
# Which key brought a pair: bits of `keys`, and what the report calls them.
KEYS = {1: "born+word", 2: "swapped+word", 4: "name+part of born", 8: "rare word+part of born", 16: "mother+part of born", 32: "father+part of born",
        64: "family+part of born", 128: "name+parent"}


PARTS = ("year(born) * 16 + month(born)", "month(born) * 32 + day(born)", "year(born) * 32 + day(born)")  # two of day, month and year


def _rough(parent: str) -> str:
    """Rough bits that the names of both mothers or fathers give. Only names with one first letter come near the limit: the others are not measured."""
    return (f"(CASE WHEN x.{parent} = '' OR y.{parent} = '' THEN 2 WHEN x.{parent} = y.{parent} THEN 9"
            f" WHEN x.{parent}[1] = y.{parent}[1] AND jaro_winkler_similarity(x.{parent}, y.{parent}) > 0.85 THEN 7 ELSE -2 END)")


@dataclass(frozen=True, slots=True)
class Found:
    """Two entries that may be one person; `keys` are the KEYS that brought them together."""

    first: int
    second: int
    keys: int
    likeness: Likeness
    probability: float


def engine() -> Any:
    """A DuckDB of its own, in memory only. Raises Unavailable with what to install."""
    try:
        import duckdb
        import pyarrow  # noqa: F401 - how rows get into DuckDB
        import splink  # noqa: F401
    except ImportError as error:
        raise Unavailable(_("Pencarian data ganda memerlukan Splink dan DuckDB. Pasang dengan: ./run analytics"), permanent=True) from error
    return duckdb.connect(":memory:", config={"temp_directory": "", "preserve_insertion_order": "false", "autoinstall_known_extensions": "false"})


class Sieve:
    """One sifting. `fill` it, `block`, then `sift`; `learn` between the two gives weights of this very register."""

    def __init__(self) -> None:
        self.db = engine()
        self.people = 0
        self._places: dict[str, int] = {}  # code → number: a number takes a tenth of the room
        self._codes: list[str] = []

    def fill(self, rows: Iterable[Sequence[Any]]) -> int:
        """Take in rows of COLUMNS, in batches of BATCH; names as search keys, absent ones "" or None."""
        import pyarrow
        schema = pyarrow.schema([("id", "int64"), ("name", "string"), ("born", "date32"), ("sex", "int8"), ("birthplace", "string"), ("father", "string"),
                                 ("mother", "string"), ("family", "int64"), ("place", "int32"), ("nik", "bool"), ("mother_id", "int64"), ("father_id", "int64")])
        self.db.execute("CREATE TABLE entry (id BIGINT, name VARCHAR, born DATE, sex TINYINT, birthplace VARCHAR, father VARCHAR, mother VARCHAR,"
                        " family BIGINT, place INTEGER, nik BOOLEAN, mother_id BIGINT, father_id BIGINT)")
        batch: list[Sequence[Any]] = []

        def put() -> None:
            columns = dict(zip(COLUMNS, zip(*batch, strict=True), strict=True))
            columns["place"] = tuple(self._places.setdefault(code, len(self._places)) for code in columns["place"])
            if isinstance(columns["born"][0], str):  # as SQLite has dates
                columns["born"] = pyarrow.array(columns["born"], "string").cast("date32")
            table = pyarrow.table([pyarrow.array(columns[field.name], field.type) for field in schema], schema=schema)
            self.db.register("batch", table)
            self.db.execute("INSERT INTO entry SELECT * FROM batch")
            self.db.unregister("batch")
            self.people += len(batch)
            batch.clear()

        for row in rows:
            batch.append(row)
            if len(batch) == BATCH:
                put()
        if batch:
            put()
        self._codes = list(self._places)
        for parent in ("mother", "father"):  # linked instead of named: the name stands in the parent's own entry
            self.db.execute(f"UPDATE entry SET {parent} = other.name FROM entry other WHERE entry.{parent} = '' AND other.id = entry.{parent}_id")
        return self.people

    # ------------------------------------------------------------ pairs worth comparing

    def block(self) -> int:
        """Bring together every two entries that share one of the KEYS and are not hopeless; how many pairs."""
        self._words()
        run = self.db.execute
        run(f"CREATE TABLE crowded AS SELECT born FROM entry GROUP BY born HAVING count(*) > {CROWDED}")
        run("CREATE TABLE met (a UINTEGER, b UINTEGER, key UTINYINT, bits FLOAT)")
        run(f"""INSERT INTO met SELECT a.id, b.id, 1, sum(a.bits) FROM said a JOIN said b ON a.born = b.born AND a.sound = b.sound AND a.id < b.id
            WHERE a.bits > {COMMON} OR a.born NOT IN (FROM crowded) GROUP BY ALL""")
        run("""INSERT INTO met SELECT least(a.id, b.id), greatest(a.id, b.id), 2, sum(a.bits)
            FROM (SELECT *, make_date(year(born), day(born), month(born)) AS swapped FROM said WHERE day(born) <= 12 AND day(born) <> month(born)) a
            JOIN said b ON a.swapped = b.born AND a.sound = b.sound AND a.id < b.id GROUP BY ALL""")
        for part in PARTS:
            run(f"""INSERT INTO met WITH f AS (SELECT id, sounds, bits, born, {part} AS part FROM whole)
                SELECT a.id, b.id, 4, a.bits FROM f a JOIN f b ON a.sounds = b.sounds AND a.part = b.part AND a.id < b.id AND a.born <> b.born""")
            run(f"""INSERT INTO met WITH f AS (SELECT id, sound, bits, born, {part} AS part FROM said WHERE bits > {COMMON})
                SELECT a.id, b.id, 8, a.bits FROM f a JOIN f b ON a.sound = b.sound AND a.part = b.part AND a.id < b.id AND a.born <> b.born""")
        for parent, key in (("mother", 16), ("father", 32)):
            run(f"""CREATE OR REPLACE TABLE child AS SELECT id, hash({parent}) AS parent, sounds, bits, born FROM entry JOIN whole USING (id, born)
                WHERE {parent} <> '' AND {parent} NOT IN (SELECT {parent} FROM entry GROUP BY {parent} HAVING count(*) >= {CROWD})""")
            for part in PARTS[1], "year(born)":
                run(f"""INSERT INTO met WITH f AS (SELECT id, parent, {part} AS part FROM child)
                    SELECT a.id, b.id, {key}, 0 FROM f a JOIN f b ON a.parent = b.parent AND a.part = b.part AND a.id < b.id""")
            run("""INSERT INTO met SELECT a.id, b.id, 128, a.bits FROM child a JOIN child b ON a.parent = b.parent AND a.sounds = b.sounds AND a.id < b.id""")
        run("DROP TABLE child; DROP TABLE whole; DROP TABLE said")
        for part in PARTS[1], "year(born)":
            run(f"""INSERT INTO met WITH f AS (SELECT id, family, {part} AS part FROM entry WHERE family IS NOT NULL)
                SELECT a.id, b.id, 64, 0 FROM f a JOIN f b ON a.family = b.family AND a.part = b.part AND a.id < b.id""")
        self.met: int = self._one("SELECT count(*) FROM met")
        run("CREATE OR REPLACE TABLE met AS SELECT a, b, bit_or(key) AS keys, max(bits) AS bits FROM met GROUP BY a, b")
        run("CREATE TABLE pair (a UINTEGER, b UINTEGER, keys UTINYINT)")
        for slice in range(SLICES):  # one after the other: the names of all pairs at once would not be small
            run(f"""INSERT INTO pair SELECT m.a, m.b, m.keys FROM (FROM met WHERE b % {SLICES} = {slice}) m JOIN entry x ON x.id = m.a JOIN entry y ON y.id = m.b
                WHERE (CASE WHEN m.keys & 1 = 1 THEN 14 WHEN m.keys & 2 = 2 THEN 12 ELSE 8 END)
                    + greatest(m.bits, CASE WHEN m.bits < 8 AND x.name[1] = y.name[1] AND jaro_winkler_similarity(x.name, y.name) > 0.85 THEN 8 ELSE 0 END)
                    + {_rough("mother")} + {_rough("father")}
                    + (CASE WHEN x.family = y.family THEN 5 ELSE 0 END) > {ROUGH}""")
        run("DROP TABLE met")
        self.compared: int = self._one("SELECT count(*) FROM pair")
        return self.compared

    def _words(self) -> None:
        """Every word of every name with its sound and how rare that is."""
        import pyarrow
        run = self.db.execute
        run("CREATE TABLE said AS SELECT id, born, unnest(list_distinct(string_split(name, ' '))) AS word FROM entry")
        words = [word for word, in run("SELECT DISTINCT word FROM said").fetchall()]
        self.db.register("heard", pyarrow.table({"word": words, "sound": [sound(word) for word in words]}))
        run("CREATE OR REPLACE TABLE said AS SELECT id::UINTEGER AS id, born, hash(heard.sound) AS sound FROM said JOIN heard USING (word) GROUP BY ALL")
        self.db.unregister("heard")
        run(f"CREATE TABLE rare AS SELECT sound, log2({self.people} / count(*))::FLOAT AS bits FROM said GROUP BY sound")
        run("CREATE OR REPLACE TABLE said AS SELECT said.*, bits FROM said JOIN rare USING (sound)")
        # The sounds of a name in any order, as one number.
        run("CREATE TABLE whole AS SELECT id, born, bit_xor(sound) AS sounds, sum(bits)::FLOAT AS bits FROM said GROUP BY id, born")

    # ------------------------------------------------------------ comparing them

    def rarities(self) -> tuple[Rarity, Rarity, dict[date, float]]:
        """How rare words of names, birthplaces and birth dates are in this register."""
        run = self.db.execute
        def bits(what: str, source: str, least: int, of: str) -> dict[Any, float]:
            return dict(run(f"SELECT {what}, log2(({of}) / count(*)) FROM {source} GROUP BY 1 HAVING count(*) >= {least}").fetchall())
        everybody = "SELECT count(*) FROM entry"
        names = bits("w", "(SELECT unnest(string_split(name, ' ')) AS w FROM entry)", 3, everybody)
        places = bits("birthplace", "entry WHERE birthplace <> ''", 3, everybody)
        days = bits("born", "entry", 3, everybody)
        return Rarity(names, usual=15.0), Rarity(places, usual=12.0), days

    def namesakes(self) -> float:
        """Bits of two strangers having one name and one birth date: those with mothers of quite other names are surely two persons."""
        seen = self._one("""SELECT count(*) FROM entry a JOIN entry b ON a.name = b.name AND a.born = b.born AND a.id < b.id
            WHERE a.mother <> '' AND b.mother <> '' AND jaro_winkler_similarity(a.mother, b.mother) < 0.7""")
        return log2(max(self.people, 2) ** 2 / 2 / max(seen, 1))

    def weighed(self, weights: Weights, least: float) -> Iterator[Found]:
        """Compare the pairs that `block` left and give those whose probability is at least `least`."""
        for first, second, keys, *sides in self._read(f"SELECT p.a, p.b, p.keys, {SIDES} FROM pair p JOIN entry x ON x.id = p.a JOIN entry y ON y.id = p.b"):
            likeness = liken(self._entry(sides[:WIDTH]), self._entry(sides[WIDTH:]), weights)
            if likeness.probability >= least:
                yield Found(first, second, keys, likeness, likeness.probability)

    def sift(self, weights: Weights, least: float) -> list[Found]:
        """The pairs that `block` left whose probability is at least `least`, the rivals among them weighed against each other."""
        found = list(self.weighed(weights, min(least, DOUBT)))
        return [replace(one, probability=sure) for one, sure in zip(found, settled(found), strict=True) if sure >= least]

    def sides(self, source: str, end: str = "") -> Iterator[tuple[Entry, Entry]]:
        """Both entries, x and y, of every row of `source`."""
        for row in self._read(f"SELECT {SIDES} FROM {source} {end}"):
            yield self._entry(row[:WIDTH]), self._entry(row[WIDTH:])

    def sides_of(self, pairs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
        """Which of `pairs` were brought together and not hopeless."""
        asked = set(pairs)
        return [pair for pair in self._read("SELECT a, b FROM pair") if tuple(pair) in asked]

    def _read(self, query: str) -> Iterator[Sequence[Any]]:
        cursor = self.db.cursor()
        cursor.execute(query)
        while rows := cursor.fetchmany(BATCH):
            yield from rows

    def table(self, name: str, columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[Any]]) -> str:
        """Make a table of `rows` and give back its name."""
        import pyarrow
        values = zip(*rows, strict=True)
        self.db.register("given", pyarrow.table({column: pyarrow.array(some, kind) for (column, kind), some in zip(columns, values, strict=True)}))
        self.db.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM given")
        self.db.unregister("given")
        return name

    def _entry(self, row: Sequence[Any]) -> Entry:
        """An Entry from the columns after the id."""
        name, born, sex, birthplace, father, mother, family, place, nik, mother_id, father_id = row
        return Entry(name, born, sex, mother or "", father or "", birthplace or "", family, self._codes[place], nik, mother_id, father_id)

    def _one(self, query: str) -> Any:
        return self.db.execute(query).fetchall()[0][0]


def settled(found: Sequence[Found]) -> list[float]:
    """The probabilities once rivals are weighed: an entry that resembles two entries of two persons (twins) can be the double of one of them only."""
    odds = {(one.first, one.second): one.probability / max(1 - one.probability, 1e-12) for one in found}
    beside: dict[int, list[int]] = defaultdict(list)
    for first, second in odds:
        beside[first].append(second)
        beside[second].append(first)

    def rival(one: int, of: int) -> float:
        """The sum of the odds of those with whom `of` cannot be one person if it is one with `one`."""
        return sum(odds[min(of, other), max(of, other)] for other in beside[of]
                   if other != one and odds.get((min(one, other), max(one, other)), 0.0) < 1.0)

    return [own / (1 + own + rival(one.first, one.second) + rival(one.second, one.first)) for one, own in zip(found, odds.values(), strict=True)]
