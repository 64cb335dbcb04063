"""Right and hallucinated answers to questions, made sentences by one form, and matched for length."""

import json
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

FORMS = (
    'The answer to the question "{question}" is {answer}.',
    "{question} {answer}.",
    "The answer is {answer}.",
    "{answer}.",
)

Record = dict[str, Any]


def halueval(path: Path, half: int, form: str) -> Iterator[Record]:
    """Of every other question, in the order of the file."""
    with path.open("rb") as lines:
        records = [json.loads(line) for line in lines]
    names = sorted({name(record) for record in records})
    chosen = set(names[half::2])
    for record in records:
        if name(record) in chosen:
            bare = record["answer"].strip().rstrip(".")
            yield {**record, "bare": bare, "answer": form.format(question=record["question"].strip(), answer=bare)}


def name(record: Record) -> str:
    """Of the question."""
    return str(record["id"]).rpartition("-")[0]


def matched(records: Sequence[Record], seed: int) -> list[Record]:
    """As many right as hallucinated answers of every length, drawn at random, so that length tells nothing.

    A pair are answers to two questions: to the same one, hallucinated answers are nearly always longer.
    """
    chance = random.Random(seed)
    right, hallucinated = (_by_length(records, is_false) for is_false in (False, True))
    return [
        record
        for length in sorted(right.keys() & hallucinated.keys())
        for pair in zip(_shuffled(right[length], chance), _shuffled(hallucinated[length], chance), strict=False)
        for record in pair
    ]


def _by_length(records: Sequence[Record], hallucinated: bool) -> dict[int, list[Record]]:
    found: dict[int, list[Record]] = {}
    for record in records:
        if bool(record["hallucinated"]) == hallucinated:
            found.setdefault(len(record["bare"]), []).append(record)
    return found


def _shuffled(records: Sequence[Record], chance: random.Random) -> list[Record]:
    return chance.sample(records, len(records))


def is_substring(answer: str, context: str) -> bool:
    return _folded(answer) in _folded(context)


def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
