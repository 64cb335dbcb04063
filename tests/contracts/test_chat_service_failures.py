"""How the adapter of every chat model fails, through its own client against its own wire format; and how it lets go."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
from support.chat_formats import TEXTS
from support.chat_server import NAMES, ChatServer, open_service
from support.chat_streams import QUESTION, events_of, failure_of
from support.wire import Reply

from footnote.platform.inference import TextDelta
from footnote.platform.inference.calls import ModelBusy, ModelFailed, ModelRefused
from footnote.platform.inference.calls.chat import ChatService
from footnote.platform.inference.calls.errors import Fault


@pytest.fixture(params=NAMES)
def server(request: pytest.FixtureRequest) -> Iterator[ChatServer]:
    with ChatServer(request.param).serving() as server:
        yield server


@pytest.fixture
async def service(server: ChatServer) -> AsyncIterator[ChatService]:
    service = open_service(server)
    yield service
    await service.close()


async def test_a_wrong_key_is_refused(service: ChatService, server: ChatServer) -> None:
    server.replies = [server.refusal(401)]
    fault = await failure_of(service)
    assert isinstance(fault.problem, ModelRefused)
    assert "Check FOOTNOTE_SOME_API_KEY" in fault.problem.detail
    assert not fault.again


async def test_a_busy_service_is_asked_again_when_it_says_so(service: ChatService, server: ChatServer) -> None:
    server.replies = [server.refusal(429, retry_after="7")]
    fault = await failure_of(service)
    assert isinstance(fault.problem, ModelBusy)
    assert (fault.again, fault.retry_after) == (True, 7)


async def test_a_busy_service_may_not_say_when(service: ChatService, server: ChatServer) -> None:
    server.replies = [server.refusal(429)]
    fault = await failure_of(service)
    assert isinstance(fault.problem, ModelBusy)
    assert (fault.again, fault.retry_after) == (True, None)


async def test_a_broken_service_is_asked_again(service: ChatService, server: ChatServer) -> None:
    server.replies = [server.refusal(500)]
    fault = await failure_of(service)
    assert "failed (status 500)" in fault.problem.detail
    assert fault.again
    assert len(server.requests) == 1


async def test_an_unknown_model_is_told(server: ChatServer) -> None:
    service = open_service(server, name=f"{server.provider}:no-such-model")
    fault = await failure_of(service)
    await service.close()
    assert isinstance(fault.problem, ModelRefused)
    assert "does not know" in fault.problem.detail
    assert not fault.again


async def test_what_it_does_not_take_is_told_in_its_words(service: ChatService, server: ChatServer) -> None:
    server.replies = [server.refusal(400, "the prompt is too long")]
    fault = await failure_of(service)
    assert "the prompt is too long" in fault.problem.detail
    assert not fault.again


async def test_silence_before_the_answer_ends(server: ChatServer) -> None:
    server.replies = [Reply(hangs=True)]
    fault = await failure_of_impatient(server, seconds=0.1)
    assert "in time" in fault.problem.detail
    assert fault.again


async def test_silence_in_the_midst_of_an_answer_ends(server: ChatServer) -> None:
    server.replies = [server.parts(server.until_text, "silence")]
    fault = await failure_of_impatient(server, seconds=1, after=TEXTS[0])
    assert "in time" in fault.problem.detail


async def failure_of_impatient(server: ChatServer, *, seconds: float, after: str = "") -> Fault:
    service = open_service(server, seconds=seconds)
    fault = await failure_of(service, after=after)
    await service.close()
    return fault


@pytest.mark.parametrize("ends", ["cut", "whole"])
async def test_an_answer_that_breaks_off_is_a_failure(service: ChatService, server: ChatServer, ends: str) -> None:
    server.replies = [server.parts(server.until_text, ends)]
    fault = await failure_of(service, after=TEXTS[0])
    assert isinstance(fault.problem, ModelFailed)
    assert "broke off" in fault.problem.detail
    assert fault.again


@pytest.mark.parametrize("chunk", [b'data: {"type": "mess\n\n', b"data: 7\n\n", b'data: {"type": 5, "choices": 5}\n\n'])
async def test_a_malformed_chunk_is_a_failure(service: ChatService, server: ChatServer, chunk: bytes) -> None:
    server.replies = [server.parts(server.until_text, "whole", b"event: message_delta\n" + chunk)]
    fault = await failure_of(service, after=TEXTS[0])
    assert isinstance(fault.problem, ModelFailed)
    assert fault.again


async def test_an_error_within_the_stream_is_a_failure(service: ChatService, server: ChatServer) -> None:
    server.replies = [server.parts(server.until_text, "whole", server.error_in_stream())]
    fault = await failure_of(service, after=TEXTS[0])
    assert "failed (status 500)" in fault.problem.detail
    assert fault.again


async def test_an_answer_of_another_kind_is_a_failure(service: ChatService, server: ChatServer) -> None:
    server.replies = [Reply(b"<html>Welcome</html>", headers={"Content-Type": "text/html"})]
    assert isinstance((await failure_of(service)).problem, ModelFailed)


async def test_a_service_that_is_not_there_cannot_be_reached(server: ChatServer) -> None:
    with ChatServer(server.provider).serving() as gone:
        service = open_service(gone)
    fault = await failure_of(service)
    await service.close()
    assert "cannot be reached" in fault.problem.detail
    assert fault.again


async def test_closing_the_stream_lets_go_of_the_service_at_once(service: ChatService, server: ChatServer) -> None:
    server.replies = [server.parts(server.until_text, "silence")]
    stream = service.stream(QUESTION)
    async for event in stream:
        if isinstance(event, TextDelta):
            break
    await stream.aclose()
    assert await asyncio.to_thread(server.left.wait, 30)


@pytest.mark.parametrize("parts", ["none", "some"])
async def test_cancelling_lets_go_of_the_service_at_once(service: ChatService, server: ChatServer, parts: str) -> None:
    server.replies = [server.parts(server.until_text if parts == "some" else 0, "silence")]
    task = asyncio.create_task(events_of(service))
    while not server.requests:
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(server.left.wait, 30)
