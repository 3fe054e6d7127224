"""The words of all names in memory: which of them hold a fragment, which are spelled nearly so. Some ten thousand words; no statement a search.

Every process holds its own copy, immutable, and once a second reads what was added. A word that is missing for that second is still found as it was
typed and by its beginning: those ask the table.
"""
import threading
import time
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from ..models import Word
from ..rules.finding import distance

CHECK_SECONDS = 1.0
COUNT_SECONDS = 600.0   # how often the number of words is compared: what was committed out of order comes to light then at the latest
OVERLAP = 1000          # numbers that are read again, since they are not always committed in order
MOST = 200              # words with a fragment
NEAREST = 24            # words spelled nearly so
MEASURED = 160          # words measured letter by letter for that
_reading = threading.Lock()


class Some:
    """Some words, made ready for both questions."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words
        self.text = "\n".join(["", *words, ""])
        self.lengths = np.fromiter(map(len, words), dtype=np.int16, count=len(words))
        self.marks = _marks(words)

    def with_fragment(self, fragment: str, most: int) -> list[str]:
        """Words that hold the fragment further in; those that begin with it are left to the index."""
        found: list[str] = []
        at = self.text.find(fragment)
        while at >= 0 and len(found) < most:
            begin, end = self.text.rfind("\n", 0, at) + 1, self.text.find("\n", at)
            if begin < at:
                found.append(self.text[begin:end])
            at = self.text.find(fragment, end)
        return found

    def near(self, word: str, most: int) -> list[tuple[int, str]]:
        """(distance, word) of those at most `most` letters away. Of the words that share enough pairs of letters the MEASURED with most are looked at."""
        apart = np.bitwise_count(self.marks ^ _marks([word])[0])
        apart[np.abs(self.lengths - len(word)) > most] = 255
        places = np.flatnonzero(apart <= 4 * most + 2)
        if len(places) > MEASURED:
            places = places[np.argpartition(apart[places], MEASURED)[:MEASURED]]
        measured = ((distance(word, other, most), other) for other in (self.words[n] for n in places))
        return [(far, other) for far, other in measured if 0 < far <= most]


class Words:
    """All words that were known at a moment."""

    def __init__(self, known: frozenset[str], parts: tuple[Some, ...], last: int) -> None:
        self.known, self.parts, self.last = known, parts, last

    def with_fragment(self, fragment: str) -> list[str]:
        """Words with this inside, at most MOST, the shortest first."""
        return sorted((word for part in self.parts for word in part.with_fragment(fragment, 5 * MOST)), key=lambda word: (len(word), word))[:MOST]

    def near(self, word: str) -> dict[str, int]:
        """Words spelled nearly so, with how many letters they differ: one in short words, two in longer ones; at most NEAREST, the nearest first."""
        most = 1 if len(word) < 6 else 2
        found = sorted((far, other[0] != word[0], other) for part in self.parts for far, other in part.near(word, most))
        return {other: far for far, _begins_otherwise, other in found[:NEAREST]}

    def halves(self, word: str) -> tuple[str, str] | None:
        """The two words that were perhaps meant: "nurhayati" is "nur hayati" elsewhere. Of several, the most even ones."""
        cuts = [cut for cut in range(3, len(word) - 2) if word[:cut] in self.known and word[cut:] in self.known]
        best = min(cuts, key=lambda cut: abs(2 * cut - len(word)), default=0)
        return (word[:best], word[best:]) if best else None

    def and_also(self, rows: Iterable[tuple[int, str]]) -> "Words":
        new, last = [], self.last
        for number, word in rows:
            last = max(last, number)
            if word not in self.known:
                new.append(word)
        if not new:
            return self if last == self.last else Words(self.known, self.parts, last)
        whole, *tail = self.parts or (Some([]),)
        late = [*(word for part in tail for word in part.words), *new]
        parts = (whole, Some(late)) if len(late) < 2000 else (Some([*whole.words, *late]),)
        return Words(self.known | frozenset(new), parts, last)


_NONE = Words(frozenset(), (), 0)
_held, _looked, _counted = _NONE, 0.0, 0.0


def current() -> Words:
    """The words known now. Costs a look at the clock, and once a second one small statement."""
    global _held, _looked, _counted
    moment = time.monotonic()
    if moment - _looked < CHECK_SECONDS and _held is not _NONE:
        return _held
    with _reading:
        if moment - _counted > COUNT_SECONDS:
            if _held is not _NONE and Word.objects.count() != len(_held.known):
                _held = _NONE
            _counted = moment
        _held = _held.and_also(Word.objects.filter(pk__gt=_held.last - OVERLAP).values_list("pk", "word"))
        _looked = moment
        return _held


def forget() -> None:
    """Read everything anew at the next question. Tests call it: what one test wrote was rolled back with it."""
    global _held, _looked, _counted
    with _reading:
        _held, _looked, _counted = _NONE, 0.0, 0.0


def _marks(words: Sequence[str]) -> "np.ndarray[Any, Any]":
    """For each word 64 bits of which each stands for some pairs of neighbouring letters, its ends included: one changed letter changes four at most."""
    if not words:
        return np.zeros(0, dtype=np.uint64)
    longest = max(map(len, words))
    letters = np.array([f"\0{word}".encode("ascii", "replace") for word in words], dtype=f"S{longest + 2}")
    table = letters.view(np.uint8).reshape(len(words), longest + 2).astype(np.uint32)
    left, right = table[:, :-1], table[:, 1:]
    bits = np.left_shift(np.uint64(1), ((left * 37 + right * 11) % 64).astype(np.uint64))
    bits[(left == 0) & (right == 0)] = 0
    return np.bitwise_or.reduce(bits, axis=1)
