"""Google's client without second tries, and its errors as faults."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx2
from google import genai
from google.genai import errors, types

from footnote.platform.inference.calls.answers import Endpoint, malformed, reading, timed_out, unreachable
from footnote.platform.inference.calls.errors import Fault
from footnote.platform.inference.calls.options import Chosen, refusal_of


def open_client(endpoint: Endpoint, timeout: float, connections: httpx2.AsyncClient) -> genai.Client:
    """`timeout` in seconds; whoever gave `connections` closes them.

    Raises:
        KeyMissing: The endpoint has none.
    """
    return genai.Client(
        api_key=endpoint.checked_key(),
        vertexai=False,
        http_options=types.HttpOptions(
            base_url=endpoint.url or None,
            timeout=int(timeout * 1000),
            # Without options it would still try again by itself, after seconds.
            retry_options=types.HttpRetryOptions(attempts=1),
            httpx_async_client=connections,
        ),
    )


@contextmanager
def faults(
    endpoint: Endpoint, chosen: Chosen | None = None, *, lost: Callable[[Endpoint], Fault] = unreachable
) -> Iterator[None]:
    """`lost` is what a broken connection means.

    Raises:
        Fault: In the place of the client's errors.
    """
    try:
        with reading(endpoint):
            yield
    except errors.APIError as error:
        raise _refusal(endpoint, error, chosen) from None
    except errors.UnknownApiResponseError:
        raise malformed(endpoint) from None
    except httpx2.TimeoutException:
        raise timed_out(endpoint) from None
    except httpx2.HTTPError:
        raise lost(endpoint) from None


def _refusal(endpoint: Endpoint, error: errors.APIError, chosen: Chosen | None) -> Fault:
    headers = getattr(error.response, "headers", None) or {}
    wait = _asked_pause(error.details)
    if wait is not None and "retry-after" not in headers:
        headers = {**headers, "retry-after": wait}
    status = error.code if isinstance(error.code, int) and error.code >= 400 else 500
    if error.status == "INVALID_ARGUMENT" and "API key" in str(error.message):
        status = 401  # what it says, with status 400, of a wrong key
    return refusal_of(endpoint, status, headers, error.message, chosen)


def _asked_pause(details: object) -> str | None:
    """Seconds that an entry of the error's details asks to wait: it comes there and not in a header."""
    if not isinstance(details, dict):
        return None
    entries = (details.get("error") or {}).get("details") or []
    delays = (str(entry.get("retryDelay", "")) for entry in entries if isinstance(entry, dict))
    return next((delay.removesuffix("s") for delay in delays if delay.endswith("s")), None)
