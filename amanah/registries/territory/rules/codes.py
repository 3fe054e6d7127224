"""Codes and names of territories. Code form: Kepmendagri 300.2.2-2138/2025; RW and RT have no official code (Permendagri 18/2018)."""
import re
import unicodedata
from base64 import b32encode
from functools import lru_cache
from hashlib import blake2s

LEVELS = ("province", "city", "kecamatan", "kelurahan", "rw", "rt")  # from the widest to the narrowest
NEIGHBOURHOODS = ("rw", "rt")
OFFICIAL = re.compile(r"\d\d(?:\.\d\d(?:\.\d\d(?:\.\d{4})?)?)?$")
PATH = re.compile(r"\d\d\.\d\d\.\d\d\.\d{4}\.rw-[a-z2-7]{7}(?:\.rt-[a-z2-7]{7})?$")
LABEL = re.compile(r"\d{3}[A-Z]?$")
KIND_WORDS = frozenset("kelurahan kel kecamatan kec kota kabupaten kab provinsi prov desa nagari".split())


def level_of(code: str) -> str:
    """The level a path code stands for. Raises ValueError when it is no code of a territory."""
    if not (OFFICIAL.match(code) or PATH.match(code)):
        raise ValueError(f"{code!r} is no path code of a territory")
    return LEVELS[code.count(".")]


def parent_of(code: str) -> str | None:
    """The code one level up; None for a province."""
    return code.rpartition(".")[0] or None


def lineage(code: str) -> tuple[str, ...]:
    """The codes from the province down to `code` itself."""
    parts = code.split(".")
    return tuple(".".join(parts[:n]) for n in range(1, len(parts) + 1))


def at_level(code: str, level: str) -> str | None:
    """The code of the territory of `level` that holds `code` (itself counts); None when `code` is wider than that."""
    line = lineage(code)
    depth = LEVELS.index(level)
    return line[depth] if depth < len(line) else None


def neighbourhood_code(parent: str, level: str, label: str, earlier: int = 0) -> str:
    """The path code of an RW or RT: a surrogate, because numbers are labels that are given again.

    `earlier` counts those that bore the same label in the same parent before; the same history always gives the same code.
    """
    digest = blake2s(f"{parent}|{level}|{label}|{earlier}".encode(), digest_size=5).digest()
    return f"{parent}.{level}-{b32encode(digest).decode().lower()[:7]}"


def read_label(text: str) -> str:
    """An RW or RT number as it is printed on a family card, three digits: " 3" → "003". Raises ValueError on anything else."""
    text = text.strip().upper()
    label = re.sub(r"^\d+", lambda digits: digits[0].zfill(3), text)
    if not LABEL.match(label) or not int(label[:3]):
        raise ValueError(f"{text!r} is no number of an RW or RT")
    return label


@lru_cache(maxsize=4096)
def key(text: str) -> str:
    """A name as it is compared: small letters, no accents, hyphens and apostrophes as spaces or nothing, no "Kelurahan" before it."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = re.sub(r"['’`]", "", "".join(c for c in plain if not unicodedata.combining(c)))
    words = re.findall(r"[a-z0-9]+", plain)
    while len(words) > 1 and words[0] in KIND_WORDS:
        words = words[1:]
    return " ".join(words)


def rank(query: str, names: tuple[str, ...], context: str) -> float:
    """How well `query` (a key) finds a territory with these `names` (keys) that lies in `context` (key of its parent); 0 when it does not.

    5: the whole name; 4 to 5: its beginning; 2 to 3: words of it, the others naming the parent. A variant counts a little less than the name.
    """
    best = 0.0
    for place, name in enumerate(names):
        score = 0.0
        if name == query:
            score = 5.0
        elif name.startswith(query):
            score = 4.0 + len(query) / (len(name) + 1)
        else:
            words, around = [word for word in query.split() if word not in KIND_WORDS], context.split()
            inside = [any(own.startswith(word) for own in name.split()) for word in words]
            if any(inside) and all(hit or any(own.startswith(word) for own in around) for word, hit in zip(words, inside, strict=True)):
                score = 2.0 + sum(inside) / len(words)
        best = max(best, score - 0.01 * min(place, 9) if score else 0.0)  # the name in force before its variants
    return best


def read_point(text: str) -> tuple[float, float] | None:
    """Latitude and longitude as people paste them ("-0.9471, 100.4172", "-0,9471 100,4172"); None when the text is no point."""
    numbers = re.fullmatch(r"\s*(-?\d{1,3}(?:[.,]\d+)?)\s*(?:[,;]\s*|\s+)(-?\d{1,3}(?:[.,]\d+)?)\s*", text)
    if not numbers:
        return None
    lat, lng = (float(number.replace(",", ".")) for number in numbers.groups())
    return (lat, lng) if abs(lat) <= 90 and abs(lng) <= 180 else None
