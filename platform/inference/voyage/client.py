"""One request through Voyage's client: one pool of connections, no second tries, errors as faults."""

import asyncio
from typing import Any

import aiohttp
import voyageai
from voyageai import error as errors

from footnote.platform.inference.calls.answers import Endpoint, fault_of, malformed, reading, timed_out, unreachable
from footnote.platform.inference.calls.errors import Fault


class VoyageClient:
    """Calls the client's resources rather than its `AsyncClient`, which drops the index of each embedding.

    That one also takes some names of models for such as it should load into this process.
    """

    def __init__(self, endpoint: Endpoint, *, timeout: float) -> None:
        """`timeout` in seconds, of one request.

        Raises:
            KeyMissing: The endpoint has none.
        """
        self.endpoint = endpoint
        self._options = {
            "model": endpoint.model,
            "api_key": endpoint.checked_key(),
            # Else by the kind of the key: those of MongoDB Atlas have an address of their own.
            "base_url": endpoint.url.rstrip("/") or None,
            "request_timeout": timeout,
        }
        self._session: aiohttp.ClientSession | None = None

    async def request(self, resource: Any, **arguments: Any) -> Any:
        """The answer of `resource` with those arguments.

        Raises:
            Fault: There is none.
        """
        token = voyageai.aiosession.set(self._connections())
        try:
            with reading(self.endpoint):
                return await resource.acreate(**self._options, **arguments)
        except errors.VoyageError as error:
            raise self._fault(error) from None
        except (aiohttp.ClientError, asyncio.IncompleteReadError):
            raise unreachable(self.endpoint) from None
        finally:
            voyageai.aiosession.reset(token)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    def _connections(self) -> aiohttp.ClientSession:
        # Made at the first request, since it belongs to the running loop.
        if self._session is None:
            self._session = aiohttp.ClientSession()
        return self._session

    def _fault(self, error: errors.VoyageError) -> Fault:
        match error:
            case errors.Timeout():
                return timed_out(self.endpoint)
            case errors.APIConnectionError():
                return unreachable(self.endpoint)
            case _ if error.http_status and error.http_status >= 400:
                said = error.json_body.get("detail") if isinstance(error.json_body, dict) else None
                return fault_of(self.endpoint, error.http_status, error.headers, said)
            case _:
                return malformed(self.endpoint)
