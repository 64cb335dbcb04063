"""Personal data and secrets in a text: found, masked."""

from collections.abc import Collection, Sequence

from footnote.platform.safety.personal.accounts import cards, ibans
from footnote.platform.safety.personal.addresses import emails, machines, urls
from footnote.platform.safety.personal.births import birth_dates
from footnote.platform.safety.personal.credentials import credentials
from footnote.platform.safety.personal.findings import KINDS, Finding, Kind, Recogniser, apart
from footnote.platform.safety.personal.national import national_ids, social_security
from footnote.platform.safety.personal.phones import phones

__all__ = ["KINDS", "PATTERNS", "Finding", "Kind", "Recogniser", "apart", "find_personal_data", "masked"]

PATTERNS: tuple[Recogniser, ...] = (
    credentials, ibans, cards, social_security, national_ids, urls, emails, machines, birth_dates, phones,
)  # fmt: skip


def find_personal_data(text: str, recognisers: Sequence[Recogniser] = PATTERNS) -> list[Finding]:
    """In order, not overlapping. Names are found only by a recogniser for them: see `names`."""
    return apart(finding for recogniser in recognisers for finding in recogniser(text))


def masked(text: str, findings: Collection[Finding]) -> str:
    """`[email]`, `[card]` and so on in the place of each; `findings` are in order and do not overlap."""
    pieces, end = [], 0
    for finding in findings:
        pieces += [text[end : finding.start], f"[{finding.kind}]"]
        end = finding.end
    return "".join((*pieces, text[end:]))
