"""Words that were cut at the end of a line, made whole again."""

import re
from collections import Counter
from collections.abc import Iterable

# The part of the word before its hyphen, from its first letter on.
_CUT = re.compile(r"(?<![\w'’-])[\d_'’-]*+([^\W\d_][\w'’-]*)[-‐\u00ad]\Z")
_NUMBERED = re.compile(r".*\w[-–]", re.DOTALL)
_REST = re.compile(r"[^\W_][\w'’]*(?:-\w+)*")
_PART = re.compile(r"[^\W_][\w'’-]*")
_SOFT = "\u00ad"
# "short- and long-term" has a hyphen at the end of a word as well.
_LINKS = frozenset(("and", "or", "to", "und", "oder", "bis", "et", "ou", "y", "o", "e", "en", "of"))


class Hyphens:
    """Decides by the words of the document itself."""

    def __init__(self, words: Iterable[str]) -> None:
        self._counts: Counter[str] = Counter()
        for word, count in Counter(words).items():
            for part in _PART.findall(word.lower()):
                self._counts[part] += count

    def healed(self, cut: str, rest: str) -> str | None:
        """What to write of `cut`, the last word of a line, right before `rest`, the first of the next; or nothing.

        It ends without the hyphen, or with it where it belongs to the word. Nothing if they are two words.
        """
        if _NUMBERED.fullmatch(cut) and rest[:1].isdigit():
            return cut
        head, tail = _CUT.search(cut), _REST.match(rest)
        if head is None or tail is None or tail.group() in _LINKS:
            return None
        if cut.endswith(_SOFT):
            return cut[:-1]
        return cut if self._is_compound(head.group(1), tail.group()) else cut[:-1]

    def _is_compound(self, head: str, tail: str) -> bool:
        """Whether the hyphen would stand in the middle of a line, too."""
        is_likely = not tail[0].islower() or "-" in head or head.isupper()
        head, tail = head.lower(), tail.lower()
        joined, hyphenated = self._counts[head + tail], self._counts[f"{head}-{tail}"]
        if is_likely:
            return hyphenated >= joined
        if joined or hyphenated:
            return hyphenated > joined
        return min(len(head), len(tail)) > 2 and self._counts[head] > 0 and self._counts[tail] > 1


def is_cut(text: str) -> bool:
    return text.endswith(("-", "‐", "–", _SOFT)) and len(text) > 1
