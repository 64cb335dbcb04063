"""OpenAI's client without second tries, and its errors as faults."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from openai import APIConnectionError, APIError, APIStatusError, APITimeoutError, AsyncOpenAI, AsyncStream

from footnote.platform.inference.calls.answers import Endpoint, malformed, reading, timed_out, unreachable
from footnote.platform.inference.calls.errors import Fault
from footnote.platform.inference.calls.options import Chosen, refusal_of

OFFICIAL = "https://api.openai.com/v1"
SPENT = {"insufficient_quota", "billing_hard_limit_reached"}
STATUSES = {
    "rate_limit_exceeded": 429,
    "insufficient_quota": 429,
    "invalid_api_key": 401,
    "model_not_found": 404,
    "invalid_prompt": 400,
    "context_length_exceeded": 400,
    "invalid_request_error": 400,
}  # that an error within a stream would have had; 500 for any other
UNKNOWN_MODEL = re.compile(r"\bmodel\b.*(not exist|not found|not a valid|invalid model|unknown model)", re.I | re.S)
# What services say of a wrong name with status 400.


def open_client(endpoint: Endpoint, timeout: float) -> AsyncOpenAI:
    """`timeout` in seconds, of one request, or of a silence within it.

    Raises:
        KeyMissing: The endpoint has none.
    """
    return AsyncOpenAI(
        api_key=endpoint.checked_key(), base_url=endpoint.url or OFFICIAL, max_retries=0, timeout=timeout
    )


async def opened_stream(client: AsyncOpenAI, path: str, body: Mapping[str, Any]) -> AsyncStream[object]:
    """What the service tells of `body`, event by event as JSON objects: the client's own types take longer to build
    than all else takes that is done with an event.
    """
    return await client.post(
        path, body={**body, "stream": True}, cast_to=object, stream=True, stream_cls=AsyncStream[object]
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
    except APIError as error:
        raise _fault(endpoint, error, chosen, lost) from None


def stream_fault(endpoint: Endpoint, code: object, words: object, chosen: Chosen | None = None) -> Fault:
    """Of an error that came within a stream; `code` is a status or the service's own word."""
    word = str(code)
    status = int(word) if word.isdecimal() else STATUSES.get(word, 500)
    return refusal_of(endpoint, status, {}, words, chosen, is_paid_up=code not in SPENT)


def _fault(endpoint: Endpoint, error: APIError, chosen: Chosen | None, lost: Callable[[Endpoint], Fault]) -> Fault:
    match error:
        case APITimeoutError():
            return timed_out(endpoint)
        case APIConnectionError():
            return lost(endpoint)
        case APIStatusError():
            return _refusal(endpoint, error, chosen)
        case APIError(body=dict() as body):
            return stream_fault(endpoint, body.get("code") or body.get("type"), _words(body), chosen)
        case _:
            return malformed(endpoint)


def _refusal(endpoint: Endpoint, error: APIStatusError, chosen: Chosen | None) -> Fault:
    words, status = _words(error.body), error.status_code
    if status == 400 and (error.code == "model_not_found" or UNKNOWN_MODEL.search(words)):
        status = 404
    is_paid_up = not SPENT & {error.code, error.type}
    return refusal_of(endpoint, status, error.response.headers, words, chosen, is_paid_up=is_paid_up)


def _words(body: object) -> str:
    """What a service says of an error, and of what in the request; compatible servers say it in several forms."""
    if not isinstance(body, Mapping):
        return str(body or "")
    said = body.get("message") or body.get("detail") or body.get("error") or ""
    named = str(body.get("param") or "")
    return f"{said} ({named})" if named and named not in str(said) else str(said)
