"""Work that may hang, crash or eat memory, run in child processes that can be killed one at a time."""

import asyncio
import contextlib
import importlib
import os
import pickle
import signal
import sys
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, NamedTuple, TypeVar, TypeVarTuple, get_type_hints

import msgspec

from footnote.platform.errors import FootnoteError
from footnote.platform.process_child import LENGTH, OUT_OF_MEMORY, REPORTED, RETURNED, Failure, ProcessLimits

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


OnReport = Callable[[int, int], None]  # done, of all
NO_LIMITS = ProcessLimits()
MOST_REPORTED = 1 << 53  # what every store and program can hold
LARGEST_REPLY = 1 << 28  # bytes; documents travel in files
UNREADABLE = "The process answered with something that cannot be read."


class Reply(NamedTuple):
    code: int
    content: bytes  # MessagePack


class ProcessPool:
    """At most `max_workers` warm children; each runs one function at a time.

    A child that worked `max_uses` times is replaced, so that what native libraries leak stays bounded.
    """

    def __init__(self, *, max_workers: int = 2, limits: ProcessLimits = NO_LIMITS, max_uses: int = 200) -> None:
        self._limits = limits
        self._max_uses = max_uses
        self._free = asyncio.Semaphore(max_workers)
        self._idle: list[_Worker] = []
        self._busy: set[_Worker] = set()
        self._is_closed = False

    async def run(
        self,
        function: Callable[[*Ts], T],
        *args: *Ts,
        timeout: float,  # noqa: ASYNC109 a kill, not a cancel
        on_report: OnReport | None = None,
    ) -> T:
        """What `function(*args)` returns or raises in a child.

        `timeout` is in seconds since it was handed over or since it last called `process_child.report`, whose numbers
        are passed to `on_report`. Function and arguments must be picklable, the function importable by name. A child
        at work on a hostile file may answer what it likes, so the outcome is read as the type that the function says it
        returns, or as plain values; of errors, the class is looked up and its constructor not run.

        Raises:
            ProcessTimeout: It ran for `timeout` without a sign, and has been killed.
            ProcessCrashed: The child died, or did not answer as it should.
        """
        request = pickle.dumps((function, args))
        async with self._free:
            worker = await self._worker()
            self._busy.add(worker)
            try:
                reply = await worker.ask(request, timeout, on_report)
            finally:
                self._busy.discard(worker)
                await self._release(worker)
        # A document's outcome can be large, and the loop has others to serve.
        return await asyncio.to_thread(outcome_of, function, reply)

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
        return await _Worker.start(self._limits)

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
    async def start(cls, limits: ProcessLimits) -> "_Worker":
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",  # the working directory may hold a folder called platform
            "-m",
            "footnote.platform.process_child",
            *map(str, limits),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,  # so that the programs it starts can be killed with it
            env=_without_secrets(os.environ),
        )
        return cls(process)

    @property
    def is_alive(self) -> bool:
        return self._process.returncode is None and not self._replies.at_eof()

    async def ask(self, request: bytes, timeout: float, on_report: OnReport | None) -> Reply:  # noqa: ASYNC109
        self.is_clean = False
        self.uses += 1
        self._requests.write(len(request).to_bytes(LENGTH) + request)
        try:
            while (reply := await self._reply(timeout)).code == REPORTED:
                done, total = numbers(reply.content)
                if on_report is not None:
                    on_report(done, total)
                await asyncio.sleep(0)  # whoever floods us with reports must not keep the loop from others
        except TimeoutError:
            raise ProcessTimeout(f"It was stopped after {timeout:g} seconds.", seconds=timeout) from None
        except (asyncio.IncompleteReadError, ConnectionError, ValueError, TypeError):
            raise ProcessCrashed("The process that worked on it died.") from None
        self.is_clean = reply.code != OUT_OF_MEMORY
        return reply

    async def _reply(self, timeout: float) -> Reply:  # noqa: ASYNC109
        async with asyncio.timeout(timeout):
            await self._requests.drain()
            length = int.from_bytes(await self._replies.readexactly(LENGTH))
            if not 0 < length <= LARGEST_REPLY:
                raise ValueError(length)
            message = await self._replies.readexactly(length)
        return Reply(message[0], message[1:])

    async def kill(self) -> None:
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                # Not `Process.kill`, which polls first and may take the exit status from asyncio's own watcher.
                os.killpg(self._process.pid, signal.SIGKILL)
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


def numbers(report: bytes) -> tuple[int, int]:
    """
    Raises:
        ValueError: It is not what `process_child.report` sends.
    """
    done, total = map(int, report.split())
    if max(abs(done), abs(total)) > MOST_REPORTED:
        raise ValueError(report[:100])
    return done, total


def outcome_of(function: Callable[..., T], reply: Reply) -> T:
    """
    Raises:
        Exception: The function raised it.
        ProcessCrashed: The child did not answer with what the function returns, nor with an error.
    """
    if reply.code != RETURNED:
        raise _error(_decoded(reply.content, Failure))
    return _decoded(reply.content, get_type_hints(function).get("return", Any))  # type: ignore[no-any-return]


def _decoded(content: bytes, kind: Any) -> Any:
    try:
        return msgspec.msgpack.decode(content, type=kind)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise ProcessCrashed(UNREADABLE) from error


def _error(failure: Failure) -> Exception:
    kind = _kind(failure.module, failure.name)
    try:
        error = kind.__new__(kind, *failure.args)
    except Exception as fault:
        raise ProcessCrashed(UNREADABLE) from fault
    vars(error).update(failure.attributes)
    for note in failure.notes:
        error.add_note(note)
    return error


def _kind(module: str, name: str) -> type[Exception]:
    """
    Raises:
        ProcessCrashed: There is no such class of errors, or none that was to be expected.
    """
    if module.startswith("footnote.") and not module.endswith("__main__"):  # which would run
        with contextlib.suppress(ImportError):
            importlib.import_module(module)
    found = vars(sys.modules[module]).get(name) if module in sys.modules else None
    if isinstance(found, type) and issubclass(found, Exception):
        return found
    raise ProcessCrashed("The process failed in a way that is not known here.", found=f"{module}.{name}"[:200])


def _without_secrets(environ: Mapping[str, str]) -> dict[str, str]:
    """Keys and passwords are settings, and settings are variables: what a file takes over need not have them."""
    return {name: value for name, value in environ.items() if not name.startswith(("FOOTNOTE_", "OTEL_"))}
