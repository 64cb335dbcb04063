"""Measures the grounding check: matched answers, swapped sentences, calibration, and a scripted model in the pipeline.

    python scripts/measure_grounding.py SQUAD QED HALUEVAL [--seed 11] [--picture FILE.svg] [--only examples|pipeline]

All on halves that scripts/fit_grounding.py does not fit on. Beside the verifier stand, on the same examples, the length
of the answer and whether it is no literal substring of its context. The error of calibration lies in the interval for
19 of 20 samples of as many examples; `at best` is what chance leaves of it where every probability is right.
"""

import argparse
import asyncio
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

import msgspec
from grounding_sets.asked import FORMS, halueval, is_substring, matched
from grounding_sets.reliability import error_interval, least_error, picture
from grounding_sets.scripted import outcomes
from loguru import logger
from make_swaps import made

from footnote.config.embedding import local_embedder
from footnote.config.grounding import open_verifier
from footnote.config.settings import load_settings
from footnote.modules.evaluation.calibration import auroc
from footnote.modules.evaluation.grounding import GroundingEvaluation
from footnote.modules.evaluation.models import Example
from footnote.modules.generation.grounding.weights import THRESHOLD

Record = dict[str, Any]
Pairs = list[tuple[float, bool]]  # probability, and whether the claim is true


async def examples(squad: Path, qed: Path, haluevals: Path, seed: int) -> dict[str, Pairs]:
    settings = load_settings(os.environ).settings
    local = local_embedder(settings, Path(settings.home) / "models")
    try:
        await local.warm()
        async with open_verifier(settings, local, None) as verifier:
            evaluation = GroundingEvaluation(verifier, threshold=THRESHOLD)
            sets = {form: matched(list(halueval(haluevals, 1, form)), seed) for form in FORMS}
            sets |= {f"all answers, {FORMS[0]}": list(halueval(haluevals, 1, FORMS[0]))}
            sets["swaps"] = made([squad, qed], 1, seed, 300)
            return {name: await described(name, evaluation, records) for name, records in sets.items()}
    finally:
        await local.close()


async def described(name: str, evaluation: GroundingEvaluation, records: Sequence[Record]) -> Pairs:
    chosen = [msgspec.convert(record, Example) for record in records]
    begun = perf_counter()
    judged = await evaluation.judged(chosen)
    seconds = perf_counter() - begun
    pairs = [(found.probability, not example.hallucinated) for found, example in zip(judged, chosen, strict=True)]
    report = evaluation.report(chosen, judged, seconds)
    length = scored(records, lambda record: len(record["answer"]))
    bare_length = scored(records, lambda record: len(record.get("bare", record["answer"])))
    foreign = scored(records, lambda record: not is_substring(record["answer"], record["context"]))
    bare = scored(records, lambda record: not is_substring(record.get("bare", record["answer"]), record["context"]))
    print(f"{name}: {len(records)} examples, {report.sentences_per_second} sentences a second")
    print(f"  {msgspec.json.encode(report.metrics).decode()}")
    low, high = error_interval(pairs)
    print(f"  ece between {low:.3f} and {high:.3f}, at best {least_error(pairs):.3f}")
    print(f"  auroc of length {length:.3f}, of not a substring {foreign:.3f}")
    print(f"  auroc of length of the bare answer {bare_length:.3f}, of the bare answer not a substring {bare:.3f}")
    return pairs


def scored(records: Sequence[Record], score: Any) -> float:
    area = auroc(
        [float(score(record)) for record in records if record["hallucinated"]],
        [float(score(record)) for record in records if not record["hallucinated"]],
    )
    return area or 0.0


async def pipeline(squad: Path, qed: Path, seed: int) -> None:
    records = made([squad, qed], 1, seed, 300)
    became: Counter[tuple[str, str]] = Counter()
    async for record, outcome in outcomes(records, [squad, qed], seed):
        became[record["kind"], outcome] += 1
        if record["hallucinated"] and outcome == "released":
            print(f"released: {record['answer']}\n     for: {record['gold']}")
    for kind in dict.fromkeys(record["kind"] for record in records):
        print(f"{kind}: " + ", ".join(f"{became[kind, each]} {each}" for each in ("withheld", "mended", "released")))


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the grounding check.")
    parser.add_argument("squad", type=Path)
    parser.add_argument("qed", type=Path)
    parser.add_argument("halueval", type=Path, help="examples.jsonl")
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--picture", type=Path)
    parser.add_argument("--only", choices=("examples", "pipeline"))
    chosen = parser.parse_args()
    logger.remove()
    if chosen.only != "pipeline":
        found = asyncio.run(examples(chosen.squad, chosen.qed, chosen.halueval, chosen.seed))
        if chosen.picture:
            chosen.picture.write_text(picture({"swaps": found["swaps"], "answers": found[f"all answers, {FORMS[0]}"]}))
    if chosen.only != "examples":
        asyncio.run(pipeline(chosen.squad, chosen.qed, chosen.seed))


if __name__ == "__main__":
    main()
