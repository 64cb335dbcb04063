"""Ratings of answers over HTTP."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from litestar import Litestar
from litestar.di import Provide
from litestar.testing import AsyncTestClient

from footnote.modules.generation import Question
from footnote.modules.generation.feedback.service import FeedbackService
from footnote.modules.generation.feedback.sqlite import SqliteFeedbackRepository
from footnote.modules.generation.feedback_api import router
from footnote.modules.generation.repository.sqlite import SqliteAnswerRepository
from footnote.platform.events import AnswersDeleted
from footnote.platform.http.problem import problem_details
from footnote.platform.principal import Principal

ANN = Principal(tenant="acme", subject="ann")


class Rated:
    """A client, and the address of the feedback to an answer of its own."""

    def __init__(self, client: AsyncTestClient[Litestar], feedback: FeedbackService, answer_id: str, desk: Any) -> None:
        self.client, self.feedback, self.answer_id, self.desk = client, feedback, answer_id, desk
        self.url = f"/api/v1/answers/{answer_id}/feedback"


@pytest.fixture
async def rated(make_desk: Any) -> AsyncIterator[Rated]:
    async def ann() -> Principal:
        return ANN

    desk = make_desk("Mars has two moons. [1]")
    answer = await desk.service.answer(ANN, Question(text="How many moons?"))
    feedback = FeedbackService(
        SqliteFeedbackRepository(desk.database), SqliteAnswerRepository(desk.database), desk.database
    )
    given = {"principal": Provide(ann), "feedback": Provide(lambda: feedback, sync_to_thread=False)}
    app = Litestar([router], plugins=[problem_details()], logging_config=None, dependencies=given)
    async with AsyncTestClient(app) as client:
        yield Rated(client, feedback, answer.id, desk)


@pytest.mark.parametrize(("rating", "kept"), [("up", 1), ("down", -1), (0.25, 0.25), (-1, -1)])
async def test_a_rating_is_kept_as_a_number(rated: Rated, rating: object, kept: float) -> None:
    given = await rated.client.post(rated.url, json={"rating": rating, "comment": "Hm."})
    assert given.status_code == 200
    assert (given.json()["rating"], given.json()["comment"]) == (kept, "Hm.")
    assert (await rated.client.get(rated.url)).json() == given.json()


async def test_a_rating_can_be_changed(rated: Rated) -> None:
    first = (await rated.client.post(rated.url, json={"rating": "up", "comment": "Good."})).json()
    await rated.client.post(rated.url, json={"rating": "down"})
    last = (await rated.client.get(rated.url)).json()
    assert (last["rating"], last["comment"], last["created_at"]) == (-1, "", first["created_at"])


@pytest.mark.parametrize("body", [{}, {"rating": 2}, {"rating": "great"}, {"rating": 1, "comment": "x" * 5000}])
async def test_what_is_no_rating_is_refused(rated: Rated, body: dict[str, object]) -> None:
    assert (await rated.client.post(rated.url, json=body)).status_code == 400


async def test_only_answers_of_ones_own_can_be_rated(rated: Rated) -> None:
    url = "/api/v1/answers/none/feedback"
    assert (await rated.client.post(url, json={"rating": "up"})).status_code == 404
    assert (await rated.client.get(rated.url)).json()["type"] == "/problems/feedback-not-found"


async def test_a_rating_can_be_withdrawn(rated: Rated) -> None:
    await rated.client.post(rated.url, json={"rating": "up"})
    assert (await rated.client.delete(rated.url)).status_code == 204
    assert (await rated.client.get(rated.url)).status_code == 404
    assert (await rated.client.delete(rated.url)).json()["type"] == "/problems/feedback-not-found"


async def test_feedback_goes_with_its_answer(rated: Rated) -> None:
    await rated.client.post(rated.url, json={"rating": "up"})
    async with rated.desk.database.transaction() as tx:
        report = await rated.feedback.forget(tx, AnswersDeleted(tenant="acme", answer_ids=(rated.answer_id,)))
    assert report == {"feedback": 1}
    assert (await rated.client.get(rated.url)).status_code == 404


async def test_what_is_said_of_an_answer_that_goes_meanwhile_goes_too(
    rated: Rated, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_up = SqliteFeedbackRepository.get

    async def looked_up_too_late(*arguments: Any) -> Any:
        async with rated.desk.database.transaction() as tx:
            await SqliteAnswerRepository(rated.desk.database).delete(tx, "acme", [rated.answer_id])
        return await look_up(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(SqliteFeedbackRepository, "get", looked_up_too_late)
        assert (await rated.client.post(rated.url, json={"rating": "up"})).status_code == 404
    assert (await rated.client.get(rated.url)).status_code == 404
