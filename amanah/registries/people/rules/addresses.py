"""Addresses made comparable: people write "Jl. Dr. Sutomo No. 05", "JALAN DR SUTOMO 5" and "Jln Dr.Sutomo/5" for one door. Pure."""
import re
import unicodedata

# How the kinds of streets and places are written short; the first of each line is how the key has them.
_KINDS = {word: words.split()[0] for words in (
    "jalan jl jln jal", "gang gg gng", "komplek kompleks komp kmp kompl complek", "perumahan perum prm perumnas", "blok blk bl", "simpang simp sp",
    "lorong lrg", "kampung kampuang kamp kpg", "pasar psr pasa", "nomor no nomer num", "kilometer km", "rumah rmh", "dusun dsn",
) for word in words.split()}
_SILENT = frozenset({"nomor"})  # "5" and "No. 5" are one door
_NEIGHBOURHOOD = re.compile(r"\b(?:rt|rw)\b[\s.:]*\d*[a-z]?", re.IGNORECASE)  # the place says these


def address_key(address: str) -> str:
    """The address as it is searched: plain small words and numbers, kinds of streets spelled out, without RT and RW. At most 200 characters; may be empty."""
    return " ".join(key_words(address))[:200].rstrip()


def key_words(address: str) -> list[str]:
    """The words of the key, in the order written."""
    decomposed = unicodedata.normalize("NFKD", _NEIGHBOURHOOD.sub(" ", address).casefold())
    bare = re.sub(r"['’‘`ʼ´]", "", "".join(sign for sign in decomposed if not unicodedata.combining(sign)))
    found = re.findall(r"[^\W\d_]+|\d+", bare)  # "12A" and "12 A" are one door
    spelled = [_KINDS.get(word, word.lstrip("0") or "0" if word.isdecimal() else word) for word in found]
    return [word for word in spelled if word not in _SILENT]


def begins_an_address(word: str) -> bool:
    """Whether a word that somebody typed says that an address follows: "jl", "gang", "komplek"."""
    return _KINDS.get(word.casefold().strip(".:"), "") in {"jalan", "gang", "komplek", "perumahan", "blok", "lorong"} \
        and word.casefold().strip(".:") not in {"bl", "kmp", "jal"}
