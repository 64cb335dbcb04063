"""What a text model makes of a question: other wordings, its parts, a more general question, a supposed answer."""

import asyncio
import re
from collections.abc import Sequence
from typing import NamedTuple

from loguru import logger

from footnote.modules.retrieval.models import Note
from footnote.modules.retrieval.planning.plan import PlannedQuery, QueryKind
from footnote.platform.errors import FootnoteError
from footnote.platform.inference import TextModel
from footnote.platform.together import together

MOST = 3  # lines of an answer that are used
LONGEST = 1000  # characters of one
BULLET = re.compile(r"^\s*(?:[-*•]|\(?\d{1,2}[.):])\s*")

# Of the questions of each kind: what the model is asked, and what its lines weigh beside the question itself.
PROMPTS: dict[QueryKind, str] = {
    "wording": "Write 3 other wordings of the question, each on a line of its own. Use other words for the same thing.",
    "part": "If the question can only be answered from several facts, write each fact that has to be looked up as a "
    "question on a line of its own, 3 at most. Otherwise repeat the question.",
    "step_back": "Write one more general question whose answer would help to answer the question.",
    "hypothetical": "Write a paragraph of at most 80 words that answers the question, as it could stand in a document.",
    "corrected": "A search for the question found nothing fitting. Write it once more on one line, with spelling "
    "mended, abbreviations spelt out and the words that a document about it would use.",
}
WEIGHTS: dict[QueryKind, float] = {
    "wording": 0.5,
    "part": 0.5,
    "step_back": 0.25,
    "hypothetical": 0.5,
    "corrected": 1.0,
}


class Written(NamedTuple):
    queries: list[PlannedQuery]
    notes: list[Note]
    missed: list[str]  # in words, what may go better the next time


async def worded(model: TextModel, question: str, kinds: Sequence[QueryKind], deadline: float) -> Written:
    """What the model writes within `deadline` seconds; what fails or is late is left out, and its note says so."""
    results = await together(_asked(model, question, kind, deadline) for kind in kinds)
    return Written(
        [query for each in results for query in each.queries],
        [note for each in results for note in each.notes],
        [words for each in results for words in each.missed],
    )


async def _asked(model: TextModel, question: str, kind: QueryKind, deadline: float) -> Written:
    prompt = f"{PROMPTS[kind]} Write in the language of the question, and nothing else.\n\nQuestion: {question}"
    try:
        async with asyncio.timeout(deadline):
            written = await model.complete(prompt)
    except TimeoutError:
        return _missed(kind, f"{model.name} took longer than {deadline:g} s; left out")
    except FootnoteError as error:
        logger.bind(stage=kind, model=model.name).warning("a stage of planning was left out")
        return _missed(kind, f"{model.name} failed ({error.title}); left out")
    lines = _paragraph(written) if kind == "hypothetical" else _lines(written, question)
    queries = [
        PlannedQuery(text=line, kind=kind, weight=WEIGHTS[kind], mode="dense" if kind == "hypothetical" else "hybrid")
        for line in lines
    ]
    note = Note(stage=kind, text=f"{model.name}: " + ("; ".join(lines) or "nothing new"))
    return Written(queries, [note], [])


def _missed(kind: QueryKind, words: str) -> Written:
    return Written([], [Note(stage=kind, text=words)], [words])


def _paragraph(written: str) -> list[str]:
    paragraph = " ".join(written.split())[:LONGEST]
    return [paragraph] if paragraph else []


def _lines(written: str, question: str) -> list[str]:
    """The lines that differ from the question and from each other."""
    distinct: dict[str, str] = {question.strip().casefold(): ""}
    for line in written.splitlines():
        text = " ".join(BULLET.sub("", line).split())[:LONGEST]
        distinct.setdefault(text.casefold(), text)
    return [text for text in distinct.values() if text][:MOST]
