"""Answers over a WebSocket."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from litestar.exceptions import WebSocketDisconnect

from footnote.modules.generation.socket_api import Dialogue
from footnote.modules.generation.streams import AnswerStreams
from footnote.platform.errors import Unavailable
from footnote.platform.http.event_stream import STOPPING
from footnote.platform.http.socket_stream import GOING_AWAY
from footnote.platform.principal import Principal

DRAFT = "Mars has two moons. [1] Mars is ruled by cats. [1] A day there lasts 243 days. [2]"
ASK = {"type": "ask", "question": "How many moons?"}


class Socket:
    """The other side of a connection: `say` is heard, `next` is what was sent."""

    def __init__(self) -> None:
        self.stopping = asyncio.Event()
        self.scope = {"state": {STOPPING: self.stopping}}
        self.close_code: int | None = None
        self._said: asyncio.Queue[str | None] = asyncio.Queue()
        self._sent: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    def say(self, message: object) -> None:
        self._said.put_nowait(message if isinstance(message, str) else json.dumps(message))

    def leave(self) -> None:
        self._said.put_nowait(None)

    async def next(self, *names: str) -> dict[str, Any]:
        """The next message, or the next of one of these names."""
        while True:
            message = await asyncio.wait_for(self._sent.get(), 30)
            if not names or message["event"] in names:
                return message

    async def receive_text(self) -> str:
        text = await self._said.get()
        if text is None:
            raise WebSocketDisconnect(detail="left")
        return text

    async def send_text(self, text: str) -> None:
        self._sent.put_nowait(json.loads(text))

    async def close(self, code: int) -> None:
        self.close_code = code


@asynccontextmanager
async def talking(desk: Any) -> AsyncIterator[tuple[Socket, AnswerStreams]]:
    socket, streams = Socket(), AnswerStreams(desk.service)
    other_side: Any = socket
    dialogue = Dialogue(other_side, Principal(tenant="acme", subject="ann"), streams)
    running = asyncio.create_task(dialogue.run())
    try:
        yield socket, streams
    finally:
        socket.leave()
        await asyncio.wait_for(running, 30)


async def test_the_events_of_an_answer_come_as_json(make_desk: Any) -> None:
    async with talking(make_desk(DRAFT)) as (socket, _):
        socket.say(ASK)
        first, done = await socket.next(), await socket.next("done")
    assert first["event"] == "status"
    assert first["data"]["answer_id"] == done["data"]["answer"]["id"]
    assert done["data"]["answer"]["text"] == "Mars has two moons. A day there lasts 243 days."


async def test_questions_are_answered_one_after_the_other(make_desk: Any) -> None:
    async with talking(make_desk(DRAFT)) as (socket, _):
        for _ in range(3):
            socket.say(ASK)
            await socket.next("done")


async def test_a_second_question_meanwhile_is_refused_and_disturbs_nothing(make_desk: Any) -> None:
    async with talking(make_desk(DRAFT, pause=0.01)) as (socket, _):
        socket.say(ASK)
        await socket.next("status")
        socket.say(ASK)
        assert (await socket.next("error"))["data"]["type"] == "/problems/one-at-a-time"
        await socket.next("done")


async def test_cancelling_stops_the_model_and_leaves_the_connection(make_desk: Any) -> None:
    desk = make_desk(DRAFT * 200, pause=0.001)
    async with talking(desk) as (socket, _):
        socket.say({**ASK, "resume_within": 60})
        await socket.next("token")
        socket.say({"type": "cancel"})
        assert (await socket.next("error"))["data"]["type"] == "/problems/answer-cancelled"
        assert desk.model.is_closed
        socket.say({**ASK, "question": " "})
        assert (await socket.next("error"))["data"]["type"] == "/problems/empty-question"


async def test_who_leaves_cancels_the_answer(make_desk: Any) -> None:
    desk = make_desk(DRAFT * 200, pause=0.001)
    async with talking(desk) as (socket, streams):
        socket.say(ASK)
        await socket.next("token")
    assert desk.model.is_closed
    assert streams.under_way == 0


async def test_an_answer_is_resumed_over_another_connection(make_desk: Any) -> None:
    async with talking(make_desk(DRAFT)) as (socket, _):
        socket.say(ASK)
        heard = await socket.next("sentence")
        done = await socket.next("done")
        answer = done["data"]["answer"]
        socket.say({"type": "resume", "answer_id": answer["id"], "after": heard["id"]})
        assert (await socket.next("sentence"))["data"]["index"] == 1
        assert (await socket.next("done"))["data"]["answer"] == answer


async def test_an_error_midway_leaves_the_connection(make_desk: Any) -> None:
    async with talking(make_desk("Mars has two moons. [1] And", Unavailable("gone"))) as (socket, _):
        for _ in range(2):
            socket.say(ASK)
            assert (await socket.next("error"))["data"]["status"] == 503


async def test_a_filter_on_an_unknown_field_is_told_before_anything_else(make_desk: Any) -> None:
    async with talking(make_desk(DRAFT)) as (socket, _):
        socket.say({**ASK, "filters": {"colour": "red"}})
        told = await socket.next()
    assert (told["event"], told["data"]["status"]) == ("error", 422)
    assert "colour" in told["data"]["detail"]


@pytest.mark.parametrize(
    "message",
    ["{", "[]", {"question": "?"}, {"type": "sing"}, {"type": "ask"}, {**ASK, "x": 1}, {**ASK, "resume_within": 9999}],
)
async def test_what_makes_no_sense_is_told_so(make_desk: Any, message: object) -> None:
    async with talking(make_desk(DRAFT)) as (socket, _):
        socket.say(message)
        assert (await socket.next())["data"]["status"] == 400
        socket.say(ASK)
        await socket.next("done")


async def test_a_server_that_stops_says_so(make_desk: Any) -> None:
    async with talking(make_desk(DRAFT * 200, pause=0.001)) as (socket, streams):
        socket.say(ASK)
        await socket.next("token")
        socket.stopping.set()
        assert (await socket.next("error"))["data"]["status"] == 503
        await asyncio.sleep(0)
    assert streams.under_way == 0
    assert socket.close_code == GOING_AWAY


async def test_a_message_that_is_nested_without_end_is_refused_and_disturbs_nothing(make_desk: Any) -> None:
    async with talking(make_desk(DRAFT)) as (socket, _):
        socket.say('{"type": "ask", "question": "x", "filters": ' + '{"a":' * 20_000)
        assert (await socket.next("error"))["data"]["status"] == 400
        socket.say(ASK)
        await socket.next("done")
