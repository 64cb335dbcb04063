"""How many tokens a text can have, without the vocabulary of the model that reads it, and batches by that measure."""

import re
from collections.abc import Iterator, Sequence

import msgspec

SHORT = 24  # letters of what may be a word; longer runs are codes, and may be read byte by byte
_RUN = re.compile(r"[A-Za-z]+|\d+|[^\x00-\x7f]+|\s+|.", re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")
BLANK = "."  # stands for a text without a sign, which services refuse


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What a service takes."""

    texts: int  # of one request
    tokens: int  # of one request
    text_tokens: int  # of one text; the rest is cut off
    numbers: int = 100_000  # of the embeddings of one answer: clients read them on the event loop


def most_tokens(text: str) -> int:
    """An estimate on the safe side for the usual byte-pair and word-piece vocabularies.

    Three letters or digits to a token (English has four and more), a byte to one in other scripts and in long codes.
    """
    return sum(_most_tokens(run.group()) for run in _RUN.finditer(text))


def sendable(text: str, limit: int) -> str:
    """`text` as services take it: cut to what has at most `limit` tokens, halves of surrogate pairs replaced."""
    whole = _SURROGATE.sub("\ufffd", text)
    if len(whole.encode()) > limit:
        whole = whole[: _fitting(whole, limit)]
    return whole if whole.strip() else BLANK


def batches(texts: Sequence[str], limits: Limits) -> Iterator[list[int]]:
    """Rows of `texts` in their order, parted so that each part is one request."""
    batch: list[int] = []
    room = limits.tokens
    for row, text in enumerate(texts):
        size = min(most_tokens(text), limits.text_tokens)
        if batch and (len(batch) == limits.texts or size > room):
            yield batch
            batch, room = [], limits.tokens
        batch.append(row)
        room -= size
    if batch:
        yield batch


def _most_tokens(run: str) -> int:
    if run == " ":
        return 0  # part of the word after it
    if not run.isascii():
        return len(run.encode())
    return -(-len(run) // 3) if len(run) <= SHORT or run.isspace() else len(run)


def _fitting(text: str, limit: int) -> int:
    """How many characters of `text` have at most `limit` tokens."""
    used = 0
    for run in _RUN.finditer(text):
        used += _most_tokens(run.group())
        if used > limit:
            # At least the first signs of a run that is too long by itself; a sign has at most four bytes.
            return run.start() or limit // 4
    return len(text)
