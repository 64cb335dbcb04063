"""Work on files that nobody vouches for, in a child process; what goes wrong there said in plain words."""

import asyncio
import errno
from collections.abc import Callable
from typing import TypeVar, TypeVarTuple

from loguru import logger

from footnote.modules.ingestion.errors import (
    ExtractionCrashed,
    ExtractionTimedOut,
    ExtractionTooLarge,
    ExtractionTooLong,
)
from footnote.modules.ingestion.extraction.errors import UnforeseenFault
from footnote.platform.jobs import Job
from footnote.platform.processes import OnReport, ProcessCrashed, ProcessPool, ProcessTimeout
from footnote.platform.storage.errors import StoreUnavailable

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

CRASHES = 2  # of the process at work on a file, until the file is taken to be the cause


class Sandbox:
    def __init__(self, processes: ProcessPool, *, stall_seconds: float, total_seconds: float) -> None:
        """`stall_seconds` is how long the work may go on without a sign, `total_seconds` with signs."""
        self._processes = processes
        self._stall_seconds = stall_seconds
        self._total_seconds = total_seconds

    async def run(self, job: Job, function: Callable[[*Ts], T], *args: *Ts, on_report: OnReport | None = None) -> T:
        """
        Raises:
            ExtractionTimedOut: It went on for too long without a sign, or at all.
            ExtractionCrashed: It crashed the process, not for the first time, or ran out of memory.
            ExtractionTooLarge: It wrote more than it may.
            StoreUnavailable: There is no space left.
        """
        try:
            async with asyncio.timeout(self._total_seconds):
                return await self._processes.run(function, *args, timeout=self._stall_seconds, on_report=on_report)
        except ProcessTimeout:
            raise ExtractionTimedOut(self._stall_seconds) from None
        except TimeoutError:
            raise ExtractionTooLong(self._total_seconds) from None
        except MemoryError:
            raise ExtractionCrashed from None
        except ProcessCrashed:
            if job.attempts + 1 >= CRASHES:
                raise ExtractionCrashed from None
            raise
        except UnforeseenFault as error:
            logger.bind(cause="".join(error.__notes__)).warning("A file made its reader fail in an unforeseen way")
            raise
        except OSError as error:
            raise _named(error) from error


def _named(error: OSError) -> Exception:
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return StoreUnavailable(error.strerror or str(error))
        case errno.EFBIG:
            return ExtractionTooLarge()
        case _:
            return error
