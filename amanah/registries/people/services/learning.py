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
LEAST_DOUBLED, MOST_DOUBLED = 0.0005, 0.05
LEARNT = tuple(name for name in LEVELS if name != "kin")  # children of one mother would be taken for one person
TRUST = 30            # doubles for which the shipped weights count
UNLIKELY = 0.1       # below this the shipped weights are sure that it is two persons
LEAST = 200          # fewer pairs teach nothing
HOUSEHOLDS = 20_000  # pairs of relatives that are compared


def learn(sieve: Sieve, shipped: Weights) -> Weights:
    """Weights of this register, starting from the shipped ones. Deterministic: the same register gives the same weights."""
    names, places, days = sieve.rarities()
    begun = replace(shipped, names=names, places=places, days=days, people=sieve.people, namesakes=sieve.namesakes())
    same, doubled = _same(sieve, begun)
    return replace(begun, same=same, doubled=doubled, relatives=_noisy(_relatives(sieve, begun), same))


def _noisy(relatives: dict[str, dict[str, float]], same: Shares) -> dict[str, dict[str, float]]:
    """What relatives share is written as differently in two entries as what one person shares with themselves: "Siti Aminah" and "St. Aminah" may be
    the mother of two children. Within one family card that is not seen, for there everything was written at once."""
    for name in ("mother", "father", "birthplace"):
        shared = sum(share for level, share in relatives[name].items() if level != "none")
        told = sum(share for level, share in same[name].items() if level != "none")
        relatives[name] = {level: (1 - shared) if level == "none" else shared * share / told for level, share in same[name].items()}
    return relatives


def _relatives(sieve: Sieve, begun: Weights) -> dict[str, dict[str, float]]:
    """Compare people of one family card or one mother, each with a NIK of their own: surely two persons."""
    levels: dict[str, list[str]] = {name: [] for name in (*LEVELS, "twins")}
    where = "x.id < y.id AND x.nik AND y.nik AND abs(year(x.born) - year(y.born)) <= 12"
    for kin in ("family", "mother_id"):
        for row in sieve.sides(f"entry x JOIN entry y ON x.{kin} = y.{kin} AND {where}", f"ORDER BY hash(x.id) LIMIT {HOUSEHOLDS // 2}"):
            for name, level in compare(*row, begun.names, begun.places)[0].items():
                if (name, kin) != ("kin", "mother_id"):
                    levels[name].append(level)
        for row in sieve.sides(f"entry x JOIN entry y ON x.{kin} = y.{kin} AND {where} AND x.born = y.born", f"ORDER BY hash(x.id) LIMIT {HOUSEHOLDS // 2}"):
            levels["twins"].append(compare(*row, begun.names, begun.places)[0]["name"])
    # Who was picked because of a card or a NIK says nothing of how often relatives share them: that stays as shipped.
    return {name: dict(before) if name in ("home", "nik") else shares(levels[name], before) for name, before in begun.relatives.items()}


def _same(sieve: Sieve, begun: Weights) -> tuple[Shares, float]:
    """How entries of one person agree, by Splink's expectation maximisation over pairs that the sieve brought together; and how many have a double."""
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on
    logging.getLogger("splink").setLevel(logging.ERROR)
    rows: list[tuple[Any, ...]] = []
    expected, seen = 0.0, 0
    others: dict[str, list[str]] = {name: [] for name in LEVELS}  # levels of pairs that are surely two persons
    for number, (a, b) in enumerate(sieve.sides("pair p JOIN entry x ON x.id = p.a JOIN entry y ON y.id = p.b", f"ORDER BY hash(p.a, p.b) LIMIT {PAIRS}")):
        likeness = liken(a, b, begun)
        expected += likeness.probability
        seen += 1
        if likeness.against_relatives < 0:  # relatives are a third kind, of which Splink's two classes know nothing
            continue
        levels = likeness.levels
        if likeness.probability < UNLIKELY:
            for name, level in levels.items():
                others[name].append(level)
        rows += [(2 * number + side, number, *(levels[name] for name in LEARNT)) for side in (0, 1)]
    if len(rows) < 2 * LEAST:
        return begun.same, begun.doubled
    table = sieve.table("learning", [("unique_id", "int64"), ("number", "int64"), *((name, "string") for name in LEARNT)], rows)
    comparisons = [_comparison(name, begun.same[name], shares(others[name], begun.relatives[name])) for name in LEARNT]
    settings = SettingsCreator(link_type="dedupe_only", comparisons=comparisons, retain_matching_columns=False,
                               probability_two_random_records_match=0.2, max_iterations=50)
    linker = Linker(DuckDBAPI(sieve.db).register(table), settings, log_level=logging.ERROR)
    session = linker.training.estimate_parameters_using_expectation_maximisation(
        block_on("number"), fix_u_probabilities=True, estimate_without_term_frequencies=True)
    doubles = len(rows) / 2 * session.core_model_settings.probability_two_random_records_match
    same = {"kin": begun.same["kin"]}
    for comparison in linker.misc.save_model_to_json()["comparisons"]:
        name = comparison["output_column_name"]
        learnt = {level["label_for_charts"]: level.get("m_probability") or 0.0 for level in comparison["comparison_levels"]}
        total = sum(learnt[level] for level in LEVELS[name]) or 1.0  # levels that did not occur keep what was believed: not counted as seen
        same[name] = {level: max((doubles * learnt[level] / total + TRUST * before) / (doubles + TRUST), 1e-4) for level, before in begun.same[name].items()}
    doubled = expected / seen * sieve.compared / sieve.people
    return same, min(max(doubled, LEAST_DOUBLED), MOST_DOUBLED)


def _comparison(name: str, same: Mapping[str, float], others: Mapping[str, float]) -> dict[str, Any]:
    """The levels of one comparison as Splink has them, with what is believed at first."""
    levels: list[dict[str, Any]] = [{"sql_condition": f"\"{name}_l\" = '{MISSING}'", "label_for_charts": MISSING, "is_null_level": True}]
    for level in LEVELS[name]:
        levels.append({"sql_condition": f"\"{name}_l\" = '{level}'", "label_for_charts": level, "m_probability": same[level],
                       "u_probability": others[level]})
    return {"output_column_name": name, "comparison_levels": levels}
