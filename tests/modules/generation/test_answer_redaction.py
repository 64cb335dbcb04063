"""Stored answers, once a document is deleted or shut away."""

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from support.answers import answer, citation

from footnote.modules.generation import Sentence
from footnote.modules.generation.errors import AnswerNotFound
from footnote.modules.generation.redaction import redact
from footnote.modules.generation.repository.sqlite import SqliteAnswerRepository
from footnote.platform.events import DocumentDeleted
from footnote.platform.principal import Principal

DRAFT = "Mars has two moons. [1] A day there lasts 243 days. [2]"
ANN = Principal(tenant="acme", subject="ann")
DELETED = DocumentDeleted(tenant="acme", document_id="mars")


async def test_the_asker_reads_the_answer_as_it_was(make_desk: Any) -> None:
    desk = make_desk(DRAFT)
    answer = await desk.answer()
    assert await desk.service.read(ANN, answer.id) == answer


@pytest.mark.parametrize(
    "stranger",
    [
        Principal(tenant="acme", subject="bob"),
        Principal(tenant="acme", subject="root", roles=frozenset({"admin"})),
        Principal(tenant="other", subject="ann"),
    ],
)
async def test_nobody_else_reads_it(make_desk: Any, stranger: Principal) -> None:
    desk = make_desk(DRAFT)
    answer = await desk.answer()
    with pytest.raises(AnswerNotFound):
        await desk.service.read(stranger, answer.id)


async def test_what_may_not_be_read_any_more_is_left_out(make_desk: Any) -> None:
    desk = make_desk(DRAFT)
    answer = await desk.answer()
    desk.library.hidden.add("mars")
    seen = await desk.service.read(ANN, answer.id)
    assert seen.text == "A day there lasts 243 days."
    assert [(s.text, s.verdict, s.citations) for s in seen.sentences] == [
        ("", "withheld", ()),
        ("A day there lasts 243 days.", "supported", (0,)),
    ]
    assert seen.document_ids == {"venus"}


async def test_offsets_and_indexes_are_counted_again(make_desk: Any) -> None:
    desk = make_desk(DRAFT)
    answer = await desk.answer()
    desk.library.hidden.add("mars")
    seen = await desk.service.read(ANN, answer.id)
    assert [seen.text[s.start : s.end] for s in seen.sentences] == [s.text for s in seen.sentences]
    assert [citation.index for citation in seen.citations] == [0]


async def test_a_sentence_with_another_citation_stays(make_desk: Any) -> None:
    desk = make_desk("It is red. [1][2]", first="It is red.", second="It is red. So they say.")
    answer = await desk.answer()
    desk.library.hidden.add("first")
    seen = await desk.service.read(ANN, answer.id)
    assert (seen.text, seen.sentences[0].citations) == ("It is red.", (0,))
    assert [citation.document_id for citation in seen.citations] == ["second"]


def test_a_sentence_that_its_sources_say_only_together_goes_with_one_of_them() -> None:
    quotes = {"mars": "Mars has two moons.", "venus": "Venus has none."}
    citations = tuple(
        msgspec.structs.replace(citation(name), index=index, quote=quote)
        for index, (name, quote) in enumerate(quotes.items())
    )
    text = "Mars has two moons and Venus has none."
    sentence = Sentence(text=text, start=0, end=len(text), verdict="supported", citations=(0, 1))
    whole = answer(text=text, sentences=(sentence,), citations=citations)
    assert [redact(whole, hidden).text for hidden in ((), ("mars",), ("venus",))] == [text, "", ""]


async def test_what_was_left_out_of_a_hidden_document_is_not_named(make_desk: Any) -> None:
    desk = make_desk("It is red. [1]", first="It is red.", second="It is red.")
    answer = await desk.answer()
    assert [(each.document_id, each.reason) for each in answer.left_out] == [("second", "near_duplicate")]
    desk.library.hidden.add("second")
    seen = await desk.service.read(ANN, answer.id)
    assert (seen.text, seen.left_out) == ("It is red.", ())


async def test_what_a_hidden_document_says_better_does_not_name_it(make_desk: Any) -> None:
    desk = make_desk("It is red. [1]", first="It is red.", second="It is red.")
    answer = await desk.answer()
    assert [each.kept for each in answer.left_out] == [answer.passages[0].id]
    desk.library.hidden.add("first")
    seen = await desk.service.read(ANN, answer.id)
    assert [(each.document_id, each.kept) for each in seen.left_out] == [("second", None)]


async def test_an_unsupported_sentence_goes_with_any_source(make_desk: Any) -> None:
    desk = make_desk("Mars is a cold place. [1]")
    answer = await desk.answer(grounding="annotate")
    desk.library.hidden.add("mars")
    assert (await desk.service.read(ANN, answer.id)).text == ""


async def test_an_abstention_stays_an_abstention(make_desk: Any) -> None:
    desk = make_desk(DRAFT, confidence=0.0)
    answer = await desk.answer()
    desk.library.hidden.add("mars")
    seen = await desk.service.read(ANN, answer.id)
    assert (seen.text, seen.document_ids) == ("The documents do not say.", {"venus"})


async def test_a_deleted_document_leaves_no_word_behind(make_desk: Any) -> None:
    desk = make_desk(DRAFT)
    await desk.answer()
    async with desk.database.transaction() as tx:
        assert await desk.service.redact(tx, DELETED) == {"answers_redacted": 1}
    assert "moons. Phobos" not in await desk.stored()
    assert "Mars" not in await desk.stored()
    assert "243" in await desk.stored()


async def test_a_deletion_that_fails_redacts_nothing(make_desk: Any) -> None:
    desk = make_desk(DRAFT)
    answer = await desk.answer()
    with pytest.raises(RuntimeError):
        async with desk.database.transaction() as tx:
            await desk.service.redact(tx, DELETED)
            raise RuntimeError
    assert await desk.service.read(ANN, answer.id) == answer


async def test_answers_of_other_tenants_and_documents_are_left_alone(make_desk: Any) -> None:
    desk = make_desk(DRAFT)
    await desk.answer()
    async with desk.database.transaction() as tx:
        assert await desk.service.redact(tx, DocumentDeleted(tenant="other", document_id="mars")) == {
            "answers_redacted": 0
        }
        assert await desk.service.redact(tx, DocumentDeleted(tenant="acme", document_id="pluto")) == {
            "answers_redacted": 0
        }


async def test_a_redacted_answer_is_not_redacted_again(make_desk: Any) -> None:
    desk = make_desk(DRAFT)
    await desk.answer()
    async with desk.database.transaction() as tx:
        await desk.service.redact(tx, DELETED)
        assert await desk.service.redact(tx, DELETED) == {"answers_redacted": 0}


async def test_a_document_deleted_while_it_was_quoted_is_not_stored(make_desk: Any) -> None:
    desk = make_desk(DRAFT)
    desk.library.hidden.add("mars")
    await desk.answer()
    assert "Phobos" not in await desk.stored()


@pytest.fixture
def delete_with_the_commit(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`mars` goes as an answer of the desk is stored, too early for the deletion to find it."""

    def arrange(desk: Any, then: Callable[[], object] = lambda: None) -> None:
        add = SqliteAnswerRepository.add

        async def added_too_late(*arguments: Any) -> None:
            await add(*arguments)
            desk.library.hidden.add("mars")
            then()

        monkeypatch.setattr(SqliteAnswerRepository, "add", added_too_late)

    return arrange


async def test_what_is_deleted_as_the_answer_is_stored_is_not_given_out_with_it(
    make_desk: Any, delete_with_the_commit: Callable[..., None]
) -> None:
    desk = make_desk(DRAFT)
    delete_with_the_commit(desk)
    answer = await desk.answer()
    assert answer.text == "A day there lasts 243 days."
    assert await desk.service.read(ANN, answer.id) == answer


async def test_an_answer_that_is_cancelled_as_it_is_stored_keeps_nothing_of_what_is_gone(
    make_desk: Any, delete_with_the_commit: Callable[..., None]
) -> None:
    desk = make_desk(DRAFT)
    task = asyncio.ensure_future(desk.answer())
    delete_with_the_commit(desk, task.cancel)
    with pytest.raises(asyncio.CancelledError):
        await task
    assert "243" in await desk.stored()
    assert "Mars" not in await desk.stored()
