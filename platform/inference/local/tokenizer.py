"""The model's own tokens."""

import re
from collections.abc import Sequence
from functools import cached_property

from tokenizers import Tokenizer as WordPiece

from footnote.platform.inference.local.weights import MAX_TOKENS, read_vocabulary

_SURROGATE = re.compile("[\ud800-\udfff]")


class LocalTokenizer:
    """Implements `Tokenizer`; the vocabulary is read at first use.

    A character that stands for several tokens (a Hangul syllable) gives each of them its own span again, and what the
    model does not see (blanks, accents written apart, control characters) is in no span.

    Raises:
        WeightsMissing, WeightsChanged: At first use, when there is no vocabulary to read.
    """

    def spans(self, text: str) -> list[tuple[int, int]]:
        return self._pieces.encode(_encodable(text), add_special_tokens=False).offsets

    def count(self, texts: Sequence[str]) -> list[int]:
        return [len(self._pieces.encode(_encodable(text), add_special_tokens=False)) for text in texts]

    @cached_property
    def _pieces(self) -> WordPiece:
        return _load()


class ModelInput:
    """Texts as the model reads them: at most `MAX_TOKENS` token ids, special tokens included."""

    def __init__(self) -> None:
        self._pieces = _load()
        self._pieces.enable_truncation(MAX_TOKENS)

    def token_ids(self, text: str) -> list[int]:
        return self._pieces.encode(_encodable(text)).ids


def _load() -> WordPiece:
    # Texts are encoded one at a time: `encode_batch` would start threads of its own, which do not survive a fork.
    pieces = WordPiece.from_buffer(read_vocabulary())
    pieces.no_truncation()
    pieces.no_padding()
    return pieces


def _encodable(text: str) -> str:
    """Half of a surrogate pair has no UTF-8; the replacement character keeps its place."""
    return _SURROGATE.sub("\ufffd", text)
