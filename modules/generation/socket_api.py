"""Answers over a WebSocket: one question after the other on one connection."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import msgspec
from litestar import Router, WebSocket, websocket
from litestar.di import NamedDependency
from litestar.exceptions import WebSocketDisconnect

from footnote.modules.generation.api import as_event
from footnote.modules.generation.bodies import NewAnswer
from footnote.modules.generation.cursor import Told, parse_cursor
from footnote.modules.generation.errors import AnswerCancelled, AnswerNotFound, OneAtATime
from footnote.modules.generation.models import Done
from footnote.modules.generation.streams import AnswerStreams
from footnote.platform.errors import BadRequest
from footnote.platform.http.problem import problem_of, report
from footnote.platform.http.socket_stream import GOING_AWAY, STOPPED, send_event, stopping
from footnote.platform.ids import new_id
from footnote.platform.principal import Principal

Socket = WebSocket[Any, Any, Any]


class Ask(NewAnswer, frozen=True, kw_only=True, tag_field="type", tag="ask"):
    """As the body of POST /answers; `stream` says nothing here."""


class Resume(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="resume", forbid_unknown_fields=True):
    answer_id: str
    after: str | None = None  # the id of the last event that was heard


class Cancel(msgspec.Struct, frozen=True, tag_field="type", tag="cancel", forbid_unknown_fields=True):
    """The answer under way; nothing of it is kept."""


Command = Ask | Resume | Cancel


@websocket("/ws/answers")
async def answer_by_socket(
    socket: Socket, principal: NamedDependency[Principal], streams: NamedDependency[AnswerStreams]
) -> None:
    """Takes `ask`, `resume` and `cancel`; sends the events of POST /answers, each as `{"id", "event", "data"}`."""
    await socket.accept()
    await Dialogue(socket, principal, streams).run()


class Dialogue:
    def __init__(self, socket: Socket, principal: Principal, streams: AnswerStreams) -> None:
        self._socket = socket
        self._principal = principal
        self._streams = streams
        self._lock = asyncio.Lock()
        self._telling: asyncio.Task[None] | None = None
        self._answer_id = ""  # of what is told, or was told last
        self._is_told = False  # to its last event

    async def run(self) -> None:
        """Until the other side leaves or the server stops."""
        hearing = asyncio.create_task(self._hear())
        stop = asyncio.create_task(stopping(self._socket))
        try:
            await asyncio.wait({hearing, stop}, return_when=asyncio.FIRST_COMPLETED)
            has_left = hearing.done()
        finally:
            tasks = [task for task in (hearing, stop, self._telling) if task is not None]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        if not has_left:
            await self._send_error(STOPPED)
            await self._socket.close(GOING_AWAY)

    async def _hear(self) -> None:
        try:
            while True:
                await self._obey(await self._socket.receive_text())
        except WebSocketDisconnect:
            return

    async def _obey(self, text: str) -> None:
        try:
            command = msgspec.json.decode(text, type=Command)
            if self._telling is not None and self._is_told:
                await asyncio.wait([self._telling])  # of which nothing more will be sent
            if isinstance(command, Cancel):
                await self._cancel()
            else:
                self._begin(command)
        except (msgspec.MsgspecError, RecursionError) as error:
            await self._send_error(BadRequest(str(error)))
        except (BadRequest, OneAtATime) as error:
            await self._send_error(error)

    def _begin(self, command: Ask | Resume) -> None:
        if self._is_telling:
            raise OneAtATime
        if isinstance(command, Ask):
            self._answer_id = new_id()
            told = self._streams.ask(
                self._principal, command.asked, stays=command.resume_within, answer_id=self._answer_id
            )
        else:
            self._answer_id = command.answer_id
            told = self._streams.resume(self._principal, command.answer_id, parse_cursor(command.after))
        self._is_told = False
        self._telling = asyncio.create_task(self._tell(told))

    async def _tell(self, told: AsyncGenerator[Told]) -> None:
        try:
            async with aclosing(told):
                async for each in told:
                    self._is_told = isinstance(each.event, Done)
                    await self._send(*as_event(each))
        except WebSocketDisconnect:
            return
        except Exception as error:
            report(error)
            self._is_told = True
            await self._send_error(error)

    async def _cancel(self) -> None:
        if self._telling is None or not self._is_telling:
            return
        try:
            await self._streams.cancel(self._principal, self._answer_id)
        except AnswerNotFound:  # it is stored already, or has not begun
            self._telling.cancel()
            await asyncio.wait([self._telling])
            await self._send_error(AnswerCancelled(self._answer_id))
        else:
            await asyncio.wait([self._telling])

    @property
    def _is_telling(self) -> bool:
        return self._telling is not None and not self._telling.done()

    async def _send_error(self, error: Exception) -> None:
        await self._send(None, "error", problem_of(error))

    async def _send(self, event_id: str | None, name: str, content: Any) -> None:
        async with self._lock:
            await send_event(self._socket, event_id, name, content)


router = Router("/api/v1", route_handlers=[answer_by_socket])
