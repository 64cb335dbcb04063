"""The child of `processes`: reads pickled calls from standard input, one at a time, until the parent is gone."""

import ctypes
import os
import pickle
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable
from typing import Any, BinaryIO, NamedTuple

import msgspec

LENGTH = 8  # bytes of the number before each message
REPORT_EVERY = 0.25  # seconds; the parent need not hear of every page
_PR_SET_PDEATHSIG = 1

# Codes that stand before a message to the parent.
RETURNED, RAISED, OUT_OF_MEMORY, REPORTED = range(4)


class ProcessLimits(NamedTuple):
    """What one child may use; 0 sets no limit. They hold for the programs that it starts, too, each on its own."""

    memory: int = 0  # bytes of address space
    file_size: int = 0  # bytes of one file that it writes
    open_files: int = 0


class Failure(msgspec.Struct, array_like=True):
    """An error as the parent can make it again without running anything of what a child sends."""

    module: str
    name: str
    args: tuple[Any, ...]
    attributes: dict[str, Any]
    notes: tuple[str, ...]


class _Reports:
    """Where reports of progress go: nowhere, outside a child."""

    send: Callable[[int, int], None] | None = None
    due = 0.0


def report(done: int, total: int) -> None:
    """Tell the parent, if there is one, how far the work is; that also shows that it goes on."""
    now = time.monotonic()
    if _Reports.send is not None and now >= _Reports.due:
        _Reports.due = now + REPORT_EVERY
        _Reports.send(done, total)


def main(arguments: list[str]) -> None:
    _limit(ProcessLimits(*map(int, arguments)))
    _die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests, replies = _private_pipes()

    def send(code: int, content: bytes) -> None:
        replies.write((len(content) + 1).to_bytes(LENGTH) + bytes((code,)) + content)
        replies.flush()

    _Reports.send = lambda done, total: send(REPORTED, f"{done} {total}".encode())
    while request := _read(requests):
        _Reports.due = 0.0
        send(*_answer(request))


def _limit(limits: ProcessLimits) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    kinds = (resource.RLIMIT_AS, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE)
    for kind, limit in zip(kinds, limits, strict=True):
        if limit:
            resource.setrlimit(kind, (limit, limit))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a file that grows too large is then an OSError


def _die_with_parent() -> None:
    """Also in the middle of work; elsewhere than on Linux the end of the pipe tells, once the work is done."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _private_pipes() -> tuple[BinaryIO, BinaryIO]:
    """The pipes to the parent under other numbers: work that reads or prints must not meet them."""
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    os.close(nothing)
    return requests, replies


def _read(requests: BinaryIO) -> bytes:
    length = int.from_bytes(requests.read(LENGTH))
    return requests.read(length)


def _answer(request: bytes) -> tuple[int, bytes]:
    try:
        function, args = pickle.loads(request)  # noqa: S301 from the parent
        return RETURNED, msgspec.msgpack.encode(function(*args))
    except Exception as error:
        return OUT_OF_MEMORY if isinstance(error, MemoryError) else RAISED, _failure(error)


def _failure(error: Exception) -> bytes:
    note = "In the child process:\n" + "".join(traceback.format_exception(error))
    attributes = {name: value for name, value in vars(error).items() if name != "__notes__"}
    failure = Failure(type(error).__module__, type(error).__name__, error.args, attributes, (note,))
    try:
        return msgspec.msgpack.encode(failure, enc_hook=str)
    except Exception:  # some errors hold what cannot be sent, such as text that is not Unicode
        return msgspec.msgpack.encode(Failure("builtins", "RuntimeError", (ascii(str(error)),), {}, (ascii(note),)))


if __name__ == "__main__":
    # This file runs as `__main__`; work that imports `report` must find the same module, not a second copy.
    sys.modules["footnote.platform.process_child"] = sys.modules["__main__"]
    main(sys.argv[1:])
