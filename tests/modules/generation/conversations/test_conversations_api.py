"""Conversations and memories over HTTP."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from litestar import Litestar
from litestar.di import Provide
from litestar.testing import AsyncTestClient

from footnote.modules.generation.conversations_api import router
from footnote.modules.generation.feedback.service import FeedbackService
from footnote.modules.generation.feedback.sqlite import SqliteFeedbackRepository
from footnote.modules.generation.repository.sqlite import SqliteAnswerRepository
from footnote.platform.http.problem import problem_details
from footnote.platform.principal import Principal

DRAFT = "Mars has two moons. [1]"
TALKS = "/api/v1/conversations"
MEMORIES = "/api/v1/memories"


async def ann() -> Principal:
    return Principal(tenant="acme", subject="ann")


def given(service: Any) -> Provide:
    return Provide(lambda: service, sync_to_thread=False)


@pytest.fixture
def desk(make_desk: Any) -> Any:
    return make_desk(DRAFT)


@pytest.fixture
async def client(desk: Any) -> AsyncIterator[AsyncTestClient[Litestar]]:
    app = Litestar(
        [router],
        plugins=[problem_details()],
        logging_config=None,
        dependencies={
            "principal": Provide(ann),
            "conversations": given(desk.talks.browsing),
            "memories": given(desk.talks.memories),
        },
    )
    async with AsyncTestClient(app) as client:
        yield client


async def test_a_conversation_is_begun_listed_renamed_and_deleted(client: AsyncTestClient[Litestar]) -> None:
    begun = (await client.post(TALKS, json={})).json()
    renamed = await client.patch(f"{TALKS}/{begun['id']}", json={"title": " Moons  of Mars "})
    assert renamed.json()["title"] == "Moons of Mars"
    assert [each["title"] for each in (await client.get(TALKS)).json()["items"]] == ["Moons of Mars"]
    gone = await client.delete(f"{TALKS}/{begun['id']}")
    assert (gone.status_code, gone.json()["turns"]) == (200, 0)
    assert (await client.get(f"{TALKS}/{begun['id']}")).status_code == 404


async def test_a_conversation_shows_its_branch_and_the_alternatives(
    client: AsyncTestClient[Litestar], desk: Any
) -> None:
    first = await desk.ask("First?", conversation_id="new")
    other = await desk.ask("Other?", conversation_id=first.conversation_id, parent_id="root")
    url = f"{TALKS}/{first.conversation_id}"
    shown = (await client.get(url)).json()
    (turn,) = shown["branch"]
    assert (turn["id"], turn["alternatives"], shown["leaf_id"]) == (other.id, [first.id, other.id], other.id)
    assert (await client.get(url, params={"turn_id": first.id})).json()["branch"][0]["answer"]["question"] == "First?"
    assert (await client.patch(url, json={"active_id": first.id})).json()["active_id"] == first.id


async def test_a_turn_tells_what_its_asker_thought_of_it(client: AsyncTestClient[Litestar], desk: Any) -> None:
    answer = await desk.ask("First?", conversation_id="new")
    url = f"{TALKS}/{answer.conversation_id}"
    assert (await client.get(url)).json()["branch"][0]["feedback"] is None
    ratings = FeedbackService(
        SqliteFeedbackRepository(desk.database), SqliteAnswerRepository(desk.database), desk.database
    )
    await ratings.rate(await ann(), answer.id, -1, "Not what I asked.")
    feedback = (await client.get(url)).json()["branch"][0]["feedback"]
    assert (feedback["rating"], feedback["comment"]) == (-1, "Not what I asked.")


async def test_lists_are_given_page_by_page(client: AsyncTestClient[Litestar]) -> None:
    ids = [(await client.post(TALKS, json={"title": f"Number {number}"})).json()["id"] for number in range(3)]
    first = (await client.get(TALKS, params={"limit": 2})).json()
    second = (await client.get(TALKS, params={"limit": 2, "cursor": first["next_cursor"]})).json()
    assert [each["id"] for each in first["items"] + second["items"]] == ids[::-1]
    assert second["next_cursor"] is None


async def test_a_memory_is_kept_changed_and_forgotten(client: AsyncTestClient[Litestar]) -> None:
    kept = await client.post(MEMORIES, json={"text": "I work in Munich."})
    url = f"{MEMORIES}/{kept.json()['id']}"
    assert (kept.status_code, (await client.get(url)).json()) == (201, kept.json())
    assert (await client.patch(url, json={"text": "I work in Bonn."})).json()["text"] == "I work in Bonn."
    assert [each["text"] for each in (await client.get(MEMORIES)).json()["items"]] == ["I work in Bonn."]
    assert (await client.delete(url)).status_code == 204
    assert (await client.get(url)).status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", TALKS, None),
        ("PATCH", TALKS, {"title": "Mine"}),
        ("DELETE", TALKS, None),
        ("GET", MEMORIES, None),
        ("PATCH", MEMORIES, {"text": "Mine"}),
        ("DELETE", MEMORIES, None),
    ],
)
async def test_what_there_is_not_is_a_problem(
    client: AsyncTestClient[Litestar], method: str, path: str, body: dict[str, str] | None
) -> None:
    response = await client.request(method, f"{path}/none", json=body)
    assert (response.status_code, response.headers["content-type"]) == (404, "application/problem+json")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (TALKS, {"title": " "}),
        (TALKS, {"title": "x" * 201}),
        (TALKS, {"other": 1}),
        (MEMORIES, {}),
        (MEMORIES, {"text": "\n"}),
        (MEMORIES, {"text": "x" * 1001}),
    ],
)
async def test_wrong_fields_are_refused(client: AsyncTestClient[Litestar], path: str, body: dict[str, Any]) -> None:
    assert (await client.post(path, json=body)).status_code == 400


async def test_nobody_changes_the_turn_to_one_of_another_conversation(
    client: AsyncTestClient[Litestar], desk: Any
) -> None:
    first = await desk.ask("First?", conversation_id="new")
    other = await desk.ask("Other?", conversation_id="new")
    response = await client.patch(f"{TALKS}/{first.conversation_id}", json={"active_id": other.id})
    assert (response.status_code, response.json()["turn_id"]) == (404, other.id)
