"""Counts and cuts spans of a text by looking up where its tokens start."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import chain, pairwise

LONGEST = 100  # characters that count as one token; a model takes longer words for one unknown


class Tokens:
    def __init__(self, text: str, starts: Iterable[int]) -> None:
        """`starts` are the code points at which a token of `text` begins, in order."""
        self._text = text
        self._starts = array("q", _dense(starts, len(text)))

    def count(self, start: int, end: int) -> int:
        return self._index(end) - self._index(start)

    def cut(self, start: int, end: int, room: int) -> int:
        """Up to where the span has at most `room` tokens, always after `start`.

        That is at white space if there is any in the second half, as there may not be in Chinese or Japanese.
        """
        first, last = self._index(start), self._index(end)
        if last - first <= room:
            return end
        token = self._word_start(first + room // 2, first + room)
        while token < last and self._starts[token] <= start:  # one character may be several tokens
            token += 1
        return self._starts[token] if token < last else end

    def back(self, start: int, end: int, wanted: int) -> int:
        """Where the words at the end of the span begin that have about `wanted` tokens, after `start`."""
        first, last = self._index(start), self._index(end)
        token = self._word_start(first, last - wanted)
        return self._starts[token] if first < token < last and self._starts[token] > start else end

    def halves(self, start: int, end: int) -> tuple[tuple[int, int], tuple[int, int]]:
        """The span cut in two near its middle, at white space if there is any."""
        first, last = self._index(start), self._index(end)
        token = self._word_start(first, (first + last) // 2)
        middle = self._starts[token] if first < token < last else start
        if middle == start:  # one character may be several tokens
            middle = (start + end) // 2
            while self._text[middle].isspace():
                middle += 1
        return (start, self.stripped(start, middle)), (middle, end)

    def stripped(self, start: int, end: int) -> int:
        """The end of the span without the white space there."""
        return start + len(self._text[start:end].rstrip())

    def _index(self, position: int) -> int:
        return bisect_left(self._starts, position)

    def _word_start(self, first: int, token: int) -> int:
        """The last token after `first`, up to `token`, before which there is white space; `token` if there is none."""
        for candidate in range(token, first, -1):
            if self._text[self._starts[candidate] - 1].isspace():
                return candidate
        return token


def _dense(starts: Iterable[int], end: int) -> Iterator[int]:
    """`starts` and what is between those that are far apart, so that a word without end is no chunk without end."""
    for start, after in pairwise(chain(starts, (end,))):
        if after - start <= LONGEST:
            yield start
        else:
            yield from range(start, after, LONGEST)
