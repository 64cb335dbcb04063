"""Keeps personal data and secrets out of logs, whoever wrote the line."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from footnote.platform.safety.personal import Finding, Recogniser, find_personal_data, masked
from footnote.platform.safety.personal.accounts import cards, ibans
from footnote.platform.safety.personal.addresses import emails, is_public, machines
from footnote.platform.safety.personal.births import birth_dates
from footnote.platform.safety.personal.credentials import credentials
from footnote.platform.safety.personal.national import national_ids, social_security
from footnote.platform.safety.personal.phones import plain_phones

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


def redacted(text: str) -> str:
    """`text` with `[email]`, `[card]`, `[secret]` and so on in the place of what it must not say."""
    shown = text if len(text) <= LONGEST else f"{text[: LONGEST // 2]} ... {text[-LONGEST // 2 :]}"
    recognisers = (*_WORDS, *_NUMBERS) if _MAY_HOLD_NUMBERS.search(shown) else _WORDS
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
