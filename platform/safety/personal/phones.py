"""Telephone numbers: international ones, national ones by their form, and whatever a word beside them calls one."""

import re
from collections.abc import Iterator

from footnote.platform.safety.personal.findings import Finding

_NUMBER = re.compile(
    r"(?<![\w:/@#+-])(?<!\d[.,])(?:\+\d{1,3}[ .\-/]?|00\d{1,3}[ .\-/])?(?:\(\d{1,5}\)[ .\-/]?)?"
    r"\d{1,13}(?:[ .\-/]\d{1,9}){0,5}"
    r"(?:\s?(?:x|ext\.?|extension|Durchwahl)\s?\d{1,6})?(?![\w@]|[.,:]\d)",
    re.IGNORECASE,
)
_EXTENSION = re.compile(r"\s?(?:x|ext|D).*", re.IGNORECASE)
_BEFORE = re.compile(
    r"(?:\b(?:call|calls|called|calling|phone|phones|telephone|tel|fax|mobile|mob|cell|cellphone|dial|ring|hotline|"
    r"helpline|whatsapp|sms|text(?: me)?|reach(?:ed)?(?: (?:me|us|him|her|them))?(?: at| on)?|"
    r"contact|answering(?: at)?|"
    r"telefon|telefono|teléfono|téléphone|telefone|rufnummer|handy|mobil|móvil|portable|cellulare|appel\w*|rufen|"
    r"puhelin|telefoon)\b|[电電]话|電話|手机|тел(?:ефон)?)"
    r"(?:[^\w\n]{1,3}(?:\w{1,4}|number|nummer|número|numéro)){0,2}[^\w\n]{0,4}$",
    re.IGNORECASE,
)
_AFTER = re.compile(r"^[ \-(,\\]{0,3}(?:office|fax|mobile|cell|home|work|tel|phone|direct|landline)\b", re.IGNORECASE)
_DATE = re.compile(
    r"\d{4}([-./])\d{1,2}\1\d{1,2}|\d{1,2}([-./])\d{1,2}\2(?:\d{4}|\d{2})|(?:19|20)\d\d[-/](?:19|20)?\d\d"
)
_SSN = re.compile(r"\d{3}-\d{2}-\d{4}")
_DECIMAL = re.compile(r"\d+\.\d+(?:[ -]\d+\.\d+)*|\d{1,3}(?:[. ]000)+")
_NORTH_AMERICAN = re.compile(r"1?[ .-]?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}")
_GROUPED = re.compile(r"[ .\-/()]")
# Where a number with a trunk prefix may be from, as long as nobody says it.
_REGIONS = ("GB", "DE", "FR", "IT", "ES", "NL", "CH", "AU", "JP")


def phones(text: str) -> Iterator[Finding]:
    """Also numbers that nobody has, if they are written or introduced as one."""
    for found in _NUMBER.finditer(text):
        number = _EXTENSION.sub("", found.group())
        if 6 <= _digits(number) <= 15 and not _is_other(number) and (
            _is_written(number, found.group()) or _is_introduced(text, *found.span(), number)
        ):  # fmt: skip
            yield Finding(*found.span(), "phone")


def plain_phones(text: str) -> Iterator[Finding]:
    """Only those that cannot be much else: for logs, which are full of other numbers."""
    for found in _NUMBER.finditer(text):
        number = _EXTENSION.sub("", found.group())
        is_international = number.startswith("+") and 8 <= _digits(number) <= 15
        if is_international or (6 <= _digits(number) <= 15 and _is_called(text, *found.span(), number)):
            yield Finding(*found.span(), "phone")


def _is_called(text: str, start: int, end: int, number: str) -> bool:
    return not _is_other(number) and _is_introduced(text, start, end, number)


def _is_written(number: str, whole: str) -> bool:
    if number.startswith("+"):
        return _digits(number) >= 8
    if _NORTH_AMERICAN.fullmatch(number):
        return True
    if not _GROUPED.search(number) or _digits(number) < 8:
        return False
    return whole != number or (number.startswith(("0", "(0")) and _is_valid(number))


def _is_introduced(text: str, start: int, end: int, number: str) -> bool:
    is_long = _GROUPED.search(number) is not None or _digits(number) >= 7
    before = text[max(0, start - 50) : start]
    return is_long and (_BEFORE.search(before) is not None or _AFTER.search(text[end : end + 16]) is not None)


def _is_other(number: str) -> bool:
    return any(form.fullmatch(number) for form in (_DATE, _SSN, _DECIMAL))


def _digits(text: str) -> int:
    return sum(char.isdigit() for char in text)


def _is_valid(number: str) -> bool:
    import phonenumbers  # only here: its tables are not for those who log no number

    for region in _REGIONS:
        try:
            parsed = phonenumbers.parse(number, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(parsed):
            return True
    return False
