"""Reads what a service answered in place of what was asked for."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import msgspec

from footnote.platform.inference.calls.errors import (
    Fault,
    KeyMissing,
    ModelBusy,
    ModelFailed,
    ModelRefused,
    RequestDeclined,
)
from footnote.platform.secrets import MASK, Secret

LONGEST_SHOWN = 200  # characters of the service's own words
PASSING = {408, 409, 425}  # statuses below 500 that may be gone the next time
UNREAD = (
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    msgspec.MsgspecError,
)  # what clients raise on answers of another form


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """A model of a service, where it is, and how the settings call what leads there."""

    name: str  # `provider:model`
    key: Secret = field(default_factory=lambda: Secret(""))
    key_setting: str
    url: str = ""  # empty: where the service's own client goes
    url_setting: str
    needs_key: bool = True

    @property
    def model(self) -> str:
        return self.name.partition(":")[2]

    def checked_key(self) -> str:
        """
        Raises:
            KeyMissing: There is none, and the service wants one.
        """
        if self.needs_key and not self.key:
            raise KeyMissing(self.name, self.key_setting)
        return self.key.reveal() or "none"


def fault_of(
    endpoint: Endpoint, status: int, headers: Mapping[str, str], words: object, *, is_paid_up: bool = True
) -> Fault:
    """`words` are the service's own; `is_paid_up` tells a full purse from an empty one where the status is 429."""
    name, said = endpoint.name, shown(endpoint, words)
    match status:
        case 401 | 403:
            return Fault(ModelRefused(f"The service of {name} refuses the key. Check {endpoint.key_setting}."))
        case 404:
            return Fault(
                ModelRefused(
                    f"The service does not know {name}, or is not at this address. Check the model's name and "
                    f"{endpoint.url_setting}."
                )
            )
        case 402:
            return Fault(ModelRefused(f"Nothing is left of what was paid for at the service of {name}."))
        case 429 if not is_paid_up:
            return Fault(ModelRefused(f"Nothing is left of what was paid for at the service of {name}."))
        case 429:
            wait = retry_after(headers)
            return Fault(ModelBusy(name, wait), again=True, retry_after=wait)
        case _ if status >= 500 or status in PASSING:
            return Fault(failed(endpoint, f"failed (status {status})"), again=True, retry_after=retry_after(headers))
        case _:
            what = f"The service of {name} did not take the request (status {status}){said}."
            return Fault(RequestDeclined(what, model=name))


def failed(endpoint: Endpoint, what: str) -> ModelFailed:
    return ModelFailed(f"The service of {endpoint.name} {what}.", model=endpoint.name)


def timed_out(endpoint: Endpoint) -> Fault:
    return Fault(failed(endpoint, "did not answer in time"), again=True)


def unreachable(endpoint: Endpoint) -> Fault:
    return Fault(failed(endpoint, "cannot be reached"), again=True)


def broken_off(endpoint: Endpoint) -> Fault:
    return Fault(failed(endpoint, "broke off in the midst of its answer"), again=True)


def malformed(endpoint: Endpoint) -> Fault:
    return Fault(failed(endpoint, "answered with something of another form"), again=True)


@contextmanager
def reading(endpoint: Endpoint) -> Iterator[None]:
    """
    Raises:
        Fault: In the place of what a client raises on an answer that is not of the form it should be.
    """
    try:
        yield
    except UNREAD:
        raise malformed(endpoint) from None


def unanswered(endpoint: Endpoint, asked: Sequence[int], answered: Collection[int]) -> list[int]:
    """Of the rows that were `asked` together, those without an answer; answers are by their place in that request.

    Raises:
        Fault: There are answers to what was not asked.
    """
    if any(not 0 <= place < len(asked) for place in answered):
        raise malformed(endpoint)
    return [row for place, row in enumerate(asked) if place not in answered]


def left_out(endpoint: Endpoint, missing: Sequence[int], total: int) -> Fault:
    return Fault(failed(endpoint, f"left out {len(missing)} of {total} texts"), again=True)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds from now; the header holds those or a date."""
    text = headers.get("retry-after") or headers.get("Retry-After") or ""
    if text.replace(".", "", 1).isdecimal():
        return float(text)
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (date.replace(tzinfo=date.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


def shown(endpoint: Endpoint, words: Any) -> str:
    """The service's words, cut, and without the key should it repeat that."""
    text = " ".join(str(words or "").split())
    if endpoint.key:
        text = text.replace(endpoint.key.reveal(), MASK)
    return f": {text[:LONGEST_SHOWN]}" if text else ""
