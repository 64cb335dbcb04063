"""Each tenant with its own keys, and what can be said of models without asking them."""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing

import pytest
from support.scripted_chat import (
    ANN,
    FIRST,
    FOREVER,
    HELLO,
    SECOND,
    ScriptedChat,
    Step,
    asking,
    bench,
    refused,
    text_of,
)

from footnote.platform.errors import Unavailable
from footnote.platform.inference import TextDelta
from footnote.platform.inference.calls.errors import KeyMissing
from footnote.platform.inference.gateway import gateway
from footnote.platform.inference.gateway.breaker import Tolerance
from footnote.platform.principal import Principal
from footnote.platform.secrets import Secret
from footnote.platform.storage.sqlite import SqliteDatabase

OTHER = Principal(tenant="other", subject="ann")


class Opened:
    """Opens a service for each key, and keeps them all."""

    def __init__(self, *script: Step) -> None:
        self.script: Sequence[Step] = script
        self.services: list[tuple[Secret | None, ScriptedChat]] = []

    def __call__(self, name: str, key: Secret | None) -> ScriptedChat:
        self.services.append((key, ScriptedChat(name, self.script)))
        return self.services[-1][1]


async def test_a_tenants_own_key_is_used_for_that_tenant_alone(kept: SqliteDatabase) -> None:
    opened = Opened(*HELLO)
    made = bench(kept, ScriptedChat(FIRST), service=opened)
    made.keys["acme", "test"] = Secret("own")
    await made.ask()
    await made.ask(principal=OTHER)
    assert [key for key, _ in opened.services] == [Secret("own"), None]


async def test_a_service_is_opened_once(kept: SqliteDatabase) -> None:
    opened = Opened(*HELLO)
    made = bench(kept, ScriptedChat(FIRST), service=opened)
    await asyncio.gather(*(made.ask() for _ in range(3)))
    assert len(opened.services) == 1


async def test_after_a_change_of_the_key_the_old_service_closes_when_it_is_done(kept: SqliteDatabase) -> None:
    opened = Opened(TextDelta("Hel"), FOREVER)
    made = bench(kept, ScriptedChat(FIRST), service=opened)
    made.keys["acme", "test"] = Secret("old")
    async with aclosing((await made.model()).stream(asking())) as events:
        await anext(events)
        made.keys["acme", "test"] = Secret("new")
        opened.script = HELLO
        await made.ask()
        assert not opened.services[0][1].is_closed
    assert opened.services[0][1].is_closed
    assert not opened.services[1][1].is_closed


async def test_a_key_that_was_taken_back_is_let_go_of(kept: SqliteDatabase) -> None:
    opened = Opened(*HELLO)
    made = bench(kept, ScriptedChat(FIRST), service=opened)
    made.keys["acme", "test"] = Secret("own")
    await made.ask()
    del made.keys["acme", "test"]
    await made.ask()
    assert [(key, service.is_closed) for key, service in opened.services] == [(Secret("own"), True), (None, False)]


async def test_the_tenant_that_has_not_asked_for_longest_makes_room(
    kept: SqliteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "MOST", 2)
    opened = Opened(*HELLO)
    made = bench(kept, ScriptedChat(FIRST), service=opened)
    for tenant in ("one", "two", "one", "three"):
        made.keys[tenant, "test"] = Secret(tenant)
        await made.ask(principal=Principal(tenant=tenant, subject="ann"))
    closed = {key.reveal(): service.is_closed for key, service in opened.services if key}
    assert closed == {"one": False, "two": True, "three": False}


async def test_one_tenants_wrong_key_leaves_the_others_alone(kept: SqliteDatabase) -> None:
    opened = Opened(refused())
    made = bench(kept, ScriptedChat(FIRST), service=opened, tolerance=Tolerance(failures=1))
    made.keys["acme", "test"] = Secret("wrong")
    with pytest.raises(Unavailable):
        await made.ask()
    assert (await made.gateway.states(ANN))[0].state == "open"
    assert (await made.gateway.states(OTHER))[0].state == "ready"


async def test_a_model_without_a_key_is_passed_over(kept: SqliteDatabase) -> None:
    second = ScriptedChat(SECOND, HELLO)

    def service(name: str, _key: Secret | None) -> ScriptedChat:
        if name == FIRST:
            raise KeyMissing(FIRST, "TEST_KEY")
        return second

    made = bench(kept, ScriptedChat(FIRST), second, service=service)
    assert text_of(await made.ask()) == "Hello."


async def test_states_tell_the_default_the_fallbacks_and_the_price(kept: SqliteDatabase) -> None:
    first, second = await bench(kept, ScriptedChat(FIRST), ScriptedChat(SECOND)).gateway.states(ANN)
    assert (first.name, first.default, first.fallbacks) == (FIRST, True, (SECOND,))
    assert (second.default, second.fallbacks) == (False, ())
    assert (first.provider, first.local, first.context_tokens) == ("test", False, 8192)
    assert (first.input_usd, first.output_usd, first.cached_usd, first.warning) == (1000.0, 2000.0, None, None)


async def test_states_tell_whose_price_nobody_knows(kept: SqliteDatabase) -> None:
    (state,) = await bench(kept, ScriptedChat(FIRST), price=None).gateway.states(ANN)
    assert "FOOTNOTE_MODEL_PRICES" in (state.warning or "")


async def test_closing_closes_every_service(kept: SqliteDatabase) -> None:
    opened = Opened(*HELLO)
    made = bench(kept, ScriptedChat(FIRST), service=opened)
    await made.ask()
    await made.gateway.close()
    assert all(service.is_closed for _, service in opened.services)
