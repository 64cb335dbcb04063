"""Right and hallucinated answers to the same question, made sentences by one form, and matched for length."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FORMS = (
    'The answer to the question "{question}" is {answer}.',
    "{question} {answer}.",
    "The answer is {answer}.",
    "{answer}.",
)
LONGEST_DIFFERENCE = 20  # characters


def halueval(path: Path, half: int, form: str) -> Iterator[dict[str, Any]]:
    """Of every other question, in the order of the file."""
    with path.open("rb") as lines:
        records = [json.loads(line) for line in lines]
    names = sorted({name(record) for record in records})
    chosen = set(names[half::2])
    for record in records:
        if name(record) in chosen:
            yield {**record, "bare": record["answer"], "answer": in_form(record, form)}


def name(record: dict[str, Any]) -> str:
    """Of the question."""
    return str(record["id"]).rpartition("-")[0]


def in_form(record: dict[str, Any], form: str) -> str:
    return form.format(question=record["question"].strip(), answer=record["answer"].strip().rstrip("."))


def matched(records: list[dict[str, Any]], longest: int = LONGEST_DIFFERENCE) -> list[dict[str, Any]]:
    """Pairs whose answers differ little in length, as many of them the one way as the other."""
    pairs: dict[str, list[dict[str, Any]]] = {}
    for record in records:
        pairs.setdefault(name(record), []).append(record)
    close = [pair for pair in pairs.values() if len(pair) == 2 and abs(_longer(pair)) <= longest]
    shorter = [pair for pair in close if _longer(pair) < 0]
    longer = sorted((pair for pair in close if _longer(pair) > 0), key=_longer)
    same = [pair for pair in close if _longer(pair) == 0]
    return [record for pair in (*shorter, *longer[: len(shorter)], *same) for record in pair]


def _longer(pair: list[dict[str, Any]]) -> int:
    """By how many characters the hallucinated answer is longer."""
    true, false = sorted(pair, key=lambda record: bool(record["hallucinated"]))
    return len(false["bare"]) - len(true["bare"])


def is_substring(answer: str, context: str) -> bool:
    return _folded(answer) in _folded(context)


def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
