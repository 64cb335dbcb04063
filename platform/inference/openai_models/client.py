"""OpenAI's client without second tries, and its errors as faults."""

from collections.abc import Iterator
from contextlib import contextmanager

from openai import APIConnectionError, APIError, APIStatusError, APITimeoutError, AsyncOpenAI

from footnote.platform.inference.calls.answers import (
    Endpoint,
    fault_of,
    malformed,
    reading,
    timed_out,
    unreachable,
)
from footnote.platform.inference.calls.errors import Fault

OFFICIAL = "https://api.openai.com/v1"
SPENT = {"insufficient_quota", "billing_hard_limit_reached"}


def open_client(endpoint: Endpoint, timeout: float) -> AsyncOpenAI:
    """`timeout` in seconds, of one request.

    Raises:
        KeyMissing: The endpoint has none.
    """
    return AsyncOpenAI(
        api_key=endpoint.checked_key(), base_url=endpoint.url or OFFICIAL, max_retries=0, timeout=timeout
    )


@contextmanager
def faults(endpoint: Endpoint) -> Iterator[None]:
    """
    Raises:
        Fault: In the place of the client's errors.
    """
    try:
        with reading(endpoint):
            yield
    except APIError as error:
        raise _fault(endpoint, error) from None


def _fault(endpoint: Endpoint, error: APIError) -> Fault:
    match error:
        case APITimeoutError():
            return timed_out(endpoint)
        case APIConnectionError():
            return unreachable(endpoint)
        case APIStatusError(status_code=status):
            body = error.body if isinstance(error.body, dict) else {}
            is_paid_up = not SPENT & {error.code, error.type}
            return fault_of(endpoint, status, error.response.headers, body.get("message"), is_paid_up=is_paid_up)
        case _:
            return malformed(endpoint)
