"""The contract of the answer repository."""

import msgspec
import pytest
from support.answers import answer
from support.stores import Store

from footnote.modules.generation.errors import AnswerNotFound
from footnote.modules.generation.repository import AnswerRepository
from footnote.platform.principal import Principal
from footnote.platform.storage import Storage

ANN = Principal(tenant="acme", subject="ann")


@pytest.fixture
def answers(store: Store) -> AnswerRepository:
    return store.answers()


@pytest.fixture
def storage(store: Store) -> Storage:
    return store.storage


async def test_an_answer_comes_back_whole(answers: AnswerRepository, storage: Storage) -> None:
    async with storage.transaction() as tx:
        await answers.add(tx, ANN, answer("1", "mars"))
    assert await answers.get(ANN, "1") == answer("1", "mars")


async def test_only_the_asker_gets_it(answers: AnswerRepository, storage: Storage) -> None:
    async with storage.transaction() as tx:
        await answers.add(tx, ANN, answer("1"))
    with pytest.raises(AnswerNotFound):
        await answers.get(Principal(tenant="acme", subject="bob"), "1")
    with pytest.raises(AnswerNotFound):
        await answers.get(Principal(tenant="other", subject="ann"), "1")


async def test_answers_are_found_by_the_documents_they_draw_from(answers: AnswerRepository, storage: Storage) -> None:
    async with storage.transaction() as tx:
        await answers.add(tx, ANN, answer("2", "mars", "venus"))
        await answers.add(tx, ANN, answer("1", "mars"))
        assert await answers.drawn_from(tx, "acme", "mars") == ["1", "2"]
        assert await answers.drawn_from(tx, "acme", "venus") == ["2"]
        assert await answers.drawn_from(tx, "other", "mars") == []


async def test_a_replaced_answer_draws_from_what_it_holds_now(answers: AnswerRepository, storage: Storage) -> None:
    async with storage.transaction() as tx:
        await answers.add(tx, ANN, answer("1", "mars", "venus"))
        changed = msgspec.structs.replace(answer("1", "venus"), text="Less.")
        await answers.replace(tx, "acme", changed)
        assert await answers.drawn_from(tx, "acme", "mars") == []
        assert await answers.load(tx, "acme", "1") == changed


async def test_an_answer_of_another_tenant_cannot_be_loaded(answers: AnswerRepository, storage: Storage) -> None:
    async with storage.transaction() as tx:
        await answers.add(tx, ANN, answer("1"))
        with pytest.raises(AnswerNotFound):
            await answers.load(tx, "other", "1")


async def test_an_answer_of_another_tenant_cannot_be_replaced(answers: AnswerRepository, storage: Storage) -> None:
    async with storage.transaction() as tx:
        await answers.add(tx, ANN, answer("1"))
        await answers.replace(tx, "other", answer("1", text="Mine now."))
    assert (await answers.get(ANN, "1")).text == ""


async def test_several_come_oldest_first_without_those_of_others(answers: AnswerRepository, storage: Storage) -> None:
    async with storage.transaction() as tx:
        await answers.add(tx, ANN, answer("2"))
        await answers.add(tx, ANN, answer("1"))
        await answers.add(tx, Principal(tenant="acme", subject="bob"), answer("3"))
    assert [found.id for found in await answers.get_all(ANN, ["3", "2", "1", "none"])] == ["1", "2"]
    assert await answers.get_all(ANN, []) == []


async def test_a_deleted_answer_draws_from_nothing(answers: AnswerRepository, storage: Storage) -> None:
    async with storage.transaction() as tx:
        await answers.add(tx, ANN, answer("1", "mars"))
        await answers.add(tx, ANN, answer("2", "mars"))
        assert await answers.delete(tx, "other", ["1"]) == 0
        assert await answers.delete(tx, "acme", ["1", "none"]) == 1
        assert await answers.drawn_from(tx, "acme", "mars") == ["2"]
