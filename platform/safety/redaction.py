"""Keeps personal data and secrets out of logs, whoever wrote the line."""

import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from footnote.platform.safety.personal import Finding, Recogniser, find_personal_data, masked
from footnote.platform.safety.personal.accounts import cards, ibans
from footnote.platform.safety.personal.addresses import emails, is_public, machines
from footnote.platform.safety.personal.births import birth_dates
from footnote.platform.safety.personal.credentials import credentials
from footnote.platform.safety.personal.national import national_ids, social_security
from footnote.platform.safety.personal.phones import plain_phones

REMEMBERED = 4096  # texts: most lines are made of the same ones
LONGEST = 20_000  # characters of one text that are looked through; what is between its halves is not logged
_SECRET_NAME = re.compile(
    r"(?:^|_)(?:password|passwd|secret|token|api_key|apikey|authorization|cookie)$", re.IGNORECASE
)
_MAY_HOLD_NUMBERS = re.compile(r"\d{2}|::")


def public_machines(text: str) -> Iterator[Finding]:
    """Addresses in one's own network are what an operator looks for."""
    yield from (found for found in machines(text) if is_public(text[found.start : found.end]))


# URLs stay, without passwords in them: they say which service failed.
_NUMBERS: tuple[Recogniser, ...] = (
    ibans, cards, social_security, national_ids, public_machines, birth_dates, plain_phones,
)  # fmt: skip
_WORDS: tuple[Recogniser, ...] = (credentials, emails)
_looking = threading.local()  # what finds names may log, too
_names: Callable[[str], Iterable[Finding]] | None = None


def redact_names(recogniser: Recogniser | None) -> None:
    """From now on those that `recogniser` finds, too; None: no names. What it found in a text is remembered."""
    global _names
    _names = lru_cache(REMEMBERED)(lambda text: tuple(recogniser(text))) if recogniser else None


def names(text: str) -> Iterator[Finding]:
    is_plain = text.isascii() and not any(map(str.isupper, text))
    if _names is None or is_plain or getattr(_looking, "is_on", False):
        return
    _looking.is_on = True
    try:
        yield from _names(text)
    finally:
        _looking.is_on = False


def redacted(text: str) -> str:
    """`text` with `[email]`, `[card]`, `[secret]` and so on in the place of what it must not say."""
    shown = text if len(text) <= LONGEST else f"{text[: LONGEST // 2]} ... {text[-LONGEST // 2 :]}"
    recognisers = (*_WORDS, *_NUMBERS, names) if _MAY_HOLD_NUMBERS.search(shown) else (*_WORDS, names)
    findings = find_personal_data(shown, recognisers)
    return masked(shown, findings) if findings else shown


def redacted_value(value: Any) -> Any:
    """The same for each text in a value as JSON knows them; other objects stay as they are."""
    match value:
        case str():
            return redacted(value)
        case Mapping():
            return redacted_fields(value)
        case list() | tuple() | set() | frozenset():
            return [redacted_value(each) for each in value]
        case _:
            return value


def redacted_fields(fields: Mapping[Any, Any]) -> dict[Any, Any]:
    """The same for each field; what the name of one calls a secret is none to show."""
    return {
        name: "[secret]"
        if isinstance(value, str) and value and _SECRET_NAME.search(str(name))
        else redacted_value(value)
        for name, value in fields.items()
    }
