"""What a recogniser of personal data says, and how findings that overlap become one."""

from collections.abc import Callable, Iterable, Iterator
from typing import Literal, TypeAlias

import msgspec

Kind = Literal[
    "card", "iban", "email", "phone", "url", "ip", "ssn", "national_id", "birth_date", "secret", "name"
]  # fmt: skip
KINDS: tuple[Kind, ...] = (
    "secret", "iban", "card", "ssn", "national_id", "url", "email", "ip", "birth_date", "phone", "name",
)  # fmt: skip
"""The surer first: where two overlap, it counts."""


class Finding(msgspec.Struct, frozen=True):
    """Code points [start, end) of a text."""

    start: int
    end: int
    kind: Kind


Recogniser: TypeAlias = Callable[[str], Iterator[Finding]]


def apart(findings: Iterable[Finding]) -> list[Finding]:
    """In the order of the text, none overlapping another: the surer kind stays, of one kind the longer."""
    kept: list[Finding] = []
    for finding in sorted(findings, key=lambda each: (KINDS.index(each.kind), each.start - each.end)):
        if all(finding.end <= other.start or other.end <= finding.start for other in kept):
            kept.append(finding)
    return sorted(kept, key=lambda each: each.start)
