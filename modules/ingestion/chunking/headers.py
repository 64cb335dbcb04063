"""What stands in front of the embedded text, and how many tokens it leaves."""

from footnote.modules.ingestion.chunking.tokens import Tokens
from footnote.modules.retrieval import Chunk
from footnote.platform.inference import Tokenizer

SPECIAL_TOKENS = 2  # that the model puts around a text
_MAX_PATH = 0.5  # of the tokens for title and headings; beyond it the outer headings are left out
_MAX_CONTEXT = 0.25  # of the tokens for what heads the columns of a table; the rest of it is left out
_MIN_ROOM = 0.25  # of the tokens for the text, however long the title is


class Header:
    def __init__(self, tokenizer: Tokenizer, title: str, max_tokens: int) -> None:
        self._tokenizer = tokenizer
        self._title = title
        self._limit = max_tokens - SPECIAL_TOKENS
        self._counts: dict[str, int] = {}
        self._contexts: dict[str, str] = {"": ""}

    def shortened(self, path: tuple[str, ...]) -> tuple[str, ...]:
        """`path` without as many of its outer headings as it takes to leave room for text."""
        while path and self._path_tokens(path) > _MAX_PATH * self._limit:
            path = path[1:]
        return path

    def shortened_context(self, context: str) -> str:
        """As much of the beginning as title and headings leave it, however long they are."""
        if context not in self._contexts:
            tokens = Tokens(context, (start for start, _ in self._tokenizer.spans(context)))
            room = int(min(_MAX_CONTEXT * self._limit, (1 - _MIN_ROOM) * self._limit - self._path_tokens(())))
            self._contexts[context] = context[: tokens.cut(0, len(context), room)].rstrip() if room > 0 else ""
        return self._contexts[context]

    def room(self, path: tuple[str, ...], context: str = "") -> int:
        """Tokens of text that a chunk may have."""
        return max(self._limit - self._tokens(path, context), int(_MIN_ROOM * self._limit), 1)

    def limit(self, path: tuple[str, ...], context: str = "") -> int:
        """Tokens that header and text together may have, without the special ones."""
        return self._tokens(path, context) + self.room(path, context)

    def _tokens(self, path: tuple[str, ...], context: str) -> int:
        return self._path_tokens(path) + self._count(context)

    def _path_tokens(self, path: tuple[str, ...]) -> int:
        return self._count(Chunk(start=0, end=0, text="", tokens=0, heading_path=path).embedded_text(self._title))

    def _count(self, text: str) -> int:
        if text not in self._counts:
            self._counts[text] = self._tokenizer.count([text])[0]
        return self._counts[text]
