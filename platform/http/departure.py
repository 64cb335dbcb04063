"""Work for one asker, given up as soon as the asker leaves."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from litestar import Request

from footnote.platform.errors import BadRequest

T = TypeVar("T")


async def unless_left(request: Request[Any, Any, Any], work: Coroutine[Any, Any, T]) -> T:
    """What `work` gives; it is cancelled when the connection ends before it does. The body must have been read.

    Raises:
        BadRequest: The asker has left; nobody will read it.
    """
    working = asyncio.create_task(work)
    departure = asyncio.create_task(_departure(request))
    try:
        await asyncio.wait({working, departure}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise BadRequest("The connection was closed before there was an answer.")
    finally:
        working.cancel()
        departure.cancel()
        await asyncio.gather(working, departure, return_exceptions=True)


async def _departure(request: Request[Any, Any, Any]) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
