"""What becomes of a job whose work failed."""

import random
from datetime import timedelta
from typing import Any

from footnote.platform.errors import FootnoteError, Unavailable
from footnote.platform.storage.errors import BlobVanished, StoreUnavailable

BACKOFF = timedelta(seconds=1)
LONGEST_BACKOFF = timedelta(seconds=60)
POSTPONED = timedelta(seconds=5)
LONGEST_POSTPONED = timedelta(hours=1)
POSTPONED_BY_STORE = timedelta(seconds=1)  # whoever can say so to the store has found it back


def is_final(error: BaseException) -> bool:
    """Whether the caller must mend it; bytes that vanished are written again by the next attempt."""
    return isinstance(error, FootnoteError) and error.status < 500 and not isinstance(error, BlobVanished)


def to_problem(error: BaseException) -> dict[str, Any]:
    if isinstance(error, FootnoteError):
        return error.to_problem()
    return FootnoteError("Something went wrong inside; the log has the cause.", cause=type(error).__name__).to_problem()


def backoff(failures: int) -> timedelta:
    """Exponential, with full jitter above half: a herd of failed jobs must not come back at once."""
    longest = min(BACKOFF * (1 << min(failures, 10)), LONGEST_BACKOFF)
    return longest * random.uniform(0.5, 1)  # noqa: S311 - spreading load needs no secrecy


def postponement(error: Unavailable) -> timedelta:
    """Longer where the service that fails has said so itself."""
    if isinstance(error, StoreUnavailable):
        return POSTPONED_BY_STORE
    asked = min(error.extensions.get("retry_after", 0), LONGEST_POSTPONED.total_seconds())
    return max(POSTPONED, timedelta(seconds=asked))
