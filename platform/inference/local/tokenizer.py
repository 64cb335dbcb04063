"""The model's own tokens."""

import re
from collections.abc import Sequence
from functools import cached_property

from tokenizers import Tokenizer as WordPiece

from footnote.platform.inference.local.weights import MAX_TOKENS, read_vocabulary

_SURROGATE = re.compile("[\ud800-\udfff]")
_PIECE = re.compile(r"(?s).{1,65536}[^ \n]*")  # of a text, up to a blank: no token goes across


class LocalTokenizer:
    """Implements `Tokenizer`; the vocabulary is read at first use.

    A character that stands for several tokens (a Hangul syllable) gives each of them its own span again, and what the
    model does not see (blanks, accents written apart, control characters) is in no span.

    Raises:
        WeightsMissing, WeightsChanged: At first use, when there is no vocabulary to read.
    """

    def spans(self, text: str) -> list[tuple[int, int]]:
        # In pieces, because the list of spans is made with the interpreter's lock held.
        return [
            (piece.start() + start, piece.start() + end)
            for piece in _PIECE.finditer(text)
            for start, end in self._encode(piece.group())
        ]

    def count(self, texts: Sequence[str]) -> list[int]:
        return [len(self._vocabulary.encode_batch_fast([_utf8(text)], add_special_tokens=False)[0]) for text in texts]

    def _encode(self, text: str) -> list[tuple[int, int]]:
        return self._vocabulary.encode_batch([_utf8(text)], add_special_tokens=False)[0].offsets

    @cached_property
    def _vocabulary(self) -> WordPiece:
        return _load()


class ModelInput:
    """Texts as the model reads them: at most `MAX_TOKENS` token ids, special tokens included."""

    def __init__(self) -> None:
        self._vocabulary = _load()
        self._vocabulary.enable_truncation(MAX_TOKENS)

    def token_ids(self, text: str) -> list[int]:
        return self._vocabulary.encode_batch_fast([_utf8(text)])[0].ids


def _load() -> WordPiece:
    """Give it batches of one: `encode` holds the interpreter's lock, larger batches start threads that a fork loses."""
    vocabulary = WordPiece.from_buffer(read_vocabulary())
    vocabulary.no_truncation()
    vocabulary.no_padding()
    return vocabulary


def _utf8(text: str) -> str:
    """Half of a surrogate pair has no UTF-8; the replacement character keeps its place."""
    return _SURROGATE.sub("\ufffd", text)
