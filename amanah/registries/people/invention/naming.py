"""Names as people of this city bear them: by year of birth, sex and style; single names are normal, family names are not."""
from datetime import date
from random import Random

from .content import Content, Draw

YOUNG = date(1975, 1, 1).toordinal()   # born before: the old words
TITLE = {1: "male", 2: "female"}


def weighted(text: str) -> Draw[str]:
    """Words of the file; "word*0.3" carries a weight."""
    return Draw([(word.partition("*")[0], float(word.partition("*")[2] or 1)) for word in text.split()])


class Namer:
    def __init__(self, content: Content, chance: Random) -> None:
        names = content.facts["names"]
        self._draw = chance.random
        self._first = {sex: (Draw(names["first"][title]), sum(names["first"][title].values()) / 100) for sex, title in TITLE.items()}
        self._since = {word: date(year, 1, 1).toordinal() for word, year in names["since"].items()}
        self._words = [(date(year, 1, 1).toordinal(), Draw(enumerate(odds, 1))) for year, odds in names["words"]]
        self._given: dict[tuple[str, bool, int], Draw[str]] = {}
        self._coined: dict[tuple[str, int], tuple[list[str], list[str]]] = {}
        for style in names["old"]:
            for sex, title in TITLE.items():
                self._given[style, False, sex] = weighted(names["old"][style][title])
                self._given[style, True, sex] = weighted(names["young"][style][title])
                if style in names["coined"]:
                    self._coined[style, sex] = (names["coined"][style]["front"], names["coined"][style][title])
        self._behind = {(era, sex): weighted(names["behind"][word][title])
                        for era, word in ((False, "old"), (True, "young")) for sex, title in TITLE.items()}
        self.variants: dict[str, list[str]] = {}
        for row in names["variants"]:
            for word in row:
                self.variants.setdefault(word, [other for other in row if other != word])

    def name(self, sex: int, born: int, style: str) -> str:
        draw = self._draw
        young = born >= YOUNG
        count = next(words for until, words in self._words if born < until)(draw())
        common, share = self._first[sex]
        first = ""
        if style in ("minang", "jawa") and draw() < share:
            first = common(draw())
            if self._since.get(first, 0) > born:
                first = ""
            elif count == 1 and first in ("M", "Dwi", "Tri", "Nur", "Siti", "Muhammad", "Mohammad", "Ahmad"):
                count = 2
        if not first:
            first = self._word(style, young, sex)
        if count == 1:
            return first
        words = [first]
        if first in ("M", "Muhammad", "Muhamad", "Mohammad", "Ahmad", "Achmad", "Siti", "Nur"):
            words.append(self._word(style, young, sex))
        while len(words) < count:
            word = self._behind[young, sex](draw()) if style in ("minang", "jawa") or draw() < 0.3 else self._word(style, young, sex)
            if word not in words:
                words.append(word)
        return " ".join(words)

    def _word(self, style: str, young: bool, sex: int) -> str:
        draw = self._draw
        coined = self._coined.get((style, sex))
        if coined and draw() < 0.38:
            front, back = coined
            return front[int(draw() * len(front))] + back[int(draw() * len(back))]
        return self._given[style, young, sex](draw())

    def word_behind(self, sex: int, born: int) -> str:
        return self._behind[born >= YOUNG, sex](self._draw())

    def respelt(self, word: str) -> str:
        """The same word as somebody else might write it; the word itself when we know no other way."""
        others = self.variants.get(word)
        if others:
            return others[int(self._draw() * len(others))]
        for one, other in (("iy", "i"), ("sy", "s"), ("kh", "h"), ("dz", "z"), ("f", "p"), ("y", "i"), ("z", "s"), ("i", "y")):
            if one in word[1:]:
                return word[0] + word[1:].replace(one, other, 1)
        return word

    def twin(self, name: str, sex: int, born: int, style: str) -> str:
        """A name like a twin's: the same words but one, or with the same beginning."""
        words = name.split()
        other = self._word(style, born >= YOUNG, sex)
        for _attempt in range(8):
            if other[0] == words[0][0] and other != words[0]:
                break
            other = self._word(style, born >= YOUNG, sex)
        return " ".join([other, *words[1:]]) if words[0] != other else f"{other} {self._behind[born >= YOUNG, sex](self._draw())}"
