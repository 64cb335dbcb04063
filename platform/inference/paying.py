"""Who pays for short texts that are written in the midst of other work."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from footnote.platform.principal import LOCAL, Principal

_payer: ContextVar[Principal] = ContextVar("payer", default=LOCAL)


@contextmanager
def paid_by(principal: Principal) -> Iterator[None]:
    """What is written within, also in tasks that begin there, is at the expense of `principal`."""
    token = _payer.set(principal)
    try:
        yield
    finally:
        _payer.reset(token)


def payer() -> Principal:
    return _payer.get()
