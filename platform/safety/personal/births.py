"""Dates of birth, where a word before them says that they are one."""

import re
from collections.abc import Iterator

from footnote.platform.safety.personal.findings import Finding

_LABEL = (
    r"(?:date of birth|birth ?date|birthday|d\.?o\.?b\.?|born(?: on)?|geburtsdatum|geburtstag|geboren(?: am)?|geb\. am|"
    r"né(?:e|\(e\))? le|date de naissance|fecha de nacimiento|nacid[oa] el|data di nascita|nat[oa] il|"
    r"geboortedatum|data de nascimento|nascid[oa] em|出生日期|生年月日)"
)
_MONTH = r"[^\W\d_]{3,10}\.?"
_DATE = (
    r"(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{2,4}|"
    rf"\d{{1,2}}(?:st|nd|rd|th|\.)?(?: of| de)? {_MONTH}(?: de)?,? \d{{4}}|"
    rf"{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}|"
    r"\d{4}年\d{1,2}月\d{1,2}日)"
)
_BIRTH = re.compile(rf"(?<!\w){_LABEL}(?:\s*(?:is|was|ist|est|es|è|:|=|：)\s*|\s+)({_DATE})(?!\w)", re.IGNORECASE)


def birth_dates(text: str) -> Iterator[Finding]:
    yield from (Finding(*found.span(1), "birth_date") for found in _BIRTH.finditer(text))
