"""What is charged, and what is refused."""

import asyncio
from contextlib import aclosing

import pytest
from support.scripted_chat import (
    ANN,
    FIRST,
    FOREVER,
    HELLO,
    PRICE,
    SECOND,
    ScriptedChat,
    asking,
    bench,
    fault,
    refused,
    text_of,
)

from footnote.platform.errors import Unavailable
from footnote.platform.inference import ChatRequest, Image, Message, TextDelta, Usage
from footnote.platform.inference.calls.prices import Price
from footnote.platform.inference.calls.thinking import ROOM
from footnote.platform.inference.errors import BudgetSpent, PriceUnknown
from footnote.platform.inference.gateway.budgets import Allowance
from footnote.platform.inference.gateway.estimate import IMAGE, most_read, most_written
from footnote.platform.inference.gateway.opening import Persistence
from footnote.platform.principal import Principal
from footnote.platform.storage.sqlite import SqliteDatabase

ENOUGH = 1000.0  # dollars
BOB = Principal(tenant="acme", subject="bob")
ONE = asking("x", max_tokens=100)
ONE_COSTS = PRICE.of(input_tokens=most_read(ONE), output_tokens=most_written(ONE))  # at most


async def test_an_answer_is_charged_for_what_the_provider_says(kept: SqliteDatabase) -> None:
    made = bench(kept, ScriptedChat(FIRST, HELLO), allowance=Allowance(tenant=ENOUGH))
    await made.ask()
    assert await made.committed() == pytest.approx(0.02)
    [entry] = await made.entries()
    assert (entry.model, entry.calls, entry.input_tokens, entry.output_tokens) == (FIRST, 1, 10, 5)


async def test_what_may_cost_more_than_is_left_is_not_sent(kept: SqliteDatabase) -> None:
    made = bench(kept, ScriptedChat(FIRST, HELLO), allowance=Allowance(tenant=ONE_COSTS - 0.001))
    with pytest.raises(BudgetSpent) as raised:
        await made.ask(ONE)
    assert made.asked() == 0
    assert raised.value.extensions["estimate_usd"] == pytest.approx(ONE_COSTS)
    assert 0 < raised.value.extensions["retry_after"] <= 86400


async def test_an_estimate_hopes_for_no_cheap_cache(kept: SqliteDatabase) -> None:
    price = Price(input=1000.0, output=2000.0, cached=0.0, written=0.0)
    made = bench(kept, ScriptedChat(FIRST, HELLO), price=price, allowance=Allowance(tenant=ONE_COSTS - 0.001))
    with pytest.raises(BudgetSpent):
        await made.ask(ONE)


async def test_requests_at_once_cannot_spend_the_same_money(kept: SqliteDatabase) -> None:
    made = bench(kept, ScriptedChat(FIRST, [0.02, *HELLO]), allowance=Allowance(tenant=2.5 * ONE_COSTS))
    ended = await asyncio.gather(*(made.ask(ONE) for _ in range(8)), return_exceptions=True)
    assert sum(isinstance(each, BudgetSpent) for each in ended) == 6
    assert made.asked() == 2


async def test_a_person_has_a_budget_of_their_own(kept: SqliteDatabase) -> None:
    made = bench(kept, ScriptedChat(FIRST, HELLO), allowance=Allowance(person=ONE_COSTS))
    await made.ask(ONE)
    with pytest.raises(BudgetSpent, match="person"):
        await made.ask(ONE)
    assert text_of(await made.ask(ONE, BOB)) == "Hello."


async def test_a_broken_stream_is_charged_for_what_came(kept: SqliteDatabase) -> None:
    script = [Usage(input_tokens=10), TextDelta("Hello there"), fault()]
    made = bench(kept, ScriptedChat(FIRST, script), allowance=Allowance(tenant=ENOUGH))
    with pytest.raises(Unavailable):
        await made.ask()
    [entry] = await made.entries()
    assert (entry.input_tokens, entry.output_tokens) == (10, 4)  # three letters to a token
    assert await made.committed() == pytest.approx(0.018)


async def test_a_stream_that_is_left_is_charged_for_what_came(kept: SqliteDatabase) -> None:
    made = bench(kept, ScriptedChat(FIRST, [TextDelta("Hello"), FOREVER]), allowance=Allowance(tenant=ENOUGH))
    async with aclosing((await made.model()).stream(ONE)) as events:
        await anext(events)
        await anext(events)
    [entry] = await made.entries()
    assert (entry.input_tokens, entry.output_tokens) == (most_read(ONE), 2)


async def test_a_model_left_while_it_is_silent_has_read_the_request(kept: SqliteDatabase) -> None:
    made = bench(kept, ScriptedChat(FIRST, [FOREVER]), allowance=Allowance(tenant=ENOUGH))
    task = asyncio.create_task(made.ask(ONE))
    while not made.open:
        await asyncio.sleep(0.001)
    task.cancel()
    await asyncio.wait([task])
    assert await made.committed() == pytest.approx(PRICE.of(input_tokens=most_read(ONE)))


async def test_a_request_that_was_refused_costs_nothing(kept: SqliteDatabase) -> None:
    made = bench(kept, ScriptedChat(FIRST, [refused()]), allowance=Allowance(tenant=ENOUGH))
    with pytest.raises(Unavailable):
        await made.ask()
    assert await made.committed() == 0
    assert await made.entries() == []


async def test_who_leaves_while_money_is_reserved_gives_it_back(kept: SqliteDatabase) -> None:
    made = bench(kept, ScriptedChat(FIRST, HELLO), allowance=Allowance(tenant=ENOUGH))
    async with kept.transaction():  # so that the reservation has to wait
        task = asyncio.create_task(made.ask(ONE))
        await asyncio.sleep(0.02)
        task.cancel()
        await asyncio.sleep(0.02)
    await asyncio.wait([task])
    assert (await made.committed(), made.asked()) == (0, 0)


async def test_each_attempt_is_paid_by_itself(kept: SqliteDatabase) -> None:
    services = ScriptedChat(FIRST, [Usage(input_tokens=10), fault(again=False)]), ScriptedChat(SECOND, HELLO)
    made = bench(kept, *services, allowance=Allowance(tenant=ENOUGH))
    await made.ask()
    assert await made.committed() == pytest.approx(0.01 + 0.02)
    assert {entry.model for entry in await made.entries()} == {FIRST, SECOND}


async def test_the_rival_that_lost_is_paid_too(kept: SqliteDatabase) -> None:
    services = ScriptedChat(FIRST, [Usage(input_tokens=10), FOREVER]), ScriptedChat(SECOND, HELLO)
    made = bench(kept, *services, allowance=Allowance(tenant=ENOUGH), persistence=Persistence(hedge=0.02))
    await made.ask()
    assert await made.committed() == pytest.approx(0.01 + 0.02)


async def test_a_rival_that_nothing_is_left_for_is_not_asked(kept: SqliteDatabase) -> None:
    services = ScriptedChat(FIRST, [0.1, *HELLO]), ScriptedChat(SECOND, HELLO)
    allowance, persistence = Allowance(tenant=1.5 * ONE_COSTS), Persistence(hedge=0.02)
    made = bench(kept, *services, allowance=allowance, persistence=persistence)
    assert text_of(await made.ask(ONE)) == "Hello."
    assert made.asked(SECOND) == 0


async def test_with_a_budget_a_model_without_a_price_is_refused(kept: SqliteDatabase) -> None:
    made = bench(kept, ScriptedChat(FIRST, HELLO), price=None, allowance=Allowance(tenant=ENOUGH))
    with pytest.raises(PriceUnknown):
        await made.ask()
    assert made.asked() == 0


async def test_unless_it_is_allowed(kept: SqliteDatabase) -> None:
    allowance = Allowance(tenant=ENOUGH, unpriced=True)
    made = bench(kept, ScriptedChat(FIRST, HELLO), price=None, allowance=allowance)
    events = await made.ask()
    assert events[-2] == Usage(input_tokens=10, output_tokens=5)
    assert [(entry.unpriced, entry.cost) for entry in await made.entries()] == [(1, 0)]


async def test_without_a_budget_it_is_still_counted_what_was_used(kept: SqliteDatabase) -> None:
    made = bench(kept, ScriptedChat(FIRST, HELLO))
    await made.ask()
    await made.ask()
    [entry] = await made.entries()
    assert (entry.calls, entry.cost) == (2, 40_000_000)
    assert (entry.account.tenant, entry.account.person) == (ANN.tenant, ANN.subject)


async def test_what_the_provider_had_cached_costs_less(kept: SqliteDatabase) -> None:
    script = [TextDelta("Hi"), *HELLO[3:]]
    script[1:1] = [Usage(input_tokens=1000, cached_tokens=900, output_tokens=0)]
    made = bench(kept, ScriptedChat(FIRST, script), price=Price(input=10.0, cached=1.0))
    assert (await made.ask())[-2].cost_usd == pytest.approx((100 * 10 + 900 * 1) / 1e6)


def test_an_estimate_counts_everything_that_is_sent() -> None:
    request = ChatRequest(
        system="Be brief.",
        messages=(Message(role="user", text="What is this?", images=(Image(content=b""),)),),
        max_tokens=50,
        schema={"type": "object"},
        effort="low",
    )
    assert most_read(request) > IMAGE + most_read(asking("What is this?"))
    assert most_written(request) >= 50 + ROOM["low"]
