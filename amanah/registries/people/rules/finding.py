"""What somebody who looks for a person typed, taken apart; and how close a name comes to it. Pure."""
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from amanah.foundation.kernel.names import search_key, words

from .addresses import begins_an_address

_MONTHS = {name: number for number, names in enumerate((
    "januari jan january", "februari feb pebruari february", "maret mar march", "april apr", "mei may", "juni jun june", "juli jul july",
    "agustus agu ags agt aug august", "september sep sept", "oktober okt oct october", "november nov nop nopember", "desember des dec december"), 1)
    for name in names.split()}
_NUMBER = re.compile(r"(?<!\d)\d{4}[\s.\-]?\d{4}[\s.\-]?\d{4}[\s.\-]?\d{4}(?!\d)")
_DATES = (
    re.compile(r"(?<!\d)(?P<d>\d{1,2})\s*[-/.]\s*(?P<m>\d{1,2})\s*[-/.]\s*(?P<y>(?:18|19|20)\d\d)(?!\d)"),
    re.compile(r"(?<!\d)(?P<y>(?:18|19|20)\d\d)-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?!\d)"),
    re.compile(rf"(?<!\d)(?P<d>\d{{1,2}})[\s\-]+(?P<m>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?[\s\-]+(?P<y>(?:18|19|20)\d\d)(?!\d)",
               re.IGNORECASE),
)
_YEAR = re.compile(r"(?<![\d/])(?:19|20)\d\d(?![\d/])")
_RT, _RW = (re.compile(rf"\b{kind}[\s.:]*0*(\d{{1,3}}[a-z]?)\b", re.IGNORECASE) for kind in ("rt", "rw"))
_RT_AND_RW = re.compile(r"(?<![\d/])(\d{3})\s*/\s*(\d{2,3})(?![\d/])")  # as family cards print them: 002/005
_LINKS = frozenset({"bin", "binti", "bt", "al", "alias"})  # between names; one list has them, the other has not
# Words that stand for one another in names. Dt. and St. are titles and names of the Minangkabau; St. is Siti or Sutan.
_ALSO: Mapping[str, tuple[str, ...]] = {
    "dt": ("datuk", "datuak"), "datuk": ("dt", "datuak"), "datuak": ("dt", "datuk"), "st": ("siti", "sutan"), "siti": ("st",), "sutan": ("st",),
    "nur": ("noer",), "abdul": ("abd",), "sy": ("syeh", "seh"), "rky": ("rangkayo",), "pgl": ("panggilan",),
}


@dataclass(frozen=True, slots=True)
class Sought:
    """A typed line, taken apart. `number`: sixteen digits, a NIK or a KK number. Empty where nothing of the kind was typed."""

    number: str = ""
    born: date | None = None
    born_year: int | None = None
    rt: str = ""
    rw: str = ""
    address: str = ""
    name: str = ""


def read(text: str) -> Sought:
    """Take a line apart: sixteen digits, a date ("17-08-1990", "17 Agustus 1990"), a year, "RT 02 RW 05", "Jl. …"; what is left is a name."""
    number, text = _take(_NUMBER, text[:300])
    born = None
    for form in _DATES:
        if found := form.search(text):
            month = found["m"].casefold()
            try:
                born = date(int(found["y"]), int(month) if month.isdecimal() else _MONTHS[month], int(found["d"]))
            except ValueError:
                continue
            text = f"{text[:found.start()]} {text[found.end():]}"
            break
    rt = rw = ""
    if found := _RT_AND_RW.search(text):
        rt, rw, text = found[1], found[2], f"{text[:found.start()]} {text[found.end():]}"
    if found := _RT.search(text):
        rt, text = found[1], f"{text[:found.start()]} {text[found.end():]}"
    if found := _RW.search(text):
        rw, text = found[1], f"{text[:found.start()]} {text[found.end():]}"
    words = text.replace("/", " ").split()
    street = next((place for place, word in enumerate(words) if begins_an_address(word)), len(words))
    front, address = " ".join(words[:street]), " ".join(words[street:])
    year, front = _take(_YEAR, front) if born is None else ("", front)
    return Sought(re.sub(r"\D", "", number), born, int(year) if year else None, label(rt), label(rw), address, " ".join(front.strip(" ,;").split()))


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a typed name: as a whole word is compared, and as the beginning of one ("Rah" is "ra" as a word, but Rahman begins with "rah")."""

    word: str
    begin: str
    letters: int    # that were typed

    @property
    def spelled(self) -> list[str]:
        """How it is asked of a word index."""
        open_end = [f"{self.begin}*"] if self.begin.startswith(self.word) else [f"{self.begin}*", f"{self.word}*"]
        # In old spelling a j may be today's y, which only the whole word tells: Jusuf.
        old = [f"y{self.begin[1:]}*"] if self.begin[:1] == "j" and len(self.begin) > 2 else []
        return [self.word, *open_end, *old, *also(self.word)]


def terms(name: str) -> list[Term]:
    """The words of a typed name as they are sought: at most eight, each once, without "bin" and its like."""
    found: dict[str, Term] = {}
    for written in words(name[:200]):
        # A vowel behind it keeps away what happens to the ends of words only.
        begin = search_key(f"{written}{'a' if written.endswith('o') else 'o'}")[:-1]
        if word := search_key(written):
            found.setdefault(word, Term(word, begin or word, len(written)))
    kept = [term for word, term in found.items() if word not in _LINKS]
    return (kept or list(found.values()))[:8]


def also(word: str) -> tuple[str, ...]:
    """Words that stand for this one in names."""
    return _ALSO.get(word, ())


def distance(one: str, other: str, most: int) -> int:
    """How many letters were added, left out, changed or swapped with their neighbour between two words; `most` + 1 when more than `most`."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last, row = before, list(range(len(other) + 1))
    for n, letter in enumerate(one, 1):
        before, last, row = last, row, [n]
        for m, theirs in enumerate(other, 1):
            cost = min(last[m] + 1, row[m - 1] + 1, last[m - 1] + (letter != theirs))
            if n > 1 and m > 1 and letter == other[m - 2] and one[n - 2] == theirs:
                cost = min(cost, before[m - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def closeness(sought: Sequence[Term], spellings: Mapping[str, Mapping[str, float]], text: str) -> float:
    """How close a name comes to the sought words, 0 to 1: 1 is the name itself.

    `spellings` says for each sought word what other words are worth; the word itself is worth 1, one that begins so nearly as much. Longer words weigh
    more; a tenth is for names that hold little else.
    """
    there = text.split()
    total = sum(len(term.word) * max((_worth(term, spellings.get(term.word, {}), other) for other in there), default=0.0) for term in sought)
    letters = sum(len(term.word) for term in sought) or 1
    return 0.9 * total / letters + 0.1 * min(1.0, letters / max(1, sum(map(len, there))))


def _worth(term: Term, spelled: Mapping[str, float], other: str) -> float:
    if other == term.word:
        return 1.0
    return max(spelled.get(other, 0.0), 0.97 if other.startswith((term.begin, term.word)) else 0.0)


def _take(form: re.Pattern[str], text: str) -> tuple[str, str]:
    found = form.search(text)
    return (found[0], f"{text[:found.start()]} {text[found.end():]}") if found else ("", text)


def label(number: str) -> str:
    """"2" → "002", "12a" → "012A": as territories hold the numbers of RT and RW."""
    return re.sub(r"^\d+", lambda digits: digits[0].zfill(3), number.upper()) if number else ""
