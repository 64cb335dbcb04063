"""Takes out of an answer what its reader may not see, or what is no longer there."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import msgspec

from footnote.modules.generation.composing import recompose
from footnote.modules.generation.models import Answer, Citation, Sentence
from footnote.modules.generation.words import folded_words
from footnote.modules.retrieval import LeftOut

SAID = 0.8  # share of the words of a sentence


def redact(answer: Answer, hidden: Collection[str]) -> Answer:
    """`answer` without passages, quotes and sentences of the documents `hidden`.

    A sentence stays if its other citations say it, or if the answer is an abstention, whose text is nobody's document.
    """
    if answer.document_ids.isdisjoint(hidden):
        return answer
    kept = [citation for citation in answer.citations if citation.document_id not in hidden]
    composer = recompose([_redacted(sentence, kept, answer.abstained) for sentence in answer.sentences])
    return msgspec.structs.replace(
        answer,
        text=composer.text,
        sentences=tuple(composer.sentences),
        citations=_renumbered(kept),
        passages=tuple(passage for passage in answer.passages if passage.document_id not in hidden),
        left_out=_accounted(answer, hidden),
        thoughts=None,  # they may quote any passage
        **_without_context(answer, hidden),
    )


def _without_context(answer: Answer, hidden: Collection[str]) -> dict[str, Any]:
    """A question that was made to stand alone may have borrowed its words from what earlier answers quoted."""
    kept = tuple(document_id for document_id in answer.context_documents if document_id not in hidden)
    if kept == answer.context_documents:
        return {}
    asked = answer.asked and msgspec.structs.replace(answer.asked, standalone=None)
    return {"context_documents": kept, "standalone_question": None, "asked": asked}


def _accounted(answer: Answer, hidden: Collection[str]) -> tuple[LeftOut, ...]:
    """What was left out without naming a passage of `hidden`, also where one says the same."""
    there = [each for each in answer.left_out if each.document_id not in hidden]
    seen = {each.id for each in answer.passages if each.document_id not in hidden}
    seen |= {each.passage_id for each in there}
    return tuple(each if each.kept in seen else msgspec.structs.replace(each, kept=None) for each in there)


def _redacted(sentence: Sentence, kept: Sequence[Citation], is_abstention: bool) -> Sentence:
    places = {citation.index: place for place, citation in enumerate(kept)}
    citations = tuple(places[index] for index in sentence.citations if index in places)
    is_whole = len(citations) == len(sentence.citations)
    quotes = [kept[place].quote for place in citations]
    if is_abstention or (citations and (is_whole or _is_said(sentence.text, quotes))):
        return msgspec.structs.replace(sentence, citations=citations)
    return msgspec.structs.replace(sentence, text="", verdict="withheld", citations=())


def _is_said(text: str, quotes: Iterable[str]) -> bool:
    """Whether `quotes` say it without the one that went: several may have said it only together."""
    words = folded_words(text)
    there = {word for quote in quotes for word in folded_words(quote)}
    numbers = {word for word in words if any(letter.isdigit() for letter in word)}
    return numbers <= there and sum(word in there for word in words) >= SAID * len(words)


def _renumbered(citations: Iterable[Citation]) -> tuple[Citation, ...]:
    return tuple(msgspec.structs.replace(citation, index=place) for place, citation in enumerate(citations))
