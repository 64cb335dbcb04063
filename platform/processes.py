"""Work that may hang, crash or eat memory, run in child processes that can be killed one at a time."""

import asyncio
import contextlib
import os
import pickle
import signal
import sys
from collections.abc import Callable
from typing import ClassVar, TypeVar, TypeVarTuple

from footnote.platform.errors import FootnoteError
from footnote.platform.process_child import LENGTH, Reply

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class ProcessTimeout(FootnoteError):
    """The work took longer than it was allowed to; its process is gone."""

    type: ClassVar[str] = "/problems/process-timeout"
    title: ClassVar[str] = "Took too long"


class ProcessCrashed(FootnoteError):
    """The process died under the work: a fault in native code, or killed for its memory."""

    type: ClassVar[str] = "/problems/process-crashed"
    title: ClassVar[str] = "Crashed"


class ProcessPool:
    """At most `max_workers` warm children; each runs one function at a time.

    `memory_limit` is in bytes of address space of one child. A child that worked `max_uses` times is replaced, so that
    what native libraries leak stays bounded.
    """

    def __init__(self, *, max_workers: int = 2, memory_limit: int | None = None, max_uses: int = 200) -> None:
        self._memory_limit = memory_limit
        self._max_uses = max_uses
        self._free = asyncio.Semaphore(max_workers)
        self._idle: list[_Worker] = []
        self._busy: set[_Worker] = set()
        self._is_closed = False

    async def run(self, function: Callable[[*Ts], T], *args: *Ts, timeout: float) -> T:  # noqa: ASYNC109 a kill, not a cancel
        """What `function(*args)` returns or raises in a child; `timeout` in seconds counts from when it is handed over.

        Function, arguments and outcome must be picklable, and the function importable by name.

        Raises:
            ProcessTimeout: It was still running after `timeout`, and has been killed.
            ProcessCrashed: The child died.
        """
        request = pickle.dumps((function, args))
        async with self._free:
            worker = await self._worker()
            self._busy.add(worker)
            try:
                reply = await worker.ask(request, timeout)
            finally:
                self._busy.discard(worker)
                await self._release(worker)
        # A document's outcome can be large, and the loop has others to serve.
        outcome = await asyncio.to_thread(pickle.loads, reply.outcome)
        if reply.is_error:
            raise outcome
        return outcome  # type: ignore[no-any-return]

    async def close(self) -> None:
        """Kill every child, at work or not; whoever waits for one sees it crash."""
        self._is_closed = True
        await asyncio.gather(*(worker.kill() for worker in (*self._idle, *self._busy)))
        self._idle.clear()

    async def _worker(self) -> "_Worker":
        if self._is_closed:
            raise RuntimeError("the process pool is closed")
        while self._idle:
            worker = self._idle.pop()
            if worker.is_alive:
                return worker
            await worker.kill()
        return await _Worker.start(self._memory_limit)

    async def _release(self, worker: "_Worker") -> None:
        if worker.is_clean and worker.uses < self._max_uses and not self._is_closed:
            self._idle.append(worker)
        else:
            await asyncio.shield(worker.kill())


class _Worker:
    """One child and the two pipes to it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin  # noqa: S101 asked for in start()
        assert process.stdout  # noqa: S101
        self._process = process
        self._requests = process.stdin
        self._replies = process.stdout
        self.uses = 0
        self.is_clean = True  # not in the middle of some work, not short of memory

    @classmethod
    async def start(cls, memory_limit: int | None) -> "_Worker":
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",  # the working directory may hold a folder called platform
            "-m",
            "footnote.platform.process_child",
            str(memory_limit or 0),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        return cls(process)

    @property
    def is_alive(self) -> bool:
        return self._process.returncode is None and not self._replies.at_eof()

    async def ask(self, request: bytes, timeout: float) -> Reply:  # noqa: ASYNC109
        self.is_clean = False
        self.uses += 1
        try:
            async with asyncio.timeout(timeout):
                reply = await self._exchange(request)
        except TimeoutError:
            raise ProcessTimeout(f"It was stopped after {timeout:g} seconds.", seconds=timeout) from None
        except (asyncio.IncompleteReadError, ConnectionError):
            raise ProcessCrashed("The process that worked on it died.") from None
        self.is_clean = not reply.is_out_of_memory
        return reply

    async def _exchange(self, request: bytes) -> Reply:
        self._requests.write(len(request).to_bytes(LENGTH) + request)
        await self._requests.drain()
        length = int.from_bytes(await self._replies.readexactly(LENGTH))
        return Reply.unpack(await self._replies.readexactly(length))

    async def kill(self) -> None:
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                # Not `Process.kill`, which polls first and may take the exit status from asyncio's own watcher.
                os.kill(self._process.pid, signal.SIGKILL)
        self._requests.close()
        with contextlib.suppress(ConnectionError):
            await self._requests.wait_closed()
        await self._drain()
        await self._process.wait()

    async def _drain(self) -> None:
        """Read to the end, so that the pipe's transport closes too; a reader at work does it for us."""
        with contextlib.suppress(RuntimeError):
            while await self._replies.read(1 << 20):
                pass
