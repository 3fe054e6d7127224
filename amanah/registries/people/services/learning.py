"""What agreement weighs, learnt from the register itself: Splink's EM says how entries of one person differ, households say how relatives do.

Splink sees the very comparisons of rules.matching: each pair that the sieve brought together is two rows that share a number and carry the pair's
levels. No labels are needed.
"""
import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..rules.matching import LEVELS, MISSING, Shares, Weights, compare, liken, shares
from .sifting import Sieve

PAIRS = 20_000       # pairs that Splink learns from
UNLIKELY = 0.1       # below this the shipped weights are sure that it is two persons
LEAST = 200          # fewer pairs teach nothing
HOUSEHOLDS = 20_000  # pairs of relatives that are compared


def learn(sieve: Sieve, shipped: Weights) -> Weights:
    """Weights of this register, starting from the shipped ones. Deterministic: the same register gives the same weights."""
    names, places, days = sieve.rarities()
    begun = replace(shipped, names=names, places=places, days=days, people=sieve.people)
    same = _same(sieve, begun)
    return replace(begun, same=same, relatives=_noisy(_relatives(sieve, begun), same))


def _noisy(relatives: dict[str, dict[str, float]], same: Shares) -> dict[str, dict[str, float]]:
    """What relatives share is written as differently in two entries as what one person shares with themselves: "Siti Aminah" and "St. Aminah" may be
    the mother of two children. Within one family card that is not seen, for there everything was written at once."""
    for name in ("mother", "father", "birthplace"):
        shared = sum(share for level, share in relatives[name].items() if level != "none")
        told = sum(share for level, share in same[name].items() if level != "none")
        relatives[name] = {level: (1 - shared) if level == "none" else shared * share / told for level, share in same[name].items()}
    return relatives


def _relatives(sieve: Sieve, begun: Weights) -> dict[str, dict[str, float]]:
    """Compare people of one household, each with a NIK of their own: surely two persons."""
    levels: dict[str, list[str]] = {name: [] for name in (*LEVELS, "twins")}
    where = "x.family = y.family AND x.id < y.id AND x.nik AND y.nik AND abs(year(x.born) - year(y.born)) <= 12"
    for row in sieve.sides(f"entry x JOIN entry y ON {where}", f"ORDER BY hash(x.id) LIMIT {HOUSEHOLDS}"):
        found, _ = compare(*row, begun.names, begun.places)
        for name, level in found.items():
            levels[name].append(level)
    for row in sieve.sides(f"entry x JOIN entry y ON {where} AND x.born = y.born", f"ORDER BY hash(x.id) LIMIT {HOUSEHOLDS}"):
        levels["twins"].append(compare(*row, begun.names, begun.places)[0]["name"])
    # Whether relatives share a home or have numbers cannot be learnt from those who do: that stays as shipped.
    return {name: dict(before) if name in ("home", "nik") else shares(levels[name], before) for name, before in begun.relatives.items()}


def _same(sieve: Sieve, begun: Weights) -> Shares:
    """How entries of one person agree, by Splink's expectation maximisation over pairs that the sieve brought together."""
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on
    logging.getLogger("splink").setLevel(logging.ERROR)
    rows: list[tuple[Any, ...]] = []
    others: dict[str, list[str]] = {name: [] for name in LEVELS}  # levels of pairs that are surely two persons
    for number, (a, b) in enumerate(sieve.sides("pair p JOIN entry x ON x.id = p.a JOIN entry y ON y.id = p.b", f"ORDER BY hash(p.a, p.b) LIMIT {PAIRS}")):
        likeness = liken(a, b, begun)
        if likeness.against_relatives < 0:  # relatives are a third kind, of which Splink's two classes know nothing
            continue
        levels = likeness.levels
        if likeness.probability < UNLIKELY:
            for name, level in levels.items():
                others[name].append(level)
        rows += [(2 * number + side, number, *(levels[name] for name in LEVELS)) for side in (0, 1)]
    if len(rows) < 2 * LEAST:
        return begun.same
    table = sieve.table("learning", [("unique_id", "int64"), ("number", "int64"), *((name, "string") for name in LEVELS)], rows)
    comparisons = [_comparison(name, begun.same[name], shares(others[name], begun.relatives[name])) for name in LEVELS]
    settings = SettingsCreator(link_type="dedupe_only", comparisons=comparisons, retain_matching_columns=False,
                               probability_two_random_records_match=0.2, max_iterations=50)
    linker = Linker(DuckDBAPI(sieve.db).register(table), settings, log_level=logging.ERROR)
    linker.training.estimate_parameters_using_expectation_maximisation(
        block_on("number"), fix_u_probabilities=True, estimate_without_term_frequencies=True)
    model = linker.misc.save_model_to_json()
    same = {name: dict(begun.same[name]) for name in LEVELS}
    for comparison in model["comparisons"]:
        name = comparison["output_column_name"]
        for level in comparison["comparison_levels"]:
            if (share := level.get("m_probability")) is not None:
                same[name][level["label_for_charts"]] = max(share, 1e-4)
    return same


def _comparison(name: str, same: Mapping[str, float], others: Mapping[str, float]) -> dict[str, Any]:
    """The levels of one comparison as Splink has them, with what is believed at first."""
    levels: list[dict[str, Any]] = [{"sql_condition": f"\"{name}_l\" = '{MISSING}'", "label_for_charts": MISSING, "is_null_level": True}]
    for level in LEVELS[name]:
        levels.append({"sql_condition": f"\"{name}_l\" = '{level}'", "label_for_charts": level, "m_probability": same[level],
                       "u_probability": others[level]})
    return {"output_column_name": name, "comparison_levels": levels}
