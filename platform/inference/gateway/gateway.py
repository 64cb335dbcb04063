"""The chat models of an installation, for every tenant."""

import asyncio
import random
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Protocol

import msgspec

from footnote.platform.errors import Unavailable
from footnote.platform.events import DocumentDeleted
from footnote.platform.inference import ChatModel, ModelState, TextModel
from footnote.platform.inference.calls.attempts import Sleep
from footnote.platform.inference.calls.chat import ChatService
from footnote.platform.inference.calls.prices import Price
from footnote.platform.inference.errors import UnknownModel
from footnote.platform.inference.gateway.breaker import Breaker, State, Tolerance
from footnote.platform.inference.gateway.budgets import Budgets
from footnote.platform.inference.gateway.cache import AnswerCache
from footnote.platform.inference.gateway.line import Line, LocalService, Waits
from footnote.platform.inference.gateway.model import GatewayModel, ShortTexts
from footnote.platform.inference.gateway.opening import Opening, Persistence
from footnote.platform.principal import Principal
from footnote.platform.secrets import Secret
from footnote.platform.storage import Transaction
from footnote.platform.telemetry.metrics import breaker_changed

MOST = 256  # services that are open for tenants with keys of their own
UNPRICED = "Nobody knows its price: what it costs is counted as nothing, unless FOOTNOTE_MODEL_PRICES states it."
HURRY = Waits(first=20.0, next=20.0, opening=30.0, whole=30.0)  # for short texts


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """A model that may be asked for."""

    name: str  # `provider:model`
    context_tokens: int
    price: Price | None = None  # nothing where nobody knows it
    missing: str | None = None  # the setting without which only tenants with a key of their own can use it

    @property
    def provider(self) -> str:
        return self.name.partition(":")[0]


class Menu(msgspec.Struct, frozen=True, kw_only=True):
    offers: tuple[Offer, ...]  # the default first
    fallbacks: tuple[str, ...] = ()  # names of offers, for all of them
    writer: str | None = None  # the offer that writes short texts
    hidden: frozenset[str] = frozenset()  # offers that nobody may choose by name

    def offer(self, name: str) -> Offer:
        return next(offer for offer in self.offers if offer.name == name)

    @property
    def names(self) -> list[str]:
        return [offer.name for offer in self.offers if offer.name not in self.hidden]


class KeySource(Protocol):
    async def key(self, tenant: str, provider: str) -> Secret | None:
        """The tenant's own key, if it has given one."""
        ...


class Gateway:
    """Implements `ChatModels`."""

    def __init__(
        self,
        menu: Menu,
        service: Callable[[str, Secret | None], ChatService],
        budgets: Budgets,
        *,
        local: Mapping[str, ChatModel] | None = None,
        keys: KeySource | None = None,
        persistence: Persistence | None = None,
        tolerance: Tolerance | None = None,
        concurrency: int = 256,
        cache: AnswerCache | None = None,
        sleep: Sleep = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """`service` opens a model's, in a thread; its key is that of a tenant, or None for that of the settings.

        `local` are models of this process, which cost nothing; `concurrency` is of answers of one model at once.
        """
        self.menu = menu
        self.cache = cache or AnswerCache(seconds=0)
        self._service = service
        self.budgets = budgets
        self._local = local or {}
        self._keys = keys
        self._persistence = persistence or Persistence()
        self._tolerance = tolerance or Tolerance()
        self._concurrency = concurrency
        self._sleep = sleep
        self._chance = chance
        self._lines: dict[tuple[str, str], tuple[Secret | None, Line]] = {}
        self._turn = asyncio.Lock()

    async def chosen(self, principal: Principal, name: str | None) -> ChatModel:
        names = self.menu.names
        wanted = names[0] if name is None else name
        if wanted not in names:
            raise UnknownModel(wanted, names)
        return self._local.get(wanted) or self._model(principal, wanted, self._persistence)

    async def writer(self, principal: Principal) -> TextModel | None:
        if self.menu.writer is None:
            return None
        hurried = msgspec.structs.replace(self._persistence, waits=HURRY, hedge=0.0)
        return ShortTexts(self._model(principal, self.menu.writer, hurried))

    async def states(self, principal: Principal) -> list[ModelState]:
        return [await self._state(principal, offer) for offer in self.menu.offers if offer.name in self.menu.names]

    async def forget(self, _tx: Transaction, event: DocumentDeleted) -> dict[str, int]:
        """Subscribes to `DocumentDeleted`: earlier answers may hold its words."""
        return {"cached_answers_forgotten": self.cache.forget(event.tenant)} if self.cache.is_on else {}

    async def warm(self) -> None:
        """Open what answers when no model is named: its client takes a second to import."""
        name = self.menu.names[0]
        if name not in self._local:
            with suppress(Unavailable):
                await self._line_of("", name)

    async def close(self) -> None:
        lines, self._lines = list(self._lines.values()), {}
        for _, line in lines:
            await line.retire()
        await self.budgets.close()

    def _model(self, principal: Principal, name: str, persistence: Persistence) -> GatewayModel:
        others = [each for each in self.menu.fallbacks if each != name]
        opening = Opening(
            [name, *others],
            lambda each: self._line_of(principal.tenant, each),
            principal,
            self.budgets,
            persistence,
            quoters=self._local.keys(),
            sleep=self._sleep,
            chance=self._chance,
        )
        return GatewayModel(name, self.menu.offer(name).context_tokens, principal.tenant, opening, self.cache)

    async def _line_of(self, tenant: str, name: str) -> Line:
        """
        Raises:
            Unavailable: There is no key for it.
        """
        key = await self._key(tenant, name)
        place = (name, tenant if key else "")
        if tenant and key is None and (name, tenant) in self._lines:
            await self._lines.pop((name, tenant))[1].retire()  # the tenant has taken its key back
        if line := self._known(place, key):
            return line
        async with self._turn:
            if line := self._known(place, key):
                return line
            opened = await self._opened(name, key)
            await self._keep(place, key, opened)
            return opened

    def _known(self, place: tuple[str, str], key: Secret | None) -> Line | None:
        known, line = self._lines.get(place, (None, None))
        if line is None or known != key:
            return None
        self._lines[place] = self._lines.pop(place)  # the last ones are those that were asked last
        return line

    async def _keep(self, place: tuple[str, str], key: Secret | None, line: Line) -> None:
        """In the place of one with a former key; tenants that have not asked for longest make room."""
        former = [self._lines.pop(place)[1]] if place in self._lines else []
        of_tenants = [each for each in self._lines if each[1]]
        former += [self._lines.pop(each)[1] for each in of_tenants[: max(0, len(of_tenants) - MOST + 1)]]
        self._lines[place] = (key, line)
        for each in former:
            await each.retire()

    async def _opened(self, name: str, key: Secret | None) -> Line:
        if name in self._local:
            service: ChatService = LocalService(self._local[name])
        else:
            service = await asyncio.to_thread(self._service, name, key)

        def told(state: State) -> None:
            breaker_changed(name, state)

        breaker = Breaker(self._tolerance, told=told)
        return Line(service, price=self.menu.offer(name).price, breaker=breaker, concurrency=self._concurrency)

    async def _key(self, tenant: str, name: str) -> Secret | None:
        if self._keys is None or not tenant or name in self._local:
            return None
        return await self._keys.key(tenant, name.partition(":")[0])

    async def _state(self, principal: Principal, offer: Offer) -> ModelState:
        problem = None
        try:
            key = await self._key(principal.tenant, offer.name)
        except Unavailable as error:
            key, problem = None, error.detail
        _, line = self._lines.get((offer.name, principal.tenant if key else ""), (None, None))
        has_key = problem is None and (key is not None or offer.missing is None)
        return ModelState(
            name=offer.name,
            provider=offer.provider,
            state="no_key" if not has_key else line.breaker.state if line else "ready",
            local=offer.name in self._local,
            default=offer.name == self.menu.names[0],
            fallbacks=tuple(each for each in self.menu.fallbacks if each != offer.name),
            context_tokens=offer.context_tokens,
            input_usd=offer.price.input if offer.price else None,
            output_usd=offer.price.output if offer.price else None,
            cached_usd=offer.price.cached if offer.price else None,
            cache_write_usd=offer.price.written if offer.price else None,
            warning=UNPRICED if offer.price is None and offer.name not in self._local else None,
            problem=problem or (line.breaker.problem if line else None),
        )
