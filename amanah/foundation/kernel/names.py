"""Names of people and places, made comparable without pretending to know how they are spelled.

`search_key` is what search columns hold and what queries are turned into; `order_free_key` compares whole names whose words changed places.
Both are lossy and for finding candidates only: two persons with equal keys are not thereby the same person.

The rules, in the order in which they are applied:
1. letters: Unicode NFKD without marks, casefolded; apostrophes vanish (Nu'man, Jum'at); every other sign separates words (Abdul-Hamid);
2. titles in front and degrees behind are left out (TITLES, DEGREES). "St." stays: it may be Siti, Sutan or Santo;
3. the many forms of Muhammad become one, "M." in front included; Abd./Abdoel, Sitti and Jusuf likewise (FORMS);
4. spelling before 1972: oe → u, tj → c, dj → j, sj → sy, nj at the start → ny. A lone j before a vowel → y, not after n, and only in a
   word that shows one of these: "Soejono" → "suyono", but "Jono", "Wijaya" and "Koeranji" keep the j of today;
5. sounds written both ways: kh and ch → h (Achmad, Akhmad, Ahmad), sy → s, dz and dh → d, th → t, f, v and ph → p, q → k, x → ks,
   z → j, at the end → s (Aziz, Azis), iy → i;
6. double letters become single (Anny, Mattaliti), and a final h after a vowel goes (Fatimah, Fatima).
"""
import re
import unicodedata
from functools import lru_cache

# What people write before and behind a name; compared in small letters and without points.
TITLES = frozenset("""
    h hj haji hajjah dr drs dra drg drh ir prof kh ust ustadz ustadzah sdr sdri bpk bapak ibu tn ny nn almh alm rd
""".split())
DEGREES = frozenset("""
    ak amd amdkeb amdkep apt ba bba ca cpa dess lc ma mag mba mh mhum mkes mkom mm mp mpd mpdi mph msc msi msn mt ners ns phd sag sap se sei
    sfarm sh shi shum sik sip skep skm skom sos sp spa spb spd spdi spog sps spsi spt ssi ssos sst st sth stp str strkeb
""".split())
FORMS = {
    **dict.fromkeys("""
        muhammad mohammad muhamad mohamad muhammed mohammed mohamed muhamed moehammad moehamad mochammad mochamad mokhamad mokhammad muchammad
        muchamad mukhammad moh muh mohd muhd mhd md moch much
    """.split(), "muhamad"),
    "abd": "abdul", "abdoel": "abdul", "abdu": "abdul", "sitti": "siti", "sity": "siti", "jusuf": "yusuf", "jusup": "yusuf",
}
_OLD_SPELLING = re.compile(r"oe|tj|dj|sj|^nj")
_LOWERED = frozenset({"bin", "binti", "dan", "di", "ke"})
_ROMAN = re.compile(r"[IVXL]+")


def search_key(name: str) -> str:
    """The name as the search columns hold it: plain letters and digits, words parted by one space, in the order written. May be empty."""
    return " ".join(map(_keyed, words(name)))


def order_free_key(name: str) -> str:
    """The same for every order of the words: "Budi Santoso" and "SANTOSO, BUDI" are equal."""
    return " ".join(sorted(search_key(name).split()))


def words(name: str) -> list[str]:
    """The words of a name in plain small letters, without titles and degrees. A name made of titles alone keeps them: somebody is called Haji."""
    front, *behind = name.split(",") if "," in name else (name,)
    # Behind a comma stand degrees or, in some lists, the given names ("SANTOSO, BUDI").
    kept = _plain(front)
    while len(kept) > 1 and kept[0] in TITLES:
        kept = kept[1:]
    if len(kept) > 1 and kept[0] == "m":
        kept[0] = "muhammad"
    # Without its comma a degree counts only when written with points ("Rina S.Pd"): "Ma" and "Sos" may be names.
    dotted = [word for written in front.split() if "." in written.rstrip(".") for word in _plain(written)] if "." in front else []
    while len(kept) > 1 and kept[-1] in DEGREES and kept[-1] in dotted:
        kept = kept[:-1]
    for written in " ".join(behind).split() if behind else ():
        if "." not in written.rstrip("."):
            kept += [word for word in _plain(written) if word not in DEGREES and word not in TITLES]
    return kept


def initials(name: str, most: int = 2) -> str:
    """"Rina Wahyuni, S.Pd" → "RW": the first letters of the first words, for the round picture beside a name."""
    return "".join(word[0] for word in words(name)[:most]).upper()


def displayed(name: str) -> str:
    """A name typed in capitals or small letters, in the capitals people expect: "RINA WAHYUNI" → "Rina Wahyuni", "lubuk buaya nan xx" →
    "Lubuk Buaya Nan XX". A name that already mixes both is left as its owner writes it, apart from spaces.

    Roman numbers stay capitals (Nan XX, VII Koto), "bin" and "binti" small; "O'Neil" and "Al-Hadi" get both capitals.
    """
    tidy = " ".join(name.split())
    if tidy != tidy.upper() and tidy != tidy.lower():
        return tidy
    return " ".join(_display_word(word, first=n == 0) for n, word in enumerate(tidy.split(" "))) if tidy else ""


def _display_word(word: str, *, first: bool) -> str:
    lower = word.lower()
    if lower in _LOWERED and not first:
        return lower
    if len(word) > 1 and _ROMAN.fullmatch(word.upper()) and _is_roman(word.upper()):
        return word.upper()
    if "." in word.rstrip(".") and lower.replace(".", "") in DEGREES:
        return ".".join(part[:1].upper() + part[1:] for part in lower.split("."))
    return re.sub(r"(^\w['’]|^|[\-.(/])(\w)", lambda match: match[1].title() + match[2].title(), lower)


def _is_roman(text: str) -> bool:
    return re.fullmatch(r"L?X{0,3}(IX|IV|V?I{0,3})|XL(IX|IV|V?I{0,3})", text) is not None


def _plain(text: str) -> list[str]:
    """Small letters without marks, as words. Points inside an abbreviation hold it together: "S.Pd." is one word."""
    if text.isascii() and text.replace(" ", "").isalnum():  # most names, and a tenth of the work
        return text.lower().split()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(ch for ch in decomposed if not unicodedata.combining(ch))
    bare = re.sub(r"['’‘`ʼ´]", "", bare)
    bare = re.sub(r"\b(\w{1,3})\.(?=\w{1,4}\b)", r"\1", bare)
    return [word for word in re.split(r"[\W_]+", bare) if word]


_SOUNDS = tuple((re.compile(pattern), put) for pattern, put in (
    (r"[kc]h", "h"), (r"sy", "s"), (r"d[zh]", "d"), (r"th", "t"), (r"ph|[fv]", "p"), (r"q", "k"), (r"x", "ks"), (r"z$", "s"), (r"z", "j"),
    (r"iy", "i"), (r"([^\W\d])\1+", r"\1"), (r"(?<=[aeiou])h$", ""),
))


@lru_cache(maxsize=1 << 16)  # names are made of few words: a million residents share some ten thousand
def _keyed(word: str) -> str:
    key = FORMS.get(word, word)
    if _OLD_SPELLING.search(key):
        key = re.sub(r"^nj", "ny", key.replace("oe", "u").replace("tj", "c").replace("sj", "sy"))
        # "dj" is today's j; the lone j that is left is today's y.
        key = re.sub(r"(?<!n)j(?=[aeiou])", "y", key.replace("dj", "J")).replace("J", "j")
        key = FORMS.get(key, key)
    for pattern, put in _SOUNDS:
        key = pattern.sub(put, key)
    return key
