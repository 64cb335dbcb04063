"""Makes true and false sentences of the gold sentences of squad2-a and qed, to measure the grounding check with.

    python scripts/make_swaps.py FOLDER DATASET... [--half 1] [--seed 7] [--count 300]

Writes FOLDER/examples.jsonl, for `footnote evaluate grounding` (context: the passage), and FOLDER/script.jsonl, for a
scripted model in the pipeline (`scripts/measure_grounding.py`). Half 0 is what the verifier's weights are fitted on,
half 1 shares neither a document nor an article with it.
"""

import argparse
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from grounding_sets.gold import Gold, gold_sentences
from grounding_sets.rewording import rephrased
from grounding_sets.swapping import MORE_SWAPS, SWAPS, Swap, names_of, planted

QUOTED_SHARE = 0.4  # of the true ones
REWORDED_SHARE = 0.3  # of the false ones, that are rephrased as well
ELSEWHERE = ("another document", "wrong citation", "no citation")


def true_ones(golds: Sequence[Gold], chance: random.Random) -> Iterator[dict[str, object]]:
    for gold in golds:
        is_quoted = chance.random() < QUOTED_SHARE
        sentence = gold.sentence if is_quoted else rephrased(gold.sentence, chance)
        yield _record(gold, sentence, "quoted" if is_quoted else "rephrased", False)


def false_ones(golds: Sequence[Gold], swaps: Mapping[str, Swap], chance: random.Random) -> Iterator[dict[str, object]]:
    names = sorted({match.group() for gold in golds for match in names_of(gold.passage)})
    kinds = [*swaps, *ELSEWHERE, "planted"]
    for turn, gold in enumerate(golds):
        kind = kinds[turn % len(kinds)]
        if kind == "planted":
            yield _planted(gold, chance)
        elif kind in ELSEWHERE:
            other = chance.choice([each for each in golds if each.subject != gold.subject])
            yield _record(gold, other.sentence, kind, True)
        elif record := _swapped(gold, kind, swaps, names, chance):
            yield record


def _swapped(
    gold: Gold, kind: str, swaps: Mapping[str, Swap], names: Sequence[str], chance: random.Random
) -> dict[str, object] | None:
    false = swaps[kind](gold.sentence, chance, names, gold.passage)
    if false is None or false == gold.sentence or false in gold.passage:
        return None
    written = rephrased(false, chance, keeps_all=True) if chance.random() < REWORDED_SHARE else false
    return _record(gold, written, kind, True)


def _planted(gold: Gold, chance: random.Random) -> dict[str, object]:
    instruction, obeyed = planted(chance)
    return {
        **_record(gold, obeyed, "planted", True),
        "context": f"{gold.passage} {instruction}",
        "planted": instruction,
    }


def _record(gold: Gold, answer: str, kind: str, hallucinated: bool) -> dict[str, object]:
    return {
        "id": f"{gold.question_id}-{kind.replace(' ', '-')}",
        "question": gold.question,
        "context": gold.passage,
        "title": gold.title,
        "doc_id": gold.doc_id,
        "answer": answer,
        "gold": gold.sentence,
        "kind": kind,
        "hallucinated": hallucinated,
    }


def made(
    datasets: Sequence[Path], half: int, seed: int, count: int, *, with_words: bool = False
) -> list[dict[str, object]]:
    """Also sentences with another word exchanged, if `with_words`.

    `count` true and `count` false ones, or as many as there are, as many of each dataset as of the others."""
    records = []
    for dataset in datasets:
        golds = gold_sentences(dataset, half)
        chance = random.Random(f"{seed} {dataset.name} {half}")
        chance.shuffle(golds)
        share = count // len(datasets)
        records += list(true_ones(golds, chance))[:share]
        chance.shuffle(golds)
        records += _evenly(list(false_ones(golds, MORE_SWAPS if with_words else SWAPS, chance)), share)
    return records


def _evenly(records: Sequence[dict[str, object]], count: int) -> list[dict[str, object]]:
    """As many of each kind as there are, none more than another as long as all have some."""
    by_kind: dict[object, list[dict[str, object]]] = {}
    for record in records:
        by_kind.setdefault(record["kind"], []).append(record)
    chosen: list[dict[str, object]] = []
    while len(chosen) < count and any(by_kind.values()):
        chosen += [left.pop(0) for left in by_kind.values() if left]
    return chosen[:count]


def main() -> None:
    parser = argparse.ArgumentParser(description="Make true and false sentences.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("datasets", nargs="+", type=Path)
    parser.add_argument("--half", type=int, choices=(0, 1), default=1)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument(
        "--with-words", action="store_true", help="also exchange words that are neither names nor numbers"
    )
    chosen = parser.parse_args()
    records = made(chosen.datasets, chosen.half, chosen.seed, chosen.count, with_words=chosen.with_words)
    chosen.folder.mkdir(parents=True, exist_ok=True)
    lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    (chosen.folder / "examples.jsonl").write_text(lines, "utf-8")
    print(f"{sum(not r['hallucinated'] for r in records)} true, {sum(bool(r['hallucinated']) for r in records)} false")


if __name__ == "__main__":
    main()
