"""Summaries of conversations that are kept while a document whose words they hold is deleted."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from support.answers import answer
from support.conversations import AT, conversation
from support.meanwhile import Meanwhile
from support.transactions import Killed, KilledAtCommit, committed

from footnote.modules.generation.conversations.models import Node
from footnote.modules.generation.conversations.reading import AnswerReader
from footnote.modules.generation.conversations.recalling import Recall, Room
from footnote.modules.generation.conversations.settling import FRESH, Settling
from footnote.modules.generation.models import Sentence
from footnote.platform.events import DocumentDeleted
from footnote.platform.principal import Principal
from footnote.platform.storage import Transaction

ANN = Principal(tenant="t", subject="ann")
SAID = Sentence(text="Red.", start=0, end=4, verdict="supported", citations=(0,))


class Writer:
    """Implements `TextModel`; before it has written, something else happens."""

    name = "test:writer"

    def __init__(self, meanwhile: Callable[[], Awaitable[object]]) -> None:
        self._meanwhile = meanwhile

    async def complete(self, _prompt: str, *, max_tokens: int = 256) -> str:
        await self._meanwhile()
        return "It is red."


class CancelledAtCommit:
    """Implements `Storage`: whoever commits first is cancelled as soon as that is done."""

    def __init__(self, storage: Any) -> None:
        self._storage = storage
        self._is_done = False

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        async with self._storage.transaction() as tx:
            yield tx
        task = asyncio.current_task()
        if task and not self._is_done:
            self._is_done = True
            task.cancel()


@pytest.fixture(autouse=True)
def subscribed(ingestion: Any) -> None:
    async def redact(tx: Transaction, event: DocumentDeleted) -> dict[str, int]:
        repository = ingestion.store.conversations()
        return {"summaries_dropped": await repository.forget(tx, event.tenant, event.document_id)}

    ingestion.events.subscribe(DocumentDeleted, redact)


@pytest.fixture
async def document(ingestion: Any) -> str:
    """What each turn of the conversation `talk` cites."""
    uploaded: str = (await ingestion.upload(ANN)).id
    answers, conversations = ingestion.store.answers(), ingestion.store.conversations()
    turns = [f"{place:02}" for place in range(FRESH + 1)]

    async def work(tx: Transaction) -> None:
        await conversations.add(tx, ANN, conversation())
        for before, turn in zip((None, *turns), turns, strict=False):
            await answers.add(tx, ANN, answer(turn, uploaded, text="Red.", sentences=(SAID,)))
            await conversations.add_turn(tx, ANN, "talk", Node(id=turn, parent_id=before), at=AT, title="Why?")

    await committed(ingestion.storage, work)
    return uploaded


def settling_of(ingestion: Any, storage: Any) -> Settling:
    repository = ingestion.store.conversations()
    reader = AnswerReader(ingestion.store.answers(), ingestion.service)
    return Settling(repository, reader, Recall(repository, reader, storage, Room(history=1)), storage)


async def kept(ingestion: Any) -> list[Any]:
    return list(await ingestion.store.conversations().summaries(ANN, "talk"))


async def test_a_summary_is_kept_and_goes_with_its_document(ingestion: Any, document: str) -> None:
    await settling_of(ingestion, ingestion.storage).settle(ANN, "talk", None)
    assert [each.document_ids for each in await kept(ingestion)] == [(document,)]
    await ingestion.service.delete(ANN, document)
    assert await kept(ingestion) == []


async def test_no_summary_kept_during_a_deletion_holds_words_of_the_document(
    ingestion: Any, document: str, meanwhile: Meanwhile
) -> None:
    settling = settling_of(ingestion, ingestion.storage)
    meanwhile.after(ingestion.documents, "inside", lambda: settling.settle(ANN, "talk", None))
    await ingestion.service.delete(ANN, document)
    assert await meanwhile.outcome() is None
    # What was read after the deletion is redacted, and its summary, of the questions alone, may stay.
    assert [each for each in await kept(ingestion) if "Red" in each.text or document in each.document_ids] == []


@pytest.mark.parametrize("is_cancelled", [False, True])
async def test_a_summary_of_a_document_that_went_while_it_was_written_is_dropped(
    ingestion: Any, document: str, is_cancelled: bool
) -> None:
    storage = CancelledAtCommit(ingestion.storage) if is_cancelled else ingestion.storage
    writer = Writer(lambda: ingestion.service.delete(ANN, document))
    settle = asyncio.create_task(settling_of(ingestion, storage).settle(ANN, "talk", writer))
    await asyncio.wait([settle])
    assert settle.cancelled() == is_cancelled
    assert await kept(ingestion) == []


async def test_nor_does_it_wait_for_a_look_after_its_commit(ingestion: Any, document: str) -> None:
    writer = Writer(lambda: ingestion.service.delete(ANN, document))
    with pytest.raises(Killed):
        await settling_of(ingestion, KilledAtCommit(ingestion.storage)).settle(ANN, "talk", writer)
    assert await kept(ingestion) == []
