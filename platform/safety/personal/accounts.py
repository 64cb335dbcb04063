"""Payment cards and bank accounts, by their check digits."""

import re
from collections.abc import Iterator

from stdnum import iban, luhn

from footnote.platform.safety.personal.findings import Finding

_CARD = re.compile(r"(?<![\w.,-])(?:\d[ -]?){12,18}\d(?![\w-]|[.,]\d)")
# Major issuers: Visa 4; Mastercard 51-55, 2221-2720; American Express 34, 37; Diners 30, 36, 38, 39; Discover 6011, 64,
# 65; Maestro 50, 56-58, 67; UnionPay 62; JCB 35.
_ISSUER = re.compile(r"4|5[0-8]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)|3[04-9]|6(?:011|[2457])")
_IBAN = re.compile(r"(?<![^\W_])[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]){11,30}(?![^\W_])")
_PART = re.compile(r"[ -]")


def cards(text: str) -> Iterator[Finding]:
    """13 to 19 digits, perhaps in groups, of an issuer and with Luhn's check digit."""
    for found in _CARD.finditer(text):
        digits = _PART.sub("", found.group())
        if _ISSUER.match(digits) and len(set(digits)) > 1 and luhn.is_valid(digits):
            yield Finding(*found.span(), "card")


def ibans(text: str) -> Iterator[Finding]:
    """Of any country, with its length and ISO 7064's check digits; words that follow in the same line fall away."""
    for found in _IBAN.finditer(text):
        end = found.end()
        while end - found.start() >= 15:
            if iban.is_valid(text[found.start() : end], check_country=False):
                yield Finding(found.start(), end, "iban")
                break
            shorter = max(text.rfind(" ", found.start(), end), text.rfind("-", found.start(), end))
            if shorter < 0:
                break
            end = shorter
