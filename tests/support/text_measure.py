"""How much of the text that a file should have was found in its order."""

import re
from collections import Counter
from itertools import pairwise

from support.table_measure import plain

_CAPTION = re.compile(r"^(?:line|bar|pie|scatter|other) chart$", re.IGNORECASE | re.MULTILINE)
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
# Pictures, who comments, formulas in TeX.
_LEFT_OUT = re.compile(r"<!--.*?-->|\[author: .*?\]: |\$\$.*?\$\$|\$[^$\n]+\$", re.DOTALL)
_WORD = re.compile(r"\w+")


def words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def expected_words(markdown: str) -> list[str]:
    """The words of a Markdown text without its marks, pictures, formulas in TeX, and what kind a chart is."""
    lines = _LEFT_OUT.sub(" ", _CAPTION.sub(" ", _LINK.sub(r"\1", markdown))).splitlines()
    return words(" ".join(plain(line).replace("_", " ") for line in lines))


def found_share(expected: list[str], text: str) -> float:
    """The share of pairs of neighbouring words of `expected` that `text` has, each as often as it is expected."""
    pairs = Counter(pairwise(expected)) or Counter(expected)
    found = words(text.replace("_", " "))
    missing = pairs - (Counter(pairwise(found)) if len(expected) > 1 else Counter(found))
    return 1 - missing.total() / max(pairs.total(), 1)
