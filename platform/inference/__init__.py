"""Models as stateless services: the ports; one adapter a provider lives in this folder."""

from collections.abc import AsyncGenerator, Sequence
from typing import Literal, NamedTuple, Protocol, TypeAlias, runtime_checkable

import msgspec
import numpy as np
from numpy.typing import NDArray

Embeddings: TypeAlias = NDArray[np.float32]
Relevance: TypeAlias = NDArray[np.float32]


class Embedder(Protocol):
    @property
    def name(self) -> str:
        """`provider:model`, and whatever else changes the numbers (precision, revision)."""
        ...

    @property
    def dimension(self) -> int: ...

    @property
    def max_tokens(self) -> int:
        """Tokens of one text that count, special tokens included; the rest is cut off."""
        ...

    async def embed(self, texts: Sequence[str], *, kind: Literal["document", "query"]) -> Embeddings:
        """Embeddings in the order of `texts`: float32 [len(texts), dimension], rows of unit length.

        The same sequence of texts gives the same bits again.

        Raises:
            Unavailable: The model cannot be reached or loaded.
        """
        ...


class EmbeddedTokens(NamedTuple):
    """A text as one embedding and as one for each of its tokens, all of one run of the model."""

    embedding: Embeddings  # [dimension], bit for bit as `embed` gives it
    tokens: Embeddings  # [tokens, another dimension], in order, without special tokens; lengths say nothing


@runtime_checkable
class TokenEmbedder(Protocol):
    """What an `Embedder` may be beside: the embeddings of tokens of two texts say which words of them correspond."""

    async def embed_tokens(self, texts: Sequence[str], *, kind: Literal["document", "query"]) -> list[EmbeddedTokens]:
        """In the order of `texts`; otherwise as `embed`."""
        ...


class Tokenizer(Protocol):
    def spans(self, text: str) -> list[tuple[int, int]]:
        """Code points [start, end) of each token of `text`, in order, without special tokens and without a limit."""
        ...

    def count(self, texts: Sequence[str]) -> list[int]:
        """How many tokens each text has, without special tokens and without a limit."""
        ...


class Reranker(Protocol):
    """Says anew how well texts answer a query, from both together."""

    @property
    def name(self) -> str:
        """`provider:model`."""
        ...

    async def rerank(self, query: str, texts: Sequence[str]) -> Relevance:
        """How relevant each text is: float32 [len(texts)], in their order, greater is better, comparable in one call.

        Raises:
            Unavailable: The model cannot be reached or loaded.
        """
        ...


class TextModel(Protocol):
    """Writes short texts that nobody reads as they are: other wordings of a question, its parts, a supposed answer."""

    @property
    def name(self) -> str:
        """`provider:model`."""
        ...

    async def complete(self, prompt: str, *, max_tokens: int = 256) -> str:
        """
        Raises:
            Unavailable: The model cannot be reached or loaded.
        """
        ...


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """A numbered passage that a model may quote; it cites it as `[number]`."""

    number: int  # from 1
    title: str
    text: str
    document: str = ""  # the same for passages of one document
    score: float = 0.0  # of retrieval, comparable within one request


class ChatRequest(msgspec.Struct, frozen=True, kw_only=True):
    question: str
    sources: tuple[Source, ...]
    system: str = ""
    max_sentences: int = 3
    max_words: int = 80


class TextDelta(msgspec.Struct, frozen=True, tag="text"):
    text: str


class Usage(msgspec.Struct, frozen=True, kw_only=True, tag="usage"):
    input_tokens: int = 0
    output_tokens: int = 0


class Stop(msgspec.Struct, frozen=True, kw_only=True, tag="stop"):
    reason: Literal["end", "length", "abstained"] = "end"


ChatEvent: TypeAlias = TextDelta | Usage | Stop


class ChatModel(Protocol):
    @property
    def name(self) -> str:
        """`provider:model`."""
        ...

    def stream(self, request: ChatRequest) -> AsyncGenerator[ChatEvent]:
        """The draft answer as text in which every sentence ends with the sources it rests on: `It is red. [2]`.

        `Usage` comes once and `Stop` comes last. Closing the generator lets go of the model at once.

        Raises:
            Unavailable: The model cannot be reached or loaded.
        """
        ...
