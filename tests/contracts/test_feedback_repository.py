"""The contract of the feedback repository."""

from datetime import UTC, datetime
from typing import Any

import pytest
from support.stores import Store

from footnote.modules.generation.feedback import Feedback, FeedbackRepository
from footnote.platform.principal import Principal
from footnote.platform.storage import Storage

ANN = Principal(tenant="acme", subject="ann")
BOB = Principal(tenant="acme", subject="bob")
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
LATER = datetime(2026, 1, 2, 12, tzinfo=UTC)


def feedback(answer_id: str = "1", rating: float = 1, **changes: Any) -> Feedback:
    return Feedback(**{"answer_id": answer_id, "rating": rating, "created_at": NOON, "updated_at": NOON, **changes})


@pytest.fixture
def kept(store: Store) -> FeedbackRepository:
    return store.feedback()


@pytest.fixture
def storage(store: Store) -> Storage:
    return store.storage


async def put(kept: FeedbackRepository, storage: Storage, *given: tuple[Principal, Feedback]) -> None:
    for principal, said in given:
        async with storage.transaction() as tx:
            await kept.put(tx, principal, said)


async def test_feedback_comes_back_whole(kept: FeedbackRepository, storage: Storage) -> None:
    await put(kept, storage, (ANN, feedback(rating=-0.5, comment="Wrong 🪐")))
    assert await kept.get(ANN, "1") == feedback(rating=-0.5, comment="Wrong 🪐")


async def test_given_again_it_is_changed_and_keeps_its_beginning(kept: FeedbackRepository, storage: Storage) -> None:
    changed = feedback(rating=-1, comment="No.", updated_at=LATER)
    await put(kept, storage, (ANN, feedback()), (ANN, changed))
    assert await kept.get(ANN, "1") == changed
    assert await kept.listed("acme") == [changed]


async def test_each_person_has_an_own(kept: FeedbackRepository, storage: Storage) -> None:
    await put(kept, storage, (ANN, feedback()), (BOB, feedback(rating=0)))
    assert (await kept.get(BOB, "1")) == feedback(rating=0)
    assert await kept.get(Principal(tenant="other", subject="ann"), "1") is None


async def test_what_a_person_said_of_several_answers_is_found_at_once(
    kept: FeedbackRepository, storage: Storage
) -> None:
    await put(kept, storage, (ANN, feedback("1")), (BOB, feedback("1", 0)), (ANN, feedback("2")), (ANN, feedback("3")))
    assert {each.answer_id for each in await kept.get_all(ANN, ["1", "3", "4"])} == {"1", "3"}
    assert await kept.get_all(BOB, ("1", "2")) == [feedback("1", 0)]
    assert await kept.get_all(ANN, []) == await kept.get_all(Principal(tenant="other", subject="ann"), ["1"]) == []


async def test_that_of_deleted_answers_goes(kept: FeedbackRepository, storage: Storage) -> None:
    await put(kept, storage, (ANN, feedback("1")), (BOB, feedback("1")), (ANN, feedback("2")))
    async with storage.transaction() as tx:
        assert await kept.remove(tx, "other", ["1"]) == 0
        assert await kept.remove(tx, "acme", ["1", "3"]) == 2
    assert await kept.listed("acme") == [feedback("2")]


async def test_it_is_listed_answer_by_answer(kept: FeedbackRepository, storage: Storage) -> None:
    await put(kept, storage, (ANN, feedback("2")), (ANN, feedback("1")), (BOB, feedback("2")), (ANN, feedback("3")))
    assert [each.answer_id for each in await kept.listed("acme", limit=2)] == ["1", "2", "2"]
    assert [each.answer_id for each in await kept.listed("acme", after="2")] == ["3"]
    assert await kept.listed("other") == []
