"""API keys as the settings spell them: `SECRET`, `NAME:SECRET` or `NAME:SECRET:admin`."""

import hmac
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from footnote.modules.access.errors import InvalidApiKeys
from footnote.modules.access.models import ADMIN, MEMBER, ApiKey, digest_of

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
ID_DIGITS = 12  # hexadecimal, of the secret's hash: the name of a key without one


def parse_api_keys(values: Iterable[str]) -> tuple[ApiKey, ...]:
    """
    Raises:
        InvalidApiKeys: A key is malformed, or two share a name or a secret; all wrong ones together.
    """
    keys: list[ApiKey] = []
    problems: list[str] = []
    for place, value in enumerate(values, start=1):
        try:
            keys.append(parse_api_key(value))
        except ValueError as error:
            problems.append(f"key {place}: {error}")
    problems += _repeated(keys)
    if problems:
        raise InvalidApiKeys(problems)
    return tuple(keys)


def parse_api_key(value: str) -> ApiKey:
    name, separator, rest = value.strip().partition(":")
    if not separator:
        digest = digest_of(_checked_secret(name))
        return ApiKey(id=f"key-{digest.hex()[:ID_DIGITS]}", digest=digest)
    if not NAME.fullmatch(name):
        raise ValueError("the name takes letters, digits and . _ @ -, at most 64 of them")
    secret = rest.removesuffix(f":{ADMIN}")
    roles = frozenset({MEMBER, ADMIN} if secret != rest else {MEMBER})
    return ApiKey(id=name, digest=digest_of(_checked_secret(secret)), roles=roles)


def find_key(keys: Sequence[ApiKey], secret: str) -> ApiKey | None:
    """Compares with every key, in a time that tells nothing about any of them."""
    digest = digest_of(secret)
    matching = [key for key in keys if hmac.compare_digest(key.digest, digest)]
    return matching[0] if matching else None


def _checked_secret(secret: str) -> str:
    if not re.fullmatch(r"[!-~]+", secret):
        raise ValueError("the secret takes visible ASCII characters, at least one")
    return secret


def _repeated(keys: Sequence[ApiKey]) -> list[str]:
    names = Counter(key.id for key in keys)
    digests = Counter(key.digest for key in keys)
    twice = [f"two keys are named {name}" for name, count in names.items() if count > 1]
    return twice + (["two keys have the same secret"] if any(count > 1 for count in digests.values()) else [])
