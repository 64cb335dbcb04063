"""E-mail addresses, web addresses and those of machines."""

import ipaddress
import re
from collections.abc import Iterator

from footnote.platform.safety.personal.findings import Finding

# Bounded and anchored at `@` or `://`, so that long lines cost no more than short ones.
_EMAIL = re.compile(
    r"(?<![\w.+%-])[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}[^\W\d_]{2,24}(?![\w-]|\.\w)"
)
_URL = re.compile(r"(?<![\w@.])(?:(?:https?|ftps?|sftp|wss?)://|www\.)[^\s<>\"'`{}|\\^]{2,2048}", re.IGNORECASE)
_AFTER_URL = ".,;:!?…»”’"
_IPV4 = re.compile(r"(?<![\w.:-])(?:\d{1,3}\.){3}\d{1,3}(?![\w-]|\.\d)")
_IPV6 = re.compile(r"(?<![\w:.])(?:[0-9A-Fa-f]{0,4}:){2,8}(?:[0-9A-Fa-f]{1,4}|(?:\d{1,3}\.){3}\d{1,3})?(?![\w:])")
_VERSION = re.compile(r"(?:\bv|version|release|section|clause|§)\s*$", re.IGNORECASE)


def emails(text: str) -> Iterator[Finding]:
    if "@" in text:
        yield from (Finding(*found.span(), "email") for found in _EMAIL.finditer(text))


def urls(text: str) -> Iterator[Finding]:
    """With a scheme, or beginning with `www.`; the punctuation of the sentence around is no part of one."""
    for found in _URL.finditer(text):
        url = found.group().rstrip(_AFTER_URL)
        while url.endswith((")", "]")) and url.count("(") + url.count("[") < url.count(")") + url.count("]"):
            url = url[:-1].rstrip(_AFTER_URL)
        if "." in url or "://" in url:
            yield Finding(found.start(), found.start() + len(url), "url")


def machines(text: str) -> Iterator[Finding]:
    """IPv4 and IPv6, also local ones; a version of four numbers that is called one is none."""
    for pattern in (_IPV4, _IPV6):
        for found in pattern.finditer(text):
            before = text[max(0, found.start() - 12) : found.start()]
            if _is_address(found.group()) and not _VERSION.search(before):
                yield Finding(*found.span(), "ip")


def is_public(address: str) -> bool:
    """Whether it may lead to a person: no loopback, private or reserved address."""
    return ipaddress.ip_address(address).is_global


def _is_address(text: str) -> bool:
    if not any(char.isdigit() for char in text):  # `a::b` is more often a name in a program
        return False
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
