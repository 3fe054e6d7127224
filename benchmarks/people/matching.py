"""Doubles: `people_match` against a plain Splink model, on the same rows of the same register in the same run, each in a process of its own.

The plain model is what a competent user writes from Splink's documentation: the same columns, Jaro-Winkler on names with term frequencies, its own
comparison of birth dates, five blocking rules, EM. Both read the register from the database, mothers' names opened; both are judged by the truth
file of the invented city, in which twins, namesakes, fathers and sons are planted besides the doubles. Run alone: python -m benchmarks.people.matching.
"""
import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.harness import ROOT, Figure, keep, say, scratch_postgres

RESIDENTS = int(os.environ.get("AMANAH_BENCH_RESIDENTS", "1000000"))
THRESHOLDS = (0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 0.9999, 0.99999, 0.999999, 0.9999999)
PRECISION = 0.999


def run(*, seconds: float = 0, repeats: int = 1, truth: Path | None = None) -> list[Figure]:
    """The figures. With `truth` the register stands already in the database of AMANAH_DATABASE_URL; otherwise a city is invented in a scratch one."""
    if truth is not None:
        return compare(os.environ["AMANAH_DATABASE_URL"], truth, repeats)
    with scratch_postgres() as url:
        truth = ROOT / "var" / "bench-people-truth.csv"
        say(f"  inventing a city of {RESIDENTS:,}")
        invent(truth)
        return compare(url, truth, repeats)


def invent(truth: Path) -> None:
    from django.core.management import call_command

    from amanah.foundation.kernel.actor import Actor
    from amanah.registries.people.services import invention
    call_command("city_load", verbosity=0, stdout=sys.stderr)
    call_command("territory_model_neighbourhoods", verbosity=0, stdout=sys.stderr)
    invention.invent(Actor.system("bench"), residents=RESIDENTS, seed=1, years=10, truth=truth)


def compare(url: str, truth: Path, repeats: int) -> list[Figure]:
    pairs, memory, last = [], [], ({}, {})
    for turn in range(repeats):
        theirs, ours = leg("plain", url, truth), leg("ours", url, truth)
        pairs.append((1 / ours["seconds"], 1 / theirs["seconds"]))
        memory.append((1 / ours["megabytes"], 1 / theirs["megabytes"]))
        last = (ours, theirs)
        say(f"    {turn + 1}/{repeats}: {ours['seconds']:.1f} s, {ours['megabytes']} MB against {theirs['seconds']:.1f} s, {theirs['megabytes']} MB")
    ours, theirs = last
    size = f"{ours['people']:,} entries, {ours['doubles']:,} doubles"
    plain = best(theirs)  # at the threshold that suits it best
    limit = "a plain Splink model"
    figures = [
        Figure("people_match, runs a second", size, pairs[-1][0], pairs[-1][1], limit, 1.0, pairs,
               {"ours": f"{ours['seconds']:.1f} s {ours['steps']}", "theirs": f"{theirs['seconds']:.1f} s {theirs['steps']}"}),
        Figure("people_match, memory (1/MB)", size, memory[-1][0], memory[-1][1], limit, 1.0, memory,
               {"ours": f"{ours['megabytes']} MB", "theirs": f"{theirs['megabytes']} MB"}),
        Figure("people_match, missed pairs (theirs/ours)", size, plain["missed"], max(ours["at"]["missed"], 1),
               f"{limit}; its best threshold {plain['threshold']}", 2.0, [(plain["missed"], max(ours["at"]["missed"], 1))],
               {"ours missed": ours["at"]["missed"], "theirs missed": plain["missed"],
                                                                    "why ours": ours["why"], "theirs precision": round(plain["precision"], 5)}),
        Figure("people_match, precision", size, ours["at"]["precision"], PRECISION, "asked", 1.0, [(ours["at"]["precision"], PRECISION)],
               {"wrong": ours["at"]["wrong"], "threshold": ours["at"]["threshold"]}),
    ]
    for figure in figures:
        keep(figure)
    return figures


def best(told: dict[str, Any]) -> dict[str, Any]:
    """The fewest misses at the asked precision; where it is never reached, the fewest misses at its highest precision."""
    enough = [row for row in told["curve"] if row["precision"] >= PRECISION]
    return min(enough, key=lambda row: row["missed"]) if enough else max(told["curve"], key=lambda row: (row["precision"], -row["missed"]))


def leg(name: str, url: str, truth: Path) -> dict[str, Any]:
    env = {**os.environ, "AMANAH_DATABASE_URL": url, "AMANAH_MODE": "demo", "DJANGO_SETTINGS_MODULE": "amanah.settings", "AMANAH_LOG_LEVEL": "ERROR"}
    done = subprocess.run([sys.executable, "-m", "benchmarks.people.matching", name, str(truth)], cwd=ROOT, env=env, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


# ---------------------------------------------------------------- the legs

def ours() -> dict[str, Any]:
    from amanah.foundation.kernel.actor import Actor
    from amanah.registries.people.services import doubles
    sifted = doubles.sift(Actor.system("bench"), threshold=0.2)
    return {"people": sifted.people, "steps": sifted.seconds, "threshold": doubles.THRESHOLD, "sifted": sifted,
            "found": {(one.first, one.second): one.probability for one in sifted.found}}


def plain() -> dict[str, Any]:
    import logging

    import duckdb
    import pyarrow
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    from amanah.registries.people.services.doubles import entries
    logging.getLogger("splink").setLevel(logging.ERROR)
    at, steps = time.perf_counter(), {}
    db = duckdb.connect(":memory:")
    db.execute("CREATE TABLE people (unique_id BIGINT, name VARCHAR, born VARCHAR, sex TINYINT, birthplace VARCHAR, father VARCHAR, mother VARCHAR,"
               " family BIGINT, place VARCHAR, first_word VARCHAR, birth_year INTEGER)")
    batch: list[Any] = []

    def put() -> None:
        names = ("unique_id", "name", "born", "sex", "birthplace", "father", "mother", "family", "place")
        db.register("batch", pyarrow.table(dict(zip(names, zip(*batch, strict=True), strict=True))))
        db.execute("INSERT INTO people SELECT *, string_split(name, ' ')[1], year(born::DATE) FROM batch")
        db.unregister("batch")
        batch.clear()

    for id, name, born, sex, birthplace, father, mother, family, place, *_rest in entries():
        batch.append((id, name, str(born), sex, birthplace or None, father or None, mother or None, family, place))
        if len(batch) == 50_000:
            put()
    put()
    steps["read"] = round(time.perf_counter() - at, 2)
    settings = SettingsCreator(
        link_type="dedupe_only", retain_matching_columns=False,
        comparisons=[
            cl.JaroWinklerAtThresholds("name", [0.95, 0.88, 0.8]).configure(term_frequency_adjustments=True),
            cl.DateOfBirthComparison("born", input_is_string=True, invalid_dates_as_null=False), cl.ExactMatch("sex"),
            cl.JaroWinklerAtThresholds("birthplace", [0.9]).configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("mother", [0.95, 0.88]).configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("father", [0.95, 0.88]).configure(term_frequency_adjustments=True),
            cl.ExactMatch("family"), cl.ExactMatch("place")],
        blocking_rules_to_generate_predictions=[
            block_on("born", "first_word"), block_on("born", "mother"), block_on("born", "father"), block_on("name", "birth_year"), block_on("name", "mother"),
            block_on("mother", "father", "birth_year")])
    linker = Linker(DuckDBAPI(db).register("people"), settings, log_level=logging.ERROR)
    linker.training.estimate_probability_two_random_records_match([block_on("born", "name", "mother")], recall=0.6)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in (block_on("born", "mother"), block_on("name", "mother"), block_on("born", "first_word")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    steps["train"] = round(time.perf_counter() - at - steps["read"], 2)
    predicted = linker.inference.predict(threshold_match_probability=0.2)
    sides = "least(unique_id_l, unique_id_r), greatest(unique_id_l, unique_id_r)"
    found = db.execute(f"SELECT {sides}, match_probability FROM {predicted.physical_name}").fetchall()  # noqa: S608 - a name that Splink made
    people = db.execute("SELECT count(*) FROM people").fetchall()[0][0]
    steps["predict"] = round(time.perf_counter() - at - sum(steps.values()), 2)
    return {"people": people, "steps": steps, "threshold": 0.95, "found": {(a, b): p for a, b, p in found}}


def main(name: str, truth: Path) -> None:
    import django
    django.setup()
    begin = time.perf_counter()
    told = ours() if name == "ours" else plain()
    told["seconds"] = time.perf_counter() - begin
    told["cpu"] = round(time.process_time(), 1)  # of both processors, and of the set-up
    told["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

    from amanah.registries.people.management.commands.people_match import read_truth
    from amanah.registries.people.services.doubles import judge
    known, found, sifted = read_truth(truth), told.pop("found"), told.pop("sifted", None)
    told["doubles"] = len(known)

    def at(threshold: float) -> dict[str, Any]:
        kept = {pair for pair, probability in found.items() if probability >= threshold}
        right = len(kept & known.keys())
        return {"threshold": threshold, "right": right, "wrong": len(kept) - right, "missed": len(known) - right, "precision": right / max(len(kept), 1)}

    told["curve"] = [at(threshold) for threshold in THRESHOLDS]
    told["at"] = at(told["threshold"])
    if sifted:
        kept = [one for one in sifted.found if one.probability >= told["threshold"]]
        told["why"] = dict(judge(replace(sifted, found=kept), known).missed)
    else:
        told["why"] = {"never compared, or below every threshold": sum(1 for pair in known if pair not in found)}
    print(json.dumps(told))


if __name__ == "__main__":
    if len(sys.argv) > 2:
        main(sys.argv[1], Path(sys.argv[2]))
    else:
        from benchmarks.harness import table
        print(table(run(truth=Path(sys.argv[1]) if len(sys.argv) > 1 else None)))
