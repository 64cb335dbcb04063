"""Chat services that do what a test says, and a gateway over them."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from footnote.platform.inference import ChatEvent, ChatModel, ChatRequest, Message, Stop, TextDelta, Usage
from footnote.platform.inference.calls.answers import Endpoint, failed
from footnote.platform.inference.calls.errors import Fault, ModelBusy, ModelRefused
from footnote.platform.inference.calls.prices import Price
from footnote.platform.inference.gateway.budgets import Allowance, Budgets
from footnote.platform.inference.gateway.gateway import Gateway, Menu, Offer
from footnote.platform.inference.gateway.spending import Entry
from footnote.platform.inference.gateway.spending.sqlite import SqliteSpending
from footnote.platform.principal import Principal
from footnote.platform.secrets import Secret
from footnote.platform.storage.sqlite import SqliteDatabase

ANN = Principal(tenant="acme", subject="ann")
FIRST, SECOND = "test:first", "test:second"
PRICE = Price(input=1000.0, output=2000.0)  # a tenth of a cent, and two, for each token
HELLO = (TextDelta("Hel"), TextDelta("lo."), Usage(input_tokens=10, output_tokens=5), Stop())
FOREVER = 3600.0
Step = ChatEvent | Fault | float  # a number is a pause, in seconds


def asking(text: str = "Hello?", **options: Any) -> ChatRequest:
    return ChatRequest(messages=(Message(role="user", text=text),), **options)


def fault(name: str = FIRST, *, again: bool = True, retry_after: float | None = None) -> Fault:
    endpoint = Endpoint(name=name, key_setting="", url_setting="")
    return Fault(failed(endpoint, "failed (status 500)"), again=again, retry_after=retry_after)


def busy(retry_after: float | None = None) -> Fault:
    return Fault(ModelBusy(FIRST, retry_after), again=True, retry_after=retry_after)


def refused() -> Fault:
    return Fault(ModelRefused("The service of test:first refuses the key."))


class ScriptedChat:
    """Implements `ChatService`: each request goes through the next of `scripts`, the last one again and again."""

    def __init__(self, name: str, *scripts: Sequence[Step]) -> None:
        self.endpoint = Endpoint(name=name, key_setting="TEST_KEY", url_setting="TEST_URL")
        self.context_tokens = 8192
        self.requests: list[ChatRequest] = []
        self.open = 0  # streams
        self.is_closed = False
        self._scripts = list(scripts)

    async def stream(self, request: ChatRequest) -> AsyncGenerator[ChatEvent]:
        self.requests.append(request)
        self.open += 1
        try:
            for step in self._scripts.pop(0) if len(self._scripts) > 1 else self._scripts[0]:
                if isinstance(step, Fault):
                    raise step
                if isinstance(step, float):
                    await asyncio.sleep(step)
                else:
                    yield step
        finally:
            self.open -= 1

    async def close(self) -> None:
        self.is_closed = True


@dataclass
class Bench:
    """A gateway over scripted services and a real store."""

    gateway: Gateway
    services: dict[str, ScriptedChat]
    budgets: Budgets
    spending: SqliteSpending
    pauses: list[float]
    keys: dict[tuple[str, str], Secret] = field(default_factory=dict)

    async def model(self, name: str | None = None, principal: Principal = ANN) -> ChatModel:
        return await self.gateway.chosen(principal, name)

    async def ask(self, request: ChatRequest | None = None, principal: Principal = ANN) -> list[ChatEvent]:
        model = await self.model(principal=principal)
        async with aclosing(model.stream(request or asking())) as events:
            return [event async for event in events]

    async def entries(self) -> list[Entry]:
        return list(await self.spending.entries(ANN.tenant, date.min, date.max))

    async def committed(self) -> float:
        """US dollars."""
        return (await self.spending.left(self.budgets.account(ANN))).tenant / 1e9

    def asked(self, name: str = FIRST) -> int:
        return len(self.services[name].requests)

    @property
    def open(self) -> int:
        return sum(service.open for service in self.services.values())


def bench(
    database: SqliteDatabase,
    *services: ScriptedChat,
    price: Price | None = PRICE,
    allowance: Allowance | None = None,
    local: ChatModel | None = None,
    **options: Any,
) -> Bench:
    """The first of `services` is the default one, the others take its place, and `local` that of all of them."""
    named = {service.endpoint.name: service for service in services}
    pauses: list[float] = []
    keys: dict[tuple[str, str], Secret] = {}

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    class Keys:
        async def key(self, tenant: str, provider: str) -> Secret | None:
            return keys.get((tenant, provider))

    spending = SqliteSpending(database)
    budgets = Budgets(database, spending, allowance or Allowance())
    quoters = {local.name: local} if local else {}
    menu = Menu(
        offers=tuple(Offer(name=name, context_tokens=8192, price=price) for name in (*named, *quoters)),
        fallbacks=(*tuple(named)[1:], *quoters),
        writer=next(iter(named)),
    )
    options = {"service": lambda name, _key: named[name], "keys": Keys(), **options}
    gateway = Gateway(menu, options.pop("service"), budgets, local=quoters, sleep=sleep, chance=lambda: 0.0, **options)
    return Bench(gateway, named, budgets, spending, pauses, keys)


def text_of(events: Sequence[ChatEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))
