"""Drafts of a scripted model through the product: its ingestion, search, pipeline and store."""

import json
import os
import random
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from footnote.config.commands.evaluation import throw_away
from footnote.config.settings import load_settings
from footnote.modules.evaluation.corpus import ingest_corpus
from footnote.modules.evaluation.loader import DocumentsLoader
from footnote.modules.generation import Answer, Question
from footnote.modules.generation.judging import Bars
from footnote.modules.generation.manners import Manner
from footnote.platform.inference import ChatEvent, ChatRequest, Started, Stop, TextDelta, Usage
from footnote.platform.principal import LOCAL
from grounding_sets.gold import passages

OTHERS = 60  # documents beside those that the sentences are of, of each set

Outcome = Literal["withheld", "mended", "released"]


class ScriptedModel:
    """Implements `ChatModel`; it says `sentence`, and marks the passage that the script means."""

    name = "test:scripted"
    context_tokens = 32_000

    def __init__(self) -> None:
        self.sentence, self.meant, self.marks = "", "", "right"

    async def stream(self, request: ChatRequest) -> AsyncGenerator[ChatEvent]:
        yield Started(model=self.name)
        sources = request.quoting.sources if request.quoting else ()
        right = [source.number for source in sources if self.meant in " ".join(source.text.split())]
        others = [source.number for source in sources if source.number not in right]
        marks = {"right": right[:1] or [1], "wrong": others[:1] or [2], "none": []}[self.marks]
        yield TextDelta(self.sentence + "".join(f" [{number}]" for number in marks))
        yield Usage()
        yield Stop()


class OneModel:
    """Implements `ChatModels`."""

    def __init__(self, model: ScriptedModel) -> None:
        self._model = model

    async def chosen(self, _principal: Any, _name: str | None) -> ScriptedModel:
        return self._model

    async def writer(self, _principal: Any) -> None:
        return None

    async def states(self, _principal: Any) -> list[Any]:
        return []


async def outcomes(
    records: Sequence[dict[str, Any]], datasets: Sequence[Path], seed: int
) -> AsyncIterator[tuple[dict[str, Any], Outcome]]:
    """Each record, and what became of its sentence under `enforce`.

    `mended`: released, and cited from a passage in which it stands word for word, whatever the script calls its source.
    """
    model = ScriptedModel()
    with tempfile.TemporaryDirectory(prefix="footnote-scripted-") as folder:
        write_corpus(Path(folder), records, datasets, seed)
        async with throw_away(load_settings(os.environ).settings) as services:
            await ingest_corpus(DocumentsLoader(services.ingestion), LOCAL, Path(folder), lambda *_: None)
            generation = services.generation
            parts = generation._pipeline
            generation._pipeline = replace(parts, models=OneModel(model), writing=always(parts.writing))
            for record in records:
                model.sentence, model.meant = record["answer"], record.get("planted", record["gold"])
                model.marks = {"wrong citation": "wrong", "no citation": "none"}.get(record["kind"], "right")
                answer = await generation.answer(LOCAL, Question(text=record["question"]))
                yield record, outcome(record["answer"], answer)


def outcome(sentence: str, answer: Answer) -> Outcome:
    if sentence not in answer.text:
        return "withheld"
    quotes = [" ".join(citation.quote.split()) for citation in answer.citations]
    return "mended" if any(sentence in quote for quote in quotes) else "released"


def always(manner: Manner) -> Manner:
    """It drafts, however little is found."""
    return replace(manner, bars=Bars(none=0.0, enough=0.0))


def write_corpus(folder: Path, records: Sequence[dict[str, Any]], datasets: Sequence[Path], seed: int) -> None:
    """The passages that sentences are of, with what is planted in them, and some others."""
    texts: dict[str, str] = {}
    for record in records:
        text = texts.get(record["doc_id"], record["context"])
        texts[record["doc_id"]] = text if "planted" not in record else f"{text} {record['planted']}"
    for dataset in datasets:
        every = passages(dataset)
        chosen = random.Random(seed).sample(sorted(every), min(OTHERS, len(every)))
        texts |= {doc_id: every[doc_id] for doc_id in chosen if doc_id not in texts}
    lines = (json.dumps({"doc_id": doc_id, "title": "", "text": text}) for doc_id, text in texts.items())
    (folder / "corpus.jsonl").write_text("\n".join(lines), "utf-8")
