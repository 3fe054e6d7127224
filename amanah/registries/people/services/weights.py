"""The weights that the program comes with, learnt from an invented city: by them an entry is compared while it is being written, without DuckDB."""
import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from ..rules.matching import LEVELS, Rarity, Weights

FILE = Path(__file__).resolve().parent.parent / "matching.json"
WORDS, PLACES = 1500, 100  # so many of the most frequent are kept; the others count as rare


@cache
def shipped() -> Weights:
    return read(FILE)


def read(path: Path) -> Weights:
    held = json.loads(path.read_text(encoding="utf-8"))
    return Weights(held["same"], held["relatives"], held["chance"], Rarity(held["names"], usual=held["unlisted_name"]),
                   Rarity(held["places"], usual=held["unlisted_place"]), held["people"], held["doubled"], namesakes=held["namesakes"])


def write(path: Path, weights: Weights) -> None:
    """Keep learnt weights as a file. It holds how often words occur, and none that only a few people bear."""
    def most(rarity: Rarity, many: int) -> dict[str, float]:
        least = max(weights.people / 2 ** 12, 50)  # nobody is found by a word that so many bear
        frequent = sorted(rarity.bits.items(), key=lambda item: (item[1], item[0]))[:many]
        return {word: round(bits, 2) for word, bits in frequent if weights.people / 2 ** bits >= least}

    def rounded(shares: Any) -> dict[str, dict[str, float]]:
        return {name: {level: float(f"{share:.3g}") for level, share in shares[name].items()} for name in (*LEVELS, "twins") if name in shares}

    path.write_text(json.dumps({
        "people": weights.people, "doubled": weights.doubled, "namesakes": round(weights.namesakes, 2),
        "same": rounded(weights.same), "relatives": rounded(weights.relatives),
        "chance": rounded(weights.chance), "names": most(weights.names, WORDS), "unlisted_name": 13.0, "places": most(weights.places, PLACES),
        "unlisted_place": 9.0}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def for_people(weights: Weights, people: int) -> Weights:
    """The same weights for a register of another size: the more people, the more of them resemble each other."""
    return replace(weights, people=max(people, 100))
