"""Thoughts of models: room for them, and those that come in tags amidst the text."""

from collections.abc import Iterator

from footnote.platform.inference import ChatRequest, TextDelta, ThoughtDelta

ROOM = {"none": 0, "low": 2048, "medium": 8192, "high": 16_384}  # tokens, by effort, where thoughts count as written
OPEN, CLOSE = "<think>", "</think>"


def effort_of(request: ChatRequest) -> str:
    """Thoughts that are to be shown have to be thought."""
    return "low" if request.thoughts and request.effort == "none" else request.effort


def without_thoughts(text: str) -> str:
    """A whole text after the thoughts at its beginning, also where the prompt has opened their tag, unseen here."""
    return text.rpartition(CLOSE)[2]


class TaggedThoughts:
    """Parts a stream into thoughts, which stand at its beginning in `<think>` and `</think>`, and text.

    `is_thinking`: the prompt has opened the tag already.
    """

    def __init__(self, *, is_thinking: bool = False) -> None:
        self._held = ""
        self._is_thinking = is_thinking
        self._is_open = True  # a tag may still come
        self._is_fresh = is_thinking  # nothing came since the tag before it, only line ends perhaps

    def of(self, text: str) -> Iterator[TextDelta | ThoughtDelta]:
        self._held += text
        if self._is_open and not self._is_thinking:
            self._begin()
        if self._is_thinking:
            yield from self._thought()
        if not self._is_open:
            yield from self._written()

    def rest(self) -> Iterator[TextDelta | ThoughtDelta]:
        """What was held back, at the end of the stream."""
        held, self._held = self._held, ""
        if held:
            yield ThoughtDelta(held) if self._is_thinking else TextDelta(held)

    def _begin(self) -> None:
        start = self._held.lstrip()
        if start.startswith(OPEN):
            self._held = start.removeprefix(OPEN)
            self._is_thinking = self._is_fresh = True
        elif not OPEN.startswith(start):
            self._is_open = False

    def _thought(self) -> Iterator[TextDelta | ThoughtDelta]:
        thought, tag, after = self._held.partition(CLOSE)
        kept = 0 if tag else _beginning_of_tag(thought)
        self._held = after if tag else thought[len(thought) - kept :]
        if shown := self._trimmed(thought[: len(thought) - kept]):
            yield ThoughtDelta(shown)
        if tag:
            self._is_thinking, self._is_open, self._is_fresh = False, False, True

    def _written(self) -> Iterator[TextDelta | ThoughtDelta]:
        text, self._held = self._held, ""
        if shown := self._trimmed(text):
            yield TextDelta(shown)

    def _trimmed(self, text: str) -> str:
        shown = text.lstrip("\n") if self._is_fresh else text
        self._is_fresh = self._is_fresh and not shown
        return shown


def _beginning_of_tag(text: str) -> int:
    """How many characters at the end of `text` may be the beginning of the closing tag."""
    return next((size for size in range(len(CLOSE) - 1, 0, -1) if text.endswith(CLOSE[:size])), 0)
