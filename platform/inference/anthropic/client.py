"""Anthropic's client without second tries and without spans of its own, and its errors as faults."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx2
from anthropic import APIConnectionError, APIError, APIStatusError, APITimeoutError, AsyncAnthropic

from footnote.platform.inference.calls.answers import Endpoint, malformed, reading, timed_out, unreachable
from footnote.platform.inference.calls.errors import Fault
from footnote.platform.inference.calls.options import Chosen, refusal_of

OFFICIAL = "https://api.anthropic.com"
STATUSES = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "api_error": 500,
    "timeout_error": 504,
    "overloaded_error": 529,
}  # of errors by their type; one that comes within a stream has no status of its own


def open_client(endpoint: Endpoint, timeout: float) -> AsyncAnthropic:
    """`timeout` in seconds, of a silence.

    Raises:
        KeyMissing: The endpoint has none.
    """
    return AsyncAnthropic(
        api_key=endpoint.checked_key(),
        base_url=endpoint.url or OFFICIAL,
        max_retries=0,
        timeout=timeout,
        open_telemetry=False,
    )


@contextmanager
def faults(
    endpoint: Endpoint, chosen: Chosen | None = None, *, lost: Callable[[Endpoint], Fault] = unreachable
) -> Iterator[None]:
    """`lost` is what a broken connection means; within a stream, the client leaves its transport's errors as they are.

    Raises:
        Fault: In the place of the client's errors.
    """
    try:
        with reading(endpoint):
            yield
    except (APITimeoutError, httpx2.TimeoutException):
        raise timed_out(endpoint) from None
    except (APIConnectionError, httpx2.HTTPError):
        raise lost(endpoint) from None
    except APIStatusError as error:
        raise _refusal(endpoint, error, chosen) from None
    except APIError:
        raise malformed(endpoint) from None


def _refusal(endpoint: Endpoint, error: APIStatusError, chosen: Chosen | None) -> Fault:
    words = error.api_message or ""
    status = error.status_code if error.status_code >= 400 else STATUSES.get(str(error.type), 500)
    if status == 400 and "credit balance" in words:
        status = 402  # what it also says of an empty purse
    return refusal_of(endpoint, status, error.response.headers, words, chosen)
