"""Reads answers as far as the asker may read what they draw from now."""

from collections.abc import Collection, Sequence

import msgspec

from footnote.modules.generation.conversations.remembering import heard
from footnote.modules.generation.models import Answer
from footnote.modules.generation.redaction import redact
from footnote.modules.generation.repository import AnswerRepository
from footnote.modules.ingestion import Documents
from footnote.platform.principal import Principal


class Exchange(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked and answered in one turn, as the asker may read it."""

    turn_id: str
    question: str  # as it was asked
    standalone: str  # as it was searched; empty if it only asked for something to be remembered
    answer: str  # maybe empty
    abstained: bool = False
    document_ids: frozenset[str] = frozenset()  # whose words stand in it


class AnswerReader:
    def __init__(self, answers: AnswerRepository, documents: Documents) -> None:
        self._answers = answers
        self._documents = documents

    async def read(self, principal: Principal, answer_ids: Sequence[str]) -> list[Answer]:
        """In the order of `answer_ids`, those that there are."""
        found = {answer.id: answer for answer in await self._answers.get_all(principal, answer_ids)}
        named = {document_id for answer in found.values() for document_id in answer.document_ids}
        hidden = await self.hidden(principal, named)
        return [redact(found[each], hidden) for each in answer_ids if each in found]

    async def exchanges(self, principal: Principal, answer_ids: Sequence[str]) -> list[Exchange]:
        return [exchange_of(answer) for answer in await self.read(principal, answer_ids)]

    async def hidden(self, principal: Principal, document_ids: Collection[str]) -> set[str]:
        """Those that are gone, or that `principal` may not read."""
        return set(document_ids) - await self._documents.readable(principal, document_ids) if document_ids else set()


def exchange_of(answer: Answer) -> Exchange:
    return Exchange(
        turn_id=answer.id,
        question=answer.question,
        standalone=answer.standalone_question or heard(answer.question).question,
        answer=answer.text,
        abstained=answer.abstained,
        document_ids=frozenset(_borrowed_from(answer)),
    )


def _borrowed_from(answer: Answer) -> set[str]:
    """The documents whose words may stand in the question and the text of `answer`."""
    shown = [sentence for sentence in answer.sentences if sentence.text]
    found = set(answer.context_documents) if answer.standalone_question else set()
    if answer.abstained or not shown:
        return found
    if not all(sentence.citations for sentence in shown):
        return answer.document_ids  # nobody knows where such a sentence came from
    return found | {answer.citations[index].document_id for sentence in shown for index in sentence.citations}
