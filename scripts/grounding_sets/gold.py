"""Gold sentences: those that hold the answer of a question."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from footnote.platform.text import sentence_spans

FEWEST, MOST = 6, 45  # words
TOKENISED = ((" ,", ","), (" .", "."), (" ;", ";"), ("( ", "("), (" )", ")"), (" 's", "'s"), (" - ", "-"), (" %", "%"))


class Gold(NamedTuple):
    question_id: str
    question: str
    answer: str
    doc_id: str
    title: str
    passage: str
    sentence: str

    @property
    def subject(self) -> str:
        """What questions of one half and of the other have not in common: the article, or else the document."""
        return self.doc_id.partition("#")[0]


def gold_sentences(dataset: Path, half: int) -> list[Gold]:
    """Of every other subject, from the `half`th on; one for each sentence, in the order of the questions."""
    corpus = {record["doc_id"]: record for record in _records(dataset / "corpus.jsonl")}
    queries = [query for query in _records(dataset / "queries.jsonl") if query.get("answers")]
    subjects = sorted({_doc_id(query).partition("#")[0] for query in queries})
    chosen = set(subjects[half::2])
    found = [_gold(query, corpus[_doc_id(query)]) for query in queries if _doc_id(query).partition("#")[0] in chosen]
    by_sentence = {gold.sentence: gold for gold in reversed([gold for gold in found if gold])}
    return list(reversed(by_sentence.values()))


def passages(dataset: Path) -> dict[str, str]:
    return {record["doc_id"]: plain(record["text"]) for record in _records(dataset / "corpus.jsonl")}


def plain(text: str) -> str:
    """As it is written by hand: some sets have white space around every mark."""
    if " , " in text or " ." in text:
        for one, other in TOKENISED:
            text = text.replace(one, other)
        text = re.sub(r"(``|'')\s?", '"', text).replace("--", "–")
    return " ".join(text.split())


def _gold(query: dict[str, Any], record: dict[str, Any]) -> Gold | None:
    start, end = _place(query)
    text = record["text"]
    span = next((span for span in sentence_spans(text) if span[0] <= start < span[1]), None)
    sentence = plain(text[span[0] : max(span[1], min(end, span[1]))]) if span else ""
    if not FEWEST <= len(sentence.split()) <= MOST or sentence[-1] != ".":
        return None
    return Gold(
        str(query["query_id"]), str(query["text"]), str(query["answers"][0]),
        record["doc_id"], record["title"], plain(text), sentence,
    )  # fmt: skip


def _place(query: dict[str, Any]) -> tuple[int, int]:
    span = query.get("evidence_span") or next(iter(query.get("spans") or ()), {})
    return span.get("start", -1), span.get("end", -1)


def _doc_id(query: dict[str, Any]) -> str:
    return str(query["gold_passage_id"])


def _records(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as lines:
        for line in lines:
            yield json.loads(line)
