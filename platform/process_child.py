"""The child of `processes`: reads pickled calls from standard input, one at a time, until the parent is gone."""

import ctypes
import os
import pickle
import resource
import signal
import sys
import traceback
from typing import Any, BinaryIO, NamedTuple

LENGTH = 8  # bytes of the number before each message
_PR_SET_PDEATHSIG = 1


class Reply(NamedTuple):
    is_error: bool
    is_out_of_memory: bool
    outcome: bytes  # pickled

    def pack(self) -> bytes:
        return bytes((self.is_error, self.is_out_of_memory)) + self.outcome

    @classmethod
    def unpack(cls, message: bytes) -> "Reply":
        return cls(bool(message[0]), bool(message[1]), message[2:])


def main() -> None:
    _limit_memory(int(sys.argv[1]))
    _die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests, replies = _private_pipes()
    while request := _read(requests):
        reply = _answer(request).pack()
        replies.write(len(reply).to_bytes(LENGTH) + reply)
        replies.flush()


def _limit_memory(limit: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if limit:
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


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


def _answer(request: bytes) -> Reply:
    try:
        function, args = pickle.loads(request)  # noqa: S301 from the parent
        return Reply(False, False, pickle.dumps(function(*args)))
    except Exception as error:
        return Reply(True, isinstance(error, MemoryError), _pickled(error))


def _pickled(error: Exception) -> bytes:
    error.add_note("In the child process:\n" + "".join(traceback.format_exception(error)))
    try:
        pickled = pickle.dumps(error)
        pickle.loads(pickled)  # noqa: S301 our own; some errors pickle, and cannot be made again
    except Exception:
        return pickle.dumps(RuntimeError(*_notes(error)))
    return pickled


def _notes(error: Any) -> list[str]:
    return [str(error), *error.__notes__]


if __name__ == "__main__":
    main()
