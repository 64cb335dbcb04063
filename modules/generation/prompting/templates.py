"""Templates: text in which `{{name}}` stands for a value."""

import re
from collections.abc import Mapping

VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")

RULES = frozenset({"language", "abstention", "max_sentences", "max_words"})  # variables of any text
DATA = frozenset({"question", "passages", "mark", "background"})  # variables of the user's message alone
NEEDED = frozenset({"question", "passages", "mark"})


def variables(template: str) -> set[str]:
    return set(VARIABLE.findall(template))


def filled(template: str, values: Mapping[str, str]) -> str:
    """`template` with its variables replaced at once: what looks like a variable in a value stays as it is."""
    return VARIABLE.sub(lambda found: values[found[1]], template).strip()
