"""Forces what happens at the same time into one order, as far as the store lets two transactions run at once."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest
from support.stores import Store


class Meanwhile:
    """Runs something once, as soon as a method has been called, inside the transaction that calls it.

    Where there is one writer, it waits for that transaction; elsewhere the transaction waits for it.
    """

    def __init__(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        self._is_beside = store.name == "mongodb"
        self._monkeypatch = monkeypatch
        self._tasks: list[asyncio.Future[Any]] = []

    def after(self, owner: Any, method: str, action: Callable[[], Awaitable[Any]]) -> None:
        real = getattr(owner, method)

        async def called(*args: Any, **fields: Any) -> Any:
            self._monkeypatch.setattr(owner, method, real)
            found = await real(*args, **fields)
            self._tasks.append(asyncio.ensure_future(action()))
            if self._is_beside:
                await asyncio.wait(self._tasks)
            return found

        self._monkeypatch.setattr(owner, method, called)

    async def outcome(self) -> Any:
        """The error is one, too."""
        (found,) = await asyncio.gather(*self._tasks, return_exceptions=True)
        return found


async def at_once(*works: Awaitable[Any]) -> Counter[str]:
    """The names of what came of each."""
    outcomes: Sequence[Any] = await asyncio.gather(*works, return_exceptions=True)
    return Counter(type(outcome).__name__ for outcome in outcomes)
