"""Answers over HTTP."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from litestar import Litestar
from litestar.di import Provide
from litestar.testing import AsyncTestClient
from support.answers import answer

from footnote.modules.generation.api import router
from footnote.modules.generation.bodies import NewReplay
from footnote.modules.generation.models import Asked
from footnote.modules.generation.streams import AnswerStreams
from footnote.platform.errors import Unavailable
from footnote.platform.http.problem import problem_details
from footnote.platform.principal import Principal

DRAFT = "Mars has two moons. [1] A day there lasts 243 days. [2]"
URL = "/api/v1/answers"


async def ann() -> Principal:
    return Principal(tenant="acme", subject="ann")


def client_of(desk: Any) -> AsyncTestClient[Litestar]:
    streams = AnswerStreams(desk.service)
    app = Litestar(
        [router],
        plugins=[problem_details()],
        logging_config=None,
        dependencies={
            "principal": Provide(ann),
            "generation": Provide(lambda: desk.service, sync_to_thread=False),
            "streams": Provide(lambda: streams, sync_to_thread=False),
        },
        on_shutdown=[streams.close],
    )
    return AsyncTestClient(app)


@pytest.fixture
async def client(make_desk: Any) -> AsyncIterator[AsyncTestClient[Litestar]]:
    async with client_of(make_desk(DRAFT)) as client:
        yield client


def events(body: str) -> list[tuple[str, Any]]:
    blocks = [dict(line.split(": ", 1) for line in block.split("\n")) for block in body.strip().split("\n\n")]
    return [(block["event"], json.loads(block["data"])) for block in blocks]


async def test_an_answer_is_given_and_read_again(client: AsyncTestClient[Litestar]) -> None:
    given = await client.post(URL, json={"question": "How many moons?"})
    assert given.status_code == 200
    assert given.json()["text"] == "Mars has two moons. A day there lasts 243 days."
    assert (await client.get(f"{URL}/{given.json()['id']}")).json() == given.json()


async def test_a_stream_names_its_events_and_ends_with_the_answer(client: AsyncTestClient[Litestar]) -> None:
    response = await client.post(URL, json={"question": "How many moons?", "stream": True})
    told = events(response.text)
    assert response.headers["content-type"].startswith("text/event-stream")
    assert {name for name, _ in told} == {"status", "passages", "token", "citation", "sentence", "done"}
    assert told[0][0] == "status"
    assert told[0][1]["answer_id"] == told[-1][1]["answer"]["id"]
    assert told[-1][1]["answer"]["citations"] == [content for name, content in told if name == "citation"]


@pytest.mark.parametrize(
    ("accept", "body", "is_streamed"),
    [
        ("text/event-stream", {}, True),
        ("text/event-stream", {"stream": False}, False),
        ("application/json, text/event-stream", {}, False),
        ("*/*", {}, False),
    ],
)
async def test_who_accepts_only_events_gets_them_unless_told_otherwise(
    client: AsyncTestClient[Litestar], accept: str, body: dict[str, Any], is_streamed: bool
) -> None:
    response = await client.post(URL, json={"question": "How many moons?", **body}, headers={"Accept": accept})
    assert (response.headers["content-type"].startswith("text/event-stream"), response.status_code) == (
        is_streamed,
        200,
    )


@pytest.mark.parametrize("stream", [True, False])
async def test_a_question_too_long_is_a_problem(client: AsyncTestClient[Litestar], stream: bool) -> None:
    response = await client.post(URL, json={"question": "x" * 100_000, "stream": stream})
    assert response.status_code == 422
    assert response.json()["limit"] == 10_000


@pytest.mark.parametrize("stream", [True, False])
async def test_a_filter_on_an_unknown_field_is_a_problem_and_begins_no_stream(
    client: AsyncTestClient[Litestar], stream: bool
) -> None:
    response = await client.post(URL, json={"question": "?", "filters": {"colour": "red"}, "stream": stream})
    assert (response.status_code, response.headers["content-type"]) == (422, "application/problem+json")
    assert "colour" in response.json()["detail"]


@pytest.mark.parametrize(
    "body",
    [{}, {"question": "?", "prompt": 1}, {"question": "?", "options": {"thoughts": "loud"}}, {"question": 1}],
)
async def test_unknown_and_wrong_fields_are_refused(client: AsyncTestClient[Litestar], body: dict[str, Any]) -> None:
    response = await client.post(URL, json=body)
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"


async def test_an_unknown_model_and_an_unknown_answer_are_problems(client: AsyncTestClient[Litestar]) -> None:
    response = await client.post(URL, json={"question": "?", "model": "no:model"})
    assert (response.status_code, response.json()["known"]) == (422, ["test:scripted"])
    assert (await client.get(f"{URL}/none")).status_code == 404


async def test_an_error_midway_is_the_last_event(make_desk: Any) -> None:
    desk = make_desk("Mars has two moons. [1] And", Unavailable("The model is gone."), quotes=False)
    async with client_of(desk) as client:
        told = events((await client.post(URL, json={"question": "?", "stream": True})).text)
    assert [name for name, _ in told][-2:] == ["sentence", "error"]
    assert told[-1][1]["status"] == 503


async def test_the_schema_shows_the_answer(client: AsyncTestClient[Litestar]) -> None:
    schema = (await client.get("/schema/openapi.json")).json()
    answer = schema["paths"][URL]["post"]["responses"]["200"]
    assert answer["content"]


async def test_a_stream_is_taken_up_after_the_last_event_that_was_heard(client: AsyncTestClient[Litestar]) -> None:
    body = (await client.post(URL, json={"question": "How many moons?", "stream": True})).text
    ids = [line.removeprefix("id: ") for line in body.split("\n") if line.startswith("id: ")]
    answer = events(body)[-1][1]["answer"]
    rest = events((await client.get(f"{URL}/{answer['id']}/events", headers={"Last-Event-ID": ids[-3]})).text)
    assert rest[-1] == ("done", {"answer": answer})
    assert "token" not in [name for name, _ in rest]


async def test_events_of_no_answer_and_after_no_event_are_problems(client: AsyncTestClient[Litestar]) -> None:
    assert (await client.get(f"{URL}/none/events")).status_code == 404
    assert (await client.get(f"{URL}/none/events", headers={"Last-Event-ID": "x"})).status_code == 400
    assert (await client.post(f"{URL}/none/cancel")).status_code == 404


async def test_a_replay_asks_the_same_again_and_names_the_old_answer(make_desk: Any) -> None:
    desk = make_desk(DRAFT)
    async with client_of(desk) as client:
        body = {"question": "How many moons?", "filters": {"language": "en"}, "options": {"top_k": 1}}
        first = (await client.post(URL, json=body)).json()
        again = (await client.post(f"{URL}/{first['id']}/replay", json={})).json()
        other = (await client.post(f"{URL}/{first['id']}/replay", json={"filters": None, "options": {}})).json()
    assert again["replay_of"] == other["replay_of"] == first["id"] != again["id"]
    assert again["asked"] == first["asked"] != other["asked"]
    assert [(query.filters, query.top_k) for query in desk.library.queries] == [
        ({"language": "en"}, 1),
        ({"language": "en"}, 1),
        (None, 20),
    ]


async def test_a_replay_asks_what_was_understood_and_knows_whose_words_that_holds() -> None:
    asked = Asked(standalone="How many moons has Mars?")
    before = answer("1", question="How many has it?", conversation_id="c", asked=asked, context_documents=("mars",))
    again = NewReplay().of(before)
    assert (again.text, again.standalone, again.context_documents) == (before.question, asked.standalone, ("mars",))
    assert again.conversation_id is None


async def test_a_replay_streams_if_asked_to(client: AsyncTestClient[Litestar]) -> None:
    first = (await client.post(URL, json={"question": "How many moons?"})).json()
    told = events((await client.post(f"{URL}/{first['id']}/replay", json={"stream": True})).text)
    assert told[-1][1]["answer"]["replay_of"] == first["id"]
