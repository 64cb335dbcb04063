"""What the gateway does when models fail, are slow, or are left."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest
from support.scripted_chat import (
    ANN,
    FIRST,
    FOREVER,
    HELLO,
    SECOND,
    ScriptedChat,
    asking,
    bench,
    busy,
    fault,
    refused,
    text_of,
)

from footnote.platform.errors import Unavailable
from footnote.platform.inference import ChatEvent, ChatRequest, Quoting, Started, Stop, TextDelta, Usage
from footnote.platform.inference.calls.errors import ModelBusy, ModelFailed, ModelRefused
from footnote.platform.inference.errors import UnknownModel
from footnote.platform.inference.gateway.breaker import Tolerance
from footnote.platform.inference.gateway.budgets import Allowance
from footnote.platform.inference.gateway.line import Waits
from footnote.platform.inference.gateway.opening import Persistence
from footnote.platform.storage.sqlite import SqliteDatabase

QUICK = Waits(first=0.05, next=0.05, opening=5.0, whole=5.0)


async def test_an_answer_begins_with_who_writes_and_ends_with_what_it_cost(kept: SqliteDatabase) -> None:
    events = await bench(kept, ScriptedChat(FIRST, HELLO)).ask()
    assert events[0] == Started(model=FIRST)
    assert text_of(events) == "Hello."
    assert events[-2:] == [Usage(input_tokens=10, output_tokens=5, cost_usd=pytest.approx(0.02)), Stop()]


async def test_a_model_that_fails_before_its_first_word_is_asked_again(kept: SqliteDatabase) -> None:
    made = bench(kept, ScriptedChat(FIRST, [fault()], [Usage(input_tokens=10), fault()], HELLO))
    assert text_of(await made.ask()) == "Hello."
    assert made.asked() == 3
    assert made.pauses == [0.25, 0.5]


async def test_a_service_is_given_the_time_that_it_asks_for(kept: SqliteDatabase) -> None:
    made = bench(kept, ScriptedChat(FIRST, [busy(retry_after=7.0)], HELLO))
    await made.ask()
    assert made.pauses == [7.0]


async def test_a_wait_that_is_too_long_is_handed_on(kept: SqliteDatabase) -> None:
    made = bench(kept, ScriptedChat(FIRST, [busy(retry_after=3600.0)]))
    with pytest.raises(ModelBusy) as raised:
        await made.ask()
    assert raised.value.extensions["retry_after"] == 3600.0
    assert made.asked() == 1


async def test_what_will_not_pass_is_not_tried_again(kept: SqliteDatabase) -> None:
    made = bench(kept, ScriptedChat(FIRST, [refused()]))
    with pytest.raises(ModelRefused):
        await made.ask()
    assert made.asked() == 1


async def test_another_model_takes_over_and_says_so(kept: SqliteDatabase) -> None:
    made = bench(kept, ScriptedChat(FIRST, [refused()]), ScriptedChat(SECOND, HELLO))
    events = await made.ask()
    assert events[0] == Started(model=SECOND)
    assert text_of(events) == "Hello."
    assert [entry.model for entry in await made.entries()] == [SECOND]


async def test_a_stream_that_dies_before_its_first_word_falls_back(kept: SqliteDatabase) -> None:
    made = bench(kept, ScriptedChat(FIRST, [Usage(input_tokens=10)]), ScriptedChat(SECOND, HELLO))
    assert (await made.ask())[0] == Started(model=SECOND)
    assert made.asked() == 3


async def test_when_no_model_answers_the_problem_is_that_of_the_first(kept: SqliteDatabase) -> None:
    made = bench(kept, ScriptedChat(FIRST, [refused()]), ScriptedChat(SECOND, [fault(SECOND, again=False)]))
    with pytest.raises(ModelRefused, match=FIRST):
        await made.ask()


async def test_after_the_first_word_nothing_is_tried_again(kept: SqliteDatabase) -> None:
    made = bench(kept, ScriptedChat(FIRST, [TextDelta("Hel"), fault()]), ScriptedChat(SECOND, HELLO))
    async with aclosing((await made.model()).stream(asking())) as events:
        assert [await anext(events), await anext(events)] == [Started(model=FIRST), TextDelta("Hel")]
        with pytest.raises(ModelFailed):
            await anext(events)
    assert (made.asked(), made.asked(SECOND)) == (1, 0)


async def test_an_answer_without_a_word_is_a_failure(kept: SqliteDatabase) -> None:
    made = bench(kept, ScriptedChat(FIRST, [Usage(input_tokens=1), Stop()], HELLO))
    assert text_of(await made.ask()) == "Hello."


async def test_a_refusal_of_the_model_is_an_answer(kept: SqliteDatabase) -> None:
    made = bench(kept, ScriptedChat(FIRST, [Usage(input_tokens=1), Stop(reason="refused")]))
    assert (await made.ask())[-1] == Stop(reason="refused")


async def test_a_model_that_is_silent_for_too_long_is_given_up(kept: SqliteDatabase) -> None:
    services = ScriptedChat(FIRST, [FOREVER]), ScriptedChat(SECOND, HELLO)
    made = bench(kept, *services, persistence=Persistence(waits=QUICK, attempts=1))
    assert (await made.ask())[0] == Started(model=SECOND)
    assert made.open == 0


async def test_a_stream_that_falls_silent_breaks_off(kept: SqliteDatabase) -> None:
    made = bench(kept, ScriptedChat(FIRST, [TextDelta("Hel"), FOREVER]), persistence=Persistence(waits=QUICK))
    with pytest.raises(ModelFailed, match="in time"):
        await made.ask()
    assert made.open == 0


async def test_closing_lets_go_of_the_model_at_once(kept: SqliteDatabase) -> None:
    made = bench(kept, ScriptedChat(FIRST, [TextDelta("Hel"), FOREVER]))
    async with aclosing((await made.model()).stream(asking())) as events:
        assert [await anext(events), await anext(events)] == [Started(model=FIRST), TextDelta("Hel")]
        assert made.open == 1
    assert made.open == 0


async def test_cancelling_lets_go_of_the_model_at_once(kept: SqliteDatabase) -> None:
    made = bench(kept, ScriptedChat(FIRST, [FOREVER]))
    task = asyncio.create_task(made.ask())
    while not made.open:
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
    assert made.open == 0


async def test_a_model_that_keeps_failing_is_left_alone(kept: SqliteDatabase) -> None:
    made = bench(kept, ScriptedChat(FIRST, [fault()]), tolerance=Tolerance(failures=2, seconds=60))
    for _ in range(2):
        with pytest.raises(Unavailable):
            await made.ask()
    state = (await made.gateway.states(ANN))[0]
    assert made.asked() == 2
    assert (state.state, state.problem) == ("open", "The service of test:first failed (status 500).")


async def test_a_model_left_alone_is_tried_again_by_one_call(kept: SqliteDatabase) -> None:
    script = ScriptedChat(FIRST, [fault()], HELLO)
    once = Persistence(attempts=1)
    made = bench(kept, script, persistence=once, tolerance=Tolerance(failures=1, seconds=0.01))
    with pytest.raises(Unavailable):
        await made.ask()
    await asyncio.sleep(0.02)
    assert (await made.gateway.states(ANN))[0].state == "half_open"
    assert text_of(await made.ask()) == "Hello."
    assert (await made.gateway.states(ANN))[0].state == "ready"


async def test_a_request_that_is_wrong_says_nothing_about_the_model(kept: SqliteDatabase) -> None:
    made = bench(kept, ScriptedChat(FIRST, [fault(again=False)]), tolerance=Tolerance(failures=1))
    with pytest.raises(Unavailable):
        await made.ask()
    assert (await made.gateway.states(ANN))[0].state == "ready"


async def test_a_slow_model_gets_a_rival_and_the_first_to_speak_wins(kept: SqliteDatabase) -> None:
    services = ScriptedChat(FIRST, [FOREVER]), ScriptedChat(SECOND, HELLO)
    made = bench(kept, *services, persistence=Persistence(hedge=0.02))
    assert (await made.ask())[0] == Started(model=SECOND)
    assert made.open == 0


async def test_without_another_model_the_same_one_is_asked_twice(kept: SqliteDatabase) -> None:
    made = bench(kept, ScriptedChat(FIRST, [FOREVER], HELLO), persistence=Persistence(hedge=0.02))
    assert text_of(await made.ask()) == "Hello."
    assert made.open == 0


@pytest.mark.parametrize("attempts", [1, 3])
async def test_a_model_that_is_its_own_rival_has_no_more_attempts_in_all(kept: SqliteDatabase, attempts: int) -> None:
    persistence = Persistence(hedge=0.01, attempts=attempts)
    made = bench(kept, ScriptedChat(FIRST, [0.05, fault()]), persistence=persistence)
    with pytest.raises(Unavailable):
        await made.ask()
    assert made.asked() == attempts


async def test_a_refusal_is_not_asked_for_twice_where_rivals_are_wanted(kept: SqliteDatabase) -> None:
    made = bench(kept, ScriptedChat(FIRST, [refused()]), persistence=Persistence(hedge=FOREVER))
    with pytest.raises(Unavailable):
        await made.ask()
    assert made.asked() == 1


async def test_who_leaves_while_the_rival_is_let_go_of_pays_for_both(kept: SqliteDatabase) -> None:
    leaving, goes = asyncio.Event(), asyncio.Event()

    class Slow(ScriptedChat):
        async def stream(self, _request: ChatRequest) -> AsyncGenerator[ChatEvent]:
            try:
                await asyncio.sleep(FOREVER)
                yield Stop()
            finally:
                leaving.set()
                await goes.wait()

    made = bench(kept, Slow(FIRST), ScriptedChat(SECOND, HELLO), persistence=Persistence(hedge=0.02))
    task = asyncio.create_task(made.ask())
    await leaving.wait()
    task.cancel()
    await asyncio.sleep(0)
    goes.set()
    await asyncio.wait([task])
    assert task.cancelled()
    assert {entry.model for entry in await made.entries()} == {FIRST, SECOND}


async def test_no_more_answers_at_once_than_there_are_places(kept: SqliteDatabase) -> None:
    made = bench(kept, ScriptedChat(FIRST, [0.01, *HELLO]), concurrency=2)
    most = 0

    async def watch() -> None:
        nonlocal most
        while True:
            most = max(most, made.open)
            await asyncio.sleep(0)

    watching = asyncio.create_task(watch())
    await asyncio.gather(*(made.ask() for _ in range(6)))
    watching.cancel()
    assert most == 2


async def test_an_unknown_model_is_refused_with_the_names_there_are(kept: SqliteDatabase) -> None:
    with pytest.raises(UnknownModel, match="test:first, test:second"):
        await bench(kept, ScriptedChat(FIRST), ScriptedChat(SECOND)).model("test:third")


async def test_an_adapter_that_breaks_does_not_take_the_answer_along(kept: SqliteDatabase) -> None:
    class Broken(ScriptedChat):
        async def stream(self, request: ChatRequest) -> AsyncGenerator[ChatEvent]:
            raise ZeroDivisionError
            yield

    made = bench(kept, Broken(FIRST), ScriptedChat(SECOND, HELLO))
    assert (await made.ask())[0] == Started(model=SECOND)


class Quoter:
    name = "local:quoter"
    context_tokens = 8192

    async def stream(self, _request: ChatRequest) -> AsyncGenerator[ChatEvent]:
        yield Started(model=self.name)
        yield TextDelta("Quoted. [1]")
        yield Usage()
        yield Stop()


async def test_a_model_here_takes_over_for_nothing(kept: SqliteDatabase) -> None:
    made = bench(kept, ScriptedChat(FIRST, [refused()]), local=Quoter(), allowance=Allowance(tenant=1000.0))
    events = await made.ask(asking(quoting=Quoting(question="Hello?", sources=())))
    assert events == [Started(model="local:quoter"), TextDelta("Quoted. [1]"), Usage(), Stop()]
    assert (await made.committed(), await made.entries()) == (0, [])


async def test_where_there_is_nothing_to_quote_it_is_not_asked(kept: SqliteDatabase) -> None:
    made = bench(kept, ScriptedChat(FIRST, [refused()]), local=Quoter())
    with pytest.raises(ModelRefused):
        await made.ask()


async def test_a_model_here_that_is_asked_itself_has_nothing_around_it(kept: SqliteDatabase) -> None:
    quoter = Quoter()
    assert await bench(kept, ScriptedChat(FIRST), local=quoter).model("local:quoter") is quoter
