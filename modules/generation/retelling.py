"""Tells a stored answer again, as the events of its making."""

from collections.abc import Iterator

from footnote.modules.generation.cursor import Cursor, Told
from footnote.modules.generation.models import (
    Answer,
    AnswerEvent,
    CitationFound,
    Done,
    Passages,
    SentenceDone,
    Status,
    Token,
)

STORED = "stored"  # the one step of an answer that is not in the making


def retold(answer: Answer, after: Cursor) -> Iterator[Told]:
    """What a listener at `after` has not heard; `Done` always, which alone counts if the answer was redacted since."""
    cursor = after
    for event in _events(answer, after):
        cursor = cursor.after(event)
        yield Told(answer_id=answer.id, cursor=cursor, event=event)


def _events(answer: Answer, after: Cursor) -> Iterator[AnswerEvent]:
    yield Status(STORED)
    if after.sentences == after.characters == 0:
        yield Passages(answer.passages)
    known = {index for sentence in answer.sentences[: after.sentences] for index in sentence.citations}
    told = answer.sentences[after.sentences - 1].end if 0 < after.sentences <= len(answer.sentences) else 0
    heard = after.characters
    for index, sentence in enumerate(answer.sentences[after.sentences :], start=after.sentences):
        if sentence.text and (piece := answer.text[told : sentence.end][heard:]):
            yield Token(piece)
        for citation in sentence.citations:
            if citation not in known:
                known.add(citation)
                yield CitationFound(answer.citations[citation])
        yield SentenceDone(index=index, text=sentence.text, verdict=sentence.verdict, citations=sentence.citations)
        told, heard = max(told, sentence.end), 0
    yield Done(answer)
