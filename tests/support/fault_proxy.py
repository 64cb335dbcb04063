"""A link to a MongoDB server that can be disturbed: delays, cuts, silence, garbage, answers that the server never gave.

    async with FaultProxy.to("mongodb://127.0.0.1:27017") as proxy:
        proxy.add(Cut(after=10), commands=["insert"], times=1)

It understands the frames of the wire protocol, so that a fault can be aimed at one command or the reply to it.
"""

import asyncio
import os
import threading
from collections import Counter
from collections.abc import AsyncIterator, Collection, Coroutine, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

import bson
from support.documentdb.wire import HEADER, OP_MSG, SHALLOW, Message, read_message

Direction = Literal["requests", "replies"]


@dataclass(frozen=True)
class Delay:
    seconds: float


@dataclass(frozen=True)
class Cut:
    """Both sides lose the connection, after so many bytes of the message were passed on."""

    after: int = 0


@dataclass(frozen=True)
class Swallow:
    """The message never arrives, and the connection stays open."""


@dataclass(frozen=True)
class Garbage:
    """Random bytes go on in place of the message, or of what follows its first bytes."""

    size: int = 64
    keep: int = 0


@dataclass(frozen=True)
class Answer:
    """The proxy answers the request itself; the server never sees it."""

    document: Mapping[str, Any]


Action = Delay | Cut | Swallow | Garbage | Answer


@dataclass(eq=False)
class Fault:
    action: Action
    on: Direction
    commands: frozenset[str]  # of which commands the requests or the replies; none means all
    left: float  # how many more messages it strikes
    struck: asyncio.Event = field(default_factory=asyncio.Event)  # set with the first

    def strikes(self, on: Direction, command: str) -> bool:
        return self.left > 0 and self.on == on and (not self.commands or command in self.commands)


class FaultProxy:
    """One server's stand-in; what is added takes effect at once, also on connections that are open."""

    def __init__(self, host: str, port: int) -> None:
        self._upstream = (host, port)
        self._server: asyncio.Server | None = None
        self._links: set[_Link] = set()
        self._faults: list[Fault] = []
        self.port = 0
        self.accepted = 0  # connections so far
        self.requests: Counter[str] = Counter()  # commands that came, by name
        self.struck: Counter[str] = Counter()  # by the name of the action

    @classmethod
    @asynccontextmanager
    async def to(cls, uri: str) -> "AsyncIterator[FaultProxy]":
        parts = urlsplit(uri)
        proxy = cls(parts.hostname or "127.0.0.1", parts.port or 27017)
        await proxy.listen()
        try:
            yield proxy
        finally:
            await proxy.refuse()

    def uri(self, database: str = "") -> str:
        return f"mongodb://127.0.0.1:{self.port}/{database}?directConnection=true"

    @property
    def is_listening(self) -> bool:
        return self._server is not None

    @property
    def open_links(self) -> int:
        return len(self._links)

    async def listen(self) -> None:
        """Accept connections, on the same port as ever."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def refuse(self) -> None:
        """As if the server had ended: what is open is cut, and what comes is refused."""
        if self._server is not None:
            self._server.close()
        await self.cut_all()
        if self._server is not None:
            await self._server.wait_closed()
            self._server = None

    async def cut_all(self) -> None:
        links = list(self._links)
        for link in links:
            link.cut()
        await asyncio.gather(*(link.ended.wait() for link in links))

    def add(
        self,
        action: Action,
        *,
        on: Direction = "replies",
        commands: Collection[str] = (),
        times: float = float("inf"),
    ) -> Fault:
        """Strike the next `times` messages. Of several faults the first that was added counts."""
        fault = Fault(action, "requests" if isinstance(action, Answer) else on, frozenset(commands), times)
        self._faults.append(fault)
        return fault

    def mend(self) -> None:
        """Pass everything on from now on; what was swallowed stays lost."""
        self._faults.clear()

    def strike(self, on: Direction, command: str) -> Action | None:
        fault = next((each for each in self._faults if each.strikes(on, command)), None)
        if fault is None:
            return None
        fault.left -= 1
        fault.struck.set()
        self.struck[type(fault.action).__name__] += 1
        return fault.action

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        link = _Link(self, writer)
        self._links.add(link)
        try:
            await link.run(reader, *self._upstream)
        finally:
            self._links.discard(link)
            link.ended.set()


class _Link:
    """One connection of a client, and the one to the server that belongs to it."""

    def __init__(self, proxy: FaultProxy, client: asyncio.StreamWriter) -> None:
        self._proxy = proxy
        self._client = client
        self._task = asyncio.current_task()
        self._asked: dict[int, str] = {}  # by request id, the commands that wait for a reply
        self.ended = asyncio.Event()

    def cut(self) -> None:
        if self._task is not None:
            self._task.cancel()

    async def run(self, reader: asyncio.StreamReader, host: str, port: int) -> None:
        with suppress(asyncio.CancelledError, OSError):
            try:
                there, server = await asyncio.open_connection(host, port)
                try:
                    await _first_to_end(
                        self._pump(reader, server, "requests"), self._pump(there, self._client, "replies")
                    )
                finally:
                    server.transport.abort()
            finally:
                self._client.transport.abort()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, on: Direction) -> None:
        """Pass messages on until one side or a fault ends it."""
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                header = await reader.readexactly(HEADER.size)
                size, request, answers, _ = HEADER.unpack(header)
                message = header + await reader.readexactly(size - HEADER.size)
                command = await self._command(on, message, request, answers)
                if not await self._pass_on(message, writer, self._proxy.strike(on, command), request):
                    return

    async def _command(self, on: Direction, message: bytes, request: int, answers: int) -> str:
        if on == "replies":
            return self._asked.pop(answers, "")
        name = await _name_of(message)
        self._asked[request] = name
        self._proxy.requests[name] += 1
        return name

    async def _pass_on(self, message: bytes, writer: asyncio.StreamWriter, action: Action | None, request: int) -> bool:
        """False when the connection is to end."""
        match action:
            case Delay(seconds):
                await asyncio.sleep(seconds)
            case Cut(after):
                writer.write(message[:after])
                await writer.drain()
                return False
            case Swallow():
                return True
            case Garbage(size, keep):
                message = message[:keep] + os.urandom(len(message) - keep if keep else size)
            case Answer(document):
                writer, message = self._client, Message(request, OP_MSG, b"", {}).reply(bson.encode(document))
        writer.write(message)
        await writer.drain()
        return True


async def _name_of(message: bytes) -> str:
    reader = asyncio.StreamReader()
    reader.feed_data(message)
    return next(iter(bson.decode((await read_message(reader)).body, SHALLOW)))


async def _first_to_end(*pumps: Any) -> None:
    tasks = [asyncio.ensure_future(pump) for pump in pumps]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class ThreadedProxy:
    """The proxy with an event loop of its own, for whoever waits for the product in their thread."""

    def __init__(self, uri: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        parts = urlsplit(uri)
        self.proxy = FaultProxy(parts.hostname or "127.0.0.1", parts.port or 27017)

    def __enter__(self) -> "ThreadedProxy":
        self._thread.start()
        self.listen()
        return self

    def __exit__(self, *_: object) -> None:
        self.refuse()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def is_listening(self) -> bool:
        return self.proxy.is_listening

    def listen(self) -> None:
        self._wait_for(self.proxy.listen())

    def refuse(self) -> None:
        self._wait_for(self.proxy.refuse())

    def cut_all(self) -> None:
        self._wait_for(self.proxy.cut_all())

    def add(self, action: Action, **aim: Any) -> None:
        self._loop.call_soon_threadsafe(lambda: self.proxy.add(action, **aim))

    def mend(self) -> None:
        self._loop.call_soon_threadsafe(self.proxy.mend)

    def _wait_for(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result()
