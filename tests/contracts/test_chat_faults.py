"""What each fault of each provider comes to: what a client sees, the tries, who takes over, the breaker, the cost."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import pytest
from support.chat_formats import READ, STREAMS, TEXTS, WRITTEN, Said
from support.chat_server import KEY, NAMES, ChatServer, open_service
from support.scripted_chat import ANN, HELLO, SECOND, Bench, ScriptedChat, asking, bench
from support.wire import Reply, Streamed

from footnote.platform.errors import Unavailable
from footnote.platform.inference import ChatEvent, Started, Stop, TextDelta, ThoughtDelta, ToolCall, Usage
from footnote.platform.inference.calls import ModelRefused
from footnote.platform.inference.gateway.breaker import Tolerance
from footnote.platform.inference.gateway.opening import Persistence
from footnote.platform.inference.gateway.spending.schema import MIGRATIONS
from footnote.platform.storage.migrations import migrate
from footnote.platform.storage.sqlite import SqliteDatabase

TRIES = 3
GROWING = [0.25, 0.5]  # seconds; chance adds nothing here
TAKEN_OVER = [Started(model=SECOND), *HELLO[:2], Usage(input_tokens=10, output_tokens=5, cost_usd=0.02), Stop()]
ASKED = 0.001 * READ  # US dollars, of what was read, at the bench's price; a word written costs two tenths of a cent
NONSENSE = b'event: message_delta\ndata: {"type": \n\n'
REFUSALS = {  # of an option, in the provider's words
    "openai": "Unsupported value: 'reasoning.effort' does not support 'none' with this model.",
    "anthropic": "thinking.type.adaptive is not supported on this model",
    "google": "Thinking level MINIMAL is not supported for this model.",
    "compatible": "Unknown field: stream_options",
}


@dataclass(frozen=True)
class Case:
    reply: Callable[[ChatServer], Reply]
    words: str  # of the problem
    pauses: tuple[float, ...] = tuple(GROWING)  # between the tries; none: it is not tried again
    has_begun: bool = False  # the provider has said that it read the prompt, if it ever says so before its text
    patience: float = 30  # seconds of silence that are borne


EARLY = {  # before the first word
    "a wrong key": Case(lambda server: server.refusal(401), "refuses the key", ()),
    "an unknown model": Case(lambda server: server.refusal(404), "does not know", ()),
    "a request it does not take": Case(lambda server: server.refusal(400), "did not take the request", ()),
    "busy, for seven seconds": Case(lambda server: server.refusal(429, retry_after="7"), "no more requests", (7, 7)),
    "busy": Case(lambda server: server.refusal(429), "no more requests"),
    "broken": Case(lambda server: server.refusal(500), "failed (status 500)"),
    "no first byte": Case(lambda _server: Reply(hangs=True), "in time", patience=0.1),
    "no first word": Case(
        lambda server: server.parts(server.until_text - 1, "silence"), "in time", has_begun=True, patience=1
    ),
    "cut off": Case(lambda server: server.parts(server.until_text - 1, "cut"), "broke off", has_begun=True),
    "a stream without an end": Case(lambda server: server.parts(server.until_text - 1), "broke off", has_begun=True),
    "a malformed chunk": Case(lambda server: server.parts(0, then=NONSENSE), "of another form"),
    "an error in the stream": Case(
        lambda server: server.parts(0, then=server.error_in_stream()), "failed (status 500)"
    ),
}
LATE = {  # after it
    "silence": Case(lambda server: server.parts(server.until_text, "silence"), "in time", patience=1),
    "cut off": Case(lambda server: server.parts(server.until_text, "cut"), "broke off"),
    "a stream without an end": Case(lambda server: server.parts(server.until_text), "broke off"),
    "a malformed chunk": Case(lambda server: server.parts(server.until_text, then=NONSENSE), "of another form"),
    "an error in the stream": Case(
        lambda server: server.parts(server.until_text, then=server.error_in_stream()), "failed (status 500)"
    ),
}


@pytest.fixture(params=NAMES)
def server(request: pytest.FixtureRequest) -> Iterator[ChatServer]:
    with ChatServer(request.param).serving() as server:
        yield server


@pytest.fixture
async def desk(server: ChatServer, database: SqliteDatabase, request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    """The provider's model, and another in its place."""
    await migrate(database, {"spending": MIGRATIONS})
    case = request.getfixturevalue("case") if "case" in request.fixturenames else None
    service: Any = open_service(server, seconds=case.patience if case else 30)
    desk = bench(
        database,
        service,
        ScriptedChat(SECOND, HELLO),
        persistence=Persistence(attempts=TRIES),
        tolerance=Tolerance(failures=TRIES),
    )
    yield desk
    await desk.gateway.close()


async def costs(desk: Bench) -> dict[str, float]:
    """US dollars."""
    return {entry.model: entry.cost / 1e9 for entry in await desk.entries() if entry.cost}


async def state_of(desk: Bench, server: ChatServer) -> tuple[str, str | None]:
    """Of the breaker, with the last problem."""
    states = await desk.gateway.states(ANN)
    return next((each.state, each.problem) for each in states if each.name == NAMES[server.provider])


@pytest.mark.parametrize("case", EARLY.values(), ids=EARLY)
async def test_before_the_first_word_another_model_takes_over(desk: Bench, server: ChatServer, case: Case) -> None:
    server.replies = [case.reply(server) for _ in range(TRIES)]
    assert await desk.ask() == TAKEN_OVER
    assert (len(server.requests), desk.pauses) == (len(case.pauses) + 1, list(case.pauses))
    state, problem = await state_of(desk, server)
    is_judged = case.pauses or "did not take" not in case.words
    assert state == ("open" if case.pauses else "ready")
    assert case.words in (problem or "") if is_judged else problem is None
    assert KEY not in (problem or "")
    told = TRIES * (ASKED + 0.002) if case.has_begun and server.provider == "anthropic" else None
    expected = {SECOND: 0.02} | ({NAMES["anthropic"]: pytest.approx(told)} if told else {})
    assert await costs(desk) == expected


@pytest.mark.parametrize("case", LATE.values(), ids=LATE)
async def test_after_the_first_word_the_client_is_told(desk: Bench, server: ChatServer, case: Case) -> None:
    server.replies = [case.reply(server)]
    seen: list[ChatEvent] = []
    with pytest.raises(Unavailable) as raised:
        await watch(desk, seen)
    assert seen == [Started(model=NAMES[server.provider]), TextDelta(TEXTS[0])]
    assert case.words in raised.value.detail
    assert (len(server.requests), desk.pauses, desk.asked(SECOND)) == (1, [], 0)
    assert await state_of(desk, server) == ("ready", raised.value.detail)
    [(name, cost)] = (await costs(desk)).items()
    assert (name, cost > 0) == (NAMES[server.provider], True)


async def watch(desk: Bench, seen: list[ChatEvent]) -> None:
    model = await desk.model()
    async with aclosing(model.stream(asking())) as events:
        async for event in events:
            seen += [event]


async def test_a_whole_answer_costs_what_the_provider_says(desk: Bench, server: ChatServer) -> None:
    *deltas, usage, stop = await desk.ask()
    assert deltas == [Started(model=NAMES[server.provider]), *map(TextDelta, TEXTS)]
    assert isinstance(usage, Usage)
    assert usage.cost_usd == pytest.approx(ASKED + 0.002 * WRITTEN)
    assert stop == Stop()
    assert await costs(desk) == {NAMES[server.provider]: pytest.approx(usage.cost_usd)}


async def test_thoughts_and_calls_of_tools_come_through(desk: Bench, server: ChatServer) -> None:
    server.said = Said(thoughts=("Hm.",), calls=(("a", "look", "{}"),))
    events = await desk.ask(asking(thoughts=True))
    kinds = [type(event) for event in events]
    assert kinds == [Started, ThoughtDelta, *[TextDelta] * len(TEXTS), ToolCall, Usage, Stop]


async def test_a_model_that_thinks_unasked_until_it_is_cut_gets_room_to_answer(desk: Bench, server: ChatServer) -> None:
    cut = Said(texts=(), thoughts=("Hm.",), stop="length")
    server.replies = [Streamed(STREAMS[server.provider](cut))]
    server.said = Said(thoughts=("Hm.",))
    events = await desk.ask()
    assert [event for event in events if isinstance(event, TextDelta | ThoughtDelta)] == list(map(TextDelta, TEXTS))
    assert len(server.requests) == 2
    assert await state_of(desk, server) == ("ready", None)


async def test_a_second_try_that_goes_well_is_all_that_is_seen(desk: Bench, server: ChatServer) -> None:
    server.replies = [server.refusal(500)]
    events = await desk.ask()
    assert events[0] == Started(model=NAMES[server.provider])
    assert (len(server.requests), desk.pauses, desk.asked(SECOND)) == (2, [0.25], 0)
    assert await state_of(desk, server) == ("ready", None)


async def test_an_option_that_a_model_refuses_is_asked_for_otherwise(desk: Bench, server: ChatServer) -> None:
    request = asking(thoughts=server.provider == "anthropic")  # it is told to think by an option that older ones refuse
    server.replies = [server.refusal(400, REFUSALS[server.provider])]
    first, second = [(await desk.ask(request))[0] for _ in range(2)]
    assert first == second == Started(model=NAMES[server.provider])
    sent = [request.content for request in server.requests]
    assert sent[0] != sent[1] == sent[2]
    assert await state_of(desk, server) == ("ready", None)


async def test_a_model_that_is_left_alone_is_not_asked(desk: Bench, server: ChatServer) -> None:
    server.replies = [server.refusal(500) for _ in range(TRIES)]
    assert await desk.ask() == TAKEN_OVER
    assert await desk.ask() == TAKEN_OVER
    assert len(server.requests) == TRIES


async def test_without_another_model_the_problem_is_told(server: ChatServer, database: SqliteDatabase) -> None:
    await migrate(database, {"spending": MIGRATIONS})
    service: Any = open_service(server)
    desk = bench(database, service)
    server.replies = [server.refusal(401)]
    with pytest.raises(ModelRefused, match="Check FOOTNOTE_SOME_API_KEY"):
        await desk.ask()
    await desk.gateway.close()
    assert await costs(desk) == {}


async def test_a_client_who_leaves_stops_the_provider_and_pays_for_what_came(desk: Bench, server: ChatServer) -> None:
    server.replies = [server.parts(server.until_text, "silence")]
    model = await desk.model()
    async with aclosing(model.stream(asking())) as events:
        assert [await anext(events), await anext(events)] == [Started(model=model.name), TextDelta(TEXTS[0])]
    assert await asyncio.to_thread(server.left.wait, 30)
    assert list(await costs(desk)) == [model.name]
    assert await state_of(desk, server) == ("ready", None)
