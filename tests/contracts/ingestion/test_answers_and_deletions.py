"""Answers that are stored while a document that they quote is deleted."""

import asyncio
from typing import Any

import pytest
from support.answers import answer
from support.archives import zipped
from support.meanwhile import Meanwhile
from support.transactions import Killed, KilledAtCommit

from footnote.modules.generation import Answer
from footnote.modules.generation.storing import AnswerStore
from footnote.platform.events import DocumentDeleted
from footnote.platform.principal import Principal
from footnote.platform.storage import Transaction

ANN = Principal(tenant="t", subject="ann")


@pytest.fixture
def answers(ingestion: Any) -> AnswerStore:
    store = AnswerStore(ingestion.store.answers(), ingestion.service, ingestion.storage)

    async def redact(tx: Transaction, event: DocumentDeleted) -> dict[str, int]:
        return {"answers_redacted": await store.forget(tx, event.tenant, event.document_id)}

    ingestion.events.subscribe(DocumentDeleted, redact)
    return store


async def quotes(ingestion: Any) -> int:
    """In all stored answers."""
    stored = await ingestion.store.answers().get(ANN, "1")
    return len(stored.citations)


async def test_an_answer_stored_before_a_deletion_is_redacted_and_counted(ingestion: Any, answers: AnswerStore) -> None:
    document = await ingestion.upload(ANN)
    await answers.keep(ANN, answer("1", document.id))
    report = await ingestion.service.delete(ANN, document.id)
    assert (await quotes(ingestion), report.deleted.answers_redacted) == (0, 1)


async def test_an_answer_stored_after_a_deletion_holds_nothing_of_it(ingestion: Any, answers: AnswerStore) -> None:
    document = await ingestion.upload(ANN)
    await ingestion.service.delete(ANN, document.id)
    await answers.keep(ANN, answer("1", document.id))
    assert await quotes(ingestion) == 0


async def test_nor_does_one_whose_process_ends_with_the_commit(ingestion: Any) -> None:
    document = await ingestion.upload(ANN)
    await ingestion.service.delete(ANN, document.id)
    answers = AnswerStore(ingestion.store.answers(), ingestion.service, KilledAtCommit(ingestion.storage))
    with pytest.raises(Killed):
        await answers.keep(ANN, answer("1", document.id))
    assert await quotes(ingestion) == 0


async def test_an_answer_stored_during_a_deletion_is_redacted(
    ingestion: Any, answers: AnswerStore, meanwhile: Meanwhile
) -> None:
    document = await ingestion.upload(ANN)
    meanwhile.after(ingestion.documents, "inside", lambda: answers.keep(ANN, answer("1", document.id)))
    await ingestion.service.delete(ANN, document.id)
    assert isinstance(await meanwhile.outcome(), Answer)
    assert await quotes(ingestion) == 0


async def test_an_answer_stored_while_a_file_inside_goes_is_redacted(
    ingestion: Any, answers: AnswerStore, meanwhile: Meanwhile
) -> None:
    document = await ingestion.upload(ANN, zipped({"a.txt": "One."}), "a.zip")
    await ingestion.work_off()
    (child,) = await ingestion.service.children(ANN, document.id)
    await ingestion.replace(ANN, document.id, zipped({"b.txt": "Two."}), "a.zip")
    meanwhile.after(ingestion.documents, "last_version", lambda: answers.keep(ANN, answer("1", child.id)))
    await ingestion.work()
    assert isinstance(await meanwhile.outcome(), Answer)
    assert await quotes(ingestion) == 0


async def test_two_deletions_at_once_redact_the_same_answer(ingestion: Any, answers: AnswerStore) -> None:
    first, second = await ingestion.upload(ANN, b"One."), await ingestion.upload(ANN, b"Two.")
    await answers.keep(ANN, answer("1", first.id, second.id))
    await asyncio.gather(*(ingestion.service.delete(ANN, document.id) for document in (first, second)))
    assert await quotes(ingestion) == 0
