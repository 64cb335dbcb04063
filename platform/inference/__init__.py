"""Models as stateless services: the ports; one adapter a provider lives in this folder."""

from collections.abc import AsyncGenerator, Sequence
from typing import Any, Literal, NamedTuple, Protocol, TypeAlias, runtime_checkable

import msgspec
import numpy as np
from numpy.typing import NDArray

from footnote.platform.principal import Principal

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
    context: str = ""  # what heads the columns of the table that it begins within; not to be quoted


class Quoting(msgspec.Struct, frozen=True, kw_only=True):
    """The task without its prompt, for a model here that takes none and quotes instead."""

    question: str
    sources: tuple[Source, ...]
    max_sentences: int = 3
    max_words: int = 80


class Image(msgspec.Struct, frozen=True, kw_only=True):
    content: bytes
    media_type: str = "image/png"


class Message(msgspec.Struct, frozen=True, kw_only=True):
    role: Literal["user", "assistant"]
    text: str
    images: tuple[Image, ...] = ()
    tool_calls: tuple["ToolCall", ...] = ()  # of an assistant
    answers_call: str | None = None  # the id of the tool call whose result `text` is; the role is then `user`


class Tool(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    description: str
    parameters: dict[str, Any]  # a JSON schema


class ChatRequest(msgspec.Struct, frozen=True, kw_only=True):
    """One turn. Nothing is sent to a model beside `system`, `messages` and `tools`."""

    messages: tuple[Message, ...] = ()
    system: str = ""
    max_tokens: int = 1024  # written, thoughts aside where a model counts them apart
    temperature: float | None = None  # None: not sent, for some models refuse it
    effort: Literal["none", "low", "medium", "high"] = "none"  # spent on thoughts, where a model has them
    thoughts: bool = False  # whether they are asked for and streamed
    tools: tuple[Tool, ...] = ()
    schema: dict[str, Any] | None = None  # a JSON schema that the whole text must be of
    reuse: bool = False  # whether `system` and all but the last message come again, so that caching them pays
    quoting: Quoting | None = None


class Started(msgspec.Struct, frozen=True, kw_only=True, tag="started"):
    """First: who writes. After a fallback it is another model than the one that was asked."""

    model: str  # `provider:model`


class TextDelta(msgspec.Struct, frozen=True, tag="text"):
    text: str


class ThoughtDelta(msgspec.Struct, frozen=True, tag="thought"):
    text: str  # empty from a provider that does not tell all of what its model thinks, or nothing; never further on


class ToolCall(msgspec.Struct, frozen=True, kw_only=True, tag="tool_call"):
    """Whole, when the model has written all of it."""

    id: str
    name: str
    arguments: str  # JSON


class Usage(msgspec.Struct, frozen=True, kw_only=True, tag="usage"):
    input_tokens: int = 0  # all that were read, those from the provider's cache among them
    output_tokens: int = 0  # all that were written, thoughts among them
    cached_tokens: int = 0
    cache_written_tokens: int = 0  # put into the provider's cache, for which some charge more
    thought_tokens: int = 0
    cost_usd: float | None = None  # nothing where nobody knows the price


class Stop(msgspec.Struct, frozen=True, kw_only=True, tag="stop"):
    reason: Literal["end", "length", "tool_calls", "refused", "abstained"] = "end"


ChatEvent: TypeAlias = Started | TextDelta | ThoughtDelta | ToolCall | Usage | Stop


class ChatModel(Protocol):
    @property
    def name(self) -> str:
        """`provider:model`."""
        ...

    @property
    def context_tokens(self) -> int:
        """Tokens that a request and its answer may have together."""
        ...

    def stream(self, request: ChatRequest) -> AsyncGenerator[ChatEvent]:
        """The answer as it is written: `Started`, then deltas and tool calls, `Usage` once, `Stop` last.

        A draft of an answer is text in which every sentence ends with the sources it rests on: `It is red. [2]`.
        Closing the generator lets go of the model at once.

        Raises:
            Unavailable: The model cannot be reached or loaded, or its stream broke off.
        """
        ...


class ModelState(msgspec.Struct, frozen=True, kw_only=True):
    """What can be said of a chat model without asking it."""

    name: str  # `provider:model`
    provider: str
    state: Literal["ready", "half_open", "open", "no_key"]  # open: left alone for now; half open: one call tries it
    local: bool  # whether it runs in this process, sends nothing and costs nothing
    default: bool  # whether it answers when a question names none
    fallbacks: tuple[str, ...] = ()  # the models that take its place, in order
    context_tokens: int
    input_usd: float | None = None  # for a million tokens read; nothing where nobody knows it
    output_usd: float | None = None  # for a million tokens written
    cached_usd: float | None = None  # for a million of those read that come from the provider's cache, if it differs
    cache_write_usd: float | None = None  # for a million of those read that are put into it, if it differs
    problem: str | None = None  # of the last call, where it failed
    warning: str | None = None  # of what is not known of the model


class ChatModels(Protocol):
    """The chat models of this installation, each with what takes its place when it fails."""

    async def chosen(self, principal: Principal, name: str | None) -> ChatModel:
        """The model `name`, or the default one, at the expense of `principal` and with the keys of their tenant.

        Its stream begins with `Started`, which names the model that writes: after a fallback another one. Its `Usage`
        has the cost. Before the first delta it tries again and falls back by itself; after it, it raises. Closing the
        generator lets go of the provider at once, and what was used until then is charged.

        Raises:
            UnknownModel: No such model is configured.

        Beside what `ChatModel.stream` raises, its stream raises:
            BudgetSpent: The estimated cost is more than what is left of a budget; nothing was sent.
        """
        ...

    async def writer(self, principal: Principal) -> TextModel | None:
        """The model for short texts that nobody reads as they are (plans, judgements, titles, summaries), if any."""
        ...

    async def states(self, principal: Principal) -> list[ModelState]:
        """As the tenant of `principal` has them, the default one first."""
        ...
